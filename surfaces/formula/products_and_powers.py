"""Products without a sign, and how far fractions and powers reach: 2xy, x2, 1/2x, e^2x; unclear ones are asked."""

from surfaces.formula.expression_tree import Apply, Name, Number, Tree
from surfaces.formula.parser_state import SIGN, ExpressionParser, ParserState, shorten
from surfaces.formula.text_and_latex_printer import to_text
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable


def parse_factor(parser: ExpressionParser, left: Tree, token: Token) -> Tree:
    """The product of `left` with what begins at `token`, without a sign; of (x)2 it is asked whether it is a power."""
    state = parser.state
    state.is_plain = False
    before = state.tokens[state.place - 1]
    if token.kind == "number":
        if before.kind == "number":
            state.report(
                Translatable(
                    "Between “{before}” and “{word}” an operator is missing: write {before}*{word}.",
                    before=shorten(before.typed), word=shorten(token.typed),
                ),
                token.position,
            )  # fmt: skip
        elif state.choose("number behind", 2, token.position):
            return Apply("**", (state.to_number(left), parser.parse_expression(SIGN)))
    return Apply("*", (state.to_number(left), state.to_number(parser.parse_expression(SIGN))))


def extend_divisor(parser: ExpressionParser, divisor: Tree, follower: Token) -> Tree:
    """Extend a divisor by the factor that follows it: in 1/2x, decide whether x is divided by, too."""
    state = parser.state
    if follower.kind == "number" or not state.choose("fraction", 2, follower.position):
        return divisor
    while (follower := state.peek()) and state.starts_operand(follower):  # type: ignore[assignment]
        divisor = parse_factor(parser, divisor, follower)
    return divisor


def parse_power(parser: ExpressionParser, base: Tree) -> Tree:
    """A power, whose sign has been passed; of e^2x it is asked whether x is in the exponent."""
    state = parser.state
    first, base = state.peek(), state.to_number(base)
    exponent = state.to_number(parser.parse_expression(SIGN))
    if first is None or first.text == "(":  # it is clear where the exponent ends
        return Apply("**", (base, exponent))
    if isinstance(exponent, Apply) and exponent.name == "**":
        towered = f"{shorten(to_text(base))}^({shorten(to_text(exponent))})".replace("**", "^")
        state.remarks.append(Translatable("Powers are taken from the right: {text}.", text=towered))
    follower = _find_tight_operand(state) if base == Name("e") or isinstance(base, Number) else None
    if follower and state.choose("exponent", 2, follower.position):
        while _find_tight_operand(state):
            exponent = Apply("*", (exponent, state.to_number(parser.parse_expression(SIGN))))
    return Apply("**", (base, exponent))


def _find_tight_operand(state: ParserState) -> Token | None:
    """The operand that is next, without a blank before it, if it is no number."""
    token = state.peek()
    tight = token is not None and not token.has_gap and token.kind != "number" and state.starts_operand(token)
    return token if tight else None


def parse_index(parser: ExpressionParser, token: Token) -> Tree:
    """x2 without x1: a power, a product, or the second variable if there is no other."""
    state = parser.state
    letter, number = Name(token.text[0]), Number(float(token.text[1:]))
    readings: list[Tree] = [Apply("**", (letter, number)), Apply("*", (letter, number))]
    if token.text == "x2" and not any(other.text in {"y", "y2"} for other in state.tokens):
        readings.append(Name("y"))
    return readings[state.choose("index", len(readings), token.position)]
