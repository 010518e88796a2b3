"""How runs have ended, for many lanes at once: at what kind of point, stalled, or lost.

The map of starts, the map of hyperparameters and the verdict of a single run all use these tests. f is never compared
with zero, since an added constant must change nothing: differences of f are compared with differences of f. Lengths are
in widths of the view: in $u_i = x_i / w_i$ the slope $G_i = w_i g_i$ and the curvatures $M_{ij} = w_i w_j H_{ij}$ have
the unit of f, whatever the units of the axes. Whether a number is zero but for rounding follows from the size of the
terms it was summed from: see `ROUNDING_ERROR`.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.oscillation import find_cycle_period
from optimizers.batch_run_outcomes import NEVER, RunOutcomes, take_lanes
from optimizers.numerics.quadratic_model_minimization import eigen
from optimizers.numerics.vector_products import Mask, matvec, norm, transposed_matvec
from surfaces.base import Array, Point, Problem

LOST_DISTANCE = 1e3  # views away from the start, with a loss larger than there: lost, even if still finite
UNBOUNDED_DEPTH = 1e6  # times as far below the start as anything around it: a fall without end, even if it is near
VISIBLE_RISE = 1e-2  # of the median difference of f around the start: a smaller rise is no divergence
MIN_HIGH_STEPS, GROWTH_RATIO = 5, 2.0  # steps at least, for which a run is high up; and how many times as high it grows
MIN_STAY_STEPS, STAY_DIVISOR = 3, 10  # a run has stayed if its last 3 steps, and its last tenth, were low
ARRIVAL_DISTANCE = 1e-3  # of the view's width: within this of a minimum, and as low, a run has reached it
ARRIVAL_LOSS_FRACTION = 1e-4  # of the way down from the start's loss: as low as the minimum
MIN_CURVATURE_RATIO = 1e-8  # of the largest curvature at the point: below this a curvature counts as none
FLAT_FRACTION = 1e-8  # of how far f falls around the start: what changes less over a whole view is flat ground
DOUBTFUL_CURVATURE = 1e-10  # of that: a curvature smaller than this is not believed, but looked for in the values of f
EPS = float(np.finfo(np.float64).eps)
ROUNDING_ERROR = 32 * EPS  # rounding errors of a sum of a few terms, relative to the terms
SUM_ERROR_FACTOR = 8  # times as many of f, that may be a sum over data
NEWTON_STEPS = 8  # steps that are taken towards the point where the slope vanishes
MAX_STEP_RATIO = 0.5  # of the first of these steps the last one is at most: down an endless slope all are equally long
QUADRATIC_STEP_RATIO = 1e-4  # and no more than that, but where the curvature vanishes together with the slope
KINK_DISTANCE = 1e-6  # of the view: from so near a kink is told from a smooth minimum
KINK_NONLINEARITY = 0.75  # by which twice the distance may miss twice the rise, at a kink; roots have 1.4
GRID_OFFSETS = np.array(np.meshgrid(*2 * (np.linspace(-1, 1, 5),))).reshape(2, -1)  # (2, 25)
RING_OFFSETS = np.round(np.array((np.cos(np.pi / 4 * np.arange(8)), np.sin(np.pi / 4 * np.arange(8)))), 15)  # (2, 8)
KINK_PROBES = np.geomspace(ARRIVAL_DISTANCE, KINK_DISTANCE, 4)  # of the view: distances at which f is compared


class PointType(IntEnum):
    """What f is like at a point."""

    NOT_STATIONARY = 0
    MINIMUM = 1
    SADDLE = 2
    MAXIMUM = 3
    PLATEAU = 4


class RunStarts(NamedTuple):
    """Where runs of a problem begin, one in each lane, and by what their ends are judged."""

    problem: Problem
    x0: Array  # (2, n)
    initial_loss: Array  # (n,)
    widths: Array  # (2,) of the view, the unit of lengths
    minima: Sequence[Point]  # the known global ones


class LossVariation(NamedTuple):
    """How much f differs from its value at each start, over a grid that reaches one view to each side."""

    differences: Array  # (25, n)
    spread: Array  # (n,) the largest difference
    largest_drop: Array  # (n,) the largest by which f is lower

    @property
    def median(self) -> Array:
        """The median of the differences (n,)."""
        return compute_median(self.differences)


class Endpoints(NamedTuple):
    """What is known of the point at which each lane ended; every array is (n,) but for `rest_point`."""

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


class Ending(IntEnum):
    """How a run has ended; the browser is told the names with the numbers."""

    MINIMUM = 0
    SADDLE = 1
    STALLED = 2  # or still on its way
    LOST = 3


class EndingTests(NamedTuple):
    """The tests of `examine_runs`."""

    endpoint: Endpoints
    near_start: LossVariation
    is_lost: Mask  # lost, though every point was finite
    is_stuck: Mask  # has not moved from a start at which the slope is not finite


def examine_runs(starts: RunStarts, runs: RunOutcomes, steps: int) -> EndingTests:
    """Test how the runs have ended; their `settled_step` is with respect to `arrival_level`.

    A run has stayed low if it has been low for longer than it takes to pass. It is lost if its loss is not finite, or
    if it is `LOST_DISTANCE` away and higher than at its start, or unbounded: that is below its start and all known
    minima, by `LOST_DISTANCE` or `UNBOUNDED_DEPTH`, and not in a bowl. On a ridge that descends for ever the slope
    vanishes as it does at a maximum: so far away it is no maximum.
    """
    problem, x0, initial_loss, widths, minima = starts
    near_start, loss = measure_variation(starts), runs.final_loss
    stayed: Mask = runs.settled_step <= steps - max(MIN_STAY_STEPS, steps // STAY_DIVISOR)
    endpoint = examine_endpoints(starts, runs, stayed, near_start)
    far = norm((runs.x - x0) / widths[:, None]) > LOST_DISTANCE
    ridge = far & ((endpoint.point_type == PointType.SADDLE) | (endpoint.point_type == PointType.MAXIMUM))
    is_low = loss < np.minimum(initial_loss, lowest_minimum_loss(problem, minima))
    fell = is_low & ~endpoint.is_convex & (far | (initial_loss - loss > UNBOUNDED_DEPTH * near_start.spread))
    above = loss - initial_loss > near_start.spread  # there flat ground is no point to have come to rest at
    plain = above & (endpoint.on_flat_ground | (endpoint.point_type == PointType.PLATEAU))
    thrown = (~endpoint.settled | plain) & far & (loss > initial_loss)
    lost: Mask = ~np.isfinite(initial_loss) | ~np.isfinite(loss) | thrown | ((ridge | ~endpoint.settled) & fell)
    stuck: Mask = (runs.x == x0).all(axis=0) & ~np.isfinite(problem.grad(x0)).all(axis=0)
    return EndingTests(endpoint, near_start, lost, stuck)


def classify_endings(
    starts: RunStarts, runs: RunOutcomes, steps: int, climbs: Callable[[Mask, LossVariation], Mask]
) -> tuple[NDArray[np.uint8], Array]:
    """The `Ending` of each lane, and the point (2, n) that it has come to.

    `climbs(lanes, near_start)` applies `is_climbing` to the losses of some lanes: of those where it decides.
    """
    tests = examine_runs(starts, runs, steps)
    endpoint, lost = tests.endpoint, (runs.nonfinite_step != NEVER) | tests.is_lost
    open_ = ~endpoint.settled & ~lost
    if open_.any():
        lost[open_] = climbs(open_, take_lanes(tests.near_start, open_))

    kind, known = endpoint.point_type, endpoint.known_minimum
    ending = np.full(runs.final_loss.shape, Ending.STALLED, dtype=np.uint8)
    ending[(kind == PointType.SADDLE) | (kind == PointType.MAXIMUM)] = Ending.SADDLE
    ending[(kind == PointType.MINIMUM) | endpoint.at_lowest_level | (known >= 0)] = Ending.MINIMUM
    lost &= ~np.isfinite(starts.initial_loss) | ~tests.is_stuck
    ending[lost] = Ending.LOST
    point = endpoint.rest_point.copy()
    for i, m in enumerate(starts.minima):
        point[:, known == i] = np.array(m, dtype=np.float64)[:, None]
    return ending, np.where(lost, runs.x, point)


def arrival_level(initial_loss: Array, loss: Array) -> Array:
    """The loss below which a run that ends at `loss` has stayed."""
    return loss + ARRIVAL_LOSS_FRACTION * (initial_loss - loss) + ROUNDING_ERROR * np.abs(loss)


def is_climbing(losses: Array, near_start: LossVariation) -> Mask:
    """Do runs with these losses (steps + 1, n) diverge, though they are still finite?

    In their last tenth, and at their end, they are higher above their start than anything around it differs from it;
    or they have grown through each eighth of their second half, faster and faster, by what can be seen. A cycle does
    neither.
    """
    initial, last, lowest = losses[0], losses[-1], np.fmin.reduce(losses)
    above: Mask = last - initial > 0
    if not above.any():
        return above
    found = compute_median(losses[-max(MIN_HIGH_STEPS, len(losses) // 10) :]) - initial > near_start.spread
    found &= last - initial > near_start.spread
    parts = [compute_median(part) for part in np.array_split(losses[len(losses) // 2 :], 8) if part.size]
    if len(parts) == 8:
        grows = (np.diff(parts, axis=0) > 0).all(axis=0) & (parts[7] - lowest > GROWTH_RATIO * (parts[0] - lowest))
        faster = parts[7] - parts[4] > parts[3] - parts[0]
        found |= grows & faster & (np.minimum(parts[7], last) - initial > VISIBLE_RISE * near_start.median)
    return found & (find_cycle_period(losses[None]) == 0)


def compute_median(values: Array) -> Array:
    """The median over the first axis, as NumPy's, without its overhead; NaN where there is one."""
    middle = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, (*middle, -1), axis=0)
    low, high, last = (ordered[i] for i in (*middle, -1))
    with np.errstate(all="ignore"):
        return np.where(np.isnan(last), np.nan, low if middle[0] == middle[1] else (low + high) / 2)


