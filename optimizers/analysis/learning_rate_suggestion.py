"""The learning rate that suits a surface: all are tried at once, as lanes, from its start."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.oscillation import OSCILLATION_RATIO, measure_travel
from optimizers.base import Optimizer
from optimizers.simulate import Trajectory, trajectory
from surfaces.base import Array, Surface

TRIAL_STEPS = 150  # steps that every rate is tried for
TAIL_STEPS = 15  # the last of them, whose mean loss is the run's: the height of a run that swings
SWING_STEPS = 45  # the last of them, in which it should not be seen to swing to and fro
LEAD_STEPS = 30  # a run is as good as the best one if it ends where that was so many steps before its end,
MIN_TOLERANCE, MAX_TOLERANCE = 1e-8, 1e-3  # of its descent at least and at most; 1e-8 of it is 1e-4 of the way
MIN_SWING = 1e-2  # of the view: a smaller swing does no harm
MAX_LOSS_RATIO = 10.0  # so much higher above the lowest known loss may a run stay that does not swing


def suggest_lr(make: Callable[..., Optimizer], problem: Surface, rates: Array, **hyper: Any) -> float | None:
    """The smallest of the rising `rates` that gets practically as low as any in the view; None if none stays there.

    A run is as good as the best if it ends where the best was a fifth of the trial before its end: that is a small
    difference while the best is still on its way, and decades where it converges. A run that oscillates at its end is
    the best only if all that do not are a decade higher above the lowest known loss.
    """
    path, loss, seen = try_rates(make, problem, rates, **hyper)
    in_view: Any = seen.all(axis=0)
    with np.errstate(all="ignore"):
        end, earlier = loss[-TAIL_STEPS:].mean(axis=0), loss[-TAIL_STEPS - LEAD_STEPS : -LEAD_STEPS].mean(axis=0)
    by_height = [int(i) for i in np.argsort(end) if in_view[i]]
    if not by_height:
        return None
    travelled, patch = measure_travel(path.x[:, -SWING_STEPS - 1 :], np.ptp(problem.box, axis=1))
    swings = (travelled > OSCILLATION_RATIO * patch) & (patch > MIN_SWING)

    lowest = by_height[0]
    floor = lowest_minimum_loss(problem, problem.minima) if problem.minima else end[lowest]
    near = [i for i in by_height if end[i] - floor <= MAX_LOSS_RATIO * (end[lowest] - floor)]
    best = next((i for i in near if not swings[i]), lowest)
    fall = loss[0, best] - end[best]
    level = end[best] + np.clip(earlier[best] - end[best], MIN_TOLERANCE * fall, MAX_TOLERANCE * fall)
    good = in_view & (end <= level) & (swings <= swings[best])
    return float(rates[good][0])


def largest_lr_in_view(make: Callable[..., Optimizer], problem: Surface, rates: Array, **hyper: Any) -> float | None:
    """The last of the rising `rates` before one ends out of the view or higher than it began; None if the first does.

    On a quadratic that is the largest stable one by theory, 2/λ for gradient descent.
    """
    stays = try_rates(make, problem, rates, **hyper)[2][-TAIL_STEPS:].all(axis=0)
    count = rates.size if stays.all() else int(np.argmin(stays))
    return float(rates[count - 1]) if count else None


def try_rates(
    make: Callable[..., Optimizer], problem: Surface, rates: Array, **hyper: Any
) -> tuple[Trajectory, Array, NDArray[np.bool_]]:
    """Run all rates from the start: their paths, their losses, and where those that end no higher are in view.

    The last two are (TRIAL_STEPS + 1, rates).
    """
    starts = np.repeat(np.array(problem.start, dtype=np.float64)[:, None], rates.size, axis=1)
    path = trajectory(make(lr=rates, **hyper), problem, starts, TRIAL_STEPS)
    low, high = np.array(problem.box).T[..., None, None]
    with np.errstate(all="ignore"):
        loss = problem.value(path.x)
        no_higher = path.alive[-1] & (loss[-TAIL_STEPS:].mean(axis=0) <= loss[0])
    return path, loss, ((low <= path.x) & (path.x <= high)).all(axis=0) & no_higher
