"""What of a fair race was tuned, and how: in words, and as a table."""

from collections.abc import Sequence

import streamlit as st

from app.compute.search_space import Part, Racer, tuned_parts, value_of
from app.maps.fair_race.compute import STARTS, TUNING_STARTS, Fair, Question, Tuned
from app.model import display_names
from app.model.hyperparameter_ranges import knob, switch
from app.model.scene import Call, Run, arguments
from app.session.scene_state import escaped
from app.translation import say
from optimizers.analysis.random_search import EVEN, LOG, NEAR_ONE, WHOLE, Range
from optimizers.analysis.ranking import GOAL
from optimizers.catalogue import OPTIMIZERS
from surfaces.translatable import Sentence

FEW = 10  # trials: so few say little
DRAWN = {
    LOG: Sentence("log scale"),
    NEAR_ONE: Sentence("evenly in −log₁₀(1 − value)"),
    EVEN: Sentence("evenly"),
    WHOLE: Sentence("whole numbers, evenly"),
}


def method(asked: Question, found: Fair | None) -> None:
    st.markdown("#### " + say("What was tuned, and how"))
    st.markdown(
        say(
            "Every optimizer has the same budget, {budget} evaluations of the function, to find its hyperparameters "
            "by random search: its first trial is at its defaults, the others are drawn at random from the ranges "
            "below (seed {seed}). A trial is {count} runs of {steps} steps from random starts of the view, the same "
            "for all, and the last may spend more than is left; a run is over early once less than 10⁻¹⁰ of the way "
            "down is left, or when it diverges. The best trial is that with the least of the way left, by the mean of "
            "its logarithm; of equals, the one that arrives sooner. A value, a gradient and a Hessian count as one "
            "evaluation each, as in the race: an optimizer whose steps cost more has fewer trials, and a Hessian is "
            "cheaper here than in many dimensions.",
            budget=f"{asked.budget:,}", seed=asked.seed, count=TUNING_STARTS, steps=asked.steps,
        )
    )  # fmt: skip
    titles = [named(racer) for racer in asked.racers]
    st.markdown(table(asked, titles, found))
    for title, one in zip(titles, found.tuned if found else (), strict=False):
        noted(title, one)
    st.markdown(
        say(
            "The ranking is over {starts} other random starts. A run arrives when its loss has first fallen {share} of "
            "the way from its start to the lowest known value: that of the published minima or, where there are none, "
            "the lowest in the view; it may leave again. Those that never arrive share the last rank. ± is "
            "the standard error of the mean.",
            starts=STARTS, share=f"{100 * (1 - GOAL):.2f} %",
        )
    )  # fmt: skip
    st.caption(
        say(
            "Not tuned: what guards against accidents (ε, tolerances, bounds, patience), switches, the shape of a "
            "schedule (its height is tuned, where it is that of the learning rate) and how much weight decay is "
            "wrapped around a run. At one learning rate everything else is at its default; an optimizer whose rate "
            "is 1 by nature, like Newton's method, keeps it."
        )
    )


def table(asked: Question, titles: Sequence[str], found: Fair | None) -> str:
    """A row of Markdown for each hyperparameter."""
    heads = [
        *(say("Run"), say("Hyperparameter"), say("From"), say("To"), say("Drawn"), say("Best")),
        *(say("Trials"), say("Evaluations")),
    ]
    rows = [heads, ["---"] * len(heads)]
    tuned = found.tuned if found else (None,) * len(titles)
    for title, racer, one in zip(titles, asked.racers, tuned, strict=True):
        own = [[called(part), *ranged(part.limits), best(one, part)] for part in tuned_parts(racer)]
        counts = [f"{one.trials:,}", f"{one.spent:,}"] if one else ["", ""]
        for i, cells in enumerate(own or [[say("nothing to tune"), "", "", "", ""]]):
            rows.append([escaped(title), *cells, *counts] if i == 0 else ["", *cells, "", ""])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def ranged(limits: Range) -> tuple[str, str, str]:
    """From where to where, and how it is drawn."""
    low = display_names.number(limits.low)
    return (
        say("0, or {low}", low=low) if limits.zero else low,
        display_names.number(limits.high),
        say(DRAWN[limits.scale]),
    )


def best(one: Tuned | None, part: Part) -> str:
    return f"**{display_names.number(value_of(one.racer, part))}**" if one else ""


def noted(title: str, one: Tuned) -> None:
    """What makes the best of this run doubtful."""
    run = f"**{escaped(title)}**"
    if one.ends:
        which = ", ".join(say(knob(name).label) for name in one.ends)
        text = say("{run}: the best {which} lies at an end of its range; better may lie beyond.", run=run, which=which)
        st.markdown(text)
    if one.lost:
        st.markdown(say("{run}: every trial diverged from every start.", run=run))
    if 0 < one.trials < FEW:
        st.markdown(
            say("{run}: only {n} trials. A larger budget or fewer steps would try more.", run=run, n=one.trials)
        )


def named(racer: Racer) -> str:
    """What a run is called here: its title, and what of it is not tuned and not usual."""
    parts = [display_names.title_of(Run(0, *racer))]
    for argument, parameter in arguments(OPTIMIZERS[racer.optimizer.word]).items():
        value, own = racer.optimizer[argument], say(switch(argument)).lower()
        if isinstance(value, Call):
            parts.append(f"{say(knob(argument).label)} {display_names.name(value.word).lower()}")
        elif isinstance(value, bool) and value != parameter.default:
            parts.append(own if value else say("no {switch}", switch=own))
    return ", ".join(parts)


def tuned_values(racer: Racer) -> str:
    """lr 0.01 · μ 0.9; "" where nothing is tuned."""
    return " · ".join(f"{called(part)} {display_names.number(value_of(racer, part))}" for part in tuned_parts(racer))


def called(part: Part) -> str:
    return say(knob(part.called).label)
