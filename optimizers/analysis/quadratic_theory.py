r"""Theory of gradient descent and momentum on a quadratic: the matrix of one step, the stable rates, the fastest ones.

Along an eigenvector of the Hessian, with curvature $\lambda$, the distance $e_t$ from the minimum obeys a linear
recurrence of two terms, so that $(e_{t+1}, e_t)^T = M\, (e_t, e_{t-1})^T$. In the long run every step multiplies it by

$$ \rho(M) = \max_i |z_i(M)|, \qquad z_i \text{ the eigenvalues of } M $$

and the slowest curvature decides for the whole. A run diverges where an eigenvalue leaves the unit circle, which for
$\alpha > 0$ and $0 \le \mu < 1$ first happens at $z = -1$. Polyak (1964), *USSR Comp. Math. and Math. Phys.* 4(5),
1-17; Lessard, Recht & Packard (2016), Proposition 1 and Table 1, [arXiv:1408.3595](https://arxiv.org/abs/1408.3595);
Goh (2017), "Why Momentum Really Works", *Distill*, [doi:10.23915/distill.00006](https://doi.org/10.23915/distill.00006).
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from optimizers.base import Hyperparameter
from optimizers.catalogue import TRAITS
from surfaces.base import Array, Box, Objective, vector

HESSIAN_TOLERANCE = 1e-9  # of the largest curvature: Hessians that differ by less are the same but for rounding
PROBE_SIDE = 5  # points along each side of the view at which Hessians are compared


class FastestSettings(NamedTuple):
    """The learning rate and momentum with the least convergence factor, whatever the start."""

    lr: float
    mu: float | None  # None for a method without momentum
    convergence_factor: float  # what a step leaves of the distance to the minimum, in the long run


class QuadraticTheory(NamedTuple):
    """The theory of one method on a quadratic."""

    iteration_matrix: Callable[[Hyperparameter, Hyperparameter, float], Array]  # lr, mu, curvature -> (2, 2, ...)
    stability_formula: str  # the largest stable lr as it is shown, λ the largest curvature
    lr_times_curvature: Callable[[float], float]  # mu -> largest stable lr x λ
    fastest_settings: Callable[[float, float], FastestSettings]  # least and largest curvature -> settings


def gradient_descent_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} 1 - \alpha\lambda & 0 \\ 1 & 0 \end{pmatrix}$: gradient descent has no second term."""
    return recurrence_matrix(1 - lr * curvature, 0 * np.asarray(mu))


def heavy_ball_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} 1 + \mu - \alpha\lambda & -\mu \\ 1 & 0 \end{pmatrix}$: the momentum of Polyak."""
    return recurrence_matrix(1 + mu - lr * curvature, -np.asarray(mu))


def nesterov_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} (1 + \mu) s & -\mu s \\ 1 & 0 \end{pmatrix}$ with $s = 1 - \alpha\lambda$: Nesterov's."""
    return recurrence_matrix((1 + mu) * (1 - lr * curvature), -mu * (1 - lr * curvature))


def fastest_gradient_descent(m: float, L: float) -> FastestSettings:
    r"""Settings of gradient descent on a quadratic whose curvatures are between m and L, with $\kappa = L / m$.

    $$ \alpha = \frac{2}{L + m}, \qquad \rho = \frac{\kappa - 1}{\kappa + 1} $$
    """
    kappa = L / m
    return FastestSettings(2 / (L + m), None, (kappa - 1) / (kappa + 1))


def fastest_heavy_ball(m: float, L: float) -> FastestSettings:
    r"""Settings of momentum in Polyak's form: the roots of every curvature's polynomial have length $\sqrt\mu$.

    $$ \alpha = \frac{4}{(\sqrt L + \sqrt m)^2}, \qquad
    \mu = \left( \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} \right)^2, \qquad
    \rho = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} $$
    """
    root = sqrt(L / m)
    return FastestSettings(4 / (sqrt(L) + sqrt(m)) ** 2, ((root - 1) / (root + 1)) ** 2, (root - 1) / (root + 1))


