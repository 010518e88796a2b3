"""Other checkers' verdicts on the same gradient, each by its own rule, step and formula, read from its source.

| checker | version | source |
|---|---|---|
| PyTorch | 2.13.0 | `torch/autograd/gradcheck.py`: `_slow_gradcheck`, `_fast_gradcheck`, `_adjusted_atol` |
| SciPy | 1.17.1 | `scipy/optimize/_optimize.py`: `check_grad`, `approx_fprime` |
| JAX | 0.10.2 | `jax/_src/public_test_util.py`: `check_grads`, `check_vjp`, `numerical_jvp` |
| OpenMDAO | 3.45.1 | `openmdao/core/component.py`: `check_partials`; `utils/array_utils.py`: `get_tol_violation` |
| CS231n | assignments 1 and 2 | `rel_error` in the notebooks; h of `eval_numerical_gradient` |

Every rule is here as a number and its limit: it passes if the number is at most the limit.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.relative_error import relative_error
from surfaces.gradient_check.verdict import GOOD_BELOW, SUSPICIOUS_ABOVE
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

Vector = NDArray[np.float64]

TORCH_ATOL, TORCH_RTOL, TORCH_STEP = 1e-5, 1e-3, 1e-6
JAX_TOLERANCE, JAX_STEP = 1e-5, 1e-4  # atol and rtol for float64
OPENMDAO_RTOL, OPENMDAO_STEP = 1e-6, 1e-6  # its atol is 0
SCIPY_STEP = float(np.sqrt(np.finfo(np.float64).eps))
SCIPY_LIMIT = 1.5e-7  # SciPy gives none; its own tests ask for 0 to seven decimals
COURSE_FLOOR, COURSE_LIMIT, COURSE_STEP = 1e-8, 1e-6, 1e-5  # "most errors should be on the order of e-7 or smaller"


class Opinion(NamedTuple):
    """A checker's verdict on a gradient."""

    checker: str
    version: str
    number: float
    limit: float
    passed: bool
    overlooks: Translatable  # what its rule does not see, with the numbers of this gradient


class Slopes(NamedTuple):
    """The numbers that a rule compares: entries of the gradient, or one slope along a direction."""

    analytic: Vector  # (k,)
    numeric: Vector  # (k,)
    direction: Vector | None = None  # (d,) if it is one slope
    has_kinks: bool = False


class Checker(NamedTuple):
    """A checker: how it measures slopes, and its rule."""

    name: str
    version: str
    method: Method
    h: float
    rule: Callable[[Slopes], tuple[float, float]]  # a number, and the limit up to which it passes
    overlook: Callable[[Slopes], Translatable]
    draw_direction: Callable[[int], Vector] | None = None  # None: entry by entry
    divides_by_taken_step: bool = False


