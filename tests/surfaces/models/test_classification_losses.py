"""Losses of a sample: values by their definition, derivatives by complex steps, and what they are at chance."""

from math import log

import numpy as np
import pytest

from surfaces.models.classification_losses import LOSSES, margins

S = np.random.default_rng(1).standard_normal((2, 6, 4))  # lanes, samples, classes
Y = np.array((0, 1, 2, 3, 3, 0))
STEP = 1e-30
EVERY = pytest.mark.parametrize("name", LOSSES)


def test_losses_are_those_of_their_definitions() -> None:
    for lane, scores in enumerate(S):
        for i, (s, y) in enumerate(zip(scores, Y, strict=True)):
            likelihood = np.exp(s[y]) / np.exp(s).sum()
            hinge = sum(max(0, s[j] - s[y] + 1) for j in range(4) if j != y)
            assert LOSSES["softmax"].value(S, Y)[lane, i] == pytest.approx(-log(likelihood), rel=1e-13)
            assert LOSSES["svm"].value(S, Y)[lane, i] == pytest.approx(hinge, rel=1e-13)


@EVERY
def test_derivatives_are_those_of_the_value(name: str) -> None:
    loss = LOSSES[name]
    slope = loss.slope(S, Y)
    V = np.random.default_rng(2).standard_normal(S.shape)
    for j in range(4):
        moved = S + 1j * STEP * np.eye(4)[j]
        np.testing.assert_allclose(slope[..., j], loss.value(moved, Y).imag / STEP, rtol=1e-12, atol=1e-15)
    if name == "softmax":
        product = loss.slope(S + 1j * STEP * V, Y).imag / STEP
        np.testing.assert_allclose(loss.curvature_product(S, Y, V), product, rtol=1e-12, atol=1e-15)
    else:
        np.testing.assert_array_equal(loss.curvature_product(S, Y, V), 0)


@pytest.mark.parametrize("classes", [2, 10, 20])
@pytest.mark.parametrize("level", [0.0, -7.0])
def test_equal_scores_give_the_loss_at_chance(classes: int, level: float) -> None:
    """ln 10 = 2.302585 and C - 1 = 9 for ten classes."""
    y = np.arange(classes)
    for name, expected in {"softmax": log(classes), "svm": classes - 1}.items():
        value = LOSSES[name].value(np.full((classes, classes), level), y)
        np.testing.assert_allclose(value, expected, rtol=1e-14)
        assert LOSSES[name].at_chance(classes) == pytest.approx(expected)


def test_large_scores_do_not_overflow() -> None:
    scores = np.array(((1e4, 0.0), (0.0, 1e4)))
    np.testing.assert_allclose(LOSSES["softmax"].value(scores, np.array((0, 0))), (0, 1e4), atol=1e-300)
    np.testing.assert_allclose(LOSSES["softmax"].slope(scores, np.array((0, 0))), ((0, 0), (-1, 1)), atol=1e-300)


def test_the_pieces_of_the_hinge_are_the_signs_of_its_margins() -> None:
    scores, y = np.array(((0.0, -0.5, -2.0, 0.5),)), np.array((0,))
    np.testing.assert_allclose(margins(scores, y), ((0, 0.5, -1, 1.5),))
    assert LOSSES["svm"].find_pieces is not None
    assert LOSSES["svm"].find_pieces(scores, y).tolist() == [[False, True, False, True]]
    assert LOSSES["softmax"].find_pieces is None


@EVERY
def test_single_precision_stays_single(name: str) -> None:
    loss, scores = LOSSES[name], S.astype(np.float32)
    assert loss.value(scores, Y).dtype == loss.slope(scores, Y).dtype == np.float32
    assert loss.curvature_product(scores, Y, scores).dtype == np.float32


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("shape", [(7, 5), (400, 10), (3, 300, 10)])
def test_value_and_slope_at_once_are_those_apart(loss: str, shape: tuple[int, ...]) -> None:
    """The larger scores take another way to their maxima."""
    rng = np.random.default_rng(4)
    S, y = 3 * rng.standard_normal(shape), rng.integers(shape[-1], size=shape[-2])
    kept = S.copy()
    value, slope = LOSSES[loss].value_and_slope(S, y)
    np.testing.assert_allclose(value, LOSSES[loss].value(S, y), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(slope, LOSSES[loss].slope(S, y), rtol=1e-14, atol=1e-15)
    np.testing.assert_array_equal(S, kept)
