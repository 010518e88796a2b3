"""NIST's files are read as they are printed, and the surfaces made of them have the certified sums."""

from collections.abc import Callable

import numpy as np
import pytest

from surfaces.catalogue import SURFACES
from surfaces.datasets.nist import DATA_FOLDER, read_dataset

# As printed in the files' headers: observations, start 1, start 2, certified parameters, certified sum.
PRINTED = {
    "Misra1a": (14, (500, 0.0001), (250, 0.0005), (2.3894212918e02, 5.5015643181e-04), 1.2455138894e-01),
    "Misra1b": (14, (500, 0.0001), (300, 0.0002), (3.3799746163e02, 3.9039091287e-04), 7.5464681533e-02),
    "Misra1c": (14, (500, 0.0001), (600, 0.0002), (6.3642725809e02, 2.0813627256e-04), 4.0966836971e-02),
    "Misra1d": (14, (500, 0.0001), (450, 0.0003), (4.3736970754e02, 3.0227324449e-04), 5.6419295283e-02),
    "BoxBOD": (6, (1, 1), (100, 0.75), (2.1380940889e02, 5.4723748542e-01), 1.1680088766e03),
    "DanWood": (6, (1, 5), (0.7, 4), (7.6886226176e-01, 3.8604055871e00), 4.3173084083e-03),
}
# The models as printed in the headers, written straight down.
MODELS: dict[str, Callable] = {
    "Misra1a": lambda b1, b2, x: b1 * (1 - np.exp(-b2 * x)),
    "Misra1b": lambda b1, b2, x: b1 * (1 - (1 + b2 * x / 2) ** -2),
    "Misra1c": lambda b1, b2, x: b1 * (1 - (1 + 2 * b2 * x) ** -0.5),
    "Misra1d": lambda b1, b2, x: b1 * b2 * x * ((1 + b2 * x) ** -1),
    "BoxBOD": lambda b1, b2, x: b1 * (1 - np.exp(-b2 * x)),
    "DanWood": lambda b1, b2, x: b1 * x**b2,
}
EVERY = pytest.mark.parametrize("name", PRINTED)


@EVERY
def test_the_file_is_read_as_printed(name: str) -> None:
    observations, start1, start2, parameters, residual_sum = PRINTED[name]
    data = read_dataset(name)
    assert data.x.shape == data.y.shape == (observations,)
    assert data.starts == (start1, start2)
    assert data.parameters == parameters
    assert data.residual_sum == residual_sum


@EVERY
def test_the_file_keeps_its_header(name: str) -> None:
    lines = (DATA_FOLDER / f"{name}.dat").read_text(encoding="ascii").splitlines()
    assert lines[0].startswith("NIST/ITL StRD")
    assert name in lines[1]


def test_first_and_last_measurements() -> None:
    """Response first, predictor second, as in the files; not the other way round."""
    misra, danwood = read_dataset("Misra1a"), read_dataset("DanWood")
    assert (misra.y[0], misra.x[0], misra.y[-1], misra.x[-1]) == (10.07, 77.6, 81.78, 760.0)
    assert (danwood.y[0], danwood.x[0], danwood.y[-1], danwood.x[-1]) == (2.138, 1.309, 5.660, 1.680)


@EVERY
def test_the_sum_at_the_certified_parameters_is_the_certified_sum(name: str) -> None:
    """To the 11 digits printed: the sum is stationary there, so rounded parameters do not move it."""
    surface = SURFACES[name.lower()]()
    value = surface.value(np.array(read_dataset(name).parameters))
    np.testing.assert_allclose(value, read_dataset(name).residual_sum, rtol=1e-10)


@EVERY
def test_the_declared_minimum_is_the_certified_one(name: str) -> None:
    """Polished beyond the printed 11 digits, it rounds to them (half a unit of the 11th is at most 5e-11)."""
    (low,) = SURFACES[name.lower()]().minima
    np.testing.assert_allclose(low, read_dataset(name).parameters, rtol=5.1e-11)


@EVERY
def test_the_value_is_the_sum_of_squares_of_the_printed_model(name: str) -> None:
    """Where both forms are well conditioned: 1 - (1 + b x / 2)^-2 as printed loses up to four digits."""
    surface, data = SURFACES[name.lower()](), read_dataset(name)
    (x0, x1), (y0, y1) = surface.box
    rng = np.random.default_rng(2)
    for _ in range(20):
        b1, b2 = rng.uniform(x0, x1), rng.uniform(y0, y1)
        residuals = MODELS[name](b1, b2, data.x) - data.y
        np.testing.assert_allclose(surface.value(np.array((b1, b2))), np.sum(residuals**2), rtol=1e-9)


@EVERY
def test_both_published_starts_can_be_chosen(name: str) -> None:
    _, start1, start2, *_ = PRINTED[name]
    make = SURFACES[name.lower()]
    assert make().start == make(start=1).start == start1
    assert make(start=2).start == start2


@pytest.mark.parametrize(
    "name, start",
    [
        ("freudenstein_roth", (0.5, -2)),
        ("powell_badly_scaled", (0, 1)),
        ("brown_badly_scaled", (1, 1)),
        ("jennrich_sampson", (0.3, 0.4)),
        ("rosenbrock", (-1.2, 1)),
        ("beale", (1, 1)),
    ],
)
def test_starts_of_more_garbow_hillstrom(name: str, start: tuple) -> None:
    """The standard start, and ten times it, are evaluated without overflow."""
    surface = SURFACES[name]()
    assert surface.start == start
    for p in (np.array(start, dtype=float), 10 * np.array(start, dtype=float)):
        for f in (surface.value, surface.grad, surface.hess):
            assert np.isfinite(f(p)).all()
