r"""Difference quotients: the slope of a function along one entry or direction, from its values alone.

The step that counts is the one that was taken. In floating point, x + h rounds, so that the value is that of another
point: for x near 1 and h = 1e-8 the step is wrong in the eighth digit, as much as the rounding of f. So the quotients
divide by $(x + h) - x$, which is exact, as in *Numerical Recipes*, section 5.7, and in SciPy; the course and PyTorch
divide by h. Where x + h rounds to x, the slope is 0, as theirs is. Along a direction entries round differently, and the
quotients divide by h.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import Point

Scalar = Any  # a number of NumPy's, in the precision of the point


class Method(StrEnum):
    """How a slope is found from values."""

    FORWARD = "forward"
    CENTRED = "centred"
    COMPLEX_STEP = "complex"


class LinePoint(NamedTuple):
    """A point on a line: the step that was taken there, and the value."""

    step: Scalar
    value: Scalar


Line = Callable[[float], LinePoint]  # phi(s) = f(x + s d), in the precision of x


def forward_difference(phi: Line, h: float, here: LinePoint) -> Scalar:
    r"""$(\varphi(h) - \varphi(0)) / h = \varphi'(0) + O(h)$; one more evaluation than `here`, which is phi(0)."""
    ahead = phi(h)
    return divide(ahead.value - here.value, ahead.step - here.step)


def centred_difference(phi: Line, h: float) -> Scalar:
    r"""$(\varphi(h) - \varphi(-h)) / 2h = \varphi'(0) + O(h^2)$; two evaluations."""
    ahead, behind = phi(h), phi(-h)
    return divide(ahead.value - behind.value, ahead.step - behind.step)


def complex_step(complex_phi: Callable[[complex], complex], h: float) -> Scalar:
    r"""$\operatorname{Im} \varphi(ih) / h = \varphi'(0) + O(h^2)$, without a difference that could lose digits.

    Only for functions that are analytic, and whose program does not take the absolute value or the conjugate of a
    number on the way. Squire & Trapp (1998), *SIAM Review* 40(1), 110-112.
    """
    return complex_phi(1j * h).imag / h


def divide(rise: Scalar, run: Scalar) -> Scalar:
    """The slope; 0 if the step was lost in rounding."""
    return rise / run if run else rise * 0


def follow_entry(value: Callable[[Any], Any], x: Point, i: int) -> Line:
    """The line along entry `i`; `x` is changed while the function is evaluated, and restored bit for bit."""
    x_i, number = x[i], x.dtype.type

    def phi(s: float) -> LinePoint:
        x[i] = x_i + number(s)
        step, height = x[i] - x_i, number(value(x))
        x[i] = x_i
        return LinePoint(step, height)

    return phi


def follow_direction(value: Callable[[Any], Any], x: Point, d: Point) -> Line:
    """The line along direction `d` (d,)."""
    number = x.dtype.type

    def phi(s: float) -> LinePoint:
        h = number(s)
        return LinePoint(h, number(value(x + h * d)))

    return phi


def follow_complex_entry(value: Callable[[Any], Any], z: NDArray[Any], i: int) -> Callable[[complex], complex]:
    """The line along entry `i` of a complex point, changed and restored as in `follow_entry`."""
    z_i = z[i]

    def phi(s: complex) -> Any:
        z[i] = z_i + s
        height = value(z)
        z[i] = z_i
        return height

    return phi


def measure_entry_slope(
    value: Callable[[Any], Any], point: NDArray[Any], i: int, method: Method, h: float, here: LinePoint | None
) -> Scalar:
    """The slope along an entry of `point`, which is complex for a complex step; `here` only for forward differences."""
    if method is Method.COMPLEX_STEP:
        return complex_step(follow_complex_entry(value, point, i), h)
    phi = follow_entry(value, point, i)
    return centred_difference(phi, h) if here is None else forward_difference(phi, h, here)
