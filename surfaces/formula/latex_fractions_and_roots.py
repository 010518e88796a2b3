r"""Commands of LaTeX that take arguments: \frac{x}{2}, \frac12, \sqrt{x}, \sqrt[3]{x}."""

from surfaces.formula.brackets_and_arguments import parse_brackets
from surfaces.formula.expression_tree import ONE, Apply, Number, Tree
from surfaces.formula.parser_state import PLACEHOLDER, ExpressionParser, ParserState, ParsingAborted, shorten
from surfaces.formula.tokenizer import Token
from surfaces.translatable import Translatable


def parse_latex_command(parser: ExpressionParser, token: Token) -> Tree:
    state = parser.state
    if token.text == "frac":
        over = _parse_latex_argument(parser, token)
        return Apply("/", (over, _parse_latex_argument(parser, token)))
    if (opening := state.peek()) and opening.text == "(" and opening.typed == "[":
        state.place += 1
        degree = parse_brackets(parser, opening)
        return _make_root(state, _parse_latex_argument(parser, token), degree, opening)
    return Apply("sqrt", (_parse_latex_argument(parser, token),))


def _parse_latex_argument(parser: ExpressionParser, command: Token) -> Tree:
    r"""Parse the argument of a command: braces, or a single character, as in \frac12."""
    state = parser.state
    token = state.peek()
    if token is None or token.text in {")", ","}:
        state.report(
            Translatable("After “{before}” something is missing.", before=shorten(command.typed)),
            token.position if token else state.find_end(),
        )
        return PLACEHOLDER
    if token.kind == "number" and len(token.text) > 1:
        first, rest = token.text[0], token.text[1:]
        state.tokens[state.place : state.place + 1] = [
            token._replace(text=first, typed=first, is_plain=False),
            token._replace(text=rest, typed=rest, is_plain=False, position=token.position + 1),
        ]
        if not (first.isdigit() and rest.replace(".", "", 1).isdigit()):
            state.report(Translatable("Write braces behind “{before}”.", before=shorten(command.typed)), token.position)
            raise ParsingAborted
    return state.to_number(parser.parse_operand())


def _make_root(state: ParserState, u: Tree, n: Tree, opening: Token) -> Tree:
    """The n-th root: of an odd n that of a negative number, too."""
    if not isinstance(n, Number) or n.value % 1 or not 1 <= n.value < 100:
        state.report(Translatable("Write a whole number for the root."), opening.position)
        return PLACEHOLDER
    if n.value in {1, 2, 3}:
        return {1: u, 2: Apply("sqrt", (u,)), 3: Apply("cbrt", (u,))}[int(n.value)]
    exponent = Apply("/", (ONE, n))
    if n.value % 2:
        return Apply("*", (Apply("sign", (u,)), Apply("**", (Apply("abs", (u,)), exponent))))
    return Apply("**", (u, exponent))
