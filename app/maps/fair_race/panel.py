"""The fair race's choice: its seed, its budget, and the learning rate that all share beside it."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.compute.cached_simulation import Ran, run
from app.compute.search_space import Racer, at_defaults, at_rate, rate_of, shares
from app.maps import map_component
from app.maps.fair_race.compute import BUDGETS, FAIR_LABELS, STARTS, Fair, Question, fair, lowest
from app.maps.fair_race.tuning_report import method, named, tuned_values
from app.maps.map_kind import Kind, choose, chosen
from app.maps.map_session import news_of, race, turned
from app.model import display_names
from app.model.hyperparameter_ranges import RATE, TENTHS, decades
from app.model.scene import Rejected, Run, Scene, nameless
from app.scene_text.call_syntax import literal
from app.scene_text.scene_text import number
from app.session.scene_state import refresh, scene
from app.translation import all_said, say
from optimizers.analysis.random_search import NEVER, short
from optimizers.analysis.ranking import ranking, spread
from surfaces.base import Array
from surfaces.translatable import Sentence

SEEDS = 1000  # there are so many
MEDIAN = 0.0  # in the list of rates, the place of no choice
RATES = decades("lr", -6, 1, marks=TENTHS).stops


class Choice(NamedTuple):
    seed: int = 0
    budget: int = BUDGETS[2]
    rate: float | None = None  # None: the median of the tuned rates


# ---- on the page


def picture(now: Scene) -> None:
    racing = racers(now)
    if not racing:
        st.info(say("Every run is off: turn one on in the panel."))
        return
    choice = chosen(FAIR)
    controls(choice)
    asked = question(now, choice, racing)
    mark = f"{hash(asked):x}"
    news = news_of(fair, asked, map_component.seen("fair-race", mark))
    found: Fair | None = news.found
    tuned = [Run(r.slot, *one.racer) for r, one in zip(racing, found.tuned, strict=True)] if found else []
    rate = choice.rate if choice.rate is not None else median_rate(tuned)
    sharing = [at_one_rate(racer, rate) for racer in racing] if tuned and rate else []
    header, arrays = told(now, racing, tuned, sharing, rate, found)
    map_component.show(
        "fair-race", "fair", mark, news, header, arrays,
        stopped=(map_component.decode_stop, lambda stopped: turned(fair, asked, stopped)),
    )  # fmt: skip
    with st.container(horizontal=True):
        ready = bool(tuned)
        st.button(
            say("Race the tuned runs"), key="fair-race-tuned", disabled=not ready, type="primary",
            on_click=to_race, args=(tuned,),
        )  # fmt: skip
        st.button(
            say("Race them at one learning rate"), key="fair-race-shared", disabled=not sharing,
            on_click=to_race, args=(sharing,),
        )  # fmt: skip
    if len(racing) < sum(racer.on for racer in now.runs):
        st.caption(say("Runs that differ only in what is tuned are one here."))
    method(asked, found)


def to_race(racing: list[Run]) -> None:
    """The race of the scene with these runs in the place of those that are on."""
    now = scene()
    race(replace(now, runs=(*racing, *(racer for racer in now.runs if not racer.on))))


def racers(now: Scene) -> list[Run]:
    """The runs that are on; of those that differ only in what is tuned, the first."""
    kept: dict[Racer, Run] = {}
    for racer in now.runs:
        if racer.on:
            kept.setdefault(at_defaults(bare(racer)), racer)
    return list(kept.values())


def bare(racer: Run) -> Racer:
    """Without its colour."""
    return Racer(racer.optimizer, racer.wrapper)


def question(now: Scene, choice: Choice, racing: Sequence[Run]) -> Question:
    plain = tuple(at_defaults(bare(racer)) for racer in racing)
    return Question(now.surface, plain, now.steps, now.noise, now.seed, choice.seed, choice.budget)


def median_rate(tuned: Sequence[Run]) -> float | None:
    """The geometric median of the tuned learning rates; None where none of the runs has one."""
    rates = [rate for racer in tuned if (rate := rate_of(bare(racer))) is not None]
    return float(short(10 ** np.median(np.log10(rates)))) if rates else None


def at_one_rate(racer: Run, rate: float) -> Run:
    return Run(racer.slot, *at_rate(bare(racer), rate))


def told(
    now: Scene, racing: Sequence[Run], tuned: Sequence[Run], sharing: Sequence[Run], rate: float | None,
    found: Fair | None,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:  # fmt: skip
    """What the browser draws: of each run its curves, its spreads and its ranks."""
    least = lowest(now.surface) if tuned else 0.0
    curves = {
        f"{which}{i}": curve(run(now, racer), least)
        for which, group in (("tuned", tuned), ("shared", sharing)) for i, racer in enumerate(group)
    }  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {f"{name}_loss": loss for name, (loss, _) in curves.items()}
    arrays |= {f"{name}_evaluations": spent for name, (_, spent) in curves.items()}
    rows: list[dict[str, Any]] = [{"slot": racer.slot, "name": named(bare(racer))} for racer in racing]
    for row, racer in zip(rows, tuned, strict=False):
        row["tuned"] = tuned_values(bare(racer))
    if found and found.step is not None and found.evaluations is not None:
        for unit, cost in (("steps", found.step), ("evaluations", found.evaluations)):
            mean, error = ranking(cost)
            for row, own, m, e in zip(rows, cost, mean, error, strict=True):
                row[unit] = {"spread": spread(own), "arrived": int((own != NEVER).sum()), "rank": [float(m), float(e)]}
            arrays[unit] = cost.astype(np.float32).ravel()
    labels = all_said(FAIR_LABELS)
    header = {
        "runs": rows, "starts": found.step.shape[1] if found and found.step is not None else 0, "all": STARTS,
        "rate": display_names.number(rate) if rate and any(shares(bare(r)) for r in racing) else "",
        "labels": labels, "stamp": f"{hash((now, found.tuned if found else (), len(arrays), rate)):x}",
    }  # fmt: skip
    return header, arrays


def curve(ran: Ran, lowest: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The loss above the lowest known value, as far as the run is finite, and the evaluations up to each step."""
    loss = ran.columns["loss"][: ran.end + 1]
    broken = np.flatnonzero(~np.isfinite(loss))
    loss = loss[: broken[0]] if broken.size else loss
    spent: Array = ran.columns["evaluations"][: len(loss)]
    return np.clip(loss - lowest, 0.0, 1e30).astype(np.float32), spent.astype(np.float32)


