"""Wrappers that average the iterates; the optimizer goes on with its own."""

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


def polyak(optimizer: Optimizer) -> Optimizer:
    r"""The plain mean of all points visited so far: noise averages out, and so does zigzag.

    $$ \bar x_t = \bar x_{t-1} + (x_t - \bar x_{t-1}) / t $$

    $x_t$ are the optimizer's own iterates, which do not depend on the mean. The start is not averaged in, and the first
    mean is $x_1$. Polyak & Juditsky (1992), *SIAM J. Control Optim.* 30(4), 838-855; also Ruppert (1988).
    """

    def init(x: Array) -> AveragedState:
        return AveragedState(x, optimizer.init(x))

    def step(f: Objective, mean: Array, state: AveragedState, t: int) -> tuple[Array, AveragedState]:
        x, memory = optimizer.step(f, state.x, state.inner_state, t)
        return mean + (x - mean) / t, AveragedState(x, memory)

    return Optimizer(init, step)


def ema(optimizer: Optimizer, decay: Hyperparameter = 0.9) -> Optimizer:
    r"""A running mean of the points visited, in which the older ones fade.

    $$ \bar x_t = d\, \bar x_{t-1} + (1 - d)\, x_t, \qquad \bar x_0 = x_0 $$

    $x_t$ are the optimizer's own iterates, which do not depend on the mean. It begins at the start, which is a point of
    the path and not an empty 0, so there is no bias to correct. Kingma & Ba (2015), section 7.2,
    [arXiv:1412.6980](https://arxiv.org/abs/1412.6980), who begin at 0 and correct.
    """

    def init(x: Array) -> AveragedState:
        return AveragedState(x, optimizer.init(x))

    def step(f: Objective, mean: Array, state: AveragedState, t: int) -> tuple[Array, AveragedState]:
        x, memory = optimizer.step(f, state.x, state.inner_state, t)
        return decay * mean + (1 - decay) * x, AveragedState(x, memory)

    return Optimizer(init, step)


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
        x, memory = optimizer.step(f, x, state.inner_state, t)
        if t % k == 0:
            x = state.slow + alpha * (x - state.slow)
            return x, LookaheadState(x, np.zeros_like(state.since), memory)
        since = np.where((x == state.slow).all(axis=0), 0, t % k)  # counting tells the loop that a change is to come
        return x, LookaheadState(state.slow, since, memory)

    return Optimizer(init, step)
