"""Many valleys: downhill leads somewhere, rarely to the lowest place."""

import math

import numpy as np

from surfaces.base import Array, Box, Surface, symmetric, titled, vector

PI = math.pi


def himmelblau() -> Surface:
    r"""Four equal valleys: every method finds a minimum, and a hair's breadth at the start decides which.

    $$ f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2 $$

    Minima 0 at $(3, 2)$, $(-2.8051, 3.1313)$, $(-3.7793, -3.2832)$, $(3.5844, -1.8481)$.
    Himmelblau (1972), *Applied Nonlinear Programming*, McGraw-Hill.
    """

    def value(p: Array) -> Array:
        x, y = p
        r, s = x * x + y - 11, x + y * y - 7
        return r * r + s * s

    def grad(p: Array) -> Array:
        x, y = p
        r, s = x * x + y - 11, x + y * y - 7
        return vector(4 * x * r + 2 * s, 2 * r + 4 * y * s)

    def hess(p: Array) -> Array:
        x, y = p
        return symmetric(12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26)

    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    return Surface(value, grad, hess, Box((-5, 5), (-5, 5)), start=(-0.5, -1.0), minima=minima)


def rastrigin(amplitude: float = 10.0) -> Surface:
    r"""An egg box on a bowl: from afar one large bowl, from near a hundred little ones, each of them a trap.

    $$ f(x, y) = 2A + x^2 - A \cos 2\pi x + y^2 - A \cos 2\pi y $$

    Minimum 0 at $(0, 0)$; with $A = 0$ the plain bowl is left.
    Rastrigin (1974), *Systems of Extremal Control*, Nauka; Mühlenbein, Schomisch & Born (1991),
    *Parallel Computing* 17, 619-632.
    """

    def value(p: Array) -> Array:
        x, y = p  # 1 - cos 2a = 2 sin^2 a loses no digits near the minimum
        return x * x + y * y + 2 * amplitude * (np.sin(PI * x) ** 2 + np.sin(PI * y) ** 2)

    def grad(p: Array) -> Array:
        return 2 * p + 2 * PI * amplitude * np.sin(2 * PI * p)

    def hess(p: Array) -> Array:
        xx, yy = 2 + 4 * PI**2 * amplitude * np.cos(2 * PI * p)
        return symmetric(xx, 0.0, yy)

    minima = ((0.0, 0.0),) if amplitude >= 0 else ()
    return Surface(value, grad, hess, Box((-5.12, 5.12), (-5.12, 5.12)), start=(-3.4, 2.3), minima=minima)


def ackley() -> Surface:
    r"""A funnel in an egg box: outside hardly any slope to follow, inside a pit with a pointed tip.

    $$ f(x, y) = -20\, e^{-0.2 \sqrt{(x^2 + y^2)/2}} - e^{(\cos 2\pi x + \cos 2\pi y)/2} + e + 20 $$

    Minimum 0 at $(0, 0)$, which is the tip of a cone: there the gradient does not exist (every vector
    shorter than $\sqrt 8$ is a subgradient); `grad` gives 0, and `hess` leaves the cone's part out.
    Ackley (1987), *A Connectionist Machine for Genetic Hillclimbing*, Kluwer;
    Bäck (1996), *Evolutionary Algorithms in Theory and Practice*, Oxford.
    """
    slope = 0.2 * math.sqrt(0.5)

    def value(p: Array) -> Array:
        x, y = p
        waves = np.exp(0.5 * (np.cos(2 * PI * x) + np.cos(2 * PI * y)))
        return -20 * np.expm1(-slope * np.hypot(x, y)) + (math.e - waves)

    def grad(p: Array) -> Array:
        x, y = p
        r = np.hypot(x, y)
        unit = p / (r + (r == 0))  # 0 at the tip
        waves = np.exp(0.5 * (np.cos(2 * PI * x) + np.cos(2 * PI * y)))
        return 20 * slope * np.exp(-slope * r) * unit + PI * waves * np.sin(2 * PI * p)

    def hess(p: Array) -> Array:
        x, y = p
        r = np.hypot(x, y)
        inverse = (r > 0) / (r + (r == 0))  # 0 at the tip
        ux, uy = p * inverse
        cone = 20 * slope * np.exp(-slope * r)
        waves = PI**2 * np.exp(0.5 * (np.cos(2 * PI * x) + np.cos(2 * PI * y)))
        sx, sy = np.sin(2 * PI * p)
        cx, cy = np.cos(2 * PI * p)
        return symmetric(
            cone * ((1 - ux * ux) * inverse - slope * ux * ux) + waves * (2 * cx - sx * sx),
            cone * (-ux * uy * inverse - slope * ux * uy) - waves * sx * sy,
            cone * ((1 - uy * uy) * inverse - slope * uy * uy) + waves * (2 * cy - sy * sy),
        )

    return Surface(value, grad, hess, Box((-5, 5), (-5, 5)), start=(-3.3, 2.4), minima=((0.0, 0.0),))


