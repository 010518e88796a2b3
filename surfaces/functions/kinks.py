"""Kinks: the slope jumps, and at the kink itself somebody has to choose one."""

import math

import numpy as np

from surfaces.base import Array, Box, Surface, symmetric, titled, vector


@titled("|x| + |y|")
def absolute(steepness: float = 3.0) -> Surface:
    r"""A pyramid turned upside down: the slope never fades near the minimum, so fixed steps hop across it for ever.

    $$ f(x, y) = |x| + c\,|y| $$

    On $x = 0$ every number in $[-1, 1]$ is a subgradient in $x$; `grad` chooses 0 (the sign of 0), which
    makes the minimum a point where a method may rest. The Hessian is 0, with 0 chosen on the kinks.
    Minimum 0 at $(0, 0)$.
    Nesterov (2004), *Introductory Lectures on Convex Optimization*, section 3.1.5.
    """

    def value(p: Array) -> Array:
        x, y = np.abs(p)
        return x + steepness * y

    def grad(p: Array) -> Array:
        x, y = np.sign(p)
        return vector(x, steepness * y)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(0 * x, 0.0, 0.0)

    minima = ((0.0, 0.0),) if steepness > 0 else ()
    return Surface(value, grad, hess, Box((-3, 3), (-3, 3)), start=(-2.3, 1.1), minima=minima)


def hinge(l2: float = 0.1) -> Surface:
    r"""One sample of a support vector machine: a slope, a kink, and behind it a floor where only the penalty acts.

    $$ f(x, y) = \max(0,\; 1 - x - 2y) + \tfrac{\lambda}{2} (x^2 + y^2) $$

    On the kink $x + 2y = 1$ the subgradients run from the floor's to the slope's; `grad` chooses the
    floor's (the derivative of $\max(0, \cdot)$ at 0 is 0), as PyTorch and CS231n do. For $0 < \lambda < 5$
    the minimum, $\lambda / 10$, lies on the kink at $(0.2, 0.4)$, so the chosen gradient is not 0 there.
    For larger $\lambda$ it is at $(1, 2) / \lambda$; for $\lambda = 0$ the whole floor is lowest, and no
    point is named.
    Cortes & Vapnik (1995), *Machine Learning* 20, 273-297.
    """

    def value(p: Array) -> Array:
        x, y = p
        return np.maximum(0.0, 1 - x - 2 * y) + 0.5 * l2 * (x * x + y * y)

    def grad(p: Array) -> Array:
        x, y = p
        active = x + 2 * y < 1
        return vector(l2 * x - active, l2 * y - 2 * active)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(l2 + 0 * x, 0.0, l2)

    minima = ((min(0.2, 1 / l2), min(0.4, 2 / l2)),) if l2 > 0 else ()
    return Surface(value, grad, hess, Box((-2, 2), (-2, 2)), start=(-1.6, -1.2), minima=minima)


@titled("ReLU valley")
def relu_valley(l2: float = 0.05) -> Surface:
    r"""A network of two weights with a ReLU: on one side a curved valley, on the other a unit that is dead.

    $$ f(w, v) = \tfrac12 \left( v \max(0, w) - 1 \right)^2 + \tfrac{\lambda}{2} (w^2 + v^2) $$

    Where $w < 0$ the unit passes nothing on: the data's gradient is 0 and only the penalty moves the
    weights, towards the origin, where they stay. On $w = 0$ `grad` chooses the dead side (the derivative
    of $\max(0, w)$ at 0 is 0), as PyTorch does; `hess` likewise. For $0 \le \lambda < 1$ the minimum is
    $\lambda - \lambda^2 / 2$ at $w = v = \sqrt{1 - \lambda}$ (at $\lambda = 0$ one of many: the whole
    curve $wv = 1$); for $\lambda \ge 1$ it is the origin.
    Lu et al. (2019), "Dying ReLU and Initialization", [arXiv:1903.06733](https://arxiv.org/abs/1903.06733).
    """

    def value(p: Array) -> Array:
        w, v = p
        r = v * np.maximum(w, 0.0) - 1
        return 0.5 * (r * r + l2 * (w * w + v * v))

    def grad(p: Array) -> Array:
        w, v = p
        h = np.maximum(w, 0.0)
        r = v * h - 1
        return vector(l2 * w + r * v * (w > 0), l2 * v + r * h)

    def hess(p: Array) -> Array:
        w, v = p
        h, alive = np.maximum(w, 0.0), w > 0
        return symmetric(l2 + v * v * alive, (2 * v * h - 1) * alive, l2 + h * h)

    low = math.sqrt(max(0.0, 1 - l2))
    minima = ((low, low),) if l2 >= 0 else ()
    return Surface(value, grad, hess, Box((-2, 3), (-2, 3)), start=(2.5, 1.8), minima=minima)


@titled("Bukin 6")
def bukin6() -> Surface:
    r"""A crease along a parabola: the walls are infinitely steep at the bottom, and along it there is almost no slope.

    $$ f(x, y) = 100 \sqrt{\left| y - 0.01\,x^2 \right|} + 0.01\, |x + 10| $$

    On the crease $y = 0.01\,x^2$ and on $x = -10$ there is no gradient; `grad` and `hess` leave out the
    term that has none (its derivative is chosen 0). Minimum 0 at $(-10, 1)$.
    Bukin (1997), Novosibirsk; Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        return 100 * np.sqrt(np.abs(y - 0.01 * (x * x))) + 0.01 * np.abs(x + 10)

    def grad(p: Array) -> Array:
        x, y = p
        u = y - 0.01 * (x * x)
        slope = 50 * np.sign(u) / np.sqrt(np.abs(u) + (u == 0))
        return vector(0.01 * np.sign(x + 10) - 0.02 * x * slope, slope)

    def hess(p: Array) -> Array:
        x, y = p
        u = y - 0.01 * (x * x)
        r = np.sqrt(np.abs(u) + (u == 0))
        slope = 50 * np.sign(u) / r
        bend = -25 * (u != 0) / (r * r * r)
        return symmetric(0.0004 * x * x * bend - 0.02 * slope, -0.02 * x * bend, bend)

    return Surface(value, grad, hess, Box((-15, -5), (-3, 3)), start=(-6.5, 2.2), minima=((-10.0, 1.0),))
