"""Verdicts: each kind of end, with its reason, on runs whose end is known beforehand."""

import re

import numpy as np
import pytest

from optimizers.analysis.quadratic_theory import largest_stable_lr
from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import momentum, momentum_subtracted, nesterov, nesterov_lookahead, sgd
from optimizers.schedules import linear, scheduled
from optimizers.simulate import trajectory
from optimizers.wrappers import reduce_on_plateau
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.number_format import format_number
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy


def run(word, hyper, surface, start=None, steps=300, **parameters):
    f = SURFACES[surface](**parameters)
    place = f.start if start is None else start

    def again(factor):
        return trajectory(OPTIMIZERS[word](**(hyper | {"lr": factor * hyper["lr"]})), f, place, steps)

    path = trajectory(OPTIMIZERS[word](**hyper), f, place, steps)
    widths = tuple(high - low for low, high in f.box)
    rerun = again if "lr" in hyper else None
    return diagnose(path, f, f.minima, hyper=hyper, optimizer_name=word, widths=widths, rerun=rerun)


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
    verdict = run(word, hyper, surface, start).verdict
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


def test_a_run_at_the_edge_bounces_to_and_fro_and_the_edge_is_named():
    verdict = run("sgd", {"lr": 2 / 10}, "bowl", (0.4, 1.3), condition=10.0, angle=0.0).verdict
    assert verdict.kind == "oscillating", verdict
    assert "the learning rate 0.2 is at the edge, 2/λ = 0.2. A smaller learning rate gets lower" in verdict.sentence


@pytest.mark.parametrize(
    "surface, lr, words",
    [
        # λ is 2 at the minima of x⁴/4 - x²/2 + y²/2
        (
            "double_well",
            1.15,
            "the learning rate is 1.15, but the largest stable one at the minimum is 2/λ = 1",
        ),
        ("absolute", 0.1, " and gets no lower. A smaller learning rate gets lower"),  # no curvature
    ],
)
def test_a_run_that_bounces_says_why(surface, lr, words):
    verdict = run("sgd", {"lr": lr}, surface).verdict
    assert verdict.kind == "oscillating", verdict
    assert words in verdict.sentence, verdict


def test_a_minimum_that_is_not_among_the_published_ones_counts_by_its_value():
    verdict = run("sgd", {"lr": 0.02}, "relu_valley", (2.0, 1.0), 800, l2=0.0).verdict
    assert verdict.kind == "global"
    assert "lowest level there is" in verdict.sentence


def test_a_dead_unit_is_flat_ground_and_not_a_minimum():
    assert run("sgd", {"lr": 0.1}, "relu_valley", (-1.0, -1.0), l2=0.0).verdict.kind == "flat"


def test_a_run_on_its_way_up_is_still_moving():
    """Without friction a ball climbs the other side: half a period takes pi / sqrt(lr) = 31 steps."""
    verdict = run("momentum", {"lr": 0.01, "mu": 1.0}, "bowl", (3.0, 0.0), 29, condition=1.0, angle=0.0).verdict
    assert verdict.kind == "running"
    assert "no gain since" in verdict.sentence


@pytest.mark.parametrize("steps, kind", [(0, "running"), (1, "running")])
def test_the_shortest_runs_are_judged_too(steps, kind):
    assert run("sgd", {"lr": 0.1}, "bowl", (3.0, 0.0), steps).verdict.kind == kind


def test_a_divergence_without_lr_names_its_step_alone():
    f = SURFACES["rosenbrock"]()
    verdict = diagnose(trajectory(sgd(lr=0.01), f, (-1.5, 2.0), 50), f, f.minima).verdict
    assert verdict.sentence == f"Diverged at step {verdict.step}."


def test_a_run_that_passes_through_the_minimum_has_not_reached_it():
    """A frictionless ball is at the bottom of the bowl after a quarter of its period, and at its fastest."""
    f = SURFACES["bowl"](condition=1.0, angle=0.0)
    x = trajectory(momentum(lr=0.01, mu=1.0), f, (3.0, 0.0), 40).x
    passing = int(np.argmin(np.abs(x[0])))
    start = (3.0 - x[0, passing], 0.0)  # so that it meets (0, 0) but for the change of its speed
    for steps in range(passing - 1, passing + 2):
        assert (
            run("momentum", {"lr": 0.01, "mu": 1.0}, "bowl", start, steps, condition=1.0, angle=0.0).verdict.kind
            == "running"
        )


@pytest.mark.parametrize(
    "surface, start",
    [("powell_badly_scaled", (0.005, 9.106)), ("bukin6", (-10.0, 1.004)), ("rosenbrock", (1.002, 1.0))],
)
def test_near_in_the_view_is_not_enough_while_the_loss_is_high(surface, start):
    assert run("sgd", {"lr": 1e-12}, surface, start, 50).verdict.kind in ("stalled", "running")


