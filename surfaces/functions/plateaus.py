"""Plateaus: where the ground is flat the gradient says nothing, and at a cliff it says too much."""

import math

import numpy as np
from scipy.optimize import brentq

from surfaces.base import Array, Box, Point, Surface, symmetric, vector
from surfaces.minimum_refinement import refine_minimum

PI = math.pi


def plateau() -> Surface:
    r"""A hole in a plain: the farther out you start, the fainter the slope that should lead you in.

    $$ f(x, y) = \frac{x^2 + y^2}{1 + x^2 + y^2} $$

    The gradient falls off like $2 / r^3$, and for $r > 1/\sqrt 3$ one eigenvalue of the Hessian is negative: Newton's
    method moves away from the minimum. Minimum 0 at $(0, 0)$. Geman & McClure (1985), *Proc. Stat. Comp. Sect. ASA*,
    12-18 (as a robust loss).
    """

    def value(p: Array) -> Array:
        x, y = p
        s = x * x + y * y
        return s / (1 + s)

    def grad(p: Array) -> Array:
        x, y = p
        s = 1 + x * x + y * y
        return 2 * p / (s * s)

    def hess(p: Array) -> Array:
        x, y = p
        s = 1 + x * x + y * y
        a, b = 2 / (s * s), -8 / (s * s * s)
        return symmetric(a + b * x * x, b * x * y, a + b * y * y)

    return Surface(value, grad, hess, Box((-6, 6), (-6, 6)), start=(-4.0, 3.0), minima=((0.0, 0.0),))


def cliff(steepness: float = 10.0) -> Surface:
    r"""A plain that ends in a cliff: the steps that suit the plain are far too long for the edge.

    $$ f(x, y) = \tanh(kx) + 0.05\,x^2 + 0.1\,y^2 $$

    The minimum lies at the foot of the cliff, at $y = 0$ and the one root of
    $k\,\mathrm{sech}^2(kx) + 0.1\,x = 0$ (found by bisection and Newton's method to the last digit). The slope at the
    edge is $k$, on the plain $0.1\,x$: one step at the edge throws a method far beyond the minimum.
    Pascanu, Mikolov & Bengio (2013), [arXiv:1211.5063](https://arxiv.org/abs/1211.5063), section 2.3
    (cliffs in the loss of recurrent networks; the formula is ours).
    """

    def value(p: Array) -> Array:
        x, y = p
        return np.tanh(steepness * x) + 0.05 * x * x + 0.1 * y * y

    def grad(p: Array) -> Array:
        x, y = p
        h = np.tanh(steepness * x)
        return vector(steepness * (1 - h) * (1 + h) + 0.1 * x, 0.2 * y)

    def hess(p: Array) -> Array:
        x, _ = p
        h = np.tanh(steepness * x)
        return symmetric(0.1 - 2 * steepness**2 * h * (1 - h) * (1 + h), 0.0, 0.2)

    minima: tuple[Point, ...] = ()
    if steepness > 0:  # the equation's left side rises on (-10 k, 0), from below zero to k
        foot = brentq(lambda x: grad(np.array((x, 0.0)))[0], -10 * steepness, 0.0, xtol=1e-9)
        minima = (refine_minimum(grad, hess, (foot, 0.0)),)
    return Surface(value, grad, hess, Box((-6, 6), (-6, 6)), start=(4.0, 4.0), minima=minima)


def two_wells(depth: float = 1.5) -> Surface:
    r"""Two wells in a wide bowl: the shallow one is nearer and wider, the deep one is the goal.

    $$ f(x, y) = 0.05\,(x^2 + y^2) - d\, e^{-2 |p - a|^2} - e^{-|p - b|^2},
    \quad a = (1.5, 0.5), \quad b = (-1.2, -0.5) $$

    With $d = 1$ the narrow well at $a$ and the wide one at $b$ are nearly equally deep; $d$ decides which
    is the global minimum. Found by Newton's method from both
    centres, to the last digit.
    Our own, after the local and the global minimum of Jiang (2020),
    [gradient_descent_viz](https://github.com/lilipads/gradient_descent_viz).
    """
    wells = ((depth, 2.0, 1.5, 0.5), (1.0, 1.0, -1.2, -0.5))  # depth, narrowness, centre

    def value(p: Array) -> Array:
        x, y = p
        f = 0.05 * (x * x + y * y)
        for d, k, a, b in wells:
            f = f - d * np.exp(-k * ((x - a) ** 2 + (y - b) ** 2))
        return f

    def grad(p: Array) -> Array:
        x, y = p
        g = 0.1 * p
        for d, k, a, b in wells:
            u, v = x - a, y - b
            e = 2 * d * k * np.exp(-k * (u * u + v * v))
            g = g + vector(e * u, e * v)
        return g

    def hess(p: Array) -> Array:
        x, y = p
        H = symmetric(0.1 + 0 * x, 0.0, 0.1)
        for d, k, a, b in wells:
            u, v = x - a, y - b
            e = 2 * d * k * np.exp(-k * (u * u + v * v))
            H = H + symmetric(e * (1 - 2 * k * u * u), -2 * e * k * u * v, e * (1 - 2 * k * v * v))
        return H

    bottoms = [refine_minimum(grad, hess, (a, b)) for _, _, a, b in wells]
    lowest = min(bottoms, key=lambda p: float(value(np.array(p))))
    return Surface(value, grad, hess, Box((-4, 4), (-4, 4)), start=(-0.6, 2.8), minima=(lowest,))


def easom() -> Surface:
    r"""A needle in a plain: almost everywhere the gradient is zero to machine precision.

    $$ f(x, y) = -\cos x \, \cos y \; e^{-(x - \pi)^2 - (y - \pi)^2} $$

    Minimum -1 at $(\pi, \pi)$.
    Easom (1990), *A Survey of Global Optimization Techniques*, M.Eng. thesis, University of Louisville.
    """

    def value(p: Array) -> Array:
        x, y = p
        u, v = x - PI, y - PI
        return -np.cos(x) * np.cos(y) * np.exp(-(u * u) - v * v)

    def grad(p: Array) -> Array:
        x, y = p
        u, v = x - PI, y - PI
        e = np.exp(-(u * u) - v * v)
        cx, cy = np.cos(x), np.cos(y)
        return vector(e * cy * (np.sin(x) + 2 * u * cx), e * cx * (np.sin(y) + 2 * v * cy))

    def hess(p: Array) -> Array:
        x, y = p
        u, v = x - PI, y - PI
        e = np.exp(-(u * u) - v * v)
        cx, cy, sx, sy = np.cos(x), np.cos(y), np.sin(x), np.sin(y)
        return symmetric(
            e * cy * (cx * (3 - 4 * u * u) - 4 * u * sx),
            -e * (sx + 2 * u * cx) * (sy + 2 * v * cy),
            e * cx * (cy * (3 - 4 * v * v) - 4 * v * sy),
        )

    return Surface(value, grad, hess, Box((-1, 7), (-1, 7)), start=(1.6, 4.4), minima=((PI, PI),))
