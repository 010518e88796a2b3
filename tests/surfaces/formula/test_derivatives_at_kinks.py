"""Where a formula has a kink, or a derivative is a limit: the mean of both sides, the limit, or nothing made up."""

from random import Random

import numpy as np
import pytest

from optimizers.methods.momentum import sgd
from optimizers.simulate import trajectory
from surfaces.base import Surface
from surfaces.formula.formula_surface import formula


@pytest.mark.parametrize(
    "typed, point, slope",
    [
        ("abs(x) + y", (0, 0), (0, 1)),
        ("max(0, x) + y", (0, 0), (0.5, 1)),  # the mean of both sides
        ("max(x, 0) + y", (0, 0), (0.5, 1)),
        ("min(x, 0) + y", (0, 0), (0.5, 1)),
        ("min(max(x, 0), 1) + y", (1, 0), (0.5, 1)),  # a clip
        ("max(x, 1) - max(1, x)", (1, 0), (0, 0)),
        ("arcsin(max(x, -1))*0 + max(x**2, 4)", (2, 0), (2, 0)),
        ("max(x, -x)", (0, 0), (0, 0)),  # |x|
        ("max(x, y)", (1, 1), (0.5, 0.5)),
        ("min(3*x, y)", (1, 3), (1.5, 0.5)),
        ("max(x, y)", (2, 1), (1, 0)),
        ("min(x, y)", (2, 1), (0, 1)),
        ("min(100, exp(x**2)) + y", (30, 0), (0, 1)),  # what is not chosen may overflow
        ("sqrt(x**2 + y**2)", (0, 0), (0, 0)),
        ("(x**2 + y**2)**0.5", (0, 0), (0, 0)),
        ("abs(x)**1.5 + y", (0, 0), (0, 1)),
        ("sqrt(x)", (0, 0), (0, 0)),
        ("arcsin(x) - arccos(y)", (1, 1), (0, 0)),
        ("x**2 + (-y)**3", (-3, 2), (-6, -12)),  # a negative base needs no logarithm
        ("x**y", (2, 3), (12, 8 * np.log(2))),
        ("cbrt(x) + y", (0, 0), (0, 1)),
        ("cbrt(x**2)", (0, 0), (0, 0)),
        ("relu(x) + y", (0, 0), (0.5, 1)),
        ("relu(3*x)", (1, 0), (3, 0)),
        ("relu(x) - max(0, x) + y", (0, 0), (0, 1)),
        ("max(x, y, 0*x)", (0, 0), (0.25, 0.25)),  # two at a time
        ("max(x, y, 1)", (1, 2), (0, 1)),
        ("max(x, y, 1)", (1, 0), (0.5, 0)),
        ("min(x, 2, y)", (2, 3), (0.5, 0)),
        ("sign(x)*y", (0, 1), (0, 0)),
        ("sign(x)*y", (-2, 1), (0, -1)),
        ("x*sign(x)", (-2, 1), (-1, 0)),
        ("floor(x)*y", (2, 1), (0, 2)),
        ("mod(x, 2) + y", (4, 0), (1, 1)),
        ("mod(x, y)", (-1, 2), (1, 1)),
        ("mod(7*x, y)", (1, 2), (7, -3)),
        ("atan2(y, x)", (0, 0), (0, 0)),
        ("atan2(y, x)", (0, 2), (-0.5, 0)),
        ("atan2(y, x)", (-1, 0), (0, -1)),
        ("where(x > 0, x, -3*x)", (0, 0), (-3, 0)),
        ("where(x >= 0, x, -3*x)", (0, 0), (1, 0)),
        ("where(x > 0, sqrt(x), 0) + y", (-1, 0), (0, 1)),  # what is not chosen may have no value
        ("where(x == 0, 1, sin(x)/x) + y", (0, 0), (0, 1)),
        ("where(0 < x < 1, x**2, y)", (0.5, 0), (1, 0)),
        ("where(0 < x < 1, x**2, y)", (1, 0), (0, 1)),
        ("(x > 0)*x**2", (2, 0), (4, 0)),
        ("softplus(x) + y", (-1000, 0), (0, 1)),
        ("softplus(x) + sigmoid(y)", (1000, 1000), (1, 0)),
        ("softplus(exp(x)) + sigmoid(-exp(x)) + erf(exp(x))", (-800, 0), (0, 0)),
        ("sigmoid(x)", (40, 0), (np.exp(-40) / (1 + np.exp(-40)) ** 2, 0)),  # 1 - s would be 0
        ("erf(x)", (0, 0), (2 / np.sqrt(np.pi), 0)),
        ("sigmoid(-exp(x**2)) + erf(exp(x**2))", (30, 0), (0, 0)),
    ],
)
def test_the_slope_at_a_kink_is_the_documented_one(typed: str, point: tuple, slope: tuple) -> None:
    surface = formula(typed, start=(0.25, 0.5))
    for p in (np.array(point, dtype=float), np.array(point, dtype=float)[:, None]):
        np.testing.assert_allclose(surface.grad(p).ravel(), slope, rtol=1e-14, atol=1e-15)
        assert np.isfinite(surface.hess(p)).all()


