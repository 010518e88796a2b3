"""Commas: between arguments, before decimals, and between groups of digits; where it is not clear, it is asked."""

import math
import re
from contextlib import suppress
from itertools import combinations

from surfaces.formula.expression_tree import ONE, Number, Tree
from surfaces.formula.parser_state import ExpressionParser, ParserState, shorten
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable

MAX_UNSURE_COMMAS = 6  # in a call


def find_tight_commas(tokens: list[Token]) -> set[int]:
    """The positions of the commas that stand between the digits of two numbers without a blank."""
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


def list_commas(tokens: list[Token], opening: int) -> tuple[list[int], list[int]]:
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


def is_decimal_comma(state: ParserState, place: int) -> bool:
    """Whether the token there is a comma between the digits of two numbers, and no argument begins behind it."""
    token = state.tokens[place] if place < len(state.tokens) else None
    return token is not None and token.text == "," and token.position in state.decimal_commas


def settle_commas(state: ParserState, arity: range | None, opening: Token) -> None:
    """Decide which commas of a call are decimal: where the number of arguments leaves a choice, it is asked.

    None is where points are decimal, and none in a list like 1,2,3 or x,1,2, with no blank behind any comma.
    """
    tokens = state.tokens
    commas, semicolons = list_commas(tokens, state.place)
    tight = [place for place in commas if is_decimal_comma(state, place)]
    if semicolons or arity is None or arity == range(1, 2) or not tight:
        return
    taken: set[int] = set()
    sure = [place for place in commas if place not in tight]
    is_list = any(place + 2 in tight for place in tight) or any(not tokens[place + 1].has_gap for place in sure)
    has_points = any(token.kind == "number" and "." in token.text for token in tokens)
    if not ((is_list and len(commas) + 1 in arity) or has_points or len(tight) > MAX_UNSURE_COMMAS):
        options = [
            set(some)
            for count in range(len(tight) + 1)
            for some in combinations(tight, count)
            if len(commas) - count + 1 in arity and not any(place + 2 in some for place in some)
        ]
        if len(options) == 1:
            taken = options[0]
        elif options:
            taken = options[state.choose(f"comma {opening.position}", len(options), tokens[tight[0]].position)]
    state.decimal_commas -= {tokens[place].position for place in tight if place not in taken}


def parse_number(parser: ExpressionParser, token: Token) -> Tree:
    state, text = parser.state, token.text
    if is_decimal_comma(state, state.place):
        text, count = _join_groups(state, text)
        state.is_plain = False
        state.place += 2 * count
    with suppress(OverflowError):
        if math.isfinite(number := float(text)):
            return Number(number)
    state.report(Translatable("This number is too large."), token.position)
    return ONE


def _join_groups(state: ParserState, text: str) -> tuple[str, int]:
    """A number with a decimal comma, or with commas between groups of three digits; and how many commas it has."""
    groups = [text]
    place = state.place
    while is_decimal_comma(state, place):
        groups.append(state.tokens[place + 1].text)
        place += 2
    first, *others = groups
    is_grouped = re.fullmatch(r"[1-9]\d{0,2}", first) and all(re.fullmatch(r"\d{3}", one) for one in others[:-1])
    last_is_group = re.fullmatch(r"\d{3}(?:\.\d*)?", others[-1])
    if is_grouped and last_is_group and (len(others) > 1 or "." in others[-1]):
        return "".join(groups), len(others)
    if len(others) > 1 or "." in others[0] or "." in first:
        state.report(
            Translatable("“{shown}” is not a number: it has more than one point.", shown=shorten(",".join(groups))),
            state.tokens[state.place - 1].position,
        )
        return "1", len(others)
    if is_grouped and last_is_group and state.choose("thousands", 2, state.tokens[state.place].position):
        return first + others[0], 1
    state.remarks.append(
        Translatable("{typed} is read as {number}.", typed=f"{first},{others[0]}", number=f"{first}.{others[0]}")
    )
    return f"{first}.{others[0]}", 1
