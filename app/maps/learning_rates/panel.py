"""The sweep's choice: which learning rates, and how near to the lowest a run has arrived."""

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.browser.player_protocol import is_coordinate, is_serial
from app.compute.run_parameters import get_lr
from app.maps import map_component
from app.maps.learning_rates.job import (
    RATE_COUNT,
    SWEEP_LABELS,
    RateSweep,
    SweepRequest,
    get_sweep_job,
    make_rate_grid,
    with_lr,
    without_lr,
)
from app.maps.learning_rates.stability_theory import make_theory_lines, show_theory
from app.maps.map_jobs import go_to_race, poll_job, set_stopped
from app.maps.map_kind import MapType, get_options, set_options
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.hyperparameter_ranges import LR_RANGE
from app.model.scene import Run, Scene, UserError, inspect_parameters, reject_argument
from app.session.scene_state import get_scene, rerun_fragments
from app.translation import translate, translate_table
from optimizers.analysis.learning_rate_sweep import Stability
from optimizers.catalogue import OPTIMIZERS
from optimizers.run_statistics import replace_never
from surfaces.translatable import Translatable

FULL_WINDOW = (LR_RANGE.low, LR_RANGE.high)  # all rates that a run may have
MIN_WINDOW_RATIO = 1.02  # the largest rate is at least so many times the least
TOLERANCES = (1e-2, 1e-4, 1e-6)  # of the way from the start's loss down to the lowest known
COMPONENT_KEY = "map-rates"


class SweepOptions(NamedTuple):
    window: tuple[float, float] = FULL_WINDOW
    tolerance: float = TOLERANCES[1]


def list_swept_runs(scene: Scene) -> tuple[Run, ...]:
    """The runs that race and have a learning rate."""
    return tuple(run for run in scene.runs if run.is_on and "lr" in inspect_parameters(OPTIMIZERS[run.optimizer.name]))


def make_sweep_request(scene: Scene) -> SweepRequest:
    """What is asked of a scene: the present rates of its runs make no difference."""
    choice = get_options(SWEEP_MAP)
    runs = tuple(Run(0, without_lr(run.optimizer), run.wrapper) for run in list_swept_runs(scene))
    return SweepRequest(
        scene.surface, runs, scene.start, scene.steps, scene.noise, scene.seed, choice.window, choice.tolerance
    )


# ---- on the page


def show_sweep(scene: Scene) -> None:
    runs = list_swept_runs(scene)
    without = [display_names.format_title(run) for run in scene.runs if run.is_on and run not in runs]
    if not runs:
        st.info(translate("No run that races has a learning rate: turn one on, or add one in the panel."))
        return
    show_tolerance_selector()
    asked = make_sweep_request(scene)
    mark = f"{hash(asked):x}"
    news = poll_job(get_sweep_job, asked, map_component.get_seen_version(COMPONENT_KEY, mark))
    found: RateSweep | None = news.result
    header = {
        "title": translate("Learning-rate sweep"), "window": asked.window, "whole": FULL_WINDOW, "steps": scene.steps,
        "rates": str(found.rates.size if found else RATE_COUNT), "labels": translate_table(SWEEP_LABELS),
        "zones": [zone.name.lower() for zone in Stability],
        "runs": [
            {"slot": run.slot, "title": display_names.format_title(run), "lr": get_lr(run.optimizer)} for run in runs
        ],
    }  # fmt: skip
    map_component.show_map(
        COMPONENT_KEY,
        "rates",
        mark,
        news,
        header | (make_result_header(runs, found) if found else {}),
        make_result_arrays(found, scene.steps) if found else {},
        picked=(decode_pick, lambda pick: race_at_lr(get_scene(), *pick)),
        window=(decode_bounds, zoom_to),
        stopped=(map_component.decode_stop, lambda stopped: set_stopped(get_sweep_job, asked, stopped)),
    )
    if without:
        st.caption(translate("Not shown, because they have no learning rate: {runs}.", runs=", ".join(without)))
    if found:
        show_theory(runs, found)


def make_result_header(runs: tuple[Run, ...], found: RateSweep) -> dict[str, Any]:
    """What the header says besides, once something has been found."""
    return {
        "floor": found.lowest_loss,
        "begun": found.initial_loss if np.isfinite(found.initial_loss) else None,
        "best": found.best_index,
        "lines": make_theory_lines(runs, found),
    }


