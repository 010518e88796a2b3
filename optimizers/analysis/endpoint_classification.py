"""What kind of place runs have ended at: a minimum, a saddle, flat ground, or none; for many lanes at once.

Verdicts and the fates of a map both ask here. Nothing is compared with f itself, whose zero means nothing, but
differences of f with differences of f. Lengths are in widths of the view: in $u_i = x_i / w_i$ the slope
$G_i = w_i g_i$ and the curvatures $M_{ij} = w_i w_j H_{ij}$ have the unit of f, whatever the units of the axes.
What is zero but for rounding is told by how many digits a number has: `DIGITS`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.numerics.quadratic_model import eigen
from optimizers.numerics.vector_products import Mask, matvec, norm, transposed_matvec
from surfaces.base import Array, Problem

NEAR = 1e-3  # of the view's width: within this of a minimum, and as low, a run has reached it
LOW = 1e-4  # of the way down from the start's loss: as low as the minimum
FAR = 1e3  # views away from the start, with a loss larger than there: lost, even if still finite
CURVED = 1e-8  # of the largest curvature at the point: below this a curvature counts as none
FLAT = 1e-8  # of how far f falls around the start: what changes less over a whole view is flat ground
VISIBLE = 1e-2  # of that: a rise smaller than this is no divergence
DOUBTFUL = 1e-10  # of that: a curvature smaller than this is not believed, but looked for in the values of f
EPS = float(np.finfo(np.float64).eps)
DIGITS = 32 * EPS  # rounding errors of a sum of a few terms, relative to the terms
SUM = 8  # times as many of f, that may be a sum over data
NEWTONS = 8  # steps that are taken towards the point where the slope vanishes
SHRINKS = 0.5  # of the first of these steps the last one is at most: down an endless slope all are equally long
QUADRATIC = 1e-4  # and no more than that, but where the curvature vanishes together with the slope
HIGH, GROWS = 5, 2.0  # steps at least, for which a run is high up; and how many times as high it grows
DEEP = 1e6  # times as far below the start as anything around it: a fall without end, even if it is near
KINK = 1e-6  # of the view: from so near a kink is told from a smooth minimum
BEND = 0.75  # by which twice the distance may miss twice the rise, at a kink; roots have 1.4
LONGEST, SAME = 12, 1e-6  # steps of a cycle; of its size its points differ from one time to the next
FEW, SHARE = 3, 10  # a run has stayed if its last 3 steps, and its last tenth, were low: longer than it takes to pass
SQUARE = np.array(np.meshgrid(*2 * (np.linspace(-1, 1, 5),))).reshape(2, -1)  # (2, 25)
RING = np.round(np.array((np.cos(np.pi / 4 * np.arange(8)), np.sin(np.pi / 4 * np.arange(8)))), 15)  # (2, 8)
NOWHERE, MINIMUM, SADDLE, MAXIMUM, LEVEL = range(5)  # the form of f at a place


class Around(NamedTuple):
    """How much f differs from what it is at the starts, a view to each side."""

    apart: Array  # (25, n)
    spread: Array  # (n,) the largest difference
    fall: Array  # (n,) the largest by which f is lower

    @property
    def usual(self) -> Array:
        """The middle one of the differences (n,)."""
        middle: Array = np.median(self.apart, axis=0)
        return middle

    def of(self, lanes: Mask) -> "Around":
        return Around(self.apart[:, lanes], self.spread[lanes], self.fall[lanes])


class Place(NamedTuple):
    """Where each lane is; every array (n,) but for `target`."""

    form: NDArray[np.int64]  # MINIMUM, SADDLE, MAXIMUM, or LEVEL ground, where it is at rest; NOWHERE if it is not
    target: Array  # (2, n): the point itself, as slope and curvature at the run's last one have it; else that one
    known: NDArray[np.int64]  # which of the known minima it has reached; -1 for none
    lowest: Mask  # is it at rest as low as they are, at another place?
    kink: Mask  # is it a minimum at which the slope does not vanish?
    edge: Mask  # has f no value right beside it?
    flat: Mask  # nothing to be seen, neither slope nor curvature, beside how far f falls around the start
    convex: Mask  # are both curvatures at the last point positive?


class Model(NamedTuple):
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


def around(problem: Problem, x0: Array, begun: Array, widths: Array) -> Around:
    points = x0[:, None] + (widths[:, None] * SQUARE)[..., None]
    values = np.asarray(problem.value(points.reshape(2, -1))).reshape(SQUARE.shape[1], -1)
    rise = np.where(np.isfinite(values), values - begun, 0.0)
    apart = np.abs(rise)
    return Around(apart, apart.max(axis=0), -rise.min(axis=0, initial=0.0))


def model(problem: Problem, x: Array, widths: Array, faint: Array) -> Model:
    """The model; an axis along which slope and curvature are both `faint` is not bent."""
    scale = widths[:, None]
    G, M = problem.grad(x) * scale, np.nan_to_num(problem.hess(x)) * scale * scale[:, None]
    curvature, axes = eigen(M)
    (a, b), (_, d) = M
    largest = np.abs(curvature).max(axis=0)
    share = np.where(largest > 0, largest, 1.0)
    error = DIGITS * np.array((np.abs(a) * (np.abs(d) / share) + np.abs(b) * (np.abs(b) / share), largest))
    blur = DIGITS * matvec(np.abs(M), np.abs(x / scale) + 1)
    ordered = np.abs(curvature[0]) <= np.abs(curvature[1])
    error = np.where(ordered, error, error[::-1])  # the smaller one has the error of the determinant
    slope = transposed_matvec(axes, G)
    bent = (np.abs(curvature) > error) & (np.abs(slope) + np.abs(curvature) / 2 > faint)
    return Model(axes, slope, curvature, bent, transposed_matvec(np.abs(axes), blur))


def place(
    problem: Problem,
    x0: Array,
    begun: Array,
    x: Array,
    loss: Array,
    least: Array,
    stayed: Mask,
    widths: Array,
    minima: Sequence[tuple[float, float]],
    near_start: Around,
) -> Place:
    r"""Where runs from `x0` (2, n) with a loss of `begun` (n,) are, whose last points are `x` (2, n), at `loss` (n,).

    `least` (n,) is the lowest loss of each run.

    A run is at rest where Newton's steps lead to a point within `NEAR` of the view, become shorter on the way, and
    what is left of the slope is worth at most `LOW` of how far the loss has come, or of what it was worth at the start,

    $$ \sum_j \frac{G_j^2}{2 |\lambda_j|} \le 10^{-4}\, (\max(f_0, f_T) - \min_t f_t), $$

    if it has `stayed` (see `stays`) or the slope is next to nothing; or where the slope is zero, or its worth beside f,
    but for rounding. The signs of the curvatures at that point say what it is; where one is zero but for rounding, the
    values of f on a ring around it. A point where f rises linearly to all sides is a minimum too, a kink.

    One of the known `minima` is reached by a run that is at rest there, or has stayed within `NEAR` of it and has
    `LOW` of its fall left at most.
    """
    scale = widths[:, None]
    come = np.maximum(begun, loss) - np.fmin(least, np.minimum(begun, loss))
    faint = FLAT * np.minimum(come, near_start.spread)
    first = last = model(problem, x, widths, faint)
    limit = LOW * near_start.spread

    def is_still(at: Model) -> Mask:
        return np.asarray((np.abs(at.slope) <= np.minimum(at.blur, limit)).all(axis=0))

    ends_still: Mask = is_still(first)
    still = ends_still
    target, away = x, np.asarray(~np.isfinite(first.slope).all(axis=0))
    for _ in range(NEWTONS):
        moved = target + scale * last.step
        away = np.asarray(away | ~(norm((moved - x) / scale) <= NEAR))
        if (away | ends_still).all():
            break
        target = np.where(away, x, np.where(ends_still, target, moved))
        last = model(problem, target, widths, faint)
        ends_still = is_still(last)
    length, final = norm(first.step), norm(last.step)
    shrinks = (final <= SHRINKS * length) | ends_still
    empty = (last.bent | (np.abs(last.slope) <= np.maximum(np.minimum(last.blur, limit), faint))).all(axis=0)
    unseen = first.left <= SUM * DIGITS * np.abs(loss)
    begun_left = model(problem, x0, widths, faint).left
    come = np.maximum(come, np.where(np.isfinite(begun_left), np.minimum(begun_left, near_start.spread), 0.0))
    calm = (first.left <= LOW * come) & (stayed | ((length <= NEAR**2) & (first.left <= LOW**2 * come)))
    rests = ~away & shrinks & empty & (calm | still | unseen)
    kink, edge = beside(problem, x, widths)
    kink = kink & (stayed | (begun <= loss))
    rests = rests & ~kink & ~edge
    target = np.where(rests, target, x)
    slow = (final > QUADRATIC * length) & ~ends_still
    form = np.where(rests, form_of(problem, target, last, widths, near_start, slow), NOWHERE)
    rests = rests & (form != NOWHERE)
    form = np.where(kink, MINIMUM, form)

    known, lowest = np.full(loss.shape, -1), np.zeros_like(rests)
    for i, m in enumerate(minima):
        p = np.array(m, dtype=np.float64)
        best = np.asarray(problem.value(p))
        close, closer = ((np.abs(q - p[:, None]) <= NEAR * scale).all(axis=0) for q in (x, target))
        low = stayed & (loss - best <= LOW * (begun - best))
        known[(close & low) | ((rests | kink) & closer)] = i
        sure = DIGITS * np.abs(best)
        lowest |= rests & (problem.value(target) - best <= LOW**2 * (begun - best) + sure)
    lowest &= (known < 0) & ((form == MINIMUM) | (form == LEVEL))
    level = np.abs(first.slope).sum(axis=0) + np.abs(first.curvature).max(axis=0) / 2 <= FLAT * near_start.fall
    flat = (form == LEVEL) | ((form == NOWHERE) & level & (known < 0) & ~edge)
    return Place(
        form, target, known, lowest, kink, edge, np.asarray(flat), np.asarray((first.curvature > 0).all(axis=0))
    )


def form_of(problem: Problem, x: Array, at: Model, widths: Array, near_start: Around, slow: Mask) -> Array:
    """MINIMUM, SADDLE, MAXIMUM or LEVEL at stationary points (2, n); NOWHERE if the values of f belie the curvatures.

    Where Newton's steps were `slow` the curvatures vanish too, as in x³: the values of f decide.
    """
    low, high = at.curvature
    form = np.where(low > 0, MINIMUM, np.where(high < 0, MAXIMUM, SADDLE))
    form[belied(problem, x, at, widths)] = NOWHERE
    doubt = slow | ~(at.bent & (np.abs(at.curvature) > DOUBTFUL * near_start.spread)).all(axis=0)
    if doubt.any():
        p, slope = x[:, doubt], np.hypot(*at.slope[:, doubt])  # squares of the slopes of a plain are 0
        up, down = higher(problem, p, NEAR * widths, 2 * NEAR * slope)
        seen = np.where(up.all(axis=0), MINIMUM, np.where(up.any(axis=0), SADDLE, MAXIMUM))
        form[doubt] = np.where(~down.any(axis=0) & ~up.all(axis=0), LEVEL, seen)
    return form


def belied(problem: Problem, x: Array, at: Model, widths: Array) -> Mask:
    """Is f, from `KINK` to `NEAR` of the view to both sides along an axis, what the curvature there says it is not?

    Beside the crease of the root of |x| its curvature goes to minus infinity, and yet it rises to both sides.
    """
    found = np.zeros(x.shape[1:], dtype=np.bool_)
    here = np.asarray(problem.value(x))
    for j, curvature in enumerate(at.curvature):
        left = np.arange(here.size)  # few after the first two
        for h in (*np.geomspace(NEAR, KINK, 4), *np.geomspace(-NEAR, -KINK, 4)):
            rise = problem.value(x[:, left] + h * widths[:, None] * at.axes[:, j, left]) - here[left]
            left = left[np.sign(curvature[left]) * rise < -DIGITS * np.abs(here[left])]
        found[left] = True
    return found


def higher(problem: Problem, x: Array, radii: Array, least: Array | float = 0.0) -> tuple[Mask, Mask]:
    """Where f on a ring around points (2, n) is higher than there, and lower, by more than `least`: (8, n) each."""
    rise, blur = rises(problem, x, radii)
    return rise > blur + least, rise < -blur - least


def rises(problem: Problem, x: Array, radii: Array) -> tuple[Array, Array]:
    """f on a ring less f in its middle (8, n), and the rounding error of that."""
    ring = x[:, None] + (radii[:, None] * RING)[..., None]
    there = np.asarray(problem.value(ring.reshape(2, -1))).reshape(RING.shape[1], -1)
    here = np.asarray(problem.value(x))
    return there - here, DIGITS * np.abs(here)


def beside(problem: Problem, x: Array, widths: Array) -> tuple[Mask, Mask]:
    """Does f rise to all sides of points (2, n), about linearly, as above a kink? And has it no value at some side?

    From twice as far it is above a kink about twice as high, above a smooth minimum four times, above a pole hardly
    more.
    """
    rise, blur = rises(problem, x, KINK * widths)
    farther, _ = rises(problem, x, 2 * KINK * widths)
    bend = np.abs(farther.sum(axis=0) / rise.sum(axis=0) - 2)
    kink: Mask = np.asarray((rise > blur).all(axis=0) & (bend < BEND))
    if kink.any():
        kink[kink] = is_enclosed(problem, x[:, kink], KINK * widths)
    return kink, np.asarray(~np.isfinite(rise).all(axis=0))


def is_enclosed(problem: Problem, x: Array, radii: Array) -> Mask:
    """Do the slopes around points (2, n) leave no direction that goes down along all of them?

    Zero is then a mean of them, as it must be at a minimum (Clarke, 1983, *Optimization and Nonsmooth Analysis*,
    2.3.2). The values of f on a ring of eight miss a gorge that is narrow.
    """
    ring = x[:, None] + (radii[:, None] * RING)[..., None]
    G = problem.grad(ring.reshape(2, -1)).reshape(2, RING.shape[1], -1) * radii[:, None, None]
    angles = np.sort(np.arctan2(G[1], G[0]), axis=0)
    gaps = np.diff(np.concatenate((angles, angles[:1] + 2 * np.pi)), axis=0)
    return np.asarray((gaps <= np.pi + DIGITS).all(axis=0))


def level(begun: Array, loss: Array) -> Array:
    """The loss below which a run that ends at `loss` has stayed."""
    return loss + LOW * (begun - loss) + DIGITS * np.abs(loss)


def stays(step: NDArray[np.int64], steps: int) -> Mask:
    """Has a run been low for long, that has been so from a `step` on?"""
    found: Mask = steps - step >= max(FEW, steps // SHARE)
    return found


def climbs(losses: Array, near_start: Around) -> Mask:
    """Do runs with these losses (steps + 1, n) diverge, though they are still finite?

    In their last tenth, and at their end, they are higher above their start than anything around it differs from it;
    or they have grown through each eighth of their second half, faster and faster, by what is to be seen. What goes
    round in a cycle does neither.
    """
    begun, last, lowest = losses[0], losses[-1], np.fmin.reduce(losses)
    above = np.median(losses[-max(HIGH, len(losses) // 10) :], axis=0) - begun > near_start.spread
    above &= last - begun > near_start.spread
    parts = [np.median(part, axis=0) for part in np.array_split(losses[len(losses) // 2 :], 8) if part.size]
    if len(parts) == 8:
        grows = (np.diff(parts, axis=0) > 0).all(axis=0) & (parts[7] - lowest > GROWS * (parts[0] - lowest))
        faster = parts[7] - parts[4] > parts[3] - parts[0]
        above |= grows & faster & (np.minimum(parts[7], last) - begun > VISIBLE * near_start.usual)
    found: Mask = above & ~repeats(losses)
    return found


def repeats(column: Array) -> Mask:
    """Do the last entries of a column (steps + 1, n) go round in a cycle of at most `LONGEST`?"""
    found = np.zeros(column.shape[1:], dtype=np.bool_)
    for period in range(2, min(LONGEST, (len(column) - 1) // 3) + 1):
        last = column[-3 * period :]
        height = np.ptp(last, axis=0)
        found |= (np.abs(last[period:] - last[:-period]).max(axis=0) <= SAME * height) & (height > 0)
    return found


def is_lost(
    begun: Array, x0: Array, x: Array, loss: Array, there: Place, lowest: float, widths: Array, near_start: Around
) -> Mask:
    """Is the loss no number, or the run `FAR` and higher than at its start; or did it fall without end?

    That is below the start and all known minima, `FAR` or `DEEP`, and still not into a hollow. On a ridge
    that goes down for ever the slope vanishes as it does at a maximum: so far away it is taken for one no more.
    """
    far = norm((x - x0) / widths[:, None]) > FAR
    ridge = far & ((there.form == SADDLE) | (there.form == MAXIMUM))
    settled = (there.form != NOWHERE) | (there.known >= 0) | there.flat
    fell = (loss < np.minimum(begun, lowest)) & ~there.convex & (far | (begun - loss > DEEP * near_start.spread))
    above = loss - begun > near_start.spread  # there flat ground is no place to have come to rest
    plain = above & (there.flat | (there.form == LEVEL))
    thrown = (~settled | plain) & far & (loss > begun)
    found: Mask = ~np.isfinite(begun) | ~np.isfinite(loss) | thrown | ((ridge | ~settled) & fell)
    return found


def is_blind(problem: Problem, x0: Array, x: Array) -> Mask:
    """Has a run not moved from a start at which the slope is not finite?"""
    found: Mask = (x == x0).all(axis=0) & ~np.isfinite(problem.grad(x0)).all(axis=0)
    return found


def lowest_of(problem: Problem, minima: Sequence[tuple[float, float]]) -> float:
    """The loss at the minima; infinity where none is known."""
    return min((float(problem.value(np.array(m, dtype=np.float64))) for m in minima), default=np.inf)
