"""The fastest settings on a quadratic, where theory knows them."""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

from optimizers.catalogue import by_quadratic_theory


class FastestSettings(NamedTuple):
    """What no other learning rate and momentum beat, whatever the start."""

    lr: float
    mu: float | None  # None for a method without
    factor: float  # what a step leaves of the distance to the minimum, in the long run


def fastest_gradient_descent(m: float, L: float) -> FastestSettings:
    r"""Of gradient descent on a quadratic whose curvatures are between m and L, with $\kappa = L / m$.

    $$ \alpha = \frac{2}{L + m}, \qquad \rho = \frac{\kappa - 1}{\kappa + 1} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1, [arXiv:1408.3595](https://arxiv.org/abs/1408.3595).
    """
    kappa = L / m
    return FastestSettings(2 / (L + m), None, (kappa - 1) / (kappa + 1))


def fastest_heavy_ball(m: float, L: float) -> FastestSettings:
    r"""Of momentum as Polyak (1964) has it: the roots of every curvature's polynomial are of length $\sqrt\mu$.

    $$ \alpha = \frac{4}{(\sqrt L + \sqrt m)^2}, \qquad
    \mu = \left( \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} \right)^2, \qquad
    \rho = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1.
    """
    root = sqrt(L / m)
    return FastestSettings(4 / (sqrt(L) + sqrt(m)) ** 2, ((root - 1) / (root + 1)) ** 2, (root - 1) / (root + 1))


def fastest_nesterov(m: float, L: float) -> FastestSettings:
    r"""Of Nesterov's momentum, tuned for quadratics; the better known $\alpha = 1 / L$ is safe beyond them.

    $$ \alpha = \frac{4}{3 L + m}, \qquad \mu = \frac{\sqrt{3 \kappa + 1} - 2}{\sqrt{3 \kappa + 1} + 2}, \qquad
    \rho = 1 - \frac{2}{\sqrt{3 \kappa + 1}} $$

    Lessard, Recht & Packard (2016), section 2.2, Table 1. Their iterates are those of `nesterov_lookahead`; those of
    `fastest_nesterov` are the points at which these ask, and shrink as fast.
    """
    root = sqrt(3 * L / m + 1)
    return FastestSettings(4 / (3 * L + m), (root - 2) / (root + 2), 1 - 2 / root)


FASTEST_SETTINGS: dict[str, Callable[[float, float], FastestSettings]] = by_quadratic_theory(
    {"gradient descent": fastest_gradient_descent, "heavy ball": fastest_heavy_ball, "nesterov": fastest_nesterov}
)
