"""A run in Python's own numbers is the run of NumPy to the last bit: points, memories, what it asked, and its end."""

from itertools import product
from math import copysign, isnan

import numpy as np
import pytest
from scipy import special

from optimizers import simulate
from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS
from optimizers.compiler.single_run_interpreter import MIN_SCALAR_STEPS, SCALAR_FUNCTIONS, run_scalar
from optimizers.compiler.symbolic_values import LIBRARY_UFUNCS
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.momentum import momentum, nesterov, sgd
from optimizers.schedules import cosine, exponential, scheduled, warmup
from optimizers.simulate import REST_STEPS, trajectory
from optimizers.wrappers import clipped, ema, lookahead, polyak, reduce_on_plateau, weight_decayed
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy
from surfaces.observers.problem_wrapper import ObservedObjective
from tests.optimizers.methods.optimizer_cases import ELEMENTWISE
from tests.support.compilable import COMPILABLE_SURFACES, EDGE_VALUES
from tests.support.sampling import sample

STEPS = 200
CURVED = [  # surfaces with waves and exponentials too
    "cliff", "two_wells", "easom", "rastrigin", "ackley", "mccormick", "levy13", "branin", "griewank", "schaffer2",
    "eggholder", "powell_badly_scaled",
]  # fmt: skip


