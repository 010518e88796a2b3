"""Parse a visitor's formula f(x, y) into a tree, or refuse it with a sentence that says what to change.

Nothing is evaluated here. The text is first spelled: characters, numbers, names, brackets, and that operators stand
between what they join. Only what passes goes to Python's own parser, for the order of operations; of its tree only
the nodes named in `convert_ast` are known. Each of the two stages refuses by itself what the other would.
"""

import ast
import keyword
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from surfaces.formula.expression_tree import CONSTANTS, FUNCTIONS, VARIABLES, Apply, Name, Number, Tree
from surfaces.formula.syntax_hints import find_grouped_number, hint_for_character, hint_for_name
from surfaces.translatable import Translatable, UserError

MAX_FORMULA_CHARACTERS = 200  # characters
MAX_FORMULA_NODES = 100  # numbers, names, operators and functions
MAX_FORMULA_DEPTH = 60  # one inside the other

KNOWN_NAMES = (*VARIABLES, *CONSTANTS)
ALLOWED_HINT = Translatable(
    "A formula has numbers, x, y, pi, e, + - * / ** and these functions: {functions}.", functions=", ".join(FUNCTIONS)
)
_TOKEN = re.compile(
    r" *(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|[-+*/])|(?P<mark>[(),]))",
    re.ASCII,
)
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.USub: "neg", ast.UAdd: "",
}  # fmt: skip


class FormulaError(UserError):
    """A text is not a formula; `position` is the column of the fault, from 0, or None."""

    def __init__(self, pattern: str, position: int | None = None, /, **values: Any) -> None:
        super().__init__(pattern, **values)
        self.position = position


class Token(NamedTuple):
    kind: str | None  # number, name, sign or mark
    text: str
    position: int


