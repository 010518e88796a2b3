"""Noise is drawn from (seed, step) and from nothing else."""

import pickle

import numpy as np
import pytest

from optimizers.methods.momentum import momentum
from optimizers.simulate import trajectory
from surfaces.base import Array
from surfaces.catalogue import SURFACES
from surfaces.observers.gradient_noise import NOISE_STREAM, noisy

P = np.random.default_rng(0).uniform(-1, 1, (2, 6))


def noise(problem, t: int, p: Array = P) -> Array:
    return problem.at(t).grad(p) - problem.grad(p)


def test_the_same_seed_and_step_give_the_same_draw() -> None:
    """However often, in whatever order, after whatever plotting, and by whichever copy it is asked."""
    beale = SURFACES["beale"]()
    one, other = noisy(beale, 0.3, seed=5), noisy(beale, 0.3, seed=5)
    first = [noise(one, t) for t in (1, 2, 3)]
    f = other.at(3)
    again = [f.grad(P) for _ in range(2)]
    np.testing.assert_array_equal(*again)
    other.value(P), other.grad(P), other.at(2).value(P)
    for t in (3, 1, 2):
        np.testing.assert_array_equal(noise(other, t), first[t - 1])


def test_within_a_step_the_noise_does_not_depend_on_the_point() -> None:
    """So a look-ahead or a line search sees one consistent, tilted function."""
    f = noisy(SURFACES["bowl"](), 0.3, seed=5)
    np.testing.assert_allclose(noise(f, 4), noise(f, 4, P + 1), atol=1e-14)
    view = f.at(4)
    np.testing.assert_allclose(view.grad(P + 1) - f.grad(P + 1), view.grad(P) - f.grad(P), atol=1e-14)


def test_other_steps_and_seeds_draw_other_noise() -> None:
    f, g = noisy(SURFACES["bowl"](), 1.0, seed=5), noisy(SURFACES["bowl"](), 1.0, seed=6)
    draws = np.concatenate([noise(f, t, P[:, 0]) for t in (1, 2)] + [noise(g, 1, P[:, 0])])
    assert len(set(np.round(draws, 9))) == draws.size


def test_a_noisy_batch_is_its_lanes_run_alone() -> None:
    f = noisy(SURFACES["himmelblau"](), 1.0, seed=5)
    together = trajectory(momentum(lr=0.005), f, P, 30).x
    for i in range(P.shape[1]):
        np.testing.assert_allclose(together[..., i], trajectory(momentum(lr=0.005), f, P[:, i], 30).x, rtol=1e-12)


def test_noise_and_minibatches_of_one_seed_have_nothing_in_common() -> None:
    """The same key would make the noise of step t from the bits that shuffle epoch t."""
    f = noisy(SURFACES["bowl"](), 1.0, seed=5)
    assert not np.allclose(noise(f, 3, P[:, 0]), np.random.default_rng((5, 3)).standard_normal(2))


def test_the_noise_is_standard_normal_times_sigma() -> None:
    """Over 8,000 draws: mean within 4 standard errors of 0, deviation within 4 % (5 standard errors) of sigma."""
    f = noisy(SURFACES["bowl"](), 0.25, seed=1)
    draws = np.array([noise(f, t, np.zeros(2)) for t in range(1, 4001)])
    assert abs(draws.mean()) < 4 * 0.25 / np.sqrt(draws.size)
    assert abs(draws.std() / 0.25 - 1) < 0.04
    assert abs(np.corrcoef(draws.T)[0, 1]) < 4 / np.sqrt(len(draws))


def test_value_and_hessian_stay_the_truth() -> None:
    surface = SURFACES["himmelblau"]()
    f = noisy(surface, 2.0, seed=1)
    for part in ("value", "hess"):
        np.testing.assert_array_equal(getattr(f.at(3), part)(P), getattr(surface, part)(P))
    for part in ("value", "grad", "hess"):
        np.testing.assert_array_equal(getattr(f, part)(P), getattr(surface, part)(P))


def test_box_start_and_minima_are_the_wrapped_problems() -> None:
    surface = SURFACES["linear_svm"](batch_size=10)
    f = noisy(surface, 1.0, seed=1)
    for word in ("box", "start", "minima", "batch_size", "sample_count", "batches_per_epoch"):
        assert getattr(f, word) == getattr(surface, word)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = f.nonsense


def test_noise_comes_on_top_of_the_minibatch() -> None:
    surface = SURFACES["linear_svm"](batch_size=10)
    view = noisy(surface, 1.0, seed=1).at(4)
    draw = np.random.default_rng((1, 4, NOISE_STREAM)).standard_normal(2)[:, None]
    np.testing.assert_allclose(view.grad(P), surface.at(4).grad(P) + draw, rtol=1e-14)
    np.testing.assert_array_equal(view.value(P), surface.at(4).value(P))


def test_no_noise_is_the_problem_itself() -> None:
    surface = SURFACES["beale"]()
    assert noisy(surface, 0.0, seed=3) is surface


def test_wrapping_survives_what_asks_for_unknown_attributes() -> None:
    """pickle and copy look for special methods before there is a problem to pass them on to."""
    blank = object.__new__(type(noisy(SURFACES["bowl"](), 1.0)))
    with pytest.raises(AttributeError):
        _ = blank.box
    with pytest.raises((AttributeError, pickle.PicklingError)):  # makers' closures cannot be pickled: no recursion
        pickle.dumps(noisy(SURFACES["bowl"](), 1.0))
