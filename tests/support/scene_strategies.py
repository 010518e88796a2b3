"""Hypothesis strategies for every scene that the page can have."""

from typing import Any

from hypothesis import strategies as st

from app.model.formula_source import FORMULA_EXAMPLES, formula_call
from app.model.hyperparameter_table import HYPERPARAMETERS, get_range
from app.model.scene import (
    MAX_RUNS,
    MAX_STEPS,
    Call,
    Catalogue,
    Run,
    Scene,
    get_argument_range,
    inspect_parameters,
    is_schedulable,
    make_call,
)
from app.model.view_options import (
    ARROW_NAMES,
    AXES,
    MAX_CLOCK,
    VIEW_CHOICES,
    VIEW_MODES,
    Presentation,
    View,
    is_window_side,
)
from app.translation import LANGUAGES
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES


def argument_values(name: str, default: Any, target: str = "") -> st.SearchStrategy[Any]:
    """All valid values of an argument: any number in its range, not only the stops of a slider."""
    if isinstance(default, bool):
        return st.booleans()
    limits = get_argument_range(name, default, get_range(target) if target else None)
    if isinstance(default, int):
        return st.integers(int(limits.low), int(limits.high))
    return st.floats(limits.low, limits.high) | st.sampled_from(limits.stops)


@st.composite
def calls(draw: st.DrawFn, catalogue: Catalogue, target: str = "") -> Call:
    maker = draw(st.sampled_from(sorted(catalogue)))
    limits = get_range(target) if target else None
    arguments = {}
    for name, parameter in inspect_parameters(catalogue[maker]).items():
        if target or draw(st.booleans()):  # a schedule's default may lie outside the range of what it schedules
            arguments[name] = draw(argument_values(name, parameter.default, target))
            if catalogue is OPTIMIZERS and is_schedulable(maker, name) and draw(st.booleans()):
                arguments[name] = draw(calls(SCHEDULES, name))
    return make_call(catalogue, maker, arguments, limits)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    slots = draw(st.lists(st.integers(0, MAX_RUNS - 1), max_size=6, unique=True))
    runs = (
        Run(slot, draw(calls(OPTIMIZERS)), draw(st.none() | calls(WRAPPERS)), draw(st.booleans())) for slot in slots
    )
    coordinate = st.floats(-1e6, 1e6)
    return Scene(
        draw(calls(SURFACES) | formula_surfaces()),
        (draw(coordinate), draw(coordinate)),
        draw(st.integers(1, MAX_STEPS)),
        tuple(runs),
        draw(argument_values("noise", 0.0)),
        draw(st.integers(0, 99)),
        Presentation(draw(views()), draw(st.sampled_from(["", *LANGUAGES])), draw(st.booleans())),
    )


def formula_surfaces() -> st.SearchStrategy[Call]:
    texts = st.sampled_from(
        [*(example.text for example in FORMULA_EXAMPLES if "log" not in example.text), "x", " 3", "x*  y "]
    )
    sides = st.tuples(st.floats(-1e6, 1e5), st.floats(1, 1e5)).map(lambda side: (side[0], side[0] + side[1]))
    return st.builds(formula_call, texts, sides, sides)


def views() -> st.SearchStrategy[View]:
    choices = {name: st.sampled_from(words) for name, words in VIEW_CHOICES.items()}
    choices["strip"] |= st.sampled_from([f"hyper_{name}" for name in sorted(HYPERPARAMETERS)])
    arrows = st.sets(st.sampled_from(ARROW_NAMES)).map(
        lambda selected: tuple(name for name in ARROW_NAMES if name in selected)
    )
    steps = st.none() | st.floats(0, MAX_CLOCK)
    ends = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(sorted).map(tuple)
    sides = {name: st.none() | ends.filter(is_window_side) for name in AXES}
    return st.builds(View, mode=st.sampled_from(VIEW_MODES), arrows=arrows, step=steps, **choices, **sides)
