"""The exact derivative of an expression tree, as a tree again."""

import math
from collections.abc import Callable
from functools import partial

from surfaces.formula.expression_tree import HALF, ONE, SIDE_FUNCTIONS, ZERO, Apply, Name, Number, Tree, is_condition
from surfaces.formula.simplification import build_simplified

DerivativeCache = dict[int, tuple[Tree, Tree]]  # by identity: a tree and its derivative


def differentiate(tree: Tree, variable: str, cache: DerivativeCache) -> Tree:
    r"""The derivative of a tree from `simplify` with respect to x or y, by the chain rule.

    $$ (u + v)' = u' + v', \quad (uv)' = u'v + uv', \quad
    \left(\frac uv\right)' = \frac{u' - (u / v)\, v'}{v}, \quad g(u)' = g'(u)\, u' $$
    $$ (u^n)' = n\, u^{n - 1} u', \quad (u^v)' = v\, u^{v - 1} u' + u^v \log(u)\, v' $$

    A constant exponent needs no logarithm, so $(-3)^2$ has its slope; a varying one has a slope in itself
    only where $u \ge 0$.

    Kinks: the slope is the mean of those on both sides, as `torch.maximum` and `torch.abs` have it. So that of $|u|$ at
    0 is 0, that of $\max(0, u)$ and of relu is $u'/2$ there, and where the kinks of a sum cancel, as in $\max(0, u) +
    \log(1 + e^{-|u|})$, it is the slope of the sum. (`surfaces.functions.kinks` has the floor's slope, 0, for a ReLU.)
    Of more than two different arguments max and min are taken two at a time. Where the slope of a root, of
    $u^n$ with $0 < n < 1$, of cbrt, arcsin or arccos is infinite, 0 is chosen, and so it is for atan2 at (0, 0). Second
    derivatives at a kink are means of both sides, too. Those at a chosen 0 are made of it, so that
    $\cos\sqrt{x^2 + y^2}$ has no curvature at the very top of its hill.

    Jumps: of sign and floor the slope is 0, of mod(u, v) it is $u' - \lfloor u/v \rfloor v'$, and of where it is the
    slope of the part that the comparison chooses, also at the very edge.

    Where a slope is a product of 0 with infinity it is 0 if the 0 surely wins: in $u^v \log u$ at $u = 0 < v$; in
    $e^u$, softplus and the sigmoid at $u = -\infty$, in the sigmoid, tanh and erf also at $+\infty$, unless $u$ is
    made of logarithms; and in $1/u$ and $\arctan u$ where $u$ is too large for a number, but not at its poles. Else it
    is NaN.

    `cache` keeps what has been derived, by identity: what a tree shares is derived once, and stays shared.
    Take one for each variable.
    """
    if id(tree) not in cache:
        cache[id(tree)] = tree, _differentiate(tree, variable, cache)
    return cache[id(tree)][1]


def _differentiate(tree: Tree, variable: str, cache: DerivativeCache) -> Tree:
    if not isinstance(tree, Apply):
        return ONE if tree == Name(variable) else ZERO
    u, v = tree.args[0], tree.args[-1]  # the same where there is but one
    du, dv = ZERO if is_condition(u) else differentiate(u, variable, cache), differentiate(v, variable, cache)
    match tree.name:
        case "+" | "-":
            return build_simplified(tree.name, du, dv)
        case "*":
            return _plus(_times(du, v), _times(u, dv))
        case "/" | "over":
            multiply = _vanishing_product if _is_entire(v) else _times
            return build_simplified(tree.name, _minus(du, multiply(tree, dv)), v)
        case "neg":
            return build_simplified("neg", du)
        case "**":
            return _differentiate_power(tree, u, v, du, dv)
        case "max" | "min":
            ours, theirs = ("right", "left") if tree.name == "max" else ("left", "right")
            return _plus(
                _vanishing_product(build_simplified(ours, _minus(u, v)), du),
                _vanishing_product(build_simplified(theirs, _minus(u, v)), dv),
            )
        case "where":
            condition, u, v = tree.args
            return build_simplified("where", condition, differentiate(u, variable, cache), dv)
        case "mod":
            return _minus(du, _times(build_simplified("wholes", u, v), dv))
        case "atan2":
            turn = _minus(_times(v, du), _times(u, dv))
            return build_simplified("over", turn, _plus(_square(u), _square(v)))
        case "wholes":
            return ZERO
        case "fades":
            return _plus(_vanishing_product(du, v), _vanishing_product(u, dv))
    vanishes = _is_entire(u) if tree.name == "arctan" else tree.name in FADING_FUNCTIONS and not _has_logarithm(u)
    multiply = _vanishing_product if vanishes else _times
    return ZERO if du == ZERO else multiply(OUTER_DERIVATIVES[tree.name](u), du)


def _differentiate_power(tree: Tree, u: Tree, v: Tree, du: Tree, dv: Tree) -> Tree:
    if isinstance(v, Number):
        steep = build_simplified("over", tree, u) if 0 < v.value < 1 else _power(u, _minus(v, ONE))
        return _times(_times(v, steep), du)
    growth = _vanishing_product(tree, build_simplified("log", u))
    by_exponent = _times(growth, dv) if _has_logarithm(v) else _vanishing_product(growth, dv)
    return _plus(_vanishing_product(du, _vanishing_product(v, _power(u, _minus(v, ONE)))), by_exponent)


def _is_entire(tree: Tree) -> bool:
    """Whether its value is infinite by overflow only, as exp(1000) is, and never at a pole."""
    match tree:
        case Apply("**", (u, v)):
            return isinstance(v, Number) and v.value > 0 and _is_entire(u)
        case Apply(word, args):
            return word not in {"/", "over", "tan", "log", "log2", "log10", "positive"} and all(map(_is_entire, args))
    return True


def _has_logarithm(tree: Tree) -> bool:
    return isinstance(tree, Apply) and (tree.name in {"log", "log2", "log10"} or any(map(_has_logarithm, tree.args)))


# Their slope goes to 0 faster than that of their argument can grow, on one side or on both.
FADING_FUNCTIONS = {"exp", "tanh", "sigmoid", "softplus", "erf"}

_plus, _minus, _times = (partial(build_simplified, word) for word in "+-*")
_power, _vanishing_product = (partial(build_simplified, word) for word in ("**", "fades"))


def _square(u: Tree) -> Tree:
    return _power(u, Number(2.0))


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
    "abs": lambda u: build_simplified("side", u),
    "tanh": lambda u: _minus(ONE, _square(build_simplified("tanh", u))),
    "sinh": lambda u: build_simplified("cosh", u),
    "cosh": lambda u: build_simplified("sinh", u),
    "arcsin": _arcsin_derivative,
    "arccos": lambda u: build_simplified("neg", _arcsin_derivative(u)),
    "arctan": lambda u: _inverse(_plus(ONE, _square(u))),
    "cbrt": lambda u: build_simplified("over", Number(1 / 3), _square(build_simplified("cbrt", u))),
    "erf": lambda u: _times(
        Number(2 / math.sqrt(math.pi)), build_simplified("exp", build_simplified("neg", _square(u)))
    ),
    "sigmoid": lambda u: _times(
        build_simplified("sigmoid", u), build_simplified("sigmoid", build_simplified("neg", u))
    ),  # not s (1 - s), which is 0 from u = 37 on
    "softplus": lambda u: build_simplified("sigmoid", u),
    **dict.fromkeys((*SIDE_FUNCTIONS, "sign", "floor"), lambda u: ZERO),
    "positive": lambda u: ONE,
}
