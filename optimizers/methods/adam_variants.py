"""Variants of Adam: other decays, another look ahead, other first steps, other measures of the gradient's size."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Hyperparameter, Optimizer, make_zero_init
from optimizers.method_traits import NOT_ELSEWHERE, TorchOptimizer, Traits
from optimizers.methods.adagrad_rmsprop_adam import AdamState
from surfaces.base import Array, Objective


class AdamaxState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    u: Array  # (d, ...) decaying maximum of its size


class NadamState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    v: Array  # (d, ...) running mean of its square
    product: Hyperparameter  # of all momenta so far, the remaining bias


class AmsgradState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    v: Array  # (d, ...) running mean of its square
    v_max: Array  # (d, ...) the largest v so far


class AdabeliefState(NamedTuple):
    m: Array  # (d, ...) running mean of the gradient
    s: Array  # (d, ...) running mean of the squared difference (g - m)²


def adamw(
    lr: Hyperparameter = 0.1,
    beta1: Hyperparameter = 0.9,
    beta2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    weight_decay: Hyperparameter = 0.01,
) -> Optimizer:
    r"""Adam, plus a pull of every coordinate towards zero that Adam's division does not touch.

    $$ x_t = x_{t-1} - \alpha \left( \hat m_t / (\sqrt{\hat v_t} + \epsilon) + \lambda\, x_{t-1} \right) $$

    with $\hat m_t$, $\hat v_t$ as in `adam`. An L2 term in the loss (`weight_decayed(adam())`) is divided by
    $\sqrt{\hat v}$ like every gradient; this "decoupled" decay is not. It does not end in the minimum of $f$,
    but a little nearer to zero.

    Loshchilov & Hutter (2019), Algorithm 2, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). There the decay is
    multiplied by the schedule alone; PyTorch and optax multiply it by $\alpha$ too, as here.
    """

    def step(f: Objective, x: Array, state: AdamState, t: int) -> tuple[Array, AdamState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        return x - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x), AdamState(m, v)

    return Optimizer(make_zero_init(AdamState), step)


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

    def step(f: Objective, x: Array, state: AdamaxState, t: int) -> tuple[Array, AdamaxState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        u = np.maximum(beta2 * state.u, np.abs(g) + eps)
        m_hat = m / (1 - beta1**t)
        return x - lr * m_hat / u, AdamaxState(m, u)

    return Optimizer(make_zero_init(AdamaxState), step)


def nadam(
    lr: Hyperparameter = 0.1,
    beta1: Hyperparameter = 0.9,
    beta2: Hyperparameter = 0.999,
    eps: Hyperparameter = 1e-8,
    momentum_decay: Hyperparameter = 0.004,
) -> Optimizer:
    r"""Adam with Nesterov's look ahead: the newest gradient counts now, the momentum as it will be in the next step.

    $$ \begin{aligned}
    \mu_t &= \beta_1 \left( 1 - \tfrac12\, 0.96^{\,t \psi} \right), \qquad P_t = \mu_1 \mu_2 \cdots \mu_t \\
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \qquad v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
    \hat m_t &= \mu_{t+1}\, m_t / (1 - P_{t+1}) + (1 - \mu_t)\, g_t / (1 - P_t), \qquad
    \hat v_t = v_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat v_t} + \epsilon)
    \end{aligned} $$

    The momentum $\mu_t$ warms up from about $\beta_1 / 2$, slowly, at the pace $\psi$ (`momentum_decay`).

    Dozat (2016), Algorithm 2, [OpenReview](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ). As in PyTorch and
    Keras, $m$ itself decays by the constant $\beta_1$; the paper lets it decay by $\mu_t$ and multiplies
    $\hat v_t$ by $\beta_2$. optax leaves the warm-up out: $\mu_t = \beta_1$.
    """

    def init(x: Array) -> NadamState:
        return NadamState(m=np.zeros(x.shape), v=np.zeros(x.shape), product=1.0)

    def step(f: Objective, x: Array, state: NadamState, t: int) -> tuple[Array, NadamState]:
        g = f.grad(x)
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        product = state.product * mu
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
        v_hat = v / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(v_hat) + eps), NadamState(m, v, product)

    return Optimizer(init, step)


def amsgrad(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-8
) -> Optimizer:
    r"""Adam that never forgets its steepest gradients: it divides by the largest mean square so far.

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

    def step(f: Objective, x: Array, state: AmsgradState, t: int) -> tuple[Array, AmsgradState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        v_max = np.maximum(state.v_max, v)
        m_hat = m / (1 - beta1**t)
        v_hat = v_max / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(v_hat) + eps), AmsgradState(m, v, v_max)

    return Optimizer(make_zero_init(AmsgradState), step)