def make_result_arrays(found: RateSweep, steps: int) -> dict[str, Any]:
    """Row by row, one for each run."""
    return {
        "rates": found.rates,
        "final": np.array([one.runs.final_loss for one in found.outcomes]),
        "lowest": np.array(
            [
                np.where(np.isnan(one.runs.final_loss) & np.isinf(one.runs.best_loss), np.nan, one.runs.best_loss)
                for one in found.outcomes
            ]
        ),  # NaN, which is not drawn, for a run that has no loss at all
        "reached": np.array([replace_never(one.runs.reached_step, steps) for one in found.outcomes]),
        "zone": np.array([one.stability for one in found.outcomes]),
    }


def show_tolerance_selector() -> None:
    st.session_state["map-tolerance"] = get_options(SWEEP_MAP).tolerance

    def turned_to() -> None:
        if st.session_state["map-tolerance"] in TOLERANCES:
            set_options(SWEEP_MAP, get_options(SWEEP_MAP)._replace(tolerance=st.session_state["map-tolerance"]))
        rerun_fragments()

    st.selectbox(
        translate("Tolerance"), TOLERANCES, key="map-tolerance", on_change=turned_to, width=340,
        format_func=lambda share: translate("{share} % of the way down is left", share=f"{100 * share:g}"),
    )  # fmt: skip


# ---- what the browser sends


def decode_pick(payload: object) -> tuple[int, float] | None:
    """The colour of a run, and a rate."""
    slot, lr, n = map_component.get_fields(payload, "slot", "lr", "n")
    return (slot, float(lr)) if type(slot) is int and is_coordinate(lr) and is_serial(n) else None


def race_at_lr(scene: Scene, slot: int, lr: float) -> None:
    """The race, with this run at the rate of the sweep that is next to `lr`."""
    grid = make_rate_grid(get_options(SWEEP_MAP).window)
    rate = float(grid[np.argmin(np.abs(grid - lr))])
    for run in list_swept_runs(scene):
        if run.slot == slot:
            go_to_race(scene.replace_run(run._replace(optimizer=with_lr(run.optimizer, rate))))


def decode_bounds(payload: object) -> tuple[float, float] | None:
    low, high, n = map_component.get_fields(payload, "low", "high", "n")
    return (float(low), float(high)) if is_coordinate(low) and is_coordinate(high) and is_serial(n) else None


def zoom_to(window: tuple[float, float]) -> None:
    """Sweep other rates; of those that no run may have only the rest, and too few to tell apart not at all."""
    low, high = (float(f"{min(max(end, FULL_WINDOW[0]), FULL_WINDOW[1]):.3g}") for end in window)
    if high >= MIN_WINDOW_RATIO * low:
        set_options(SWEEP_MAP, get_options(SWEEP_MAP)._replace(window=(low, high)))


# ---- in the address


def write_options(scene: Scene, options: SweepOptions) -> list[str]:
    usual = SweepOptions()
    given = {"low": options.window[0], "high": options.window[1], "tolerance": options.tolerance}
    left = {"low": usual.window[0], "high": usual.window[1], "tolerance": usual.tolerance}
    return [f"{name}={write_number(value)}" for name, value in given.items() if value != left[name]]


def read_options(given: Mapping[str, ast.expr]) -> SweepOptions:
    for name in given.keys() - {"low", "high", "tolerance"}:
        reject_argument(SWEEP_MAP.name, name)
    values = {name: read_literal(node) for name, node in given.items()}
    low, high = values.get("low", FULL_WINDOW[0]), values.get("high", FULL_WINDOW[1])
    tolerance = values.get("tolerance", SweepOptions().tolerance)
    if any(isinstance(end, bool) or not LR_RANGE.contains(end) for end in (low, high)) or high < MIN_WINDOW_RATIO * low:
        raise UserError(
            "low and high are learning rates from {least:g} to {most:g}, the lower one first.",
            least=FULL_WINDOW[0], most=FULL_WINDOW[1],
        )  # fmt: skip
    if isinstance(tolerance, bool) or tolerance not in TOLERANCES:
        raise UserError("The tolerance is one of {tolerances}.", tolerances=", ".join(f"{one:g}" for one in TOLERANCES))
    return SweepOptions((float(low), float(high)), float(tolerance))


SWEEP_MAP = MapType(
    "rates", Translatable("Learning-rate sweep"),
    Translatable(
        "**Which learning rate?** Each run of the race at 200 learning rates: how low it ends and how soon it "
        "is there, and where it is stable, at the edge, or diverges."
    ),
    SweepOptions(), read_options, write_options, show_sweep,
)  # fmt: skip
