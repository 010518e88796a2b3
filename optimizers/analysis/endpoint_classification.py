"""What kind of place runs have ended at: a minimum, a saddle, flat ground, or none; for many lanes at once.

Verdicts and the fates of a map both ask here. Nothing is compared with f itself, whose zero means nothing, but
differences of f with differences of f. Lengths are in widths of the view: in $u_i = x_i / w_i$ the slope
$G_i = w_i g_i$ and the curvatures $M_{ij} = w_i w_j H_{ij}$ have the unit of f, whatever the units of the axes.
What is zero but for rounding is told by how many digits a number has: `ROUNDING_ERROR`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.numerics.quadratic_model import eigen
from optimizers.numerics.vector_products import Mask, matvec, norm, transposed_matvec
from surfaces.base import Array, Problem

ARRIVAL_DISTANCE = 1e-3  # of the view's width: within this of a minimum, and as low, a run has reached it
ARRIVAL_LOSS_FRACTION = 1e-4  # of the way down from the start's loss: as low as the minimum
LOST_DISTANCE = 1e3  # views away from the start, with a loss larger than there: lost, even if still finite
MIN_CURVATURE_RATIO = 1e-8  # of the largest curvature at the point: below this a curvature counts as none
FLAT_FRACTION = 1e-8  # of how far f falls around the start: what changes less over a whole view is flat ground
VISIBLE_RISE = 1e-2  # of that: a rise smaller than this is no divergence
DOUBTFUL_CURVATURE = 1e-10  # of that: a curvature smaller than this is not believed, but looked for in the values of f
EPS = float(np.finfo(np.float64).eps)
ROUNDING_ERROR = 32 * EPS  # rounding errors of a sum of a few terms, relative to the terms
SUM_ERROR_FACTOR = 8  # times as many of f, that may be a sum over data
NEWTON_STEPS = 8  # steps that are taken towards the point where the slope vanishes
MAX_STEP_RATIO = 0.5  # of the first of these steps the last one is at most: down an endless slope all are equally long
QUADRATIC_STEP_RATIO = 1e-4  # and no more than that, but where the curvature vanishes together with the slope
MIN_HIGH_STEPS, GROWTH_RATIO = 5, 2.0  # steps at least, for which a run is high up; and how many times as high it grows
UNBOUNDED_DEPTH = 1e6  # times as far below the start as anything around it: a fall without end, even if it is near
KINK_DISTANCE = 1e-6  # of the view: from so near a kink is told from a smooth minimum
KINK_NONLINEARITY = 0.75  # by which twice the distance may miss twice the rise, at a kink; roots have 1.4
MAX_CYCLE_STEPS, CYCLE_TOLERANCE = 12, 1e-6  # steps of a cycle; of its size its points differ from one time to the next
MIN_STAY_STEPS, STAY_DIVISOR = (
    3,
    10,
)  # a run has stayed if its last 3 steps, and its last tenth, were low: longer than it takes to pass
GRID_OFFSETS = np.array(np.meshgrid(*2 * (np.linspace(-1, 1, 5),))).reshape(2, -1)  # (2, 25)
RING_OFFSETS = np.round(np.array((np.cos(np.pi / 4 * np.arange(8)), np.sin(np.pi / 4 * np.arange(8)))), 15)  # (2, 8)
NOT_STATIONARY, MINIMUM, SADDLE, MAXIMUM, PLATEAU = range(5)  # the form of f at a place


class LossVariation(NamedTuple):
    """How much f differs from what it is at the starts, a view to each side."""

    apart: Array  # (25, n)
    spread: Array  # (n,) the largest difference
    fall: Array  # (n,) the largest by which f is lower

    @property
    def usual(self) -> Array:
        """The middle one of the differences (n,)."""
        middle: Array = np.median(self.apart, axis=0)
        return middle

    def of(self, lanes: Mask) -> "LossVariation":
        return LossVariation(self.apart[:, lanes], self.spread[lanes], self.fall[lanes])


class Endpoints(NamedTuple):
    """Where each lane is; every array (n,) but for `target`."""

    form: NDArray[np.int64]  # MINIMUM, SADDLE, MAXIMUM, or LEVEL ground, where it is at rest; NOWHERE if it is not
    target: Array  # (2, n): the point itself, as slope and curvature at the run's last one have it; else that one
    known: NDArray[np.int64]  # which of the known minima it has reached; -1 for none
    lowest: Mask  # is it at rest as low as they are, at another place?
    kink: Mask  # is it a minimum at which the slope does not vanish?
    edge: Mask  # has f no value right beside it?
    flat: Mask  # nothing to be seen, neither slope nor curvature, beside how far f falls around the start
    convex: Mask  # are both curvatures at the last point positive?


class QuadraticModel(NamedTuple):
    """The quadratic model at points (2, n), along its two axes, in widths of the view."""

    axes: Array  # (2, 2, n), columns
    slope: Array  # (2, n)
    curvature: Array  # (2, n), the lower first
    bent: Mask  # (2, n): is the curvature told from rounding?
    blur: Array  # (2, n): rounding errors of the slope

    @property
    def step(self) -> Array:
        """Newton's step (2, n), along the axes that are bent."""
        along = np.where(self.bent, -self.slope / np.where(self.bent, self.curvature, 1.0), 0.0)
        return matvec(self.axes, along)

    @property
    def left(self) -> Array:
        r"""What the slope is worth, $\sum_j G_j^2 / 2|\lambda_j|$: the differences of f to where it vanishes."""
        worth = self.slope**2 / np.abs(np.where(self.bent, self.curvature, 1.0)) / 2
        total: Array = np.where(self.bent, worth, 0.0).sum(axis=0)
        return total


