"""Hyperparameters that change during a run: a schedule is a function of the step, t = 1, 2, ... to a number.

Its value at t is used in step t. Every schedule has its first value at t = 1, when k = t - 1 = 0 steps have been taken,
and one that ends has its last value when `steps` steps have been taken.
"""

from collections.abc import Callable
from inspect import signature
from math import cos, exp, pi, sqrt
from typing import Any, NamedTuple

from optimizers.base import Optimizer, State
from optimizers.compiler.symbolic_values import evaluate_at_step
from surfaces.base import Array, Objective

Schedule = Callable[[int], float]


class ScheduledState(NamedTuple):
    inner_state: State  # the state of the optimizer
    hyper: dict[str, Any]  # every hyperparameter by name, as in this step; before the first step, as in the first
    t: int  # the step, so that a run on a schedule never counts as at rest; 0 where nothing is scheduled


def scheduled(make: Callable[..., Optimizer], /, **hyper: Any) -> Optimizer:
    r"""Any optimizer, with any of its hyperparameters a schedule.

    `scheduled(momentum, lr=cosine(0.1, 400), mu=linear(0.5, 0.99, 300))` takes its step t as
    `momentum(lr=..., mu=...)` with the schedules' values at t. What is not mentioned stays at its default.
    """
    bound = signature(make).bind(**hyper)  # raises a TypeError that names an unknown hyperparameter
    bound.apply_defaults()
    given = dict(bound.arguments)
    schedules = {name: value for name, value in hyper.items() if callable(value)}

    def at(t: int) -> dict[str, Any]:
        return given | {name: evaluate_at_step(schedule, t) for name, schedule in schedules.items()}

    def init(x: Array) -> ScheduledState:
        first = at(1)
        return ScheduledState(make(**first).init(x), first, 0)

    def step(f: Objective, x: Array, state: ScheduledState, t: int) -> tuple[Array, ScheduledState]:
        now = at(t)
        x, inner_state = make(**now).step(f, x, state.inner_state, t)
        return x, ScheduledState(inner_state, now, t if schedules else 0)

    return Optimizer(init, step)


def constant(value: float = 0.1) -> Schedule:
    r"""The same number in every step: $\alpha_t = \alpha_0$."""
    return lambda t: value


def linear(start: float = 0.1, end: float = 0.0, steps: int = 200) -> Schedule:
    r"""A straight line from one value to another, which is then kept.

    $$ \alpha_t = \alpha_0 + (\alpha_{\text{end}} - \alpha_0)\, \min(k / T,\ 1), \qquad k = t - 1 $$

    It is also the usual way to raise a momentum, from 0.5 to 0.99.
    """
    return lambda t: start + (end - start) * progress(t, steps)


def polynomial(start: float = 0.1, end: float = 0.0, steps: int = 200, power: float = 2.0) -> Schedule:
    r"""Falls fast at first and lands softly; a straight line if the power is 1.

    $$ \alpha_t = \alpha_{\text{end}} + (\alpha_0 - \alpha_{\text{end}})\, (1 - \min(k / T,\ 1))^p, \qquad k = t - 1 $$

    Chen et al. (2017), section 4.1.2, [arXiv:1606.00915](https://arxiv.org/abs/1606.00915), "poly", with $p = 0.9$.
    """
    return lambda t: end + (start - end) * (1 - progress(t, steps)) ** power