# ---- its controls


def controls(choice: Choice) -> None:
    st.session_state["fair-budget"] = choice.budget
    st.session_state["fair-seed"] = choice.seed
    st.session_state["fair-rate"] = choice.rate or MEDIAN
    budget, seed, rate = st.columns(3)
    with budget:
        st.selectbox(
            say("Budget of evaluations, each"), BUDGETS, key="fair-budget", format_func=lambda n: f"{n:,}",
            on_change=changed,
        )  # fmt: skip
    with seed:
        st.number_input(say("Seed of the fair race"), 0, SEEDS - 1, key="fair-seed", on_change=changed)
    with rate:
        own = [choice.rate] if choice.rate not in (None, *RATES) else []
        st.selectbox(
            say("One learning rate for all"), [MEDIAN, *sorted([*RATES, *own])], key="fair-rate", on_change=changed,
            format_func=lambda r: display_names.number(r) if r else say("the median of the tuned ones"),
        )  # fmt: skip


def changed() -> None:
    """The visitor chose another budget, seed or rate."""
    choice = chosen(FAIR)
    budget, seed, rate = (st.session_state.get(f"fair-{name}") for name in ("budget", "seed", "rate"))
    choose(
        FAIR,
        Choice(
            seed if type(seed) is int and 0 <= seed < SEEDS else choice.seed,
            budget if budget in BUDGETS else choice.budget,
            rate if rate and RATE.admits(rate) else None,
        ),
    )
    refresh()


# ---- in the address


def said(now: Scene, choice: Choice) -> list[str]:
    return [
        f"{name}={number(value)}"
        for name, value, usual in zip(("seed", "budget", "lr"), choice, Choice(), strict=True)
        if value != usual and value is not None
    ]


def read(given: Mapping[str, ast.expr]) -> Choice:
    for name in given.keys() - {"seed", "budget", "lr"}:
        nameless(FAIR.word, name)
    usual = Choice()
    seed = literal(given["seed"]) if "seed" in given else usual.seed
    if type(seed) is not int or not 0 <= seed < SEEDS:
        raise Rejected("The seed is a whole number from 0 to {most}.", most=SEEDS - 1)
    budget = literal(given["budget"]) if "budget" in given else usual.budget
    if type(budget) is not int or budget not in BUDGETS:
        raise Rejected("The budget is {budgets} evaluations.", budgets=", ".join(map(str, BUDGETS)))
    rate = literal(given["lr"]) if "lr" in given else None
    if isinstance(rate, bool) or (rate is not None and not RATE.admits(rate)):
        raise Rejected(
            "{label} must be a number from {low:g} to {high:g}.", label=RATE.label, low=RATE.low, high=RATE.high
        )
    return Choice(seed, budget, None if rate is None else float(rate))


FAIR = Kind(
    "fair", Sentence("Fair race"),
    Sentence(
        "**Who is best when each is at its best?** Every optimizer is tuned with the same budget of evaluations, then "
        "all race, beside the race that is usually shown, at one learning rate for all."
    ),
    Choice(), read, said, picture,
)  # fmt: skip