@pytest.mark.parametrize("beyond", [1.01, 1.02, 1.05])
def test_a_slow_divergence_is_named_with_its_cause(beyond):
    verdict = run("sgd", {"lr": beyond * 0.2}, "bowl", (0.3, 0.5), 150, condition=10.0, angle=0.0).verdict
    assert verdict.kind in ("diverging", "diverged")
    assert "the largest stable one at the minimum is 2/λ = 0.2" in verdict.sentence


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
    assert run(word, hyper, surface, start, steps).verdict.kind == kind


def test_an_explosion_below_the_start_is_not_a_fall_without_end():
    f = SURFACES["rosenbrock"]()
    path = trajectory(scheduled(sgd, lr=lambda t: 1e-3 if t < 200 else 1e300), f, f.start, 300)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=(4, 4)).verdict.kind == "diverged"


@pytest.mark.parametrize("surface, start", [("himmelblau", (-0.27, -0.92)), ("three_hump_camel", (1.75, -0.87))])
def test_a_crawl_beside_a_stationary_point_is_stalled(surface, start):
    assert run("sgd", {"lr": 1e-9}, surface, start).verdict.kind == "stalled"


def test_noise_around_the_minimum_is_oscillating_and_not_converged():
    f = SURFACES["bowl"](condition=2.0, angle=0.0)
    path = trajectory(sgd(lr=0.2), noisy(f, sigma=1.0, seed=3), (1.0, 1.0), 300)
    widths = tuple(high - low for low, high in f.box)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=widths).verdict.kind == "oscillating"


@pytest.mark.parametrize("surface, start", [("saddle", (0.0, 0.0)), ("monkey_saddle", (0.0, 0.0))])
@pytest.mark.parametrize("word", sorted(OPTIMIZERS))
def test_a_zero_gradient_at_a_saddle_is_never_called_a_minimum(word, surface, start):
    assert run(word, {}, surface, start, steps=60).verdict.kind not in ("global", "local"), word


@pytest.mark.parametrize("seed", range(6))
def test_a_lucky_end_of_a_noisy_run_is_not_taken_for_descent(seed):
    f = SURFACES["bowl"]()
    path = trajectory(sgd(lr=0.05), noisy(f, sigma=10.0, seed=seed), f.start, 400)
    assert diagnose(path, f, f.minima, optimizer_name="sgd", widths=(10, 10)).verdict.kind == "oscillating"


def test_the_step_of_arrival_is_the_one_after_which_the_run_stays():
    diagnosis = run("sgd", {"lr": 0.1}, "bowl", (1.0, 1.0), condition=1.0, angle=0.0)
    f = SURFACES["bowl"](condition=1.0, angle=0.0)
    near = 1e-3 * np.array([high - low for low, high in f.box])
    k = diagnosis.verdict.step
    x = np.array([(1 - 0.1) ** t for t in range(301)])  # closed form, both coordinates: the curvature is 1
    assert (x[k:] <= near.min() + 1e-12).all()
    assert x[k - 1] > near.min()


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


@pytest.mark.parametrize(
    "word, hyper, formula",
    [
        ("sgd", {"lr": 0.5}, "2/λ = 0.2"),
        ("momentum", {"lr": 0.5, "mu": 0.5}, "2(1+μ)/λ = 0.3"),
        ("nesterov", {"lr": 0.5, "mu": 0.5}, "2(1+μ)/((1+2μ)λ) = 0.15"),
        ("nesterov_lookahead", {"lr": 0.5, "mu": 0.5}, "2(1+μ)/((1+2μ)λ) = 0.15"),
    ],
)
def test_a_divergence_on_a_quadratic_names_the_largest_stable_lr(word, hyper, formula):
    verdict = run(word, hyper, "bowl", (0.3, 0.7), 2000, condition=10.0, angle=0.3).verdict
    assert verdict.kind == "diverged"
    assert (
        f"the learning rate is 0.5, but the largest stable one at the minimum is {formula} (λ = 10)" in verdict.sentence
    )
    assert f"at step {verdict.step}" in verdict.sentence


def test_a_stable_lr_that_diverges_from_a_steep_start_says_so():
    verdict = run("sgd", {"lr": 0.0015}, "rosenbrock", (-5.0, 20.0), 100).verdict
    assert verdict.kind == "diverged"
    assert "the start is steeper" in verdict.sentence


def test_a_divergence_without_a_known_limit_still_names_its_lr():
    assert "the learning rate 10²⁰⁰ is too large here" in run("rmsprop", {"lr": 1e200}, "rosenbrock").verdict.sentence


def test_a_start_without_a_finite_loss_is_said():
    f = SURFACES["rosenbrock"]()
    path = trajectory(sgd(), f, (1e200, 0.0), 5)
    assert diagnose(path, f, f.minima).verdict.sentence.startswith("The loss is not a finite number at the start")


