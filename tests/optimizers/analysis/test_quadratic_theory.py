"""The theory of momentum on quadratics against the optimizers themselves, LAPACK, Polyak's best rate, and a search."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from optimizers.analysis.hyperparameter_grid import run_grid
from optimizers.analysis.quadratic_theory import (
    QUADRATIC_THEORY,
    constant_hessian,
    convergence_factor,
    largest_stable_lr,
    spectral_radius,
)
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import momentum, momentum_subtracted, nesterov, nesterov_lookahead, sgd
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.functions.bowls import bowl, ravine
from surfaces.functions.valleys import rosenbrock

WIDE = (20.0, 20.0)
CURVATURES = [(1.0, 1.0), (0.5, 2.0), (1.0, 30.0), (0.02, 5.0)]  # the least and the largest


def hyper(word, lr, mu):
    return {"lr": lr} if word == "sgd" else {"lr": lr, "mu": mu}


@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_the_matrix_takes_the_steps_of_the_optimizer(word):
    """Along an axis of the ravine: each of its points follows from the two before."""
    lr, mu = 0.013, 0.83
    x = trajectory(OPTIMIZERS[word](**hyper(word, lr, mu)), ravine(50.0), (-9.0, 2.5), 40).x
    for along, curvature in zip(x, (1.0, 50.0), strict=True):
        M = QUADRATIC_THEORY[word].iteration_matrix(lr, mu, curvature)
        for t in range(2, 40):
            np.testing.assert_allclose(M @ along[[t, t - 1]], along[[t + 1, t]], rtol=1e-9, atol=1e-13)


def test_the_spectral_radius_is_that_of_lapack():
    M = np.random.default_rng(1).normal(size=(2, 2, 500))
    expected = np.abs(np.linalg.eigvals(np.moveaxis(M, -1, 0))).max(axis=1)
    np.testing.assert_allclose(spectral_radius(M), expected, rtol=1e-6)  # at double roots half the digits are lost


def test_the_best_rate_of_the_heavy_ball_is_polyaks():
    L, m = 50.0, 1.0
    lr = (2 / (np.sqrt(L) + np.sqrt(m))) ** 2
    mu = ((np.sqrt(L) - np.sqrt(m)) / (np.sqrt(L) + np.sqrt(m))) ** 2
    best = (np.sqrt(L) - np.sqrt(m)) / (np.sqrt(L) + np.sqrt(m))
    assert convergence_factor("momentum", lr, mu, (m, L)) == pytest.approx(best, rel=1e-7)  # a double root
    around = convergence_factor("momentum", lr * np.array([0.9, 1.1, 1, 1]), mu * np.array([1, 1, 0.9, 1.1]), (m, L))
    assert (around > best).all()


@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_the_radius_is_one_at_the_largest_stable_rate(word):
    limit = largest_stable_lr(word, 50.0, 0.6)
    assert convergence_factor(word, limit, 0.6, (1.0, 50.0)) == pytest.approx(1, rel=1e-12)
    assert (
        convergence_factor(word, 0.99 * limit, 0.6, (1.0, 50.0))
        < 1
        < convergence_factor(word, 1.01 * limit, 0.6, (1.0, 50.0))
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_the_measured_rate_is_the_radius(word):
    """Over 2,000 steps, in which the distance falls by hundreds of decades, or grows by them.

    Where roots nearly meet, rho^t is multiplied by something like t, and where it turns slowly a quarter of the run
    holds few turns: such cells are left out (discriminants within 2 % of rho squared), and in the rest one in
    a hundred may be off by more than 0.002 of a factor, none by more than 0.02.
    """
    f, curvatures = bowl(10.0, 30.0), (1.0, 10.0)
    H = constant_hessian(f, f.box)
    np.testing.assert_allclose(np.linalg.eigvalsh(H), curvatures, rtol=1e-12)
    lr, mu = map(np.ravel, np.meshgrid(np.geomspace(3e-4, 0.6, 24), np.linspace(0, 0.99, 24)))
    found = run_grid(
        OPTIMIZERS[word](**hyper(word, lr, mu)), f, f.start, 2000, WIDE, lanes=lr.size, minima=f.minima,
        minimum=np.zeros(2),
    )  # fmt: skip
    theory = convergence_factor(word, lr, mu, curvatures)
    plain = np.full(lr.shape, True)
    for curvature in curvatures:
        (a, b), _ = QUADRATIC_THEORY[word].iteration_matrix(lr, mu, curvature)
        plain &= np.abs(a**2 + 4 * b) > 0.02 * theory**2
    off = np.abs(found.convergence_factor - theory)[plain]
    assert plain.mean() > 0.75
    assert off.max() < 0.02
    assert np.quantile(off, 0.99) < 0.002


def test_only_a_quadratic_has_a_constant_hessian():
    assert constant_hessian(rosenbrock(), rosenbrock().box) is None
    assert constant_hessian(bowl(), bowl().box) is not None


def matrix(word: str, curvature: float, lr: float, mu: float) -> np.ndarray:
    """The matrix by which one step maps (x, v) on curvature / 2 x², from the optimizer's own steps."""
    f: Any = SimpleNamespace(grad=lambda p: curvature * p)
    optimizer = OPTIMIZERS[word](**({"lr": lr} if word == "sgd" else {"lr": lr, "mu": mu}))
    columns = []
    for x, v in ((1.0, 0.0), (0.0, 1.0)):
        state = optimizer.init(np.array((x,)))
        state = state and type(state)(np.array((v,)))
        new, memory = optimizer.step(f, np.array((x,)), state, 1)
        columns.append((new[0], memory[0][0] if memory else 0.0))
    return np.array(columns).T


