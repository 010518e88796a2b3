"""Parse the tokens of a formula into a tree, by recursive descent and the precedence of operators."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from surfaces.formula.bars_and_root_sign import parse_bars_or_root
from surfaces.formula.brackets_and_arguments import parse_arguments, parse_brackets
from surfaces.formula.commas import find_tight_commas, list_commas, parse_number
from surfaces.formula.expression_tree import COMPARISONS, VARIABLES, Apply, Name, Tree, is_condition
from surfaces.formula.function_calls import parse_function_arguments, parse_function_power, parse_logarithm, parse_name
from surfaces.formula.latex_fractions_and_roots import parse_latex_command
from surfaces.formula.parser_state import (
    AND,
    COMPARISON,
    OR,
    PLACEHOLDER,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    ParserState,
    ParsingAborted,
    shorten,
)
from surfaces.formula.products_and_powers import extend_divisor, parse_factor, parse_index, parse_power
from surfaces.formula.tokenizer import Token, tokenize
from surfaces.formula.word_meanings import find_macro
from surfaces.spelling_suggestions import find_plain_character
from surfaces.translatable import Translatable

MAX_PARSER_DEPTH = 150  # operands in operands, brackets in brackets

BINDING = {"or": OR, "and": AND, **dict.fromkeys((*COMPARISONS, "="), COMPARISON), "+": SUM, "-": SUM, "*": PRODUCT,
           "/": PRODUCT, "**": POWER}  # fmt: skip


class Parser:
    """Problems are collected, with a placeholder for what is missing; where there is a choice, `picked` decides."""

    def __init__(self, tokens: list[Token], picked: dict[str, int]) -> None:
        self.state = ParserState(list(tokens), picked, find_tight_commas(tokens))

    def parse(self) -> Tree:
        """The tree of all tokens; with problems in the state it means nothing."""
        state = self.state
        check_variables(state)
        try:
            tree = self.parse_expression(OR)
            while token := state.peek():
                state.report_unexpected(token)
                state.place += 1
                if state.peek():
                    self.parse_expression(OR)
        except ParsingAborted:
            return PLACEHOLDER
        if is_condition(tree) and not state.problems and all(token.kind != "unknown" for token in state.tokens):
            state.report(
                Translatable("A comparison is true or false, not a number: write where(x > 0, here, elsewhere)."),
                state.tokens[0].position,
            )
        return tree

    def parse_expression(self, min_binding: int) -> Tree:
        """Parse the expression from here on whose operators bind at least as tightly as `min_binding`."""
        state = self.state
        state.depth += 1
        if state.depth > MAX_PARSER_DEPTH:
            position = token.position if (token := state.peek()) else state.find_end()
            state.report(Translatable("The formula is nested too deeply."), position)
            raise ParsingAborted
        left = self.continue_expression(self.parse_operand(), min_binding)
        state.depth -= 1
        return left

    def continue_expression(self, left: Tree, min_binding: int) -> Tree:
        """Parse on from `left`, which is parsed already, while operators bind at least as tightly as `min_binding`."""
        state = self.state
        compared_last: Tree | None = None  # the right side of the comparison just read, which a chain goes on from
        while (token := state.peek()) and (found := self._find_operator(token)) and found[1] >= min_binding:
            operator, binding = found
            if operator == "=" and not state.is_in_condition:
                break
            if not operator:
                left = parse_factor(self, left, token)
                continue
            state.place += 1
            if operator == "**":
                left = parse_power(self, left)
            elif binding == COMPARISON:
                right = state.to_number(self.parse_expression(SUM))
                state.is_plain &= operator != "="
                link = Apply("==" if operator == "=" else operator, (state.to_number(compared_last or left), right))
                left, compared_last = Apply("and", (left, link)) if compared_last else link, right
            elif binding <= AND:
                right = self.parse_expression(binding + 1)
                left = Apply(operator, (state.check_condition(left, token), state.check_condition(right, token)))
                compared_last = None
            else:
                right = state.to_number(self.parse_expression(binding + 1))
                if operator == "/" and (follower := state.peek()) and state.starts_operand(follower):
                    right = extend_divisor(self, right, follower)
                state.is_plain &= operator != "mod"
                left = Apply(operator, (state.to_number(left), right))
        return left

    def _find_operator(self, token: Token) -> tuple[str, int] | None:
        """The operator that is next and how tightly it binds; "" for a product without a sign."""
        if token.kind == "name" and token.text == "mod" and not self._is_call():
            return "mod", PRODUCT
        if token.kind in {"sign", "name"} and token.text in BINDING:
            return token.text, BINDING[token.text]
        return ("", PRODUCT) if self.state.starts_operand(token) else None

    def _is_call(self) -> bool:
        """Whether brackets with a comma follow the name that is next."""
        state = self.state
        following = state.peek(1)
        return following is not None and following.text == "(" and any(list_commas(state.tokens, state.place + 1))

    def parse_operand(self) -> Tree:
        """A number, a name, a function with its argument, something in brackets; with its sign."""
        state = self.state
        token = state.peek()
        if token is None:
            before = state.tokens[state.place - 1].typed if state.place else ""
            state.report(
                Translatable("After “{before}” something is missing.", before=shorten(before)), state.find_end()
            )
            return PLACEHOLDER
        if token.kind == "sign" and token.text in {"+", "-"}:
            state.place += 1
            inner = self.parse_expression(SIGN)
            return inner if token.text == "+" else Apply("neg", (state.to_number(inner),))
        if not state.starts_operand(token) and token.text not in {"|", "‖"}:
            state.report(
                Translatable("Before “{word}” something is missing.", word=shorten(token.typed)), token.position
            )
            if token.kind == "sign" and token.text not in {")", ",", ";"}:
                state.place += 1  # of two operators the second is left out
                return self.parse_operand() if state.peek() else PLACEHOLDER
            return PLACEHOLDER
        state.place += 1
        return OPERAND_PARSERS[token.kind](self, token)

    def parse_macro(self, token: Token) -> Tree:
        """A function that is written with others."""
        parameters, template = find_macro(token.text)
        self.state.is_plain = False
        body = parse_template(template)
        if not parameters:
            return body
        names = parameters.split(", ")
        power = parse_function_power(self)
        args = parse_function_arguments(self, token.text, range(len(names), len(names) + 1), token)
        tree = substitute(body, dict(zip(names, args, strict=False)))
        return tree if power is None else Apply("**", (tree, power))

    def skip_unknown(self, token: Token) -> Tree:
        """A placeholder for a word that is not known, and its arguments."""
        if self.state.next_is("(") and token.text:
            parse_arguments(self, None, token)
        return PLACEHOLDER


OPERAND_PARSERS: dict[str, Callable[[Parser, Token], Tree]] = {
    "number": parse_number, "name": parse_name, "sign": parse_brackets, "macro": Parser.parse_macro,
    "index": parse_index, "logarithm": parse_logarithm, "tex": parse_latex_command, "mark": parse_bars_or_root,
    "unknown": Parser.skip_unknown,
}  # fmt: skip


@lru_cache(maxsize=256)
def parse_template(text: str) -> Tree:
    """The tree of what a macro stands for."""
    return Parser(tokenize(text).tokens, {}).parse()


def substitute(tree: Tree, values: dict[str, Tree]) -> Tree:
    """The tree with `values` in the place of names."""
    match tree:
        case Name(word):
            return values.get(word, tree)
        case Apply(word, args):
            return Apply(word, tuple(substitute(u, values) for u in args))
    return tree


def check_variables(state: ParserState) -> None:
    """x_1 and x_2 are x and y: not beside x and y of their own."""
    variables = [token for token in state.tokens if token.kind == "name" and token.text in VARIABLES]
    for name in VARIABLES:
        spellings = list(dict.fromkeys(spell_variable(token) for token in variables if token.text == name))
        if len(spellings) > 1:
            state.report(
                Translatable("“{one}” and “{other}” would both be {name}.", name=name,
                             one=spellings[0], other=spellings[1]),
                next(token.position for token in variables if spell_variable(token) == spellings[1]),
            )  # fmt: skip
    renamed = dict.fromkeys(
        f"{spelt} → {token.text}" for token in variables if (spelt := spell_variable(token)) != token.text
    )
    if renamed:
        state.remarks.append(Translatable("The variables are x and y: {pairs}.", pairs=", ".join(renamed)))


def spell_variable(token: Token) -> str:
    """A variable as it was typed, in plain letters."""
    spelt = unicodedata.normalize("NFKC", token.typed).lower()
    spelt = find_plain_character(spelt) or spelt if len(spelt) == 1 else spelt
    return re.sub(r"\W", "", spelt).replace("_", "")
