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
DerivativeCache = dict[int, tuple[Tree, Tree]]  # by identity: a tree and its derivative

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
DERIVATIVE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sign": np.sign,
    "positive": lambda u: np.where(u > 0, u, np.nan),
    "over": lambda u, v: u * (v != 0) / (v + (v == 0)),
    "right": lambda z: 0.5 + 0.5 * np.sign(z),
    "left": lambda z: 0.5 - 0.5 * np.sign(z),
    "fades": lambda w, u: np.where(w == 0, 0.0, w * u),
}
"""Only derivatives need these: the slope of |u|; u where a logarithm has a slope, NaN elsewhere; u / v with 0 chosen at
v = 0; 1 on this side of z = 0, 0 on the other and a half between; w u, and 0 where w is 0, however large u is there:
for a w that goes to 0 faster than u can grow."""
SIDE_FUNCTIONS = ("sign", "right", "left")
NUMPY_FUNCTIONS = OPERATORS | FUNCTIONS | DERIVATIVE_FUNCTIONS


def differentiate(tree: Tree, variable: str, known: DerivativeCache) -> Tree:
    r"""The derivative of a tree from `simplify` with respect to x or y, by the chain rule.

    $$ (u + v)' = u' + v', \quad (uv)' = u'v + uv', \quad
    \left(\frac uv\right)' = \frac{u' - (u / v)\, v'}{v}, \quad g(u)' = g'(u)\, u' $$
    $$ (u^n)' = n\, u^{n - 1} u', \quad (u^v)' = v\, u^{v - 1} u' + u^v \log(u)\, v' $$

    A constant exponent needs no logarithm, so $(-3)^2$ has its slope; a varying one has a slope in itself
    only where $u \ge 0$.

    Kinks: the slope is the mean of those on both sides, as `torch.maximum` and `torch.abs` have it. So that of $|u|$ at
    0 is 0, that of $\max(0, u)$ is $u'/2$ there, and where the kinks of a sum cancel, as in $\max(0, u) + \log(1 +
    e^{-|u|})$, it is the slope of the sum. (`surfaces.functions.kinks` has the floor's slope, 0, for a ReLU.) Where the
    slope of a root, of $u^n$ with $0 < n < 1$, of arcsin or of arccos is infinite, 0 is chosen. Second derivatives at a
    kink are means of both sides, too. Those at a chosen 0 are made of it, so that $\cos\sqrt{x^2 + y^2}$ has no
    curvature at the very top of its hill.

    Where a slope is a product of 0 with infinity it is 0 if the 0 surely wins: in $u^v \log u$ at $u = 0 < v$; in $e^u$
    at $u = -\infty$ and $\tanh u$ at $u = \pm\infty$, unless $u$ is made of logarithms; and in $1/u$ and
    $\arctan u$ where $u$ is too large for a number, but not at its poles. Else it is NaN.

    `known` keeps what has been derived, by identity: what a tree shares is derived once, and stays shared.
    Take one for each variable.
    """
    if id(tree) not in known:
        known[id(tree)] = tree, _differentiate(tree, variable, known)
    return known[id(tree)][1]


def _differentiate(tree: Tree, variable: str, known: DerivativeCache) -> Tree:
    if not isinstance(tree, Apply):
        return ONE if tree == Name(variable) else ZERO
    u, v = tree.args[0], tree.args[-1]  # the same where there is but one
    du, dv = differentiate(u, variable, known), differentiate(v, variable, known)
    match tree.word:
        case "+" | "-":
            return build_simplified(tree.word, du, dv)
        case "*":
            return _plus(_times(du, v), _times(u, dv))
        case "/" | "over":
            return build_simplified(
                tree.word, _minus(du, _vanishing_product(tree, dv) if _is_entire(v) else _times(tree, dv)), v
            )
        case "neg":
            return build_simplified("neg", du)
        case "**":
            return _differentiate_power(tree, u, v, du, dv)
        case "max" | "min":
            ours, theirs = ("right", "left") if tree.word == "max" else ("left", "right")
            return _plus(
                _vanishing_product(build_simplified(ours, _minus(u, v)), du),
                _vanishing_product(build_simplified(theirs, _minus(u, v)), dv),
            )
        case "fades":
            return _plus(_vanishing_product(du, v), _vanishing_product(u, dv))
        case "exp" | "tanh" if not _has_logarithm(u):
            return ZERO if du == ZERO else _vanishing_product(OUTER_DERIVATIVES[tree.word](u), du)
        case "arctan" if _is_entire(u):
            return ZERO if du == ZERO else _vanishing_product(OUTER_DERIVATIVES[tree.word](u), du)
    return ZERO if du == ZERO else _times(OUTER_DERIVATIVES[tree.word](u), du)


