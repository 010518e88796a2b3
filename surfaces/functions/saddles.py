"""Saddles: the gradient vanishes, and it is not a minimum."""

from surfaces.base import Array, Box, Surface, symmetric, vector


def saddle() -> Surface:
    r"""The plain saddle: down one way, up the other, and a start near the ridge rolls into the middle first.

    $$ f(x, y) = x^2 - y^2 $$

    At $(0, 0)$ the gradient is zero and the Hessian has the eigenvalues 2 and -2. There is no minimum:
    a method that leaves the saddle goes on for ever, and Newton's method walks straight into it.
    Dauphin et al. (2014), [arXiv:1406.2572](https://arxiv.org/abs/1406.2572), section 2.
    """

    def value(p: Array) -> Array:
        x, y = p
        return x * x - y * y

    def grad(p: Array) -> Array:
        x, y = p
        return vector(2 * x, -2 * y)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(2 + 0 * x, 0.0, -2.0)

    return Surface(value, grad, hess, Box((-2, 2), (-2, 2)), start=(-1.5, 0.01), minima=())


def double_well() -> Surface:
    r"""Two equal valleys with a pass between them: started near the ridge, a method first runs along it to the pass.

    $$ f(x, y) = \tfrac14 x^4 - \tfrac12 x^2 + \tfrac12 y^2 $$

    Minima $-\tfrac14$ at $(\pm 1, 0)$; at $(0, 0)$ a saddle with the eigenvalues -1 and 1.
    Nesterov (2004), *Introductory Lectures on Convex Optimization*, section 1.2.3 (gradient descent
    from $(0, 1)$ converges to the saddle).
    """

    def value(p: Array) -> Array:
        x, y = p
        return 0.25 * x * x * (x * x - 2) + 0.5 * (y * y)

    def grad(p: Array) -> Array:
        x, y = p
        return vector(x * (x * x - 1), y)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(3 * x * x - 1, 0.0, 1.0)

    return Surface(value, grad, hess, Box((-2, 2), (-2, 2)), start=(0.001, 1.6), minima=((1.0, 0.0), (-1.0, 0.0)))


def monkey_saddle() -> Surface:
    r"""A saddle for a monkey: three ways down (legs and tail), and at the centre even the curvature is zero.

    $$ f(x, y) = x^3 - 3xy^2 $$

    At $(0, 0)$ gradient and Hessian both vanish, so no second-order test can tell it from a minimum.
    There is no minimum.
    Hilbert & Cohn-Vossen (1932), *Anschauliche Geometrie*, chapter IV.
    """

    def value(p: Array) -> Array:
        x, y = p
        return x * (x * x - 3 * y * y)

    def grad(p: Array) -> Array:
        x, y = p
        return vector(3 * (x * x - y * y), -6 * (x * y))

    def hess(p: Array) -> Array:
        x, y = p
        return symmetric(6 * x, -6 * y, -6 * x)

    return Surface(value, grad, hess, Box((-2, 2), (-2, 2)), start=(1.4, 0.05), minima=())


def three_hump_camel() -> Surface:
    r"""Three humps' worth of valleys: the middle one is lowest, and a start outside falls into a side valley.

    $$ f(x, y) = 2x^2 - 1.05x^4 + \tfrac16 x^6 + xy + y^2 $$

    Minimum 0 at $(0, 0)$; two local minima near $(\mp 1.7476, \pm 0.8738)$ with the value 0.2986.
    Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        u = x * x
        return u * (2 + u * (-1.05 + u / 6)) + y * (x + y)

    def grad(p: Array) -> Array:
        x, y = p
        u = x * x
        return vector(x * (4 + u * (-4.2 + u)) + y, x + 2 * y)

    def hess(p: Array) -> Array:
        x, _ = p
        u = x * x
        return symmetric(4 + u * (-12.6 + 5 * u), 1.0, 2.0)

    return Surface(value, grad, hess, Box((-3, 3), (-3, 3)), start=(2.4, 1.5), minima=((0.0, 0.0),))


def six_hump_camel() -> Surface:
    r"""Six valleys, only two of them lowest: which one you end in is decided by where you start.

    $$ f(x, y) = \left(4 - 2.1x^2 + \tfrac13 x^4\right) x^2 + xy + \left(-4 + 4y^2\right) y^2 $$

    Minima -1.0316284535 at $\pm(0.08984, -0.71266)$.
    Dixon & Szegő (1978), *Towards Global Optimisation 2*, 1-15;
    Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        u, v = x * x, y * y
        return u * (4 + u * (-2.1 + u / 3)) + x * y + 4 * v * (v - 1)

    def grad(p: Array) -> Array:
        x, y = p
        u, v = x * x, y * y
        return vector(x * (8 + u * (-8.4 + 2 * u)) + y, x + 8 * y * (2 * v - 1))

    def hess(p: Array) -> Array:
        x, y = p
        u = x * x
        return symmetric(8 + u * (-25.2 + 10 * u), 1.0, 48 * y * y - 8)

    x, y = 0.08984201310031806, -0.7126564030207396
    return Surface(value, grad, hess, Box((-2, 2), (-1.2, 1.2)), start=(-1.4, 1.1), minima=((x, y), (-x, -y)))
