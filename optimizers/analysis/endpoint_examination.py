"""The points at which runs have ended: is the run at rest there, has it reached a known minimum, is it a kink?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import (
    ARRIVAL_DISTANCE,
    ARRIVAL_LOSS_FRACTION,
    ROUNDING_ERROR,
    LossVariation,
    RunStarts,
)
from optimizers.analysis.endpoint_quadratic_model import (
    QuadraticModel,
    build_model,
    follow_newton_steps,
    has_no_slope,
)
from optimizers.analysis.point_types import PointType, classify_points, find_kinks_and_edges
from optimizers.batch_run_outcomes import RunOutcomes, take_lanes
from optimizers.numerics.vector_products import Mask, norm
from surfaces.base import Array

FLAT_FRACTION = 1e-8  # of how far f falls around the start: what changes less over a whole view is flat ground
SUM_ERROR_FACTOR = 8  # times as many rounding errors of f, that may be a sum over data
MAX_STEP_RATIO = (
    0.5  # of the first of Newton's steps the last one is at most: down an endless slope all are equally long
)
QUADRATIC_STEP_RATIO = 1e-4  # and no more than that, but where the curvature vanishes together with the slope


class Endpoints(NamedTuple):
    """Facts about the point at which each lane ended; every array is (n,) but for `rest_point`."""

    point_type: NDArray[np.int64]  # a PointType; NOT_STATIONARY too where the run is not at rest
    rest_point: Array  # (2, n): the stationary point by the quadratic model, where the run is at rest; else its last
    known_minimum: NDArray[np.int64]  # the index of the known minimum that it has reached; -1 for none
    at_lowest_level: Mask  # is it at rest as low as the known minima, at another point?
    at_kink: Mask  # is it a minimum at which the slope does not vanish?
    at_domain_edge: Mask  # has f no value right beside it?
    on_flat_ground: Mask  # slope and curvature are nothing beside how far f falls around the start
    is_convex: Mask  # are both curvatures at the last point positive?

    @property
    def settled(self) -> Mask:
        """Is the lane at a stationary point, at a known minimum or on flat ground?"""
        return (self.point_type != PointType.NOT_STATIONARY) | (self.known_minimum >= 0) | self.on_flat_ground


class RestPoints(NamedTuple):
    """Where Newton's steps lead from the last points of runs, and in which lanes that is where the run is at rest."""

    rests: Mask
    x: Array  # (2, n)
    model: QuadraticModel  # there
    is_slow: Mask  # do Newton's steps shrink slowly, as where the curvature vanishes together with the slope?


def examine_endpoints(starts: RunStarts, runs: RunOutcomes, stayed: Mask, near_start: LossVariation) -> Endpoints:
    r"""Examine the points at which the runs have ended.

    A run is at rest where Newton's steps lead to a point within `ARRIVAL_DISTANCE` of the view and become shorter on
    the way, and what remains to fall by the quadratic model is at most `ARRIVAL_LOSS_FRACTION` of how far the loss has
    fallen, or of what remained at the start,

    $$ \sum_j \frac{G_j^2}{2 |\lambda_j|} \le 10^{-4}\, (\max(f_0, f_T) - \min_t f_t), $$

    if it has `stayed` low (see `ending_classification.examine_runs`) or the slope is next to nothing; or where the
    slope, or what remains beside f, is zero but for rounding. The signs of the curvatures at that point decide its
    type; where one is zero but for rounding, the values of f on a ring around it do. A point where f rises linearly to
    all sides is a minimum too, a kink.

    One of the known `minima` is reached by a run that is at rest there, or that has stayed within `ARRIVAL_DISTANCE`
    of it with at most `ARRIVAL_LOSS_FRACTION` of its descent left.
    """
    problem, _, initial_loss, widths, _ = starts
    x, loss = runs.x, runs.final_loss
    descent = np.maximum(initial_loss, loss) - np.fmin(runs.best_loss, np.minimum(initial_loss, loss))
    negligible = FLAT_FRACTION * np.minimum(descent, near_start.spread)
    first = build_model(problem, x, widths, negligible)
    rests, target, last, is_slow = find_rest_points(starts, runs, stayed, near_start.spread, first, descent, negligible)
    kink, edge = find_kinks_and_edges(problem, x, widths)
    kink = kink & (stayed | (initial_loss <= loss))
    rests = rests & ~kink & ~edge
    target = np.where(rests, target, x)
    point_type = np.full(loss.shape, int(PointType.NOT_STATIONARY))
    if rests.any():
        variation = take_lanes(near_start, rests)
        point_type[rests] = classify_points(
            problem, target[:, rests], take_lanes(last, rests), widths, variation, is_slow[rests]
        )
    rests = rests & (point_type != PointType.NOT_STATIONARY)
    point_type = np.where(kink, PointType.MINIMUM, point_type)

    known, lowest = match_minima(starts, runs, stayed, target, rests, kink)
    lowest &= (known < 0) & ((point_type == PointType.MINIMUM) | (point_type == PointType.PLATEAU))
    level = np.abs(first.slope).sum(axis=0) + np.abs(first.curvature).max(axis=0) / 2
    is_level = level <= FLAT_FRACTION * near_start.largest_drop
    flat = (point_type == PointType.PLATEAU) | (
        (point_type == PointType.NOT_STATIONARY) & is_level & (known < 0) & ~edge
    )
    is_convex = np.asarray((first.curvature > 0).all(axis=0))
    return Endpoints(point_type, target, known, lowest, kink, edge, np.asarray(flat), is_convex)


