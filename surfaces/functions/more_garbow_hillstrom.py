"""Badly scaled test problems: the two-variable ones of Moré, Garbow & Hillstrom that are not found elsewhere here."""

import numpy as np

from surfaces.base import Array, Box, Surface, symmetric, titled, vector


@titled("Freudenstein-Roth")
def freudenstein_roth() -> Surface:
    r"""Two valleys, and the usual start rolls into the wrong one: a local minimum with the value 48.98.

    $$ f(x, y) = \left(x - 13 + ((5 - y)y - 2)y\right)^2 + \left(x - 29 + ((y + 1)y - 14)y\right)^2 $$

    Minimum 0 at $(5, 4)$; local minimum 48.9842 at $(11.4128, -0.8968)$.
    Freudenstein & Roth (1963), *J. ACM* 10(4), 550-556;
    Moré, Garbow & Hillstrom (1981), *ACM TOMS* 7(1), 17-41, problem 2.
    """

    def value(p: Array) -> Array:
        x, y = p
        r = x - 13 + ((5 - y) * y - 2) * y
        s = x - 29 + ((y + 1) * y - 14) * y
        return r * r + s * s

    def grad(p: Array) -> Array:
        x, y = p
        r = x - 13 + ((5 - y) * y - 2) * y
        s = x - 29 + ((y + 1) * y - 14) * y
        dr, ds = (10 - 3 * y) * y - 2, (3 * y + 2) * y - 14
        return vector(2 * (r + s), 2 * (r * dr + s * ds))

    def hess(p: Array) -> Array:
        x, y = p
        r = x - 13 + ((5 - y) * y - 2) * y
        s = x - 29 + ((y + 1) * y - 14) * y
        dr, ds = (10 - 3 * y) * y - 2, (3 * y + 2) * y - 14
        bend = r * (10 - 6 * y) + s * (6 * y + 2)
        return symmetric(4 + 0 * x, 2 * (dr + ds), 2 * (dr * dr + ds * ds + bend))

    return Surface(value, grad, hess, Box((-5, 18), (-4, 6)), start=(0.5, -2.0), minima=((5.0, 4.0),))


def powell_badly_scaled() -> Surface:
    r"""A crease along a hyperbola: one coordinate must become a hundred-thousandth, and the other nine.

    $$ f(x, y) = (10^4 xy - 1)^2 + \left(e^{-x} + e^{-y} - 1.0001\right)^2 $$

    Minimum 0 at $(1.098159 \cdot 10^{-5}, 9.106147)$, and at the same point with x and y exchanged.
    Powell (1970), in *Numerical Methods for Nonlinear Algebraic Equations*, 87-114;
    Moré, Garbow & Hillstrom (1981), *ACM TOMS* 7(1), 17-41, problem 3.
    """

    def value(p: Array) -> Array:
        x, y = p
        r, s = 1e4 * x * y - 1, np.exp(-x) + np.exp(-y) - 1.0001
        return r * r + s * s

    def grad(p: Array) -> Array:
        x, y = p
        ex, ey = np.exp(-x), np.exp(-y)
        r, s = 2e4 * (1e4 * x * y - 1), 2 * (ex + ey - 1.0001)
        return vector(r * y - s * ex, r * x - s * ey)

    def hess(p: Array) -> Array:
        x, y = p
        ex, ey = np.exp(-x), np.exp(-y)
        s = ex + ey - 1.0001
        return symmetric(
            2e8 * y * y + 2 * ex * (ex + s),
            2e8 * x * y + 2e4 * (1e4 * x * y - 1) + 2 * ex * ey,
            2e8 * x * x + 2 * ey * (ey + s),
        )

    x, y = 1.0981593296998175e-05, 9.106146739866524
    return Surface(value, grad, hess, Box((-1, 11), (-1, 11)), start=(0.0, 1.0), minima=((x, y), (y, x)))


def brown_badly_scaled() -> Surface:
    r"""Coordinates twelve powers of ten apart: the minimum is at a million in x and two millionths in y.

    $$ f(x, y) = (x - 10^6)^2 + (y - 2 \cdot 10^{-6})^2 + (xy - 2)^2 $$

    Minimum 0 at $(10^6, 2 \cdot 10^{-6})$.
    Moré, Garbow & Hillstrom (1981), *ACM TOMS* 7(1), 17-41, problem 4 (Brown).
    """

    def value(p: Array) -> Array:
        x, y = p
        return (x - 1e6) ** 2 + (y - 2e-6) ** 2 + (x * y - 2) ** 2

    def grad(p: Array) -> Array:
        x, y = p
        r = x * y - 2
        return vector(2 * (x - 1e6 + r * y), 2 * (y - 2e-6 + r * x))

    def hess(p: Array) -> Array:
        x, y = p
        return symmetric(2 + 2 * y * y, 4 * x * y - 4, 2 + 2 * x * x)

    return Surface(value, grad, hess, Box((-1e5, 1.2e6), (-0.5, 1.5)), start=(1.0, 1.0), minima=((1e6, 2e-6),))


@titled("Jennrich-Sampson")
def jennrich_sampson() -> Surface:
    r"""A sum of exponentials that never fits: its minimum is 124, and a little too far to the right it explodes.

    $$ f(x, y) = \sum_{i=1}^{10} \left( 2 + 2i - e^{ix} - e^{iy} \right)^2 $$

    Minimum 124.3622 at $x = y = 0.257825$.
    Jennrich & Sampson (1968), *Technometrics* 10(1), 63-72;
    Moré, Garbow & Hillstrom (1981), *ACM TOMS* 7(1), 17-41, problem 6, with $m = 10$.
    """
    i = np.arange(1.0, 11.0)

    def terms(p: Array) -> tuple[Array, Array, Array]:
        ex, ey = np.exp(p[..., None] * i)  # data along the last axis
        return ex, ey, 2 + 2 * i - ex - ey

    def value(p: Array) -> Array:
        _, _, r = terms(p)
        return (r * r).sum(axis=-1)

    def grad(p: Array) -> Array:
        ex, ey, r = terms(p)
        return -2 * np.array(((r * i * ex).sum(axis=-1), (r * i * ey).sum(axis=-1)))

    def hess(p: Array) -> Array:
        ex, ey, r = terms(p)
        ii = i * i
        return 2 * symmetric(
            (ii * ex * (ex - r)).sum(axis=-1),
            (ii * ex * ey).sum(axis=-1),
            (ii * ey * (ey - r)).sum(axis=-1),
        )

    low = 0.2578252136703641
    return Surface(value, grad, hess, Box((-0.2, 0.5), (-0.2, 0.5)), start=(0.3, 0.4), minima=((low, low),))
