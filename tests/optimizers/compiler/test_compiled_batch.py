"""Machine code finds what NumPy finds, to the last bit, wherever a step can be written down."""

import pickle
from inspect import signature
from itertools import product

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS
from optimizers.compiler.compiled_batch import make_plan
from optimizers.compiler.llvm_codegen import (
    BLOCK_LANES,
    MAX_DIVISOR,
    Kernel,
    append_reciprocals,
)
from optimizers.compiler.symbolic_values import SymbolicScalar, Tape, Untraceable
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.momentum import momentum, sgd
from optimizers.parallel_batch import run_batch, run_tiles
from optimizers.schedules import cosine, exponential, scheduled, warmup
from optimizers.wrappers import ema, polyak, weight_decayed
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy
from tests.optimizers.methods.optimizer_cases import ELEMENTWISE
from tests.support.compilable import COMPILABLE_SURFACES, EDGE_VALUES
from tests.support.joined_tiles import join_tiles
from tests.support.sampling import sample

LANES = 5 * BLOCK_LANES + 7  # the last block is not full
STEPS = 60
PAIRS = [
    *product(COMPILABLE_SURFACES, ("sgd", "adam", "lion")),
    *product(("rosenbrock", "hinge", "bukin6"), ELEMENTWISE),
]


def starts(surface, lanes=LANES):
    """In the view and around it, some on its axes and one nowhere."""
    rng = np.random.default_rng(3)
    low, high = np.array(surface.box).T
    x0 = rng.uniform(low - (high - low), high + (high - low), (lanes, 2)).T
    x0[0, :5] = 0.0
    x0[:, 5] = 0.0
    x0[:, 6] = np.inf
    return x0


def compared(make, surface, x0, steps=STEPS, goal=np.nan):
    optimizer = make()
    plan = make_plan(optimizer, surface, *x0.shape, steps, has_goal=np.isfinite(goal).all())
    assert plan is not None
    found, truth = run_batch(optimizer, surface, x0, steps, goal, plan), run_batch(optimizer, surface, x0, steps, goal)
    for name in truth._fields:
        np.testing.assert_array_equal(getattr(found, name), getattr(truth, name), err_msg=name)
    return found


@pytest.mark.no_cover
@pytest.mark.parametrize(("place", "word"), sample(PAIRS, lambda place, word: place == "rosenbrock" or word == "adam"))
def test_machine_code_finds_the_same_bits_as_numpy(place, word):
    """The runs arrive, go on, or diverge: one rate is a hundred times the usual one."""
    surface = SURFACES[place]()
    usual = OPTIMIZERS[word]
    x0 = starts(surface)
    goal = np.nanquantile(surface.value(np.nan_to_num(x0, posinf=0)), 0.2)
    compared(usual, surface, x0, goal=goal)
    if "lr" in signature(usual).parameters:
        compared(lambda: usual(lr=1.0), surface, x0, goal=np.linspace(-1, goal, x0.shape[1]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: scheduled(momentum, lr=cosine(0.02, 40), mu=0.5),
        lambda: scheduled(adam, lr=warmup(exponential(0.3, 0.05), 10)),
        lambda: scheduled(adam, lr=0.1, bias_correction=False),
        lambda: polyak(sgd(lr=0.01)),
        lambda: ema(adam(lr=0.1)),
        lambda: weight_decayed(momentum(lr=0.01), 0.1),
        lambda: adam(lr=np.geomspace(1e-4, 10, LANES)),
        lambda: momentum(lr=np.geomspace(1e-4, 1, LANES), mu=np.linspace(0, 1.1, LANES)),
        lambda: scheduled(adam, lr=np.geomspace(1e-4, 10, LANES), beta1=0.5),
    ],
)
def test_so_it_is_with_schedules_wrappers_and_numbers_for_each_lane(make):
    found = compared(make, SURFACES["himmelblau"](), starts(SURFACES["himmelblau"]()), goal=0.1)
    assert (found.reached_step <= STEPS).any()
    assert (found.reached_step > STEPS).any()


