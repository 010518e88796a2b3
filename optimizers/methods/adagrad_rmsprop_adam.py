"""Methods whose step sizes adapt to the gradient history of each coordinate."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Hyperparameter, Optimizer, make_zero_init
from optimizers.method_traits import TorchOptimizer, Traits
from surfaces.base import Array, Objective


class SquaredGradientState(NamedTuple):
    cache: Array  # (d, ...) sum, or running mean, of the squared gradient


class AdadeltaState(NamedTuple):
    g2: Array  # (d, ...) running mean of the squared gradient, E[g²]
    dx2: Array  # (d, ...) running mean of the squared step, E[Δx²]


class AdamState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    v: Array  # (d, ...) running mean of its square


def adagrad(lr: Hyperparameter = 0.5, eps: Hyperparameter = 1e-8, root: bool = True) -> Optimizer:
    r"""Divide each coordinate's step by the size of all its gradients so far: steep directions are damped for good.

    $$ \begin{aligned}
    c_t &= c_{t-1} + g_t^2 \\
    x_t &= x_{t-1} - \alpha\, g_t / (\sqrt{c_t} + \epsilon)
    \end{aligned} $$

    The cache $c$ only grows, so the steps only shrink, and it often stops too early. Without the root
    (`root=False`) the steps shrink far faster and depend on the units of $f$: it does much worse,
    and the option is there to show it.

    Duchi, Hazan & Singer (2011), *JMLR* 12, 2121-2159, figure 1 with diagonal matrices. PyTorch adds a decay
    of $\alpha$ (0 by default, as here) and $\epsilon = 10^{-10}$; optax starts the cache at 0.1
    and puts $\epsilon$ inside the root.
    """

    def step(f: Objective, x: Array, state: SquaredGradientState, t: int) -> tuple[Array, SquaredGradientState]:
        g = f.grad(x)
        cache = state.cache + g * g
        size = np.sqrt(cache) if root else cache
        return x - lr * g / (size + eps), SquaredGradientState(cache)

    return Optimizer(make_zero_init(SquaredGradientState), step)


def rmsprop(lr: Hyperparameter = 0.01, decay_rate: Hyperparameter = 0.9, eps: Hyperparameter = 1e-8) -> Optimizer:
    r"""Adagrad that forgets: divide by the size of the recent gradients only, so that the steps do not die out.

    $$ \begin{aligned}
    c_t &= \rho\, c_{t-1} + (1 - \rho)\, g_t^2 \\
    x_t &= x_{t-1} - \alpha\, g_t / (\sqrt{c_t} + \epsilon)
    \end{aligned} $$

    $\rho$ is the decay rate: 0.9, 0.99 or 0.999. The cache starts at 0, so the first step is
    $\alpha / \sqrt{1 - \rho}$ long in every coordinate.

    Tieleman & Hinton (2012), lecture 6.5 of *Neural Networks for Machine Learning*. PyTorch places $\epsilon$
    as here; TensorFlow 1 and, by default, optax put it inside the root.
    """

    def step(f: Objective, x: Array, state: SquaredGradientState, t: int) -> tuple[Array, SquaredGradientState]:
        g = f.grad(x)
        cache = decay_rate * state.cache + (1 - decay_rate) * (g * g)
        return x - lr * g / (np.sqrt(cache) + eps), SquaredGradientState(cache)

    return Optimizer(make_zero_init(SquaredGradientState), step)


def adadelta(rho: Hyperparameter = 0.9, eps: Hyperparameter = 1e-6, lr: Hyperparameter = 1.0) -> Optimizer:
    r"""No learning rate at all: the size of the recent steps, over that of the recent gradients, sets the next one.

    $$ \begin{aligned}
    E[g^2]_t &= \rho\, E[g^2]_{t-1} + (1 - \rho)\, g_t^2 \\
    \Delta x_t &= -\frac{\sqrt{E[\Delta x^2]_{t-1} + \epsilon}}{\sqrt{E[g^2]_t + \epsilon}}\, g_t \\
    E[\Delta x^2]_t &= \rho\, E[\Delta x^2]_{t-1} + (1 - \rho)\, \Delta x_t^2 \\
    x_t &= x_{t-1} + \alpha\, \Delta x_t
    \end{aligned} $$

    The units match: a root mean square of steps, times a gradient, over a root mean square of gradients, is a
    step again, as in Newton's method, where $1 / f''$ is about $\Delta x / g$. Gradient descent's $\alpha g$ is
    not. There is no step yet when it begins, so $\sqrt\epsilon$ makes the first one, and the
    start is slow.

    Zeiler (2012), Algorithm 1, [arXiv:1212.5701](https://arxiv.org/abs/1212.5701). The factor
    $\alpha = 1$ is PyTorch's addition and is best left alone.
    """

    def step(f: Objective, x: Array, state: AdadeltaState, t: int) -> tuple[Array, AdadeltaState]:
        g = f.grad(x)
        g2 = rho * state.g2 + (1 - rho) * (g * g)
        dx = -np.sqrt(state.dx2 + eps) / np.sqrt(g2 + eps) * g
        dx2 = rho * state.dx2 + (1 - rho) * (dx * dx)
        return x + lr * dx, AdadeltaState(g2, dx2)

    return Optimizer(make_zero_init(AdadeltaState), step)


def adam(
    lr: Hyperparameter = 0.1,
    beta1: Hyperparameter = 0.9,
    beta2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    bias_correction: bool = True,
) -> Optimizer:
    r"""Momentum, divided by the recent size of each coordinate's gradient.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
    \hat m_t &= m_t / (1 - \beta_1^t), \quad \hat v_t = v_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)
    \end{aligned} $$

    $m$ and $v$ start at 0 and would be too small at first; the third line corrects that, and the first step is
    $\alpha$ long in every coordinate. Without it (`bias_correction=False`: $\hat m = m$, $\hat v = v$) the first
    step is $(1 - \beta_1) / \sqrt{1 - \beta_2}$ times as long, 3.16 times for the usual values.

    Kingma & Ba (2015), Algorithm 1, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). PyTorch and optax agree;
    TensorFlow uses the form before section 2.1 there, whose $\epsilon$ is added before the correction.
    """

    def step(f: Objective, x: Array, state: AdamState, t: int) -> tuple[Array, AdamState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        m_hat = m / (1 - beta1**t) if bias_correction else m
        v_hat = v / (1 - beta2**t) if bias_correction else v
        return x - lr * m_hat / (np.sqrt(v_hat) + eps), AdamState(m, v)

    return Optimizer(make_zero_init(AdamState), step)


TRAITS = {
    adagrad: Traits("adaptive", TorchOptimizer("Adagrad", {"lr": "lr", "eps": "eps"})),
    rmsprop: Traits(
        "adaptive", TorchOptimizer("RMSprop", {"lr": "lr", "decay_rate": "alpha", "eps": "eps"}), display_name="RMSprop"
    ),
    adadelta: Traits("adaptive", TorchOptimizer("Adadelta", {"lr": "lr", "rho": "rho", "eps": "eps"})),
    adam: Traits("adaptive", TorchOptimizer("Adam", {"lr": "lr", "beta1": "betas", "beta2": "betas", "eps": "eps"})),
}
