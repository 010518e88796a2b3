"""A verdict's kind must not depend on the zero and the unit of f, the unit of an axis, a step more, or other lanes.

Functions and their recorded paths are transformed exactly: powers of two multiply without rounding, so that every
comparison comes out as before. Constants round, and are as large as the way that a run has come: the digits that matter
stay. Each run is made once.
"""

from functools import cache
from itertools import product

import numpy as np
import pytest

from optimizers.analysis.basins_of_attraction import classify_starts
from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.ending_criteria import RunStarts, measure_variation
from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.analysis.verdict_types import LOST_VERDICTS as LOST_KINDS
from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import Trajectory, trajectory
from optimizers.wrappers import weight_decayed
from surfaces.base import Box, Surface
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula

STEPS = 120
HUGE = 1e300
ENDING_BY_VERDICT = dict.fromkeys(LOST_KINDS, Ending.LOST) | {
    "global": Ending.MINIMUM,
    "local": Ending.MINIMUM,
    "saddle": Ending.SADDLE,
    "maximum": Ending.SADDLE,
}
FINAL = {"global", "local", "saddle", "maximum", "flat", "diverged", "unbounded", "outside"}
RUNS = {
    "newton": ("newton", {}),
    "trust_region": ("trust_region", {}),
    "bfgs": ("bfgs", {}),
    "lbfgs": ("lbfgs", {}),
    "nonlinear_cg": ("nonlinear_cg", {}),
    "nelder_mead": ("nelder_mead", {}),
    "sgd": ("sgd", {"lr": 0.01}),
    "wild sgd": ("sgd", {"lr": 0.3}),
    "slow sgd": ("sgd", {"lr": 1e-4}),
    "momentum": ("momentum", {"lr": 0.01}),
    "adam": ("adam", {"lr": 0.1}),
}
FORMULAS = {
    "x**3-3*x*y**2": {},
    "x**4+y**4": {},
    "tanh(x)+tanh(y)": {},
    "-exp(-x**2-y**2)": {"start": (4.0, 4.0)},
    "x+2*y": {},
    "(x*y-1)**2": {},
    "x**2": {},
    "sqrt(x**2+y**2)": {},
    "x-log(x)+y**2": {"x": (-1.0, 5.0), "y": (-2.0, 2.0)},
    "(1e-3*x-1)**2+(1e3*y-1)**2": {"x": (-2000.0, 2000.0), "y": (-0.01, 0.01)},
    "abs(x)+abs(y)": {},
    "-x**2-y**2": {},
}
WORDS = [*SURFACES, *FORMULAS]
SAMPLE = [  # of every surface a method or two from its own start, and as many from another
    (word, run, other)
    for i, word in enumerate(WORDS)
    for j, run in enumerate(RUNS)
    for other in (False, True)
    if (3 * i + j + 5 * other) % len(RUNS) == 0
]
WHOLE = [case for case in product(WORDS, RUNS, (False, True)) if case not in SAMPLE]


@cache
def surface(word):
    return formula(word, **FORMULAS[word]) if word in FORMULAS else SURFACES[word]()


def start_of(word, other):
    f = surface(word)
    (left, right), (bottom, top) = f.box
    return (left + 0.25 * (right - left), bottom + 0.625 * (top - bottom)) if other else f.start


@cache
def path_of(word, run, other):
    name, hyper = RUNS[run]
    return trajectory(OPTIMIZERS[name](**hyper), surface(word), start_of(word, other), STEPS + 1)


def cut(path, steps):
    return Trajectory(path.x[:, : steps + 1], path.alive[: steps + 1], path.states[: steps + 1])


def widths(f):
    return tuple(high - low for low, high in f.box)


def judged(f, path):
    return diagnose(path, f, f.minima, widths=widths(f)).verdict


def transformed(f, path, shift=0.0, power=0, axes=(0, 0)):
    """2^power f + shift in coordinates 2^axes times as large, and the same path there."""
    scale, unit = 2.0**power, 2.0 ** np.array(axes)

    def there(p):
        return p / unit.reshape(2, *(1,) * (p.ndim - 1))

    def value(p):
        return scale * f.value(there(p)) + shift

    def grad(p):
        return scale * there(f.grad(there(p)))

    def hess(p):
        columns = (2, 1, *(1,) * (p.ndim - 1)), (1, 2, *(1,) * (p.ndim - 1))
        return scale * f.hess(there(p)) / (unit.reshape(columns[0]) * unit.reshape(columns[1]))

    box = Box(*((u * low, u * high) for u, (low, high) in zip(unit, f.box, strict=True)))
    minima = tuple((unit[0] * x, unit[1] * y) for x, y in f.minima)
    start = (unit[0] * f.start[0], unit[1] * f.start[1])
    return Surface(value, grad, hess, box, start, minima), path._replace(x=unit[:, None] * path.x)