def step_decay(start: float = 0.1, factor: float = 0.5, every: int = 100) -> Schedule:
    r"""Stays for a while, then is multiplied by a factor, and so on.

    $$ \alpha_t = \alpha_0\, \gamma^{\lfloor k / n \rfloor}, \qquad k = t - 1 $$

    Typical: halved every 5 epochs, or a tenth every 20;
    [CS231n notes](https://cs231n.github.io/neural-networks-3/#anneal). Or cut when the loss stops
    improving: `reduce_on_plateau`.
    """
    return lambda t: start * factor ** ((t - 1) // every)


def exponential(start: float = 0.1, rate: float = 0.01) -> Schedule:
    r"""Shrinks by the same factor in every step.

    $$ \alpha_t = \alpha_0\, e^{-\kappa k}, \qquad k = t - 1 $$

    [CS231n notes](https://cs231n.github.io/neural-networks-3/#anneal).
    """
    return lambda t: start * exp(-rate * (t - 1))


def inverse_time(start: float = 0.1, rate: float = 0.01) -> Schedule:
    r"""Falls fast at first, then ever more slowly: the 1/t decay.

    $$ \alpha_t = \alpha_0 / (1 + \kappa k), \qquad k = t - 1 $$

    Slow enough to get anywhere (the sum of all steps is infinite), fast enough to average out noise:
    the condition of Robbins & Monro (1951), *Ann. Math. Stat.* 22, 400-407. Form of the
    [CS231n notes](https://cs231n.github.io/neural-networks-3/#anneal).
    """
    return lambda t: start / (1 + rate * (t - 1))


def inverse_sqrt(peak: float = 0.1, steps: int = 20) -> Schedule:
    r"""Rises along a line for some steps, then falls as one over the root of time.

    $$ \alpha_t = \alpha_{\max} \min\!\left( t / T,\ \sqrt{T / t} \right) $$

    With `steps=1` there is no rise. Vaswani et al. (2017), equation 3,
    [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
    """
    return lambda t: peak * min(t / steps, sqrt(steps / t))


def cosine(peak: float = 0.1, steps: int = 200, floor: float = 0.0) -> Schedule:
    r"""Half a cosine from the peak down to the floor: slow, fast, slow; then it stays there.

    $$ \alpha_t = \alpha_{\min} + \tfrac12 (\alpha_{\max} - \alpha_{\min}) (1 + \cos \pi \min(k / T,\ 1)),
    \qquad k = t - 1 $$

    Loshchilov & Hutter (2017), equation 5 without restarts, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983).
    PyTorch's `CosineAnnealingLR` goes up again after $T$.
    """
    return lambda t: half_cosine(peak, floor, progress(t, steps))


def cosine_restarts(peak: float = 0.1, steps: int = 50, floor: float = 0.0, stretch: float = 2.0) -> Schedule:
    r"""Cosine again and again, back at the peak after each, and each longer than the one before.

    $$ \alpha_t = \alpha_{\min} + \tfrac12 (\alpha_{\max} - \alpha_{\min}) (1 + \cos \pi k_i / T_i),
    \qquad T_i = T_0\, s^i $$

    with $k_i$ the steps since restart $i$. A restart may throw the point out of a poor minimum.
    Loshchilov & Hutter (2017), equation 5, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983), where $s$ is
    $T_{\text{mult}}$.
    """
    if stretch < 1:
        raise ValueError(f"stretch must be at least 1, or the restarts never end; it is {stretch}")

    def schedule(t: int) -> float:
        k, length = float(t - 1), float(steps)
        if stretch == 1:
            k %= length
        while k >= length:
            k, length = k - length, length * stretch
        return half_cosine(peak, floor, k / length)

    return schedule


def warmup(then: float | Schedule = 0.1, steps: int = 20) -> Schedule:
    r"""Begins with short steps: a straight line up to another schedule's first value, which then takes over.

    $$ \alpha_t = \frac{t}{T}\, \beta_1 \quad (t < T), \qquad \alpha_t = \beta_{t - T + 1} \quad (t \ge T) $$

    where $\beta$ is the other schedule, or a number. Goyal et al. (2017), section 2.2,
    [arXiv:1706.02677](https://arxiv.org/abs/1706.02677).
    optax begins at exactly 0, so that its first step does nothing; here it is $\beta_1 / T$.
    """
    schedule = then if callable(then) else constant(then)
    return lambda t: schedule(1) * t / steps if t < steps else schedule(t - steps + 1)


def one_cycle(
    peak: float = 0.1, steps: int = 200, rise: float = 0.3, divide: float = 25.0, divide_end: float = 1e4
) -> Schedule:
    r"""Up once and down once: long steps in the middle of the run, and very short ones at its end.

    Half a cosine from $\alpha_{\max} / d$ up to $\alpha_{\max}$ during the fraction `rise` of the steps, another down
    to $\alpha_{\max} / (d\, d_{\text{end}})$ in the rest.

    Smith & Topin (2018), [arXiv:1708.07120](https://arxiv.org/abs/1708.07120), with straight lines; cosines, and
    $d = 25$, $d_{\text{end}} = 10^4$, from PyTorch's `OneCycleLR`, which arrives one step earlier. Momentum is cycled
    the other way: low while $\alpha$ is high.
    """
    first, last = peak / divide, peak / divide / divide_end

    def schedule(t: int) -> float:
        p = progress(t, steps)
        rising = p < rise or rise == 1
        return half_cosine(first, peak, p / rise) if rising else half_cosine(peak, last, (p - rise) / (1 - rise))

    return schedule


def triangular(low: float = 0.01, peak: float = 0.1, steps: int = 50) -> Schedule:
    r"""Up and down along straight lines, again and again.

    $$ \alpha_t = \alpha_{\min} + (\alpha_{\max} - \alpha_{\min})
    \left( 1 - \left| (k / T \bmod 2) - 1 \right| \right), \qquad k = t - 1 $$

    $T$ steps lead up and as many down. Smith (2017), section 3.1, [arXiv:1506.01186](https://arxiv.org/abs/1506.01186).
    """

    return lambda t: low + (peak - low) * (1 - abs((t - 1) / steps % 2 - 1))


def progress(t: int, steps: int) -> float:
    """Share of `steps` that has been taken before step t, at most 1."""
    return min((t - 1) / steps, 1.0)


def half_cosine(start: float, end: float, fraction: float) -> float:
    """Half a cosine from `start` at share 0 to `end` at share 1."""
    return end + (start - end) * (1 + cos(pi * fraction)) / 2