@pytest.mark.parametrize(
    "text",
    [
        *("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", "sqrt(1 + abs(x)) / (1 + y*y)", "3", "2*x"),
        *("max(x, 0)**2 + abs(x)*y - min(y, x) + max(2, y)", "1/(1 + abs(x)*abs(y)) + sqrt(x**4)"),
        *("floor(x)*y**2 + sign(y)*x + relu(x*y)", "where(0 < x <= y or y > 2, x*x, max(y, x, 1)*x + y**2)"),
    ],
)
def test_a_formula_that_was_typed_is_compiled_too(text):
    typed = formula(text)
    compared(lambda: adam(lr=0.1), typed, starts(typed))


def asks_lanes(f, x, state, t):
    return (x - f.grad(x) if x[0].sum() > 0 else x), state


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (OPTIMIZERS["lbfgs"], SURFACES["himmelblau"]()),  # a line search decides by what a lane is
        (OPTIMIZERS["nelder_mead"], SURFACES["himmelblau"]()),
        (OPTIMIZERS["scipy_lbfgsb"], SURFACES["himmelblau"]()),
        (sgd, SURFACES["ackley"]()),  # exp and cos
        (sgd, noisy(SURFACES["bowl"](), 1.0, 0)),
        (sgd, CountedProblem(SURFACES["bowl"]())),  # it would count a single question
        (lambda: adam(beta2=np.linspace(0, 0.9, LANES)), SURFACES["bowl"]()),  # a power for each lane
        (lambda: Optimizer(lambda x: (), asks_lanes), SURFACES["bowl"]()),
        (lambda: Optimizer(lambda x: (), lambda f, x, s, t: (x[::-1] if t % 2 == 0 else x, s)), SURFACES["bowl"]()),
    ],
)
def test_what_cannot_be_written_down_is_left_to_numpy(make, place):
    assert make_plan(make(), place, 2, LANES, STEPS) is None


def test_a_plan_can_be_sent_and_cut():
    """To another process, and into tiles."""
    x0, make = starts(SURFACES["himmelblau"]()), lambda lr: adam(lr=lr)
    lr = np.geomspace(1e-3, 1, LANES)
    plan = pickle.loads(pickle.dumps(make_plan(make(lr), SURFACES["himmelblau"](), 2, LANES, STEPS)))  # noqa: S301
    whole = run_batch(make(lr), SURFACES["himmelblau"](), x0, STEPS, 0.1, plan)
    for cut in (slice(0, 1), slice(3, 90), slice(90, LANES)):
        part = run_batch(make(lr[cut]), SURFACES["himmelblau"](), x0[:, cut], STEPS, 0.1, plan.select_lanes(cut))
        for name in whole._fields:
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[..., cut], err_msg=name)


def test_a_sweep_that_is_worth_it_is_compiled_and_the_same_however_it_is_cut():
    lanes, steps = 3000, 200
    x0 = np.random.default_rng(1).uniform(-5, 5, (2, lanes))
    truth = run_batch(adam(lr=0.1), SURFACES["himmelblau"](), x0, steps, 1e-3)
    for tile, hands in ((None, None), (100, 3), (lanes, 1)):
        parts = run_tiles(
            adam, SURFACES["himmelblau"](), x0, steps, hyper={"lr": 0.1}, goal=1e-3, tile_lanes=tile, workers=hands
        )
        found = join_tiles(parts, lanes)
        for name in truth._fields:
            np.testing.assert_array_equal(getattr(found, name), getattr(truth, name), err_msg=name)


OPERATIONS = {
    "div": np.divide, "maximum": np.maximum, "minimum": np.minimum, "sqrt": lambda x, _: np.sqrt(x),
    "sign": lambda x, _: np.sign(x),
}  # fmt: skip