@titled("Styblinski-Tang")
def styblinski_tang() -> Surface:
    r"""Four valleys of three depths: the nearest one is usually good, but only one is best.

    $$ f(x, y) = \tfrac12 \left( x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y \right) $$

    Minimum -78.3323314075 at $x = y = -2.903534$. (The often quoted -78.33198 is -39.16599 doubled,
    a value rounded too early.)
    Styblinski & Tang (1990), *Neural Networks* 3(4), 467-483.
    """

    def value(p: Array) -> Array:
        x, y = p
        u, v = x * x, y * y
        return 0.5 * (u * (u - 16) + v * (v - 16) + 5 * (x + y))

    def grad(p: Array) -> Array:
        return 2 * p * (p * p - 8) + 2.5

    def hess(p: Array) -> Array:
        x, y = p
        return symmetric(6 * x * x - 16, 0.0, 6 * y * y - 16)

    low = -2.903534027771177
    return Surface(value, grad, hess, Box((-5, 5), (-5, 5)), start=(0.4, 1.2), minima=((low, low),))


@titled("McCormick")
def mccormick() -> Surface:
    r"""A wave on a slope: valley after valley, each lower than the last, so the best one depends on where you stop.

    $$ f(x, y) = \sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1 $$

    Lowest in the view: $-\tfrac{\pi}{3} - \tfrac{\sqrt 3}{2} \approx -1.9132$ at
    $(\tfrac12 - \tfrac{\pi}{3},\, -\tfrac12 - \tfrac{\pi}{3})$. Outside it falls for ever by $\pi$ a wave.
    McCormick (1976), *Mathematical Programming* 10, 147-175.
    """

    def value(p: Array) -> Array:
        x, y = p
        return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    def grad(p: Array) -> Array:
        x, y = p
        c, d = np.cos(x + y), 2 * (x - y)
        return vector(c + d - 1.5, c - d + 2.5)

    def hess(p: Array) -> Array:
        x, y = p
        s = np.sin(x + y)
        return symmetric(2 - s, -2 - s, 2 - s)

    low = (0.5 - PI / 3, -0.5 - PI / 3)
    return Surface(value, grad, hess, Box((-1.5, 4), (-3, 4)), start=(3.4, 0.5), minima=(low,))


@titled("Lévy 13")
def levy13() -> Surface:
    r"""Ripples across a valley: each ripple is a trap, and they lie closer together along $x$ than along $y$.

    $$ f(x, y) = \sin^2 3\pi x + (x - 1)^2 (1 + \sin^2 3\pi y) + (y - 1)^2 (1 + \sin^2 2\pi y) $$

    Minimum 0 at $(1, 1)$.
    Levy & Montalvo (1985), *SIAM J. Sci. Stat. Comput.* 6(1), 15-29; "N. 13" in the collection of
    Surjanovic & Bingham, [sfu.ca/~ssurjano](https://www.sfu.ca/~ssurjano/levy13.html).
    """

    def value(p: Array) -> Array:
        x, y = p
        u, v = x - 1, y - 1
        a, b, c = np.sin(3 * PI * x), np.sin(3 * PI * y), np.sin(2 * PI * y)
        return a * a + u * u * (1 + b * b) + v * v * (1 + c * c)

    def grad(p: Array) -> Array:
        x, y = p
        u, v = x - 1, y - 1
        b, c = np.sin(3 * PI * y), np.sin(2 * PI * y)
        return vector(
            3 * PI * np.sin(6 * PI * x) + 2 * u * (1 + b * b),
            3 * PI * u * u * np.sin(6 * PI * y) + 2 * v * (1 + c * c) + 2 * PI * v * v * np.sin(4 * PI * y),
        )

    def hess(p: Array) -> Array:
        x, y = p
        u, v = x - 1, y - 1
        b, c = np.sin(3 * PI * y), np.sin(2 * PI * y)
        return symmetric(
            18 * PI**2 * np.cos(6 * PI * x) + 2 * (1 + b * b),
            6 * PI * u * np.sin(6 * PI * y),
            18 * PI**2 * u * u * np.cos(6 * PI * y)
            + 2 * (1 + c * c)
            + 8 * PI * v * np.sin(4 * PI * y)
            + 8 * PI**2 * v * v * np.cos(4 * PI * y),
        )

    return Surface(value, grad, hess, Box((-10, 10), (-10, 10)), start=(-6.2, 5.3), minima=((1.0, 1.0),))


