"""The state that the parsers of all parts of a formula share: tokens, position, and findings on the way."""

from typing import NamedTuple, Protocol

from surfaces.formula.expression_tree import ONE, ZERO, Apply, Name, Tree, is_condition
from surfaces.formula.tokenizer import MAX_PROBLEMS_FOUND, SyntaxProblem, Token
from surfaces.translatable import Translatable

# How tightly operators bind, as in Python: -x**2 is -(x**2), and x**-2 needs no brackets.
OR, AND, COMPARISON, SUM, PRODUCT, SIGN, POWER = range(1, 8)
PLACEHOLDER = Name("x")  # in the place of what was not understood, in a tree that nobody will see


class Choice(NamedTuple):
    """A place that can be read in several ways."""

    ways: int
    position: int


class ParsingAborted(Exception):
    """Parsing on makes no sense."""


class ParserState:
    """The tokens and the place in them; problems, remarks and choices so far."""

    def __init__(self, tokens: list[Token], picked: dict[str, int], decimal_commas: set[int]) -> None:
        """`picked`: which reading is taken of each kind of choice; the first if it is not said.

        `decimal_commas`: the positions of the commas that may stand within a number.
        """
        self.tokens, self.picked, self.decimal_commas = tokens, picked, decimal_commas
        self.place, self.depth, self.brackets = 0, 0, 0
        self.open_bars: list[str] = []
        self.is_plain, self.is_in_condition = True, False
        self.choices: dict[str, Choice] = {}
        self.problems: list[SyntaxProblem] = []
        self.remarks: list[Translatable] = []

    def peek(self, ahead: int = 0) -> Token | None:
        """The token that is next, or one behind it; None at the end."""
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def next_is(self, *texts: str) -> bool:
        token = self.peek()
        return token is not None and token.kind != "unknown" and token.text in texts

    def starts_operand(self, token: Token) -> bool:
        if token.kind in {"number", "macro", "index", "tex", "unknown", "logarithm"}:
            return True
        if token.kind == "name":
            return token.text not in {"and", "or"}
        if token.kind == "mark":
            if token.text in {"|", "‖"}:
                return token.text not in self.open_bars
            return token.text in {"√", "⌊", "⌈", "|left", "‖left"}
        return token.text == "("

    def find_end(self) -> int:
        """The position behind the last token."""
        last = self.tokens[-1] if self.tokens else None
        return last.position + len(last.typed) if last else 0

    def choose(self, kind: str, count: int, position: int) -> int:
        """Which of the readings of a text that has several is taken."""
        self.choices.setdefault(kind, Choice(count, position))
        self.is_plain = False
        return min(self.picked.get(kind, 0), count - 1)

    def to_number(self, tree: Tree) -> Tree:
        """A number; a comparison in the place of one is 1 where it is true, and 0 elsewhere."""
        if not is_condition(tree):
            return tree
        self.is_plain = False
        return Apply("where", (tree, ONE, ZERO))

    def check_condition(self, tree: Tree, token: Token) -> Tree:
        """The tree, which `token` needs to be a condition: anything else is a problem."""
        if not is_condition(tree) and not self.problems:
            self.report(
                Translatable("“{word}” needs a comparison, such as x > 0.", word=shorten(token.typed)), token.position
            )
        return tree

    def report(self, sentence: Translatable, position: int) -> None:
        self.problems.append(SyntaxProblem(sentence, position))
        if len(self.problems) > MAX_PROBLEMS_FOUND:
            raise ParsingAborted

    def report_unexpected(self, token: Token) -> None:
        if token.text == ")":
            self.report(Translatable("This bracket has no opening bracket before it."), token.position)
        elif token.text in {",", ";"}:
            self.report(
                Translatable("A comma separates the arguments of a function. Write 0.5 for 0,5."), token.position
            )
        elif token.text == "=":
            self.report(Translatable("“=” has no meaning here: write only what f(x, y) is."), token.position)
        else:
            self.report(Translatable("“{shown}” is not expected here.", shown=shorten(token.typed)), token.position)


class ExpressionParser(Protocol):
    """The interface of `parser.Parser` to the parsers of operands, which it imports."""

    state: ParserState

    def parse_expression(self, min_binding: int) -> Tree:
        """Parse the expression from here on whose operators bind at least as tightly as `min_binding`."""
        ...

    def continue_expression(self, left: Tree, min_binding: int) -> Tree:
        """Parse on from `left`, which is parsed already, while operators bind at least as tightly as `min_binding`."""
        ...

    def parse_operand(self) -> Tree:
        """A number, a name, a function with its argument, something in brackets; with its sign."""
        ...


def shorten(word: str) -> str:
    return word if len(word) <= 20 else word[:20] + "…"
