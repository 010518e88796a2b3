"""Long valleys: easy to enter, slow to follow."""

from surfaces.base import Array, Box, Surface, symmetric, titled, vector


def rosenbrock(a: float = 1.0, b: float = 100.0) -> Surface:
    r"""Rosenbrock's banana: a flat, curved valley inside steep walls, easy to find and tedious to follow.

    $$ f(x, y) = (a - x)^2 + b\,(y - x^2)^2 $$

    One minimum, 0 at $(a, a^2)$, where the Hessian's condition number is about 2500 for $b = 100$.
    Rosenbrock (1960), *The Computer Journal* 3(3), 175-184; start of Moré, Garbow & Hillstrom (1981), problem 1.
    """

    def value(p: Array) -> Array:
        x, y = p
        r = y - x * x
        return (a - x) ** 2 + b * (r * r)

    def grad(p: Array) -> Array:
        x, y = p
        r = 2 * b * (y - x * x)
        return vector(-2 * (a - x) - 2 * x * r, r)

    def hess(p: Array) -> Array:
        x, y = p
        return symmetric(2 - 4 * b * (y - 3 * x * x), -4 * b * x, 2 * b)

    reach = max(1.0, abs(a))  # the view follows the minimum
    box = Box((-2 * reach, 2 * reach), (-1, 3 * reach * reach))
    minima = ((float(a), float(a * a)),) if b > 0 else ()
    return Surface(value, grad, hess, box, start=(-1.2, 1.0), minima=minima)


def beale() -> Surface:
    r"""Cliffs at the corners and a flat cross in the middle: the gradient is either enormous or almost nothing.

    $$ f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2 $$

    Minimum 0 at $(3, 0.5)$.
    Beale (1958), "On an iterative method for finding a local minimum of a function of more than one
    variable", Princeton TR 25; Moré, Garbow & Hillstrom (1981), problem 5, with the start $(1, 1)$.
    """

    def value(p: Array) -> Array:
        x, y = p
        r1 = 1.5 - x * (1 - y)
        r2 = 2.25 - x * (1 - y * y)
        r3 = 2.625 - x * (1 - y * y * y)
        return r1 * r1 + r2 * r2 + r3 * r3

    def grad(p: Array) -> Array:
        x, y = p
        y2 = y * y
        s1, s2, s3 = 1 - y, 1 - y2, 1 - y2 * y
        r1, r2, r3 = 1.5 - x * s1, 2.25 - x * s2, 2.625 - x * s3
        return vector(-2 * (r1 * s1 + r2 * s2 + r3 * s3), 2 * x * (r1 + 2 * y * r2 + 3 * y2 * r3))

    def hess(p: Array) -> Array:
        x, y = p
        y2 = y * y
        s1, s2, s3 = 1 - y, 1 - y2, 1 - y2 * y
        r1, r2, r3 = 1.5 - x * s1, 2.25 - x * s2, 2.625 - x * s3
        return symmetric(
            2 * (s1 * s1 + s2 * s2 + s3 * s3),
            2 * (r1 + 2 * y * r2 + 3 * y2 * r3) - 2 * x * (s1 + 2 * y * s2 + 3 * y2 * s3),
            2 * x * (2 * r2 + 6 * y * r3) + 2 * x * x * (1 + 4 * y2 + 9 * y2 * y2),
        )

    return Surface(value, grad, hess, Box((-4.5, 4.5), (-4.5, 4.5)), start=(1.0, 1.0), minima=((3.0, 0.5),))


@titled("Goldstein-Price")
def goldstein_price() -> Surface:
    r"""Steep walls around four valleys: values from 3 to a million, and three of the four valleys are wrong.

    $$ \begin{aligned} f(x, y) &= a(x + y)\; b(2x - 3y) \\
    a(s) &= 1 + (s + 1)^2 (19 - 14 s + 3 s^2) \\
    b(t) &= 30 + t^2 (18 - 16 t + 3 t^2) \end{aligned} $$

    This is the usual polynomial, which hides that it is a product of two functions of one variable each.
    Minimum 3 at $(0, -1)$; local minima 30 at $(-0.6, -0.4)$, 84 at $(1.8, 0.2)$, 840 at $(1.2, 0.8)$.
    Goldstein & Price (1971), *Mathematics of Computation* 25(115), 569-574.
    """

    def value(p: Array) -> Array:
        x, y = p
        s, t = x + y, 2 * x - 3 * y
        a = 1 + (s + 1) * (s + 1) * (19 - 14 * s + 3 * s * s)
        b = 30 + t * t * (18 - 16 * t + 3 * t * t)
        return a * b

    def grad(p: Array) -> Array:
        x, y = p
        s, t = x + y, 2 * x - 3 * y
        a = 1 + (s + 1) * (s + 1) * (19 - 14 * s + 3 * s * s)
        b = 30 + t * t * (18 - 16 * t + 3 * t * t)
        da = 12 * (s + 1) * (s - 1) * (s - 2)
        db = 12 * t * (t - 1) * (t - 3)
        return vector(da * b + 2 * a * db, da * b - 3 * a * db)

    def hess(p: Array) -> Array:
        x, y = p
        s, t = x + y, 2 * x - 3 * y
        a = 1 + (s + 1) * (s + 1) * (19 - 14 * s + 3 * s * s)
        b = 30 + t * t * (18 - 16 * t + 3 * t * t)
        da = 12 * (s + 1) * (s - 1) * (s - 2)
        db = 12 * t * (t - 1) * (t - 3)
        dda = 36 * s * s - 48 * s - 12
        ddb = 36 * t * t - 96 * t + 36
        return symmetric(
            dda * b + 4 * da * db + 4 * a * ddb,
            dda * b - da * db - 6 * a * ddb,
            dda * b - 6 * da * db + 9 * a * ddb,
        )

    return Surface(value, grad, hess, Box((-2, 2), (-2, 2)), start=(-1.5, 0.5), minima=((0.0, -1.0),))