def test_curves_belong_to_their_own_iterate():
    f = SURFACES["beale"]()
    path = trajectory(momentum(lr=1e-3, mu=0.9), f, f.start, 40)
    d = diagnose(path, f, f.minima, hyper={"lr": 1e-3})
    for t in (0, 1, 17, 40):
        p = path.x[:, t]
        assert d.loss[t] == f.value(p)
        assert d.gradient_norm[t] == pytest.approx(np.linalg.norm(f.grad(p)), rel=1e-14)
    assert d.step_length[0] == d.update_ratio[0] == 0
    before, after = path.x[:, 16], path.x[:, 17]
    assert d.step_length[17] == pytest.approx(np.linalg.norm(after - before), rel=1e-14)
    assert d.update_ratio[17] == pytest.approx(np.linalg.norm(after - before) / np.linalg.norm(before), rel=1e-14)
    np.testing.assert_array_equal(d.lr, 1e-3)
    assert d.evaluations is None


def test_the_update_ratio_of_a_point_at_the_origin_is_zero_and_not_infinite():
    f = SURFACES["beale"]()
    d = diagnose(trajectory(sgd(lr=1e-3), f, (0.0, 0.0), 3), f)
    assert d.update_ratio[1] == 0
    assert np.isfinite(d.update_ratio).all()


def test_a_scheduled_lr_is_read_off_the_run():
    f = SURFACES["bowl"]()
    path = trajectory(scheduled(momentum, lr=linear(0.01, 0.001, 9), mu=0.5), f, f.start, 10)
    d = diagnose(path, f, f.minima, hyper={})
    expected = [linear(0.01, 0.001, 9)(t) for t in range(1, 11)]
    np.testing.assert_allclose(d.lr, [expected[0], *expected], rtol=1e-14)


def test_a_rate_cut_on_a_plateau_is_shown_as_cut():
    f = SURFACES["absolute"]()
    path = trajectory(reduce_on_plateau(sgd(lr=0.2), factor=0.5, patience=3), f, f.start, 60)
    lr = diagnose(path, f, f.minima, hyper={"lr": 0.2}).lr
    assert lr[0] == 0.2
    assert set(np.log2(lr / 0.2)) >= {0.0, -1.0, -2.0}
    assert (np.diff(lr) <= 0).all()


def test_a_method_without_lr_has_no_lr_curve():
    assert run("bfgs", {}, "rosenbrock", steps=5).lr is None


def test_evaluations_are_the_tally_s_and_scipy_s_own():
    f = SURFACES["rosenbrock"]()
    tally = CountedProblem(f)
    path = trajectory(sgd(lr=1e-3), tally, f.start, 5)
    counts = diagnose(path, f, f.minima, tally.cumulative_calls(5)).evaluations
    np.testing.assert_array_equal(counts, [[0] * 6, range(6), [0] * 6])
    tally = CountedProblem(f)
    path = trajectory(OPTIMIZERS["scipy_lbfgsb"](), tally, f.start, 60)
    own = diagnose(path, f, f.minima, tally.cumulative_calls(60)).evaluations
    assert own.shape == (3, 61)
    assert own[0, 1] < own[0, -1] < 100
    np.testing.assert_array_equal(own[:, -1], path.states[-1].evaluations)


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (0.2, 3, "0.2"),
        (12.0, 2, "12"),
        (1234.0, 3, "1234"),  # no figure before the point is rounded away
        (9999.9, 3, "10000"),
        (-0.01234, 3, "−0.0123"),
        (0.001, 3, "0.001"),
        (0.0009, 3, "9·10⁻⁴"),
        (12345.0, 3, "1.23·10⁴"),
        (-181000.0, 3, "−1.81·10⁵"),
        (1e200, 3, "10²⁰⁰"),
        (-1e-8, 3, "−10⁻⁸"),
        (2.96e-9, 1, "3·10⁻⁹"),
        (np.inf, 3, "–"),
        (np.nan, 3, "–"),
    ],
)
def test_numbers_are_written_as_the_player_writes_them(value, digits, text):
    assert format_number(value, digits) == text


@pytest.mark.parametrize("surface", sorted(SURFACES))
@pytest.mark.parametrize("word, lr", [("sgd", 1e-6), ("sgd", 0.01), ("sgd", 3.0), ("adam", 0.1), ("newton", 1.0)])
def test_no_sentence_has_a_programmers_number_or_name_in_it(surface, word, lr):
    sentence = run(word, {"lr": lr}, surface, steps=100).verdict.sentence
    assert not re.search(r"\d[eE][+-]?\d|(?<![\w)])-\d|\blr\b|\bnan\b|\binf\b|of the view", sentence), sentence
    assert sentence.endswith(".")
