"""Signs that no function's name has: √x, the absolute value |x|, the length ‖(x, y)‖, and ⌊x⌋ and ⌈x⌉."""

from functools import reduce

from surfaces.formula.brackets_and_arguments import parse_arguments
from surfaces.formula.commas import list_commas
from surfaces.formula.expression_tree import ARITIES, Apply, Number, Tree
from surfaces.formula.function_calls import parse_function_arguments
from surfaces.formula.parser_state import OR, PLACEHOLDER, ExpressionParser, shorten
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable

CLOSING_BARS = {"|": ("|", "|right"), "‖": ("‖", "‖right"), "⌊": ("⌋",), "⌈": ("⌉",)}


def parse_bars_or_root(parser: ExpressionParser, token: Token) -> Tree:
    """A root sign, or what stands between bars or half brackets."""
    state = parser.state
    state.is_plain = False
    if token.text == "√":
        if state.peek() is None:
            state.report(Translatable("After “{before}” something is missing.", before="√"), state.find_end())
            return PLACEHOLDER
        return Apply("sqrt", parse_function_arguments(parser, "sqrt", ARITIES["sqrt"], token))
    kind = token.text[0]
    bars = state.open_bars
    state.open_bars = [*bars, kind] if token.text in {"|", "‖"} else []
    parts = [*_parse_vector(parser, token)] if kind == "‖" else [state.to_number(parser.parse_expression(OR))]
    state.open_bars = bars
    if state.next_is(*CLOSING_BARS[kind]):
        state.place += 1
    else:
        state.report(Translatable("“{opening}” is never closed.", opening=shorten(token.typed)), token.position)
    return _apply_bars(kind, parts)


def _parse_vector(parser: ExpressionParser, opening: Token) -> tuple[Tree, ...]:
    """The components between double bars: one, or several in brackets."""
    state = parser.state
    if state.next_is("(") and any(list_commas(state.tokens, state.place)):
        return tuple(map(state.to_number, parse_arguments(parser, None, opening)))
    return (state.to_number(parser.parse_expression(OR)),)


def _apply_bars(kind: str, parts: list[Tree]) -> Tree:
    """Apply bars to what is between them: absolute value, floor or ceiling; of several numbers the vector's length."""
    if kind == "⌊":
        return Apply("floor", (parts[0],))
    if kind == "⌈":
        return Apply("neg", (Apply("floor", (Apply("neg", (parts[0],)),)),))
    if len(parts) > 1:
        squares = [Apply("**", (part, Number(2.0))) for part in parts]
        return Apply("sqrt", (reduce(lambda u, v: Apply("+", (u, v)), squares),))
    return Apply("abs", (parts[0],))
