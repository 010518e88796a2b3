"""The fair race's choice: its seed, its budget, and the learning rate that all share beside it."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.compute.cached_simulation import RunResult, find_lowest_known_loss, simulate_run
from app.compute.run_parameters import can_share_lr, get_lr, with_defaults, with_shared_lr
from app.maps import map_component
from app.maps.fair_race.job import BUDGETS, FAIR_LABELS, RANKING_STARTS, FairRequest, FairResult, get_fair_job
from app.maps.fair_race.tuning_report import describe_run, format_tuned_values, show_method
from app.maps.map_jobs import go_to_race, poll_job, set_stopped
from app.maps.map_kind import MapType, get_options, set_options
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.hyperparameter_ranges import LR_RANGE, ONE_TWO_FIVE, log_range
from app.model.scene import Run, Scene, UserError, reject_argument
from app.session.scene_state import get_scene, rerun_fragments
from app.translation import translate, translate_table
from optimizers.analysis.random_search import round_to_three_digits
from optimizers.analysis.random_start_ranking import average_ranks, cost_quantiles
from optimizers.run_statistics import NEVER
from surfaces.base import Array
from surfaces.translatable import Translatable

SEED_COUNT = 1000  # there are so many
MEDIAN_CHOICE = 0.0  # in the list of rates, the place of no choice
RATE_CHOICES = log_range("lr", -6, 1, mantissas=ONE_TWO_FIVE).stops


class FairOptions(NamedTuple):
    seed: int = 0
    budget: int = BUDGETS[2]
    lr: float | None = None  # None: the median of the tuned rates


# ---- on the page


def show_fair_race(scene: Scene) -> None:
    racing = list_distinct_runs(scene)
    if not racing:
        st.info(translate("Every run is off: turn one on in the panel."))
        return
    choice = get_options(FAIR_MAP)
    show_controls(choice)
    asked = make_fair_request(scene, choice, racing)
    mark = f"{hash(asked):x}"
    news = poll_job(get_fair_job, asked, map_component.get_seen_version("fair-race", mark))
    found: FairResult | None = news.result
    tuned = [one.run._replace(slot=run.slot) for run, one in zip(racing, found.tuned, strict=True)] if found else []
    rate = choice.lr if choice.lr is not None else find_median_lr(tuned)
    sharing = [with_shared_lr(run, rate) for run in racing] if tuned and rate else []
    header, arrays = make_map_data(scene, racing, tuned, sharing, rate, found)
    map_component.show_map(
        "fair-race", "fair", mark, news, header, arrays,
        stopped=(map_component.decode_stop, lambda stopped: set_stopped(get_fair_job, asked, stopped)),
    )  # fmt: skip
    with st.container(horizontal=True):
        ready = bool(tuned)
        st.button(
            translate("Race the tuned runs"), key="fair-race-tuned", disabled=not ready, type="primary",
            on_click=race_runs, args=(tuned,),
        )  # fmt: skip
        st.button(
            translate("Race them at one learning rate"), key="fair-race-shared", disabled=not sharing,
            on_click=race_runs, args=(sharing,),
        )  # fmt: skip
    if len(racing) < sum(run.is_on for run in scene.runs):
        st.caption(translate("Runs that differ only in tuned values count as one here."))
    show_method(asked, found)


def race_runs(racing: list[Run]) -> None:
    """The race of the scene with these runs in the place of those that are on."""
    now = get_scene()
    go_to_race(replace(now, runs=(*racing, *(run for run in now.runs if not run.is_on))))


def list_distinct_runs(scene: Scene) -> list[Run]:
    """The runs that are on; of those that differ only in what is tuned, the first."""
    kept: dict[Run, Run] = {}
    for run in scene.runs:
        if run.is_on:
            kept.setdefault(with_defaults(run), run)
    return list(kept.values())


def make_fair_request(scene: Scene, options: FairOptions, racing: Sequence[Run]) -> FairRequest:
    plain = tuple(with_defaults(run) for run in racing)
    return FairRequest(scene.surface, plain, scene.steps, scene.noise, scene.seed, options.seed, options.budget)


def find_median_lr(tuned: Sequence[Run]) -> float | None:
    """The geometric median of the tuned learning rates; None where none of the runs has one."""
    rates = [get_lr(run.optimizer) for run in tuned if can_share_lr(run)]
    return float(round_to_three_digits(10 ** np.median(np.log10(rates)))) if rates else None


def make_map_data(
    scene: Scene, racing: Sequence[Run], tuned: Sequence[Run], sharing: Sequence[Run], rate: float | None,
    found: FairResult | None,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:  # fmt: skip
    """What the browser draws: of each run its curves, its spreads and its ranks."""
    least = find_lowest_known_loss(scene.surface) if tuned else 0.0
    curves = {
        f"{which}{i}": make_loss_curve(simulate_run(scene, run), least)
        for which, group in (("tuned", tuned), ("shared", sharing)) for i, run in enumerate(group)
    }  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {f"{name}_loss": loss for name, (loss, _) in curves.items()}
    arrays |= {f"{name}_evaluations": spent for name, (_, spent) in curves.items()}
    rows: list[dict[str, Any]] = [{"slot": run.slot, "name": describe_run(run)} for run in racing]
    for row, run in zip(rows, tuned, strict=False):
        row["tuned"] = format_tuned_values(run)
    if found and found.step is not None and found.evaluations is not None:
        for unit, cost in (("steps", found.step), ("evaluations", found.evaluations)):
            mean, error = average_ranks(cost)
            for row, own, m, e in zip(rows, cost, mean, error, strict=True):
                row[unit] = {
                    "spread": cost_quantiles(own),
                    "arrived": int((own != NEVER).sum()),
                    "rank": [float(m), float(e)],
                }
            arrays[unit] = cost.astype(np.float32).ravel()
    labels = translate_table(FAIR_LABELS)
    header = {
        "runs": rows, "starts": found.step.shape[1] if found and found.step is not None else 0, "all": RANKING_STARTS,
        "rate": display_names.format_compact(rate) if rate and any(can_share_lr(r) for r in racing) else "",
        "labels": labels, "stamp": f"{hash((scene, found.tuned if found else (), len(arrays), rate)):x}",
    }  # fmt: skip
    return header, arrays


def make_loss_curve(ran: RunResult, lowest: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The loss above the lowest known value, as far as the run is finite, and the evaluations up to each step."""
    loss = ran.columns["loss"][: ran.last_step + 1]
    broken = np.flatnonzero(~np.isfinite(loss))
    loss = loss[: broken[0]] if broken.size else loss
    spent: Array = ran.columns["evaluations"][: len(loss)]
    return np.clip(loss - lowest, 0.0, 1e30).astype(np.float32), spent.astype(np.float32)


