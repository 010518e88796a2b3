"""Every optimizer whose step treats each coordinate alone: defaults, first steps, lanes, memory, borders."""

from inspect import signature

import numpy as np
import pytest

from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.adagrad_rmsprop_adam import adagrad, adam, rmsprop
from optimizers.methods.adam_variants import adabelief, adamax, adamw, amsgrad, nadam
from optimizers.methods.sign_methods import lion, rprop
from optimizers.simulate import trajectory
from surfaces.base import Surface
from surfaces.functions.radford_animations import beale
from surfaces.functions.valleys import rosenbrock
from tests.optimizers.methods.optimizer_cases import CASES, ELEMENTWISE, START, G
from tests.support.even_slope import slope

DEFAULTS = {OPTIMIZERS[word]: CASES[word].defaults for word in ELEMENTWISE}
MAKERS = list(DEFAULTS)
NUMBERS = [(make, name) for make in MAKERS for name, value in DEFAULTS[make].items() if not isinstance(value, bool)]
EXACT = {"rtol": 1e-12, "atol": 1e-14}  # the same arithmetic, give or take the order of a few roundings


def scaled(f, factor):
    def value(p):
        return factor * f.value(p)

    def grad(p):
        return factor * f.grad(p)

    def hess(p):
        return factor * f.hess(p)

    return Surface(value, grad, hess, f.box, f.start, f.minima)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("f", [slope(4.0, -0.5), beale()], ids=["slope", "beale"])
def test_left_out_hyperparameters_are_the_defaults(make, f):
    """80 steps: long enough for every one of them to matter, on the even slope or on the other."""
    left_out, given = (trajectory(make(**hyper), f, (1.0, 1.2), 80).x for hyper in ({}, DEFAULTS[make]))
    np.testing.assert_array_equal(left_out, given)


# First steps, in numbers

FIRST_STEPS = [(word, hyper, step) for word, case in CASES.items() for hyper, step in case.first_steps]


@pytest.mark.parametrize("word, hyper, expected", FIRST_STEPS)
def test_first_step_is_as_long_as_the_formula_says(word, hyper, expected):
    """Adam's is lr, up to eps; 3.16 lr if it does not correct, 0.744 lr if it counts from t = 2."""
    path = trajectory(OPTIMIZERS[word](**hyper), slope(*G), START, 1)
    np.testing.assert_allclose(path.x[:, 1] - START, expected, rtol=1e-12)


@pytest.mark.parametrize("make", [adagrad, rmsprop, adam, adamax, nadam, amsgrad, adabelief, lion, rprop])
def test_the_units_of_the_loss_do_not_matter_to_a_normalised_step(make):
    f, zero = rosenbrock(), {"eps": 0.0} if "eps" in signature(make).parameters else {}
    one, thousand = (trajectory(make(**zero, lr=0.01), scaled(f, c), f.start, 60).x for c in (1.0, 1024.0))
    np.testing.assert_allclose(one, thousand, rtol=1e-9)  # 1024 changes no rounding but the root's


def test_decoupled_decay_pulls_to_zero_where_there_is_no_slope():
    for make in (adamw, lion):
        x = trajectory(make(lr=0.1, weight_decay=0.2), slope(0.0, 0.0), (3.0, -1.0), 10).x
        np.testing.assert_allclose(x[:, -1], np.array((3.0, -1.0)) * 0.98**10, rtol=1e-12)


# Lanes and memory


@pytest.mark.parametrize("make", MAKERS)
def test_a_batch_equals_its_lanes_run_alone(make):
    f, starts = beale(), np.random.default_rng(1).uniform(-1, 1, (2, 3, 2))
    together = trajectory(make(), f, starts, 40)
    for i in np.ndindex(3, 2):
        alone = trajectory(make(), f, starts[:, *i], 40)
        np.testing.assert_allclose(together.x[:, :, *i], alone.x, **EXACT)
        for ours, theirs in zip(together.states[-1], alone.states[-1], strict=True):
            lane = ours[:, *i] if isinstance(ours, np.ndarray) else ours
            np.testing.assert_allclose(lane, theirs, **EXACT)


@pytest.mark.parametrize("make, name", NUMBERS)
def test_a_hyperparameter_may_differ_from_lane_to_lane(make, name):
    f, usual = beale(), DEFAULTS[make][name]
    values = np.array((usual, 0.9 * usual, 0.4 * usual)) if usual else np.array((0.0, 0.01, 0.1))
    starts = np.repeat(np.array([[1.0], [1.2]]), 3, axis=1)
    together = trajectory(make(**{name: values}), f, starts, 30).x
    for i, value in enumerate(values):
        np.testing.assert_allclose(
            together[..., i], trajectory(make(**{name: float(value)}), f, starts[:, i], 30).x, **EXACT
        )


@pytest.mark.parametrize("make", MAKERS)
def test_a_run_from_a_new_start_carries_nothing_over(make):
    f, optimizer = beale(), make()
    trajectory(optimizer, f, (2.0, -1.0), 30)
    again = trajectory(optimizer, f, f.start, 30)
    fresh = trajectory(make(), f, f.start, 30)
    np.testing.assert_array_equal(again.x, fresh.x)


@pytest.mark.parametrize("make", MAKERS)
def test_two_of_a_kind_keep_their_own_learning_rate_when_they_take_turns(make):
    f, start = beale(), np.array((1.0, 1.2))
    slow, fast = make(lr=0.001), make(lr=0.01)
    a, b, memory_a, memory_b = start, start, slow.init(start), fast.init(start)
    for t in range(1, 11):
        a, memory_a = slow.step(f, a, memory_a, t)
        b, memory_b = fast.step(f, b, memory_b, t)
    np.testing.assert_array_equal(a, trajectory(make(lr=0.001), f, start, 10).x[:, -1])
    np.testing.assert_array_equal(b, trajectory(make(lr=0.01), f, start, 10).x[:, -1])
    assert np.abs(a - b).min() > 1e-4


@pytest.mark.parametrize("make", MAKERS)
def test_a_step_changes_no_array_it_was_given(make):
    f, optimizer, x = beale(), make(), np.array((1.0, 1.2))
    state = optimizer.init(x)
    for t in range(1, 12):
        for array in (x, *state):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
        x, state = optimizer.step(f, x, state, t)
    assert np.isfinite(x).all()


@pytest.mark.parametrize("make, name", NUMBERS)
@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, np.inf, np.nan])
def test_a_hyperparameter_at_its_border_or_beyond_is_no_error(make, name, value):
    """At worst the lane is dead; what it has passed stays finite."""
    f = rosenbrock()
    path = trajectory(make(**{name: value}), f, f.start, 30)
    assert np.isfinite(path.x).all()
    assert path.alive[0]


@pytest.mark.parametrize("make", MAKERS)
def test_memory_starts_empty(make):
    start = np.full((2, 3), 7.0)
    state = make().init(start)
    empty = {"lengths": 0.01, "product": 1.0}
    for name, field in zip(getattr(state, "_fields", ()), state, strict=True):
        np.testing.assert_array_equal(field, np.full(np.shape(field), empty.get(name, 0.0)))
        assert np.shape(field) in ((2, 3), ())


@pytest.mark.parametrize("make", MAKERS)
def test_the_defaults_go_downhill_on_rosenbrock(make):
    f = rosenbrock()
    loss = f.value(trajectory(make(), f, f.start, 400).x)
    assert loss[-1] < 0.9 * loss[0]
