"""Verdicts: each kind of end, with its reason, on runs whose end is known beforehand."""

import re
from functools import partial

import numpy as np
import pytest

from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.analysis.run_record import format_point
from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import linear, scheduled
from optimizers.simulate import trajectory
from optimizers.wrappers import ema, polyak
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.gradient_noise import noisy
from tests.support.diagnosed_runs import diagnose_run


@pytest.mark.parametrize(
    "word, hyper, surface, start, kind, words",
    [
        ("sgd", {"lr": 0.1}, "himmelblau", (9.0, 9.0), "diverged", "largest stable one"),
        ("sgd", {"lr": 0.01}, "rosenbrock", (-1.5, 2.0), "diverged", "2/λ = 0.002"),
        ("sgd", {"lr": 0.3}, "saddle", (0.5, 0.1), "unbounded", "without end"),
        ("newton", {}, "saddle", (0.5, 0.3), "saddle", "It is no minimum"),
        ("newton", {}, "himmelblau", (-0.3, -1.0), "maximum", "curvatures −"),
        ("sgd", {"lr": 0.01}, "himmelblau", (3.5, 1.0), "global", "(3, 2)"),
        ("lbfgs", {}, "rosenbrock", None, "global", "(1, 1)"),
        ("sgd", {"lr": 0.01}, "three_hump_camel", (1.7, -0.8), "local", "The global minimum is 0.299 lower"),
        ("momentum", {"lr": 0.05}, "three_hump_camel", (1.7, -0.8), "local", "curvatures 1.9 and 12"),
        ("sgd", {"lr": 1e6}, "easom", (2.0, 2.0), "flat", "Stopped on flat ground"),
        ("sgd", {"lr": 0.1}, "absolute", None, "oscillating", "Bounces between two points"),
        ("sgd", {"lr": 1e-7}, "rosenbrock", (-1.2, 1.0), "stalled", "the slope is still"),
        ("sgd", {"lr": 2e-4}, "rosenbrock", (-1.2, 1.0), "running", "Still"),
    ],
)
def test_each_end_is_named_with_its_reason(word, hyper, surface, start, kind, words):
    verdict = diagnose_run(word, hyper, surface, start).verdict
    assert verdict.kind == kind, verdict
    assert words in verdict.sentence, verdict


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (linear(0.002, 0.0, 50), "Stopped by its schedule: the learning rate is down to 0 at step 150"),
        (lambda t: 0.1 * 0.9**t, "Stopped by its schedule: the learning rate is down to 1.4·10⁻⁸"),
        (lambda t: 1e-7, "Stalled: the last 15 steps"),
    ],
)
def test_a_run_that_its_schedule_stopped_is_said_to_be(lr, words):
    f = SURFACES["ravine"]()
    make = OPTIMIZERS["adam"] if lr(1) > 0.01 else sgd
    verdict = diagnose(trajectory(scheduled(make, lr=lr), f, f.start, 150), f, f.minima, widths=(14.0, 8.0)).verdict
    assert verdict.kind == "stalled"
    assert words in verdict.sentence


def test_a_step_to_where_there_is_no_value_is_no_fall():
    """Newton's step from 3 on x - log x is to 3 - 3 (3 - 1) = -3."""
    f = formula("x - log(x) + y**2", (-1.0, 5.0), (-2.0, 2.0))
    path = trajectory(OPTIMIZERS["newton"](), f, (3.0, 1.0), 20)
    verdict = diagnose(path, f, f.minima, widths=(6.0, 4.0)).verdict
    assert verdict == ("outside", 1, "Left the domain: step 1 went to (−3, 0), where the loss has no value.")


LOG_BOWL = "(x-0.5)**2 - 0.1*log(x) + y**2"  # for x > 0 alone


@pytest.mark.parametrize("average", [polyak, ema, partial(ema, decay=0.99)])
@pytest.mark.parametrize("make, k", [(partial(sgd, lr=0.9), 1), (partial(momentum, lr=0.5, mu=0.9), 2)])
def test_what_is_averaged_leaves_the_domain_before_its_average_does(average, make, k):
    """The average is still inside, or outside at another point; where the run itself went is that of the bare run."""
    f = formula(LOG_BOWL, (-1.0, 5.0), (-2.0, 4.0))
    bare = trajectory(make(), f, (3.0, 2.0), 60)
    outside = bare.x[:, k]
    assert bare.x[0, k - 1] > 0 > outside[0]
    path = trajectory(average(make()), f, (3.0, 2.0), 60)
    verdict = diagnose(path, f, (), hyper={"lr": 0.9}, optimizer_name="sgd", widths=(6.0, 6.0)).verdict
    assert (verdict.kind, verdict.step) == ("outside", k), verdict
    assert f"before averaging, step {k} went to {format_point(outside)}" in verdict.sentence


