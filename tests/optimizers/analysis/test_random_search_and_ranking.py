"""Random search and ranking, against counts of single runs, SciPy's ranks and the theory of quadratics."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest, rankdata

from app.compute.tunable_run_parameters import SEARCH_RANGES, has_uniform_cost
from app.model.scene import Run
from app.model.scene import optimizer_call as call
from optimizers.analysis.ending_criteria import ARRIVAL_LOSS_FRACTION
from optimizers.analysis.lowest_loss_of_surface import find_lowest_loss
from optimizers.analysis.random_search import (
    DONE_FRACTION,
    INTEGER,
    LINEAR,
    LOG,
    NEAR_ONE,
    WORST_FRACTION,
    SearchRange,
    best_trial,
    count_affordable_trials,
    is_at_range_end,
    run_trials,
    sample_values,
    score_trials,
)
from optimizers.analysis.random_start_ranking import (
    average_ranks,
    cost_quantiles,
    goal_losses,
    random_starts,
    rank_costs,
)
from optimizers.analysis.run_curves_and_verdict import reported_evaluations
from optimizers.batch_run_outcomes import NEVER
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import sgd
from optimizers.simulate import trajectory
from surfaces.base import Box
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem

U = np.random.default_rng(0).random(4000)
STEPS = 60


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SEARCH_RANGES)
def test_values_are_drawn_evenly_on_their_scale_within_their_range_with_three_digits(name: str) -> None:
    limits = SEARCH_RANGES[name]
    values = sample_values(limits, U)
    if limits.includes_zero:
        assert abs((values == 0).mean() - 0.2) < 0.02  # 3 standard deviations of 4000 draws
        values = values[values > 0]
    assert values.min() >= limits.low
    assert values.max() <= limits.high
    if limits.scale == INTEGER:
        assert set(values) == set(range(int(limits.low), int(limits.high) + 1))
        return
    scale = {LOG: np.log10, NEAR_ONE: lambda v: -np.log10(1 - v), LINEAR: lambda v: v}[limits.scale]
    begin, end = scale(np.array((limits.low, limits.high)))
    assert kstest((scale(values) - begin) / (end - begin), "uniform").pvalue > 0.01
    kept = 1 - values if limits.scale == NEAR_ONE else values
    assert all(float(f"{v:.3g}") == pytest.approx(v, rel=1e-8) for v in kept)  # 1 - v loses digits near one


def test_an_end_is_where_better_values_may_lie_beyond() -> None:
    log = SearchRange(1e-6, 10, LOG)
    assert [is_at_range_end(log, v) for v in (1e-6, 2e-6, 1e-5, 1.0, 9.0)] == [True, True, False, False, True]
    near = SearchRange(0, 0.9999, NEAR_ONE)
    assert [is_at_range_end(near, v) for v in (0.0, 0.5, 0.999, 0.99985)] == [False, False, False, True]
    assert [is_at_range_end(SearchRange(1, 30, INTEGER), v) for v in (1, 29, 30)] == [False, False, True]
    assert not is_at_range_end(SearchRange(1e-5, 1, LOG, includes_zero=True), 0.0)


@pytest.mark.no_cover
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_what_is_counted_in_a_batch_or_alone_is_what_a_single_run_asks(word: str) -> None:
    f = SURFACES["rosenbrock"]()
    x0 = random_starts(f, f.box, 6, (3,))
    begun = f.value(x0)
    goal, over = goal_losses(begun, 0.0), goal_losses(begun, 0.0, DONE_FRACTION)
    size = 6 if has_uniform_cost(Run(0, call(word))) else 1
    parts = [
        run_trials(OPTIMIZERS[word](), f, x0[:, i : i + size], STEPS, goal[i : i + size], over[i : i + size])
        for i in range(0, 6, size)
    ]
    found = [np.concatenate(part) for part in zip(*parts, strict=True)]
    for i in range(6):
        counted = CountedProblem(f)
        path = trajectory(OPTIMIZERS[word](), counted, x0[:, i], STEPS)
        own = reported_evaluations(path.states)
        asked = (counted.cumulative_calls(STEPS) if own is None else own).sum(axis=0)
        with np.errstate(all="ignore"):
            loss = f.value(path.x)
        arrived, done = np.flatnonzero(loss <= goal[i]), np.flatnonzero(loss <= over[i])
        died = np.flatnonzero(~path.alive)
        last = done[0] if done.size else died[0] if died.size else STEPS
        end = np.inf if died.size and not done.size else loss[last]
        step = arrived[0] if arrived.size else NEVER
        assert [part[i] for part in found] == [end, asked[last], step, asked[step] if arrived.size else NEVER]


def test_a_run_that_diverges_counts_what_it_asked_until_then_and_is_worst() -> None:
    f = SURFACES["rosenbrock"]()
    found = run_trials(sgd(10.0), f, np.array(((-1.2, 1.0), (1.0, 1.0))), 500, 1e-6, 1e-12)
    assert found.final_loss.tolist() == [np.inf, 0]
    assert found.total_evaluations[0] < 10
    assert (
        found.total_evaluations[1] == found.reached_evaluations[1] == found.reached_step[1] == 0
    )  # it begins at the minimum
    assert (
        score_trials(np.array(((np.inf, 0.0),)), np.array((1.0, 1.0)), 0.0)
        == (np.log10(WORST_FRACTION) + np.log10(DONE_FRACTION)) / 2
    )


def test_the_best_gets_lowest_and_among_equals_arrives_first() -> None:
    begun, steps = np.array((100.0, 1.0)), 50
    loss = np.array(((1.0, 1.0), (1e-30, 1e-30), (0.0, -5.0), (50.0, 0.9)))
    score = score_trials(loss, begun, 0.0)
    np.testing.assert_allclose(score, (-1, -10, -10, (np.log10(0.5) + np.log10(0.9)) / 2), atol=5e-4)
    assert best_trial(score, np.array(((9, 9), (7, 9), (7, 8), (1, 1))), steps) == 2
    assert best_trial(score, np.array(((9, 9), (7, 9), (7, NEVER), (1, 1))), steps) == 1
    assert best_trial(np.zeros(3), np.full((3, 2), NEVER), steps) == 0


def test_trials_are_begun_until_the_budget_is_spent() -> None:
    cost = np.array((30, 30, 40, 500, 1))
    assert [count_affordable_trials(cost, budget) for budget in (1, 30, 31, 100, 101, 600, 601, 9999)] == [
        1,
        1,
        2,
        3,
        4,
        4,
        5,
        5,
    ]


def test_tuned_gradient_descent_has_nearly_the_best_rate_of_theory() -> None:
    """2 / (λmin + λmax) contracts fastest; of n rates that are even over 7 decades one is as near as 3 * 7 / n decades
    (farther by chance e^-6), and the best of them by the runs is the best by theory, but for what the starts add."""
    f = SURFACES["ravine"](condition=20)
    curvatures = np.linalg.eigvalsh(f.hess(np.zeros(2)))
    theory = 2 / curvatures.sum()
    x0 = random_starts(f, f.box, 4, (0, 1))
    n, steps = 300, 50  # too few to get within 1e-10 of the minimum, where all would be as good
    rates = sample_values(SEARCH_RANGES["lr"], np.random.default_rng(5).random(n))
    found = run_trials(sgd(np.repeat(rates, 4)), f, np.tile(x0, n), steps, 0.0, 0.0)
    tuned = rates[
        best_trial(
            score_trials(found.final_loss.reshape(n, 4), f.value(x0), 0.0), found.reached_step.reshape(n, 4), steps
        )
    ]
    assert abs(np.log10(tuned / theory)) < 3 * 7 / n
    contraction = np.abs(1 - np.outer(rates, curvatures)).max(axis=1)
    slower = np.abs(1 - tuned * curvatures).max() ** (2 * steps) / contraction.min() ** (2 * steps)
    assert slower < 10  # the loss at the end, of the best possible: a decade is what a start's direction is worth


def test_ranks_are_those_of_scipy_and_those_that_never_arrive_share_the_last() -> None:
    cost = np.random.default_rng(1).integers(1, 6, (5, 40))
    np.testing.assert_array_equal(rank_costs(cost), rankdata(cost, axis=0))
    lost = np.array(((3, NEVER), (NEVER, 4), (NEVER, NEVER)))
    np.testing.assert_array_equal(rank_costs(lost), ((1, 2.5), (2.5, 1), (2.5, 2.5)))
    found = average_ranks(cost)
    np.testing.assert_allclose(found.standard_error, np.std(rankdata(cost, axis=0), axis=1, ddof=1) / np.sqrt(40))
    assert average_ranks(cost[:, :1]).standard_error.tolist() == [0] * 5


def test_a_spread_says_never_where_a_quantile_never_arrives() -> None:
    assert cost_quantiles(np.arange(1, 101)) == [5, 25, 50, 75, 95]
    assert cost_quantiles(np.array((8, 2, NEVER, NEVER))) == [2, 2, 8, None, None]
    assert cost_quantiles(np.array((NEVER,))) == [None] * 5


def test_starts_are_in_the_view_where_f_is_finite_and_always_the_same() -> None:
    class Half:
        def value(self, p: Any) -> Any:
            return np.sqrt(p[0])

    box = Box((-1.0, 1.0), (5.0, 6.0))
    x = random_starts(Half(), box, 50, (7,))  # type: ignore[arg-type]
    assert x.shape == (2, 50)
    assert (x[0] >= 0).all()
    assert ((x[1] >= 5) & (x[1] <= 6)).all()
    np.testing.assert_array_equal(x, random_starts(Half(), box, 50, (7,)))  # type: ignore[arg-type]
    nowhere = random_starts(Half(), Box((-2.0, -1.0), (0.0, 1.0)), 5, (7,))  # type: ignore[arg-type]
    assert nowhere.shape == (2, 5)


def test_the_lowest_known_value_is_published_or_found_in_the_view() -> None:
    f = SURFACES["himmelblau"]()
    assert find_lowest_loss(f, f.box, f.minima) == pytest.approx(0, abs=1e-20)
    assert find_lowest_loss(f, f.box, ()) == pytest.approx(0, abs=1e-20)
    saddle = SURFACES["saddle"]()
    corners = [saddle.value(np.array((x, y))) for x in saddle.box.x for y in saddle.box.y]
    assert np.isfinite(find_lowest_loss(saddle, saddle.box, ()))
    assert find_lowest_loss(saddle, saddle.box, ()) <= min(corners)  # it falls without end: what the view has
    assert goal_losses(np.array((10.0,)), 2.0) == 2 + ARRIVAL_LOSS_FRACTION * 8