@pytest.mark.parametrize(
    "typed, point, slope, bend",  # bend: xx, xy, yy
    [
        # kinks that cancel: the stable forms of log(1 + exp(x))
        ("max(x, 0) + log(1 + exp(-abs(x)))", (0, 0), (1 / 2, 0), (1 / 4, 0, 0)),
        ("x - min(x, 0) + log(1 + exp(-abs(x)))", (0, 0), (1 / 2, 0), (1 / 4, 0, 0)),
        ("log(exp(-abs(x - y)) + 1) + max(x, y)", (2, 2), (1 / 2, 1 / 2), (1 / 4, -1 / 4, 1 / 4)),
        ("max(x, 0) + min(x, 0)", (0, 0), (1, 0), (0, 0, 0)),
        ("max(x, 0) - max(-x, 0) + y", (0, 0), (1, 1), (0, 0, 0)),
        ("2*max(x, y) - abs(x - y)", (1, 1), (1, 1), (0, 0, 0)),
        ("max(x, 0)*max(-x, 0) + y**2", (0, 1), (0, 2), (0, 0, 2)),
        ("max(x, 0)**2 + min(x, 0)**2", (0, 0), (0, 0), (2, 0, 0)),
        ("max(x, y)**2 + min(x, y)**2", (1, 1), (2, 2), (2, 0, 2)),
        ("max(x, y)*min(x, y)", (1, 1), (1, 1), (0, 1, 0)),
        ("max(0, x)**3 - max(0, -x)**3", (0, 0), (0, 0), (0, 0, 0)),
        ("abs(x)*max(x, 0) - abs(x)*min(x, 0)", (0, 0), (0, 0), (2, 0, 0)),
        # even powers of kinks and of roots
        ("abs(x)**2", (0, 0), (0, 0), (2, 0, 0)),
        ("abs(x)*abs(x) + y", (0, 0), (0, 1), (2, 0, 0)),
        ("max(x, -x)**2", (0, 0), (0, 0), (2, 0, 0)),
        ("abs(x - y)**2", (1, 1), (0, 0), (2, -2, 2)),
        ("sqrt(x**4) + y", (0, 0), (0, 1), (2, 0, 0)),
        ("(x**4)**0.5", (0, 0), (0, 0), (2, 0, 0)),
        ("sqrt(x**2 + y**2)**2", (0, 0), (0, 0), (2, 0, 2)),
        ("sqrt(x**2 + y**2)*sqrt(x**2 + y**2)", (0, 0), (0, 0), (2, 0, 2)),
        ("sqrt(1 + abs(x)**2)", (0, 0), (0, 0), (1, 0, 0)),
        ("(x**2)**1.5 + (x**2 + y**2)**1.5", (0, 0), (0, 0), (0, 0, 0)),
        # even functions of |x|
        ("cos(abs(x))", (0, 0), (0, 0), (-1, 0, 0)),
        ("(abs(x) + x)**2 + (abs(x) - x)**2", (0, 0), (0, 0), (8, 0, 0)),
        ("(max(x, 0) + min(x, 0)*2)**2 + 3*max(0, -x)*min(0, x)", (0, 0), (0, 0), (2, 0, 0)),
        ("tanh(cos(arctan(abs(x))))", (0, 0), (0, 0), (-1 / np.cosh(1) ** 2, 0, 0)),
        ("cos(abs(x))*(1 + x)", (0, 0), (1, 0), (-1, 0, 0)),
        ("exp(abs(x)) + exp(-abs(x))", (0, 0), (0, 0), (2, 0, 0)),
        ("tanh(abs(x))**2 + sin(abs(y))**2", (0, 0), (0, 0), (2, 0, 2)),
        ("1/(1 + abs(x)**2)", (0, 0), (0, 0), (-2, 0, 0)),
        ("exp(-abs(x))/(1 + exp(-abs(x)))**2", (0, 0), (0, 0), (-1 / 8, 0, 0)),
        ("abs(x)**3 + abs(y)*y**2", (0, 0), (0, 0), (0, 0, 0)),
        # a power whose exponent varies, at the edge of its domain
        ("x**y", (0, 2), (0, 0), (2, 0, 0)),
        ("x**y", (0, 3), (0, 0), (0, 0, 0)),
        ("x**(y + 1) + y", (0, 1), (0, 1), (2, 0, 0)),
        ("abs(x)**y", (0, 2), (0, 0), (2, 0, 0)),
        ("(x*y)**x", (2, 0), (0, 0), (0, 0, 8)),
        ("x**3 + y**1 + x**0", (0, 0), (0, 1), (0, 0, 0)),
        # the functions of neural networks, and cube roots
        ("softplus(x)", (0, 0), (1 / 2, 0), (1 / 4, 0, 0)),
        ("relu(x) + log(1 + exp(-abs(x)))", (0, 0), (1 / 2, 0), (1 / 4, 0, 0)),
        ("sigmoid(2*x)*y", (0, 1), (1 / 2, 1 / 2), (0, 1 / 2, 0)),
        ("erf(x)*y", (0, 1), (2 / np.sqrt(np.pi), 0), (0, 2 / np.sqrt(np.pi), 0)),
        ("cbrt(x)**3 + cbrt(y**3)", (0, 0), (1, 1), (0, 0, 0)),
        ("cbrt(x**6)", (0, 0), (0, 0), (2, 0, 0)),
        ("relu(x)**2 + relu(-x)**2", (0, 0), (0, 0), (2, 0, 0)),
        ("where(x > 0, x**2, 3*x**2) + y", (0, 0), (0, 1), (6, 0, 0)),
        ("atan2(y, x)", (1, 1), (-1 / 2, 1 / 2), (1 / 2, 0, -1 / 2)),
        ("mod(x, 3)**2", (-1, 0), (4, 0), (2, 0, 0)),
        # what goes to 0 faster than its slope can grow
        ("exp(-1/x**2) + y**2", (0, 1), (0, 2), (0, 0, 2)),
        ("2**(-1/x**2)", (0, 0), (0, 0), (0, 0, 0)),
        ("1/(1 + exp(-200*x))", (-5, 0), (0, 0), (0, 0, 0)),
        ("tanh(exp(x**2)) - arctan(exp(y**2))", (30, 30), (0, 0), (0, 0, 0)),
        ("exp(-exp(x**2))", (30, 0), (0, 0), (0, 0, 0)),
        ("log(x**2) + y", (-2, 0), (-1, 1), (-1 / 2, 0, 0)),
    ],
)
def test_where_a_derivative_is_a_plain_limit_it_is_given(typed: str, point: tuple, slope: tuple, bend: tuple) -> None:
    """At a point alone and among lanes; the tolerance is a few roundings of the operations."""
    surface = formula(typed, start=(0.25, 0.5))
    for p in (np.array(point, dtype=float), np.repeat(np.array(point, dtype=float)[:, None], 5, axis=1)):
        lanes = p.shape[1:]
        (xx, xy), (yx, yy) = surface.hess(p)
        for found, right in zip((*surface.grad(p), xx, xy, yy), (*slope, *bend), strict=True):
            np.testing.assert_allclose(found, np.full(lanes, right), rtol=1e-13, atol=1e-14)
        np.testing.assert_array_equal(xy, yx)


