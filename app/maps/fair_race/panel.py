"""The fair race on the page: its options, which are a seed, a budget and a shared learning rate, and its link."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.browser.value_digest import digest_values
from app.compute.cached_simulation import RunResult, find_lowest_known_loss, simulate_run
from app.compute.tunable_run_parameters import can_share_lr, get_lr, with_defaults, with_shared_lr
from app.maps.fair_race.job import BUDGETS, FAIR_LABELS, RANKING_STARTS, FairRequest, FairResult, get_fair_job
from app.maps.fair_race.tuning_report import (
    describe_run,
    format_arrival_share,
    format_tuned_values,
    show_method,
)
from app.maps.go_to_race import go_to_race
from app.maps.map_component import poll_map, show_map
from app.maps.map_kind import MapType, get_options, set_options, show_selector
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.hyperparameter_table import LR_RANGE, ONE_TWO_FIVE, log_range
from app.model.scene import Run, Scene, UserError
from app.session.fragment_reruns import rerun_fragments
from app.session.race_scene_and_undo import get_scene
from app.translation import translate
from optimizers.analysis.random_search import round_to_three_digits
from optimizers.analysis.random_start_ranking import average_ranks, cost_quantiles
from optimizers.batch_run_outcomes import NEVER
from surfaces.base import Array
from surfaces.translatable import Translatable

COMPONENT_KEY = "fair-race"
SEED_COUNT = 1000
MEDIAN_CHOICE = 0.0  # in the list of rates: the median of the tuned ones
RATE_CHOICES = log_range("lr", -6, 1, mantissas=ONE_TWO_FIVE).stops


class FairOptions(NamedTuple):
    seed: int = 0
    budget: int = BUDGETS[2]
    lr: float | None = None  # None: the median of the tuned rates


# ---- on the page


def show_fair_race(scene: Scene) -> None:
    runs = list_distinct_runs(scene)
    if not runs:
        st.info(translate("Every run is off: turn one on in the panel."))
        return
    options = get_options(MAP_TYPE)
    show_controls(options)
    request = make_fair_request(scene, options, runs)
    status = poll_map(MAP_TYPE, COMPONENT_KEY, request)
    result: FairResult | None = status.result
    tuned = [each.run._replace(slot=run.slot) for run, each in zip(runs, result.tuned, strict=True)] if result else []
    rate = options.lr if options.lr is not None else find_median_lr(tuned)
    sharing = [with_shared_lr(run, rate) for run in runs] if tuned and rate else []
    header, arrays = make_map_data(scene, runs, tuned, sharing, rate, result)
    show_map(MAP_TYPE, COMPONENT_KEY, status, header, arrays, request)
    with st.container(horizontal=True):
        st.button(
            translate("Race the tuned runs"), key="fair-race-tuned", disabled=not tuned, type="primary",
            on_click=race_runs, args=(tuned,),
        )  # fmt: skip
        st.button(
            translate("Race them at one learning rate"), key="fair-race-shared", disabled=not sharing,
            on_click=race_runs, args=(sharing,),
        )  # fmt: skip
    if len(runs) < sum(run.is_on for run in scene.runs):
        st.caption(translate("Runs that differ only in tuned values count as one here."))
    show_method(request, result)


def race_runs(runs: list[Run]) -> None:
    """Go to the race with these runs in place of those that are on."""
    scene = get_scene()
    go_to_race(replace(scene, runs=(*runs, *(run for run in scene.runs if not run.is_on))))


def list_distinct_runs(scene: Scene) -> list[Run]:
    """The runs that are on; of those that differ only in tuned values, the first."""
    distinct: dict[Run, Run] = {}
    for run in scene.runs:
        if run.is_on:
            distinct.setdefault(with_defaults(run), run)
    return list(distinct.values())


def make_fair_request(scene: Scene, options: FairOptions, runs: Sequence[Run]) -> FairRequest:
    defaults = tuple(with_defaults(run) for run in runs)
    return FairRequest(scene.surface, defaults, scene.steps, scene.noise, scene.seed, options.seed, options.budget)


def find_median_lr(tuned: Sequence[Run]) -> float | None:
    """The geometric median of the tuned learning rates; None if no run has one."""
    rates = [get_lr(run.optimizer) for run in tuned if can_share_lr(run)]
    return float(round_to_three_digits(10 ** np.median(np.log10(rates)))) if rates else None


def make_map_data(
    scene: Scene, runs: Sequence[Run], tuned: Sequence[Run], sharing: Sequence[Run], rate: float | None,
    result: FairResult | None,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:  # fmt: skip
    """Header and arrays of the message: the curves of each run, the spread of its costs and its ranks."""
    lowest = find_lowest_known_loss(scene.surface) if tuned else 0.0
    arrays: dict[str, NDArray[Any]] = {}
    for group, members in (("tuned", tuned), ("shared", sharing)):
        for i, run in enumerate(members):
            curve = make_loss_curve(simulate_run(scene, run), lowest)
            arrays[f"{group}{i}_loss"], arrays[f"{group}{i}_evaluations"] = curve
    rows: list[dict[str, Any]] = [{"slot": run.slot, "name": describe_run(run)} for run in runs]
    for row, run in zip(rows, tuned, strict=False):
        row["tuned"] = format_tuned_values(run)
    start_count = 0
    if result and result.step is not None and result.evaluations is not None:
        start_count = result.step.shape[1]
        for unit, costs in (("steps", result.step), ("evaluations", result.evaluations)):
            for row, cost, mean, error in zip(rows, costs, *average_ranks(costs), strict=True):
                row[unit] = {
                    "spread": cost_quantiles(cost),
                    "arrived": int((cost != NEVER).sum()),
                    "rank": [float(mean), float(error)],
                }
            arrays[unit] = np.where(costs == NEVER, -1, costs).astype(np.float32).ravel()  # -1 for never
    header = {
        "runs": rows, "starts": start_count, "all": RANKING_STARTS, "arrival": format_arrival_share(),
        "rate": display_names.format_compact(rate) if rate and any(can_share_lr(r) for r in runs) else "",
        "stamp": digest_values(scene, result.tuned if result else (), len(arrays), rate),
    }  # fmt: skip
    return header, arrays


def make_loss_curve(result: RunResult, lowest: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The loss above the lowest known value, as far as the run is finite, and the evaluations up to each step."""
    loss = result.columns["loss"][: result.last_step + 1]
    broken = np.flatnonzero(~np.isfinite(loss))
    loss = loss[: broken[0]] if broken.size else loss
    evaluations: Array = result.columns["evaluations"][: len(loss)]
    return np.clip(loss - lowest, 0.0, 1e30).astype(np.float32), evaluations.astype(np.float32)