def branin() -> Surface:
    r"""Three equal valleys in a curved trough: the test track of Bayesian optimization.

    $$ f(x, y) = \left(y - \tfrac{5.1}{4\pi^2} x^2 + \tfrac{5}{\pi} x - 6\right)^2
    + 10 \left(1 - \tfrac{1}{8\pi}\right) \cos x + 10 $$

    Minima $\tfrac{10}{8\pi} \approx 0.397887$ at $(-\pi, 12.275)$, $(\pi, 2.275)$, $(3\pi, 2.475)$.
    Branin (1972), *IBM J. Res. Dev.* 16(5), 504-522; Dixon & Szegő (1978), *Towards Global Optimisation 2*.
    """
    b, c, wave = 5.1 / (4 * PI**2), 5 / PI, 10 * (1 - 1 / (8 * PI))

    def value(p: Array) -> Array:
        x, y = p
        r = y - (b * x - c) * x - 6
        return r * r + wave * np.cos(x) + 10

    def grad(p: Array) -> Array:
        x, y = p
        r = 2 * (y - (b * x - c) * x - 6)
        return vector((c - 2 * b * x) * r - wave * np.sin(x), r)

    def hess(p: Array) -> Array:
        x, y = p
        r = y - (b * x - c) * x - 6
        dr = c - 2 * b * x
        return symmetric(2 * dr * dr - 4 * b * r - wave * np.cos(x), 2 * dr, 2.0)

    minima = ((PI, 2.275), (-PI, 12.275), (3 * PI, 2.475))
    return Surface(value, grad, hess, Box((-5, 10), (0, 15)), start=(6.2, 11.0), minima=minima)


def griewank() -> Surface:
    r"""A wide bowl covered with regular dimples: zoom in and the bowl is no longer visible.

    $$ f(x, y) = 1 + \tfrac{1}{4000} (x^2 + y^2) - \cos x \, \cos \tfrac{y}{\sqrt 2} $$

    Minimum 0 at $(0, 0)$.
    Griewank (1981), *J. Optim. Theory Appl.* 34(1), 11-39.
    """
    k = math.sqrt(0.5)

    def value(p: Array) -> Array:
        x, y = p
        return 1 + (x * x + y * y) / 4000 - np.cos(x) * np.cos(k * y)

    def grad(p: Array) -> Array:
        x, y = p
        return vector(x / 2000 + np.sin(x) * np.cos(k * y), y / 2000 + k * np.cos(x) * np.sin(k * y))

    def hess(p: Array) -> Array:
        x, y = p
        cc, ss = np.cos(x) * np.cos(k * y), np.sin(x) * np.sin(k * y)
        return symmetric(1 / 2000 + cc, -k * ss, 1 / 2000 + k * k * cc)

    return Surface(value, grad, hess, Box((-10, 10), (-10, 10)), start=(-7.5, 5.5), minima=((0.0, 0.0),))


