"""One row for each optimizer: what the tests that run over all optimizers have to know of it.

A new optimizer needs a row here; `tests/optimizers/test_catalogue.py` fails without it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

START = np.array((1.0, 2.0))  # where the first step begins
G = np.array((3.0, -0.02))  # the gradient there: two entries of very different size


class OptimizerCase(NamedTuple):
    defaults: dict[str, Any]  # of its arguments
    first_steps: tuple[tuple[dict[str, Any], NDArray[np.float64]], ...] = ()  # arguments, and the step by the formula
    elementwise: bool = False  # each coordinate moves by itself, and every step does the same: it can be compiled
    overflows: bool = True  # it stands still where the square of the gradient overflows
    lr: float | None = None  # a rate that suits Himmelblau, where the default does not
    rests: bool = False  # on Himmelblau it comes to rest to the last bit
    restless: bool = False  # its memory changes for ever, even at the minimum itself
    has_arithmetic: bool = True  # its equations show numbers and not results alone


BETAS = {"lr": 0.1, "beta1": 0.9, "beta2": 0.999}
MU = {"lr": 0.001, "mu": 0.9}
SIGNED = -0.3 * np.sign(G)
WITH_EPS = -0.3 * G / (np.abs(G) + 0.5)
DECAYED = -0.3 * (np.sign(G) + 0.5 * START)

CASES = {
    "sgd": OptimizerCase(
        {"lr": 0.001}, (({"lr": 0.3}, -0.3 * G),), elementwise=True, overflows=False, lr=0.0016, rests=True
    ),
    "momentum": OptimizerCase(
        MU, (({"lr": 0.3, "mu": 0.8}, -0.3 * G),), elementwise=True, overflows=False, lr=0.0003, rests=True
    ),
    "momentum_subtracted": OptimizerCase(MU, (({"lr": 0.3, "mu": 0.8}, -0.3 * G),), elementwise=True, overflows=False),
    "nesterov": OptimizerCase(
        MU,
        (({"lr": 0.3, "mu": 0.8}, -1.8 * 0.3 * G),),
        elementwise=True,
        overflows=False,
        lr=0.0005,
        rests=True,
    ),
    "nesterov_lookahead": OptimizerCase(
        MU, (({"lr": 0.3, "mu": 0.8}, -0.3 * G),), elementwise=True, overflows=False, lr=0.0005, rests=True
    ),
    "adagrad": OptimizerCase(
        {"lr": 0.5, "eps": 1e-8, "root": True},
        (
            ({"lr": 0.3, "eps": 0}, SIGNED),
            ({"lr": 0.3, "eps": 0.5}, WITH_EPS),
            ({"lr": 0.3, "eps": 0, "root": False}, -0.3 / G),
            ({"lr": 0.3, "eps": 0.5, "root": False}, -0.3 * G / (G**2 + 0.5)),
        ),
        elementwise=True,
        lr=0.25,
        rests=True,
    ),
    "rmsprop": OptimizerCase(
        {"lr": 0.01, "decay_rate": 0.9, "eps": 1e-8},
        (
            ({"lr": 0.3, "decay_rate": 0.75, "eps": 0}, SIGNED / 0.5),
            ({"lr": 0.3, "decay_rate": 0.75, "eps": 0.5}, -0.3 * G / (0.5 * np.abs(G) + 0.5)),
        ),
        elementwise=True,
    ),
    "adadelta": OptimizerCase(
        {"rho": 0.9, "eps": 1e-6, "lr": 1.0},
        (
            ({"rho": 0.75, "eps": 0.01}, -0.1 * G / np.sqrt(0.25 * G**2 + 0.01)),
            ({"rho": 0.75, "eps": 0.01, "lr": 2.0}, -0.2 * G / np.sqrt(0.25 * G**2 + 0.01)),
        ),
        elementwise=True,
    ),
    "adam": OptimizerCase(
        BETAS | {"eps": 1e-8, "bias_correction": True},
        (
            ({"lr": 0.3, "eps": 0}, SIGNED),
            ({"lr": 0.3, "eps": 0.5}, WITH_EPS),
            (
                {"lr": 0.3, "beta1": 0.8, "beta2": 0.96, "eps": 0, "bias_correction": False},
                SIGNED * 0.2 / np.sqrt(0.04),
            ),
            (
                {"lr": 0.3, "beta1": 0.8, "beta2": 0.96, "eps": 0.5, "bias_correction": False},
                -0.3 * 0.2 * G / (0.2 * np.abs(G) + 0.5),
            ),
        ),
        elementwise=True,
    ),
    "adamw": OptimizerCase(
        BETAS | {"eps": 1e-8, "weight_decay": 0.01},
        (({"lr": 0.3, "eps": 0, "weight_decay": 0.5}, DECAYED),),
        elementwise=True,
        overflows=False,
        restless=True,
    ),
    "adamax": OptimizerCase(
        BETAS | {"eps": 1e-8},
        (({"lr": 0.3, "eps": 0}, SIGNED), ({"lr": 0.3, "eps": 0.5}, WITH_EPS)),
        elementwise=True,
        overflows=False,
    ),
    "nadam": OptimizerCase(
        BETAS | {"eps": 1e-8, "momentum_decay": 0.004},
        (  # no warm-up: Dozat's form with a constant momentum
            ({"lr": 0.3, "beta1": 0.9, "eps": 0, "momentum_decay": 1e9}, SIGNED * (0.9 * 0.1 / (1 - 0.81) + 1.0)),
        ),
        elementwise=True,
        restless=True,
    ),
    "amsgrad": OptimizerCase(BETAS | {"eps": 1e-8}, (({"lr": 0.3, "eps": 0}, SIGNED),), elementwise=True),
    "radam": OptimizerCase(
        BETAS | {"lr": 0.003, "eps": 1e-8},
        (({"lr": 0.3}, -0.3 * G),),  # not rectified yet
        elementwise=True,
        overflows=False,
        lr=0.0005,
    ),
    "adabelief": OptimizerCase(
        BETAS | {"eps": 1e-16}, (({"lr": 0.3, "beta1": 0.9, "eps": 0}, SIGNED / 0.9),), elementwise=True, restless=True
    ),
    "yogi": OptimizerCase(
        BETAS | {"eps": 1e-3}, (({"lr": 0.3, "eps": 0}, SIGNED), ({"lr": 0.3, "eps": 0.5}, WITH_EPS)), elementwise=True
    ),
    "lion": OptimizerCase(
        {"lr": 0.01, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
        (({"lr": 0.3}, SIGNED), ({"lr": 0.3, "weight_decay": 0.5}, DECAYED)),
        elementwise=True,
        overflows=False,
    ),
    "rprop": OptimizerCase(
        {"lr": 0.01, "shrink": 0.5, "grow": 1.2, "smallest": 1e-6, "largest": 50.0},
        (({"lr": 0.3}, SIGNED),),
        elementwise=True,
        overflows=False,
    ),
    "newton": OptimizerCase(
        {"lr": 1.0, "damping": 0.0, "line_search": False, "avoid_saddles": False},
        overflows=False,
        rests=True,
    ),
    "bfgs": OptimizerCase({}, rests=True),
    "lbfgs": OptimizerCase({"lr": 1.0, "memory": 10, "line_search": True}, rests=True),
    "trust_region": OptimizerCase({"radius": 1.0, "max_radius": 1e8, "accept": 0.1}, rests=True),
    "nonlinear_cg": OptimizerCase({"gtol": 0.1}, rests=True),
    "nelder_mead": OptimizerCase({"size": 0.05}, overflows=False, has_arithmetic=False),
    "scipy_lbfgsb": OptimizerCase({"tolerance": 1e-10}, rests=True, has_arithmetic=False),
    "scipy_newton_cg": OptimizerCase({"tolerance": 1e-10}, has_arithmetic=False),
    "scipy_trust_exact": OptimizerCase({"tolerance": 1e-10}, has_arithmetic=False),
}
ELEMENTWISE = [word for word, case in CASES.items() if case.elementwise]