def radius(word: str, m: float, L: float, lr: float, mu: float) -> float:
    return max(np.abs(np.linalg.eigvals(matrix(word, curvature, lr, mu))).max() for curvature in (m, L))


@pytest.mark.no_cover
@pytest.mark.parametrize(("m", "L"), CURVATURES)
@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_no_other_setting_is_faster(word: str, m: float, L: float) -> None:
    """A double root moves by the square root of a rounding error, hence 1e-6."""
    best = QUADRATIC_THEORY[word].fastest_settings(m, L)
    assert radius(word, m, L, best.lr, best.mu or 0.0) == pytest.approx(best.convergence_factor, abs=1e-6)
    momenta = np.linspace(0, 0.98, 50) if best.mu is not None else (0.0,)
    tried = [radius(word, m, L, lr, mu) for lr in np.linspace(0.05, 4, 80) / L for mu in momenta]
    assert min(tried) >= best.convergence_factor - 1e-6
    assert min(tried) <= best.convergence_factor + 0.05


@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_a_run_shrinks_by_the_factor(word: str) -> None:
    best = QUADRATIC_THEORY[word].fastest_settings(1.0, 30.0)
    given = {"lr": best.lr} if best.mu is None else {"lr": best.lr, "mu": best.mu}
    path = trajectory(OPTIMIZERS[word](**given), bowl(30.0), np.array((1.0, 0.7)), 120).x
    distance = np.hypot(*path)
    assert (distance[120] / distance[60]) ** (1 / 60) == pytest.approx(best.convergence_factor, abs=0.02)


@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_the_limit_is_where_the_radius_passes_one(word: str) -> None:
    limit = largest_stable_lr(word, 5.0, 0.0 if word == "sgd" else 0.8)
    assert limit is not None
    assert radius(word, 0.1, 5.0, 0.999 * limit, 0.8) < 1 < radius(word, 0.1, 5.0, 1.001 * limit, 0.8)


@pytest.mark.no_cover
@pytest.mark.parametrize("make", [sgd, momentum, momentum_subtracted, nesterov, nesterov_lookahead])
@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9])
def test_the_largest_stable_lr_parts_convergence_from_divergence(make, mu):
    """0.5 % below it the run shrinks, 0.5 % above it grows: measured over 4000 steps."""
    curvature = 7.0
    f = SURFACES["bowl"](condition=curvature, angle=0.0)
    assert np.linalg.eigvalsh(f.hess(np.zeros(2)))[-1] == pytest.approx(curvature)
    hyper = {} if make is sgd else {"mu": mu}
    limit = largest_stable_lr(make.__name__, curvature, **hyper)
    below, above = (trajectory(make(lr=r * limit, **hyper), f, (0.3, 0.3), 4000) for r in (0.995, 1.005))
    assert np.hypot(*below.x[:, -1]) < 1e-4
    assert not above.alive[-1] or np.hypot(*above.x[:, -1]) > 10


@pytest.mark.parametrize("word, curvature", [("adam", 2.0), ("sgd", 0.0), ("sgd", -1.0), ("sgd", np.nan)])
def test_no_stable_lr_is_named_where_theory_knows_none(word, curvature):
    assert largest_stable_lr(word, curvature) is None
