"""The sweep's choice: which learning rates, and how near to the lowest a run has arrived."""

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.browser.player_messages import is_coordinate, is_serial
from app.maps import map_component
from app.maps.learning_rates.compute import (
    COUNT,
    RATE_LABELS,
    Question,
    Racer,
    Sweep,
    at_rate,
    present,
    rates,
    rates_in,
    unrated,
)
from app.maps.learning_rates.stability_theory import lines, theory
from app.maps.map_kind import Kind, choose, chosen
from app.maps.map_session import news_of, race, turned
from app.model import display_names
from app.model.hyperparameter_ranges import RATE
from app.model.scene import Rejected, Run, Scene, arguments, nameless
from app.scene_text.call_syntax import literal
from app.scene_text.scene_text import number
from app.session.scene_state import refresh, scene
from app.translation import all_said, say
from optimizers.catalogue import OPTIMIZERS
from surfaces.translatable import Sentence

WHOLE = (RATE.low, RATE.high)  # all rates that a run may have
NARROWEST = 1.02  # the largest rate is at least so many times the least
TOLERANCES = (1e-2, 1e-4, 1e-6)  # of the way from the start's loss down to the lowest known
KEY = "map-rates"


class Choice(NamedTuple):
    window: tuple[float, float] = WHOLE
    tolerance: float = TOLERANCES[1]


def swept(now: Scene) -> tuple[Run, ...]:
    """The runs that race and have a learning rate."""
    return tuple(run for run in now.runs if run.on and "lr" in arguments(OPTIMIZERS[run.optimizer.word]))


def question(now: Scene) -> Question:
    """What is asked of a scene: the present rates of its runs make no difference."""
    choice = chosen(RATES)
    racers = tuple(Racer(unrated(run.optimizer), run.wrapper) for run in swept(now))
    return Question(now.surface, racers, now.start, now.steps, now.noise, now.seed, choice.window, choice.tolerance)


# ---- on the page


def picture(now: Scene) -> None:
    runs = swept(now)
    without = [display_names.title_of(run) for run in now.runs if run.on and run not in runs]
    if not runs:
        st.info(say("No run that races has a learning rate: turn one on, or add one in the panel."))
        return
    tolerances()
    asked = question(now)
    mark = f"{hash(asked):x}"
    news = news_of(rates, asked, map_component.seen(KEY, mark))
    found: Sweep | None = news.found
    header = {
        "title": say("Learning-rate sweep"), "window": asked.window, "whole": WHOLE, "steps": now.steps,
        "rates": str(found.rates.size if found else COUNT), "labels": all_said(RATE_LABELS),
        "runs": [
            {"slot": run.slot, "title": display_names.title_of(run), "lr": present(run.optimizer)} for run in runs
        ],
    }  # fmt: skip
    map_component.show(
        KEY, "rates", mark, news, header | (known(runs, found) if found else {}), arrays(found) if found else {},
        picked=(decode_pick, lambda pick: raced(scene(), *pick)),
        window=(decode_bounds, look),
        stopped=(map_component.decode_stop, lambda stopped: turned(rates, asked, stopped)),
    )  # fmt: skip
    if without:
        st.caption(say("Without a learning rate, and so not here: {runs}.", runs=", ".join(without)))
    if found:
        theory(runs, found)


def known(runs: tuple[Run, ...], found: Sweep) -> dict[str, Any]:
    """What the header says besides, once something has been found."""
    return {
        "floor": found.floor,
        "begun": found.begun if np.isfinite(found.begun) else None,
        "best": found.best,
        "lines": lines(runs, found),
    }


def arrays(found: Sweep) -> dict[str, Any]:
    """Row by row, one for each run."""
    return {
        "rates": found.rates,
        "final": np.array([one.final for one in found.outcomes]),
        "lowest": np.array([one.best for one in found.outcomes]),
        "reached": np.array([one.reached for one in found.outcomes], dtype=np.uint16),
        "zone": np.array([one.zone for one in found.outcomes]),
    }


def tolerances() -> None:
    st.session_state["map-tolerance"] = chosen(RATES).tolerance

    def turned_to() -> None:
        if st.session_state["map-tolerance"] in TOLERANCES:
            choose(RATES, chosen(RATES)._replace(tolerance=st.session_state["map-tolerance"]))
        refresh()

    st.selectbox(
        say("Tolerance"), TOLERANCES, key="map-tolerance", on_change=turned_to, width=340,
        format_func=lambda share: say("{share} % of the way down is left", share=f"{100 * share:g}"),
    )  # fmt: skip


# ---- what the browser sends


def decode_pick(said: object) -> tuple[int, float] | None:
    """The colour of a run, and a rate."""
    slot, lr, n = map_component.parts(said, "slot", "lr", "n")
    return (slot, float(lr)) if type(slot) is int and is_coordinate(lr) and is_serial(n) else None


def raced(now: Scene, slot: int, lr: float) -> None:
    """The race, with this run at the rate of the sweep that is next to `lr`."""
    grid = rates_in(chosen(RATES).window)
    rate = float(grid[np.argmin(np.abs(grid - lr))])
    for run in swept(now):
        if run.slot == slot:
            race(now.with_run(run._replace(optimizer=at_rate(run.optimizer, rate))))


def decode_bounds(said: object) -> tuple[float, float] | None:
    low, high, n = map_component.parts(said, "low", "high", "n")
    return (float(low), float(high)) if is_coordinate(low) and is_coordinate(high) and is_serial(n) else None


def look(wanted: tuple[float, float]) -> None:
    """Sweep other rates; of those that no run may have only the rest, and too few to tell apart not at all."""
    low, high = (float(f"{min(max(end, WHOLE[0]), WHOLE[1]):.3g}") for end in wanted)
    if high >= NARROWEST * low:
        choose(RATES, chosen(RATES)._replace(window=(low, high)))


# ---- in the address


def said(now: Scene, choice: Choice) -> list[str]:
    usual = Choice()
    given = {"low": choice.window[0], "high": choice.window[1], "tolerance": choice.tolerance}
    left = {"low": usual.window[0], "high": usual.window[1], "tolerance": usual.tolerance}
    return [f"{name}={number(value)}" for name, value in given.items() if value != left[name]]


def read(given: Mapping[str, ast.expr]) -> Choice:
    for name in given.keys() - {"low", "high", "tolerance"}:
        nameless(RATES.word, name)
    values = {name: literal(node) for name, node in given.items()}
    low, high = values.get("low", WHOLE[0]), values.get("high", WHOLE[1])
    tolerance = values.get("tolerance", Choice().tolerance)
    if any(isinstance(end, bool) or not RATE.admits(end) for end in (low, high)) or high < NARROWEST * low:
        raise Rejected(
            "low and high are learning rates from {least:g} to {most:g}, the lower one first.",
            least=WHOLE[0], most=WHOLE[1],
        )  # fmt: skip
    if isinstance(tolerance, bool) or tolerance not in TOLERANCES:
        raise Rejected("The tolerance is one of {tolerances}.", tolerances=", ".join(f"{one:g}" for one in TOLERANCES))
    return Choice((float(low), float(high)), float(tolerance))


RATES = Kind(
    "rates", Sentence("Learning-rate sweep"),
    Sentence(
        "**Which learning rate?** Each run of the race at 200 learning rates: how low it ends and how soon it "
        "is there, and where it is stable, at the edge, or diverges."
    ),
    Choice(), read, said, picture,
)  # fmt: skip