@titled("Schaffer 2")
def schaffer2() -> Surface:
    r"""Rings of ripples that flatten outwards: far away the waves are all you see, and they point nowhere.

    $$ f(x, y) = \frac12 + \frac{\sin^2(x^2 - y^2) - \frac12}{\left(1 + 0.001\,(x^2 + y^2)\right)^2} $$

    Minimum 0 at $(0, 0)$, where the Hessian is nearly singular (eigenvalues 0.002): the valley floor
    along the diagonals rises by $0.001\,r^2$ only.
    Schaffer et al. (1989), ICGA 3, 51-60; Mishra (2007), "Some new test functions for global optimization".
    """

    def value(p: Array) -> Array:
        x, y = p
        a, b = x * x - y * y, 1 + 0.001 * (x * x + y * y)
        return 0.5 - 0.5 * np.cos(2 * a) / (b * b)  # sin^2 a - 1/2 = -cos(2a) / 2

    def grad(p: Array) -> Array:
        x, y = p
        a, b = 2 * (x * x - y * y), 1 + 0.001 * (x * x + y * y)
        wave = 2 * np.sin(a) / (b * b)
        fall = 0.002 * np.cos(a) / (b * b * b)
        return vector(x * (fall + wave), y * (fall - wave))

    def hess(p: Array) -> Array:
        x, y = p
        a, b = 2 * (x * x - y * y), 1 + 0.001 * (x * x + y * y)
        s, c = np.sin(a), np.cos(a)
        wave, fall = 2 * s / (b * b), 0.002 * c / (b * b * b)
        bend = 8 * c / (b * b)  # from the wave's own slope
        cross = 0.016 * s / (b * b * b)  # wave's slope times the fall
        flat = 1.2e-5 * c / (b * b * b * b)  # the fall's own slope
        return symmetric(
            fall + wave + x * x * (bend - cross - flat),
            -x * y * (bend + flat),
            fall - wave + y * y * (bend + cross - flat),
        )

    return Surface(value, grad, hess, Box((-3, 3), (-3, 3)), start=(-2.2, 1.2), minima=((0.0, 0.0),))


def eggholder() -> Surface:
    r"""Long crooked valleys that deepen outwards: the lowest place in the view is at its very edge.

    $$ \begin{aligned} f(x, y) &= -(y + 47)\, s\!\left(\tfrac x2 + y + 47\right) - x\, s(x - y - 47) \\
    s(u) &= \sin \sqrt{|u|} \end{aligned} $$

    Where $u = 0$ the slope of $s$ is infinite; `grad` and `hess` choose 0 for its derivatives.
    The published minimum -959.6407 at $(512, 404.2319)$ is the lowest point of the square
    $|x|, |y| \le 512$: on its edge, where the slope still points outwards. Without the edge the function
    falls for ever, so no minimum is declared here.
    Whitley et al. (1996), *Artificial Intelligence* 85, 245-276 (F101);
    Jamil & Yang (2013), [arXiv:1308.4008](https://arxiv.org/abs/1308.4008).
    """

    def value(p: Array) -> Array:
        x, y = p
        k = y + 47
        return -k * np.sin(np.sqrt(np.abs(0.5 * x + k))) - x * np.sin(np.sqrt(np.abs(x - k)))

    def grad(p: Array) -> Array:
        x, y = p
        k = y + 47
        (s1, d1, _), (s2, d2, _) = _wave(0.5 * x + k), _wave(x - k)
        return vector(-0.5 * k * d1 - s2 - x * d2, -s1 - k * d1 + x * d2)

    def hess(p: Array) -> Array:
        x, y = p
        k = y + 47
        (_, d1, b1), (_, d2, b2) = _wave(0.5 * x + k), _wave(x - k)
        return symmetric(
            -0.25 * k * b1 - 2 * d2 - x * b2,
            -0.5 * d1 - 0.5 * k * b1 + d2 + x * b2,
            -2 * d1 - k * b1 - x * b2,
        )

    return Surface(value, grad, hess, Box((-512, 512), (-512, 512)), start=(180.0, 120.0), minima=())


def _wave(u: Array) -> tuple[Array, Array, Array]:
    """sin sqrt|u| with its first and second derivative, which are 0 by choice at u = 0."""
    r = np.sqrt(np.abs(u))
    inverse = (r > 0) / (r + (r == 0))
    s, c = np.sin(r), np.cos(r)
    return s, 0.5 * np.sign(u) * c * inverse, -0.25 * inverse * inverse * (s + c * inverse)
