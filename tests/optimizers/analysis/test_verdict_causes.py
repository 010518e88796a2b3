"""Causes of divergence and oscillation: the learning rate is blamed by theory, or where a smaller one ends lower."""

import re
from itertools import product

import numpy as np
import pytest

from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.analysis.verdict_types import LOST_VERDICTS
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import sgd
from optimizers.schedules import scheduled
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.gradient_noise import noisy
from tests.support.diagnosed_runs import diagnose_run


def widths(f):
    return tuple(high - low for low, high in f.box)


def test_a_run_at_the_edge_bounces_to_and_fro_and_the_edge_is_named():
    verdict = diagnose_run("sgd", {"lr": 2 / 10}, "bowl", (0.4, 1.3), condition=10.0, angle=0.0).verdict
    assert verdict.kind == "oscillating", verdict
    assert "the learning rate 0.2 is at the edge, 2/λ = 0.2. A smaller learning rate gets lower" in verdict.sentence


def judge_noisy(sigma, optimizer, f, steps=300, **reruns):
    """The verdict on a run in noise, which can be made again without it."""
    exact = trajectory(optimizer, f, f.start, steps)
    path = trajectory(optimizer, noisy(f, sigma, 1), f.start, steps) if sigma else exact
    again = (lambda: exact) if sigma else None
    return diagnose(path, f, f.minima, widths=widths(f), rerun_without_noise=again, **reruns).verdict


def test_a_run_that_bounces_in_noise_alone_says_so():
    verdict = judge_noisy(10.0, sgd(lr=0.05), SURFACES["bowl"](), hyper={"lr": 0.05}, optimizer_name="sgd")
    assert verdict.kind == "oscillating", verdict
    assert verdict.sentence == "Bounces to and fro without getting lower: the noise in the gradient keeps it moving."


def test_noise_is_not_blamed_where_the_run_bounces_without_it_too():
    f = SURFACES["absolute"]()  # of constant slope, over which each step is equally long
    assert judge_noisy(0.0, sgd(lr=0.1), f).kind == "oscillating"
    verdict = judge_noisy(0.01, sgd(lr=0.1), f)
    assert verdict.kind == "oscillating", verdict
    assert "noise" not in verdict.sentence


def test_the_schedule_of_a_run_in_noise_is_named_as_a_whole():
    """Its rate at the end is no rate that the visitor has chosen."""
    f, steps = SURFACES["bowl"](), 400

    def run(factor):
        optimizer = scheduled(sgd, lr=lambda t: factor * 0.1 / (1 + 0.02 * t))
        return trajectory(optimizer, noisy(f, 10.0, 0), f.start, steps)

    exact = trajectory(scheduled(sgd, lr=lambda t: 0.1 / (1 + 0.02 * t)), f, f.start, steps)
    verdict = diagnose(
        run(1.0), f, f.minima, optimizer_name="sgd", widths=widths(f), rerun=run, rerun_without_noise=lambda: exact
    ).verdict
    assert verdict.kind == "oscillating", verdict
    assert verdict.sentence.startswith(
        "Bounces to and fro: the noise in the gradient keeps it moving. A smaller learning rate gets lower"
    )
    found = re.search(r"with a schedule of ([\d.]+) times its values it ends at a loss of ([\d.]+)\.", verdict.sentence)
    assert found, verdict
    assert float(f.value(run(float(found[1])).x[:, -1])) == pytest.approx(float(found[2]), rel=0.01)


def test_a_run_that_bounces_as_its_schedule_allows_says_how_long_its_steps_are():
    """The slope is constant, and the rate falls by the factor (1 + 0.01·270)/(1 + 0.01·300) = 0.925 in the tail."""
    f, hyper = SURFACES["absolute"](), {"lr": lambda t: 0.1 / (1 + 0.01 * t)}
    path = trajectory(scheduled(sgd, **hyper), f, f.start, 300)
    verdict = diagnose(path, f, f.minima, optimizer_name="sgd", widths=widths(f)).verdict
    assert verdict.kind == "oscillating", verdict
    assert "without getting lower" not in verdict.sentence
    found = re.search(
        r"steps are still about ([\d.]+) long; its schedule shortens them by ([\d.]+) % in 30", verdict.sentence
    )
    assert found, verdict
    assert float(found[2]) == pytest.approx(7.5, abs=0.1)
    lengths = np.hypot(*np.diff(path.x[:, -31:]))
    assert lengths.min() * 0.95 <= float(found[1]) <= lengths.max() * 1.05


