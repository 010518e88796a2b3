r"""How fast momentum is on a quadratic, by theory: the spectral radius of the matrix that takes one step.

Along an eigenvector of the Hessian, with curvature $\lambda$, the distance $e_t$ from the minimum obeys a linear
recurrence of two terms, so that $(e_{t+1}, e_t)^T = M\, (e_t, e_{t-1})^T$. In the long run every step multiplies it by

$$ \rho(M) = \max_i |z_i(M)|, \qquad z_i \text{ the eigenvalues of } M $$

and the slowest curvature decides for the whole. Polyak (1964), *USSR Comp. Math. and Math. Phys.* 4(5), 1-17; Lessard,
Recht & Packard (2016), Proposition 1, [arXiv:1408.3595](https://arxiv.org/abs/1408.3595); Goh (2017), "Why Momentum
Really Works", *Distill*, [doi:10.23915/distill.00006](https://doi.org/10.23915/distill.00006).
"""

from collections.abc import Callable, Sequence

import numpy as np

from optimizers.base import Hyperparameter
from optimizers.catalogue import by_quadratic_theory
from surfaces.base import Array, Objective, vector

HESSIAN_TOLERANCE = 1e-9  # of the largest curvature: Hessians that differ by less are the same but for rounding


def gradient_descent_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} 1 - \alpha\lambda & 0 \\ 1 & 0 \end{pmatrix}$: gradient descent has no second term."""
    return recurrence_matrix(1 - lr * curvature, 0 * np.asarray(mu))


def heavy_ball_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} 1 + \mu - \alpha\lambda & -\mu \\ 1 & 0 \end{pmatrix}$: the momentum of Polyak."""
    return recurrence_matrix(1 + mu - lr * curvature, -np.asarray(mu))


def nesterov_matrix(lr: Hyperparameter, mu: Hyperparameter, curvature: float) -> Array:
    r"""$M = \begin{pmatrix} (1 + \mu) s & -\mu s \\ 1 & 0 \end{pmatrix}$ with $s = 1 - \alpha\lambda$: Nesterov's."""
    return recurrence_matrix((1 + mu) * (1 - lr * curvature), -mu * (1 - lr * curvature))


ITERATION_MATRICES: dict[str, Callable[[Hyperparameter, Hyperparameter, float], Array]] = by_quadratic_theory(
    {"gradient descent": gradient_descent_matrix, "heavy ball": heavy_ball_matrix, "nesterov": nesterov_matrix}
)


def convergence_factor(word: str, lr: Hyperparameter, mu: Hyperparameter, curvatures: Sequence[float]) -> Array:
    """By what the distance from the minimum is multiplied in a step, in the long run: the slowest direction's factor.

    `word` is one of `ITERATION_MATRICES`; `lr` and `mu` may have lanes, which the result has too. It diverges above 1.
    """
    return np.max([spectral_radius(ITERATION_MATRICES[word](lr, mu, curvature)) for curvature in curvatures], axis=0)


def spectral_radius(M: Array) -> Array:
    r"""Of matrices (2, 2, ...), by the roots of $z^2 - \operatorname{tr} M \, z + \det M$.

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


def constant_hessian(problem: Objective, points: Array) -> Array | None:
    """The Hessian (2, 2) of a problem where it is the same at all `points` (2, n); None where it is not."""
    with np.errstate(all="ignore"):
        H = np.asarray(problem.hess(points))
    first = H[..., 0]
    scale = np.abs(first).max()
    same = np.isfinite(H).all() and np.abs(H - first[..., None]).max() <= HESSIAN_TOLERANCE * scale
    return first if same and scale > 0 else None