def measure_variation(problem: Problem, x0: Array, begun: Array, widths: Array) -> LossVariation:
    points = x0[:, None] + (widths[:, None] * GRID_OFFSETS)[..., None]
    values = np.asarray(problem.value(points.reshape(2, -1))).reshape(GRID_OFFSETS.shape[1], -1)
    rise = np.where(np.isfinite(values), values - begun, 0.0)
    apart = np.abs(rise)
    return LossVariation(apart, apart.max(axis=0), -rise.min(axis=0, initial=0.0))


def build_model(problem: Problem, x: Array, widths: Array, faint: Array) -> QuadraticModel:
    """The model; an axis along which slope and curvature are both `faint` is not bent."""
    scale = widths[:, None]
    G, M = problem.grad(x) * scale, np.nan_to_num(problem.hess(x)) * scale * scale[:, None]
    curvature, axes = eigen(M)
    (a, b), (_, d) = M
    largest = np.abs(curvature).max(axis=0)
    share = np.where(largest > 0, largest, 1.0)
    error = ROUNDING_ERROR * np.array((np.abs(a) * (np.abs(d) / share) + np.abs(b) * (np.abs(b) / share), largest))
    blur = ROUNDING_ERROR * matvec(np.abs(M), np.abs(x / scale) + 1)
    ordered = np.abs(curvature[0]) <= np.abs(curvature[1])
    error = np.where(ordered, error, error[::-1])  # the smaller one has the error of the determinant
    slope = transposed_matvec(axes, G)
    bent = (np.abs(curvature) > error) & (np.abs(slope) + np.abs(curvature) / 2 > faint)
    return QuadraticModel(axes, slope, curvature, bent, transposed_matvec(np.abs(axes), blur))


