"""The theory of learning rates near the minimum where the runs end: lines for the chart, and settings to try."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from app.compute.cached_simulation import AVERAGING_WRAPPERS
from app.maps.go_to_race import go_to_race
from app.maps.learning_rates.job import RateSweep
from app.model import display_names
from app.model.display_names import format_compact
from app.model.hyperparameter_table import LR_RANGE, get_range
from app.model.scene import Call, Run
from app.session.race_scene_and_undo import get_scene
from app.translation import translate
from optimizers.analysis.learning_rate_sweep import Minimum
from optimizers.analysis.quadratic_theory import QUADRATIC_THEORY, FastestSettings, largest_stable_lr


def has_theory(run: Run) -> bool:
    """Whether there is a theory of this run. A wrapper that only averages does not change the iteration."""
    is_plain = run.wrapper is None or run.wrapper.name in AVERAGING_WRAPPERS
    return (
        is_plain
        and run.optimizer.name in QUADRATIC_THEORY
        and not any(isinstance(value, Call) for _, value in run.optimizer.arguments)
    )


def find_stability_limit(run: Run, minimum: Minimum) -> float | None:
    """The learning rate beyond which this run diverges with its own μ."""
    return largest_stable_lr(run.optimizer.name, minimum.L, dict(run.optimizer.arguments).get("mu", 0.0))


def find_fastest_settings(run: Run, minimum: Minimum) -> FastestSettings:
    return QUADRATIC_THEORY[run.optimizer.name].fastest_settings(minimum.m, minimum.L)


def name_swept_run(run: Run, runs: Iterable[Run]) -> str:
    """The title of a run, and its settings but for the learning rate, which is swept."""
    rivals = [other for other in runs if other != run]
    return " · ".join(
        filter(None, (display_names.format_title(run), display_names.format_settings(run, rivals, ("lr",))))
    )


def make_theory_lines(runs: tuple[Run, ...], sweep: RateSweep) -> list[dict[str, Any]]:
    """The vertical lines of the chart: the run, the rate, the label, and what the line means."""
    lines: dict[tuple[str, float], dict[str, Any]] = {}
    for index, (run, minimum) in enumerate(zip(runs, sweep.minima, strict=True)):
        if not (has_theory(run) and minimum):
            continue
        best, largest = find_fastest_settings(run, minimum), find_stability_limit(run, minimum)
        tuned = (
            translate("best")
            if best.mu is None
            else translate("best, μ = {mu}", mu=format_compact(float(f"{best.mu:.2g}")))
        )
        for meaning, lr, label in (
            ("limit", largest, QUADRATIC_THEORY[run.optimizer.name].stability_formula),
            ("best", best.lr, tuned),
        ):
            lines.setdefault((label, float(lr or 0)), {"run": index, "at": lr, "label": label, "what": meaning})
    return list(lines.values())


def show_theory(runs: tuple[Run, ...], sweep: RateSweep) -> None:
    """The same in words, with a button that tries the fastest settings."""
    minimum_by_run = {run: minimum for run, minimum in zip(runs, sweep.minima, strict=True) if has_theory(run)}
    if not minimum_by_run:
        return
    if not any(minimum_by_run.values()):
        st.caption(
            translate(
                "Theory gives no limit here: these runs reach no minimum around which the surface is like a bowl."
            )
        )
        return
    for minimum in dict.fromkeys(filter(None, minimum_by_run.values())):
        show_minimum(minimum, sweep.is_quadratic)
        for run in (run for run, its in minimum_by_run.items() if its == minimum):
            show_theory_row(run, minimum, name_swept_run(run, runs))


def show_minimum(minimum: Minimum, is_quadratic: bool) -> None:
    """The minimum for which the theory below it holds."""
    m, L = format_compact(minimum.m), format_compact(minimum.L)
    x, y = map(format_compact, minimum.point)
    if is_quadratic:
        st.markdown(translate("**Theory of this quadratic**, whose curvatures are {m} and λ = {L}.", m=m, L=L))
    else:
        st.markdown(translate(
            "**Theory for small steps near the minimum** ({x}, {y}), with curvatures {m} and λ = {L}.",
            x=x, y=y, m=m, L=L,
        ))  # fmt: skip


def show_theory_row(run: Run, minimum: Minimum, title: str) -> None:
    """The theory of one run."""
    name = run.optimizer.name
    best, largest = find_fastest_settings(run, minimum), find_stability_limit(run, minimum)
    values = {
        "run": title,
        "formula": QUADRATIC_THEORY[name].stability_formula,
        "limit": format_compact(largest or 0.0),
        "lr": format_compact(best.lr),
        "factor": format_compact(best.convergence_factor),
    }
    text = (
        translate(
            "**{run}** is stable up to lr = {formula} = {limit}, and fastest at lr = {lr}: "
            "a step then leaves {factor} of the distance.",
            **values,
        )
        if best.mu is None
        else translate(
            "**{run}** with its own μ is stable up to lr = {formula} = {limit}; no setting is faster than lr = {lr}, "
            "μ = {mu}: a step then leaves {factor} of the distance.",
            mu=format_compact(best.mu), **values,
        )
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch")
        st.button(
            translate("Try it"),
            key=f"map-fastest-{run.slot}",
            on_click=race_fastest,
            args=(run.slot, best),
            width="content",
            help=translate("The race with these settings"),
        )


def race_fastest(slot: int, best: FastestSettings) -> None:
    """Go to the race with the fastest settings for this run."""
    scene = get_scene()
    run = next((run for run in scene.runs if run.slot == slot and has_theory(run)), None)
    if run is None:
        return
    optimizer = run.optimizer.with_argument("lr", clamp(best.lr, LR_RANGE.low, LR_RANGE.high))
    if best.mu is not None:
        optimizer = optimizer.with_argument("mu", clamp(best.mu, get_range("mu").low, get_range("mu").high))
    go_to_race(scene.replace_run(run._replace(optimizer=optimizer)))


def clamp(value: float, low: float, high: float) -> float:
    return float(f"{min(max(value, low), high):.6g}")
