"""Formulas as trees, and their exact derivatives as trees again."""

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Number(NamedTuple):
    value: float


class Name(NamedTuple):
    word: str  # x, y or one of CONSTANTS


class Apply(NamedTuple):
    """An operator or a function and what it is applied to."""

    word: str
    args: tuple["Tree", ...]


Tree = Number | Name | Apply
Known = dict[int, tuple[Tree, Tree]]  # by identity: a tree and its derivative

ZERO, HALF, ONE = Number(0.0), Number(0.5), Number(1.0)
VARIABLES = ("x", "y")
CONSTANTS = {"pi": math.pi, "e": math.e}
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "min": np.minimum,
    "max": np.maximum,
}
CHOICES: dict[str, Callable[..., Any]] = {
    "sign": np.sign,
    "positive": lambda u: np.where(u > 0, u, np.nan),
    "over": lambda u, v: u * (v != 0) / (v + (v == 0)),
    "above": lambda z, u: np.where(z > 0, u, 0.0),
    "level": lambda z, u: np.where(z == 0, u, 0.0),
}
"""Only derivatives need these: the slope of |u|; u where a logarithm has a slope, NaN elsewhere; u / v with 0 chosen at
v = 0; u where z > 0 and u where z = 0, each 0 elsewhere, whatever u is there."""
MEANING = OPERATORS | FUNCTIONS | CHOICES


def slope(tree: Tree, variable: str, known: Known) -> Tree:
    r"""The derivative of a tree from `simplified` with respect to x or y, by the chain rule.

    $$ (u + v)' = u' + v', \quad (uv)' = u'v + uv', \quad
    \left(\frac uv\right)' = \frac{u' - (u / v)\, v'}{v}, \quad g(u)' = g'(u)\, u' $$
    $$ (u^n)' = n\, u^{n - 1} u', \quad (u^v)' = v\, u^{v - 1} u' + u^v \log(u)\, v' $$

    A constant exponent needs no logarithm, so $(-3)^2$ has its slope; a varying one has a slope in itself
    only where $u > 0$.

    Kinks, as in `surfaces.kinks`: the slope of $|u|$ at 0 is 0. Where both sides of a maximum or a minimum
    are equal the constant's slope is chosen (so that of $\max(0, u)$ is 0), and if neither is constant the mean
    of both, as PyTorch does; so $\max(u, -u)$ is $|u|$. Where the slope of a root, of $u^n$ with $0 < n < 1$,
    of arcsin or of arccos is infinite, 0 is chosen. Second derivatives are those of the chosen slopes.

    `known` keeps what has been derived, by identity: what a tree shares is derived once, and stays shared.
    Take one for each variable.
    """
    if id(tree) not in known:
        known[id(tree)] = tree, _slope(tree, variable, known)
    return known[id(tree)][1]


def _slope(tree: Tree, variable: str, known: Known) -> Tree:
    if not isinstance(tree, Apply):
        return ONE if tree == Name(variable) else ZERO
    u, v = tree.args[0], tree.args[-1]  # the same where there is but one
    du, dv = slope(u, variable, known), slope(v, variable, known)
    match tree.word:
        case "+" | "-":
            return build(tree.word, du, dv)
        case "*":
            return _plus(_times(du, v), _times(u, dv))
        case "/" | "over":
            return build(tree.word, _minus(du, _times(tree, dv)), v)
        case "neg":
            return build("neg", du)
        case "**":
            return _power_slope(tree, u, v, du, dv)
        case "max":
            return _higher_slope(u, v, du, dv)
        case "min":
            return _higher_slope(v, u, du, dv)
        case "above" | "level":
            return build(tree.word, u, dv)
    return ZERO if du == ZERO else _times(OUTER[tree.word](u), du)


