"""Optimizers that ask for the gradient only: closed forms, first steps, lanes, memory, and known faults."""

from inspect import signature

import numpy as np
import pytest

from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.adagrad_rmsprop_adam import adadelta, adagrad, adam, rmsprop
from optimizers.methods.adam_variants import adabelief, adamax, adamw, amsgrad, nadam, radam, yogi
from optimizers.methods.momentum import momentum, momentum_subtracted, nesterov, nesterov_lookahead, sgd
from optimizers.methods.sign_methods import lion, rprop
from optimizers.simulate import trajectory
from surfaces.base import Box, Surface
from surfaces.functions.bowls import bowl
from surfaces.functions.radford_animations import beale
from surfaces.functions.valleys import rosenbrock
from tests.optimizers.methods.optimizer_cases import CASES, ELEMENTWISE, START, G

DEFAULTS = {OPTIMIZERS[word]: CASES[word].defaults for word in ELEMENTWISE}
MAKERS = list(DEFAULTS)
NUMBERS = [(make, name) for make in MAKERS for name, value in DEFAULTS[make].items() if not isinstance(value, bool)]
EXACT = {"rtol": 1e-12, "atol": 1e-14}  # the same arithmetic, give or take the order of a few roundings


def slope(*g):
    """A plane: its gradient is `g` everywhere."""
    gradient = np.array(g)

    def value(p):
        return np.tensordot(gradient, p, 1)

    def grad(p):
        return np.broadcast_to(gradient.reshape(2, *(1 for _ in p.shape[1:])), p.shape)

    def hess(p):
        return np.zeros((2, *p.shape))

    return Surface(value, grad, hess, Box((-1, 1), (-1, 1)), (0.0, 0.0), ())


def scaled(f, factor):
    def value(p):
        return factor * f.value(p)

    def grad(p):
        return factor * f.grad(p)

    def hess(p):
        return factor * f.hess(p)

    return Surface(value, grad, hess, f.box, f.start, f.minima)


def matrix_powers(M, z, steps):
    """z, M z, M² z, ... as columns."""
    return np.array([np.linalg.matrix_power(M, t) @ z for t in range(steps + 1)]).T


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("f", [slope(4.0, -0.5), beale()], ids=["slope", "beale"])
def test_left_out_hyperparameters_are_the_defaults(make, f):
    """80 steps: long enough for every one of them to matter, on the even slope or on the other."""
    left_out, given = (trajectory(make(**hyper), f, (1.0, 1.2), 80).x for hyper in ({}, DEFAULTS[make]))
    np.testing.assert_array_equal(left_out, given)


# Closed forms on a quadratic, f(x) = x.H x / 2


@pytest.mark.parametrize("lr", [0.01, 0.15, 0.25])  # the last one diverges: 2 / 10 is the limit
def test_gradient_descent_on_a_quadratic_is_powers_of_a_matrix(lr):
    f, start = bowl(condition=10, angle=20), np.array((-3.0, 2.0))
    expected = matrix_powers(np.eye(2) - lr * f.hess(start), start, 60)
    # 60 products, each of which may round; relative to the largest coordinate, as the path nears 0
    np.testing.assert_allclose(trajectory(sgd(lr), f, start, 60).x, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9, 0.99])
def test_momentum_on_a_quadratic_is_powers_of_a_matrix(mu):
    f, start, lr, one = bowl(condition=10, angle=20), np.array((-3.0, 2.0)), 0.05, np.eye(2)
    H = f.hess(start)
    M = np.block([[one - lr * H, mu * one], [-lr * H, mu * one]])  # of (x, v)
    expected = matrix_powers(M, np.append(start, (0, 0)), 60)
    path = trajectory(momentum(lr, mu), f, start, 60)
    np.testing.assert_allclose(path.x, expected[:2], rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(np.array([s.v for s in path.states]).T, expected[2:], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("f", [bowl(), rosenbrock(), beale()], ids=["bowl", "rosenbrock", "beale"])
def test_the_two_signs_of_momentum_are_one_path_bit_for_bit_with_opposite_velocities(f, mu):
    added, subtracted = (trajectory(make(lr=5e-4, mu=mu), f, f.start, 150) for make in (momentum, momentum_subtracted))
    np.testing.assert_array_equal(added.x, subtracted.x)
    for one, other in zip(added.states, subtracted.states, strict=True):
        np.testing.assert_array_equal(one.v, -other.v)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9, 0.99])
