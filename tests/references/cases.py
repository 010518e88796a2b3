"""The recorded cases: surfaces in plain arithmetic, starts, and each optimizer's hyperparameters on each of them.

Hyperparameters are not the defaults where they can be something else, so that two that are
swapped or forgotten show. The functions know no array library: the recording scripts put in their own
scalars and let the library differentiate. Learning rates are such that no run is chaotic: where one
swings about a minimum for ever, a last-bit difference grows a millionfold and compares nothing.
"""

from math import cos, radians, sin
from typing import NamedTuple

STEPS = 200


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def bowl(x, y):
    """The one of surfaces/functions/bowls.py, condition 100, turned by 30 degrees."""
    c, s = cos(radians(30)), sin(radians(30))
    return 0.5 * ((x * c + y * s) ** 2 + 100 * (y * c - x * s) ** 2)


FUNCTIONS = {f.__name__: f for f in (rosenbrock, beale, himmelblau, bowl)}
STARTS = {"rosenbrock": (-1.2, 1.0), "beale": (1.0, 1.2), "himmelblau": (-0.5, -1.0), "bowl": (-4.0, -1.0)}
SURFACE_ARGUMENTS = {"bowl": {"condition": 100.0, "angle": 30.0}}


class Case(NamedTuple):
    """One optimizer on every surface: what all runs share, and the learning rate of each."""

    word: str
    hyper: dict
    lr: tuple[float, float, float, float]  # in the order of FUNCTIONS

    def runs(self):
        """(key, surface, hyperparameters) of each run."""
        for surface, lr in zip(FUNCTIONS, self.lr, strict=True):
            yield f"{self.word}/{surface}", surface, {"lr": lr} | self.hyper


STEEP = (5e-4, 5e-3, 5e-3, 5e-3)  # where the step goes with the gradient
EVEN = (0.03, 0.03, 0.05, 0.05)  # where it does not

TORCH = (
    Case("sgd", {}, STEEP),
    Case("momentum", {"mu": 0.85}, STEEP),
    Case("nesterov", {"mu": 0.85}, STEEP),
    Case("adagrad", {"eps": 1e-5}, (0.3, 0.2, 0.5, 0.4)),
    Case("rmsprop", {"decay_rate": 0.97, "eps": 1e-4}, (0.03, 0.03, 0.05, 0.01)),
    Case("adadelta", {"rho": 0.95, "eps": 1e-5}, (1.0, 0.8, 1.3, 0.7)),
    Case("adam", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-4}, EVEN),
    Case("adamw", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-4, "weight_decay": 0.2}, EVEN),
    Case("adamax", {"beta1": 0.8, "beta2": 0.99, "eps": 1e-3}, (0.01, 0.01, 0.03, 0.03)),
    Case("nadam", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-4, "momentum_decay": 0.02}, EVEN),
    Case("amsgrad", {"beta1": 0.8, "beta2": 0.9, "eps": 1e-4}, (0.1, 0.1, 0.1, 0.1)),
    Case("radam", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-3}, (2e-3, 3e-2, 2e-2, 3e-2)),
    Case("rprop", {"shrink": 0.4, "grow": 1.3, "smallest": 1e-4, "largest": 0.2}, EVEN),
)

OPTAX = (
    Case("lion", {"beta1": 0.85, "beta2": 0.95, "weight_decay": 0.1}, (0.005, 0.01, 0.02, 0.02)),
    Case("adabelief", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-5}, EVEN),
    Case("yogi", {"beta1": 0.8, "beta2": 0.98, "eps": 1e-2}, EVEN),
    Case("adam", {"beta1": 0.85, "beta2": 0.95, "eps": 1e-3}, EVEN),
)
