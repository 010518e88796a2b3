"""How far rounding errors carry a run, where that is known."""

import numpy as np
import pytest

from app.compute.cached_simulation import build_optimizer as built
from app.model.scene import optimizer_call
from optimizers.analysis.rounding_sensitivity import endpoint_sensitivity
from optimizers.catalogue import OPTIMIZERS, SCHEDULES
from optimizers.schedules import scheduled
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.gradient_noise import noisy
from surfaces.observers.rounding_errors import RELATIVE_ERROR, PerturbedProblem

LED = {"sgd": 0.01, "momentum": 0.01, "adam": 0.05, "lbfgs": 1.0}


@pytest.mark.parametrize("word", LED)
def test_a_path_that_is_led_stays_where_it_is(word):
    f = SURFACES["bowl"]()
    assert (
        endpoint_sensitivity(
            built(optimizer_call(word, lr=LED[word]) if word != "lbfgs" else optimizer_call(word)), f, f.start, 60
        )
        < 1e-11
    )


def test_an_error_grows_as_theory_says():
    """On x² - y² the step multiplies y by 1 + 2 lr: started on the ridge's foot, only its relative error is left."""
    f = SURFACES["saddle"]()
    assert endpoint_sensitivity(OPTIMIZERS["sgd"](lr=0.1), f, (1.0, 1e-3), 50) < 50 * 0.2 * RELATIVE_ERROR * 2


def test_a_path_that_swings_about_for_ever_is_decided_by_rounding():
    """x³ - 3x with steps so long that it never settles: the logistic map's kind of chaos, an error doubles a step."""
    f = SURFACES["double_well"]()
    assert endpoint_sensitivity(OPTIMIZERS["sgd"](lr=1.9), f, (0.3, 0.0), 200) > 1e-3


def test_answers_differ_in_their_last_bits_only_and_are_the_same_within_a_step():
    f = noisy(SURFACES["rosenbrock"](), 0.5, 3)
    p = np.array((-1.2, 1.0))
    for t in (1, 2):
        shaken = PerturbedProblem(f, 0).at(t)
        by_point, by_answer = (
            (0.0 if t == 1 else RELATIVE_ERROR * np.abs(p)),
            RELATIVE_ERROR + 2.3e-16,
        )  # the last: of the comparison itself
        slope, bend = f.at(t).grad(p), np.abs(f.hess(p))
        assert np.array_equal(shaken.grad(p), shaken.grad(p))
        assert shaken.value(p) == shaken.value(p)
        assert (np.abs(shaken.grad(p) - slope) <= np.abs(slope) * 2 * by_answer + 2 * (bend * by_point).sum(1)).all()
        height = f.at(t).value(p)
        assert abs(shaken.value(p) - height) <= 2 * (height * by_answer + (np.abs(slope) * by_point).sum())
        assert not np.array_equal(shaken.grad(p), f.at(t).grad(p))
    lanes = np.stack((p, 2 * p), axis=-1)
    assert PerturbedProblem(f, 0).at(1).grad(lanes).shape == (2, 2)


def test_what_is_left_of_a_gradient_at_a_minimum_is_rounding():
    """Terms of size 11 and 7 cancel there; a step that later becomes too long makes this error grow."""
    f = formula("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
    pace = SCHEDULES["cosine_restarts"](0.00025, 1155, 0.45, 3.3011375053051353)
    rate = SCHEDULES["linear"](0.002500237232841223, 9.814500982607079, 1447)
    nadam = scheduled(OPTIMIZERS["nadam"], lr=rate, momentum_decay=pace)
    assert endpoint_sensitivity(nadam, f, (-3.0, 2.0), 92) > 1e-9


@pytest.mark.parametrize("word", ["mccormick", "danwood", "griewank"])
def test_a_method_that_compares_is_decided_by_rounding_once_its_corners_are_close(word):
    """With 16 other roundings each endpoint moved by 5e-11 or more, and none before the corners are close."""
    f, compares = SURFACES[word](), OPTIMIZERS["nelder_mead"]()
    assert endpoint_sensitivity(compares, f, f.start, 20) < 1e-13
    assert endpoint_sensitivity(compares, f, f.start, 140) > 1e-12
