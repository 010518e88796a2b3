"""Minimise a quadratic model in each lane, without a bound or within a radius."""

import numpy as np

from optimizers.numerics.vector_products import Mask, dot, identity, matvec, norm, transposed_matvec
from surfaces.base import Array

ROOT_STEPS = 60  # of the safeguarded Newton iteration for the multiplier; three or four are typical
SLOPE_ROUNDING = 1e-14  # of the gradient: a component along an eigenvector, itself rounded, below this is rounding


def solve(H: Array, g: Array, damping: Array | float = 0.0, absolute: bool = False) -> Array:
    r"""$(H + \text{damping}\,I)^{-1} g$, or with $|H|$, of absolute eigenvalues, for $H$.

    By eigenvalues, for `np.linalg.solve` fails a whole batch on one singular lane. A direction without curvature
    is left out (the pseudo-inverse); a lane that is not finite is NaN and leaves the others alone.
    """
    return solve_with_flat_slope(H, g, damping, absolute)[0]


def solve_with_flat_slope(
    H: Array, g: Array, damping: Array | float = 0.0, absolute: bool = False
) -> tuple[Array, Array]:
    r"""`solve`, and the slope that it leaves out: that along directions without curvature, as a vector in these.

    In the scaled coordinates $S x$, in which `solve` takes eigenvectors $V$, the slope is $S^{-1} g$; so the vector is
    $S^{-1} V_0 V_0^T S^{-1} g$, of the eigenvectors $V_0$ without curvature. H maps it to 0, and f rises along it. It
    is 0 where that slope is rounding.
    """
    if absolute:
        curvature, V = eigen(H)
        curvature, scale = np.abs(curvature) + damping, np.ones_like(g)
    else:
        curvature, V, scale = _scaled_eigen(H + damping * identity(g))
    with np.errstate(all="ignore"):
        along, flat = transposed_matvec(V, g / scale), _is_flat(curvature)
        left = np.where(flat & ~_is_rounding(along), along, 0.0) if flat.any() else np.zeros_like(along)
        rest = matvec(V, left) / scale if left.any() else left
        return matvec(V, np.where(flat, 0.0, along / curvature)) / scale, rest


def solve_trust_region(H: Array, g: Array, radius: Array) -> tuple[Array, Array]:
    r"""The step $p$ that minimises $g \cdot p + \tfrac12 p^T H p$ where $\|p\| \le$ radius, and the decrease there.

    Newton's step if the model has a minimum there and it is short enough; else $(H + \lambda I)\,p = -g$ with
    $\|p\|$ = radius, and in the hard case, where no such $\lambda$ exists, or no floating-point one, an eigenvector
    of the lowest eigenvalue completes it. A direction that is flat but for rounding has a minimum only if the slope
    along it is rounding too; else the model falls there as far as the radius allows.
    Moré & Sorensen (1983), *SIAM J. Sci. Stat. Comput.* 4(3), 553-572; Nocedal & Wright (2006), section 4.3.
    """
    newton, bounded = _newton_direction(H, g)
    p = -newton
    inside = bounded & (norm(p) <= radius)
    if not inside.all():
        p = np.where(inside, p, _solve_on_boundary(H, g, radius))
    return p, -dot(g + matvec(H, p) / 2, p)


def eigen(H: Array) -> tuple[Array, Array]:
    """Eigenvalues (d, ...) in ascending order, and eigenvectors as columns (d, d, ...); NaN where H is not finite.

    A symmetric H. LAPACK is called for each lane; in two dimensions one rotation of all lanes does.
    """
    if len(H) == 2:
        return eigen_2x2(H)
    finite = np.isfinite(H).all(axis=(0, 1))
    values, vectors = np.linalg.eigh(np.moveaxis(np.where(finite, H, 0.0), (0, 1), (-2, -1)))
    return np.where(finite, np.moveaxis(values, -1, 0), np.nan), np.moveaxis(vectors, (-2, -1), (0, 1))