def _differentiate_power(tree: Tree, u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    if isinstance(v, Number):
        steep = build_simplified("over", tree, u) if 0 < v.value < 1 else _power(u, _minus(v, ONE))
        return _times(_times(v, steep), du)
    growth = _vanishing_product(tree, build_simplified("log", u))
    by_exponent = _times(growth, dv) if _has_logarithm(v) else _vanishing_product(growth, dv)
    return _plus(_vanishing_product(du, _vanishing_product(v, _power(u, _minus(v, ONE)))), by_exponent)


def _is_entire(tree: Tree) -> bool:
    """Is its value infinite by overflow only, as that of exp(1000), and never at a pole?"""
    match tree:
        case Apply("**", (u, v)):
            return isinstance(v, Number) and v.value > 0 and _is_entire(u)
        case Apply(word, args):
            return word not in {"/", "over", "tan", "log", "log2", "log10", "positive"} and all(map(_is_entire, args))
    return True


def _has_logarithm(tree: Tree) -> bool:
    return isinstance(tree, Apply) and (tree.word in {"log", "log2", "log10"} or any(map(_has_logarithm, tree.args)))


def _plus(u: Tree, v: Tree) -> Tree:
    return build_simplified("+", u, v)


def _minus(u: Tree, v: Tree) -> Tree:
    return build_simplified("-", u, v)


def _times(u: Tree, v: Tree) -> Tree:
    return build_simplified("*", u, v)


def _vanishing_product(w: Tree, u: Tree) -> Tree:
    return build_simplified("fades", w, u)


def _power(u: Tree, v: Tree) -> Tree:
    return build_simplified("**", u, v)


def _square(u: Tree) -> Tree:
    return build_simplified("**", u, Number(2.0))


def _inverse(u: Tree, scale: float = 1.0) -> Tree:
    return build_simplified("/", Number(scale), u)


def _arcsin_derivative(u: Tree) -> Tree:
    """1 / sqrt(1 - u^2), with 0 chosen at |u| = 1."""
    return build_simplified("over", ONE, build_simplified("sqrt", _minus(ONE, _square(u))))


# g'(u) for every g(u).
OUTER_DERIVATIVES: dict[str, Callable[[Tree], Tree]] = {
    "sin": lambda u: build_simplified("cos", u),
    "cos": lambda u: build_simplified("neg", build_simplified("sin", u)),
    "tan": lambda u: _plus(ONE, _square(build_simplified("tan", u))),
    "exp": lambda u: build_simplified("exp", u),
    "log": lambda u: _inverse(build_simplified("positive", u)),
    "log2": lambda u: _inverse(build_simplified("positive", u), 1 / math.log(2)),
    "log10": lambda u: _inverse(build_simplified("positive", u), 1 / math.log(10)),
    "sqrt": lambda u: build_simplified("over", HALF, build_simplified("sqrt", u)),
    "abs": lambda u: build_simplified("sign", u),
    "tanh": lambda u: _minus(ONE, _square(build_simplified("tanh", u))),
    "sinh": lambda u: build_simplified("cosh", u),
    "cosh": lambda u: build_simplified("sinh", u),
    "arcsin": _arcsin_derivative,
    "arccos": lambda u: build_simplified("neg", _arcsin_derivative(u)),
    "arctan": lambda u: _inverse(_plus(ONE, _square(u))),
    **dict.fromkeys(SIDE_FUNCTIONS, lambda u: ZERO),
    "positive": lambda u: ONE,
}


def simplify(tree: Tree) -> Tree:
    """The same formula, constants folded and what is trivially nothing left out."""
    match tree:
        case Apply(word, args):
            return build_simplified(word, *map(simplify, args))
        case Name(word) if word in CONSTANTS:
            return Number(CONSTANTS[word])
    return tree


def build_simplified(word: str, *args: Tree) -> Tree:
    """`word` of `args`, in fewer operations where that is plain to see.

    0 u is 0 and u^0 is 1, wherever u is. A constant that is not finite, as 1/0, is left as it stands.
    """
    numbers = [np.float64(u.value) for u in args if isinstance(u, Number)]
    if len(numbers) == len(args):
        with np.errstate(all="ignore"):
            value = float(NUMPY_FUNCTIONS[word](*numbers))
        return Number(value) if math.isfinite(value) else Apply(word, args)
    u, v = args[0], args[-1]  # the same where there is but one
    found = _fold_trivial(word, u, v) or _merge_powers(word, u, v) or _move_sign_to_front(word, u, v)
    return found or _move_sides_to_front(word, u, v) or Apply(word, args)


def _fold_trivial(word: str, u: Tree, v: Tree) -> Tree | None:
    match word, u, v:
        case ("+" | "-", _, Number(0)) | ("*" | "/" | "**" | "fades", _, Number(1)):
            return u
        case ("+", Number(0), _) | ("*" | "fades", Number(1), _):
            return v
        case ("*" | "/" | "over" | "fades", Number(0), _) | ("*" | "fades", _, Number(0)):
            return ZERO
        case ("fades", _, Number()) | ("fades", Number(), _):
            return build_simplified("*", u, v)
        case "**", _, Number(0):
            return ONE
        case "neg", Apply("neg", (w,)), _:
            return w
        case "right" | "left", Apply("neg", (w,)), _:
            return build_simplified("left" if word == "right" else "right", w)
    return None


def _merge_powers(word: str, u: Tree, v: Tree) -> Tree | None:
    """Powers of powers as one, so that what is smooth has no kink at 0: |u|^2 is u^2, and sqrt(u^4) is u^2 too."""
    match word, u, v:
        case "max", w, Apply("neg", (z,)) if w == z:
            return build_simplified("abs", w)
        case "*", Apply(("abs" | "sqrt") as one, (w,)), Apply(other, (z,)) if one == other and w == z:
            return _merge_powers("**", u, Number(2.0))
        case "sqrt", Apply("**"), _:
            return _merge_powers("**", u, HALF)
        case "**", Apply("abs", (w,)), Number(n) if n % 2 == 0:
            return build_simplified("**", w, v)
        case "**", Apply("sqrt", (w,)), Number(n) if n % 2 == 0 and _is_nonnegative(w):
            return build_simplified("**", w, Number(n / 2))
        case "**", Apply("**", (w, Number(m))), Number(n) if n % 1 and m > 0 and (m % 2 == 0 or _is_nonnegative(w)):
            return build_simplified("**", build_simplified("abs", w), Number(m * n))
    return None


def _is_nonnegative(tree: Tree) -> bool:
    """Is it plain to see that this is negative nowhere?"""
    match tree:
        case Number(value):
            return value >= 0
        case Apply("abs" | "sqrt" | "exp" | "cosh"):
            return True
        case Apply("**", (_, Number(n))):
            return n % 2 == 0
        case Apply("+" | "*" | "/", (u, v)):
            return _is_nonnegative(u) and _is_nonnegative(v)
    return False


def _move_sign_to_front(word: str, u: Tree, v: Tree) -> Tree | None:
    """The sign and the number of a product first, where they meet others of their kind."""
    match word, u, v:
        case ("-", Number(0), w) | ("*", Number(-1), w):
            return build_simplified("neg", w)
        case "*", _, Number():
            return build_simplified("*", v, u)
        case "*", Number(a), Apply("*", (Number(b), w)):
            return build_simplified("*", Number(a * b), w)
        case ("*", Number(a), Apply("neg", (w,))) | ("neg", Apply("*", (Number(a), w)), _):
            return build_simplified("*", Number(-a), w)
        case ("*" | "fades", Apply("neg", (w,)), other):
            return build_simplified("neg", build_simplified(word, w, other))
        case ("*" | "fades", other, Apply("neg", (w,))):
            return build_simplified("neg", build_simplified(word, other, w))
        case "+", _, Apply("neg", (w,)):
            return build_simplified("-", u, w)
        case "-", _, Apply("neg", (w,)):
            return build_simplified("+", u, w)
    return None


def _move_sides_to_front(word: str, u: Tree, v: Tree) -> Tree | None:
    """The factors sign(z), right(z) and left(z) of a product moved to its front, behind its number only; else None.

    There those of the same kink, z = 0, are joined. So a derivative that is the same on both sides of a kink does not
    mention the kink any more, and has its value there, too.
    """
    if word in {"*", "/", "over", "fades"}:  # a sum of which a term is on a side is taken term by term
        match u, v:
            case (Apply("+" | "-" as sign, (p, q)), _) if _has_side_factor(u) and word != "fades":
                return build_simplified(sign, build_simplified(word, p, v), build_simplified(word, q, v))
            case (_, Apply("+" | "-" as sign, (p, q))) if _has_side_factor(v) and word in {"*", "fades"}:
                return build_simplified(sign, build_simplified(word, u, p), build_simplified(word, u, q))
    elif word not in {"+", "-"}:
        return None
    (ours, a), (theirs, b) = _split_sides(u), _split_sides(v)
    match word:
        case "*" | "fades" if (ours or theirs) and not isinstance(u, Number):
            return _multiply_by_sides(ours + theirs, build_simplified(word, a, b))
        case "/" | "over" if ours:
            return _multiply_by_sides(ours, build_simplified(word, a, v))
        case "+" | "-" if ours and set(ours) == set(theirs):
            return _multiply_by_sides(ours, build_simplified(word, a, b))
    return None


def _split_sides(tree: Tree) -> tuple[list[Apply], Tree]:
    """The factors of `SIDE_FUNCTIONS` in front of a product, and the product of the others."""
    match tree:
        case Apply(word) if word in SIDE_FUNCTIONS:
            return [tree], ONE
        case Apply("*" | "fades", (Apply(word) as side, w)) if word in SIDE_FUNCTIONS:
            sides, rest = _split_sides(w)
            return [side, *sides], rest
        case Apply("*", (Number() as n, w)):
            sides, rest = _split_sides(w)
            return (sides, build_simplified("*", n, rest)) if sides else ([], tree)
        case Apply("neg", (w,)):
            sides, rest = _split_sides(w)
            return (sides, build_simplified("neg", rest)) if sides else ([], tree)
    return [], tree


def _multiply_by_sides(sides: list[Apply], tree: Tree) -> Tree:
    """`tree` times these factors: of one kink sign^2 = 1, right^2 = right, sign left = -left and right left = 0."""
    at_kink: dict[tuple[Tree, ...], list[str]] = {}
    for side in sides:
        at_kink.setdefault(side.args, []).append(side.word)
    left: list[Apply] = []
    for z, words in at_kink.items():
        if {"right", "left"} <= set(words):
            return ZERO
        if words.count("sign") % 2 and "right" not in words:
            tree = build_simplified("neg", tree) if "left" in words else tree
            left += [] if "left" in words else [Apply("sign", z)]
        left += [Apply(word, z) for word in ("right", "left") if word in words]
    return _prepend_sides(left, tree)


def _has_side_factor(tree: Tree) -> bool:
    """Has a term of this sum a factor of `SIDE_FUNCTIONS` in front?"""
    match tree:
        case Apply("+" | "-", (u, v)):
            return _has_side_factor(u) or _has_side_factor(v)
    return bool(_split_sides(tree)[0])


def _prepend_sides(sides: list[Apply], tree: Tree) -> Tree:
    """`tree` times these factors, the sign and the number of `tree` in front of them."""
    match tree:
        case Apply("neg", (w,)):
            return build_simplified("neg", _prepend_sides(sides, w))
        case Apply("*", (Number() as n, w)):
            return build_simplified("*", n, _prepend_sides(sides, w))
        case Number(value) if sides and value != 1:
            return build_simplified("*", tree, _prepend_sides(sides, ONE))
    for side in reversed(sides):
        tree = side if tree == ONE else Apply("*" if side.word == "sign" else "fades", (side, tree))
    return tree
