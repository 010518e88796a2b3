"""Gradient descent, momentum and Nesterov's: closed forms on a quadratic, f(x) = x.H x / 2, and lanes."""

import numpy as np
import pytest

from optimizers.methods.momentum import momentum, momentum_subtracted, nesterov, nesterov_lookahead, sgd
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.radford_animations import beale
from surfaces.functions.valleys import rosenbrock

EXACT = {"rtol": 1e-12, "atol": 1e-14}  # the same arithmetic, give or take the order of a few roundings


def matrix_powers(M, z, steps):
    """z, M z, M² z, ... as columns."""
    return np.array([np.linalg.matrix_power(M, t) @ z for t in range(steps + 1)]).T


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


def test_a_map_of_hyperparameters_is_one_run():
    """momentum(lr=lr[:, None], mu=mu) on lanes (4, 3)."""
    f, lr, mu = beale(), np.array((1e-4, 1e-3, 3e-3, 1e-2)), np.array((0.0, 0.5, 0.9))
    starts = np.broadcast_to(np.reshape(f.start, (2, 1, 1)), (2, 4, 3))
    together = trajectory(momentum(lr=lr[:, None], mu=mu), f, starts, 50).x
    for i, j in np.ndindex(4, 3):
        alone = trajectory(momentum(lr=float(lr[i]), mu=float(mu[j])), f, f.start, 50).x
        np.testing.assert_allclose(together[:, :, i, j], alone, **EXACT)
