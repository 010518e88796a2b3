"""Functions: sin(x), sin x, sin^2 x; where it is not clear how far a bare argument reaches, it is asked."""

from surfaces.formula.brackets_and_arguments import parse_arguments, parse_brackets
from surfaces.formula.expression_tree import ARITIES, CONSTANTS, FUNCTIONS, ONE, Apply, Name, Number, Tree
from surfaces.formula.parser_state import PLACEHOLDER, POWER, PRODUCT, ExpressionParser, shorten
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable

INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}


def parse_name(parser: ExpressionParser, token: Token) -> Tree:
    return parse_function(parser, token.text, token) if token.text in FUNCTIONS else Name(token.text)


def parse_logarithm(parser: ExpressionParser, token: Token) -> Tree:
    """Parse a logarithm; log2x is ambiguous: the logarithm to base 2, or of 2x."""
    state = parser.state
    if not state.choose("logarithm", 2, token.position):
        return parse_function(parser, token.text, token)
    digits = token.text.removeprefix("log")
    state.tokens[state.place : state.place] = [Token("number", digits, token.position + 3, digits, False)]
    return parse_function(parser, "log", token)


def parse_function(parser: ExpressionParser, name: str, token: Token) -> Tree:
    """A function, whose name has been passed, with its argument: sin^-1 may be the inverse, too."""
    power = parse_function_power(parser)
    args = parse_function_arguments(parser, name, ARITIES[name], token)
    if power == Apply("neg", (ONE,)) and name in INVERSES and parser.state.choose("inverse", 2, token.position):
        return Apply(INVERSES[name], args)
    tree = Apply(name, args)
    return tree if power is None else Apply("**", (tree, power))


def parse_function_power(parser: ExpressionParser) -> Tree | None:
    """The exponent in sin^2 x, if there is one."""
    state = parser.state
    if not state.next_is("**"):
        return None
    state.is_plain = False
    state.place += 1
    if state.next_is("("):
        state.place += 1
        return state.to_number(parse_brackets(parser, state.tokens[state.place - 1]))
    is_negative = state.next_is("-")
    state.place += is_negative
    token = state.peek()
    if token is None or token.kind != "number":
        position = token.position if token else state.find_end()
        state.report(Translatable("Write a number as the power of a function."), position)
        return ONE
    state.place += 1
    number = Number(float(token.text))
    return Apply("neg", (number,)) if is_negative else number


def parse_function_arguments(parser: ExpressionParser, name: str, arity: range, token: Token) -> tuple[Tree, ...]:
    """The arguments in brackets; of a function of one number also without them."""
    state = parser.state
    if state.next_is("("):
        return parse_arguments(parser, arity, token, name)
    follower = state.peek()
    if arity != range(1, 2) or follower is None or not (state.starts_operand(follower) or follower.text in {"-", "+"}):
        state.report(
            Translatable("Write the argument of {before} in brackets: {before}(...).", before=shorten(name)),
            follower.position if follower else state.find_end(),
        )
        return (PLACEHOLDER,) * arity.start
    state.is_plain = False
    return (state.to_number(_parse_bare_argument(parser, name)),)


def _parse_bare_argument(parser: ExpressionParser, name: str) -> Tree:
    """The argument of a function without brackets: sin 2x; of sin x y it is asked."""
    state = parser.state
    argument = _parse_short_argument(parser, is_root=name == "sqrt")
    follower, second = state.peek(), state.peek(1)
    is_followed = follower and (
        (state.starts_operand(follower) and not _is_function(follower))
        or (
            name != "sqrt"
            and follower.text in {"*", "/"}
            and second
            and state.starts_operand(second)
            and not _is_function(second)
        )
    )
    if is_followed and state.choose("argument", 2, follower.position):  # type: ignore[union-attr]
        return parser.continue_expression(argument, PRODUCT)
    return argument


def _parse_short_argument(parser: ExpressionParser, *, is_root: bool) -> Tree:
    """A sign, coefficients, and letters that stand close together."""
    state = parser.state
    if state.next_is("-"):
        state.place += 1
        return Apply("neg", (state.to_number(_parse_short_argument(parser, is_root=is_root)),))
    first = state.peek()
    tree = state.to_number(parser.parse_expression(POWER))
    is_coefficient = first is not None and (first.kind == "number" or first.text in CONSTANTS)
    while not is_root and (token := state.peek()) and state.starts_operand(token) and not _is_function(token):
        if (not is_coefficient and (token.has_gap or token.kind != "name")) or token.kind == "number":
            break
        is_coefficient = is_coefficient and token.text in CONSTANTS
        tree = Apply("*", (tree, state.to_number(parser.parse_expression(POWER))))
    return tree


def _is_function(token: Token) -> bool:
    return token.kind in {"macro", "logarithm"} or (token.kind == "name" and token.text in FUNCTIONS)