@pytest.mark.parametrize("mu", [0.9999, 1.0])
def test_a_momentum_that_outlasts_the_run_is_blamed(mu):
    f, start, steps = SURFACES["himmelblau"](), (-0.5, -1.0), 300

    def run(value):
        return trajectory(OPTIMIZERS["momentum"](lr=0.01, mu=value), f, start, steps)

    verdict = diagnose(
        run(mu), f, f.minima, hyper={"lr": 0.01, "mu": mu}, optimizer_name="momentum", widths=widths(f),
        rerun_with_momentum=run,
    ).verdict  # fmt: skip
    assert verdict.kind == "oscillating", verdict
    blame = "with μ = 1 nothing slows it down" if mu == 1 else "a velocity lasts for 1/(1−μ) = 10000 steps"
    assert blame in verdict.sentence, verdict
    found = re.search(r"A smaller momentum gets lower: with μ = ([\d.]+) it ends", verdict.sentence)
    assert found, verdict
    assert f.value(run(float(found[1])).x[:, -1]) < f.value(run(mu).x[:, -30:]).min()


@pytest.mark.parametrize(
    "word, hyper, surface, start, steps",
    [
        ("sgd", {"lr": 0.04}, "ravine", (-9.0, 2.5), 60),
        ("sgd", {"lr": 0.1}, "absolute", None, 300),
        ("sgd", {"lr": 1.15}, "double_well", None, 300),
    ],
)
def test_the_smaller_rate_that_is_named_is_nearly_the_best_there(word, hyper, surface, start, steps):
    """It leaves at most a fiftieth more of the way down than the best of 40 rates: the search tries eight."""
    f = SURFACES[surface]()
    place = np.array(f.start if start is None else start)
    verdict = diagnose_run(word, hyper, surface, start, steps).verdict
    found = re.search(r"with ([\d.]+) it ends at a loss of −?[\d.]+(?:·10\S+)?\.", verdict.sentence)
    assert found, verdict

    def end(rate):
        return float(f.value(trajectory(OPTIMIZERS[word](**(hyper | {"lr": rate})), f, place, steps).x[:, -1]))

    lowest = min(end(rate) for rate in hyper["lr"] * np.geomspace(1 / 64, 0.98, 40))
    assert end(float(found[1])) <= lowest + 0.02 * (float(f.value(place)) - lowest)


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
    verdict = diagnose_run("sgd", {"lr": lr}, surface).verdict
    assert verdict.kind == "oscillating", verdict
    assert words in verdict.sentence, verdict


def test_a_divergence_without_lr_names_its_step_alone():
    f = SURFACES["rosenbrock"]()
    verdict = diagnose(trajectory(sgd(lr=0.01), f, (-1.5, 2.0), 50), f, f.minima).verdict
    assert verdict.sentence == f"Diverged at step {verdict.step}."


@pytest.mark.parametrize("beyond", [1.01, 1.02, 1.05])
def test_a_slow_divergence_is_named_with_its_cause(beyond):
    verdict = diagnose_run("sgd", {"lr": beyond * 0.2}, "bowl", (0.3, 0.5), 150, condition=10.0, angle=0.0).verdict
    assert verdict.kind in ("diverging", "diverged")
    assert "the largest stable one at the minimum is 2/λ = 0.2" in verdict.sentence


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
    verdict = diagnose_run(word, hyper, "bowl", (0.3, 0.7), 2000, condition=10.0, angle=0.3).verdict
    assert verdict.kind == "diverged"
    assert (
        f"the learning rate is 0.5, but the largest stable one at the minimum is {formula} (λ = 10)" in verdict.sentence
    )
    assert f"at step {verdict.step}" in verdict.sentence