# ---- its controls


def show_controls(options: FairOptions) -> None:
    st.session_state["fair-budget"] = options.budget
    st.session_state["fair-seed"] = options.seed
    st.session_state["fair-rate"] = options.lr or MEDIAN_CHOICE
    budget, seed, rate = st.columns(3)
    with budget:
        st.selectbox(
            translate("Budget of evaluations, each"), BUDGETS, key="fair-budget", format_func=lambda n: f"{n:,}",
            on_change=apply_controls,
        )  # fmt: skip
    with seed:
        st.number_input(
            translate("Seed of the fair race"), 0, SEED_COUNT - 1, key="fair-seed", on_change=apply_controls
        )
    with rate:
        own = [options.lr] if options.lr not in (None, *RATE_CHOICES) else []
        st.selectbox(
            translate("One learning rate for all"),
            [MEDIAN_CHOICE, *sorted([*RATE_CHOICES, *own])],
            key="fair-rate",
            on_change=apply_controls,
            format_func=lambda r: display_names.format_compact(r) if r else translate("the median of the tuned ones"),
        )


def apply_controls() -> None:
    """The visitor chose another budget, seed or rate."""
    choice = get_options(FAIR_MAP)
    budget, seed, rate = (st.session_state.get(f"fair-{name}") for name in ("budget", "seed", "rate"))
    set_options(
        FAIR_MAP,
        FairOptions(
            seed if type(seed) is int and 0 <= seed < SEED_COUNT else choice.seed,
            budget if budget in BUDGETS else choice.budget,
            rate if rate and LR_RANGE.contains(rate) else None,
        ),
    )
    rerun_fragments()


# ---- in the address


def write_options(scene: Scene, options: FairOptions) -> list[str]:
    return [
        f"{name}={write_number(value)}"
        for name, value, usual in zip(("seed", "budget", "lr"), options, FairOptions(), strict=True)
        if value != usual and value is not None
    ]


def read_options(given: Mapping[str, ast.expr]) -> FairOptions:
    for name in given.keys() - {"seed", "budget", "lr"}:
        reject_argument(FAIR_MAP.name, name)
    usual = FairOptions()
    seed = read_literal(given["seed"]) if "seed" in given else usual.seed
    if type(seed) is not int or not 0 <= seed < SEED_COUNT:
        raise UserError("The seed is a whole number from 0 to {most}.", most=SEED_COUNT - 1)
    budget = read_literal(given["budget"]) if "budget" in given else usual.budget
    if type(budget) is not int or budget not in BUDGETS:
        raise UserError("The budget is {budgets} evaluations.", budgets=", ".join(map(str, BUDGETS)))
    rate = read_literal(given["lr"]) if "lr" in given else None
    if isinstance(rate, bool) or (rate is not None and not LR_RANGE.contains(rate)):
        raise UserError(
            "{label} must be a number from {low:g} to {high:g}.",
            label=LR_RANGE.label,
            low=LR_RANGE.low,
            high=LR_RANGE.high,
        )
    return FairOptions(seed, budget, None if rate is None else float(rate))


FAIR_MAP = MapType(
    "fair", Translatable("Fair race"),
    Translatable(
        "**Which optimizer is best when each is tuned?** Every optimizer is tuned with the same budget of "
        "evaluations, then all race; beside it is the usual race, at one learning rate for all."
    ),
    FairOptions(), read_options, write_options, show_fair_race,
)  # fmt: skip