def tolerance_ratio(a: Vector, n: Vector, atol: float, rtol: float) -> float:
    r"""The largest $|a - n| / (\text{atol} + \text{rtol}\,|n|)$, which passes up to 1; 0/0 is 0, as in `allclose`."""
    allowed = atol + rtol * np.abs(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(a == n, 0.0, np.abs(a - n) / allowed)
    return float(np.max(ratio, initial=0.0))


def torch_rule(slopes: Slopes) -> tuple[float, float]:
    return tolerance_ratio(slopes.analytic, slopes.numeric, TORCH_ATOL, TORCH_RTOL), 1.0


def torch_fast_rule(slopes: Slopes) -> tuple[float, float]:
    """Along a direction u of positive entries; the absolute tolerance of all of them adds up: atol times their sum."""
    total = float(slopes.direction.sum()) if slopes.direction is not None else 1.0
    return tolerance_ratio(slopes.analytic, slopes.numeric, TORCH_ATOL * total, TORCH_RTOL), 1.0


def scipy_rule(slopes: Slopes) -> tuple[float, float]:
    return float(np.linalg.norm(slopes.analytic - slopes.numeric)), SCIPY_LIMIT


def jax_rule(slopes: Slopes) -> tuple[float, float]:
    """In reverse mode, that of a gradient by hand: both slopes times a random c, which is drawn after the direction."""
    c = draw_jax(slopes.direction.size if slopes.direction is not None else 0)[-1]
    return tolerance_ratio(c * slopes.analytic, c * slopes.numeric, JAX_TOLERANCE, JAX_TOLERANCE), 1.0


def openmdao_rule(slopes: Slopes) -> tuple[float, float]:
    return tolerance_ratio(slopes.analytic, slopes.numeric, 0.0, OPENMDAO_RTOL), 1.0


def course_rule(slopes: Slopes) -> tuple[float, float]:
    r"""The largest $|a - n| / \max(10^{-8}, |a| + |n|)$."""
    a, n = slopes.analytic, slopes.numeric
    error = np.abs(a - n) / np.maximum(COURSE_FLOOR, np.abs(a) + np.abs(n))
    return float(np.max(error, initial=0.0)), COURSE_LIMIT


def notes_rule(slopes: Slopes) -> tuple[float, float]:
    error = relative_error(slopes.analytic, slopes.numeric)
    return float(np.max(error, initial=0.0)), SUSPICIOUS_ABOVE if slopes.has_kinks else GOOD_BELOW


def draw_jax(size: int) -> Vector:
    """JAX's direction, `size` normal numbers that are always the same, and one more for the cotangent."""
    return np.random.RandomState(0).randn(size + 1)


def draw_positive_direction(size: int, seed: int = 0) -> Vector:
    """As PyTorch draws it, uniform and of length 1, but from NumPy's numbers."""
    u = np.random.default_rng(seed).random(size)
    return u / np.linalg.norm(u)


def overlook_small(slopes: Slopes, atol: float) -> Translatable:
    small = int((np.abs(slopes.numeric) < atol).sum())
    return Translatable(
        "{count} of {total} entries are smaller than its absolute tolerance {atol}: there, zeros would pass as well.",
        count=small, total=slopes.numeric.size, atol=format_number(atol),
    )  # fmt: skip


def overlook_below_floor(slopes: Slopes) -> Translatable:
    small = int((np.abs(slopes.analytic) + np.abs(slopes.numeric) < COURSE_FLOOR).sum())
    return Translatable(
        "It divides by {floor} at least: in {count} of {total} entries, which are smaller, every error looks small.",
        floor=format_number(COURSE_FLOOR), count=small, total=slopes.numeric.size,
    )  # fmt: skip


def overlook_norm(slopes: Slopes) -> Translatable:
    return Translatable(
        "Its number is absolute, for a gradient of length {length}: it says nothing about small entries, and for large "
        "ones its forward differences alone exceed it.",
        length=format_number(float(np.linalg.norm(slopes.numeric)), 2),
    )


def overlook_direction(slopes: Slopes) -> Translatable:
    size = slopes.direction.size if slopes.direction is not None else 1
    return Translatable(
        "It compares one slope along one direction: errors in a few of the {size} entries hardly change it, and it "
        "names no entry.",
        size=size,
    )


def overlook_zero(slopes: Slopes) -> Translatable:
    zeros = int(((slopes.numeric == 0) != (slopes.analytic == 0)).sum())
    return Translatable(
        "It has no absolute tolerance: in {count} entries one slope is exactly 0, and the other fails however small it "
        "is; and with its forward differences even correct gradients of curved functions fail.",
        count=zeros,
    )


def overlook_kinks(slopes: Slopes) -> Translatable:
    return Translatable("Its single limit takes no account of rounding or kinks.")


CHECKERS = (
    Checker("notes", "CS231n", Method.CENTRED, 1e-5, notes_rule, overlook_kinks),
    Checker(
        "torch.autograd.gradcheck", "2.13.0", Method.CENTRED, TORCH_STEP, torch_rule,
        lambda slopes: overlook_small(slopes, TORCH_ATOL),
    ),
    Checker(
        "torch.autograd.gradcheck(fast_mode=True)", "2.13.0", Method.CENTRED, TORCH_STEP, torch_fast_rule,
        overlook_direction, draw_positive_direction,
    ),
    Checker(
        "scipy.optimize.check_grad", "1.17.1", Method.FORWARD, SCIPY_STEP, scipy_rule, overlook_norm,
        divides_by_taken_step=True,
    ),
    Checker(
        "jax.test_util.check_grads", "0.10.2", Method.CENTRED, JAX_STEP, jax_rule, overlook_direction,
        lambda size: draw_jax(size)[:-1],
    ),
    Checker("OpenMDAO check_partials", "3.45.1", Method.FORWARD, OPENMDAO_STEP, openmdao_rule, overlook_zero),
    Checker("CS231n assignments", "assignment 2", Method.CENTRED, COURSE_STEP, course_rule, overlook_below_floor),
)  # fmt: skip


def ask_checker(
    checker: Checker, function: CheckedFunction, x: Point, entries: Entries, direction: Vector | None = None
) -> Opinion:
    """Measure slopes at `x` (float64) as the checker does, at these entries or along its direction, and judge them."""
    g = function.analytic_gradient(x).astype(np.float64)
    with np.errstate(all="ignore"):
        if checker.draw_direction is None:
            numeric = difference_entries(checker, function, x, entries)
            slopes = Slopes(g[entries], numeric, None, function.has_kinks)
        else:
            d = checker.draw_direction(x.size) if direction is None else direction
            numeric = np.array([difference_along(checker, function, x, d, checker.h)])
            slopes = Slopes(np.array([g @ d]), numeric, d, function.has_kinks)
    return give_opinion(checker, slopes)


def give_opinion(checker: Checker, slopes: Slopes) -> Opinion:
    """Apply the rule of a checker to slopes that were measured before."""
    number, limit = checker.rule(slopes)
    passed = bool(number <= limit)  # not if it is not a number
    return Opinion(checker.name, checker.version, number, limit, passed, checker.overlook(slopes))


def difference_entries(checker: Checker, function: CheckedFunction, x: Point, entries: Entries) -> Vector:
    d = np.zeros_like(x)
    slopes = np.empty(len(entries))
    for k, i in enumerate(entries.tolist()):
        d[i] = 1
        taken = (x[i] + checker.h) - x[i] if checker.divides_by_taken_step else checker.h
        slopes[k] = difference_along(checker, function, x, d, taken)
        d[i] = 0
    return slopes


def difference_along(checker: Checker, function: CheckedFunction, x: Point, d: Point, divisor: float) -> float:
    """The difference quotient along `d` with the checker's step, over `divisor`, as its program divides."""
    ahead = float(function.value(x + checker.h * d))
    if checker.method is Method.FORWARD:
        return (ahead - float(function.value(x))) / divisor
    return (ahead - float(function.value(x - checker.h * d))) / (2 * divisor)
