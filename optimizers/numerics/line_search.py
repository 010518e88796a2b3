"""Line searches that choose the step length in each lane by itself."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.numerics.evaluation_cache import (
    Evaluation,
    evaluate,
    evaluate_where,
    is_slope_rounding,
    value_change,
    values_agree,
)
from optimizers.numerics.vector_products import Mask, dot
from surfaces.base import Array, Objective

MAX_LINE_TRIALS = 20  # evaluations of a strong Wolfe search, as in MINPACK
MAX_LAST_RESORT_TRIALS = 100  # evaluations until it has found any lower point, as in SciPy
RETRY_FRACTION = 0.1  # the fraction of the bracket that is tried where interpolation returns to the start,
RETRY_MIN_ULPS = 100  # if that is more than this many last bits from it
UNBOUNDED_BELOW = -1e100  # a function this low counts as unbounded; its squares would soon overflow
MAX_HALVINGS = 60  # of a backtracking step: from 1 to below the spacing of floating-point numbers


def backtracking(
    f: Objective, x: Array, p: Array, value: Array, slope: Array, alpha0: Array | float = 1.0, ftol: float = 1e-4
) -> Array:
    r"""Halve the step until it goes down enough: the step lengths, 0 where none does.

    $$ f(x + \alpha p) \le f(x) + c_1\,\alpha\, g \cdot p $$

    Nocedal & Wright (2006), Algorithm 3.1. A change of f that is lost in rounding is no reason to halve.
    """
    waiting = slope < 0
    alpha = np.where(waiting, alpha0, 0.0)
    for _ in range(MAX_HALVINGS):
        if not waiting.any():
            break
        trial = evaluate_where(f.value, x + alpha * p, waiting, value, lanewise=False)
        hidden = values_agree(value, trial) & values_agree(value, value + alpha * slope)
        waiting = waiting & ~((trial <= value + ftol * alpha * slope) | hidden)
        alpha = np.where(waiting, alpha / 2, alpha)
    return np.where(waiting, 0.0, alpha)


def descend(
    f: Objective, at: Evaluation, p: Array, fresh: Mask, gtol: float = 0.9, alpha0: Array | float = 1.0
) -> tuple[Evaluation, Mask]:
    """Take a strong Wolfe step along `p`. Return the evaluation at its end, and the lanes that must reset their state.

    These are the lanes in which no lower point was found along `p`. A lane is done where `p` was steepest descent
    already (`fresh`: the state was empty), where f falls below `UNBOUNDED_BELOW`, or where its slope is rounding. The
    slope is tested (see `is_slope_rounding`) only after a step whose decrease rounding hid: where the next one would be
    hidden too and promises no less, and where the next one finds no lower point.
    """
    hope = -dot(at.g, p)  # what a Newton step gains is half of this
    unseen = ~at.is_done & np.isfinite(at.expected_decrease)
    doubtful = unseen & (hope >= at.expected_decrease) & values_agree(at.f, at.f - hope)
    spent = is_slope_rounding(f, at, p, doubtful)
    wanted = ~at.is_done & ~spent & (hope > 0) & np.isfinite(p).all(axis=0)
    end = strong_wolfe(f, at, p, wanted, alpha0, gtol=gtol, last_resort=fresh)
    moved = (end.x != at.x).any(axis=0)
    stuck = ~at.is_done & ~moved
    done = at.is_done | spent | (stuck & fresh) | (end.f < UNBOUNDED_BELOW)
    done = done | is_slope_rounding(f, at, p, stuck & unseen & ~doubtful & ~done)
    promise = np.where(moved, np.where(values_agree(at.f, end.f), hope, np.inf), at.expected_decrease)
    return end._replace(is_done=done, expected_decrease=promise), ~moved & ~done


def take_full_step(f: Objective, at: Evaluation, p: Array) -> tuple[Evaluation, Mask]:
    """Take the step `p` without a search. A lane is done where the step is lost in rounding."""
    lost = (np.abs(p) <= 4 * np.spacing(np.abs(at.x))).all(axis=0)
    end = evaluate(f, np.where(at.is_done | lost, at.x, at.x + p), at)
    return end._replace(is_done=end.is_done | lost), np.zeros_like(lost)


def advance(
    f: Objective, at: Evaluation, p: Array, fresh: Mask, lr: Array | float, line_search: bool
) -> tuple[Evaluation, Mask]:
    """`descend` with `lr` as the first trial, or the full step lr p; a lane with lr = 0, by a schedule, waits."""
    idle = np.asarray(lr) == 0
    waiting = at._replace(is_done=at.is_done | idle)
    end, failed = descend(f, waiting, p, fresh, alpha0=lr) if line_search else take_full_step(f, waiting, lr * p)
    return end._replace(is_done=np.where(idle, at.is_done, end.is_done)), failed


class Trial(NamedTuple):
    """A trial point in each of the n lanes that are still searching."""

    line: Array  # (3, n): step length, rise of f above the start, slope
    x: Array  # (d, n)
    f: Array  # (n,)
    g: Array  # (d, n)


class Bracket(NamedTuple):
    """The interval of step lengths in which the search goes on."""

    low: Array  # (3, n): the lowest trial so far, as in Trial.line
    high: Array  # (3, n): the other end, once bracketed
    bracketed: Mask  # (n,) a minimum is known to lie between the two
    first_stage: Mask  # (n,) first stage, that minimises f less its Armijo line
    alpha_min: Array  # (n,) the next trial is not below
    alpha_max: Array  # (n,) nor above
    finite_limit: Array  # (n,) nor above: f was not finite beyond
    width: Array  # (n,) of the bracket
    previous_width: Array  # (n,) its width a trial earlier


def strong_wolfe(
    f: Objective,
    at: Evaluation,
    p: Array,
    mask: Mask,
    alpha0: Array | float = 1.0,
    ftol: float = 1e-4,
    gtol: float = 0.9,
    last_resort: Mask | bool = False,
) -> Evaluation:
    r"""Find a step that goes down enough and where the slope has flattened; where none is found, stay.

    $$ \phi(\alpha) \le \phi(0) + c_1 \alpha \phi'(0), \qquad |\phi'(\alpha)| \le c_2 |\phi'(0)|,
    \qquad \phi(\alpha) = f(x + \alpha p) $$

    Moré & Thuente (1994), *ACM Trans. Math. Software* 20(3), 286-307, with the safeguards of MINPACK-2's `dcsrch`.
    We differ in four things: differences of f lost in rounding are taken from the slopes (see `value_change`); a step
    onto a value that is not finite is cut back and its length never passed again; where no step meets both
    conditions the lowest one found is taken; and in the lanes of which this is the `last_resort` the search goes on
    until it has found a lower point, for `MAX_LAST_RESORT_TRIALS` at most, and where interpolation between the start
    and a much higher far end returns to the start, it tries `RETRY_FRACTION` of the way: a first step may be too
    long by powers of ten.
    """
    d, lanes = len(p), p.shape[1:]
    index = np.flatnonzero(mask)  # the lanes still searching
    if not index.size:
        return at
    x, g, fx = (np.array(a.reshape(*a.shape[: a.ndim - len(lanes)], -1)) for a in (at.x, at.g, at.f))
    p = p.reshape(d, -1)[:, index]
    slope = dot(g[:, index], p)
    start = Trial(np.array((0 * slope, 0 * slope, slope)), x[:, index], fx[index], g[:, index])
    alpha = np.broadcast_to(np.asarray(alpha0, dtype=np.float64), lanes).reshape(-1)[index]
    last = np.broadcast_to(last_resort, lanes).reshape(-1)[index]
    never, endless = alpha > np.inf, alpha + np.inf
    bracket = Bracket(start.line, start.line, never, ~never, 0 * alpha, 5 * alpha, endless, endless, endless)
    best = start
    for tries in range(1, MAX_LAST_RESORT_TRIALS + 1):
        new = _evaluate_trial(f, start, alpha, p, at, index)
        best = _choose_trial(new.line[1] < best.line[1], new, best)
        _, rise, slope_new = new.line
        accepted = (rise <= ftol * alpha * slope) & (np.abs(slope_new) <= -gtol * slope)
        over = (
            accepted | ((tries >= MAX_LINE_TRIALS) & ((best.line[1] < 0) | ~last)) | (tries == MAX_LAST_RESORT_TRIALS)
        )
        if not over.all():
            bracket, alpha = _narrow_bracket(bracket, new.line, slope, ftol)
            lost = bracket.bracketed & (start.x + alpha * p == start.x).all(axis=0)  # by interpolation
            nearer = RETRY_FRACTION * bracket.high[0]
            moves = (np.abs(nearer * p) > RETRY_MIN_ULPS * np.spacing(np.abs(start.x))).any(axis=0)
            alpha = np.where(lost & moves & last, nearer, alpha)
            beyond = (alpha <= bracket.alpha_min) | (alpha >= bracket.alpha_max)
            known = (alpha == bracket.low[0]) | (bracket.bracketed & beyond)  # a trial that was made before
            over = over | known | (start.x + alpha * p == start.x).all(axis=0)
        if over.any():
            end = _choose_trial(accepted, new, best)
            x[:, index[over]], fx[index[over]], g[:, index[over]] = end.x[:, over], end.f[over], end.g[:, over]
            if over.all():
                break
            index, p, slope, alpha, last = index[~over], p[:, ~over], slope[~over], alpha[~over], last[~over]
            start, best = (Trial(*(a[..., ~over] for a in trial)) for trial in (start, best))
            bracket = Bracket._make(a[..., ~over] for a in bracket)
    return at._replace(x=x.reshape(d, *lanes), f=fx.reshape(lanes), g=g.reshape(d, *lanes))


def _evaluate_trial(
    f: Objective, start: Trial, alpha: Array, p: Array, at: Evaluation, index: NDArray[np.intp]
) -> Trial:
    """Evaluate f in the lanes `index`; other lanes, where they must be evaluated too, at their old points."""
    d, s = len(p), alpha * p
    x = start.x + s
    if at.lanewise or not at.f.ndim:
        value, grad = np.asarray(f.value(x)), np.asarray(f.grad(x))
    else:
        moved = at.x.reshape(d, -1).copy()
        moved[:, index] = x
        everywhere = moved.reshape(at.x.shape)
        value, grad = f.value(everywhere).reshape(-1)[index], f.grad(everywhere).reshape(d, -1)[:, index]
    usable = np.isfinite(value) & np.isfinite(grad).all(axis=0)
    rise = np.where(usable, value_change(start.f, start.g, value, grad, s), np.nan)
    return Trial(np.array((alpha, rise, dot(grad, p))), x, value, grad)


def _narrow_bracket(bracket: Bracket, new: Array, slope: Array, ftol: float) -> tuple[Bracket, Array]:
    """The next bracket and step length after a trial that was not accepted: the body of `dcsrch`."""
    low, high, bracketed, tilted, least, most, ceiling, width, before = bracket
    armijo = ftol * slope
    tilted = tilted & ~((new[1] <= armijo * new[0]) & (new[2] >= 0))
    tilt = np.where(tilted & (new[1] <= low[1]) & (new[1] > armijo * new[0]), armijo, 0.0)
    level = np.zeros_like(tilt)
    lines = [line - np.array((level, tilt * line[0], tilt)) for line in (low, new, high)]
    higher, turned, alpha = _interpolate(lines[0], lines[1], lines[2], bracketed, least, most)
    finite = np.isfinite(new).all(axis=0)
    high = np.where(finite, np.where(higher, new, np.where(turned, low, high)), high)
    low_new = np.where(finite & ~higher, new, low)
    bracketed = bracketed | (finite & (higher | turned))

    beyond = new[0] - low[0]  # after a non-finite value: cut the step to a tenth, and never pass half of it
    ceiling = np.where(finite, ceiling, low[0] + 0.5 * beyond)
    alpha = np.where(finite, alpha, low[0] + 0.1 * beyond)
    low = low_new

    size = np.abs(high[0] - low[0])
    slow = finite & bracketed & (size >= 0.66 * before)
    alpha = np.where(slow, (low[0] + high[0]) / 2, np.minimum(alpha, ceiling))
    before, width = np.where(bracketed, width, before), np.where(bracketed, size, width)
    ahead = alpha - low[0]
    least = np.where(bracketed, np.minimum(low[0], high[0]), alpha + 1.1 * ahead)
    most = np.where(bracketed, np.maximum(low[0], high[0]), alpha + 4 * ahead)
    return Bracket(low, high, bracketed, tilted, least, most, ceiling, width, before), alpha


@np.errstate(all="ignore")  # every lane goes through all cases; only one of them is meant for it
def _interpolate(
    low: Array, new: Array, high: Array, bracketed: Mask, least: Array, most: Array
) -> tuple[Mask, Mask, Array]:
    """Is the trial higher, has its slope turned, and where to try next: Moré & Thuente, section 4, `dcstep`."""
    a, fa, da = low
    b, fb, db = new
    higher = fb > fa
    turned = ~higher & (da * db < 0)
    steeper = ~higher & ~turned & ~(np.abs(db) < np.abs(da))
    flatter = ~(higher | turned | steeper)
    edge = np.where(b > a, most, least)

    near = np.where(higher, low, new)
    far = np.where(higher, new, np.where(steeper, high, low))
    ratio, rising = _cubic_minimum(near, far)
    cubic = near[0] + ratio * (far[0] - near[0])
    cubic = np.where(flatter & ~((ratio < 0) & rising), edge, cubic)
    parabola = a + da / ((fa - fb) / (b - a) + da) / 2 * (b - a)
    secant = b + db / (db - da) * (a - b)

    closer = np.abs(cubic - b) < np.abs(secant - b)
    inside = np.where(closer, cubic, secant)
    reach = b + 0.66 * (high[0] - b)
    inside = np.where(b > a, np.minimum(reach, inside), np.maximum(reach, inside))
    outside = np.clip(np.where(closer, secant, cubic), least, most)
    alpha = np.where(
        higher,
        np.where(np.abs(cubic - a) < np.abs(parabola - a), cubic, (cubic + parabola) / 2),
        np.where(
            turned,
            np.where(closer, secant, cubic),
            np.where(flatter, np.where(bracketed, inside, outside), np.where(bracketed, cubic, edge)),
        ),
    )
    return higher, turned, alpha


def _cubic_minimum(near: Array, far: Array) -> tuple[Array, Mask]:
    """Where between two trials their cubic is lowest, as a fraction of the way; and whether it has a minimum."""
    a, fa, da = near
    b, fb, db = far
    theta = 3 * (fa - fb) / (b - a) + da + db
    size = np.maximum(np.abs(theta), np.maximum(np.abs(da), np.abs(db)))
    gamma = size * np.sqrt(np.maximum(0.0, (theta / size) ** 2 - (da / size) * (db / size)))
    gamma = np.where(b < a, -gamma, gamma)
    return (gamma - da + theta) / (gamma - da + gamma + db), gamma != 0


def _choose_trial(mask: Mask, yes: Trial, no: Trial) -> Trial:
    return Trial(*(np.where(mask, a, b) for a, b in zip(yes, no, strict=True)))
