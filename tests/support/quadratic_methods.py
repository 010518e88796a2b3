"""Methods that use curvature, a quadratic in any number of dimensions, and steps without the library's loop."""

import numpy as np

from optimizers.methods.conjugate_gradient import nonlinear_cg
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region

MAKERS = {
    "newton": newton,
    "newton, searching": lambda: newton(line_search=True),
    "newton, off saddles": lambda: newton(avoid_saddles=True),
    "bfgs": bfgs,
    "lbfgs": lbfgs,
    "lbfgs, one pair": lambda: lbfgs(memory=1),
    "trust_region": trust_region,
    "nonlinear_cg": nonlinear_cg,
    "nelder_mead": nelder_mead,
}
EVALUATION_CACHING = [
    "bfgs",
    "lbfgs",
    "trust_region",
    "nonlinear_cg",
]  # they keep f's value and gradient at their last point


class Quadratic:
    """½ (x - c)ᵀ A (x - c) in any number of dimensions."""

    def __init__(self, A, c):
        self.A, self.c = np.array(A), np.array(c)

    def _off(self, p):
        return p - self.c.reshape(-1, *(1,) * (p.ndim - 1))

    def value(self, p):
        return 0.5 * np.einsum("i...,ij,j...->...", self._off(p), self.A, self._off(p))

    def grad(self, p):
        return np.einsum("ij,j...->i...", self.A, self._off(p))

    def hess(self, p):
        d = len(self.A)
        return self.A.reshape(d, d, *(1,) * (p.ndim - 1)) + np.zeros((d, *p.shape))

    def at(self, t):
        return self


def make_quadratic(d, seed=0):
    rng = np.random.default_rng(seed)
    B = rng.standard_normal((d, d))
    return Quadratic(B @ B.T + 0.5 * np.eye(d), rng.standard_normal(d))


def take_first_step(optimizer, f, x):
    x = np.array(x, dtype=float)
    return optimizer.step(f, x, optimizer.init(x), 1)


def run_steps(optimizer, f, x, steps):
    """The points and states of a run, step by step, without the library's loop."""
    x = np.array(x, dtype=float)
    state = optimizer.init(x)
    points, states = [x], [state]
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            x, state = optimizer.step(f.at(t), x, state, t)
            points.append(x)
            states.append(state)
    return points, states
