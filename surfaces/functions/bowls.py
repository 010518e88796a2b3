"""Bowls: one minimum, and only the shape of the bowl decides how hard it is."""

import math

from surfaces.base import Array, Box, Surface, symmetric, vector


def ravine(condition: float = 50.0) -> Surface:
    r"""A narrow ravine: the walls push you from side to side while the floor hardly pushes you forward.

    $$ f(x, y) = \tfrac12 \left( x^2 + c\,y^2 \right) $$

    The condition number is $c$. A step that suits the floor is $c$ times too long for the walls, so
    plain descent must crawl; momentum runs along the floor but swings between the walls, and Nesterov's
    look-ahead damps exactly that swing. Plain descent is stable up to the learning rate $2 / c$.

    Minimum 0 at $(0, 0)$.
    Polyak (1964), *USSR Comput. Math. Math. Phys.* 4(5), 1-17 (why a heavy ball is faster here);
    Sutton (1986), "Two problems with backpropagation" (the ravine as the picture of the trouble).
    """

    def value(p: Array) -> Array:
        x, y = p
        return 0.5 * (x * x + condition * (y * y))

    def grad(p: Array) -> Array:
        x, y = p
        return vector(x, condition * y)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(1 + 0 * x, 0.0, condition)

    minima = ((0.0, 0.0),) if condition > 0 else ()
    return Surface(value, grad, hess, Box((-10, 4), (-4, 4)), start=(-9.0, 2.5), minima=minima)


def bowl(condition: float = 10.0, angle: float = 30.0) -> Surface:
    r"""A bowl you can stretch and turn: the more it is stretched, the more the gradient points past the minimum.

    $$ f(x, y) = \tfrac12 \left( u^2 + c\,v^2 \right), \quad
    u = x \cos\theta + y \sin\theta, \quad v = y \cos\theta - x \sin\theta $$

    The Hessian has the eigenvalues 1 (along the angle $\theta$, in degrees) and $c$, the condition number.
    At $c = 1$ it is round and the gradient points at the minimum. Turned away from the axes, it is hard
    for methods that scale each coordinate by itself (Adagrad, RMSprop, Adam).

    Minimum 0 at $(0, 0)$.
    Nocedal & Wright (2006), *Numerical Optimization*, section 3.3 (convergence and conditioning).
    """
    theta = math.radians(angle)
    cos, sin = math.cos(theta), math.sin(theta)
    xx = cos * cos + condition * sin * sin
    xy = (1 - condition) * cos * sin
    yy = sin * sin + condition * cos * cos

    def value(p: Array) -> Array:
        x, y = p
        u, v = x * cos + y * sin, y * cos - x * sin
        return 0.5 * (u * u + condition * (v * v))

    def grad(p: Array) -> Array:
        x, y = p
        return vector(xx * x + xy * y, xy * x + yy * y)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(xx + 0 * x, xy, yy)

    minima = ((0.0, 0.0),) if condition > 0 else ()
    return Surface(value, grad, hess, Box((-5, 5), (-5, 5)), start=(-4.0, -1.0), minima=minima)


def booth() -> Surface:
    r"""A tilted, stretched bowl: harmless, but no coordinate can be solved on its own.

    $$ f(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2 $$

    Condition number 9, axes at 45 degrees. Minimum 0 at $(1, 3)$.
    Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    def grad(p: Array) -> Array:
        x, y = p
        r, s = x + 2 * y - 7, 2 * x + y - 5
        return vector(2 * r + 4 * s, 4 * r + 2 * s)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(10 + 0 * x, 8.0, 10.0)

    return Surface(value, grad, hess, Box((-10, 10), (-10, 10)), start=(-8.0, -6.0), minima=((1.0, 3.0),))


def matyas() -> Surface:
    r"""A nearly flat trough: the loss is almost zero long before you are anywhere near the minimum.

    $$ f(x, y) = 0.26\,(x^2 + y^2) - 0.48\,xy $$

    Eigenvalues 0.04 (along the diagonal) and 1. Minimum 0 at $(0, 0)$.
    Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        return 0.26 * (x * x + y * y) - 0.48 * (x * y)

    def grad(p: Array) -> Array:
        x, y = p
        return vector(0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(0.52 + 0 * x, -0.48, 0.52)

    return Surface(value, grad, hess, Box((-10, 10), (-10, 10)), start=(-9.0, -4.0), minima=((0.0, 0.0),))
