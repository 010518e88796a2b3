"""Samples of parameter products that are too long for `make test`; `make test-all` runs the others."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

ONE_A_FAMILY = {  # one optimizer of each kind of state and of evaluations
    "momentum", "adagrad", "adam", "lion", "rprop", "newton", "lbfgs", "trust_region", "nonlinear_cg", "nelder_mead",
    "scipy_lbfgsb",
}  # fmt: skip
SIX_SURFACES = {"rosenbrock", "hinge", "ackley", "logistic_regression", "linear_svm", "brown_badly_scaled"}


def sample(cases: Iterable[Any], is_tried: Callable[..., bool] = ONE_A_FAMILY.__contains__) -> list[Any]:
    """The cases as pytest parameters; those not always tried are marked `all_cases`. A tuple is several arguments."""
    marked = []
    for case in dict.fromkeys(cases):
        values = case if isinstance(case, tuple) else (case,)
        marked.append(pytest.param(*values, marks=() if is_tried(*values) else pytest.mark.all_cases))
    return marked
