"""The one loop: any optimizer on any problem, from one start or from many."""

from collections import deque
from collections.abc import Iterator
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizers.base import Optimizer, State
from surfaces.base import Array, Problem

PATIENCE = 32  # steps in a row that must change nothing; longer than the cycle of a wrapper that acts every k steps


class Iterate(NamedTuple):
    """Where the lanes are after step t."""

    x: Array  # (d, ...)
    t: int
    alive: NDArray[np.bool_]  # (...)
    state: State


class Trajectory(NamedTuple):
    """Every iterate of a run; index 0 is the start."""

    x: Array  # (d, steps + 1, ...)
    alive: NDArray[np.bool_]  # (steps + 1, ...): False from the step in which a lane left the finite world
    states: list[State]  # steps + 1 memories, the same objects the steps returned


def trajectory(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Trajectory:
    """Run `steps` steps from `x0` (d, ...) and keep them all.

    A lane that leaves the finite world is dead from that step on and stays at its last
    finite point; nothing is clipped, the other lanes go on. Its entries in `states` mean
    nothing from then on. When no lane can change any more (see `iterates`) the rest of
    the trajectory is the last point, and costs nothing.
    """
    start = np.array(x0, dtype=np.float64)
    x = np.empty((start.shape[0], steps + 1, *start.shape[1:]))
    alive = np.empty((steps + 1, *start.shape[1:]), dtype=np.bool_)
    states: list[State] = []
    with np.errstate(all="ignore"):
        for iterate in iterates(optimizer, problem, start, steps):
            x[:, iterate.t] = iterate.x
            alive[iterate.t] = iterate.alive
            states.append(iterate.state)
    last = iterate.t
    x[:, last + 1 :] = x[:, last : last + 1]
    alive[last + 1 :] = alive[last]
    states += [states[last]] * (steps - last)
    return Trajectory(x, alive, states)


def endpoint(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Iterate:
    """Run `steps` steps from `x0` (d, ...) and keep the last only; dead lanes as in `trajectory`."""
    with np.errstate(all="ignore"):
        last = deque(iterates(optimizer, problem, np.array(x0, dtype=np.float64), steps), maxlen=1).pop()
    return last._replace(t=steps)


def iterates(optimizer: Optimizer, problem: Problem, x0: Array, steps: int) -> Iterator[Iterate]:
    """The start and then each step, until `steps` or until nothing can change any more.

    Nothing can change when every lane is dead, or when `PATIENCE` steps in a row left
    the point and the whole memory as they were, bit for bit, while the problem was the
    same object: the step is a function of these, so it would repeat itself for ever.

    Less would not do. A point may be still to the bit for a thousand steps and then move: in `adam` and its
    family $v$ fades for as long, until the rounding error that is left of the gradient makes a step again,
    and so most of their runs, which jitter in the last bits, and those that are still are followed to the end.
    Gradient descent, momentum, Nesterov and Adagrad come to rest, and all that is fitted to curvature.
    A minimum at 0 has no last bit: towards it numbers go on shrinking.
    """
    x, state, f = x0, optimizer.init(x0), None
    alive = np.asarray(np.isfinite(x).all(axis=0))
    total = float(x.sum())
    all_alive, unchanged = bool(alive.all()), 0
    yield Iterate(x, 0, alive, state)
    for t in range(1, steps + 1):
        before, x_before, state_before, total_before = f, x, state, total
        f = problem.at(t)
        x, state = optimizer.step(f, x_before, state_before, t)
        total = float(x.sum())
        if not isfinite(total) or not all_alive:  # a sum is finite only if all its terms are
            alive = np.asarray(alive & np.isfinite(x).all(axis=0))
            all_alive = bool(alive.all())
            x = np.where(alive, x, x_before)
            total = float(x.sum())
        yield Iterate(x, t, alive, state)
        settled = total == total_before and f is before and same(x, x_before) and same(state, state_before)
        unchanged = unchanged + 1 if settled else 0
        if unchanged == PATIENCE or not (all_alive or alive.any()):
            return


def same(a: Any, b: Any) -> bool:
    """Bitwise equality of two memories: arrays, numbers, and tuples or dicts of them; NaN equals NaN."""
    if a is b:
        return True
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)