def test_nesterov_on_a_quadratic_is_powers_of_a_matrix(mu):
    """With μ² where it belongs: x ← x + μ²v - (1 + μ) lr g."""
    f, start, lr, one = bowl(condition=10, angle=20), np.array((-3.0, 2.0)), 0.05, np.eye(2)
    H = f.hess(start)
    M = np.block([[one - (1 + mu) * lr * H, mu**2 * one], [-lr * H, mu * one]])  # of (x, v)
    expected = matrix_powers(M, np.append(start, (0, 0)), 60)[:2]
    np.testing.assert_allclose(trajectory(nesterov(lr, mu), f, start, 60).x, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("f", [bowl(), rosenbrock(), beale()], ids=["bowl", "rosenbrock", "beale"])
def test_the_two_nesterovs_are_one_iteration_seen_from_two_points(f, mu):
    ahead = trajectory(nesterov_lookahead(lr=5e-4, mu=mu), f, f.start, 150)
    v = np.array([state.v for state in ahead.states]).T
    there = trajectory(nesterov(lr=5e-4, mu=mu), f, f.start, 150).x
    np.testing.assert_allclose(ahead.x + mu * v, there, rtol=1e-9, atol=1e-9)  # rounding, grown along Rosenbrock's bend


def test_momentum_and_nesterov_differ_as_soon_as_there_is_a_velocity():
    f = bowl()
    paths = [trajectory(make(lr=0.05, mu=0.9), f, f.start, 5).x for make in (momentum, nesterov, nesterov_lookahead)]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(paths[i][:, 2] - paths[j][:, 2]).min() > 1e-3


def test_without_friction_of_momentum_all_are_gradient_descent():
    f = rosenbrock()
    plain = trajectory(sgd(lr=1e-3), f, f.start, 50).x
    for make in (momentum, nesterov, nesterov_lookahead):
        np.testing.assert_allclose(trajectory(make(lr=1e-3, mu=0.0), f, f.start, 50).x, plain, rtol=1e-12)


def test_the_loss_never_rises_with_a_small_learning_rate_and_always_above_the_limit():
    f = bowl(condition=10)
    fine = f.value(trajectory(sgd(lr=1.9 / 10), f, f.start, 100).x)
    assert (np.diff(fine) < 0).all()
    steep = f.value(trajectory(sgd(lr=2.1 / 10), f, f.start, 100).x)
    assert steep[-1] > 100 * steep[0]


# First steps, in numbers

FIRST_STEPS = [(word, hyper, step) for word, case in CASES.items() for hyper, step in case.first_steps]


@pytest.mark.parametrize("word, hyper, expected", FIRST_STEPS)
def test_first_step_is_as_long_as_the_formula_says(word, hyper, expected):
    """Adam's is lr, up to eps; 3.16 lr if it does not correct, 0.744 lr if it counts from t = 2."""
    path = trajectory(OPTIMIZERS[word](**hyper), slope(*G), START, 1)
    np.testing.assert_allclose(path.x[:, 1] - START, expected, rtol=1e-12)


@pytest.mark.parametrize("make", [adam, amsgrad, adamax, yogi])
def test_on_an_even_slope_a_corrected_adam_takes_equal_steps_from_the_first_one(make):
    """Both means of a constant are the constant, once corrected: any wrong power of beta shows, at every t."""
    path = trajectory(make(lr=0.25, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40)
    if make is yogi:  # its v forgets too slowly to be a mean; corrected it exceeds g² for a while
        path = path._replace(x=path.x[:, :2])
    np.testing.assert_allclose(np.diff(path.x), np.broadcast_to([[-0.25], [0.25]], np.diff(path.x).shape), rtol=1e-12)


def test_bias_correction_is_used_and_fades():
    """Uncorrected Adam's steps are lr (1 - β₁ᵗ) / √(1 - β₂ᵗ) on an even slope."""
    t = np.arange(1, 61)
    path = trajectory(adam(lr=0.25, eps=0, bias_correction=False), slope(4.0, -0.5), (0.0, 0.0), 60)
    expected = 0.25 * (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    np.testing.assert_allclose(np.diff(path.x), [-expected, expected], rtol=1e-11)  # 60 additions of 0.1 % each


def test_radam_is_rectified_from_the_sixth_step_on():
    """For beta2 = 0.999; before, its steps on an even slope are the gradient's."""
    lengths = np.diff(trajectory(radam(lr=0.01, eps=0), slope(4.0, -0.5), (0.0, 0.0), 6).x)
    np.testing.assert_allclose(lengths[:, :5], np.repeat([[-0.04], [0.005]], 5, axis=1), rtol=1e-12)
    rho_inf = 1999.0
    rho = rho_inf - 12 * 0.999**6 / (1 - 0.999**6)
    r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
    np.testing.assert_allclose(lengths[:, 5], [-0.01 * r, 0.01 * r], rtol=1e-9)  # rho is 6 of 1999: 3 digits cancel


def test_radam_stays_momentum_where_the_average_is_too_short_to_trust():
    """beta2 = 0.6 averages over 4 gradients, never more than 5."""
    lengths = np.diff(trajectory(radam(lr=0.01, beta2=0.6), slope(4.0, -0.5), (0.0, 0.0), 30).x)
    np.testing.assert_allclose(lengths, np.repeat([[-0.04], [0.005]], 30, axis=1), rtol=1e-9)


def test_rmsprop_on_an_even_slope_approaches_the_learning_rate_from_above():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(rmsprop(lr=0.25, decay_rate=0.8, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    expected = 0.25 / np.sqrt(1 - 0.8**t)
    np.testing.assert_allclose(lengths, [-expected, expected], rtol=1e-11)


def test_adagrad_on_an_even_slope_slows_down_as_one_over_the_root_of_time():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(adagrad(lr=0.25, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    np.testing.assert_allclose(lengths, [-0.25 / np.sqrt(t), 0.25 / np.sqrt(t)], rtol=1e-11)


def test_adagrad_without_the_root_slows_down_as_one_over_time():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(adagrad(lr=0.25, eps=0, root=False), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    np.testing.assert_allclose(lengths, [-0.25 / (4 * t), 0.25 / (0.5 * t)], rtol=1e-11)


def test_adagrad_does_much_worse_without_the_root():
    f = rosenbrock()
    with_root, without = (f.value(trajectory(adagrad(root=root), f, f.start, 500).x[:, -1]) for root in (True, False))
    assert without > 3 * with_root


def test_rprop_grows_while_the_slope_keeps_its_sign_and_waits_where_it_turns():
    f = bowl(condition=1)
    x = trajectory(rprop(lr=0.1, shrink=0.5, grow=2.0, largest=0.3), f, (0.65, 0.65), 7).x[0]
    # 0.1, then 0.2, then 0.4 cut to 0.3; that jumps over 0: halved and waited; then back by that half, and on
    np.testing.assert_allclose(x, [0.65, 0.55, 0.35, 0.05, -0.25, -0.25, -0.10, 0.20], atol=1e-12)


def test_rprop_does_not_shrink_below_its_smallest_step():
    f = bowl(condition=1)
    path = trajectory(rprop(lr=0.1, smallest=0.05, largest=0.1), f, (0.03, 0.03), 60)
    assert min(state.lengths.min() for state in path.states) == 0.05


def test_lion_circles_a_minimum_at_the_distance_of_its_step():
    f = bowl(condition=1)
    far = np.abs(trajectory(lion(lr=0.01), f, (1.0, -1.0), 1000).x[:, -300:])
    assert 0.005 < far.max() < 0.2


@pytest.mark.parametrize("make", [adagrad, rmsprop, adam, adamax, nadam, amsgrad, adabelief, lion, rprop])
def test_the_units_of_the_loss_do_not_matter_to_a_normalised_step(make):
    f, zero = rosenbrock(), {"eps": 0.0} if "eps" in signature(make).parameters else {}
    one, thousand = (trajectory(make(**zero, lr=0.01), scaled(f, c), f.start, 60).x for c in (1.0, 1024.0))
    np.testing.assert_allclose(one, thousand, rtol=1e-9)  # 1024 changes no rounding but the root's


def test_adadelta_moves_in_the_units_of_x():
    """Twice the width of the landscape is twice the path, whatever the units of the loss: only eps has units."""
    f = bowl(condition=4, angle=0)
    narrow = trajectory(adadelta(eps=1e-6), f, (1.0, -0.5), 80).x
    wide = trajectory(adadelta(eps=4e-6), f, (2.0, -1.0), 80).x  # gradients and steps both double
    np.testing.assert_allclose(wide, 2 * narrow, rtol=1e-9)


def test_amsgrad_remembers_the_steepest_place_and_adam_forgets_it():
    f = bowl(condition=1)
    hyper = {"lr": 0.05, "beta2": 0.5}
    last = {make: trajectory(make(**hyper), f, (5.0, -5.0), 300).states[-1] for make in (adam, amsgrad)}
    assert (last[amsgrad].v_max > 100 * last[amsgrad].v).all()
    assert (last[adam].v < 0.1).all()


def test_yogi_moves_its_mean_square_by_a_share_of_the_new_square_only():
    optimizer = yogi(lr=0.0, beta2=0.9)
    x, state = np.zeros(2), optimizer.init(np.zeros(2))
    v = []
    for t, g in enumerate((2.0, 1.0, 0.25, 3.0), start=1):
        x, state = optimizer.step(slope(g, g), x, state, t)
        v.append(state.v[0])
    np.testing.assert_allclose(v, [0.4, 0.5, 0.49375, 1.39375], rtol=1e-12)  # +0.4, +0.1, -0.00625, +0.9


def test_yogi_leaves_its_mean_square_alone_where_it_is_right():
    x, memory = np.zeros(2), yogi().init(np.zeros(2))._replace(v=np.array((4.0, 4.0)))
    _, memory = yogi(beta2=0.5).step(slope(2.0, 2.0), x, memory, 1)
    np.testing.assert_array_equal(memory.v, 4.0)


def test_decoupled_decay_pulls_to_zero_where_there_is_no_slope():
    for make in (adamw, lion):
        x = trajectory(make(lr=0.1, weight_decay=0.2), slope(0.0, 0.0), (3.0, -1.0), 10).x
        np.testing.assert_allclose(x[:, -1], np.array((3.0, -1.0)) * 0.98**10, rtol=1e-12)


def test_adamw_without_decay_is_adam():
    f = rosenbrock()
    decayed, plain = (trajectory(o, f, f.start, 100).x for o in (adamw(weight_decay=0.0), adam()))
    np.testing.assert_allclose(decayed, plain, rtol=1e-12)


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


def test_a_map_of_hyperparameters_is_one_run():
    """momentum(lr=lr[:, None], mu=mu) on lanes (4, 3)."""
    f, lr, mu = beale(), np.array((1e-4, 1e-3, 3e-3, 1e-2)), np.array((0.0, 0.5, 0.9))
    starts = np.broadcast_to(np.reshape(f.start, (2, 1, 1)), (2, 4, 3))
    together = trajectory(momentum(lr=lr[:, None], mu=mu), f, starts, 50).x
    for i, j in np.ndindex(4, 3):
        alone = trajectory(momentum(lr=float(lr[i]), mu=float(mu[j])), f, f.start, 50).x
        np.testing.assert_allclose(together[:, :, i, j], alone, **EXACT)


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