def parse_formula(text: str) -> Tree:
    """The tree of a formula, as it was typed: nothing is simplified, brackets are gone.

    Any other text is a `FormulaError`, and no other exception.
    """
    if len(text) > MAX_FORMULA_CHARACTERS:
        raise FormulaError("A formula has at most {longest} characters; this has {length}.", MAX_FORMULA_CHARACTERS,
                           longest=MAX_FORMULA_CHARACTERS, length=len(text))  # fmt: skip
    tokens = list(_tokenize(text))
    _check_order(tokens)
    _check_brackets(tokens)
    indent = len(text) - len(text.lstrip(" "))
    try:
        body = ast.parse(text.strip(" "), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaError("This cannot be read as a formula. {allowed}", allowed=ALLOWED_HINT) from None
    return convert_ast(body, indent)


def _check_order(tokens: list[Token]) -> None:
    """Refuse operators and operands in an order without a meaning."""
    if not tokens:
        raise FormulaError("Write a formula in x and y, such as x**2 + 3*y**2.")
    before, complete = "", False  # the last token; whether an operand has just ended
    for kind, word, here in tokens:
        if before in FUNCTIONS and word == "**":
            raise FormulaError("A power of {before} is written {before}(...)**2.", here, before=before)
        if before in FUNCTIONS and word != "(":
            raise FormulaError("Write the argument of {before} in brackets: {before}(...).", here, before=before)
        opens = kind in {"number", "name"} or word == "("
        if opens and complete:
            raise FormulaError("Between “{before}” and “{word}” an operator is missing: write {before}*{word}.", here,
                               before=before, word=word)  # fmt: skip
        if not opens and not complete and word not in {"+", "-"}:
            raise FormulaError("Before “{word}” something is missing.", here, word=word)
        complete = word == ")" or (opens and word != "(" and word not in FUNCTIONS)
        before = word
    if not complete:
        raise FormulaError("After “{before}” something is missing.", here + len(before), before=before)


def _check_brackets(tokens: list[Token]) -> None:
    """Refuse brackets that do not pair, or too many inside one another."""
    opened: list[int] = []
    for _, word, here in tokens:
        if word == "(":
            opened.append(here)
        elif word == ")" and opened:
            opened.pop()
        elif word == ")":
            raise FormulaError("This bracket has no opening bracket before it.", here)
        if len(opened) > MAX_FORMULA_DEPTH:
            raise FormulaError("Too many brackets are nested.", here)
    if opened:
        raise FormulaError("This bracket is never closed: a “)” is missing.", opened[-1])


def _tokenize(text: str) -> Iterator[Token]:
    """Numbers, known names, signs and marks, left to right."""
    here, end = 0, len(text.rstrip(" "))
    while here < end:
        found = _TOKEN.match(text, here)
        if found is None:
            raise _unknown_character_error(text, end - len(text[here:end].lstrip(" ")))
        kind, word = found.lastgroup, found[found.lastgroup or 0]
        here = found.end()
        begun = here - len(word)
        if kind == "name" and word not in FUNCTIONS and word not in KNOWN_NAMES:
            raise _unknown_name_error(word, text, begun)
        if kind == "number":
            _check_number(word, text, begun)
        yield Token(kind, word, begun)


def _check_number(word: str, text: str, here: int) -> None:
    """Refuse digit groups, and digits and points that do not make a number."""
    if grouped := find_grouped_number(text, here):
        shown, instead = grouped
        raise FormulaError(
            "A number is written without gaps: {instead} for “{shown}”.", here, instead=instead, shown=shown
        )
    whole = re.split(r"[^\d.]", text[here : here + 20], maxsplit=1)[0]
    if whole.count(".") > 1:
        raise FormulaError("“{shown}” is not a number: it has more than one point.", here, shown=whole)
    if re.match(r"0\d", word):
        raise FormulaError("A number does not begin with 0: write {word}.", here, word=word.lstrip("0") or "0")


def _unknown_character_error(text: str, here: int) -> FormulaError:
    if hint := hint_for_character(text, here):
        return FormulaError(hint, here)
    character = text[here]
    shown = f"“{character}” (U+{ord(character):04X})" if character.isprintable() else f"U+{ord(character):04X}"
    if not character.isascii():
        return FormulaError(
            "The character {shown} is not one of a plain keyboard. {allowed}", here, shown=shown, allowed=ALLOWED_HINT
        )
    if not character.isprintable():
        return FormulaError("There is an invisible character, {shown}: write a formula on one line.", here, shown=shown)
    if character == ".":
        return FormulaError("A point belongs to a number, such as 0.5.", here)
    return FormulaError(
        "“{character}” has no meaning in a formula. {allowed}", here, character=character, allowed=ALLOWED_HINT
    )


def _unknown_name_error(word: str, text: str, here: int) -> FormulaError:
    shown = word if len(word) <= 20 else word[:20] + "…"
    if keyword.iskeyword(word):
        return FormulaError(
            "“{shown}” is a word of Python, not of a formula. {allowed}", here, shown=shown, allowed=ALLOWED_HINT
        )
    if hint := hint_for_name(word, text, here):
        return FormulaError(hint, here)
    return FormulaError("There is no “{shown}” here. {allowed}", here, shown=shown, allowed=ALLOWED_HINT)


def convert_ast(body: ast.expr, indent: int = 0) -> Tree:
    """Convert Python's tree; refuse any node that a formula cannot have. `indent` is added to positions."""
    if sum(isinstance(node, ast.expr) - isinstance(node, ast.Call) for node in ast.walk(body)) > MAX_FORMULA_NODES:
        raise FormulaError("The formula has more than {most} numbers, names and operators.", most=MAX_FORMULA_NODES)
    return _convert_node(body, indent, MAX_FORMULA_DEPTH)


def _convert_node(node: ast.expr, indent: int, depth_left: int) -> Tree:
    here = indent + node.col_offset
    if not depth_left:
        raise FormulaError("The formula is nested too deeply.", here)
    match node:
        case ast.Constant(int() | float() as value) if not isinstance(value, bool):
            return Number(_require_finite(value, here))
        case ast.Name(word) if word in KNOWN_NAMES:
            return Name(word)
        case ast.UnaryOp(sign, u) if type(sign) in _OPERATORS:
            word, inner = _OPERATORS[type(sign)], _convert_node(u, indent, depth_left - 1)
            return Apply(word, (inner,)) if word else inner
        case ast.BinOp(u, sign, v) if type(sign) in _OPERATORS:
            return Apply(_OPERATORS[type(sign)], tuple(_convert_node(w, indent, depth_left - 1) for w in (u, v)))
        case ast.Call(ast.Name(word), list(args), []) if word in FUNCTIONS:
            found, takes_two = len(args), word in {"min", "max"}
            if takes_two and found != 2:
                raise FormulaError("{word} takes 2 numbers in its brackets, not {found}.", here, word=word, found=found)
            if not takes_two and found != 1:
                raise FormulaError("{word} takes 1 number in its brackets, not {found}.", here, word=word, found=found)
            return Apply(word, tuple(_convert_node(u, indent, depth_left - 1) for u in args))
        case ast.Tuple():
            raise FormulaError("A comma separates what max and min compare. Write 0.5 for 0,5.", here)
    raise FormulaError("This cannot stand in a formula. {allowed}", here, allowed=ALLOWED_HINT)


def _require_finite(value: float, here: int) -> float:
    with suppress(OverflowError):
        if math.isfinite(number := float(value)):
            return number
    raise FormulaError("This number is too large.", here)
