"""Gradient descent and its momentum methods."""

from typing import NamedTuple

from optimizers.base import Hyperparameter, Optimizer, make_zero_init
from optimizers.method_traits import TorchOptimizer, Traits
from surfaces.base import Array, Objective
from surfaces.translatable import Translatable


class MomentumState(NamedTuple):
    v: Array  # (d, ...) velocity, in units of x


class SubtractedMomentumState(NamedTuple):
    v: Array  # (d, ...) velocity with the opposite sign: it is subtracted from x


def sgd(lr: Hyperparameter = 0.001) -> Optimizer:
    r"""Step straight downhill, as far as the slope is steep.

    $$ x_t = x_{t-1} - \alpha\, g_t, \qquad g_t = \nabla f(x_{t-1}) $$

    With the whole data and a small enough learning rate the loss never rises; on a quadratic
    with largest curvature $\lambda_{\max}$ it diverges from $\alpha > 2 / \lambda_{\max}$ on.
    Cauchy (1847), *Comptes rendus* 25, 536-538; Robbins & Monro (1951) for the stochastic form.
    """

    def init(x: Array) -> tuple[()]:
        return ()

    def step(f: Objective, x: Array, state: tuple[()], t: int) -> tuple[Array, tuple[()]]:
        return x - lr * f.grad(x), state

    return Optimizer(init, step)


def momentum(lr: Hyperparameter = 0.001, mu: Hyperparameter = 0.9) -> Optimizer:
    r"""A ball that rolls downhill: the slope changes its velocity, the velocity moves it; μ is the friction.

    $$ \begin{aligned}
    v_t &= \mu\, v_{t-1} - \alpha\, g_t, \qquad g_t = \nabla f(x_{t-1}) \\
    x_t &= x_{t-1} + v_t
    \end{aligned} $$

    The velocity builds up wherever the gradient keeps its direction and cancels where it swings.
    Typical values of $\mu$ are 0.5, 0.9, 0.95 and 0.99, often raised from 0.5 to 0.99 during the run.

    There are two sign conventions for the same path: `momentum_subtracted` writes $v_t = \mu v_{t-1} + \alpha g_t$,
    $x_t = x_{t-1} - v_t$, and its $v$ is the negative of this one. PyTorch keeps a velocity in units of the
    gradient, $b_t = \mu b_{t-1} + g_t$, $x_t = x_{t-1} - \alpha b_t$: the same path as long as $\alpha$ is
    constant; when a schedule changes $\alpha$, there the whole velocity is rescaled at once, here only the
    newest part of it.

    Polyak (1964), *USSR Comp. Math. and Math. Phys.* 4(5), 1-17; the form of the
    [CS231n notes](https://cs231n.github.io/neural-networks-3/#sgd).
    """

    def step(f: Objective, x: Array, state: MomentumState, t: int) -> tuple[Array, MomentumState]:
        v = mu * state.v - lr * f.grad(x)
        return x + v, MomentumState(v)

    return Optimizer(make_zero_init(MomentumState), step)


def momentum_subtracted(lr: Hyperparameter = 0.001, mu: Hyperparameter = 0.9) -> Optimizer:
    r"""Momentum in its other sign convention: the velocity points uphill, and is subtracted.

    $$ \begin{aligned}
    v_t &= \mu\, v_{t-1} + \alpha\, g_t, \qquad g_t = \nabla f(x_{t-1}) \\
    x_t &= x_{t-1} - v_t
    \end{aligned} $$

    The same path as `momentum`, bit for bit: only the sign of $v$ differs, and rounding is symmetric. It is here to be
    raced against the other. Ruder (2016), section 4.1, [arXiv:1609.04747](https://arxiv.org/abs/1609.04747).
    """

    def step(f: Objective, x: Array, state: SubtractedMomentumState, t: int) -> tuple[Array, SubtractedMomentumState]:
        v = mu * state.v + lr * f.grad(x)
        return x - v, SubtractedMomentumState(v)

    return Optimizer(make_zero_init(SubtractedMomentumState), step)


