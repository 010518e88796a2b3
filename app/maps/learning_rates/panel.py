"""The learning-rate sweep on the page: its options, which are a window of rates and a tolerance, and its link."""

import ast
from collections.abc import Mapping
from math import log
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.browser.component_events import get_fields
from app.browser.player_protocol import is_coordinate, is_serial
from app.compute.tunable_run_parameters import get_lr
from app.maps.go_to_race import go_to_race
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
from app.maps.learning_rates.stability_limits_and_table import make_theory_lines, name_swept_run, show_theory
from app.maps.map_component import poll_map, show_map
from app.maps.map_kind import MapType, get_options, set_options, show_selector
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.hyperparameter_table import LR_RANGE
from app.model.scene import Run, Scene, UserError, inspect_parameters
from app.session.fragment_reruns import rerun_fragments
from app.session.race_scene_and_undo import get_scene
from app.translation import get_punctuation, translate
from optimizers.analysis.learning_rate_sweep import Stability
from optimizers.batch_run_outcomes import replace_never
from optimizers.catalogue import OPTIMIZERS
from surfaces.translatable import Translatable

FULL_WINDOW = (LR_RANGE.low, LR_RANGE.high)  # all rates that a run may have
MIN_WINDOW_RATIO = 1.02  # the largest rate is at least so many times the least
TOLERANCES = (1e-2, 1e-4, 1e-6)  # of the way from the start's loss down to the lowest known
COMPONENT_KEY = "map-rates"


class SweepOptions(NamedTuple):
    window: tuple[float, float] = FULL_WINDOW
    tolerance: float = TOLERANCES[1]


def group_swept_runs(scene: Scene) -> list[tuple[Run, ...]]:
    """The runs that race and have a learning rate; those that differ in nothing else are one group, and one curve."""
    groups: dict[Run, list[Run]] = {}
    for run in scene.runs:
        if run.is_on and "lr" in inspect_parameters(OPTIMIZERS[run.optimizer.name]):
            groups.setdefault(make_swept_run(run), []).append(run)
    return [tuple(group) for group in groups.values()]


def make_swept_run(run: Run) -> Run:
    """The run at any rate: what a curve of the sweep depends on."""
    return Run(0, without_lr(run.optimizer), run.wrapper)


def make_sweep_request(scene: Scene) -> SweepRequest:
    """The request, which does not depend on the present rates of the runs."""
    options = get_options(MAP_TYPE)
    runs = tuple(make_swept_run(first) for first, *_ in group_swept_runs(scene))
    return SweepRequest(
        scene.surface, runs, scene.start, scene.steps, scene.noise, scene.seed, options.window, options.tolerance
    )


# ---- on the page


def show_sweep(scene: Scene) -> None:
    groups = group_swept_runs(scene)
    runs = tuple(first for first, *_ in groups)
    if not groups:
        st.info(translate("No run that races has a learning rate: turn one on, or add one in the panel."))
        return
    show_tolerance_selector()
    request = make_sweep_request(scene)
    status = poll_map(MAP_TYPE, COMPONENT_KEY, request)
    sweep: RateSweep | None = status.result
    header = {
        "title": translate("Learning-rate sweep"), "window": request.window, "whole": FULL_WINDOW,
        "steps": scene.steps, "rates": str(sweep.rates.size if sweep else RATE_COUNT),
        "zones": [zone.name.lower() for zone in Stability],
        "runs": [
            {
                "slot": group[0].slot, "title": name_swept_run(group[0], runs),
                "present": [{"slot": run.slot, "lr": get_lr(run.optimizer)} for run in group],
            }
            for group in groups
        ],
    }  # fmt: skip
    if sweep:
        header |= {
            "floor": sweep.lowest_loss, "initial_loss": sweep.initial_loss if np.isfinite(sweep.initial_loss) else None,
            "best": sweep.best_index, "lines": make_theory_lines(runs, sweep),
        }  # fmt: skip
    arrays = make_result_arrays(sweep, scene.steps) if sweep else {}
    show_map(MAP_TYPE, COMPONENT_KEY, status, header, arrays, request)
    without = [display_names.format_title(run) for run in scene.runs if run.is_on and run not in sum(groups, ())]
    if without:
        st.caption(
            translate(
                "Not shown, because they have no learning rate: {runs}.", runs=get_punctuation().comma.join(without)
            )
        )
    if sweep:
        show_theory(runs, sweep)


