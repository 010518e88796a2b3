r"""How the error of a difference quotient depends on its step: truncation rises with h, round-off falls.

With the machine precision $\epsilon$ (2⁻⁵² in float64, 2⁻²³ in float32) the errors are about

$$ \text{forward: } \tfrac{h}{2} |f''| + \tfrac{2 \epsilon |f|}{h}, \qquad
   \text{centred: } \tfrac{h^2}{6} |f'''| + \tfrac{\epsilon |f|}{h}, \qquad
   \text{complex step: } \tfrac{h^2}{6} |f'''| $$

*Numerical Recipes*, 3rd edition, section 5.7.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from surfaces.gradient_check.difference_quotients import Line, Method

ORDERS = {Method.FORWARD: 1, Method.CENTRED: 2, Method.COMPLEX_STEP: 2}  # p: the truncation error is of order h^p
COMPLEX_STEP_SIZE = 1e-20  # small enough that nothing is cut off; nothing is subtracted, so nothing is lost


class ErrorLine(NamedTuple):
    """The error of a quotient over h: `truncation` h^`order` + `round_off` / h."""

    order: int
    truncation: float
    round_off: float

    def error(self, h: ArrayLike) -> NDArray[np.float64]:
        return self.truncation_error(h) + self.round_off_error(h)

    def truncation_error(self, h: ArrayLike) -> NDArray[np.float64]:
        return self.truncation * np.asarray(h, dtype=np.float64) ** self.order

    def round_off_error(self, h: ArrayLike) -> NDArray[np.float64]:
        return self.round_off / np.asarray(h, dtype=np.float64)

    @property
    def best_h(self) -> float | None:
        r"""Where the sum is least, $(r / p\,t)^{1/(p+1)}$; None if one of the two parts is missing."""
        p, t, r = self
        return float((r / (p * t)) ** (1 / (p + 1))) if t > 0 and r > 0 else None


def machine_epsilon(dtype: DTypeLike) -> float:
    return float(np.finfo(np.dtype(dtype)).eps)


def predict_error(
    method: Method,
    f: float,
    second: ArrayLike,
    third: ArrayLike,
    dtype: DTypeLike = np.float64,
    slope: ArrayLike = 1.0,
) -> ErrorLine:
    """The error line of a method from f and its second and third derivative; relative to f', if `slope` is that.

    With arrays (k,) of these for k entries: that of the norm over all of them, whose rounding errors are independent.
    """
    eps, size = machine_epsilon(dtype), np.linalg.norm(slope)
    truncation = np.linalg.norm(second) / 2 if method is Method.FORWARD else np.linalg.norm(third) / 6
    factor = {Method.FORWARD: 2, Method.CENTRED: 1, Method.COMPLEX_STEP: 0}[method]
    round_off = factor * eps * abs(f) * np.sqrt(np.size(second))
    if size == 0:
        return ErrorLine(ORDERS[method], 0.0, 0.0)
    return ErrorLine(ORDERS[method], float(truncation / size), float(round_off / size))


def rule_of_thumb_step(method: Method, dtype: DTypeLike = np.float64) -> float:
    r"""The best h where f and its derivatives are near 1.

    $\sqrt\epsilon$ for forward differences, $\sqrt[3]\epsilon$ for centred ones, anything tiny for a complex step.
    """
    if method is Method.COMPLEX_STEP:
        return COMPLEX_STEP_SIZE
    return root_step(machine_epsilon(dtype), ORDERS[method])


def root_step(eps: float, order: int) -> float:
    """The square root of the precision for a quotient whose error is of order h, the cube root for one of order h²."""
    return eps ** (1 / (order + 1))


def estimate_derivatives(phi: Line, dtype: DTypeLike = np.float64, scale: float = 1.0) -> tuple[float, float]:
    r"""The second and third derivative of a line at 0 from six values, good to a digit or two, which is enough for h.

    $$ f'' \approx \frac{f(h) - 2 f(0) + f(-h)}{h^2}, \qquad
       f''' \approx \frac{f(2h) - 2 f(h) + 2 f(-h) - f(-2h)}{2 h^3} $$

    at their own best steps, $\epsilon^{1/4}$ and $\epsilon^{1/5}$ times `scale`, the size of x.
    """
    eps = machine_epsilon(dtype)

    def f(s: float) -> float:
        return float(phi(s).value)

    h = scale * eps ** (1 / 4)
    second = (f(h) - 2 * f(0) + f(-h)) / h**2
    h = scale * eps ** (1 / 5)
    third = (f(2 * h) - 2 * f(h) + 2 * f(-h) - f(-2 * h)) / (2 * h**3)
    return second, third
