"""Formulas as trees of numbers, names, operators and functions."""

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


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
NAMED_AS_IN_NUMPY = (
    *("sin", "cos", "tan", "exp", "log", "log2", "log10", "sqrt", "abs"),
    *("tanh", "sinh", "cosh", "arcsin", "arccos", "arctan"),
)
FUNCTIONS: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in NAMED_AS_IN_NUMPY}
FUNCTIONS |= {"min": np.minimum, "max": np.maximum}
# Only derivatives need these: the slope of |u|; u where a logarithm has a slope, NaN elsewhere; u / v with 0 chosen at
# v = 0; 1 on this side of z = 0, 0 on the other and a half between; w u, and 0 where w is 0, however large u is there:
# for a w that goes to 0 faster than u can grow.
DERIVATIVE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sign": np.sign,
    "positive": lambda u: np.where(u > 0, u, np.nan),
    "over": lambda u, v: u * (v != 0) / (v + (v == 0)),
    "right": lambda z: 0.5 + 0.5 * np.sign(z),
    "left": lambda z: 0.5 - 0.5 * np.sign(z),
    "fades": lambda w, u: np.where(w == 0, 0.0, w * u),
}
SIDE_FUNCTIONS = ("sign", "right", "left")
NUMPY_FUNCTIONS = OPERATORS | FUNCTIONS | DERIVATIVE_FUNCTIONS
