"""What theory says of learning rates at the minimum that the runs come to: lines of the picture, and what to try."""

from typing import Any

import streamlit as st

from app.compute.cached_simulation import AVERAGES
from app.maps.learning_rates.compute import Sweep
from app.maps.map_session import race
from app.model import display_names
from app.model.display_names import number
from app.model.hyperparameter_ranges import RATE, knob
from app.model.scene import Call, Run
from app.session.scene_state import scene
from app.translation import say
from optimizers.analysis.learning_rate_sweep import Minimum
from optimizers.analysis.optimal_rates import FASTEST, Fastest
from optimizers.analysis.stability_limit import LIMITS, largest_stable_lr


def covered(run: Run) -> bool:
    """Does theory know this run? A wrapper that only averages leaves the iteration as it is."""
    plain = run.wrapper is None or run.wrapper.word in AVERAGES
    return (
        plain and run.optimizer.word in FASTEST and not any(isinstance(value, Call) for _, value in run.optimizer.hyper)
    )


def limit(run: Run, minimum: Minimum) -> float | None:
    """The lr beyond which this run, with its own μ, diverges."""
    return largest_stable_lr(run.optimizer.word, minimum.L, dict(run.optimizer.hyper).get("mu", 0.0))


def fastest(run: Run, minimum: Minimum) -> Fastest:
    return FASTEST[run.optimizer.word](minimum.m, minimum.L)


def lines(runs: tuple[Run, ...], found: Sweep) -> list[dict[str, Any]]:
    """The vertical lines of the picture: where, of which run, what they are called, and what they mean."""
    if not found.minimum:
        return []
    drawn: dict[tuple[str, float], dict[str, Any]] = {}
    for place, run in enumerate(runs):
        if not covered(run):
            continue
        best, largest = fastest(run, found.minimum), limit(run, found.minimum)
        tuned = say("best") if best.mu is None else say("best, μ = {mu}", mu=number(float(f"{best.mu:.2g}")))
        for what, at, label in (("limit", largest, LIMITS[run.optimizer.word].formula), ("best", best.lr, tuned)):
            drawn.setdefault((label, float(at or 0)), {"run": place, "at": at, "label": label, "what": what})
    return list(drawn.values())


def theory(runs: tuple[Run, ...], found: Sweep) -> None:
    """The same in words, and a way to try the fastest settings."""
    known = {run.optimizer.word: run for run in reversed(runs) if covered(run)}
    if not known:
        return
    if not found.minimum:
        st.caption(say("Theory knows no line here: these runs come to no minimum where the surface is like a bowl."))
        return
    m, L = number(found.minimum.m), number(found.minimum.L)
    x, y = map(number, found.minimum.place)
    if found.quadratic:
        st.markdown(say("**Theory knows this quadratic:** its curvatures are {m} and λ = {L}.", m=m, L=L))
    else:
        st.markdown(say(
            "**Theory for small steps near the minimum** ({x}, {y}), with curvatures {m} and λ = {L}.",
            x=x, y=y, m=m, L=L,
        ))  # fmt: skip
    for run in reversed(known.values()):
        row(run, found.minimum)


def row(run: Run, minimum: Minimum) -> None:
    """What theory says of one run."""
    word = run.optimizer.word
    best, largest = fastest(run, minimum), limit(run, minimum)
    values = {
        "run": display_names.name(word), "formula": LIMITS[word].formula, "limit": number(largest or 0.0),
        "lr": number(best.lr), "factor": number(best.factor),
    }  # fmt: skip
    said = (
        say(
            "**{run}** is stable up to lr = {formula} = {limit}, and fastest at lr = {lr}: "
            "a step then leaves {factor} of the distance.",
            **values,
        )
        if best.mu is None
        else say(
            "**{run}** with its own μ is stable up to lr = {formula} = {limit}; no setting is faster than lr = {lr}, "
            "μ = {mu}: a step then leaves {factor} of the distance.",
            mu=number(best.mu), **values,
        )
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said, width="stretch")
        st.button(
            say("Try it"), key=f"map-fastest-{word}", on_click=tried, args=(run.slot, best), width="content",
            help=say("The race with these settings"),
        )  # fmt: skip


def tried(slot: int, best: Fastest) -> None:
    """The race, with the fastest settings for this run."""
    now = scene()
    run = next((run for run in now.runs if run.slot == slot and covered(run)), None)
    if run is None:
        return
    optimizer = run.optimizer.set("lr", within(best.lr, RATE.low, RATE.high))
    if best.mu is not None:
        optimizer = optimizer.set("mu", within(best.mu, knob("mu").low, knob("mu").high))
    race(now.with_run(run._replace(optimizer=optimizer)))


def within(value: float, low: float, high: float) -> float:
    return float(f"{min(max(value, low), high):.6g}")
