"""Adam with other ideas of how large a coordinate's gradient lately was."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Hyperparameter, Optimizer
from optimizers.methods.adaptive import AdamState, init_adam
from surfaces.base import Array, Objective


class AdamaxState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    u: Array  # (d, ...) decaying maximum of its size


class AmsgradState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    v: Array  # (d, ...) running mean of its square
    v_max: Array  # (d, ...) the largest v so far


class AdabeliefState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    s: Array  # (d, ...) running mean of the squared surprise, (g - m)²


def adamax(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-8
) -> Optimizer:
    r"""Adam that divides by the largest recent gradient instead of the root of a mean square.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    u_t &= \max(\beta_2 u_{t-1},\ |g_t| + \epsilon) \\
    \hat m_t &= m_t / (1 - \beta_1^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / u_t
    \end{aligned} $$

    A maximum needs no bias correction, and no step is much longer than $\alpha$.
    Kingma & Ba (2015), Algorithm 2, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980), which has no $\epsilon$;
    it stands where PyTorch and optax put it, against a division by zero.
    """

    def init(x: Array) -> AdamaxState:
        return AdamaxState(m=np.zeros(x.shape), u=np.zeros(x.shape))

    def step(f: Objective, x: Array, state: AdamaxState, t: int) -> tuple[Array, AdamaxState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        u = np.maximum(beta2 * state.u, np.abs(g) + eps)
        m_hat = m / (1 - beta1**t)
        return x - lr * m_hat / u, AdamaxState(m, u)

    return Optimizer(init, step)


def amsgrad(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-8
) -> Optimizer:
    r"""Adam that never forgets its steepest time: it divides by the largest mean square so far.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \qquad v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
    v^{\max}_t &= \max(v^{\max}_{t-1},\ v_t) \\
    \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat v_t = v^{\max}_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)
    \end{aligned} $$

    Made for a convex problem on which Adam walks to the worst point.
    Reddi, Kale & Kumar (2018), Algorithm 2, [arXiv:1904.09237](https://arxiv.org/abs/1904.09237), which corrects no
    bias. The corrections here are PyTorch's; optax takes the maximum after the correction, over $\hat v$.
    """

    def init(x: Array) -> AmsgradState:
        return AmsgradState(m=np.zeros(x.shape), v=np.zeros(x.shape), v_max=np.zeros(x.shape))

    def step(f: Objective, x: Array, state: AmsgradState, t: int) -> tuple[Array, AmsgradState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        v_max = np.maximum(state.v_max, v)
        m_hat = m / (1 - beta1**t)
        v_hat = v_max / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(v_hat) + eps), AmsgradState(m, v, v_max)

    return Optimizer(init, step)


def adabelief(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-16
) -> Optimizer:
    r"""Adam that divides by how much the gradient surprises: long steps where it comes as expected.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    s_t &= \beta_2 s_{t-1} + (1 - \beta_2)\, (g_t - m_t)^2 + \epsilon \\
    \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat s_t = s_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat s_t} + \epsilon)
    \end{aligned} $$

    Down a steady slope the surprise is small and the steps are longer than Adam's.
    Zhuang et al. (2020), Algorithm 2, [arXiv:2010.07468](https://arxiv.org/abs/2010.07468); optax calls the two places
    of $\epsilon$ `eps_root` and `eps`, both $10^{-16}$ by default.
    """

    def init(x: Array) -> AdabeliefState:
        return AdabeliefState(m=np.zeros(x.shape), s=np.zeros(x.shape))

    def step(f: Objective, x: Array, state: AdabeliefState, t: int) -> tuple[Array, AdabeliefState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        s = beta2 * state.s + (1 - beta2) * (g - m) ** 2 + eps
        m_hat = m / (1 - beta1**t)
        s_hat = s / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(s_hat) + eps), AdabeliefState(m, s)

    return Optimizer(init, step)


def yogi(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-3
) -> Optimizer:
    r"""Adam whose mean square forgets slowly: it moves by a share of $g^2$, not of its distance from $g^2$.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    v_t &= v_{t-1} - (1 - \beta_2)\, \mathrm{sign}(v_{t-1} - g_t^2)\, g_t^2 \\
    \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat v_t = v_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)
    \end{aligned} $$

    When the gradients become small, Adam's steps grow again soon; here they stay short for longer.
    Zaheer et al. (2018), Algorithm 2,
    [NeurIPS](https://papers.nips.cc/paper/8186-adaptive-methods-for-nonconvex-optimization), without bias correction
    and with another start of $v$; optax corrects, as here, but starts $m$ and $v$ at $10^{-6}$ and not at 0.
    """

    def step(f: Objective, x: Array, state: AdamState, t: int) -> tuple[Array, AdamState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = state.v - (1 - beta2) * np.sign(state.v - g * g) * (g * g)
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(v_hat) + eps), AdamState(m, v)

    return Optimizer(init_adam, step)