def as_large_as_its_way(f, path):
    """A constant as large as the losses of a run differ, but no larger than f differs around the start."""
    start = path.x[:, :1]
    with np.errstate(all="ignore"):
        loss = np.asarray(f.value(path.x))
        spread = measure_variation(RunStarts(f, start, loss[:1], np.array(widths(f)), ())).spread[0]
        way = min(np.ptp(loss[np.isfinite(loss)]), spread) or spread
    return 2.0 ** np.ceil(np.log2(way)) if 0 < way < 1e100 else 1.0


def keeps_its_kind(word, run, other):
    f, path = surface(word), cut(path_of(word, run, other), STEPS)
    found = judged(f, path)
    changes = [{"power": 9}, {"power": -13}]
    if np.abs(path.x).max() < HUGE:  # nor does a number 2^11 times as large overflow
        changes += [{"axes": (7, -5)}, {"axes": (-3, 11)}]
    shift = as_large_as_its_way(f, path)
    changes += [{"shift": shift}, {"shift": -shift}]
    for change in changes:
        assert judged(*transformed(f, path, **change)).kind == found.kind, (change, found)


def ends_as_on_the_map(word, run, other):
    """And the map's fate of the start is that kind, whatever other starts are computed beside it."""
    name, hyper = RUNS[run]
    f, path = surface(word), cut(path_of(word, run, other), STEPS)
    found = judged(f, path)
    alone, beside = (np.array(start_of(word, which), dtype=np.float64)[:, None] for which in (other, not other))
    for x0 in (alone, np.concatenate((alone, beside), axis=1)):
        with np.errstate(all="ignore"):
            end = trajectory(OPTIMIZERS[name](**hyper), f, x0, STEPS).x[:, -1, 0]
            apart = np.abs(end - path.x[:, -1]) / widths(f)
        kind = classify_starts(OPTIMIZERS[name](**hyper), f, x0, STEPS, widths(f), f.minima).ending[0]
        if (apart <= 1e-9).all():  # a chaotic path is another one beside others: sums are rounded otherwise
            assert kind == ENDING_BY_VERDICT.get(found.kind, Ending.STALLED), found