def by_kernel(word, a, number):
    """An operation on each `a` and a number of the step."""
    sheet = Tape(2)
    x, alive = sheet.new_inputs(()), sheet.new_inputs((), mask=True)
    result, alive = int(OPERATIONS[word](x, 7.0).indices), int(alive.indices)  # the 7 is a number that is given below
    table, inverted = append_reciprocals(sheet.operations, np.full((1, len(sheet.constants)), number))
    rows = np.stack((a, np.ones_like(a)))
    Kernel(sheet.operations, (result, alive), alive, inverted)(rows, np.zeros((0, a.size)), table)
    return rows[0]


@pytest.mark.parametrize(
    "divisor", [3.0, 0.1, 1 - 0.999**7, 1 - 2**-53, 1 + 2**-52, 2 - 2**-52, MAX_DIVISOR, 1 / MAX_DIVISOR, 7e-5, -3.0]
)
def test_a_quotient_without_a_division_is_the_rounded_one(divisor):
    """Numerators of all sizes, and close to where rounding turns: products of the divisor, and their neighbours."""
    rng = np.random.default_rng(0)
    count = 64_000
    spread = rng.uniform(1, 2, count) * 2.0 ** rng.integers(-500, 500, count)
    middles = divisor * (rng.uniform(1, 2, count) + 2.0**-53)
    near = np.concatenate((middles, np.nextafter(middles, 9), np.nextafter(middles, -9)))
    edges = np.resize(np.concatenate((EDGE_VALUES, -EDGE_VALUES)), 2 * BLOCK_LANES)
    for a in (spread, near, edges):
        with np.errstate(over="ignore"):
            found, expected = by_kernel("div", a, divisor), a / divisor
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(np.signbit(found[a == 0]), np.signbit(expected[a == 0]))


@pytest.mark.parametrize("word", OPERATIONS)
@pytest.mark.parametrize("number", [3.0, 1e-300, 1e300, np.inf, np.nan, 0.0])
def test_an_operation_does_as_numpys_at_the_edges(word, number):
    a = np.resize(np.concatenate((EDGE_VALUES, -EDGE_VALUES)), 2 * BLOCK_LANES)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(by_kernel(word, a, number), OPERATIONS[word](a, number))


@pytest.mark.parametrize(
    "asked",
    [
        lambda s: bool(s[0] > 0),
        lambda s: float(s[0]),
        np.exp,
        lambda s: s**3,
        lambda s: s[s > 0],
        np.linalg.norm,
        np.add.reduce,
        lambda s: np.add(s, s, out=np.zeros(3)),
        lambda s: s + np.zeros(5),
        np.array,
        lambda s: list(s[0]),
    ],
)
def test_symbols_say_what_they_have_not(asked):
    with pytest.raises(Untraceable):
        asked(Tape(3).new_inputs((2,)))


@pytest.mark.parametrize(
    "rows",
    [
        np.zeros((2, BLOCK_LANES + 1)),
        np.zeros((2, BLOCK_LANES), dtype=np.float32),
        np.zeros((BLOCK_LANES, 2)).T,  # not contiguous
    ],
)
def test_machine_code_refuses_what_it_would_write_beyond(rows):
    sheet = Tape(2)
    x, alive = int(sheet.new_inputs(()).indices), int(sheet.new_inputs((), mask=True).indices)
    kernel = Kernel(sheet.operations, (x, alive), alive, ())
    with pytest.raises(ValueError, match=f"a multiple of {BLOCK_LANES} lanes"):
        kernel(rows, np.zeros((0, rows.shape[1])), np.zeros((1, 0)))


def test_a_number_is_kept_once():
    """A zero and its negative are two, as their reciprocals are; NaN is one."""
    sheet = Tape(2)
    places = [sheet.add_constant(value) for value in (2.0, 0.0, -0.0, np.nan, 2.0, -0.0, float("nan"), 0.0)]
    assert places == [0, 1, 2, 3, 0, 2, 3, 1]


def test_numbers_of_a_step_meet_lanes_only_in_their_operations():
    number = SymbolicScalar([], float, 2.0)
    for pair in ((number, np.zeros(3)), (np.zeros(3), number)):
        with pytest.raises(Untraceable, match="meet lanes"):
            np.add(*pair)
