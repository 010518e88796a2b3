"""The fastest settings on a quadratic, where theory knows them."""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple


class Fastest(NamedTuple):
    """What no other learning rate and momentum beat, whatever the start."""

    lr: float
    mu: float | None  # None for a method without
    factor: float  # what a step leaves of the distance to the minimum, in the long run


def gradient_descent(m: float, L: float) -> Fastest:
    r"""Of gradient descent on a quadratic whose curvatures are between m and L, with $\kappa = L / m$.

    $$ \alpha = \frac{2}{L + m}, \qquad \rho = \frac{\kappa - 1}{\kappa + 1} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1, [arXiv:1408.3595](https://arxiv.org/abs/1408.3595).
    """
    kappa = L / m
    return Fastest(2 / (L + m), None, (kappa - 1) / (kappa + 1))


def heavy_ball(m: float, L: float) -> Fastest:
    r"""Of momentum as Polyak (1964) has it: the roots of every curvature's polynomial are of length $\sqrt\mu$.

    $$ \alpha = \frac{4}{(\sqrt L + \sqrt m)^2}, \qquad
    \mu = \left( \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} \right)^2, \qquad
    \rho = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1.
    """
    root = sqrt(L / m)
    return Fastest(4 / (sqrt(L) + sqrt(m)) ** 2, ((root - 1) / (root + 1)) ** 2, (root - 1) / (root + 1))


def nesterov(m: float, L: float) -> Fastest:
    r"""Of Nesterov's momentum, tuned for quadratics; the better known $\alpha = 1 / L$ is safe beyond them.

    $$ \alpha = \frac{4}{3 L + m}, \qquad \mu = \frac{\sqrt{3 \kappa + 1} - 2}{\sqrt{3 \kappa + 1} + 2}, \qquad
    \rho = 1 - \frac{2}{\sqrt{3 \kappa + 1}} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1. Their iterates are those of `nesterov_lookahead`; those of
    `nesterov` are the points at which these ask, and shrink as fast.
    """
    root = sqrt(3 * L / m + 1)
    return Fastest(4 / (3 * L + m), (root - 2) / (root + 2), 1 - 2 / root)


FASTEST: dict[str, Callable[[float, float], Fastest]] = {
    "sgd": gradient_descent,
    "momentum": heavy_ball,
    "momentum_subtracted": heavy_ball,
    "nesterov": nesterov,
    "nesterov_lookahead": nesterov,
}
