"""The Nelder-Mead method, which compares values and needs no derivatives."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Optimizer
from optimizers.method_traits import ScipyMethod, Traits
from optimizers.numerics.evaluation_cache import evaluate_where
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array, Objective
from surfaces.translatable import Translatable

MIN_SIMPLEX_SIDE = float(np.sqrt(np.finfo(np.float64).eps))  # its square still changes 1 when added


class NelderMeadState(NamedTuple):
    """The simplex; its best vertex comes first."""

    objective: Objective | None  # the function of the values
    vertices: Array  # (d + 1, d, ...)
    f: Array  # (d + 1, ...) values there
    is_done: Mask  # (...) all vertices are one point up to rounding


def nelder_mead(size: float = 0.05) -> Optimizer:
    r"""A triangle tumbles downhill: its worst corner is reflected through the others. It needs values only.

    With $\bar x$ the mean of all vertices but the worst, $x_{d+1}$, the trial points are

    $$ x(\tau) = \bar x + \tau\,(\bar x - x_{d+1}), \qquad
    \tau = 1 \text{ reflection},\ 2 \text{ expansion},\ \pm\tfrac12 \text{ contraction} $$

    and where none of them helps, all vertices move halfway to the best one.
    Nelder & Mead (1965), *The Computer Journal* 7(4), 308-313, in the form of Lagarias et al. (1998), SIAM J. Optim.
    9(1), section 2, which is also SciPy's and MATLAB's. The first simplex: one coordinate after the other of the
    start longer by the fraction `size`, or by `size` itself where that fraction is less than
    $\sqrt\varepsilon = 1.5 \cdot 10^{-8}$, whose square is lost in rounding beside 1, so that $f$ could not show how
    it bends. (SciPy and MATLAB: the fraction 0.05, and 0.00025 where a coordinate is exactly 0; near 0 their simplex
    is too small to move.)
    """

    def init(x: Array) -> NelderMeadState:
        vertices = np.array([x] * (len(x) + 1))
        for i, vertex in enumerate(vertices[1:]):
            lost = np.abs(size * x[i]) < np.minimum(size, MIN_SIMPLEX_SIDE)
            vertex[i] = np.where(lost, x[i] + size, (1 + size) * x[i])
        return NelderMeadState(None, vertices, np.zeros((len(x) + 1, *x.shape[1:])), np.zeros(x.shape[1:]) > 0)

    def step(f: Objective, x: Array, state: NelderMeadState, t: int) -> tuple[Array, NelderMeadState]:
        same = f is state.objective
        shift = x - state.vertices[0]
        if same and not shift.any():
            vertices, values, done = state.vertices, state.f, state.is_done
            if done.all():
                return x, state
        else:  # another function, or a wrapper has moved x
            done = np.zeros(x.shape[1:]) > 0
            vertices = np.concatenate((x[None], state.vertices[1:] + shift))
            vertices, values = _sort_vertices(vertices, np.array([_nan_to_inf(f.value(v)) for v in vertices]))

        best, second, worst = values[0], values[-2], values[-1]
        middle = vertices[:-1].mean(axis=0)
        away = middle - vertices[-1]

        def at(tau: Array | float, wanted: Mask) -> tuple[Array, Array]:
            trial = middle + tau * away
            return trial, _nan_to_inf(evaluate_where(f.value, trial, wanted, worst, same))

        reflected, f_reflected = at(1.0, ~done)
        expand, contract = f_reflected < best, f_reflected >= second
        tau = np.where(expand, 2.0, np.where(f_reflected < worst, 0.5, -0.5))
        other, f_other = at(tau, ~done & (expand | contract))
        better = np.where(
            expand, f_other < f_reflected, np.where(f_reflected < worst, f_other <= f_reflected, f_other < worst)
        )
        taken = (expand | contract) & better
        shrink = ~done & contract & ~better
        kept = ~done & ~shrink

        last = np.where(kept, np.where(taken, other, reflected), vertices[-1])
        f_last = np.where(kept, np.where(taken, f_other, f_reflected), worst)
        vertices, values = np.concatenate((vertices[:-1], last[None])), np.concatenate((values[:-1], f_last[None]))
        if shrink.any():
            halfway = (vertices + vertices[0]) / 2
            vertices = np.where(shrink, halfway, vertices)
            shrunk = [
                _nan_to_inf(evaluate_where(f.value, v, shrink, old, same))
                for v, old in zip(vertices[1:], values[1:], strict=True)
            ]
            values = np.array([values[0], *shrunk])
        vertices, values = _sort_vertices(vertices, values)
        return vertices[0], NelderMeadState(f, vertices, values, done | _is_collapsed(vertices))

    return Optimizer(init, step)


def _nan_to_inf(values: Array) -> Array:
    """The values with infinity for NaN, so that they can be compared."""
    return np.where(np.isnan(values), np.inf, values)


def _sort_vertices(vertices: Array, values: Array) -> tuple[Array, Array]:
    """The best vertex first, lane by lane; the older first of two that are equal."""
    order = np.argsort(values, axis=0, kind="stable")
    return np.take_along_axis(vertices, order[:, None], axis=0), np.take_along_axis(values, order, axis=0)


def _is_collapsed(vertices: Array) -> Mask:
    """Do all vertices differ by no more than a few roundings, or by less than a square can show?"""
    size = np.abs(vertices - vertices[0])
    resolution = np.maximum(4 * np.spacing(np.abs(vertices[0])), np.sqrt(np.finfo(np.float64).tiny))
    return (size <= resolution).all(axis=(0, 1))


TRAITS = {
    nelder_mead: Traits(
        "derivative-free",
        ScipyMethod("Nelder-Mead", (), '"initial_simplex": SIMPLEX, "xatol": 0.0, "fatol": 0.0', runs_here=False),
        display_name="Nelder-Mead",
        aliases=("simplex",),
        closed_form=Translatable("SciPy's own path, corner by corner"),
        squares_gradient=False,
        compares_corners=True,
        for_small_models=True,
    )
}