def test_a_stable_lr_that_diverges_from_a_steep_start_says_so():
    verdict = diagnose_run("sgd", {"lr": 0.0015}, "rosenbrock", (-5.0, 20.0), 100).verdict
    assert verdict.kind == "diverged"
    assert "the start is steeper" in verdict.sentence


def test_a_divergence_without_a_known_limit_still_names_its_lr():
    verdict = diagnose_run("rmsprop", {"lr": 1e200}, "rosenbrock").verdict
    assert "the learning rate 10²⁰⁰ is too large here" in verdict.sentence


STEPS = 120
BLAMES = [
    *product(("easom", "boxbod", "misra1a", "rosenbrock", "saddle", "himmelblau", "beale"), ("newton",), (1.0,)),
    *product(("rosenbrock", "himmelblau", "saddle", "misra1a", "bowl", "-x**2-y**2", "x+2*y"), ("sgd",), (0.01, 1e8)),
    *product(("rosenbrock", "beale", "-exp(-x**2-y**2)"), ("adam", "momentum"), (0.1, 30.0)),
    *product(("-x**2-y**2", "x**3-3*x*y**2", "himmelblau", "-exp(-x**2-y**2)"), ("newton",), (0.1, 1.0, 2.5)),
]  # fmt: skip
BLAMED = ("too large", "but the largest stable", "; with ")


@pytest.mark.parametrize(("surface", "word", "lr"), BLAMES)
def test_no_learning_rate_is_blamed_whose_smaller_ones_end_the_same(surface, word, lr):
    f = SURFACES[surface]() if surface in SURFACES else formula(surface)
    (left, right), (bottom, top) = f.box
    start = (left + 0.25 * (right - left), bottom + 0.625 * (top - bottom))

    def run(rate, again=None):
        path = trajectory(OPTIMIZERS[word](lr=rate), f, start, STEPS)
        return diagnose(path, f, f.minima, hyper={"lr": rate}, optimizer_name=word, widths=widths(f), rerun=again)

    def again(factor):
        return trajectory(OPTIMIZERS[word](lr=factor * lr), f, start, STEPS)

    verdict = run(lr, again).verdict
    if any(words in verdict.sentence for words in BLAMED):
        assert verdict.kind in ("diverged", "diverging")
        smaller = [run(lr * 2.0**-k) for k in range(1, 80)]
        assert any(one.verdict.kind not in LOST_VERDICTS and one.loss[-1] <= one.loss[0] for one in smaller)


def test_a_rate_is_not_blamed_where_all_smaller_ones_climb_too():
    """Newton's step on the root of |x| is 2x: it goes up, however little of it is taken."""
    f, start = formula("abs(x)**0.5"), (1.0, 0.4)
    make = OPTIMIZERS["newton"]
    verdict = diagnose(
        trajectory(make(), f, start, 20), f, hyper={"lr": 1.0}, optimizer_name="newton", widths=widths(f),
        rerun=lambda factor: trajectory(make(lr=factor), f, start, 20),
    ).verdict  # fmt: skip
    assert verdict.kind == "diverged"
    assert "end no better" in verdict.sentence and "too large" not in verdict.sentence


@pytest.mark.parametrize("steps", range(56, 66))
@pytest.mark.parametrize("shift", ["", "+1000"])
def test_a_smaller_rate_is_praised_only_where_it_ends_below_the_whole_tail(steps, shift):
    """The loss of a run that swings is low in one step and high in the next: its last loss alone says little."""
    f, hyper, start = formula("x**2+10*y**2" + shift), {"lr": 0.15, "mu": 0.99}, (2.0, 1.0)
    rerun = []

    def again(factor):
        rerun.append(trajectory(OPTIMIZERS["momentum"](lr=0.15 * factor, mu=0.99), f, start, steps))
        return rerun[-1]

    path = trajectory(OPTIMIZERS["momentum"](**hyper), f, start, steps)
    found = diagnose(path, f, f.minima, hyper=hyper, optimizer_name="momentum", widths=widths(f), rerun=again)
    is_lower = f.value(rerun[-1].x[:, -1]) < found.loss[-10:].min()
    assert ("A smaller learning rate gets lower" in found.verdict.sentence) == is_lower