def kinked(draw: Random, depth: int) -> str:
    """A formula in x, y and the kinks A = |x|, M = max(x, 0) and N = min(x, 0), smooth but for these."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice(("A", "M", "N", "x", "y", "2", "0.5"))
    if draw.random() < 0.55:
        return f"({kinked(draw, depth - 1)} {draw.choice('+-*')} {kinked(draw, depth - 1)})"
    outer = draw.choice(("sin({})", "cos({})", "tanh({})", "exp(-0.3*{})", "arctan({})", "1/(3 + cos({}))", "({})**2"))
    return outer.format(kinked(draw, depth - 1))


@pytest.mark.no_cover
def test_at_a_kink_derivatives_are_the_means_of_those_of_both_sides() -> None:
    """On x = 0, of 300 random formulas; of the Hessian where both sides have the same. To a few roundings."""

    def written(formula_: str, *kinks: str) -> Surface:
        for letter, kink in zip("AMN", kinks, strict=True):
            formula_ = formula_.replace(letter, kink)
        return formula(formula_, start=(0.3, 0.4))

    draw, p, smooth = Random(5), np.array((0.0, 0.7)), 0  # noqa: S311 -- no secret
    for _ in range(300):
        some = kinked(draw, 4)
        if len(some) > 60:
            continue
        whole = written(some, "abs(x)", "max(x, 0)", "min(x, 0)")
        right, left = written(some, "x", "x", "(0*x)"), written(some, "(-x)", "(0*x)", "x")
        mean = (right.grad(p) + left.grad(p)) / 2
        np.testing.assert_allclose(whole.grad(p), mean, rtol=1e-10, atol=1e-12, err_msg=some)
        if np.allclose(right.hess(p), left.hess(p), rtol=1e-9, atol=1e-10):
            smooth += "x" in some and any(letter in some for letter in "AMN")
            np.testing.assert_allclose(whole.hess(p), right.hess(p), rtol=1e-8, atol=1e-9, err_msg=some)
    assert smooth > 20


@pytest.mark.parametrize(
    "typed, point",
    [
        ("arctan(y/x) + x**2 + y**2", (0, 1)),  # -1, but for the jump
        ("1/(1/x)", (0, 0)),  # 1, but for the hole
        ("x/(1 + 1/x)", (0, 0)),
        ("exp(log(x))", (0, 0)),  # 1 from the right
        ("tanh(log(x)/2)", (0, 0)),
        ("0.5**(-log(x))", (0, 0)),
        ("arctan(1/x)", (0, 0)),
        ("sin(1/x)*x**2", (0, 0)),
        ("x*log(abs(x))", (0, 0)),
        ("x/abs(x)", (0, 0)),
    ],
)
def test_what_only_looks_like_a_plain_limit_is_not_made_up(typed: str, point: tuple) -> None:
    assert not np.isfinite(formula(typed, start=(0.25, 0.5)).grad(np.array(point, dtype=float))).all()


@pytest.mark.parametrize(
    "typed, start",
    [
        ("max(x, 0) + log(1 + exp(-abs(x))) + y**2 - x/3", (0.0, 1.0)),
        ("max(x, y) + abs(x)**1.5 + (x - 1)**2 + y**2", (0.0, 0.0)),
        ("min(max(x, 0), 1) + abs(x*y) + x**2 + (y - 1)**2", (1.0, 0.0)),
        ("x**(2 + y**2) + y**2 + x", (0.0, 0.5)),
    ],
)
def test_a_run_from_a_kink_is_one_however_it_is_computed(typed: str, start: tuple[float, float]) -> None:
    """Alone, in Python's own numbers from a hundred steps on, and in lanes; these may round exp otherwise."""
    surface = formula(typed, start=(0.25, 0.5))
    alone = trajectory(sgd(lr=0.01), surface, start, 200)
    beside = trajectory(sgd(lr=0.01), surface, np.repeat(np.array(start)[:, None], 3, axis=1), 200)
    assert np.isfinite(alone.x).all() and (alone.x[:, 1] != alone.x[:, 0]).any()
    for lane in range(3):
        np.testing.assert_allclose(beside.x[..., lane], alone.x, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kinked", ["abs(x)", "max(x, -x)", "max(0, x)", "sqrt(abs(x))", "abs(x)**0.5"])
def test_at_a_kink_of_straight_lines_there_is_no_curvature(kinked: str) -> None:
    np.testing.assert_array_equal(formula(kinked).hess(np.zeros(2)), np.zeros((2, 2)))
