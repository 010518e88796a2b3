"""The hyperparameters that a fair race tunes, and how it tunes them: in words and as a table."""

from collections.abc import Sequence

import streamlit as st

from app.compute.tunable_run_parameters import RunParameter, list_tuned_parameters
from app.maps.fair_race.job import RANKING_STARTS, TUNING_STARTS, FairRequest, FairResult, TuningResult
from app.model import display_names
from app.model.hyperparameter_table import get_range, make_switch_label
from app.model.scene import Call, Run, inspect_parameters
from app.session.widget_notes import escape_markdown
from app.translation import get_punctuation, translate
from optimizers.analysis.ending_criteria import ARRIVAL_LOSS_FRACTION
from optimizers.analysis.random_search import INTEGER, LINEAR, LOG, NEAR_ONE, SearchRange
from optimizers.catalogue import OPTIMIZERS
from surfaces.translatable import Translatable

FEW_TRIALS = 10  # with fewer the page warns
SCALE_NAMES = {
    LOG: Translatable("log scale"),
    NEAR_ONE: Translatable("evenly in −log₁₀(1 − value)"),
    LINEAR: Translatable("evenly"),
    INTEGER: Translatable("whole numbers, evenly"),
}


def show_method(request: FairRequest, result: FairResult | None) -> None:
    with st.container(key="tuning"):
        st.header(translate("What was tuned, and how"), anchor=False)
    st.markdown(
        translate(
            "Every optimizer has the same budget, {budget} evaluations of the function, to find its hyperparameters "
            "by random search: its first trial is at its defaults, the others are drawn at random from the ranges "
            "below (seed {seed}). A trial is {count} runs of {steps} steps from random starts of the view, the same "
            "for all, and the last may spend more than is left; a run is over early once less than 10⁻¹⁰ of the way "
            "down is left, or when it diverges. The best trial is that with the least of the way left, by the mean of "
            "its logarithm; of equals, the one that arrives sooner. A value, a gradient and a Hessian count as one "
            "evaluation each, as in the race: an optimizer whose steps cost more has fewer trials, and a Hessian is "
            "cheaper here than in many dimensions.",
            budget=f"{request.budget:,}", seed=request.seed, count=TUNING_STARTS, steps=request.steps,
        )
    )  # fmt: skip
    titles = [describe_run(run) for run in request.runs]
    st.markdown(format_tuning_table(request, titles, result))
    for title, tuned in zip(titles, result.tuned if result else (), strict=False):
        show_warnings(title, tuned)
    st.markdown(
        translate(
            "The ranking is over {starts} other random starts. A run arrives when its loss has first fallen {share} % "
            "of the way from its start to the lowest known value: that of the published minima or, where there are "
            "none, the lowest in the view; it may leave again. Those that never arrive share the last rank. ± is "
            "the standard error of the mean.",
            starts=RANKING_STARTS, share=format_arrival_share(),
        )
    )  # fmt: skip
    st.caption(
        translate(
            "Not tuned: what guards against accidents (ε, tolerances, bounds, patience), switches, the shape of a "
            "schedule (its height is tuned, where it is that of the learning rate) and how much weight decay is "
            "wrapped around a run. At one learning rate everything else is at its default; an optimizer whose rate "
            "is 1 by nature, like Newton's method, keeps it."
        )
    )


def format_arrival_share() -> str:
    """How much of the way down a run has fallen when it arrives, in percent."""
    return f"{100 * (1 - ARRIVAL_LOSS_FRACTION):.2f}"


def format_tuning_table(request: FairRequest, titles: Sequence[str], result: FairResult | None) -> str:
    """A row of Markdown for each hyperparameter."""
    heads = [
        translate("Run"),
        translate("Hyperparameter"),
        translate("From"),
        translate("To"),
        translate("Drawn"),
        translate("Best"),
        translate("Trials"),
        translate("Evaluations"),
    ]
    rows = [heads, ["---"] * len(heads)]
    results = result.tuned if result else (None,) * len(titles)
    for title, run, tuned in zip(titles, request.runs, results, strict=True):
        parameters = [
            [label_parameter(part), *describe_range(part.search_range), format_best(tuned, part)]
            for part in list_tuned_parameters(run)
        ]
        counts = [f"{tuned.trial_count:,}", f"{tuned.spent_evaluations:,}"] if tuned else ["", ""]
        for i, cells in enumerate(parameters or [[translate("nothing to tune"), "", "", "", ""]]):
            rows.append([escape_markdown(title), *cells, *counts] if i == 0 else ["", *cells, "", ""])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def describe_range(limits: SearchRange | None) -> tuple[str, str, str]:
    """The ends of the range, and how values are drawn from it."""
    low = display_names.format_compact(limits.low)
    return (
        translate("0, or {low}", low=low) if limits.includes_zero else low,
        display_names.format_compact(limits.high),
        translate(SCALE_NAMES[limits.scale]),
    )


def format_best(result: TuningResult | None, parameter: RunParameter) -> str:
    return f"**{display_names.format_compact(parameter.get_value(result.run))}**" if result else ""


def show_warnings(title: str, result: TuningResult) -> None:
    """Reasons why the best trial of this run may not be good."""
    run = f"**{escape_markdown(title)}**"
    if result.at_range_end:
        which = get_punctuation().comma.join(translate(get_range(name).label) for name in result.at_range_end)
        text = translate(
            "{run}: the best {which} lies at an end of its range; better may lie beyond.", run=run, which=which
        )
        st.markdown(text)
    if result.all_diverged:
        st.markdown(translate("{run}: every trial diverged from every start.", run=run))
    if 0 < result.trial_count < FEW_TRIALS:
        st.markdown(
            translate(
                "{run}: only {n} trials. A larger budget or fewer steps would try more.", run=run, n=result.trial_count
            )
        )


def describe_run(run: Run) -> str:
    """The title of a run, with its schedules and the switches that are not at their default."""
    parts = [display_names.format_title(run)]
    for argument, parameter in inspect_parameters(OPTIMIZERS[run.optimizer.name]).items():
        value, switch = run.optimizer[argument], translate(make_switch_label(argument)).lower()
        if isinstance(value, Call):
            parts.append(f"{translate(get_range(argument).label)} {display_names.get_name_in_text(value.name)}")
        elif isinstance(value, bool) and value != parameter.default:
            parts.append(switch if value else translate("no {switch}", switch=switch))
    return get_punctuation().comma.join(parts)


def format_tuned_values(run: Run) -> str:
    """For example "lr 0.01 · μ 0.9"; "" if nothing is tuned."""
    return " · ".join(
        f"{label_parameter(part)} {display_names.format_compact(part.get_value(run))}"
        for part in list_tuned_parameters(run)
    )


def label_parameter(parameter: RunParameter) -> str:
    return translate(get_range(parameter.hyperparameter).label)
