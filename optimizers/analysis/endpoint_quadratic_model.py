"""The quadratic model of f at the points where runs have ended, and Newton's steps by it."""

from typing import NamedTuple

import numpy as np

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, ROUNDING_ERROR, RunStarts
from optimizers.numerics.quadratic_model_minimization import eigen
from optimizers.numerics.vector_products import Mask, matvec, norm, transposed_matvec
from surfaces.base import Array, Problem

NEWTON_STEPS = 8  # steps that are taken towards the point where the slope vanishes


class QuadraticModel(NamedTuple):
    """The quadratic model at points (2, n), along its two axes, in widths of the view."""

    axes: Array  # (2, 2, n), columns
    slope: Array  # (2, n)
    curvature: Array  # (2, n), the lower first
    is_curved: Mask  # (2, n): is the curvature more than rounding?
    slope_error: Array  # (2, n): rounding errors of the slope

    @property
    def newton_step(self) -> Array:
        """Newton's step (2, n), along the axes that are curved."""
        along = np.where(self.is_curved, -self.slope / np.where(self.is_curved, self.curvature, 1.0), 0.0)
        return matvec(self.axes, along)

    @property
    def remaining_drop(self) -> Array:
        r"""$\sum_j G_j^2 / 2|\lambda_j|$ (n,): how much f differs from its value where the slope vanishes."""
        along = self.slope**2 / np.abs(np.where(self.is_curved, self.curvature, 1.0)) / 2
        return np.where(self.is_curved, along, 0.0).sum(axis=0)


def build_model(problem: Problem, x: Array, widths: Array, negligible: Array) -> QuadraticModel:
    """The quadratic model at `x` (2, n); an axis along which slope and curvature are both negligible is not curved."""
    scale = widths[:, None]
    H = np.asarray(problem.hess(x))
    if not np.isfinite(H).all():
        H = np.nan_to_num(H)
    G, M = problem.grad(x) * scale, H * scale * scale[:, None]
    curvature, axes = eigen(M)
    (a, b), (_, d) = M
    largest = np.abs(curvature).max(axis=0)
    divisor = np.where(largest > 0, largest, 1.0)
    error = ROUNDING_ERROR * np.array((np.abs(a) * (np.abs(d) / divisor) + np.abs(b) * (np.abs(b) / divisor), largest))
    slope_error = ROUNDING_ERROR * matvec(np.abs(M), np.abs(x / scale) + 1)
    ordered = np.abs(curvature[0]) <= np.abs(curvature[1])
    error = np.where(ordered, error, error[::-1])  # the smaller one has the error of the determinant
    slope = transposed_matvec(axes, G)
    is_curved = (np.abs(curvature) > error) & (np.abs(slope) + np.abs(curvature) / 2 > negligible)
    return QuadraticModel(axes, slope, curvature, is_curved, transposed_matvec(np.abs(axes), slope_error))


def has_no_slope(model: QuadraticModel, limit: Array) -> Mask:
    return np.asarray((np.abs(model.slope) <= np.minimum(model.slope_error, limit)).all(axis=0))


def follow_newton_steps(
    starts: RunStarts, x: Array, model: QuadraticModel, limit: Array, negligible: Array
) -> tuple[Array, Mask, QuadraticModel]:
    """Where Newton's steps lead from `x`; in which lanes that is too far away, and `x` is kept; and the model there."""
    scale = starts.widths[:, None]
    slope_vanishes = has_no_slope(model, limit)
    target, away = x, np.asarray(~np.isfinite(model.slope).all(axis=0))
    for _ in range(NEWTON_STEPS):
        moved = target + scale * model.newton_step
        away = np.asarray(away | ~(norm((moved - x) / scale) <= ARRIVAL_DISTANCE))
        if (away | slope_vanishes).all():
            break
        target = np.where(away, x, np.where(slope_vanishes, target, moved))
        model = build_model(starts.problem, target, starts.widths, negligible)
        slope_vanishes = has_no_slope(model, limit)
    return target, away, model