# ---- its controls


def show_controls(options: FairOptions) -> None:
    budgets = {budget: f"{budget:,}" for budget in BUDGETS}
    rates = {MEDIAN_CHOICE: translate("the median of the tuned ones")}
    rates |= {
        rate: display_names.format_compact(rate) for rate in sorted({*RATE_CHOICES, options.lr or RATE_CHOICES[0]})
    }
    st.session_state["fair-seed"] = options.seed
    left, middle, right = st.columns(3)
    with left:
        show_selector("fair-budget", translate("Budget of evaluations, each"), budgets, options.budget, apply_controls)
    with middle:
        st.number_input(
            translate("Seed of the fair race"), 0, SEED_COUNT - 1, key="fair-seed", on_change=apply_controls
        )
    with right:
        selected = options.lr or MEDIAN_CHOICE
        show_selector("fair-rate", translate("One learning rate for all"), rates, selected, apply_controls)


def apply_controls() -> None:
    """The visitor chose another budget, seed or rate."""
    options = get_options(MAP_TYPE)
    budget, seed, rate = (st.session_state.get(f"fair-{name}") for name in ("budget", "seed", "rate"))
    set_options(
        MAP_TYPE,
        FairOptions(
            seed if type(seed) is int and 0 <= seed < SEED_COUNT else options.seed,
            budget if budget in BUDGETS else options.budget,
            rate if rate and LR_RANGE.contains(rate) else None,
        ),
    )
    rerun_fragments()


# ---- in links


def write_options(scene: Scene, options: FairOptions) -> list[str]:
    return [
        f"{name}={write_number(value)}"
        for name, value, default in zip(MAP_TYPE.arguments, options, FairOptions(), strict=True)
        if value != default and value is not None
    ]


def read_options(arguments: Mapping[str, ast.expr]) -> FairOptions:
    values = {name: read_literal(node) for name, node in arguments.items()}
    seed, budget, rate = (values.get(name, getattr(FairOptions(), name)) for name in MAP_TYPE.arguments)
    if type(seed) is not int or not 0 <= seed < SEED_COUNT:
        raise UserError("The seed is a whole number from 0 to {most}.", most=SEED_COUNT - 1)
    if type(budget) is not int or budget not in BUDGETS:
        raise UserError("The budget is {budgets} evaluations.", budgets=", ".join(map(str, BUDGETS)))
    if isinstance(rate, bool) or (rate is not None and not LR_RANGE.contains(rate)):
        raise UserError(
            "{label} must be a number from {low:g} to {high:g}.",
            label=LR_RANGE.label,
            low=LR_RANGE.low,
            high=LR_RANGE.high,
        )
    return FairOptions(seed, budget, None if rate is None else float(rate))


MAP_TYPE = MapType(
    name="fair",
    arguments=("seed", "budget", "lr"),
    title=Translatable("Fair race"),
    introduction=Translatable(
        "**Which optimizer is best when each is tuned?** Every optimizer is tuned with the same budget of "
        "evaluations, then all race; beside it is the usual race, at one learning rate for all."
    ),
    labels=FAIR_LABELS,
    default=FairOptions(),
    read_options=read_options,
    write_options=write_options,
    get_job=get_fair_job,
    show=show_fair_race,
)
