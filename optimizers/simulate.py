"""The one loop: any optimizer on any problem, from one start or from many."""

from collections import deque
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer, State
from optimizers.compiler.single_run_interpreter import run_scalar
from optimizers.lane_selection import InseparableLanes, is_unchanged, restrict_to_lanes, scatter_lanes, select_lanes
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array, Problem

REST_STEPS = 32  # steps in a row that must change nothing; longer than the cycle of a wrapper that acts every k steps
FEW_COORDINATES = 8  # of a single run


class Iterate(NamedTuple):
    """The lanes after step t."""

    x: Array  # (d, ...)
    t: int
    alive: Mask  # (...)
    state: State


class Trajectory(NamedTuple):
    """Every iterate of a run; index 0 is the start."""

    x: Array  # (d, steps + 1, ...)
    alive: Mask  # (steps + 1, ...): False from the step in which a lane became non-finite
    states: list[State]  # steps + 1


def trajectory(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Trajectory:
    """Run `steps` steps from `x0` (d, ...) and keep them all.

    A lane that becomes non-finite is dead from that step on and stays at its last finite
    point; nothing is clipped, and the other lanes go on. Its entries in `states` mean
    nothing from then on. When no lane can change any more (see `iterates`) the rest of
    the trajectory is the last point, and costs nothing. A single run is computed as far as
    possible with Python floats (see `single_run_interpreter.run_scalar`).
    """
    start = np.array(x0, dtype=np.float64)
    x = np.empty((start.shape[0], steps + 1, *start.shape[1:]))
    alive = np.empty((steps + 1, *start.shape[1:]), dtype=np.bool_)
    states: list[State] = []
    begun, resting = None, False
    with np.errstate(all="ignore"):
        if start.ndim == 1 and (found := run_scalar(optimizer, problem, start, steps, REST_STEPS)):
            count, states, resting = len(found.x) - 1, found.states, found.is_at_rest
            x[:, : count + 1], alive[: count + 1] = found.x.T, True
            begun = Iterate(found.x[count], count, alive[count], states.pop())
        for iterate in iterates(optimizer, problem, start, count if resting else steps, begun):
            x[:, iterate.t] = iterate.x
            alive[iterate.t] = iterate.alive
            states.append(iterate.state)
    last = iterate.t
    x[:, last + 1 :] = x[:, last : last + 1]
    alive[last + 1 :] = alive[last]
    states += [states[last]] * (steps - last)
    return Trajectory(x, alive, states)


def endpoint(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Iterate:
    """Run `steps` steps from `x0` (d, ...) and keep only the last iterate; dead lanes as in `trajectory`."""
    with np.errstate(all="ignore"):
        last = deque(iterates(optimizer, problem, np.array(x0, dtype=np.float64), steps), maxlen=1).pop()
    return last._replace(t=steps)


def iterates(
    optimizer: Optimizer, problem: Problem, x0: Array, steps: int, resume_from: Iterate | None = None
) -> Iterator[Iterate]:
    """The start, or the iterate that `resume_from` gives, and then each step, until nothing can change any more.

    A lane can change no more when it is dead, or when `REST_STEPS` steps in a row left its point and its whole state
    as they were, bit for bit, while the problem was the same object: the step is a function of these, so it would
    repeat itself for ever. Such lanes of a batch are left out and the others go on, where the optimizer can be
    `restrict_to_lanes` to them. The problem must take points of any number of lanes, and not have numbers for each of
    its own.

    Less would not do. A point may be still to the bit for a thousand steps and then move: in `adam` and its
    family $v$ fades for as long, until the rounding error that is left of the gradient makes a step again,
    and so most of their runs, which jitter in the last bits, and those that are still are followed to the end.
    Gradient descent, momentum, Nesterov and Adagrad come to rest, and all that is fitted to curvature.
    A minimum at 0 has no last bit: towards it numbers go on shrinking.
    """
    whole = now = resume_from or Iterate(x0, 0, np.asarray(np.isfinite(x0).all(axis=0)), optimizer.init(x0))
    going = np.full_like(now.alive, True)  # the lanes that are computed
    resting, everyone, can_split = ~going, True, x0.ndim > 1
    yield whole
    while now.t < steps and not resting.all():
        for part in iterate_until_rest(optimizer, problem, now, steps, can_split):
            now, resting = part
            whole = now if everyone else scatter_lanes(whole, going, now)
            yield whole
        if resting.any() and not resting.all():
            lanes, awake = resting.shape, ~resting
            try:
                optimizer, now = restrict_to_lanes(optimizer, lanes, awake), select_lanes(now, lanes, awake)
                going[going], everyone = awake.ravel(), False
            except InseparableLanes:
                can_split = False


def iterate_until_rest(
    optimizer: Optimizer, problem: Problem, start: Iterate, steps: int, can_split: bool
) -> Iterator[tuple[Iterate, Mask]]:
    """The steps after `start`, up to `steps` or until all lanes can change no more; with `can_split`, until some can.

    The last comes with a mask of these. They are looked for in every step of a single run, whose sum tells at once,
    and in a batch, where a look at all lanes takes a good part of a step, after each multiple of `REST_STEPS`.
    """
    x, _, alive, state = start
    nobody = np.full_like(alive, False)
    f, total, all_alive = problem.at(start.t) if start.t else None, sum_coordinates(x), bool(alive.all())
    still, since = nobody, 0  # the lanes that have not changed for `since` steps
    for t in range(start.t + 1, steps + 1):
        before, x_before, state_before, total_before = f, x, state, total
        f = problem.at(t)
        x, state = optimizer.step(f, x_before, state_before, t)
        total = sum_coordinates(x)
        if not isfinite(total) or not all_alive:  # a sum is finite only if all its terms are
            alive = np.asarray(alive & np.isfinite(x).all(axis=0))
            all_alive = bool(alive.all())
            x = np.where(alive, x, x_before)
            total = sum_coordinates(x)
        if f is before and (since or t % REST_STEPS == 1 if alive.ndim else total == total_before):
            quiet = is_unchanged((x, state), (x_before, state_before), alive.shape) | ~alive
            still = still & quiet if since else quiet
            since = since + 1 if still.any() else 0
        else:
            since = 0
        if not (all_alive or alive.any()):
            yield Iterate(x, t, alive, state), ~alive
            return
        if since == REST_STEPS and (can_split or still.all()):
            yield Iterate(x, t, alive, state), still
            return
        yield Iterate(x, t, alive, state), nobody


def sum_coordinates(x: Array) -> float:
    """The sum of all coordinates of all lanes. For few numbers Python takes a sixth of the time of NumPy."""
    return float(sum(x.tolist())) if x.ndim == 1 and x.size <= FEW_COORDINATES else float(x.sum())