def examine_endpoints(
    problem: Problem,
    x0: Array,
    begun: Array,
    x: Array,
    loss: Array,
    least: Array,
    stayed: Mask,
    widths: Array,
    minima: Sequence[tuple[float, float]],
    near_start: LossVariation,
) -> Endpoints:
    r"""Where runs from `x0` (2, n) with a loss of `begun` (n,) are, whose last points are `x` (2, n), at `loss` (n,).

    `least` (n,) is the lowest loss of each run.

    A run is at rest where Newton's steps lead to a point within `ARRIVAL_DISTANCE` of the view, become shorter on the
    way, and what is left of the slope is worth at most `ARRIVAL_LOSS_FRACTION` of how far the loss has come, or of what
    it was worth at the start,

    $$ \sum_j \frac{G_j^2}{2 |\lambda_j|} \le 10^{-4}\, (\max(f_0, f_T) - \min_t f_t), $$

    if it has `stayed` (see `has_stayed`) or the slope is next to nothing; or where the slope is zero, or its worth
    beside f, but for rounding. The signs of the curvatures at that point say what it is; where one is zero but for
    rounding, the values of f on a ring around it. A point where f rises linearly to all sides is a minimum too, a kink.

    One of the known `minima` is reached by a run that is at rest there, or has stayed within `ARRIVAL_DISTANCE` of it
    and has
    `ARRIVAL_LOSS_FRACTION` of its fall left at most.
    """
    scale = widths[:, None]
    come = np.maximum(begun, loss) - np.fmin(least, np.minimum(begun, loss))
    faint = FLAT_FRACTION * np.minimum(come, near_start.spread)
    first = last = build_model(problem, x, widths, faint)
    limit = ARRIVAL_LOSS_FRACTION * near_start.spread

    def is_still(at: QuadraticModel) -> Mask:
        return np.asarray((np.abs(at.slope) <= np.minimum(at.blur, limit)).all(axis=0))

    ends_still: Mask = is_still(first)
    still = ends_still
    target, away = x, np.asarray(~np.isfinite(first.slope).all(axis=0))
    for _ in range(NEWTON_STEPS):
        moved = target + scale * last.step
        away = np.asarray(away | ~(norm((moved - x) / scale) <= ARRIVAL_DISTANCE))
        if (away | ends_still).all():
            break
        target = np.where(away, x, np.where(ends_still, target, moved))
        last = build_model(problem, target, widths, faint)
        ends_still = is_still(last)
    length, final = norm(first.step), norm(last.step)
    shrinks = (final <= MAX_STEP_RATIO * length) | ends_still
    empty = (last.bent | (np.abs(last.slope) <= np.maximum(np.minimum(last.blur, limit), faint))).all(axis=0)
    unseen = first.left <= SUM_ERROR_FACTOR * ROUNDING_ERROR * np.abs(loss)
    begun_left = build_model(problem, x0, widths, faint).left
    come = np.maximum(come, np.where(np.isfinite(begun_left), np.minimum(begun_left, near_start.spread), 0.0))
    calm = (first.left <= ARRIVAL_LOSS_FRACTION * come) & (
        stayed | ((length <= ARRIVAL_DISTANCE**2) & (first.left <= ARRIVAL_LOSS_FRACTION**2 * come))
    )
    rests = ~away & shrinks & empty & (calm | still | unseen)
    kink, edge = find_kinks_and_edges(problem, x, widths)
    kink = kink & (stayed | (begun <= loss))
    rests = rests & ~kink & ~edge
    target = np.where(rests, target, x)
    slow = (final > QUADRATIC_STEP_RATIO * length) & ~ends_still
    form = np.where(rests, classify_points(problem, target, last, widths, near_start, slow), NOT_STATIONARY)
    rests = rests & (form != NOT_STATIONARY)
    form = np.where(kink, MINIMUM, form)

    known, lowest = np.full(loss.shape, -1), np.zeros_like(rests)
    for i, m in enumerate(minima):
        p = np.array(m, dtype=np.float64)
        best = np.asarray(problem.value(p))
        close, closer = ((np.abs(q - p[:, None]) <= ARRIVAL_DISTANCE * scale).all(axis=0) for q in (x, target))
        low = stayed & (loss - best <= ARRIVAL_LOSS_FRACTION * (begun - best))
        known[(close & low) | ((rests | kink) & closer)] = i
        sure = ROUNDING_ERROR * np.abs(best)
        lowest |= rests & (problem.value(target) - best <= ARRIVAL_LOSS_FRACTION**2 * (begun - best) + sure)
    lowest &= (known < 0) & ((form == MINIMUM) | (form == PLATEAU))
    level = np.abs(first.slope).sum(axis=0) + np.abs(first.curvature).max(axis=0) / 2 <= FLAT_FRACTION * near_start.fall
    flat = (form == PLATEAU) | ((form == NOT_STATIONARY) & level & (known < 0) & ~edge)
    return Endpoints(
        form, target, known, lowest, kink, edge, np.asarray(flat), np.asarray((first.curvature > 0).all(axis=0))
    )


