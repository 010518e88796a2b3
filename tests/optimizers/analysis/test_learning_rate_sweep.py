"""Many rates at once: each as its own run, the zones where theory has their border, the best rate and the minimum."""

import numpy as np
import pytest

from optimizers.analysis.learning_rate_sweep import (
    RateOutcomes,
    Stability,
    classify_stability,
    find_best_lane,
    find_minimum_near,
    run_rates,
)
from optimizers.analysis.quadratic_theory import QUADRATIC_THEORY, largest_stable_lr
from optimizers.batch_run_outcomes import NEVER, RunOutcomes
from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.base import Surface
from surfaces.functions.bowls import bowl, ravine
from surfaces.functions.kinks import absolute
from surfaces.functions.multimodal import himmelblau
from surfaces.functions.saddles import saddle
from surfaces.observers.gradient_noise import noisy

RATES = np.geomspace(1.05e-5, 10, 121)  # none of them a limit itself
WITH_RATE = [word for word in OPTIMIZERS if "lr" in OPTIMIZERS[word].__code__.co_varnames[:8]]


def swept(word: str, problem: Surface, steps: int, goal: float = -np.inf, rates=RATES, **hyper: float) -> RateOutcomes:
    x0 = np.repeat(np.array(problem.start, dtype=np.float64)[:, None], rates.size, axis=1)
    return run_rates(OPTIMIZERS[word](lr=rates, **hyper), problem, x0, steps, goal, np.ptp(problem.box, axis=1))


@pytest.mark.no_cover
@pytest.mark.parametrize("condition", [1.0, 10.0, 200.0])
@pytest.mark.parametrize("surface", [bowl, ravine])
@pytest.mark.parametrize("word", QUADRATIC_THEORY)
def test_on_a_quadratic_runs_diverge_from_theorys_limit_on(word: str, surface, condition: float) -> None:
    """Stable up to the last rate below the limit; from the second rate above it on everything diverges."""
    found = swept(word, surface(condition), 400)
    limit = largest_stable_lr(word, condition, 0.0 if word == "sgd" else 0.9)
    first = int(np.searchsorted(RATES, limit))
    assert (found.stability[:first] == Stability.STABLE).all()
    assert (found.stability[first + 1 :] == Stability.DIVERGED).all()
    assert found.stability[first] != Stability.STABLE


@pytest.mark.no_cover
@pytest.mark.parametrize("word", WITH_RATE)
def test_each_rate_ends_as_its_own_run_does(word: str) -> None:
    problem, steps, goal = noisy(himmelblau(), 0.3, 5), 60, 1.0
    found = swept(word, problem, steps, goal)
    for i in range(0, RATES.size, 15):
        path = trajectory(OPTIMIZERS[word](lr=float(RATES[i])), problem, np.array(himmelblau().start), steps)
        with np.errstate(all="ignore"):
            loss = problem.value(path.x)
        low = np.flatnonzero(loss <= goal)
        assert found.runs.final_loss[i] == loss[-1]
        assert found.runs.best_loss[i] == np.fmin.reduce(loss)
        assert found.runs.reached_step[i] == (low[0] if low.size else NEVER)
        assert found.runs.nonfinite_step[i] == (NEVER if path.alive[-1] else np.argmin(path.alive))
        np.testing.assert_array_equal(found.runs.x[:, i], path.x[:, -1])


T = np.arange(161)
NOT_LOST = np.array([False])


@pytest.mark.parametrize(
    ("loss", "zone"),
    [
        (0.9**T, Stability.STABLE),
        (1.0 + 0 * T, Stability.STABLE),  # nothing moves
        (0.999**T, Stability.STABLE),  # on its way
        (0.9**T * (1 + 0.5 * (-1.0) ** T), Stability.STABLE),  # swings that die away
        (0.9**T + 1e-4 * (-1.0) ** T, Stability.STABLE),  # swings that nobody sees
        (0.5 + 0.5 * 0.99**T * np.cos(0.2 * T), Stability.STABLE),  # a heavy ball
        (0.5 + 0.5 * (-1.0) ** T, Stability.EDGE),  # swings for ever
        (1.0 + T / 161, Stability.EDGE),  # ends higher, but not on its way to infinity
        (0.1 + 0.9 * 0.8**T + 0.2 * (T % 3 == 0), Stability.EDGE),
        (1.1**T, Stability.DIVERGED),
        (np.where(T < 100, 0.9**T, 0.9**100 * 1.5 ** (T - 100)), Stability.DIVERGED),  # later
        (np.where(T < 159, 1.0, np.inf), Stability.DIVERGED),
        (np.full(161, np.nan), Stability.DIVERGED),
    ],
)
def test_a_zone_is_read_off_the_loss(loss, zone: int) -> None:
    with np.errstate(all="ignore"):
        assert classify_stability(loss[:, None], NOT_LOST) == zone
        assert classify_stability(loss[:, None], ~NOT_LOST) == Stability.DIVERGED


def test_short_runs_have_a_zone_too() -> None:
    for steps in range(1, 6):
        assert swept("sgd", bowl(), steps).stability[0] == Stability.STABLE


def test_the_best_rate_is_the_lowest_stable_one_and_among_equals_the_soonest() -> None:
    loss, reached = np.array((3.0, 1e-30, 1e-33, 0.5, 0.0)), np.array((9, 4, 7, 8, 1))
    never = np.full(5, NEVER)
    found = RateOutcomes(
        RunOutcomes(np.zeros((2, 5)), loss, np.zeros(5), reached, never, never),
        np.array((Stability.STABLE, Stability.STABLE, Stability.STABLE, Stability.EDGE, Stability.DIVERGED), np.uint8),
    )
    assert find_best_lane(found, 5.0, 0.0) == 1
    assert find_best_lane(found, 5.0, None) == 2
    assert find_best_lane(found._replace(stability=np.full(5, Stability.EDGE, dtype=np.uint8)), 5.0, 0.0) is None


def test_a_minimum_is_found_near_the_end_of_a_run_with_its_curvatures() -> None:
    there = find_minimum_near(himmelblau(), np.array((2.9, 2.1)), (10, 10))
    assert there is not None
    assert there.point == pytest.approx((3, 2), abs=1e-12)
    assert (there.m, there.L) == pytest.approx(np.linalg.eigvalsh(himmelblau().hess(np.array((3.0, 2.0)))))


@pytest.mark.parametrize(
    ("problem", "x"),
    [(saddle(), (0.1, 0.0)), (absolute(), (0.3, 0.2)), (himmelblau(), (-0.27, -0.92)), (bowl(), (np.nan, 0.0))],
)
def test_where_the_curvature_is_no_bowls_there_is_none(problem: Surface, x: tuple[float, float]) -> None:
    assert find_minimum_near(problem, np.array(x), (10, 10)) is None
