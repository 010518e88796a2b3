"""Formulas as trees of numbers, names, operators and functions."""

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import special


class Number(NamedTuple):
    value: float


class Name(NamedTuple):
    name: str  # x, y or one of CONSTANTS


class Apply(NamedTuple):
    """An operator or a function and what it is applied to."""

    name: str
    args: tuple["Tree", ...]


Tree = Number | Name | Apply

ZERO, HALF, ONE = Number(0.0), Number(0.5), Number(1.0)
VARIABLES = ("x", "y")
CONSTANTS = {"pi": math.pi, "e": math.e}
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "neg": operator.neg,
}  # fmt: skip
CONDITIONS: dict[str, Callable[..., Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or,
}  # fmt: skip
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
NAMED_AS_IN_NUMPY = (
    *("sin", "cos", "tan", "exp", "log", "log2", "log10", "sqrt", "abs"),
    *("tanh", "sinh", "cosh", "arcsin", "arccos", "arctan"),
)
FUNCTIONS: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in NAMED_AS_IN_NUMPY}
FUNCTIONS |= {"min": np.minimum, "max": np.maximum}
FUNCTIONS |= {
    "cbrt": np.cbrt, "sign": np.sign, "floor": np.floor, "mod": np.remainder, "atan2": np.arctan2,
    "erf": special.erf, "sigmoid": special.expit, "softplus": lambda u: np.logaddexp(0.0, u),
    "relu": lambda u: np.maximum(0.0, u), "where": np.where,
}  # fmt: skip
MANY = range(2, 100)
ARITIES: dict[str, range] = dict.fromkeys(FUNCTIONS, range(1, 2)) | {
    "min": MANY, "max": MANY, "mod": range(2, 3), "atan2": range(2, 3), "where": range(3, 4),
}  # fmt: skip
# Only derivatives need these: the slope of |u|; u where a logarithm has a slope, NaN elsewhere; u / v with 0 chosen at
# v = 0; 1 on this side of z = 0, 0 on the other and a half between; w u, and 0 where w is 0, however large u is there:
# for a w that goes to 0 faster than u can grow; how often v goes into u.
DERIVATIVE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "side": np.sign,
    "positive": lambda u: np.where(u > 0, u, np.nan),
    "over": lambda u, v: u * (v != 0) / (v + (v == 0)),
    "right": lambda z: 0.5 + 0.5 * np.sign(z),
    "left": lambda z: 0.5 - 0.5 * np.sign(z),
    "fades": lambda w, u: np.where(w == 0, 0.0, w * u),
    "wholes": np.floor_divide,
}
SIDE_FUNCTIONS = ("side", "right", "left")
NUMPY_FUNCTIONS = OPERATORS | CONDITIONS | FUNCTIONS | DERIVATIVE_FUNCTIONS


def is_condition(tree: Tree) -> bool:
    """Whether a tree is true or false, rather than a number."""
    return isinstance(tree, Apply) and tree.name in CONDITIONS