def classify_points(
    problem: Problem, x: Array, at: QuadraticModel, widths: Array, near_start: LossVariation, slow: Mask
) -> Array:
    """MINIMUM, SADDLE, MAXIMUM or LEVEL at stationary points (2, n); NOWHERE if the values of f belie the curvatures.

    Where Newton's steps were `slow` the curvatures vanish too, as in x³: the values of f decide.
    """
    low, high = at.curvature
    form = np.where(low > 0, MINIMUM, np.where(high < 0, MAXIMUM, SADDLE))
    form[contradicts_curvature(problem, x, at, widths)] = NOT_STATIONARY
    doubt = slow | ~(at.bent & (np.abs(at.curvature) > DOUBTFUL_CURVATURE * near_start.spread)).all(axis=0)
    if doubt.any():
        p, slope = x[:, doubt], np.hypot(*at.slope[:, doubt])  # squares of the slopes of a plain are 0
        up, down = compare_with_ring(problem, p, ARRIVAL_DISTANCE * widths, 2 * ARRIVAL_DISTANCE * slope)
        seen = np.where(up.all(axis=0), MINIMUM, np.where(up.any(axis=0), SADDLE, MAXIMUM))
        form[doubt] = np.where(~down.any(axis=0) & ~up.all(axis=0), PLATEAU, seen)
    return form


def contradicts_curvature(problem: Problem, x: Array, at: QuadraticModel, widths: Array) -> Mask:
    """Does f along an axis, from `KINK_DISTANCE` to `ARRIVAL_DISTANCE` of the view, contradict the curvature there?

    Beside the crease of the root of |x| its curvature goes to minus infinity, and yet it rises to both sides.
    """
    found = np.zeros(x.shape[1:], dtype=np.bool_)
    here = np.asarray(problem.value(x))
    for j, curvature in enumerate(at.curvature):
        left = np.arange(here.size)  # few after the first two
        for h in (
            *np.geomspace(ARRIVAL_DISTANCE, KINK_DISTANCE, 4),
            *np.geomspace(-ARRIVAL_DISTANCE, -KINK_DISTANCE, 4),
        ):
            rise = problem.value(x[:, left] + h * widths[:, None] * at.axes[:, j, left]) - here[left]
            left = left[np.sign(curvature[left]) * rise < -ROUNDING_ERROR * np.abs(here[left])]
        found[left] = True
    return found


def compare_with_ring(problem: Problem, x: Array, radii: Array, least: Array | float = 0.0) -> tuple[Mask, Mask]:
    """Where f on a ring around points (2, n) is higher than there, and lower, by more than `least`: (8, n) each."""
    rise, blur = ring_differences(problem, x, radii)
    return rise > blur + least, rise < -blur - least


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
    rise, blur = ring_differences(problem, x, KINK_DISTANCE * widths)
    farther, _ = ring_differences(problem, x, 2 * KINK_DISTANCE * widths)
    bend = np.abs(farther.sum(axis=0) / rise.sum(axis=0) - 2)
    kink: Mask = np.asarray((rise > blur).all(axis=0) & (bend < KINK_NONLINEARITY))
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


def arrival_level(begun: Array, loss: Array) -> Array:
    """The loss below which a run that ends at `loss` has stayed."""
    return loss + ARRIVAL_LOSS_FRACTION * (begun - loss) + ROUNDING_ERROR * np.abs(loss)


