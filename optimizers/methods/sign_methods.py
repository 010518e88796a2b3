"""Methods that use only the sign of the gradient, not its size."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Hyperparameter, Optimizer, make_zero_init
from optimizers.method_traits import NOT_ELSEWHERE, TorchOptimizer, Traits
from surfaces.base import Array, Objective


class LionState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient


class RpropState(NamedTuple):
    g: Array  # (d, ...) last gradient, 0 where the step was taken back
    lengths: Array  # (d, ...) length of the next step of each coordinate


def lion(
    lr: Hyperparameter = 0.01,
    beta1: Hyperparameter = 0.9,
    beta2: Hyperparameter = 0.99,
    weight_decay: Hyperparameter = 0.0,
) -> Optimizer:
    r"""Every coordinate takes a step of the same length, towards where momentum and the new gradient point together.

    $$ \begin{aligned}
    c_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    x_t &= x_{t-1} - \alpha \left( \mathrm{sign}(c_t) + \lambda\, x_{t-1} \right) \\
    m_t &= \beta_2 m_{t-1} + (1 - \beta_2)\, g_t
    \end{aligned} $$

    Near a minimum it circles at the distance $\alpha$ for ever, unless a schedule lowers $\alpha$.
    Chen et al. (2023), Algorithm 2, [arXiv:2302.06675](https://arxiv.org/abs/2302.06675), found by a program search.
    optax agrees, with $\lambda = 10^{-3}$ unless told otherwise.
    """

    def step(f: Objective, x: Array, state: LionState, t: int) -> tuple[Array, LionState]:
        g = f.grad(x)
        c = beta1 * state.m + (1 - beta1) * g
        m = beta2 * state.m + (1 - beta2) * g
        return x - lr * (np.sign(c) + weight_decay * x), LionState(m)

    return Optimizer(make_zero_init(LionState), step)


def rprop(
    lr: Hyperparameter = 0.01,
    shrink: Hyperparameter = 0.5,
    grow: Hyperparameter = 1.2,
    smallest: Hyperparameter = 1e-6,
    largest: Hyperparameter = 50.0,
) -> Optimizer:
    r"""Each coordinate has its own step length: longer while its slope keeps its sign, shorter when it flips.

    $$ \begin{aligned}
    \Delta_t &= \mathrm{clip}(\Delta_{t-1} \cdot \begin{cases} \eta^+ & g_t\, g_{t-1} > 0 \\
    \eta^- & g_t\, g_{t-1} < 0 \\ 1 & \text{else} \end{cases},\ \Delta_{\min},\ \Delta_{\max}) \\
    g_t &\leftarrow 0 \quad \text{where } g_t\, g_{t-1} < 0 \\
    x_t &= x_{t-1} - \mathrm{sign}(g_t)\, \Delta_t
    \end{aligned} $$

    $\Delta_0 = \alpha$ in every coordinate. It needs the whole data: with minibatches the sign flips by chance.
    Riedmiller & Braun (1993), *ICNN*, 586-591. There are several versions; this one, PyTorch's, waits one step in a
    coordinate that has jumped over its minimum (iRprop−, Igel & Hüsken 2000), where the first paper went back.
    """

    def init(x: Array) -> RpropState:
        return RpropState(g=np.zeros(x.shape), lengths=lr + np.zeros(x.shape))

    def step(f: Objective, x: Array, state: RpropState, t: int) -> tuple[Array, RpropState]:
        g = f.grad(x)
        turn = np.sign(g * state.g)
        factor = np.where(turn > 0, grow, np.where(turn < 0, shrink, 1.0))
        lengths = np.clip(state.lengths * factor, smallest, largest)
        g = np.where(turn < 0, 0.0, g)
        return x - np.sign(g) * lengths, RpropState(g, lengths)

    return Optimizer(init, step)


TRAITS = {
    lion: Traits("signs", NOT_ELSEWHERE),
    rprop: Traits(
        "signs",
        TorchOptimizer(
            "Rprop",
            {"lr": "lr", "shrink": "etas", "grow": "etas", "smallest": "step_sizes", "largest": "step_sizes"},
            takes_signs=True,
        ),
    ),
}