def radam(
    lr: Hyperparameter = 0.003, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-8
) -> Optimizer:
    r"""Adam that waits until its mean square rests on enough gradients, and is plain momentum before.

    $$ \begin{aligned}
    \rho_\infty &= 2 / (1 - \beta_2) - 1, \qquad
    \rho_t = \rho_\infty - 2 t \beta_2^t / (1 - \beta_2^t) \\
    r_t &= \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)\, \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\, \rho_t}} \\
    x_t &= x_{t-1} - \alpha\, \hat m_t \cdot
    \begin{cases} r_t \sqrt{1 - \beta_2^t} / (\sqrt{v_t} + \epsilon) & \rho_t > 5 \\ 1 & \text{else} \end{cases}
    \end{aligned} $$

    with $m_t$, $v_t$, $\hat m_t$ as in `adam`. $\rho_t$ is the length of a plain average as certain as this running
    one; for $\beta_2 = 0.999$ the first five steps are momentum's, whose length goes with the gradient: where that
    is large, they are long, so that $\alpha$ must be smaller than `adam`'s.

    Liu et al. (2020), Algorithm 2, [arXiv:1908.03265](https://arxiv.org/abs/1908.03265): rectified
    from $\rho_t > 4$ on, no $\epsilon$. The 5, as in the authors' code, and the place of $\epsilon$ are PyTorch's;
    optax compares $\rho_t \ge 5$ and adds $\epsilon$ to $\sqrt{\hat v_t}$.
    """

    def step(f: Objective, x: Array, state: AdamState, t: int) -> tuple[Array, AdamState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * (g * g)
        m_hat = m / (1 - beta1**t)
        rho_inf = np.divide(2, 1 - beta2) - 1  # NumPy's division, as one by 0 is not used (beta2 = 0.6) or no error (1)
        rho = rho_inf - np.divide(2 * t * beta2**t, 1 - beta2**t)
        r2 = (rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)
        rectified = np.sqrt(np.maximum(r2, 0.0)) * np.sqrt(1 - beta2**t) / (np.sqrt(v) + eps)
        return x - lr * m_hat * np.where(rho > 5, rectified, 1.0), AdamState(m, v)

    return Optimizer(make_zero_init(AdamState), step)


def adabelief(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-16
) -> Optimizer:
    r"""Adam that divides by how far the gradient is from its running mean: long steps where it is as expected.

    $$ \begin{aligned}
    m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
    s_t &= \beta_2 s_{t-1} + (1 - \beta_2)\, (g_t - m_t)^2 + \epsilon \\
    \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat s_t = s_t / (1 - \beta_2^t) \\
    x_t &= x_{t-1} - \alpha\, \hat m_t / (\sqrt{\hat s_t} + \epsilon)
    \end{aligned} $$

    Down a steady slope that distance is small and the steps are longer than Adam's. Zhuang et al. (2020), Algorithm 2,
    [arXiv:2010.07468](https://arxiv.org/abs/2010.07468); optax calls the two places of $\epsilon$ `eps_root` and `eps`,
    both $10^{-16}$ by default.
    """

    def step(f: Objective, x: Array, state: AdabeliefState, t: int) -> tuple[Array, AdabeliefState]:
        g = f.grad(x)
        m = beta1 * state.m + (1 - beta1) * g
        s = beta2 * state.s + (1 - beta2) * (g - m) ** 2 + eps
        m_hat = m / (1 - beta1**t)
        s_hat = s / (1 - beta2**t)
        return x - lr * m_hat / (np.sqrt(s_hat) + eps), AdabeliefState(m, s)

    return Optimizer(make_zero_init(AdabeliefState), step)


def yogi(
    lr: Hyperparameter = 0.1, beta1: Hyperparameter = 0.9, beta2: Hyperparameter = 0.999, eps: Hyperparameter = 1e-3
) -> Optimizer:
    r"""Adam whose mean square forgets slowly: it moves by a fraction of $g^2$, not of its distance from $g^2$.

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

    return Optimizer(make_zero_init(AdamState), step)


ENTRIES = {"lr": "lr", "beta1": "betas", "beta2": "betas", "eps": "eps"}
TRAITS = {
    adamw: Traits(
        "Adam variants", TorchOptimizer("AdamW", ENTRIES | {"weight_decay": "weight_decay"}), display_name="AdamW"
    ),
    adamax: Traits("Adam variants", TorchOptimizer("Adamax", ENTRIES)),
    nadam: Traits(
        "Adam variants", TorchOptimizer("NAdam", ENTRIES | {"momentum_decay": "momentum_decay"}), display_name="NAdam"
    ),
    amsgrad: Traits("Adam variants", TorchOptimizer("Adam", ENTRIES, "amsgrad=True"), display_name="AMSGrad"),
    radam: Traits("Adam variants", TorchOptimizer("RAdam", ENTRIES), display_name="RAdam"),
    adabelief: Traits("Adam variants", NOT_ELSEWHERE, display_name="AdaBelief"),
    yogi: Traits("Adam variants", NOT_ELSEWHERE),
}