def stays_what_it_is(word, run, other):
    """Assert that a finished run has the same verdict a step later and a step sooner."""
    f, path = surface(word), path_of(word, run, other)
    found = judged(f, cut(path, STEPS))
    still = (path.x[:, STEPS // 2 :] == path.x[:, -1:]).all()
    lost = found.kind in LOST_KINDS and found.step < STEPS - 1
    if found.kind in FINAL and (still or lost):
        for steps in (STEPS - 1, STEPS + 1):
            assert judged(f, cut(path, steps)).kind == found.kind, steps


PROPERTIES = [keeps_its_kind, ends_as_on_the_map, stays_what_it_is]


@pytest.mark.no_cover
@pytest.mark.parametrize("holds", PROPERTIES)
@pytest.mark.parametrize("word", WORDS)
def test_a_verdict_is_of_the_run_and_not_of_how_it_is_written_or_counted(word, holds):
    for case in SAMPLE:
        if case[0] == word:
            holds(*case)


@pytest.mark.all_cases
@pytest.mark.parametrize("holds", PROPERTIES)
@pytest.mark.parametrize("word", WORDS)
def test_so_it_is_in_all_cases(word, holds):
    for case in WHOLE:
        if case[0] == word:
            holds(*case)


CYCLES = [  # a run, its start, and how many steps it takes to come back
    (SURFACES["hinge"], "newton", {}, (-1.6, -1.2), 2),
    (lambda: formula("x**2+y**2"), "sgd", {"lr": 1.0}, (1.1, 0.7), 2),
    (lambda: formula("x**2+4*y**2"), "sgd", {"lr": 0.25}, (1.1, 0.7), 2),
    (lambda: formula("(x-1)**2+100*y**2"), "newton", {"lr": 2.0}, (0.0, 1.0), 2),
    (lambda: formula("abs(x)+abs(y)"), "sgd", {"lr": 0.3}, (1.1, 0.7), 2),
    (lambda: formula("abs(x)+abs(y)"), "lion", {"lr": 0.3}, (1.1, 0.7), 2),
    (lambda: formula("max(x,-2*x)+y**2"), "sgd", {"lr": 0.5}, (1.3, 0.2), 3),
    (lambda: formula("abs(x)+2*abs(y)+x**2"), "momentum", {"lr": 0.3, "mu": 0.5}, (1.1, 0.7), 4),
    (SURFACES["absolute"], "sgd", {"lr": 0.1}, (-2.3, 1.1), 2),
    (lambda: formula("x**4-2*x**2+y**2"), "sgd", {"lr": 0.28}, (0.3, 0.7), 2),
]


@pytest.mark.parametrize(("make", "word", "hyper", "start", "period"), CYCLES)
def test_a_cycle_is_one_wherever_it_is_cut(make, word, hyper, start, period):
    f = make()
    for steps in range(100, 100 + 2 * period):
        verdict = judged(f, trajectory(OPTIMIZERS[word](**hyper), f, start, steps))
        assert verdict.kind == "oscillating"
        assert ("Bounces between two points" if period == 2 else f"a cycle of {period} steps") in verdict.sentence
        kind = classify_starts(
            OPTIMIZERS[word](**hyper), f, np.array(start)[:, None], steps, widths(f), f.minima
        ).ending
        assert kind[0] == Ending.STALLED


@pytest.mark.parametrize("shift", [0.0, 10.0, -64.0, 1024.0])
def test_a_slow_drift_up_is_no_divergence_wherever_f_has_its_zero(shift):
    """Weights that decay leave the minimum of the loss by a thousandth: nothing to be seen."""
    f, _ = transformed(SURFACES["mccormick"](), Trajectory(np.zeros((2, 1)), np.ones(1), []), shift=shift)
    path = trajectory(weight_decayed(OPTIMIZERS["sgd"](lr=1e-4), rate=0.1), f, (-0.5472, -1.5472), 200)
    assert judged(f, path).kind == "stalled"


SCENES = [  # what was said wrongly once, and what is right
    (SURFACES["easom"], "newton", {}, None, 150, "saddle", "Stopped at a saddle"),
    (lambda: formula("1-x**2-y**2"), "newton", {}, (1.0, 0.5), 150, "maximum", "Stopped at a maximum"),
    (lambda: formula("exp(-x**2-y**2)"), "newton", {"lr": 0.1}, (0.3, 0.2), 150, "maximum", "Stopped at a maximum"),
    (lambda: formula("x**4-y**2"), "newton", {"lr": 0.5}, (1.0, 1.0), 150, "saddle", "Stopped at a saddle"),
    (lambda: formula("-log(1+x**2)-log(1+y**2)"), "newton", {}, (0.1, 1.0), 150, "unbounded", "without end"),
    (lambda: formula("-log(1+x**2)-log(1+y**2)"), "newton", {}, (0.1, 1.0), 40, "unbounded", "without end"),
    (lambda: formula("(x**2+y**2)**0.25"), "newton", {}, (1.0, 1.0), 150, "diverged", "Diverged"),
    (lambda: formula("log(1+x**2+y**2)"), "newton", {}, (2.0, 1.0), 150, "diverged", "Diverged"),
    (SURFACES["rosenbrock"], "sgd", {"lr": 0.01}, None, 3, "running", "Climbs"),
    (SURFACES["himmelblau"], "newton", {}, (-2.805118086952745, 3.131312518250573), 150, "global", "step 0"),
    (SURFACES["misra1a"], "nelder_mead", {}, (238.9421291788618, 0.0005501564318059134), 60, "global", "at"),
    (SURFACES["saddle"], "lbfgs", {}, (0.1, 1.0), 150, "unbounded", "step 1"),
    (SURFACES["saddle"], "bfgs", {}, (0.1, 1.0), 150, "unbounded", "step 1"),
    (SURFACES["saddle"], "nonlinear_cg", {}, (0.1, 1.0), 150, "unbounded", "step 1"),
    (SURFACES["saddle"], "scipy_lbfgsb", {}, (0.1, 1.0), 150, "unbounded", "step 1"),
    (lambda: formula("-exp(x)-y"), "lbfgs", {}, (0.1, 1.0), 150, "unbounded", "without end"),
    (lambda: formula("x+y"), "nelder_mead", {}, (0.1, 1.0), 150, "unbounded", "without end"),
    (lambda: formula("x**3+y**2"), "sgd", {"lr": 1e300}, (1.0, 0.4), 60, "unbounded", "step 1"),
    (lambda: formula("x**2+y**2"), "sgd", {"lr": 1e300}, (1.0, 0.4), 60, "diverged", "step 1"),
    (SURFACES["ravine"], "sgd", {"lr": 0.01}, (0.01, 0.01), 200, "running", "Still descending"),
    (SURFACES["ravine"], "sgd", {"lr": 0.01}, (0.01, 0.01), 400, "global", "(0, 0)"),
    (lambda: formula("arctan(y/x)+x**2+y**2"), "newton", {}, (0.0, 1.0), 40, "stalled", "No slope to follow"),
    (lambda: formula("arctan(y/x)+x**2+y**2"), "sgd", {}, (0.0, 1.0), 40, "stalled", "No slope to follow"),
    (lambda: formula("tanh(x)+tanh(y)"), "bfgs", {}, (1.0, 1.0), 150, "flat", "flat ground"),
    (lambda: formula("tanh(3*x)+y**2"), "lbfgs", {}, (0.2, 1.0), 150, "flat", "flat ground"),
    (lambda: formula("-exp(-(x-4)**2-(y-4)**2)"), "bfgs", {}, (-4.0, -4.0), 60, "flat", "flat ground"),
    (lambda: formula("(1e-3*x-1)**2+(1e3*y-1)**2", (-2000, 2000), (-0.01, 0.01)), "newton", {}, (-500.0, 0.005), 150,
     "local", "curvatures 2·10⁻⁶ and 2·10⁶"),
    (lambda: formula("x**2-1e-9*y**2"), "newton", {}, (1.0, 1.0), 60, "saddle", "curvatures −2·10⁻⁹ and 2"),
    (lambda: formula("(x*y-1)**2"), "lbfgs", {}, (2.0, 2.0), 60, "local", "(1, 1)"),
    (lambda: formula("abs(x)+abs(y)"), "nelder_mead", {}, (2.0, 1.5), 150, "local", "a kink"),
    (lambda: formula("sqrt(x**2+y**2)"), "newton", {}, (0.0, 0.0), 40, "local", "a kink"),
    (lambda: formula("arcsin(x)+y**2"), "newton", {}, (1.0, 1.0), 40, "stalled", "edge of the domain"),
    (lambda: formula("sin(x)+y**2", (10, 30)), "newton", {}, (20.42, 0.1), 40, "saddle", "It is no minimum"),
    (lambda: formula("cos(x)+y**2"), "bfgs", {}, (0.0, 0.0), 40, "saddle", "It is no minimum"),
    (lambda: formula("exp(x*y)"), "sgd", {"lr": 1e-5}, (0.4, -0.8), 60, "running", "Still descending"),
    (lambda: formula("x**y"), "sgd", {"lr": 1e-5}, (3.0, 2.0), 3, "running", "Still descending"),
    (lambda: formula("x**3+y**3"), "newton", {"damping": 1.0}, (3.85, 2.56), 60, "saddle", "It is no minimum"),
    (lambda: formula("x**3+y**2"), "newton", {}, (3.85, 2.56), 12, "saddle", "It is no minimum"),
    (lambda: formula("x**4+y**4"), "newton", {}, (3.85, 2.56), 60, "local", "Reached a local minimum"),
    (lambda: formula("x**3-3*x*y**2"), "adamw", {"lr": 100.0}, (4.5, 4.0), 5, "running", "Still descending"),
    (lambda: formula("max(0,x-1)+max(0,y-1)"), "sgd", {"lr": 1.0}, (2.9, 1.6), 6, "flat", "flat ground"),
    (lambda: formula("arcsin(x)+y**2"), "sgd", {"lr": 1e8}, (0.3, 2.0), 40, "diverged", "step 1"),
    (SURFACES["hinge"], "newton", {"line_search": True}, (-1.6, -1.2), 150, "stalled", "the slope is still"),
    (lambda: formula("exp(x*y)"), "scipy_trust_exact", {}, (-3.0, 2.0), 20, "stalled", "by its own test"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "word", "hyper", "start", "steps", "kind", "words"), SCENES)
def test_what_was_said_wrongly_once_is_said_rightly(make, word, hyper, start, steps, kind, words):
    f = make()
    x0 = f.start if start is None else start
    verdict = judged(f, trajectory(OPTIMIZERS[word](**hyper), f, x0, steps))
    assert verdict.kind == kind, verdict
    assert words in verdict.sentence
    fate = classify_starts(OPTIMIZERS[word](**hyper), f, np.array(x0)[:, None], steps, widths(f), f.minima).ending[0]
    assert fate == ENDING_BY_VERDICT.get(kind, Ending.STALLED)