def measure_variation(starts: RunStarts) -> LossVariation:
    points = starts.x0[:, None] + (starts.widths[:, None] * GRID_OFFSETS)[..., None]
    values = np.asarray(starts.problem.value(points.reshape(2, -1))).reshape(GRID_OFFSETS.shape[1], -1)
    rise = np.where(np.isfinite(values), values - starts.initial_loss, 0.0)
    differences = np.abs(rise)
    return LossVariation(differences, differences.max(axis=0), -rise.min(axis=0, initial=0.0))


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
    problem, x0, initial_loss, widths, _ = starts
    x, loss = runs.x, runs.final_loss
    descent = np.maximum(initial_loss, loss) - np.fmin(runs.best_loss, np.minimum(initial_loss, loss))
    negligible = FLAT_FRACTION * np.minimum(descent, near_start.spread)
    first = build_model(problem, x, widths, negligible)
    limit = ARRIVAL_LOSS_FRACTION * near_start.spread

    no_slope_at_end = has_no_slope(first, limit)
    target, away, last = follow_newton_steps(starts, x, first, limit, negligible)
    slope_vanishes = has_no_slope(last, limit)
    length, final = norm(first.newton_step), norm(last.newton_step)
    shrinks = (final <= MAX_STEP_RATIO * length) | slope_vanishes
    small = np.maximum(np.minimum(last.slope_error, limit), negligible)
    explained = (last.is_curved | (np.abs(last.slope) <= small)).all(axis=0)
    remaining = first.remaining_drop
    is_rounding = remaining <= SUM_ERROR_FACTOR * ROUNDING_ERROR * np.abs(loss)
    at_start = build_model(problem, x0, widths, negligible).remaining_drop
    descent = np.maximum(descent, np.where(np.isfinite(at_start), np.minimum(at_start, near_start.spread), 0.0))
    is_low = (remaining <= ARRIVAL_LOSS_FRACTION * descent) & (
        stayed | ((length <= ARRIVAL_DISTANCE**2) & (remaining <= ARRIVAL_LOSS_FRACTION**2 * descent))
    )
    kink, edge = find_kinks_and_edges(problem, x, widths)
    kink = kink & (stayed | (initial_loss <= loss))
    rests = ~away & shrinks & explained & (is_low | no_slope_at_end | is_rounding) & ~kink & ~edge
    target = np.where(rests, target, x)
    slow = (final > QUADRATIC_STEP_RATIO * length) & ~slope_vanishes
    point_type = np.full(loss.shape, int(PointType.NOT_STATIONARY))
    if rests.any():
        variation = take_lanes(near_start, rests)
        point_type[rests] = classify_points(
            problem, target[:, rests], take_lanes(last, rests), widths, variation, slow[rests]
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


def classify_points(
    problem: Problem, x: Array, model: QuadraticModel, widths: Array, near_start: LossVariation, slow: Mask
) -> NDArray[np.int64]:
    """The `PointType` of stationary points (2, n); NOT_STATIONARY if the values of f contradict the curvatures.

    Where Newton's steps were `slow` the curvatures vanish too, as in x³: the values of f decide.
    """
    low, high = model.curvature
    found = np.where(low > 0, PointType.MINIMUM, np.where(high < 0, PointType.MAXIMUM, PointType.SADDLE))
    found[contradicts_curvature(problem, x, model, widths)] = PointType.NOT_STATIONARY
    doubt = slow | ~(model.is_curved & (np.abs(model.curvature) > DOUBTFUL_CURVATURE * near_start.spread)).all(axis=0)
    if doubt.any():
        p, slope = x[:, doubt], np.hypot(*model.slope[:, doubt])  # squares of the slopes of a plain are 0
        up, down = compare_with_ring(problem, p, ARRIVAL_DISTANCE * widths, 2 * ARRIVAL_DISTANCE * slope)
        seen = np.where(
            up.all(axis=0), PointType.MINIMUM, np.where(up.any(axis=0), PointType.SADDLE, PointType.MAXIMUM)
        )
        found[doubt] = np.where(~down.any(axis=0) & ~up.all(axis=0), PointType.PLATEAU, seen)
    return found


def contradicts_curvature(problem: Problem, x: Array, model: QuadraticModel, widths: Array) -> Mask:
    """Does f along an axis, from `KINK_DISTANCE` to `ARRIVAL_DISTANCE` of the view, contradict the curvature there?

    Beside the crease of the root of |x| its curvature goes to minus infinity, and yet it rises to both sides.
    """
    found = np.zeros(x.shape[1:], dtype=np.bool_)
    here = np.asarray(problem.value(x))
    for j, curvature in enumerate(model.curvature):
        left = np.arange(here.size)
        for h in (*KINK_PROBES, *-KINK_PROBES):
            rise = problem.value(x[:, left] + h * widths[:, None] * model.axes[:, j, left]) - here[left]
            left = left[np.sign(curvature[left]) * rise < -ROUNDING_ERROR * np.abs(here[left])]
            if not left.size:
                break
        found[left] = True
    return found


def compare_with_ring(problem: Problem, x: Array, radii: Array, least: Array | float = 0.0) -> tuple[Mask, Mask]:
    """Where f on a ring around points (2, n) is higher than there, and lower, by more than `least`: (8, n) each."""
    rise, error = ring_differences(problem, x, radii)
    return rise > error + least, rise < -error - least


def ring_differences(problem: Problem, x: Array, radii: Array) -> tuple[Array, Array]:
    """f on a ring less f in its middle (8, n), and the rounding error of that."""
    ring = x[:, None] + (radii[:, None] * RING_OFFSETS)[..., None]
    there = np.asarray(problem.value(ring.reshape(2, -1))).reshape(RING_OFFSETS.shape[1], -1)
    here = np.asarray(problem.value(x))
    return there - here, ROUNDING_ERROR * np.abs(here)


def find_kinks_and_edges(problem: Problem, x: Array, widths: Array) -> tuple[Mask, Mask]:
    """Does f rise to all sides of points (2, n), about linearly, as above a kink? And has it no value at some side?

    From twice as far it is above a kink about twice as high, above a smooth minimum four times, above a pole hardly
    more.
    """
    rise, error = ring_differences(problem, x, KINK_DISTANCE * widths)
    farther, _ = ring_differences(problem, x, 2 * KINK_DISTANCE * widths)
    bend = np.abs(farther.sum(axis=0) / rise.sum(axis=0) - 2)
    kink: Mask = np.asarray((rise > error).all(axis=0) & (bend < KINK_NONLINEARITY))
    if kink.any():
        kink[kink] = is_clarke_stationary(problem, x[:, kink], KINK_DISTANCE * widths)
    return kink, np.asarray(~np.isfinite(rise).all(axis=0))


def is_clarke_stationary(problem: Problem, x: Array, radii: Array) -> Mask:
    """Do the slopes around points (2, n) leave no direction that goes down along all of them?

    Zero is then a mean of them, as it must be at a minimum (Clarke, 1983, *Optimization and Nonsmooth Analysis*,
    2.3.2). The values of f on a ring of eight miss a gorge that is narrow.
    """
    ring = x[:, None] + (radii[:, None] * RING_OFFSETS)[..., None]
    G = problem.grad(ring.reshape(2, -1)).reshape(2, RING_OFFSETS.shape[1], -1) * radii[:, None, None]
    angles = np.sort(np.arctan2(G[1], G[0]), axis=0)
    gaps = np.diff(np.concatenate((angles, angles[:1] + 2 * np.pi)), axis=0)
    return np.asarray((gaps <= np.pi + ROUNDING_ERROR).all(axis=0))