def test_an_average_may_leave_a_domain_in_which_the_averaged_points_stay():
    """The domain is x > 1 and x < -1; from x = 2 on, where the slope is 4, the step goes to -2, and the mean is 0."""
    f = formula("x**2 + 0.000001*sqrt(x**2-1)", (-3.0, 3.0), (-2.0, 2.0))
    path = trajectory(ema(sgd(lr=1.0), decay=0.5), f, (2.0, 0.0), 20)
    verdict = diagnose(path, f, (), hyper={"lr": 1.0}, optimizer_name="sgd", widths=(6.0, 4.0)).verdict
    assert verdict.kind == "outside", verdict
    assert "the average after step" in verdict.sentence and "the points that it averages are inside" in verdict.sentence


def test_an_average_of_a_run_that_diverges_diverges_and_the_rate_is_blamed():
    f = SURFACES["ravine"]()
    path = trajectory(polyak(sgd(lr=0.1)), f, f.start, 60)
    verdict = diagnose(path, f, f.minima, hyper={"lr": 0.1}, optimizer_name="sgd", widths=(14.0, 8.0)).verdict
    assert verdict.kind == "diverged" and "2/λ = 0.04" in verdict.sentence


def test_a_minimum_that_is_not_among_the_published_ones_counts_by_its_value():
    verdict = diagnose_run("sgd", {"lr": 0.02}, "relu_valley", (2.0, 1.0), 800, l2=0.0).verdict
    assert verdict.kind == "global"
    assert "lowest level there is" in verdict.sentence


def test_a_dead_unit_is_flat_ground_and_not_a_minimum():
    assert diagnose_run("sgd", {"lr": 0.1}, "relu_valley", (-1.0, -1.0), l2=0.0).verdict.kind == "flat"


def test_a_run_on_its_way_up_is_still_moving():
    """Without friction a ball climbs the other side: half a period takes pi / sqrt(lr) = 31 steps."""
    verdict = diagnose_run(
        "momentum", {"lr": 0.01, "mu": 1.0}, "bowl", (3.0, 0.0), 29, condition=1.0, angle=0.0
    ).verdict
    assert verdict.kind == "running"
    assert "no gain since" in verdict.sentence


@pytest.mark.parametrize("steps, kind", [(0, "running"), (1, "running")])
def test_the_shortest_runs_are_judged_too(steps, kind):
    assert diagnose_run("sgd", {"lr": 0.1}, "bowl", (3.0, 0.0), steps).verdict.kind == kind


def test_a_run_that_passes_through_the_minimum_has_not_reached_it():
    """A frictionless ball is at the bottom of the bowl after a quarter of its period, and at its fastest."""
    f = SURFACES["bowl"](condition=1.0, angle=0.0)
    x = trajectory(momentum(lr=0.01, mu=1.0), f, (3.0, 0.0), 40).x
    passing = int(np.argmin(np.abs(x[0])))
    start = (3.0 - x[0, passing], 0.0)  # so that it meets (0, 0) but for the change of its speed
    for steps in range(passing - 1, passing + 2):
        assert (
            diagnose_run(
                "momentum", {"lr": 0.01, "mu": 1.0}, "bowl", start, steps, condition=1.0, angle=0.0
            ).verdict.kind
            == "running"
        )


@pytest.mark.parametrize(
    "surface, start",
    [("powell_badly_scaled", (0.005, 9.106)), ("bukin6", (-10.0, 1.004)), ("rosenbrock", (1.002, 1.0))],
)
def test_near_in_the_view_is_not_enough_while_the_loss_is_high(surface, start):
    assert diagnose_run("sgd", {"lr": 1e-12}, surface, start, 50).verdict.kind in ("stalled", "running")


@pytest.mark.parametrize(
    "word, hyper, surface, start, steps, kind",
    [
        ("newton", {}, "boxbod", (1.0, 1.0), 20, "diverging"),
        ("newton", {}, "boxbod", (1.0, 1.0), 150, "diverging"),
        ("momentum", {"lr": 0.076, "mu": 0.9}, "ravine", None, 150, "diverging"),
        ("sgd", {"lr": 0.04}, "ravine", None, 60, "oscillating"),
        ("sgd", {"lr": 0.04}, "ravine", None, 300, "oscillating"),
        ("adam", {"lr": 0.05, "bias_correction": False}, "beale", (1.0, 1.5), 300, "running"),
    ],
)
def test_a_run_that_blew_up_swings_or_converges_slowly_is_called_so(word, hyper, surface, start, steps, kind):
    assert diagnose_run(word, hyper, surface, start, steps).verdict.kind == kind