@np.errstate(all="ignore")  # no rotation where b is 0; lanes that are not finite come out as NaN
def eigen_2x2(H: Array) -> tuple[Array, Array]:
    r"""`eigen` of $\begin{pmatrix} a & b \\ b & c \end{pmatrix}$ by the one rotation that makes it diagonal.

    $$ \tau = \frac{c - a}{2 b}, \qquad t = \frac{\operatorname{sign} \tau}{|\tau| + \sqrt{1 + \tau^2}}, \qquad
    \lambda = a - t b, \; c + t b $$

    $t$ is the smaller tangent of the two that would do: as accurate as any method that is backward stable.
    Golub & Van Loan (2013), *Matrix Computations*, section 8.5.2.
    """
    (a, b), (_, c) = H
    tau = (c - a) / (2 * b)
    t = np.where(b == 0, 0.0, np.copysign(1.0, tau) / (np.abs(tau) + np.hypot(1.0, tau)))
    cosine = 1 / np.sqrt(1 + t * t)
    sine = t * cosine
    first, second = a - t * b, c + t * b
    swap = first > second
    low, high = np.where(swap, second, first), np.where(swap, first, second)
    x, y = np.where(swap, sine, cosine), np.where(swap, cosine, -sine)  # the eigenvector of the lower
    lost = ~np.isfinite(low + high)
    values = np.where(lost, np.nan, np.array((low, high)))
    return values, np.array(((x, -y), (y, x)))


def _scaled_eigen(H: Array) -> tuple[Array, Array, Array]:
    """Eigenvalues and eigenvectors of H / (s sᵀ), and s (d, ...), that make the diagonal 1.

    For units that differ by powers of ten.
    """
    d = len(H)
    scale = np.sqrt(np.abs(H[range(d), range(d)]))
    scale = np.where(scale > 0, scale, 1.0)
    return *eigen(H / (scale[:, None] * scale[None])), scale


@np.errstate(all="ignore")  # lanes that are not finite come out as NaN
def _newton_direction(H: Array, g: Array) -> tuple[Array, Mask]:
    """H⁻¹ g, and whether the quadratic model has a minimum there: not if it falls in a direction without curvature."""
    curvature, V, scale = _scaled_eigen(H)
    along, flat = transposed_matvec(V, g / scale), _is_flat(curvature)
    bounded: Mask = np.asarray(np.where(flat, _is_rounding(along), curvature > 0).all(axis=0))
    return matvec(V, np.where(flat, 0.0, along / curvature)) / scale, bounded


def _is_rounding(along: Array) -> Mask:
    """Which of the components of a gradient along the eigenvectors are rounding beside the whole."""
    return np.abs(along) <= SLOPE_ROUNDING * norm(along)


def _is_flat(curvature: Array) -> Mask:
    """Which of the eigenvalues (d, ...) are rounding beside the largest."""
    size = np.abs(curvature)
    return size <= len(size) * np.finfo(np.float64).eps * size.max(axis=0)


@np.errstate(all="ignore")  # a trial multiplier may make the matrix singular
def _solve_on_boundary(H: Array, g: Array, radius: Array) -> Array:
    curvature, V = eigen(H)
    along = transposed_matvec(V, g)
    lowest = curvature[0]
    low, high = np.maximum(0.0, -lowest), np.maximum(0.0, norm(g) / radius - lowest)
    multiplier = high
    for _ in range(ROOT_STEPS):
        p = np.where(along == 0, 0.0, -along / (curvature + multiplier))
        length = norm(p)
        going = np.abs(length - radius) > 1e-10 * radius
        if not going.any():
            break
        low, high = np.where(length > radius, multiplier, low), np.where(length > radius, high, multiplier)
        newton = multiplier + (length / radius - 1) * length**2 / dot(p, p / (curvature + multiplier))
        nearer = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        multiplier = np.where(going, nearer, multiplier)  # each lane stops by its own test
    hard = (lowest < 0) & (np.abs(length - radius) > 1e-9 * radius)
    fill = np.sqrt(np.maximum(0.0, radius**2 - dot(p[1:], p[1:])))
    p[0] = np.where(hard, np.where(along[0] > 0, -fill, fill), p[0])
    return matvec(V, p)