def nesterov(lr: Hyperparameter = 0.001, mu: Hyperparameter = 0.9) -> Optimizer:
    r"""Momentum that looks ahead to where it is about to land, written for the look-ahead point itself.

    $$ \begin{aligned}
    v_t &= \mu\, v_{t-1} - \alpha\, g_t, \qquad g_t = \nabla f(x_{t-1}) \\
    x_t &= x_{t-1} - \mu\, v_{t-1} + (1 + \mu)\, v_t
    \end{aligned} $$

    This is `nesterov_lookahead` after the change of variables $x \leftarrow x + \mu v$: the iterate *is* the look-ahead
    point, so that the gradient is taken at the iterate. Substituted, the second line reads
    $x_t = x_{t-1} + \mu^2 v_{t-1} - (1 + \mu)\,\alpha\, g_t$; a common mistake leaves a single $\mu$ there. PyTorch's
    `nesterov=True` takes the same path, with its velocity in units of the gradient (see `momentum`).

    Nesterov (1983), *Soviet Math. Doklady* 27(2), 372-376; Bengio et al. (2013), section 3.5,
    [arXiv:1212.0901](https://arxiv.org/abs/1212.0901); the
    [CS231n notes](https://cs231n.github.io/neural-networks-3/#sgd).
    """

    def step(f: Objective, x: Array, state: MomentumState, t: int) -> tuple[Array, MomentumState]:
        v = mu * state.v - lr * f.grad(x)
        return x - mu * state.v + (1 + mu) * v, MomentumState(v)

    return Optimizer(make_zero_init(MomentumState), step)


def nesterov_lookahead(lr: Hyperparameter = 0.001, mu: Hyperparameter = 0.9) -> Optimizer:
    r"""Momentum that takes the gradient where its velocity is about to carry it, not where it is now.

    $$ \begin{aligned}
    v_t &= \mu\, v_{t-1} - \alpha\, \nabla f(x_{t-1} + \mu\, v_{t-1}) \\
    x_t &= x_{t-1} + v_t
    \end{aligned} $$

    Its look-ahead points $x_t + \mu v_t$ are the iterates of `nesterov`, step for step, from the same start.
    Sutskever et al. (2013), [ICML, equations 3 and 4](https://proceedings.mlr.press/v28/sutskever13.html).
    """

    def step(f: Objective, x: Array, state: MomentumState, t: int) -> tuple[Array, MomentumState]:
        v = mu * state.v - lr * f.grad(x + mu * state.v)
        return x + v, MomentumState(v)

    return Optimizer(make_zero_init(MomentumState), step)


POWERS_OF_A_MATRIX = Translatable("powers of a matrix on quadratics")
ENTRIES = {"lr": "lr", "mu": "momentum"}
TRAITS = {
    sgd: Traits(
        "momentum",
        TorchOptimizer("SGD", {"lr": "lr"}),
        display_name="SGD",
        aliases=("gd", "gradient_descent", "steepest_descent"),
        closed_form=POWERS_OF_A_MATRIX,
        quadratic_theory="gradient descent",
        flow="gradient",
        network_lr=0.1,
    ),
    momentum: Traits(
        "momentum",
        TorchOptimizer("SGD", ENTRIES),
        aliases=("heavy_ball",),
        closed_form=POWERS_OF_A_MATRIX,
        quadratic_theory="heavy ball",
        flow="ball",
        network_lr=0.02,
    ),
    momentum_subtracted: Traits(
        "momentum",
        TorchOptimizer("SGD", ENTRIES),
        display_name="Momentum, subtracted form",
        closed_form=Translatable("momentum's path bit for bit, with opposite velocities"),
        quadratic_theory="heavy ball",
        flow="ball",
    ),
    nesterov: Traits(
        "momentum",
        TorchOptimizer("SGD", ENTRIES, "nesterov=True"),
        aliases=("nag",),
        closed_form=POWERS_OF_A_MATRIX,
        quadratic_theory="nesterov",
        flow="ball",
        iterates_ahead=True,
        network_lr=0.02,
    ),
    nesterov_lookahead: Traits(
        "momentum",
        Translatable("PyTorch's nesterov=True shows the look-ahead points, as `nesterov` does, and not these"),
        display_name="Nesterov, look-ahead form",
        closed_form=Translatable("Nesterov's path, one change of variables away"),
        quadratic_theory="nesterov",
        flow="ball",
    ),
}
