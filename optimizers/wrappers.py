"""Wrappers that average the iterates, change the function that an optimizer sees, or the length of its steps."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.base import Hyperparameter, Optimizer, State
from surfaces.base import Array, Objective


class AveragedState(NamedTuple):
    x: Array  # (d, ...) the iterate of the optimizer
    inner_state: State  # the state of the optimizer


class LookaheadState(NamedTuple):
    slow: Array  # (d, ...) the slow weights
    since: NDArray[np.int64]  # (...) steps since the last synchronisation, 0 where fast and slow are one
    inner_state: State  # the state of the optimizer


class PlateauState(NamedTuple):
    scale: Array  # (...) factor of every step
    best: Array  # (...) lowest loss so far
    waited: NDArray[np.int64]  # (...) steps since the last improvement or cut
    inner_state: State  # the state of the optimizer


@dataclass(frozen=True)
class ClippedObjective:  # noqa: PLW1641 -- a frozen dataclass has one
    """f, with every gradient cut to the length `norm`."""

    f: Objective
    norm: Hyperparameter

    def __eq__(self, other: object) -> bool:  # the norm may be an array, with one for each lane
        return isinstance(other, ClippedObjective) and self.f == other.f and np.array_equal(self.norm, other.norm)

    def value(self, p: Array) -> Array:
        return self.f.value(p)

    def grad(self, p: Array) -> Array:
        g = self.f.grad(p)
        length = np.hypot.reduce(g, axis=0)  # does not overflow where g * g would
        return g * (self.norm / np.maximum(length, self.norm))

    def hess(self, p: Array) -> Array:
        return self.f.hess(p)


@dataclass(frozen=True)
class RegularizedObjective:  # noqa: PLW1641 -- a frozen dataclass has one
    """f + rate / 2 |p|²."""

    f: Objective
    rate: Hyperparameter

    def __eq__(self, other: object) -> bool:  # the rate may be an array, with one for each lane
        return isinstance(other, RegularizedObjective) and self.f == other.f and np.array_equal(self.rate, other.rate)

    def value(self, p: Array) -> Array:
        return self.f.value(p) + self.rate / 2 * (p * p).sum(axis=0)

    def grad(self, p: Array) -> Array:
        return self.f.grad(p) + self.rate * p

    def hess(self, p: Array) -> Array:
        d, *lanes = p.shape
        identity = np.eye(d).reshape(d, d, *(1 for _ in lanes))
        return self.f.hess(p) + self.rate * identity


def polyak(optimizer: Optimizer) -> Optimizer:
    r"""The plain mean of all points visited so far: noise averages out, and so does zigzag.

    $$ \bar x_t = \bar x_{t-1} + (x_t - \bar x_{t-1}) / t $$

    $x_t$ are the optimizer's own iterates, which do not depend on the mean. The start is not averaged in, and the first
    mean is $x_1$. Polyak & Juditsky (1992), *SIAM J. Control Optim.* 30(4), 838-855; also Ruppert (1988).
    """

    def step(f: Objective, mean: Array, state: AveragedState, t: int) -> tuple[Array, AveragedState]:
        x, inner_state = optimizer.step(f, state.x, state.inner_state, t)
        return mean + (x - mean) / t, AveragedState(x, inner_state)

    return Optimizer(lambda x: AveragedState(x, optimizer.init(x)), step)


def ema(optimizer: Optimizer, decay: Hyperparameter = 0.9) -> Optimizer:
    r"""A running mean of the points visited, in which the older ones fade.

    $$ \bar x_t = d\, \bar x_{t-1} + (1 - d)\, x_t, \qquad \bar x_0 = x_0 $$

    $x_t$ are the optimizer's own iterates, which do not depend on the mean. It begins at the start, which is a point of
    the path and not an empty 0, so there is no bias to correct. Kingma & Ba (2015), section 7.2,
    [arXiv:1412.6980](https://arxiv.org/abs/1412.6980), who begin at 0 and correct.
    """

    def step(f: Objective, mean: Array, state: AveragedState, t: int) -> tuple[Array, AveragedState]:
        x, inner_state = optimizer.step(f, state.x, state.inner_state, t)
        return decay * mean + (1 - decay) * x, AveragedState(x, inner_state)

    return Optimizer(lambda x: AveragedState(x, optimizer.init(x)), step)


def lookahead(optimizer: Optimizer, k: int = 5, alpha: Hyperparameter = 0.5) -> Optimizer:
    r"""k steps forward, one step back: every k steps return part of the way to where they began.

    $$ \phi \leftarrow \phi + \alpha\, (x_t - \phi), \quad x_t \leftarrow \phi
    \qquad \text{when } k \text{ divides } t $$

    $\phi$ are the slow weights, at first the start; $x$ the fast ones, which are shown. The optimizer keeps its state
    when the point is put back. Zhang et al. (2019), Algorithm 1, [arXiv:1907.08610](https://arxiv.org/abs/1907.08610).
    """

    def init(x: Array) -> LookaheadState:
        return LookaheadState(slow=x, since=np.zeros(x.shape[1:], dtype=np.int64), inner_state=optimizer.init(x))

    def step(f: Objective, x: Array, state: LookaheadState, t: int) -> tuple[Array, LookaheadState]:
        x, inner_state = optimizer.step(f, x, state.inner_state, t)
        if t % k == 0:
            x = state.slow + alpha * (x - state.slow)
            return x, LookaheadState(x, np.zeros_like(state.since), inner_state)
        since = np.where((x == state.slow).all(axis=0), 0, t % k)  # counting tells the loop that a change is to come
        return x, LookaheadState(state.slow, since, inner_state)

    return Optimizer(init, step)


def clipped(optimizer: Optimizer, norm: Hyperparameter = 1.0) -> Optimizer:
    r"""Shorten every gradient that is longer than this, and keep its direction.

    $$ g \leftarrow g \cdot \min(1,\ c / \lVert g \rVert) $$

    It keeps a run from being thrown off a cliff, and it hides divergence, so it is never on unless asked for. The
    optimizer sees the true values and Hessians of $f$; its line search, if any, meets a slope that does not belong to
    them. Pascanu, Mikolov & Bengio (2013), Algorithm 1, [arXiv:1211.5063](https://arxiv.org/abs/1211.5063); PyTorch
    adds $10^{-6}$ to the norm.
    """

    def step(f: Objective, x: Array, state: State, t: int) -> tuple[Array, State]:
        return optimizer.step(ClippedObjective(f, norm), x, state, t)

    return Optimizer(optimizer.init, step)


def weight_decayed(optimizer: Optimizer, rate: Hyperparameter = 0.01) -> Optimizer:
    r"""Small coordinates are preferred: the optimizer minimises the loss plus a bowl around zero.

    $$ f(x) + \tfrac{\lambda}{2} \lVert x \rVert^2, \qquad g \leftarrow g + \lambda x,
    \qquad H \leftarrow H + \lambda I $$

    This is L2 regularization, and the same as weight decay for `sgd`. For Adam and its like it is not: they divide
    the pull by the size of the gradients, where "decoupled" decay (`adamw`) does not.
    Loshchilov & Hutter (2019), section 2, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). The
    loss that is plotted stays $f$.
    """

    def step(f: Objective, x: Array, state: State, t: int) -> tuple[Array, State]:
        return optimizer.step(RegularizedObjective(f, rate), x, state, t)

    return Optimizer(optimizer.init, step)


def reduce_on_plateau(
    optimizer: Optimizer,
    factor: Hyperparameter = 0.5,
    patience: int = 10,
    threshold: Hyperparameter = 1e-4,
    floor: Hyperparameter = 1e-3,
) -> Optimizer:
    r"""When the loss has not improved for a while, go on with shorter steps.

    $$ x_t = x_{t-1} + s_t\, \Delta x_t, \qquad s_t = \max(\gamma\, s_{t-1},\ s_{\min})
    \ \text{ after more than } \texttt{patience} \text{ steps without improvement} $$

    $\Delta x_t$ is the step that the optimizer would take. An improvement is a loss that is lower than the best so far
    by more than the fraction `threshold` of it; the loss is evaluated before each step, as the optimizer sees it (with
    minibatches, a noisy value).

    The notes cut the learning rate when the validation loss stops improving. Where the step is $\alpha$ times
    something that does not know $\alpha$, as in `sgd` or `adam`, multiplying it is the same; `momentum` becomes
    PyTorch's, whose cut rescales the whole velocity. optax's `reduce_on_plateau` multiplies the step as well;
    PyTorch's `ReduceLROnPlateau` has the same patience and compares with $(1 - \texttt{threshold})$ times the
    best loss, which means little once that is negative.
    """

    def init(x: Array) -> PlateauState:
        lanes = x.shape[1:]
        return PlateauState(np.ones(lanes), np.full(lanes, np.inf), np.zeros(lanes, dtype=np.int64), optimizer.init(x))

    def step(f: Objective, x: Array, state: PlateauState, t: int) -> tuple[Array, PlateauState]:
        loss = f.value(x)
        improved = state.best - loss > threshold * np.abs(loss)
        best = np.where(improved, loss, state.best)
        waited = np.where(improved | (state.scale <= floor), 0, state.waited + 1)
        cut = waited > patience
        scale = np.where(cut, np.maximum(factor * state.scale, floor), state.scale)
        x_next, inner_state = optimizer.step(f, x, state.inner_state, t)
        return x + scale * (x_next - x), PlateauState(scale, best, np.where(cut, 0, waited), inner_state)

    return Optimizer(init, step)
