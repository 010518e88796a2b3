"""Fold constants and drop trivial terms of an expression tree, so that a derivative has no kinks of its own."""

import math
from functools import partial, reduce

import numpy as np

from surfaces.formula.expression_tree import (
    CONSTANTS,
    HALF,
    NUMPY_FUNCTIONS,
    ONE,
    SIDE_FUNCTIONS,
    ZERO,
    Apply,
    Name,
    Number,
    Tree,
)


def simplify(tree: Tree) -> Tree:
    """The same formula with constants folded and trivial terms dropped."""
    match tree:
        case Apply("min" | "max" as word, args):
            return _join_extremes(word, [*dict.fromkeys(map(simplify, args))])
        case Apply("relu", (u,)):
            return build_simplified("max", ZERO, simplify(u))
        case Apply(word, args):
            return build_simplified(word, *map(simplify, args))
        case Name(word) if word in CONSTANTS:
            return Number(CONSTANTS[word])
    return tree


def _join_extremes(word: str, parts: list[Tree]) -> Tree:
    """The least or the greatest of several, two at a time: the numbers as one, the others in halves."""
    join = partial(build_simplified, word)
    numbers: list[Tree] = [part for part in parts if isinstance(part, Number)]
    others: list[Tree] = [part for part in parts if not isinstance(part, Number)]
    joined = [reduce(join, numbers)] if numbers else []
    if len(others) > 2:
        half = (len(others) + 1) // 2
        others = [_join_extremes(word, others[:half]), _join_extremes(word, others[half:])]
    return reduce(join, [*joined, *others] if isinstance(parts[0], Number) else [*others, *joined])


def build_simplified(name: str, *args: Tree) -> Tree:
    """`name` applied to `args`, in fewer operations where the form allows it.

    0 u is 0 and u^0 is 1, wherever u is. A constant that is not finite, as 1/0, is left as it stands.
    """
    numbers = [np.float64(u.value) for u in args if isinstance(u, Number)]
    if len(numbers) == len(args):
        with np.errstate(all="ignore"):
            value = float(NUMPY_FUNCTIONS[name](*numbers))
        return Number(value) if math.isfinite(value) else Apply(name, args)
    if name == "where":
        return _fold_choice(*args)
    u, v = args[0], args[-1]  # the same where there is but one
    found = _fold_trivial(name, u, v) or _merge_powers(name, u, v) or _move_sign_to_front(name, u, v)
    return found or _move_sides_to_front(name, u, v) or Apply(name, args)


def _fold_trivial(name: str, u: Tree, v: Tree) -> Tree | None:
    match name, u, v:
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
            return build_simplified("left" if name == "right" else "right", w)
    return None


def _fold_choice(condition: Tree, u: Tree, v: Tree) -> Tree:
    if isinstance(condition, Number):
        return u if condition.value else v
    return u if u == v else Apply("where", (condition, u, v))


def _merge_powers(name: str, u: Tree, v: Tree) -> Tree | None:
    """Powers of powers as one, so that what is smooth has no kink at 0: |u|^2 is u^2, and sqrt(u^4) is u^2 too."""
    match name, u, v:
        case "max", w, Apply("neg", (z,)) if w == z:
            return build_simplified("abs", w)
        case "*", Apply(("abs" | "sqrt") as one, (w,)), Apply(other, (z,)) if one == other and w == z:
            return _merge_powers("**", u, Number(2.0))
        case "sqrt", Apply("**"), _:
            return _merge_powers("**", u, HALF)
        case "cbrt", Apply("**", (w, Number(n))), _ if n % 3 == 0:
            return build_simplified("**", w, Number(n / 3))
        case "**", Apply("cbrt", (w,)), Number(n) if n % 3 == 0:
            return build_simplified("**", w, Number(n / 3))
        case "**", Apply("abs", (w,)), Number(n) if n % 2 == 0:
            return build_simplified("**", w, v)
        case "**", Apply("sqrt", (w,)), Number(n) if n % 2 == 0 and _is_nonnegative(w):
            return build_simplified("**", w, Number(n / 2))
        case "**", Apply("**", (w, Number(m))), Number(n) if n % 1 and m > 0 and (m % 2 == 0 or _is_nonnegative(w)):
            return build_simplified("**", build_simplified("abs", w), Number(m * n))
    return None


