"""Real measurements with certified answers: the two-parameter problems of NIST's Statistical Reference Datasets."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from surfaces.base import Array, Box, Point, Surface, titled
from surfaces.minimum_refinement import refine_minimum

DATA_FOLDER = Path(__file__).parent / "files" / "nist"


class Dataset(NamedTuple):
    """The contents of a .dat file."""

    x: Array  # (n,) predictor
    y: Array  # (n,) response
    starts: tuple[Point, Point]
    parameters: Point  # certified, 11 digits
    residual_sum: float  # certified, 11 digits


class CurveShape(NamedTuple):
    """The model is y = b1 s(b2, x); its shape s and the derivatives of s with respect to b2."""

    s: Callable[[Array, Array], Array]
    ds: Callable[[Array, Array], Array]
    dds: Callable[[Array, Array], Array]


EXPONENTIAL = CurveShape(  # 1 - exp(-b x)
    s=lambda b, x: -np.expm1(-b * x),
    ds=lambda b, x: x * np.exp(-b * x),
    dds=lambda b, x: -x * x * np.exp(-b * x),
)
INVERSE_SQUARE = CurveShape(  # 1 - (1 + b x / 2)^-2, written without its cancellation
    s=lambda b, x: b * x * (1 + 0.25 * b * x) / (1 + 0.5 * b * x) ** 2,
    ds=lambda b, x: x / (1 + 0.5 * b * x) ** 3,
    dds=lambda b, x: -1.5 * x * x / (1 + 0.5 * b * x) ** 4,
)
INVERSE_ROOT = CurveShape(  # 1 - (1 + 2 b x)^(-1/2)
    s=lambda b, x: 1 - (1 + 2 * b * x) ** -0.5,
    ds=lambda b, x: x * (1 + 2 * b * x) ** -1.5,
    dds=lambda b, x: -3 * x * x * (1 + 2 * b * x) ** -2.5,
)
SATURATION = CurveShape(  # b x / (1 + b x)
    s=lambda b, x: b * x / (1 + b * x),
    ds=lambda b, x: x / (1 + b * x) ** 2,
    dds=lambda b, x: -2 * x * x / (1 + b * x) ** 3,
)
POWER = CurveShape(  # x^b
    s=lambda b, x: x**b,
    ds=lambda b, x: np.log(x) * x**b,
    dds=lambda b, x: np.log(x) ** 2 * x**b,
)


@titled("Misra1a (NIST)")
def misra1a(start: int = 1) -> Surface:
    r"""A fit whose two parameters differ 400,000-fold in scale: one learning rate cannot suit both.

    $$ f(b_1, b_2) = \sum_i \left( b_1 (1 - e^{-b_2 x_i}) - y_i \right)^2 $$

    14 measurements of adsorbed volume against pressure. `start` is 1 or 2, the published ones.
    Certified minimum 0.12455138894 at (238.94212918, 5.5015643181e-4).
    Misra (1978), NIST, dental research; [StRD](https://www.itl.nist.gov/div898/strd/), Misra1a, lower difficulty.
    """
    return _sum_of_squares("Misra1a", EXPONENTIAL, Box((150, 550), (0, 8e-4)), start)


@titled("Misra1b (NIST)")
def misra1b(start: int = 1) -> Surface:
    r"""The same measurements under another law: the minimum moves far, the fit hardly changes.

    $$ f(b_1, b_2) = \sum_i \left( b_1 \left(1 - (1 + b_2 x_i / 2)^{-2}\right) - y_i \right)^2 $$

    `start` is 1 or 2, the published ones.
    Certified minimum 0.075464681533 at (337.99746163, 3.9039091287e-4).
    Misra (1978), NIST, dental research; [StRD](https://www.itl.nist.gov/div898/strd/), Misra1b, lower difficulty.
    """
    return _sum_of_squares("Misra1b", INVERSE_SQUARE, Box((200, 550), (0, 6e-4)), start)


@titled("Misra1c (NIST)")
def misra1c(start: int = 1) -> Surface:
    r"""A third law for the same measurements: a longer valley, and the start at its far end.

    $$ f(b_1, b_2) = \sum_i \left( b_1 \left(1 - (1 + 2 b_2 x_i)^{-1/2}\right) - y_i \right)^2 $$

    `start` is 1 or 2, the published ones.
    Certified minimum 0.040966836971 at (636.42725809, 2.0813627256e-4).
    Misra (1978), NIST, dental research; [StRD](https://www.itl.nist.gov/div898/strd/), Misra1c, average difficulty.
    """
    return _sum_of_squares("Misra1c", INVERSE_ROOT, Box((400, 800), (0, 6e-4)), start)


@titled("Misra1d (NIST)")
def misra1d(start: int = 1) -> Surface:
    r"""A saturating curve of which only the beginning was measured: its height and its rate are hard to tell apart.

    $$ f(b_1, b_2) = \sum_i \left( \frac{b_1 b_2 x_i}{1 + b_2 x_i} - y_i \right)^2 $$

    `start` is 1 or 2, the published ones.
    Certified minimum 0.056419295283 at (437.36970754, 3.0227324449e-4).
    Misra (1978), NIST, dental research; [StRD](https://www.itl.nist.gov/div898/strd/), Misra1d, average difficulty.
    """
    return _sum_of_squares("Misra1d", SATURATION, Box((250, 600), (0, 6e-4)), start)


@titled("BoxBOD (NIST)")
def boxbod(start: int = 1) -> Surface:
    r"""Six measurements and a plateau: a step too long leaves the valley, and from out there nothing leads back.

    $$ f(b_1, b_2) = \sum_i \left( b_1 (1 - e^{-b_2 x_i}) - y_i \right)^2 $$

    Biochemical oxygen demand against incubation time. For large $b_2$ the curve is flat and the second
    derivative vanishes. `start` is 1 or 2, the published ones.
    Certified minimum 1168.0088766 at (213.80940889, 0.54723748542).
    Box, Hunter & Hunter (1978), *Statistics for Experimenters*, 483-487;
    [StRD](https://www.itl.nist.gov/div898/strd/), BoxBOD, higher difficulty.
    """
    return _sum_of_squares("BoxBOD", EXPONENTIAL, Box((-20, 300), (0, 1.5)), start)


@titled("DanWood (NIST)")
def danwood(start: int = 1) -> Surface:
    r"""A power law through six points: factor and exponent trade places along a curved valley.

    $$ f(b_1, b_2) = \sum_i \left( b_1 x_i^{b_2} - y_i \right)^2 $$

    Energy radiated from a carbon filament against its temperature (in 1000 K); physics expects the
    exponent 4. `start` is 1 or 2, the published ones.
    Certified minimum 0.0043173084083 at (0.76886226176, 3.8604055871).
    Daniel & Wood (1980), *Fitting Equations to Data*, 428-431;
    [StRD](https://www.itl.nist.gov/div898/strd/), DanWood, lower difficulty.
    """
    return _sum_of_squares("DanWood", POWER, Box((0.4, 1.2), (2.5, 5.5)), start)


@lru_cache(maxsize=6)
def read_dataset(name: str) -> Dataset:
    """Read a .dat file of NIST's: starts and certified values in its header, then columns y and x."""
    text = (DATA_FOLDER / f"{name}.dat").read_text(encoding="ascii")
    header, table = re.split(r"^Data: +y +x *$", text, flags=re.MULTILINE)
    lines = re.findall(r"^ +b[12] = +(.*)$", header, flags=re.MULTILINE)
    b1, b2 = (list(map(float, line.split())) for line in lines)  # start 1, start 2, certified, standard deviation
    (residual_sum,) = re.findall(r"Residual Sum of Squares: +(\S+)", header)
    y, x = np.array([line.split() for line in table.splitlines() if line.strip()], dtype=np.float64).T
    return Dataset(x, y, ((b1[0], b2[0]), (b1[1], b2[1])), (b1[2], b2[2]), float(residual_sum))


def _sum_of_squares(name: str, shape: CurveShape, box: Box, start: int) -> Surface:
    data = read_dataset(name)
    x, y = data.x, data.y

    def value(p: Array) -> Array:
        b1, b2 = p[..., None]  # data along the last axis
        r = b1 * shape.s(b2, x) - y
        return (r * r).sum(axis=-1)

    def grad(p: Array) -> Array:
        b1, b2 = p[..., None]
        s, ds = shape.s(b2, x), b1 * shape.ds(b2, x)
        r = 2 * (b1 * s - y)
        return np.array(((r * s).sum(axis=-1), (r * ds).sum(axis=-1)))

    def hess(p: Array) -> Array:
        b1, b2 = p[..., None]
        s, ds, dds = shape.s(b2, x), shape.ds(b2, x), shape.dds(b2, x)
        r = b1 * s - y
        xx = (s * s).sum(axis=-1)
        xy = (b1 * s * ds + r * ds).sum(axis=-1)
        yy = (b1 * b1 * ds * ds + r * b1 * dds).sum(axis=-1)
        return 2 * np.array(((xx, xy), (xy, yy)))

    low = refine_minimum(grad, hess, data.parameters)  # the certified 11 digits and the rest of float64's
    return Surface(value, grad, hess, box, data.starts[start - 1], (low,))