def has_stayed(step: NDArray[np.int64], steps: int) -> Mask:
    """Has a run been low for long, that has been so from a `step` on?"""
    found: Mask = steps - step >= max(MIN_STAY_STEPS, steps // STAY_DIVISOR)
    return found


def is_climbing(losses: Array, near_start: LossVariation) -> Mask:
    """Do runs with these losses (steps + 1, n) diverge, though they are still finite?

    In their last tenth, and at their end, they are higher above their start than anything around it differs from it;
    or they have grown through each eighth of their second half, faster and faster, by what is to be seen. What goes
    round in a cycle does neither.
    """
    begun, last, lowest = losses[0], losses[-1], np.fmin.reduce(losses)
    above = np.median(losses[-max(MIN_HIGH_STEPS, len(losses) // 10) :], axis=0) - begun > near_start.spread
    above &= last - begun > near_start.spread
    parts = [np.median(part, axis=0) for part in np.array_split(losses[len(losses) // 2 :], 8) if part.size]
    if len(parts) == 8:
        grows = (np.diff(parts, axis=0) > 0).all(axis=0) & (parts[7] - lowest > GROWTH_RATIO * (parts[0] - lowest))
        faster = parts[7] - parts[4] > parts[3] - parts[0]
        above |= grows & faster & (np.minimum(parts[7], last) - begun > VISIBLE_RISE * near_start.usual)
    found: Mask = above & ~is_periodic(losses)
    return found


def is_periodic(column: Array) -> Mask:
    """Do the last entries of a column (steps + 1, n) go round in a cycle of at most `MAX_CYCLE_STEPS`?"""
    found = np.zeros(column.shape[1:], dtype=np.bool_)
    for period in range(2, min(MAX_CYCLE_STEPS, (len(column) - 1) // 3) + 1):
        last = column[-3 * period :]
        height = np.ptp(last, axis=0)
        found |= (np.abs(last[period:] - last[:-period]).max(axis=0) <= CYCLE_TOLERANCE * height) & (height > 0)
    return found


def is_lost(
    begun: Array,
    x0: Array,
    x: Array,
    loss: Array,
    there: Endpoints,
    lowest: float,
    widths: Array,
    near_start: LossVariation,
) -> Mask:
    """Is the loss no number, or the run `LOST_DISTANCE` and higher than at its start; or did it fall without end?

    That is below the start and all known minima, `LOST_DISTANCE` or `UNBOUNDED_DEPTH`, and still not into a hollow. On
    a ridge that goes down for ever the slope vanishes as it does at a maximum: so far away it is taken for one no more.
    """
    far = norm((x - x0) / widths[:, None]) > LOST_DISTANCE
    ridge = far & ((there.form == SADDLE) | (there.form == MAXIMUM))
    settled = (there.form != NOT_STATIONARY) | (there.known >= 0) | there.flat
    fell = (
        (loss < np.minimum(begun, lowest))
        & ~there.convex
        & (far | (begun - loss > UNBOUNDED_DEPTH * near_start.spread))
    )
    above = loss - begun > near_start.spread  # there flat ground is no place to have come to rest
    plain = above & (there.flat | (there.form == PLATEAU))
    thrown = (~settled | plain) & far & (loss > begun)
    found: Mask = ~np.isfinite(begun) | ~np.isfinite(loss) | thrown | ((ridge | ~settled) & fell)
    return found


def is_stuck_at_start(problem: Problem, x0: Array, x: Array) -> Mask:
    """Has a run not moved from a start at which the slope is not finite?"""
    found: Mask = (x == x0).all(axis=0) & ~np.isfinite(problem.grad(x0)).all(axis=0)
    return found


def lowest_minimum_loss(problem: Problem, minima: Sequence[tuple[float, float]]) -> float:
    """The loss at the minima; infinity where none is known."""
    return min((float(problem.value(np.array(m, dtype=np.float64))) for m in minima), default=np.inf)