def make_result_arrays(sweep: RateSweep, steps: int) -> dict[str, Any]:
    """The results, with a row for each run."""
    return {
        "rates": sweep.rates,
        "final": np.array([each.runs.final_loss for each in sweep.outcomes]),
        "lowest": np.array(
            [
                np.where(np.isnan(each.runs.final_loss) & np.isinf(each.runs.best_loss), np.nan, each.runs.best_loss)
                for each in sweep.outcomes
            ]
        ),  # NaN, which is not drawn, for a run that has no loss at all
        "reached": np.array([replace_never(each.runs.reached_step, steps) for each in sweep.outcomes]),
        "zone": np.array([each.stability for each in sweep.outcomes]),
    }


def show_tolerance_selector() -> None:
    def apply_selection() -> None:
        if st.session_state["map-tolerance"] in TOLERANCES:
            set_options(MAP_TYPE, get_options(MAP_TYPE)._replace(tolerance=st.session_state["map-tolerance"]))
        rerun_fragments()

    titles = {t: translate("{share} % of the way down is left", share=f"{100 * t:g}") for t in TOLERANCES}
    selected = get_options(MAP_TYPE).tolerance
    show_selector("map-tolerance", translate("Tolerance"), titles, selected, apply_selection, width=340)


# ---- what the browser sends


def decode_pick(payload: object) -> tuple[int, float] | None:
    """The slot of a run, and a rate."""
    slot, lr, n = get_fields(payload, "slot", "lr", "n")
    return (slot, float(lr)) if type(slot) is int and is_coordinate(lr) and is_serial(n) else None


def race_at_lr(scene: Scene, slot: int, lr: float) -> None:
    """Go to the race at the rate of the sweep that is nearest to `lr`.

    It is given to the run in this slot, or to the one of its group whose rate is nearest.
    """
    grid = make_rate_grid(get_options(MAP_TYPE).window)
    rate = float(grid[np.argmin(np.abs(grid - lr))])
    for group in group_swept_runs(scene):
        if any(run.slot == slot for run in group):
            run = min(group, key=lambda run: abs(log(get_lr(run.optimizer) / rate)))
            go_to_race(scene.replace_run(run._replace(optimizer=with_lr(run.optimizer, rate))))


def decode_bounds(payload: object) -> tuple[float, float] | None:
    low, high, n = get_fields(payload, "low", "high", "n")
    return (float(low), float(high)) if is_coordinate(low) and is_coordinate(high) and is_serial(n) else None


def zoom_to(window: tuple[float, float]) -> None:
    """Sweep the allowed rates of another window, unless it is too narrow."""
    low, high = (float(f"{min(max(end, FULL_WINDOW[0]), FULL_WINDOW[1]):.3g}") for end in window)
    if high >= MIN_WINDOW_RATIO * low:
        set_options(MAP_TYPE, get_options(MAP_TYPE)._replace(window=(low, high)))


# ---- in links


def write_options(scene: Scene, options: SweepOptions) -> list[str]:
    values, defaults = ((*each.window, each.tolerance) for each in (options, SweepOptions()))
    return [
        f"{name}={write_number(value)}"
        for name, value, default in zip(MAP_TYPE.arguments, values, defaults, strict=True)
        if value != default
    ]


def read_options(arguments: Mapping[str, ast.expr]) -> SweepOptions:
    values = {name: read_literal(node) for name, node in arguments.items()}
    low, high = values.get("low", FULL_WINDOW[0]), values.get("high", FULL_WINDOW[1])
    tolerance = values.get("tolerance", SweepOptions().tolerance)
    if any(isinstance(end, bool) or not LR_RANGE.contains(end) for end in (low, high)) or high < MIN_WINDOW_RATIO * low:
        raise UserError(
            "low and high are learning rates from {least:g} to {most:g}, the lower one first.",
            least=FULL_WINDOW[0], most=FULL_WINDOW[1],
        )  # fmt: skip
    if isinstance(tolerance, bool) or tolerance not in TOLERANCES:
        raise UserError("The tolerance is one of {tolerances}.", tolerances=", ".join(f"{t:g}" for t in TOLERANCES))
    return SweepOptions((float(low), float(high)), float(tolerance))


MAP_TYPE = MapType(
    name="rates",
    arguments=("low", "high", "tolerance"),
    title=Translatable("Learning-rate sweep"),
    introduction=Translatable(
        "**Which learning rate?** Each run of the race at 200 learning rates: how low it ends and how soon it "
        "is there, and where it is stable, at the edge, or diverges."
    ),
    labels=SWEEP_LABELS,
    default=SweepOptions(),
    read_options=read_options,
    write_options=write_options,
    get_job=get_sweep_job,
    show=show_sweep,
    events={"picked": (decode_pick, lambda pick: race_at_lr(get_scene(), *pick)), "window": (decode_bounds, zoom_to)},
)