def fastest_nesterov(m: float, L: float) -> FastestSettings:
    r"""Settings of Nesterov's momentum, tuned for quadratics; the better known $\alpha = 1 / L$ is safe beyond them.

    $$ \alpha = \frac{4}{3 L + m}, \qquad \mu = \frac{\sqrt{3 \kappa + 1} - 2}{\sqrt{3 \kappa + 1} + 2}, \qquad
    \rho = 1 - \frac{2}{\sqrt{3 \kappa + 1}} $$

    The iterates of Lessard, Recht & Packard are those of `nesterov_lookahead`; those of `nesterov` are the points at
    which the gradient is taken, and converge as fast.
    """
    root = sqrt(3 * L / m + 1)
    return FastestSettings(4 / (3 * L + m), (root - 2) / (root + 2), 1 - 2 / root)


# The characteristic polynomials are z - (1 - αλ), z² - (1 + μ - αλ) z + μ and z² - (1 + μ)(1 - αλ) z + μ (1 - αλ).
THEORIES = {
    "gradient descent": QuadraticTheory(gradient_descent_matrix, "2/λ", lambda mu: 2.0, fastest_gradient_descent),
    "heavy ball": QuadraticTheory(heavy_ball_matrix, "2(1+μ)/λ", lambda mu: 2 * (1 + mu), fastest_heavy_ball),
    "nesterov": QuadraticTheory(
        nesterov_matrix, "2(1+μ)/((1+2μ)λ)", lambda mu: 2 * (1 + mu) / (1 + 2 * mu), fastest_nesterov
    ),
}
QUADRATIC_THEORY = {
    word: THEORIES[traits.quadratic_theory] for word, traits in TRAITS.items() if traits.quadratic_theory
}


def largest_stable_lr(optimizer_name: str, curvature: float, mu: float = 0.0) -> float | None:
    """The lr beyond which an optimizer diverges on a quadratic of largest curvature `curvature`.

    None where no limit is known or the curvature is not positive.
    """
    if optimizer_name not in QUADRATIC_THEORY or not curvature > 0:
        return None
    return QUADRATIC_THEORY[optimizer_name].lr_times_curvature(mu) / curvature


def convergence_factor(
    optimizer_name: str, lr: Hyperparameter, mu: Hyperparameter, curvatures: Sequence[float]
) -> Array:
    """The factor by which a step multiplies the distance from the minimum, in the long run: the slowest direction's.

    The optimizer is one of `QUADRATIC_THEORY`; `lr` and `mu` may have lanes, which the result has too. Above 1 the run
    diverges.
    """
    matrix = QUADRATIC_THEORY[optimizer_name].iteration_matrix
    return np.max([spectral_radius(matrix(lr, mu, curvature)) for curvature in curvatures], axis=0)


def spectral_radius(M: Array) -> Array:
    r"""The spectral radius of matrices (2, 2, ...), by the roots of $z^2 - \operatorname{tr} M \, z + \det M$.

    $$ \rho = \tfrac12 \left( |\operatorname{tr} M| + \sqrt{D} \right) \text{ if } D = \operatorname{tr}^2 M
    - 4 \det M \ge 0, \qquad \rho = \sqrt{\det M} \text{ else} $$
    """
    (a, b), (c, d) = M
    trace, determinant = a + d, a * d - b * c
    D = trace**2 - 4 * determinant
    real, turning = np.maximum(D, 0.0), np.maximum(determinant, 0.0)
    return np.where(D >= 0, (np.abs(trace) + np.sqrt(real)) / 2, np.sqrt(turning))


def recurrence_matrix(newest: object, older: object) -> Array:
    """The matrix of $e_{t+1} = a e_t + b e_{t-1}$, (2, 2, ...)."""
    a, b, one, zero = vector(newest, older, 1.0, 0.0)
    return np.array(((a, b), (one, zero)))


def constant_hessian(problem: Objective, box: Box) -> Array | None:
    """The Hessian (2, 2) of a problem if it is the same all over the view, and not zero; else None."""
    points = np.array(np.meshgrid(*(np.linspace(low, high, PROBE_SIDE) for low, high in box))).reshape(2, -1)
    with np.errstate(all="ignore"):
        H = np.asarray(problem.hess(points))
    first = H[..., 0]
    scale = np.abs(first).max()
    same = np.isfinite(H).all() and np.abs(H - first[..., None]).max() <= HESSIAN_TOLERANCE * scale
    return first if same and scale > 0 else None