def find_rest_points(
    starts: RunStarts,
    runs: RunOutcomes,
    stayed: Mask,
    spread: Array,
    first: QuadraticModel,
    descent: Array,
    negligible: Array,
) -> RestPoints:
    """Where the runs are at rest, if that is no kink; see `examine_endpoints`.

    `spread` (n,) is that of f around the start, `first` the model at the last points, `descent` (n,) how far the loss
    has fallen, and `negligible` (n,) what differences of f count as none.
    """
    limit = ARRIVAL_LOSS_FRACTION * spread
    no_slope_at_end = has_no_slope(first, limit)
    target, away, last = follow_newton_steps(starts, runs.x, first, limit, negligible)
    slope_vanishes = has_no_slope(last, limit)
    length, final = norm(first.newton_step), norm(last.newton_step)
    shrinks = (final <= MAX_STEP_RATIO * length) | slope_vanishes
    small = np.maximum(np.minimum(last.slope_error, limit), negligible)
    explained = (last.is_curved | (np.abs(last.slope) <= small)).all(axis=0)
    remaining = first.remaining_drop
    is_rounding = remaining <= SUM_ERROR_FACTOR * ROUNDING_ERROR * np.abs(runs.final_loss)
    at_start = build_model(starts.problem, starts.x0, starts.widths, negligible).remaining_drop
    descent = np.maximum(descent, np.where(np.isfinite(at_start), np.minimum(at_start, spread), 0.0))
    is_low = (remaining <= ARRIVAL_LOSS_FRACTION * descent) & (
        stayed | ((length <= ARRIVAL_DISTANCE**2) & (remaining <= ARRIVAL_LOSS_FRACTION**2 * descent))
    )
    rests = ~away & shrinks & explained & (is_low | no_slope_at_end | is_rounding)
    is_slow = (final > QUADRATIC_STEP_RATIO * length) & ~slope_vanishes
    return RestPoints(rests, target, last, is_slow)


def match_minima(
    starts: RunStarts, runs: RunOutcomes, stayed: Mask, target: Array, rests: Mask, kink: Mask
) -> tuple[NDArray[np.int_], Mask]:
    """The index of the known minimum that each run has reached, or -1; and whether it rests as low as one of them."""
    problem, initial_loss, scale = starts.problem, starts.initial_loss, starts.widths[:, None]
    known, lowest = np.full(runs.final_loss.shape, -1), np.zeros_like(rests)
    for i, m in enumerate(starts.minima):
        p = np.array(m, dtype=np.float64)
        best = np.asarray(problem.value(p))
        close, closer = ((np.abs(q - p[:, None]) <= ARRIVAL_DISTANCE * scale).all(axis=0) for q in (runs.x, target))
        low = stayed & (runs.final_loss - best <= ARRIVAL_LOSS_FRACTION * (initial_loss - best))
        known[(close & low) | ((rests | kink) & closer)] = i
        error = ROUNDING_ERROR * np.abs(best)
        lowest |= rests & (problem.value(target) - best <= ARRIVAL_LOSS_FRACTION**2 * (initial_loss - best) + error)
    return known, lowest
