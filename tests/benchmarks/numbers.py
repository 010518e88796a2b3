"""The numbers alone: one run against torch.optim, and a dozen optimizers on one surface."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import torch

from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from tests.benchmarks.table import Row, in_turn
from tests.support.typed_formulas import CATALOGUE_FORMULAS, LARGEST_FORMULAS

STEPS = 1000
DOZEN = [
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adadelta",
    "adam",
    "adamw",
    "newton",
    "bfgs",
    "lbfgs",
    "nelder_mead",
]


def rows() -> Iterator[Row]:
    torch.set_num_threads(1)
    ours, theirs = in_turn(7, our_adam, torch_adam)
    yield Row(
        f"one run, {STEPS} Adam steps on Rosenbrock, every iterate and its memory kept",
        f"{1e3 * ours:.0f} ms",
        f"torch.optim.Adam with the same analytic gradient {1e3 * theirs:.0f} ms: {theirs / ours:.1f} x",
        "at least 8 x as fast",
        theirs >= 8 * ours,
    )
    for name in ("rosenbrock", "himmelblau", "beale"):
        (seconds,) = in_turn(5, lambda name=name: dozen(name))
        slowest = max(DOZEN, key=lambda word: timed(word, name))
        yield Row(
            f"{len(DOZEN)} optimizers x 500 steps on {name}, uncached",
            f"{seconds:.2f} s",
            f"torch.optim.Adam's {STEPS} steps {1e3 * theirs:.0f} ms; the slowest here is {slowest}",
            "at most 0.5 s",
            seconds <= 0.5,
        )
    yield typed_gradient()
    yield largest_formulas()


def typed_gradient() -> Row:
    """A formula that was typed, beside the same function written by hand."""
    known, typed = SURFACES["himmelblau"](), formula(CATALOGUE_FORMULAS["himmelblau"])
    p = np.array((0.3, 0.4))
    ours, theirs = in_turn(9, lambda: [typed.grad(p) for _ in range(300)], lambda: [known.grad(p) for _ in range(300)])
    return Row(
        "the gradient of a typed formula at one point",
        f"{1e6 * ours / 300:.0f} us",
        f"the same function written by hand {1e6 * theirs / 300:.0f} us: {ours / theirs:.1f} of it",
        "at most 4 times",
        ours <= 4 * theirs,
    )


def largest_formulas() -> Row:
    """Formulas as large as they may be, read and differentiated, beside ordinary ones; many, so that both take long."""
    view = (0.1, 1.0)
    ours, theirs = in_turn(
        9,
        lambda: [formula(typed, view, view) for typed in LARGEST_FORMULAS],
        lambda: [formula(t) for t in CATALOGUE_FORMULAS.values()],
    )
    ours, theirs = ours / len(LARGEST_FORMULAS), theirs / len(CATALOGUE_FORMULAS)
    return Row(
        "one of the largest formulas that can be typed, read and differentiated",
        f"{1e3 * ours:.1f} ms",
        f"one of the catalogue's functions, typed, {1e3 * theirs:.1f} ms: {ours / theirs:.1f} of it",
        "at most 25 times",
        ours <= 25 * theirs,
    )


def our_adam() -> np.ndarray:
    return trajectory(OPTIMIZERS["adam"](lr=0.01), SURFACES["rosenbrock"](), (-1.2, 1.0), STEPS).x


def torch_adam() -> np.ndarray:
    """The usual loop, with the gradient written down instead of traced."""
    p = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([p], lr=0.01)
    path = np.empty((2, STEPS + 1))
    path[:, 0] = p.detach().numpy()
    for t in range(1, STEPS + 1):
        with torch.no_grad():
            x, y = p
            r = y - x**2
            p.grad = torch.stack((-2 * (1 - x) - 400 * x * r, 200 * r))
        adam.step()
        path[:, t] = p.detach().numpy()
    return path


def dozen(surface: str) -> None:
    for word in DOZEN:
        one(word, surface)


def one(word: str, surface: str) -> None:
    f = SURFACES[surface]()
    hyper = {"lr": 1e-3} if word in ("sgd", "momentum", "nesterov") else {}
    trajectory(OPTIMIZERS[word](**hyper), f, f.start, 500)


def timed(word: str, surface: str) -> float:
    begun = perf_counter()
    one(word, surface)
    return perf_counter() - begun