def _power_slope(tree: Tree, u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    if isinstance(v, Number) and 0 < v.value < 1:
        return _times(_times(v, build("over", tree, u)), du)
    return _plus(_times(_times(v, _power(u, _minus(v, ONE))), du), _times(_times(tree, build("log", u)), dv))


def _higher_slope(u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    """du where u > v, dv where u < v; where they are equal 0 if one is constant, else the mean."""
    slopes = _plus(build("above", _minus(u, v), du), build("above", _minus(v, u), dv))
    if isinstance(u, Number) or isinstance(v, Number):
        return slopes
    return _plus(slopes, build("level", _minus(u, v), _times(HALF, _plus(du, dv))))


def _plus(u: Tree, v: Tree) -> Tree:
    return build("+", u, v)


def _minus(u: Tree, v: Tree) -> Tree:
    return build("-", u, v)


def _times(u: Tree, v: Tree) -> Tree:
    return build("*", u, v)


def _power(u: Tree, v: Tree) -> Tree:
    return build("**", u, v)


def _square(u: Tree) -> Tree:
    return build("**", u, Number(2.0))


def _inverse(u: Tree, scale: float = 1.0) -> Tree:
    return build("/", Number(scale), u)


def _root_below(u: Tree) -> Tree:
    """1 / sqrt(1 - u^2), with 0 chosen at |u| = 1."""
    return build("over", ONE, build("sqrt", _minus(ONE, _square(u))))


# g'(u) for every g(u).
OUTER: dict[str, Callable[[Tree], Tree]] = {
    "sin": lambda u: build("cos", u),
    "cos": lambda u: build("neg", build("sin", u)),
    "tan": lambda u: _plus(ONE, _square(build("tan", u))),
    "exp": lambda u: build("exp", u),
    "log": lambda u: _inverse(build("positive", u)),
    "log2": lambda u: _inverse(build("positive", u), 1 / math.log(2)),
    "log10": lambda u: _inverse(build("positive", u), 1 / math.log(10)),
    "sqrt": lambda u: build("over", HALF, build("sqrt", u)),
    "abs": lambda u: build("sign", u),
    "tanh": lambda u: _minus(ONE, _square(build("tanh", u))),
    "sinh": lambda u: build("cosh", u),
    "cosh": lambda u: build("sinh", u),
    "arcsin": _root_below,
    "arccos": lambda u: build("neg", _root_below(u)),
    "arctan": lambda u: _inverse(_plus(ONE, _square(u))),
    "sign": lambda u: ZERO,
    "positive": lambda u: ONE,
}


def simplified(tree: Tree) -> Tree:
    """The same formula, constants folded and what is trivially nothing left out."""
    match tree:
        case Apply(word, args):
            return build(word, *map(simplified, args))
        case Name(word) if word in CONSTANTS:
            return Number(CONSTANTS[word])
    return tree


def build(word: str, *args: Tree) -> Tree:
    """`word` of `args`, in fewer operations where that is plain to see.

    0 u is 0 and u^0 is 1, wherever u is. A constant that is not finite, as 1/0, is left as it stands.
    """
    numbers = [np.float64(u.value) for u in args if isinstance(u, Number)]
    if len(numbers) == len(args):
        with np.errstate(all="ignore"):
            value = float(MEANING[word](*numbers))
        return Number(value) if math.isfinite(value) else Apply(word, args)
    u, v = args[0], args[-1]  # the same where there is but one
    return _shorter(word, u, v) or _with_sign_in_front(word, u, v) or Apply(word, args)


def _shorter(word: str, u: Tree, v: Tree) -> Tree | None:
    match word, u, v:
        case ("+" | "-", _, Number(0)) | ("*" | "/" | "**", _, Number(1)):
            return u
        case ("+", Number(0), _) | ("*", Number(1), _):
            return v
        case ("*" | "/" | "over", Number(0), _) | ("*" | "above" | "level", _, Number(0)):
            return ZERO
        case "**", _, Number(0):
            return ONE
        case "neg", Apply("neg", (w,)), _:
            return w
    return None


def _with_sign_in_front(word: str, u: Tree, v: Tree) -> Tree | None:
    """The sign and the number of a product first, where they meet others of their kind."""
    match word, u, v:
        case ("-", Number(0), w) | ("*", Number(-1), w):
            return build("neg", w)
        case "*", _, Number():
            return build("*", v, u)
        case "*", Number(a), Apply("*", (Number(b), w)):
            return build("*", Number(a * b), w)
        case ("*", Number(a), Apply("neg", (w,))) | ("neg", Apply("*", (Number(a), w)), _):
            return build("*", Number(-a), w)
        case ("*", Apply("neg", (w,)), other) | ("*", other, Apply("neg", (w,))):
            return build("neg", build("*", w, other))
        case "+", _, Apply("neg", (w,)):
            return build("-", u, w)
        case "-", _, Apply("neg", (w,)):
            return build("+", u, w)
    return None
