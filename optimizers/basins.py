"""Where each of many starts leads: to which minimum and how fast, to a saddle, nowhere, or away."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.base import Optimizer
from optimizers.compiled import Plan
from optimizers.sweeps import Ends, ends
from optimizers.verdicts import CURVED, FAR, LOW, NEAR
from surfaces.base import Array, Problem

MINIMUM, SADDLE, STALLED, LOST = range(4)  # what became of a start
UNKNOWN = -1  # in the place of a minimum's number
MOST = 60  # minima that are told apart; those found later are one
APART = 5 * NEAR  # of the view: what lies nearer together is one minimum


class Fates(NamedTuple):
    """What became of each start; see `fates`."""

    kind: NDArray[np.uint8]  # (n,): MINIMUM, SADDLE, STALLED or LOST
    target: Array  # (2, n): the point it came to rest at, as slope and curvature there have it; else its last point
    step: NDArray[np.int64]  # (n,): from which on it had LOW of its fall left at most


def fates(
    optimizer: Optimizer,
    problem: Problem,
    x0: Array,
    steps: int,
    widths: Sequence[float],
    minima: Sequence[tuple[float, float]] = (),
    plan: Plan | None = None,
) -> Fates:
    r"""What becomes of each start `x0` (2, n) in so many steps; `widths` (2,) of the view are the yardstick.

    A start is led to a minimum if it ends beside one of the `minima`, or where one step of Newton's,

    $$ s = -H^{-1} g $$

    is shorter than `NEAR` of the view and both curvatures are positive; that step goes to the minimum itself. It ends
    at a saddle (or a maximum) if the step is as short and a curvature is negative. It is lost if it leaves the finite
    world or the domain, goes `FAR`, or is higher than at the start and than everything around it. Else it is stalled,
    or still on its way. The criteria are those of `verdicts`, by the last point alone.

    Of the steps that were low enough that is meant after which all were: a run with momentum passes a minimum many
    times before it stays. A `plan` as for `ends`.
    """
    across = np.array(widths, dtype=np.float64)
    with np.errstate(all="ignore"):
        begun = np.asarray(problem.value(x0))
        losses = None if plan else np.empty((steps + 1, x0.shape[1]))
        last = ends(optimizer, problem, x0, steps, plan=plan, losses=losses)
        level = last.loss + LOW * (begun - last.loss)  # known only now, so that machine code does it all again
        step = (
            settled(losses, level) if losses is not None else ends(optimizer, problem, x0, steps, level, plan).settled
        )
        kind, target = judged(problem, x0, begun, last, steps, across, minima)
    return Fates(kind, target, step)


def settled(losses: Array, level: Array) -> NDArray[np.int64]:
    """After which step the losses (steps + 1, n) are at their level (n,) for good; one more than all for never."""
    above = ~(losses <= level)
    return np.where(above.any(axis=0), len(losses) - np.argmax(above[::-1], axis=0), 0)


def judged(
    problem: Problem,
    x0: Array,
    begun: Array,
    last: Ends,
    steps: int,
    widths: Array,
    minima: Sequence[tuple[float, float]],
) -> tuple[NDArray[np.uint8], Array]:
    """Kind and target of each lane by where it was last."""
    x, loss = last.x, last.loss
    g, H = problem.grad(x), np.nan_to_num(problem.hess(x))
    (a, b), (_, d) = H
    determinant = a * d - b * b
    s = np.array((b * g[1] - d * g[0], b * g[0] - a * g[1])) / determinant
    middle, spread = (a + d) / 2, np.hypot((a - d) / 2, b)
    low, high = middle - spread, middle + spread  # the curvatures
    least = CURVED * np.maximum(np.abs(low), np.abs(high))

    scale = widths[:, None]
    rests = np.hypot(*(s / scale)) <= NEAR
    corners = (x0 + scale * np.array((i, j))[:, None] for i in (-1, 1) for j in (-1, 1))
    around = np.max([np.nan_to_num(problem.value(corner), nan=-np.inf) for corner in corners], axis=0)
    far = np.hypot(*((x - x0) / scale)) > FAR
    gone = (last.died <= steps) | ~np.isfinite(begun) | ~np.isfinite(loss) | ~np.isfinite(g).all(axis=0) | far
    lost = gone | ((loss > begun) & (loss > around))

    kind = np.full(loss.shape, STALLED, dtype=np.uint8)
    kind[rests & (low < -least)] = SADDLE
    kind[rests & (low > least)] = MINIMUM
    target = np.where(kind <= SADDLE, x + s, x)
    for m in minima:
        p = np.array(m, dtype=np.float64)
        best = float(problem.value(p))
        there = (np.abs(x - p[:, None]) <= NEAR * scale).all(axis=0) & (loss - best <= LOW * np.abs(begun - best))
        kind[there], target[:, there] = MINIMUM, p[:, None]
    kind[lost] = LOST
    return kind, target


def numbered(found: Fates, minima: Array, widths: Sequence[float]) -> tuple[NDArray[np.int16], Array]:
    """The number of the minimum that each start is led to, `UNKNOWN` for those led to none; and all minima (2, m).

    The `minima` (2, m) that are known keep their numbers, others follow in the order in which they are met. Of more
    than `MOST` the rest have the last number.
    """
    number = np.full(found.kind.shape, UNKNOWN, dtype=np.int16)
    reach = APART * np.array(widths, dtype=np.float64)[:, None]
    left = np.flatnonzero(found.kind == MINIMUM)
    known = 0
    while left.size:
        if known == minima.shape[1]:
            if known == MOST:
                number[left] = MOST
                break
            minima = np.concatenate((minima, found.target[:, left[:1]]), axis=1)
        here = (np.abs(found.target[:, left] - minima[:, known : known + 1]) <= reach).all(axis=0)
        number[left[here]] = known
        left, known = left[~here], known + 1
    return number, minima
