"""Read a formula f(x, y) as people write it: into a tree, and into the one canonical text that links keep.

What is read is shown, what could mean two things is asked, and whatever is no formula is refused with every problem
that can be told at once. Nothing is ever evaluated or run.
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple

from surfaces.formula.expression_tree import Apply, Tree
from surfaces.formula.parser import Parser
from surfaces.formula.parser_state import Choice
from surfaces.formula.text_and_latex_printer import to_text
from surfaces.formula.tokenizer import SyntaxProblem, Token, tokenize
from surfaces.translatable import Translatable, UserError

MAX_FORMULA_CHARACTERS = 200  # of the canonical text
MAX_TYPED_CHARACTERS = 600
MAX_FORMULA_NODES = 100  # numbers, names, operators and functions
MAX_FORMULA_DEPTH = 60  # one inside the other
MAX_PROBLEMS = 6  # that are told
MAX_TRIED_READINGS = 16
MAX_READINGS = 4  # that are offered


class FormulaError(UserError):
    """A text is not a formula: `problems` are all that could be found, `position` is the column of the first, or None.

    Where it could mean several things, `readings` are these.
    """

    def __init__(self, pattern: str, position: int | None = None, /, **values: Any) -> None:
        super().__init__(pattern, **values)
        self.position = position
        self.problems: tuple[SyntaxProblem, ...] = () if position is None else (SyntaxProblem(self.message, position),)
        self.readings: tuple[ParsedFormula, ...] = ()


class ParsedFormula(NamedTuple):
    """A formula as it was understood."""

    tree: Tree  # as it was typed: nothing is simplified, brackets are gone
    text: str  # the canonical text, which is read as the same tree
    remarks: tuple[Translatable, ...]  # what a reader might have expected otherwise


def parse_formula(text: str) -> Tree:
    """The tree of a formula. Any other text is a `FormulaError`, and no other exception."""
    return read_formula(text).tree


def read_formula(text: str) -> ParsedFormula:
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
def _read(text: str) -> ParsedFormula | FormulaError:
    try:
        return _read_anew(text)
    except FormulaError as error:
        return error.with_traceback(None)  # which would keep all that was at work


def _read_anew(text: str) -> ParsedFormula:
    tokens, problems, is_plain = tokenize(text)
    if not tokens and not problems:
        raise FormulaError("Write a formula in x and y, such as x^2 + 3y^2.")
    parser = Parser(tokens, {})
    tree, state = parser.parse(), parser.state
    if problems := _sort_problems([*problems, *state.problems]):
        raise _make_error(problems)
    if not state.choices:
        return _finish(tree, text if is_plain and state.is_plain else None, state.remarks)
    _check_size(tree)
    readings = _list_readings(tokens, state.choices)
    if len(readings) > 1:
        raise _ask(next(iter(state.choices.values())), readings[:MAX_READINGS])
    return readings[0] if readings else _finish(tree, None, state.remarks)


def _list_readings(tokens: list[Token], choices: dict[str, Choice]) -> list[ParsedFormula]:
    """All that a text with choices can mean, the likeliest first."""
    readings: dict[Tree, ParsedFormula] = {}
    for picked in islice(product(*(range(choice.ways) for choice in choices.values())), MAX_TRIED_READINGS):
        parser = Parser(tokens, dict(zip(choices, picked, strict=True)))
        tree = parser.parse()
        if not parser.state.problems:
            with suppress(FormulaError):
                readings.setdefault(tree, _finish(tree, None, parser.state.remarks))
    return list(readings.values())


def _finish(tree: Tree, typed: str | None, remarks: Iterable[Translatable]) -> ParsedFormula:
    _check_size(tree)
    text = typed if typed is not None else to_text(tree)
    if len(text) > MAX_FORMULA_CHARACTERS:
        raise FormulaError("A formula has at most {longest} characters; this has {length}.", MAX_FORMULA_CHARACTERS,
                           longest=MAX_FORMULA_CHARACTERS, length=len(text))  # fmt: skip
    return ParsedFormula(tree, text, tuple(dict.fromkeys(remarks)))


def _check_size(tree: Tree) -> None:
    if _count_nodes(tree) > MAX_FORMULA_NODES:
        raise FormulaError("The formula has more than {most} numbers, names and operators.", most=MAX_FORMULA_NODES)
    if _measure_depth(tree) > MAX_FORMULA_DEPTH:
        raise FormulaError("The formula is nested too deeply.")


def _sort_problems(problems: list[SyntaxProblem]) -> list[SyntaxProblem]:
    """In the order of the text, each sentence once; of two at one place the first."""
    by_place: dict[int, SyntaxProblem] = {}
    for problem in problems:
        by_place.setdefault(problem.position, problem)
    by_sentence: dict[str, SyntaxProblem] = {}
    for problem in sorted(by_place.values(), key=lambda problem: problem.position):
        sentence = problem.sentence
        if by_sentence and "allowed" in sentence.values:  # what there is, is said once
            sentence = Translatable("“{shown}” is not known here.", shown=_find_subject(sentence))
        by_sentence.setdefault(sentence, SyntaxProblem(sentence, problem.position))
    return list(by_sentence.values())


def _find_subject(sentence: Translatable) -> str:
    return str(next(value for name, value in sentence.values.items() if name != "allowed"))


def _make_error(problems: list[SyntaxProblem]) -> FormulaError:
    error = FormulaError(problems[0].sentence, problems[0].position)
    error.problems = tuple(problems[:MAX_PROBLEMS])
    return error


def _ask(choice: Choice, readings: list[ParsedFormula]) -> FormulaError:
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
