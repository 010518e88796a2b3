"""The fastest settings on a quadratic against the spectral radius of the iteration's own matrix, searched by force."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from optimizers.analysis.optimal_rates import FASTEST_SETTINGS
from optimizers.analysis.stability_limit import largest_stable_lr
from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl

PAIRS = [(1.0, 1.0), (0.5, 2.0), (1.0, 30.0), (0.02, 5.0)]


def matrix(word: str, curvature: float, lr: float, mu: float) -> np.ndarray:
    """What one step makes of (x, v) on curvature / 2 x²: read off the optimizer's own steps."""
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
@pytest.mark.parametrize(("m", "L"), PAIRS)
@pytest.mark.parametrize("word", FASTEST_SETTINGS)
def test_no_other_setting_is_faster(word: str, m: float, L: float) -> None:
    """A double root moves by the square root of a rounding error, hence 1e-6."""
    best = FASTEST_SETTINGS[word](m, L)
    assert radius(word, m, L, best.lr, best.mu or 0.0) == pytest.approx(best.factor, abs=1e-6)
    momenta = np.linspace(0, 0.98, 50) if best.mu is not None else (0.0,)
    tried = [radius(word, m, L, lr, mu) for lr in np.linspace(0.05, 4, 80) / L for mu in momenta]
    assert min(tried) >= best.factor - 1e-6
    assert min(tried) <= best.factor + 0.05


@pytest.mark.parametrize("word", FASTEST_SETTINGS)
def test_a_run_shrinks_by_the_factor(word: str) -> None:
    best = FASTEST_SETTINGS[word](1.0, 30.0)
    given = {"lr": best.lr} if best.mu is None else {"lr": best.lr, "mu": best.mu}
    path = trajectory(OPTIMIZERS[word](**given), bowl(30.0), np.array((1.0, 0.7)), 120).x
    distance = np.hypot(*path)
    assert (distance[120] / distance[60]) ** (1 / 60) == pytest.approx(best.factor, abs=0.02)


@pytest.mark.parametrize("word", FASTEST_SETTINGS)
def test_the_limit_is_where_the_radius_passes_one(word: str) -> None:
    limit = largest_stable_lr(word, 5.0, 0.0 if word == "sgd" else 0.8)
    assert limit is not None
    assert radius(word, 0.1, 5.0, 0.999 * limit, 0.8) < 1 < radius(word, 0.1, 5.0, 1.001 * limit, 0.8)