def same(a, b):
    """Two memories, their types too."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, ObservedObjective):
        return True  # of another tally
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b or a != a)  # noqa: PLR0124 -- NaN


def compared(optimizer, surface, start, monkeypatch, steps=STEPS):
    """The run; None if all of it was left to NumPy. Fails if NumPy finds another."""
    taken, ours, theirs = [], CountedProblem(surface), CountedProblem(surface)

    def watched(*run):
        taken.append(run_scalar(*run))
        return taken[-1]

    with monkeypatch.context() as patch:
        patch.setattr(simulate, "run_scalar", watched)
        found = trajectory(optimizer, ours, start, steps)
        patch.setattr(simulate, "run_scalar", lambda *_: None)
        truth = trajectory(optimizer, theirs, start, steps)
    np.testing.assert_array_equal(found.x.view(np.int64), truth.x.view(np.int64))
    np.testing.assert_array_equal(found.alive, truth.alive)
    np.testing.assert_array_equal(ours.cumulative_calls(steps), theirs.cumulative_calls(steps))
    assert len(found.states) == len(truth.states)
    assert all(map(same, found.states, truth.states))
    return taken[0]


PAIRS = [
    *((place, word) for place in (*COMPILABLE_SURFACES, *CURVED) for word in ("sgd", "adam", "lion")),
    *((place, word) for place in ("rosenbrock", "ackley", "bukin6") for word in ELEMENTWISE),
]


@pytest.mark.no_cover
@pytest.mark.parametrize(("place", "word"), sample(PAIRS, lambda place, word: place == "rosenbrock" or word == "adam"))
def test_a_run_is_numpys_to_the_last_bit(place, word, monkeypatch):
    """The runs arrive, go on, or diverge."""
    surface, rng = SURFACES[place](), np.random.default_rng(5)
    low, high = np.array(surface.box).T
    for hyper in ({}, {} if word == "adadelta" else {"lr": 1.0}):
        for start in (surface.start, rng.uniform(low, high)):
            found = compared(OPTIMIZERS[word](**hyper), surface, start, monkeypatch)
            assert found is not None or not trajectory(OPTIMIZERS[word](**hyper), surface, start, STEPS).alive[1]


def sometimes(t):
    return 0.02 if t % 50 < 25 else 0.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: scheduled(momentum, lr=cosine(0.02, 40), mu=0.5),
        lambda: scheduled(adam, lr=warmup(exponential(0.3, 0.05), 10), beta1=sometimes),
        lambda: scheduled(adam, lr=0.1, bias_correction=False),
        lambda: polyak(sgd(lr=0.01)),
        lambda: ema(adam(lr=0.1)),
        lambda: weight_decayed(nesterov(lr=0.002), 0.1),
        lambda: reduce_on_plateau(nesterov(lr=0.002)),
        lambda: momentum(lr=np.float64(0.002), mu=np.array(0.9)),
    ],
)
def test_so_it_is_with_schedules_and_wrappers(make, monkeypatch):
    for place in ("himmelblau", "ackley"):
        assert compared(make(), SURFACES[place](), SURFACES[place]().start, monkeypatch) is not None


@pytest.mark.parametrize(
    "text",
    ["(x**2 + y - 11)**2 + (x + y**2 - 7)**2", "sqrt(1 + abs(x)) / (1 + y*y)", "3", "2*x", "log(1+x**2) - sin(x*y)",
     "max(x, y)**2 + min(x, y) + tanh(x)", "exp(x) / (1 + exp(x)) + cosh(y)", "log(x) + y**2",
     "cbrt(x)*y + erf(x*y) + floor(3*x)*y**2", "mod(x, y)*x + sign(y)*x**2 + softplus(x*y)",
     "atan2(y, x)**2 + sigmoid(x)",
     "where(0 < x <= y or y > 2, x*x, max(y, x, 1)*x + y**2) + relu(x)"],
)  # fmt: skip
def test_a_formula_that_was_typed_is_written_down_too(text, monkeypatch):
    for make in (lambda: adam(lr=0.1), lambda: sgd(lr=0.3)):
        assert compared(make(), formula(text), (1.2, 0.7), monkeypatch) is not None


def test_a_run_ends_where_it_rests(monkeypatch):
    found = compared(sgd(lr=1.0), SURFACES["bowl"](condition=1.0, angle=0.0), (0.5, 0.25), monkeypatch, 5000)
    assert found.is_at_rest
    assert len(found.x) < 3 * REST_STEPS


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        (lambda f, x, state, t: (x * 1e3, state), 102),  # infinite
        (lambda f, x, state, t: (x + 1 + 0 / (x - 150), state), 149),  # 0 / 0
        (lambda f, x, state, t: (x - 1 + np.sqrt(150 + x) * 0, state), 152),  # the root of -1
        (lambda f, x, state, t: (x, state / (x[0] - 1)), 0),  # a memory that is not finite, at a point that is
    ],
)
def test_what_is_no_number_any_more_is_numpys(step, ends, monkeypatch):
    found = compared(Optimizer(np.ones_like, step), SURFACES["bowl"](), (1.0, 1.0), monkeypatch)
    assert (len(found.x) - 1 if found else 0) == ends


def asks_for_numbers(f, x, state, t):
    return (x - f.grad(x) if x[0] > 0 else x), state


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        *((OPTIMIZERS[word], SURFACES["himmelblau"]()) for word in ("lbfgs", "newton", "nelder_mead", "scipy_lbfgsb")),
        (lambda: lookahead(sgd()), SURFACES["bowl"]()),
        (lambda: clipped(sgd()), SURFACES["bowl"]()),
        (lambda: momentum(lr=np.array((0.01, 0.002))), SURFACES["bowl"]()),  # a rate for each coordinate
        (lambda: Optimizer(lambda x: (), asks_for_numbers), SURFACES["bowl"]()),
        (lambda: Optimizer(lambda x: (), lambda f, x, s, t: (x - 0.1 * x[0] ** 2, s)), SURFACES["bowl"]()),
        (sgd, noisy(SURFACES["bowl"](), 1.0, 0)),
        (sgd, CountedProblem(noisy(SURFACES["bowl"](), 1.0, 0))),
        *((sgd, SURFACES[name]()) for name in ("logistic_regression", "jennrich_sampson")),  # sums over data
        (lambda: Optimizer(lambda x: (), lambda f, x, s, t: (-np.sort(x), s)), SURFACES["bowl"]()),
        (lambda: Optimizer(lambda x: (), lambda f, x, s, t: (repeated(x), s)), SURFACES["bowl"]()),  # too long
    ],
)
def test_what_cannot_be_written_down_is_left_to_numpy(make, problem, monkeypatch):
    assert compared(make(), problem, (1.5, 1.0), monkeypatch) is None


def repeated(x):
    for i in range(300):
        x = x + 1 / (i + 2)
    return x


@pytest.mark.parametrize(("steps", "start"), [(MIN_SCALAR_STEPS - 1, (1.0, 2.0)), (MIN_SCALAR_STEPS, (np.inf, 2.0))])
def test_short_runs_and_those_from_nowhere_are_numpys(steps, start, monkeypatch):
    assert compared(sgd(lr=0.01), SURFACES["bowl"](), start, monkeypatch, steps) is None


def test_memories_come_back_as_they_were(monkeypatch):
    """Tuples, dicts, arrays of any shape and kind, numbers and words."""

    def init(x):
        empty = np.zeros((0, *x.shape))
        return {
            "m": (x, np.zeros((2, *x.shape))), "none": empty, "n": 3, "word": "a", "last": (), "up": x > 0,
            "size": x[0], "r": 0.5,
        }  # fmt: skip

    def step(f, x, state, t):
        m, both = state["m"]
        g = f.grad(x)
        return x - 0.1 * g, {
            "m": (0.5 * m, both + np.stack((g, x))), "none": state["none"], "n": state["n"] + 2, "word": "a",
            "last": (), "up": g > 0, "size": g[1], "r": state["r"] * 0.5,
        }  # fmt: skip

    assert compared(Optimizer(init, step), SURFACES["bowl"](), (1.0, -2.0), monkeypatch) is not None


SINGLE = {  # operations on one number
    np.negative, np.absolute, np.sqrt, np.isfinite, np.float64, np.logical_not, np.sign, np.floor,
    *(call for call in LIBRARY_UFUNCS if call.nin == 1),
}  # fmt: skip


def is_same_number(a: float, b: float) -> bool:
    """Equal, and of two zeros with the same sign; or both NaN. (NumPy's own check takes a hundred times as long.)"""
    return (a == b and (a != 0 or copysign(1, a) == copysign(1, b))) or (isnan(a) and isnan(b))


@pytest.mark.parametrize("word", SCALAR_FUNCTIONS)
def test_an_operation_does_as_numpys_at_the_edges(word):
    by_numpy = {
        "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative, "abs": np.absolute,
        "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal,
        "ne": np.not_equal, "not": np.logical_not, "and": np.logical_and, "or": np.logical_or, "float": np.float64,
    }.get(word) or getattr(special if word in {"erf", "expit"} else np, word)  # fmt: skip
    edges = (True, False) if word in ("not", "and", "or", "float") else (EDGE_VALUES.tolist() + (-EDGE_VALUES).tolist())
    count = 3 if word == "where" else 1 if by_numpy in SINGLE else 2
    refused, wrong = 0, []
    with np.errstate(all="ignore"):
        for operands in product(edges, repeat=count):
            try:
                found = SCALAR_FUNCTIONS[word](*operands)
            except (ZeroDivisionError, ValueError, OverflowError):  # NumPy's then
                refused += 1
                continue
            assert type(found) in (float, bool)
            if word in ("maximum", "minimum") and not any(operands):
                continue  # of 0 and -0 NumPy takes the one that the processor takes: another on arm64 than on x86-64
            if not is_same_number(found, expected := float(by_numpy(*operands))):
                wrong.append((operands, found, expected))
    assert wrong == []
    assert refused < len(edges) ** count
