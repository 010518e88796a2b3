"""Read a formula f(x, y) as people write it: into a tree, and into the one canonical text that links keep.

What is read is shown, what could mean two things is asked, and whatever is no formula is refused with every problem
that can be told at once. Nothing is ever evaluated or run.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache, reduce
from itertools import combinations, islice, product
from typing import Any, NamedTuple

from surfaces.formula.expression_tree import (
    ARITIES,
    COMPARISONS,
    CONSTANTS,
    FUNCTIONS,
    ONE,
    VARIABLES,
    ZERO,
    Apply,
    Name,
    Number,
    Tree,
    is_condition,
)
from surfaces.formula.printer import to_text
from surfaces.formula.tokenizer import Problem, Token, tokenize
from surfaces.formula.word_meanings import find_macro
from surfaces.spelling_suggestions import find_plain_character
from surfaces.translatable import Translatable, UserError

MAX_FORMULA_CHARACTERS = 200  # of the canonical text
MAX_TYPED_CHARACTERS = 600
MAX_FORMULA_NODES = 100  # numbers, names, operators and functions
MAX_FORMULA_DEPTH = 60  # one inside the other
MAX_DEPTH_OF_READING = 150  # operands in operands, brackets in brackets
MAX_UNSURE_COMMAS = 6  # in a call
MAX_PROBLEMS = 6  # that are told
MAX_TRIED_READINGS = 16
MAX_READINGS = 4  # that are offered

# How tightly operators bind, as in Python: -x**2 is -(x**2), and x**-2 needs no brackets.
OR, AND, COMPARISON, SUM, PRODUCT, SIGN, POWER = range(1, 8)
BINDING = {"or": OR, "and": AND, **dict.fromkeys((*COMPARISONS, "="), COMPARISON), "+": SUM, "-": SUM, "*": PRODUCT,
           "/": PRODUCT, "**": POWER}  # fmt: skip
CLOSING_BARS = {"|": ("|", "|right"), "‖": ("‖", "‖right"), "⌊": ("⌋",), "⌈": ("⌉",)}
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}
PLACEHOLDER = Name("x")  # in the place of what was not understood, in a tree that nobody will see


class FormulaError(UserError):
    """A text is not a formula: `problems` are all that could be found, `position` is the column of the first, or None.

    Where it could mean several things, `readings` are these.
    """

    def __init__(self, pattern: str, position: int | None = None, /, **values: Any) -> None:
        super().__init__(pattern, **values)
        self.position = position
        self.problems: tuple[Problem, ...] = () if position is None else (Problem(self.message, position),)
        self.readings: tuple[Reading, ...] = ()


class Reading(NamedTuple):
    """What was understood."""

    tree: Tree  # as it was typed: nothing is simplified, brackets are gone
    text: str  # the canonical text, which is read as the same tree
    remarks: tuple[Translatable, ...]  # what a reader might have expected otherwise


def parse_formula(text: str) -> Tree:
    """The tree of a formula. Any other text is a `FormulaError`, and no other exception."""
    return read_formula(text).tree


def read_formula(text: str) -> Reading:
    """Read a formula; a text that could mean several things is a `FormulaError` that has these as its `readings`."""
    if len(text) > MAX_TYPED_CHARACTERS:
        raise FormulaError("A formula has at most {longest} characters; this has {length}.", MAX_FORMULA_CHARACTERS,
                           longest=MAX_TYPED_CHARACTERS, length=len(text))  # fmt: skip
    reading = _read(text)
    if isinstance(reading, FormulaError):
        fresh = FormulaError(reading.message, reading.position)
        fresh.problems, fresh.readings = reading.problems, reading.readings
        raise fresh
    return reading


@lru_cache(maxsize=256)
def _read(text: str) -> Reading | FormulaError:
    try:
        return _read_anew(text)
    except FormulaError as error:
        return error.with_traceback(None)  # which would keep all that was at work


def _read_anew(text: str) -> Reading:
    tokens, problems, is_plain = tokenize(text)
    if not tokens and not problems:
        raise FormulaError("Write a formula in x and y, such as x^2 + 3y^2.")
    first = _Parser(tokens, {})
    tree = first.parse()
    if problems := _sort_problems([*problems, *first.problems]):
        raise _make_error(problems)
    if not first.choices:
        return _finish(tree, text if is_plain and first.is_plain else None, first.remarks)
    _check_size(tree)
    readings: dict[Tree, Reading] = {}
    for picked in islice(product(*(range(choice.ways) for choice in first.choices.values())), MAX_TRIED_READINGS):
        parser = _Parser(tokens, dict(zip(first.choices, picked, strict=True)))
        other = parser.parse()
        if not parser.problems:
            with suppress(FormulaError):
                readings.setdefault(other, _finish(other, None, parser.remarks))
    if len(readings) == 1:
        return next(iter(readings.values()))
    if not readings:
        return _finish(tree, None, first.remarks)
    raise _ask(next(iter(first.choices.values())), list(readings.values())[:MAX_READINGS])


def _finish(tree: Tree, typed: str | None, remarks: Iterable[Translatable]) -> Reading:
    _check_size(tree)
    text = typed if typed is not None else to_text(tree)
    if len(text) > MAX_FORMULA_CHARACTERS:
        raise FormulaError("A formula has at most {longest} characters; this has {length}.", MAX_FORMULA_CHARACTERS,
                           longest=MAX_FORMULA_CHARACTERS, length=len(text))  # fmt: skip
    return Reading(tree, text, tuple(dict.fromkeys(remarks)))


def _check_size(tree: Tree) -> None:
    if _count_nodes(tree) > MAX_FORMULA_NODES:
        raise FormulaError("The formula has more than {most} numbers, names and operators.", most=MAX_FORMULA_NODES)
    if _measure_depth(tree) > MAX_FORMULA_DEPTH:
        raise FormulaError("The formula is nested too deeply.")


def _sort_problems(problems: list[Problem]) -> list[Problem]:
    """In the order of the text, each sentence once; of two at one place the first."""
    by_place: dict[int, Problem] = {}
    for problem in problems:
        by_place.setdefault(problem.position, problem)
    by_sentence: dict[str, Problem] = {}
    for problem in sorted(by_place.values(), key=lambda problem: problem.position):
        sentence = problem.sentence
        if by_sentence and "allowed" in sentence.values:  # what there is, is said once
            sentence = Translatable("“{shown}” is not known here.", shown=_find_subject(sentence))
        by_sentence.setdefault(sentence, Problem(sentence, problem.position))
    return list(by_sentence.values())


def _find_subject(sentence: Translatable) -> str:
    return str(next(value for name, value in sentence.values.items() if name != "allowed"))


def _make_error(problems: list[Problem]) -> FormulaError:
    error = FormulaError(problems[0].sentence, problems[0].position)
    error.problems = tuple(problems[:MAX_PROBLEMS])
    return error


def _ask(choice: "_Choice", readings: list[Reading]) -> FormulaError:
    texts = ", ".join(reading.text if len(reading.text) <= 40 else reading.text[:39] + "…" for reading in readings)
    error = FormulaError(
        "This can be read in more than one way: {texts}. Which is meant? Brackets say it.", choice.position, texts=texts
    )
    error.readings = tuple(readings)
    return error


def _count_nodes(tree: Tree) -> int:
    count, left = 0, [tree]
    while left and count <= MAX_FORMULA_NODES:
        count += 1
        top = left.pop()
        left += top.args if isinstance(top, Apply) else ()
    return count


def _measure_depth(tree: Tree) -> int:
    depth, level = 0, [tree]
    while level:
        depth, level = depth + 1, [arg for top in level if isinstance(top, Apply) for arg in top.args]
    return depth


class _Choice(NamedTuple):
    """What can be read in several ways."""

    ways: int
    position: int


class _Abort(Exception):
    """Reading on makes no sense."""


class _Parser:
    """Reads tokens by operator precedence. Problems are collected, with a placeholder for what is missing."""

    def __init__(self, tokens: list[Token], picked: dict[str, int]) -> None:
        """`picked`: which reading is taken of each kind of choice; the first if it is not said."""
        self.tokens, self.picked = list(tokens), picked
        self.place, self.depth, self.brackets = 0, 0, 0
        self.open_bars: list[str] = []
        self.is_plain, self.is_in_condition = True, False
        self.choices: dict[str, _Choice] = {}
        self.problems: list[Problem] = []
        self.remarks: list[Translatable] = []
        self.decimal_commas = _list_tight_commas(self.tokens)  # by their positions
        self.has_points = any(token.kind == "number" and "." in token.text for token in tokens)

    def parse(self) -> Tree:
        self._check_variables()
        try:
            tree = self._expression(OR)
            while token := self._peek():
                self._report_leftover(token)
                self.place += 1
                if self._peek():
                    self._expression(OR)
        except _Abort:
            return PLACEHOLDER
        if is_condition(tree) and not self.problems and all(token.kind != "unknown" for token in self.tokens):
            self._report(
                Translatable("A comparison is true or false, not a number: write where(x > 0, here, elsewhere)."),
                self.tokens[0].position,
            )
        return tree

    # ---- tokens

    def _peek(self, ahead: int = 0) -> Token | None:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def _next_is(self, *texts: str) -> bool:
        token = self._peek()
        return token is not None and token.kind != "unknown" and token.text in texts

    def _end(self) -> int:
        last = self.tokens[-1] if self.tokens else None
        return last.position + len(last.typed) if last else 0

    def _report(self, sentence: Translatable, position: int) -> None:
        self.problems.append(Problem(sentence, position))
        if len(self.problems) > 20:
            raise _Abort

    def _choose(self, kind: str, count: int, position: int) -> int:
        """Which of the readings of a text that has several is taken."""
        self.choices.setdefault(kind, _Choice(count, position))
        self.is_plain = False
        return min(self.picked.get(kind, 0), count - 1)

    def _report_leftover(self, token: Token) -> None:
        if token.text == ")":
            self._report(Translatable("This bracket has no opening bracket before it."), token.position)
        elif token.text in {",", ";"}:
            self._report(
                Translatable("A comma separates the arguments of a function. Write 0.5 for 0,5."), token.position
            )
        elif token.text == "=":
            self._report(Translatable("“=” has no meaning here: write only what f(x, y) is."), token.position)
        else:
            self._report(Translatable("“{shown}” is not expected here.", shown=_shorten(token.typed)), token.position)

    def _check_variables(self) -> None:
        """x_1 and x_2 are x and y: not beside x and y of their own."""
        variables = [token for token in self.tokens if token.kind == "name" and token.text in VARIABLES]
        for name in VARIABLES:
            spellings = list(dict.fromkeys(_spell(token) for token in variables if token.text == name))
            if len(spellings) > 1:
                self._report(
                    Translatable("“{one}” and “{other}” would both be {name}.", name=name,
                                 one=spellings[0], other=spellings[1]),
                    next(token.position for token in variables if _spell(token) == spellings[1]),
                )  # fmt: skip
        renamed = dict.fromkeys(f"{_spell(token)} → {token.text}" for token in variables if _spell(token) != token.text)
        if renamed:
            self.remarks.append(Translatable("The variables are x and y: {pairs}.", pairs=", ".join(renamed)))

    # ---- expressions

    def _expression(self, least: int) -> Tree:
        """What binds at least so tightly, from here on."""
        self.depth += 1
        if self.depth > MAX_DEPTH_OF_READING:
            position = token.position if (token := self._peek()) else self._end()
            self._report(Translatable("The formula is nested too deeply."), position)
            raise _Abort
        left = self._continue(self._operand(), least)
        self.depth -= 1
        return left

    def _continue(self, left: Tree, least: int) -> Tree:
        """What begins with `left` and binds at least so tightly."""
        compared_last: Tree | None = None  # the right side of the comparison just read, which a chain goes on from
        while (token := self._peek()) and (found := self._find_operator(token)) and found[1] >= least:
            operator, binding = found
            if operator == "=" and not self.is_in_condition:
                break
            if not operator:
                left = self._multiply(left, token)
                continue
            self.place += 1
            if operator == "**":
                left = self._raise(left)
            elif binding == COMPARISON:
                right = self._number(self._expression(SUM))
                self.is_plain &= operator != "="
                link = Apply("==" if operator == "=" else operator, (self._number(compared_last or left), right))
                left, compared_last = Apply("and", (left, link)) if compared_last else link, right
            elif binding <= AND:
                right = self._expression(binding + 1)
                left = Apply(operator, (self._condition(left, token), self._condition(right, token)))
                compared_last = None
            else:
                right = self._number(self._expression(binding + 1))
                if operator == "/" and (follower := self._peek()) and self._starts_operand(follower):
                    right = self._extend_divisor(right, follower)
                self.is_plain &= operator != "mod"
                left = Apply(operator, (self._number(left), right))
        return left

    def _find_operator(self, token: Token) -> tuple[str, int] | None:
        """The operator that is next and how tightly it binds; "" for a product without a sign."""
        if token.kind == "name" and token.text == "mod" and not self._is_call(self.place):
            return "mod", PRODUCT
        if token.kind in {"sign", "name"} and token.text in BINDING:
            return token.text, BINDING[token.text]
        return ("", PRODUCT) if self._starts_operand(token) else None

    def _multiply(self, left: Tree, token: Token) -> Tree:
        """A product without a sign."""
        self.is_plain = False
        before = self.tokens[self.place - 1]
        if token.kind == "number":
            if before.kind == "number":
                self._report(
                    Translatable(
                        "Between “{before}” and “{word}” an operator is missing: write {before}*{word}.",
                        before=_shorten(before.typed), word=_shorten(token.typed),
                    ),
                    token.position,
                )  # fmt: skip
            elif self._choose("number behind", 2, token.position):
                return Apply("**", (self._number(left), self._expression(SIGN)))
        return Apply("*", (self._number(left), self._number(self._expression(SIGN))))

    def _extend_divisor(self, divisor: Tree, follower: Token) -> Tree:
        """Of 1/2x: whether x is divided by, too."""
        if follower.kind == "number" or not self._choose("fraction", 2, follower.position):
            return divisor
        while (follower := self._peek()) and self._starts_operand(follower):  # type: ignore[assignment]
            divisor = self._multiply(divisor, follower)
        return divisor

    def _raise(self, base: Tree) -> Tree:
        """A power, whose sign has been passed."""
        first, base = self._peek(), self._number(base)
        exponent = self._number(self._expression(SIGN))
        if first is None or first.text == "(":  # it is clear where the exponent ends
            return Apply("**", (base, exponent))
        if isinstance(exponent, Apply) and exponent.name == "**":
            towered = f"{_short_text(base)}^({_short_text(exponent)})".replace("**", "^")
            self.remarks.append(Translatable("Powers are taken from the right: {text}.", text=towered))
        follower = self._find_tight_operand() if base == Name("e") or isinstance(base, Number) else None
        if follower and self._choose("exponent", 2, follower.position):
            while self._find_tight_operand():
                exponent = Apply("*", (exponent, self._number(self._expression(SIGN))))
        return Apply("**", (base, exponent))

    def _find_tight_operand(self) -> Token | None:
        """The operand that is next, without a blank before it, if it is no number."""
        token = self._peek()
        tight = token is not None and not token.has_gap and token.kind != "number" and self._starts_operand(token)
        return token if tight else None

    def _starts_operand(self, token: Token) -> bool:
        if token.kind in {"number", "macro", "index", "tex", "unknown", "logarithm"}:
            return True
        if token.kind == "name":
            return token.text not in {"and", "or"}
        if token.kind == "mark":
            if token.text in {"|", "‖"}:
                return token.text not in self.open_bars
            return token.text in {"√", "⌊", "⌈", "|left", "‖left"}
        return token.text == "("

    def _operand(self) -> Tree:
        """A number, a name, a function with its argument, something in brackets; with its sign."""
        token = self._peek()
        before = self.tokens[self.place - 1] if self.place else None
        if token is None:
            word = before.typed if before else ""
            self._report(Translatable("After “{before}” something is missing.", before=_shorten(word)), self._end())
            return PLACEHOLDER
        if token.kind == "sign" and token.text in {"+", "-"}:
            self.place += 1
            inner = self._expression(SIGN)
            return inner if token.text == "+" else Apply("neg", (self._number(inner),))
        if not self._starts_operand(token) and token.text not in {"|", "‖"}:
            self._report(
                Translatable("Before “{word}” something is missing.", word=_shorten(token.typed)), token.position
            )
            if token.kind == "sign" and token.text not in {")", ",", ";"}:
                self.place += 1  # of two operators the second is left out
                return self._operand() if self._peek() else PLACEHOLDER
            return PLACEHOLDER
        self.place += 1
        readers: dict[str, Callable[[Token], Tree]] = {
            "number": self._read_number, "name": self._read_name, "sign": self._brackets, "macro": self._apply_macro,
            "index": self._read_index, "logarithm": self._read_logarithm, "tex": self._read_tex,
            "mark": self._read_mark, "unknown": self._skip_unknown,
        }  # fmt: skip
        return readers[token.kind](token)

    def _read_name(self, token: Token) -> Tree:
        return self._apply_function(token.text, token) if token.text in FUNCTIONS else Name(token.text)

    def _read_logarithm(self, token: Token) -> Tree:
        """Of log2x it is asked: the logarithm to base 2, or of 2x."""
        if not self._choose("logarithm", 2, token.position):
            return self._apply_function(token.text, token)
        digits = token.text.removeprefix("log")
        self.tokens[self.place : self.place] = [Token("number", digits, token.position + 3, digits, False)]
        return self._apply_function("log", token)

    def _skip_unknown(self, token: Token) -> Tree:
        if self._next_is("(") and token.text:
            self._arguments(None, token)
        return PLACEHOLDER

    def _brackets(self, opening: Token) -> Tree:
        """What is in brackets, which have just been opened."""
        bars, self.open_bars = self.open_bars, []
        self._count_bracket(opening)
        tree = self._expression(OR)
        while (token := self._peek()) and token.text in {",", ";"}:
            self._report_leftover(token)
            self.place += 1
            self._expression(OR)
        self._close(opening)
        self.open_bars = bars
        return tree

    def _count_bracket(self, opening: Token) -> None:
        self.brackets += 1
        if self.brackets > MAX_FORMULA_DEPTH:
            self._report(Translatable("Too many brackets are nested."), opening.position)
            raise _Abort

    def _close(self, opening: Token) -> None:
        self.brackets -= 1
        token = self._peek()
        pairs = {"(": ")", "[": "]", "{": "}"}
        if token is None or token.text != ")":
            if token is None:
                self._report(Translatable("This bracket is never closed: a “)” is missing."), opening.position)
            else:
                self._report_leftover(token)
                while (token := self._peek()) and token.text != ")":
                    self.place += 1
                self.place += token is not None
            return
        if pairs.get(opening.typed, token.typed) != token.typed:
            self._report(
                Translatable("“{opening}” is closed by “{closing}”.", opening=opening.typed, closing=token.typed),
                token.position,
            )
        self.place += 1

    # ---- operands

    def _read_number(self, token: Token) -> Tree:
        text = token.text
        if self._is_decimal_comma(self.place):
            text, count = self._read_commas(text)
            self.is_plain = False
            self.place += 2 * count
        with suppress(OverflowError):
            if math.isfinite(number := float(text)):
                return Number(number)
        self._report(Translatable("This number is too large."), token.position)
        return ONE

    def _is_decimal_comma(self, place: int) -> bool:
        """Whether the token there is a comma between the digits of two numbers, and no argument begins behind it."""
        token = self.tokens[place] if place < len(self.tokens) else None
        return token is not None and token.text == "," and token.position in self.decimal_commas

    def _read_commas(self, text: str) -> tuple[str, int]:
        """A number with a decimal comma, or with commas between groups of three digits."""
        groups = [text]
        place = self.place
        while self._is_decimal_comma(place):
            groups.append(self.tokens[place + 1].text)
            place += 2
        first, *others = groups
        is_grouped = re.fullmatch(r"[1-9]\d{0,2}", first) and all(re.fullmatch(r"\d{3}", one) for one in others[:-1])
        last_is_group = re.fullmatch(r"\d{3}(?:\.\d*)?", others[-1])
        if is_grouped and last_is_group and (len(others) > 1 or "." in others[-1]):
            return "".join(groups), len(others)
        if len(others) > 1 or "." in others[0] or "." in first:
            self._report(
                Translatable(
                    "“{shown}” is not a number: it has more than one point.", shown=_shorten(",".join(groups))
                ),
                self.tokens[self.place - 1].position,
            )
            return "1", len(others)
        if is_grouped and last_is_group and self._choose("thousands", 2, self.tokens[self.place].position):
            return first + others[0], 1
        self.remarks.append(
            Translatable("{typed} is read as {number}.", typed=f"{first},{others[0]}", number=f"{first}.{others[0]}")
        )
        return f"{first}.{others[0]}", 1

    def _read_index(self, token: Token) -> Tree:
        """x2 without x1: a power, a product, or the second variable if there is no other."""
        letter, number = Name(token.text[0]), Number(float(token.text[1:]))
        readings: list[Tree] = [Apply("**", (letter, number)), Apply("*", (letter, number))]
        if token.text == "x2" and not any(other.text in {"y", "y2"} for other in self.tokens):
            readings.append(Name("y"))
        return readings[self._choose("index", len(readings), token.position)]

    def _apply_macro(self, token: Token) -> Tree:
        """A function that is written with others."""
        of, template = find_macro(token.text)
        self.is_plain = False
        body = parse_formula(template)
        if not of:
            return body
        names = of.split(", ")
        power = self._function_power()
        args = self._function_arguments(token.text, range(len(names), len(names) + 1), token)
        tree = _substitute(body, dict(zip(names, args, strict=False)))
        return tree if power is None else Apply("**", (tree, power))

    def _function_power(self) -> Tree | None:
        """The exponent in sin^2 x, if there is one."""
        if not self._next_is("**"):
            return None
        self.is_plain = False
        self.place += 1
        if self._next_is("("):
            self.place += 1
            return self._number(self._brackets(self.tokens[self.place - 1]))
        is_negative = self._next_is("-")
        self.place += is_negative
        token = self._peek()
        if token is None or token.kind != "number":
            self._report(
                Translatable("Write a number as the power of a function."), token.position if token else self._end()
            )
            return ONE
        self.place += 1
        number = Number(float(token.text))
        return Apply("neg", (number,)) if is_negative else number

    def _apply_function(self, name: str, token: Token) -> Tree:
        power = self._function_power()
        args = self._function_arguments(name, ARITIES[name], token)
        if power == Apply("neg", (ONE,)) and name in INVERSES and self._choose("inverse", 2, token.position):
            return Apply(INVERSES[name], args)
        tree = Apply(name, args)
        return tree if power is None else Apply("**", (tree, power))

    def _function_arguments(self, name: str, arity: range, token: Token) -> tuple[Tree, ...]:
        if self._next_is("("):
            return self._arguments(arity, token, name)
        follower = self._peek()
        if (
            arity != range(1, 2)
            or follower is None
            or not (self._starts_operand(follower) or follower.text in {"-", "+"})
        ):
            self._report(
                Translatable("Write the argument of {before} in brackets: {before}(...).", before=_shorten(name)),
                follower.position if follower else self._end(),
            )
            return (PLACEHOLDER,) * arity.start
        self.is_plain = False
        return (self._number(self._bare_argument(name)),)

    def _bare_argument(self, name: str) -> Tree:
        """The argument of a function without brackets: sin 2x; of sin x y it is asked."""
        argument = self._short_argument(is_root=name == "sqrt")
        follower, second = self._peek(), self._peek(1)
        is_followed = follower and (
            (self._starts_operand(follower) and not self._is_function(follower))
            or (
                name != "sqrt"
                and follower.text in {"*", "/"}
                and second
                and self._starts_operand(second)
                and not self._is_function(second)
            )
        )
        if is_followed and self._choose("argument", 2, follower.position):  # type: ignore[union-attr]
            return self._continue(argument, PRODUCT)
        return argument

    def _short_argument(self, *, is_root: bool) -> Tree:
        """A sign, coefficients, and letters that stand close together."""
        if self._next_is("-"):
            self.place += 1
            return Apply("neg", (self._number(self._short_argument(is_root=is_root)),))
        first = self._peek()
        tree = self._number(self._expression(POWER))
        is_coefficient = first is not None and (first.kind == "number" or first.text in CONSTANTS)
        while not is_root and (token := self._peek()) and self._starts_operand(token) and not self._is_function(token):
            if (not is_coefficient and (token.has_gap or token.kind != "name")) or token.kind == "number":
                break
            is_coefficient = is_coefficient and token.text in CONSTANTS
            tree = Apply("*", (tree, self._number(self._expression(POWER))))
        return tree

    @staticmethod
    def _is_function(token: Token) -> bool:
        return token.kind in {"macro", "logarithm"} or (token.kind == "name" and token.text in FUNCTIONS)

    def _is_call(self, place: int) -> bool:
        """Whether brackets with a comma follow the name that stands there."""
        following = self.tokens[place + 1 : place + 2]
        return bool(following and following[0].text == "(" and any(_list_commas(self.tokens, place + 1)))

    def _arguments(self, arity: range | None, function: Token, name: str = "") -> tuple[Tree, ...]:
        """The arguments in brackets, which are next; with any `arity` if there is none."""
        opening = self.tokens[self.place]
        self._settle_commas(arity, opening)
        self.place += 1
        bars, self.open_bars = self.open_bars, []
        self._count_bracket(opening)
        args: list[Tree] = []
        if not self._next_is(")"):
            was_in_condition, self.is_in_condition = self.is_in_condition, self.is_in_condition or name == "where"
            args.append(self._expression(OR))
            self.is_in_condition = was_in_condition
            while self._next_is(",", ";"):
                self.is_plain &= self._next_is(",")
                self.place += 1
                args.append(self._expression(OR))
        self._close(opening)
        self.open_bars = bars
        if arity is None:
            return tuple(args)
        if len(args) not in arity:
            self._report_arity(name, arity, len(args), function)
            return (PLACEHOLDER,) * arity.start
        if name == "where":
            return (self._condition(args[0], function), *map(self._number, args[1:]))
        return tuple(map(self._number, args))

    def _report_arity(self, name: str, arity: range, found: int, function: Token) -> None:
        if len(arity) > 1:
            sentence = Translatable(
                "{word} takes 2 numbers or more in its brackets, not {found}.", word=_shorten(name), found=found
            )
        elif name == "where":
            sentence = Translatable("where takes a comparison and 2 numbers, as where(x > 0, here, elsewhere).")
        elif arity.start == 1:
            sentence = Translatable(
                "{word} takes 1 number in its brackets, not {found}.", word=_shorten(name), found=found
            )
        else:
            sentence = Translatable(
                "{word} takes 2 numbers in its brackets, not {found}.", word=_shorten(name), found=found
            )
        self._report(sentence, function.position)

    def _settle_commas(self, arity: range | None, opening: Token) -> None:
        """Decide which commas of a call are decimal: where the number of arguments leaves a choice, it is asked.

        None is where points are decimal, and none in a list like 1,2,3 or x,1,2, with no blank behind any comma.
        """
        commas, semicolons = _list_commas(self.tokens, self.place)
        tight = [place for place in commas if self._is_decimal_comma(place)]
        if semicolons or arity is None or arity == range(1, 2) or not tight:
            return
        taken: set[int] = set()
        sure = [place for place in commas if place not in tight]
        is_list = any(place + 2 in tight for place in tight) or any(not self.tokens[p + 1].has_gap for p in sure)
        if (is_list and len(commas) + 1 in arity) or self.has_points or len(tight) > MAX_UNSURE_COMMAS:
            pass
        else:
            options = [
                set(some)
                for count in range(len(tight) + 1)
                for some in combinations(tight, count)
                if len(commas) - count + 1 in arity and not any(place + 2 in some for place in some)
            ]
            if len(options) == 1:
                taken = options[0]
            elif options:
                taken = options[self._choose(f"comma {opening.position}", len(options), self.tokens[tight[0]].position)]
        self.decimal_commas -= {self.tokens[place].position for place in tight if place not in taken}

    def _read_tex(self, token: Token) -> Tree:
        if token.text == "frac":
            over = self._tex_argument(token)
            return Apply("/", (over, self._tex_argument(token)))
        if (opening := self._peek()) and opening.text == "(" and opening.typed == "[":
            self.place += 1
            root = self._brackets(opening)
            return self._make_root(self._tex_argument(token), root, opening)
        return Apply("sqrt", (self._tex_argument(token),))

    def _tex_argument(self, command: Token) -> Tree:
        r"""What a command is applied to: braces, or a single character, as in \frac12."""
        token = self._peek()
        if token is None or token.text in {")", ","}:
            self._report(
                Translatable("After “{before}” something is missing.", before=_shorten(command.typed)),
                token.position if token else self._end(),
            )
            return PLACEHOLDER
        if token.kind == "number" and len(token.text) > 1:
            self.tokens[self.place : self.place + 1] = [
                token._replace(text=token.text[0], typed=token.text[0], is_plain=False),
                token._replace(text=token.text[1:], typed=token.text[1:], is_plain=False, position=token.position + 1),
            ]
            if not token.text[1:].replace(".", "", 1).isdigit():
                self._report(
                    Translatable("Write braces behind “{before}”.", before=_shorten(command.typed)), token.position
                )
                raise _Abort
        return self._number(self._operand())

    def _make_root(self, u: Tree, n: Tree, opening: Token) -> Tree:
        """The n-th root: of an odd n that of a negative number, too."""
        if not isinstance(n, Number) or n.value % 1 or not 1 <= n.value < 100:
            self._report(Translatable("Write a whole number for the root."), opening.position)
            return PLACEHOLDER
        if n.value in {1, 2, 3}:
            return {1: u, 2: Apply("sqrt", (u,)), 3: Apply("cbrt", (u,))}[int(n.value)]
        exponent = Apply("/", (ONE, n))
        if n.value % 2:
            return Apply("*", (Apply("sign", (u,)), Apply("**", (Apply("abs", (u,)), exponent))))
        return Apply("**", (u, exponent))

    def _read_mark(self, token: Token) -> Tree:
        """A root sign, or what stands between bars or half brackets."""
        self.is_plain = False
        if token.text == "√":
            if self._peek() is None:
                self._report(Translatable("After “{before}” something is missing.", before="√"), self._end())
                return PLACEHOLDER
            return Apply("sqrt", self._function_arguments("sqrt", ARITIES["sqrt"], token))
        kind = token.text[0]
        bars = self.open_bars
        self.open_bars = [*bars, kind] if token.text in {"|", "‖"} else []
        parts = [*self._vector(token)] if kind == "‖" else [self._number(self._expression(OR))]
        self.open_bars = bars
        closing = CLOSING_BARS[kind]
        if self._next_is(*closing):
            self.place += 1
        else:
            self._report(Translatable("“{opening}” is never closed.", opening=_shorten(token.typed)), token.position)
        if kind == "⌊":
            return Apply("floor", (parts[0],))
        if kind == "⌈":
            return Apply("neg", (Apply("floor", (Apply("neg", (parts[0],)),)),))
        if len(parts) > 1:  # the length of a vector
            squares = [Apply("**", (part, Number(2.0))) for part in parts]
            return Apply("sqrt", (reduce(lambda u, v: Apply("+", (u, v)), squares),))
        return Apply("abs", (parts[0],))

    def _vector(self, opening: Token) -> tuple[Tree, ...]:
        """The components between double bars: one, or several in brackets."""
        if self._next_is("(") and any(_list_commas(self.tokens, self.place)):
            return tuple(map(self._number, self._arguments(None, opening)))
        return (self._number(self._expression(OR)),)

    # ---- numbers and conditions

    def _number(self, tree: Tree) -> Tree:
        """A number; a comparison in the place of one is 1 where it is true, and 0 elsewhere."""
        if not is_condition(tree):
            return tree
        self.is_plain = False
        return Apply("where", (tree, ONE, ZERO))

    def _condition(self, tree: Tree, token: Token) -> Tree:
        if not is_condition(tree) and not self.problems:
            self._report(
                Translatable("“{word}” needs a comparison, such as x > 0.", word=_shorten(token.typed)), token.position
            )
        return tree


def _spell(token: Token) -> str:
    """A variable as it was typed, in plain letters."""
    spelt = unicodedata.normalize("NFKC", token.typed).lower()
    spelt = find_plain_character(spelt) or spelt if len(spelt) == 1 else spelt
    return re.sub(r"\W", "", spelt).replace("_", "")


def _list_tight_commas(tokens: list[Token]) -> set[int]:
    """The commas that stand between the digits of two numbers without a blank."""
    return {
        tokens[i].position
        for i in range(1, len(tokens) - 1)
        if tokens[i].text == ","
        and not tokens[i].has_gap
        and not tokens[i + 1].has_gap
        and tokens[i - 1].kind == tokens[i + 1].kind == "number"
        and re.fullmatch(r"[\d.]+", tokens[i - 1].text)
        and tokens[i + 1].text[0].isdigit()
    }


def _list_commas(tokens: list[Token], opening: int) -> tuple[list[int], list[int]]:
    """The places of the commas and semicolons in the brackets that open there, not in brackets within them."""
    found: dict[str, list[int]] = {",": [], ";": []}
    depth = 0
    for i in range(opening, len(tokens)):
        token = tokens[i]
        depth += (token.text == "(") - (token.text == ")")
        if not depth:
            break
        if depth == 1 and token.text in found:
            found[token.text].append(i)
    return found[","], found[";"]


def _substitute(tree: Tree, values: dict[str, Tree]) -> Tree:
    match tree:
        case Name(word):
            return values.get(word, tree)
        case Apply(word, args):
            return Apply(word, tuple(_substitute(u, values) for u in args))
    return tree


def _shorten(word: str) -> str:
    return word if len(word) <= 20 else word[:20] + "…"


def _short_text(tree: Tree) -> str:
    return _shorten(to_text(tree))