def test_an_explosion_below_the_start_is_not_a_fall_without_end():
    f = SURFACES["rosenbrock"]()
    path = trajectory(scheduled(sgd, lr=lambda t: 1e-3 if t < 200 else 1e300), f, f.start, 300)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=(4, 4)).verdict.kind == "diverged"


@pytest.mark.parametrize("surface, start", [("himmelblau", (-0.27, -0.92)), ("three_hump_camel", (1.75, -0.87))])
def test_a_crawl_beside_a_stationary_point_is_stalled(surface, start):
    assert diagnose_run("sgd", {"lr": 1e-9}, surface, start).verdict.kind == "stalled"


def test_noise_around_the_minimum_is_oscillating_and_not_converged():
    f = SURFACES["bowl"](condition=2.0, angle=0.0)
    path = trajectory(sgd(lr=0.2), noisy(f, sigma=1.0, seed=3), (1.0, 1.0), 300)
    widths = tuple(high - low for low, high in f.box)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=widths).verdict.kind == "oscillating"


@pytest.mark.parametrize("surface, start", [("saddle", (0.0, 0.0)), ("monkey_saddle", (0.0, 0.0))])
@pytest.mark.parametrize("word", sorted(OPTIMIZERS))
def test_a_zero_gradient_at_a_saddle_is_never_called_a_minimum(word, surface, start):
    assert diagnose_run(word, {}, surface, start, steps=60).verdict.kind not in ("global", "local"), word


@pytest.mark.parametrize("seed", range(6))
def test_a_lucky_end_of_a_noisy_run_is_not_taken_for_descent(seed):
    f = SURFACES["bowl"]()
    path = trajectory(sgd(lr=0.05), noisy(f, sigma=10.0, seed=seed), f.start, 400)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=(10, 10)).verdict.kind == "oscillating"


def test_the_step_of_arrival_is_the_one_after_which_the_run_stays():
    diagnosis = diagnose_run("sgd", {"lr": 0.1}, "bowl", (1.0, 1.0), condition=1.0, angle=0.0)
    f = SURFACES["bowl"](condition=1.0, angle=0.0)
    near = 1e-3 * np.array([high - low for low, high in f.box])
    k = diagnosis.verdict.step
    x = np.array([(1 - 0.1) ** t for t in range(301)])  # closed form, both coordinates: the curvature is 1
    assert (x[k:] <= near.min() + 1e-12).all()
    assert x[k - 1] > near.min()


def test_a_start_without_a_finite_loss_is_said():
    f = SURFACES["rosenbrock"]()
    path = trajectory(sgd(), f, (1e200, 0.0), 5)
    assert diagnose(path, f, f.minima).verdict.sentence.startswith("The loss is not a finite number at the start")


@pytest.mark.parametrize("surface", sorted(SURFACES))
@pytest.mark.parametrize("word, lr", [("sgd", 1e-6), ("sgd", 0.01), ("sgd", 3.0), ("adam", 0.1), ("newton", 1.0)])
def test_no_sentence_has_a_programmers_number_or_name_in_it(surface, word, lr):
    sentence = diagnose_run(word, {"lr": lr}, surface, steps=100).verdict.sentence
    assert not re.search(r"\d[eE][+-]?\d|(?<![\w)])-\d|\blr\b|\bnan\b|\binf\b|of the view", sentence), sentence
    assert sentence.endswith(".")


def test_a_run_that_ends_above_its_start_is_not_still_descending():
    """Its tail comes down from far above to below the start, and goes up again."""
    path = np.interp(np.arange(201), (0, 185, 189, 192, 196, 200), (1.0, 3.3, 0.6, 0.6, 2.2, 2.4))
    scripted = Optimizer(lambda _: (), lambda f, x, state, t: (np.array((path[t], 0 * x[1])), state))
    f = formula("x**2 + y**2")
    verdict = diagnose(trajectory(scripted, f, (1.0, 0.0), 200), f, f.minima, widths=(10.0, 10.0)).verdict
    assert verdict.kind == "running"
    assert "no gain since step 180" in verdict.sentence
