"""Brackets, and what stands in them: one expression, or the arguments of a function."""

from surfaces.formula.commas import settle_commas
from surfaces.formula.expression_tree import Tree
from surfaces.formula.parser_state import (
    OR,
    PLACEHOLDER,
    ExpressionParser,
    ParserState,
    ParsingAborted,
    shorten,
)
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable

MAX_OPEN_BRACKETS = 60  # one in the other


def parse_brackets(parser: ExpressionParser, opening: Token) -> Tree:
    """Parse what is in brackets that have just been opened."""
    state = parser.state
    bars, state.open_bars = state.open_bars, []
    _count_bracket(state, opening)
    tree = parser.parse_expression(OR)
    while (token := state.peek()) and token.text in {",", ";"}:
        state.report_unexpected(token)
        state.place += 1
        parser.parse_expression(OR)
    _close_bracket(state, opening)
    state.open_bars = bars
    return tree


def parse_arguments(parser: ExpressionParser, arity: range | None, function: Token, name: str = "") -> tuple[Tree, ...]:
    """The arguments in brackets, which are next; with any `arity` if there is none."""
    state = parser.state
    opening = state.tokens[state.place]
    settle_commas(state, arity, opening)
    state.place += 1
    bars, state.open_bars = state.open_bars, []
    _count_bracket(state, opening)
    args: list[Tree] = []
    if not state.next_is(")"):
        was_in_condition, state.is_in_condition = state.is_in_condition, state.is_in_condition or name == "where"
        args.append(parser.parse_expression(OR))
        state.is_in_condition = was_in_condition
        while state.next_is(",", ";"):
            state.is_plain &= state.next_is(",")
            state.place += 1
            args.append(parser.parse_expression(OR))
    _close_bracket(state, opening)
    state.open_bars = bars
    if arity is None:
        return tuple(args)
    if len(args) not in arity:
        state.report(_describe_arity(name, arity, len(args)), function.position)
        return (PLACEHOLDER,) * arity.start
    if name == "where":
        return (state.check_condition(args[0], function), *map(state.to_number, args[1:]))
    return tuple(map(state.to_number, args))


def _count_bracket(state: ParserState, opening: Token) -> None:
    state.brackets += 1
    if state.brackets > MAX_OPEN_BRACKETS:
        state.report(Translatable("Too many brackets are nested."), opening.position)
        raise ParsingAborted


def _close_bracket(state: ParserState, opening: Token) -> None:
    state.brackets -= 1
    token = state.peek()
    pairs = {"(": ")", "[": "]", "{": "}"}
    if token is None:
        state.report(Translatable("This bracket is never closed: a “)” is missing."), opening.position)
        return
    if token.text != ")":
        state.report_unexpected(token)
        while (token := state.peek()) and token.text != ")":
            state.place += 1
        state.place += token is not None
        return
    if pairs.get(opening.typed, token.typed) != token.typed:
        state.report(
            Translatable("“{opening}” is closed by “{closing}”.", opening=opening.typed, closing=token.typed),
            token.position,
        )
    state.place += 1


def _describe_arity(name: str, arity: range, found: int) -> Translatable:
    """How many arguments a function takes, which has `found` others."""
    word = shorten(name)
    if len(arity) > 1:
        return Translatable("{word} takes 2 numbers or more in its brackets, not {found}.", word=word, found=found)
    if name == "where":
        return Translatable("where takes a comparison and 2 numbers, as where(x > 0, here, elsewhere).")
    if arity.start == 1:
        return Translatable("{word} takes 1 number in its brackets, not {found}.", word=word, found=found)
    return Translatable("{word} takes 2 numbers in its brackets, not {found}.", word=word, found=found)