def _is_nonnegative(tree: Tree) -> bool:
    """Whether the form of a tree shows that it is nowhere negative."""
    match tree:
        case Number(value):
            return value >= 0
        case Apply("abs" | "sqrt" | "exp" | "cosh" | "sigmoid" | "softplus"):
            return True
        case Apply("**", (_, Number(n))):
            return n % 2 == 0
        case Apply("+" | "*" | "/", (u, v)):
            return _is_nonnegative(u) and _is_nonnegative(v)
    return False


def _move_sign_to_front(name: str, u: Tree, v: Tree) -> Tree | None:
    """Move the sign and the number of a product to its front, where they are joined with others."""
    match name, u, v:
        case ("-", Number(0), w) | ("*", Number(-1), w):
            return build_simplified("neg", w)
        case "*", _, Number():
            return build_simplified("*", v, u)
        case "*", Number(a), Apply("*", (Number(b), w)):
            return build_simplified("*", Number(a * b), w)
        case ("*", Number(a), Apply("neg", (w,))) | ("neg", Apply("*", (Number(a), w)), _):
            return build_simplified("*", Number(-a), w)
        case ("*" | "fades", Apply("neg", (w,)), other):
            return build_simplified("neg", build_simplified(name, w, other))
        case ("*" | "fades", other, Apply("neg", (w,))):
            return build_simplified("neg", build_simplified(name, other, w))
        case "+", _, Apply("neg", (w,)):
            return build_simplified("-", u, w)
        case "-", _, Apply("neg", (w,)):
            return build_simplified("+", u, w)
    return None


def _move_sides_to_front(name: str, u: Tree, v: Tree) -> Tree | None:
    """The factors side(z), right(z) and left(z) of a product moved to its front, behind its number only; else None.

    There those of the same kink, z = 0, are joined. So a derivative that is the same on both sides of a kink does not
    mention the kink any more, and has its value there, too.
    """
    if name in {"*", "/", "over", "fades"}:  # a sum of which a term is on a side is taken term by term
        match u, v:
            case (Apply("+" | "-" as sign, (p, q)), _) if _has_side_factor(u) and name != "fades":
                return build_simplified(sign, build_simplified(name, p, v), build_simplified(name, q, v))
            case (_, Apply("+" | "-" as sign, (p, q))) if _has_side_factor(v) and name in {"*", "fades"}:
                return build_simplified(sign, build_simplified(name, u, p), build_simplified(name, u, q))
    elif name not in {"+", "-"}:
        return None
    (ours, a), (theirs, b) = _split_sides(u), _split_sides(v)
    match name:
        case "*" | "fades" if (ours or theirs) and not isinstance(u, Number):
            return _multiply_by_sides(ours + theirs, build_simplified(name, a, b))
        case "/" | "over" if ours:
            return _multiply_by_sides(ours, build_simplified(name, a, v))
        case "+" | "-" if ours and set(ours) == set(theirs):
            return _multiply_by_sides(ours, build_simplified(name, a, b))
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
    """`tree` times these factors: of one kink side^2 = 1, right^2 = right, side left = -left and right left = 0."""
    at_kink: dict[tuple[Tree, ...], list[str]] = {}
    for side in sides:
        at_kink.setdefault(side.args, []).append(side.name)
    left: list[Apply] = []
    for z, words in at_kink.items():
        if {"right", "left"} <= set(words):
            return ZERO
        if words.count("side") % 2 and "right" not in words:
            tree = build_simplified("neg", tree) if "left" in words else tree
            left += [] if "left" in words else [Apply("side", z)]
        left += [Apply(word, z) for word in ("right", "left") if word in words]
    return _prepend_sides(left, tree)


def _has_side_factor(tree: Tree) -> bool:
    """Whether a term of this sum begins with a factor of `SIDE_FUNCTIONS`."""
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
        tree = side if tree == ONE else Apply("*" if side.name == "side" else "fades", (side, tree))
    return tree
