"""The largest learning rate that is stable where a run is, by the theory of quadratics."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from optimizers.analysis.quadratic_theory import QUADRATIC_THEORY, largest_stable_lr
from optimizers.analysis.run_record import RunRecord
from surfaces.base import Array, Point, Problem
from surfaces.number_format import format_number
from surfaces.translatable import Translatable


class StabilityLimit(NamedTuple):
    """The largest learning rate that is stable at a point, by theory."""

    lr: float
    curvature: float  # λ there, the largest
    formula: str
    at_minimum: bool  # else at the start

    def describe(self) -> Translatable:
        values = {
            "formula": self.formula, "limit": format_number(self.lr), "curvature": format_number(self.curvature)
        }  # fmt: skip
        if self.at_minimum:
            return Translatable(
                "the largest stable one at the minimum is {formula} = {limit} (λ = {curvature})", **values
            )
        return Translatable("the largest stable one at the start is {formula} = {limit} (λ = {curvature})", **values)


def find_stability_limit(run: RunRecord, k: int) -> StabilityLimit | None:
    """The limit at the minimum that is nearest to the start, else at the start; None where theory has none."""
    mu = 0.0 if run.mu is None else float(run.mu[k])
    return find_limit_from(run.problem, run.x[:, 0], run.minima, run.optimizer_name, mu)


def find_limit_from(
    problem: Problem, start: Array, minima: Sequence[Point], optimizer_name: str, mu: float
) -> StabilityLimit | None:
    """The limit of an optimizer at that of the `minima` which is nearest to `start`, as `find_stability_limit`."""
    if optimizer_name not in QUADRATIC_THEORY:
        return None
    nearest = min((np.array(m) for m in minima), key=lambda m: float(np.hypot(*(start - m))), default=start)
    curvature = largest_curvature(problem, nearest)
    limit = largest_stable_lr(optimizer_name, curvature, mu)
    if limit is None:
        return None
    return StabilityLimit(limit, curvature, QUADRATIC_THEORY[optimizer_name].stability_formula, bool(minima))


def largest_curvature(problem: Problem, x: Array) -> float:
    return float(np.linalg.eigvalsh(problem.hess(x))[-1])
