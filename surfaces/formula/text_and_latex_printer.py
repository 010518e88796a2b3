"""A formula as text that reads back as the same tree, and as LaTeX."""

from surfaces.formula.expression_tree import COMPARISONS, Apply, Name, Number, Tree

# Precedences as in Python: -x**2 is -(x**2), x**-2 needs no brackets.
OR, AND, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 9)
PRECEDENCE = {
    "or": OR, "and": AND, **dict.fromkeys(COMPARISONS, COMPARISON), "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT,
    "neg": SIGN, "**": POWER,
}  # fmt: skip
FUNCTION_LATEX = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "log": r"\ln", "log2": r"\log_{2}", "log10": r"\log_{10}",
    "tanh": r"\tanh", "sinh": r"\sinh", "cosh": r"\cosh", "arcsin": r"\arcsin", "arccos": r"\arccos",
    "arctan": r"\arctan", "min": r"\min", "max": r"\max", "pi": r"\pi", "e": "e", "x": "x", "y": "y",
    **{word: rf"\operatorname{{{word}}}" for word in ("sign", "atan2", "erf", "softplus", "relu")},
    "sigmoid": r"\sigma",
}  # fmt: skip
CONDITION_LATEX = {
    "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne", "and": r"\land", "or": r"\lor",
}  # fmt: skip
OTHERWISE = r"\text{otherwise}"  # in a function in pieces; the page translates it


def to_text(tree: Tree) -> str:
    """The formula as text, with no more brackets than it needs."""
    match tree:
        case Number(value):
            return _shortest_digits(value)
        case Name(word):
            return word
        case Apply("neg", (u,)):
            return "-" + _text_in_brackets(u, SIGN)
        case Apply("**", (u, v)):
            return f"{_text_in_brackets(u, ATOM)}**{_text_in_brackets(v, SIGN)}"
        case Apply("and", (Apply() as u, Apply(word, (middle, v)))) if (
            middle == _find_chain_end(u) and word in COMPARISONS
        ):
            return f"{to_text(u)} {word} {_text_in_brackets(v, SUM)}"
        case Apply(word, (u, v)) if word in PRECEDENCE:
            space = " " if PRECEDENCE[word] <= SUM else ""
            left, right = _text_in_brackets(u, PRECEDENCE[word]), _text_in_brackets(v, PRECEDENCE[word] + 1)
            return f"{left}{space}{word}{space}{right}"
    return f"{tree.name}({', '.join(map(to_text, tree.args))})"


def _find_chain_end(tree: Tree) -> Tree | None:
    """The last operand of a chain of comparisons, as y of 0 < x < y; else None."""
    match tree:
        case Apply(word, (_, v)) if word in COMPARISONS:
            return v
        case Apply("and", (u, Apply(word, (middle, v)))) if word in COMPARISONS and middle == _find_chain_end(u):
            return v
    return None


def _text_in_brackets(tree: Tree, min_precedence: int) -> str:
    """`tree` in brackets if it binds less tightly than `min_precedence`."""
    binds = PRECEDENCE.get(tree.name, ATOM) if isinstance(tree, Apply) else ATOM
    return to_text(tree) if binds >= min_precedence else f"({to_text(tree)})"


def _shortest_digits(value: float) -> str:
    """The fewest digits that read back as the same number."""
    return repr(value).removesuffix(".0")


def to_latex(tree: Tree) -> str:
    r"""The formula typeset: fractions, roots and powers, and brackets only where they are needed.

    Made of digits and of the words in `FUNCTION_LATEX` and in this function, whatever was typed.
    """
    return _latex_and_precedence(tree)[0]


def _latex_and_precedence(tree: Tree) -> tuple[str, int]:
    """LaTeX and its precedence."""
    match tree:
        case Number(value):
            return _latex_number(value)
        case Name(word):
            return FUNCTION_LATEX[word], ATOM
        case Apply("neg", (u,)):
            return "-" + _latex_in_brackets(u, PRODUCT), SIGN
        case Apply("/", (u, v)):
            return rf"\frac{{{to_latex(u)}}}{{{to_latex(v)}}}", SIGN
        case Apply("*", (u, v)):
            return _latex_product(_latex_in_brackets(u, PRODUCT), _latex_in_brackets(v, PRODUCT)), PRODUCT
        case Apply(("+" | "-") as word, (u, v)):
            right = _latex_in_brackets(v, PRODUCT if word == "-" else SUM)
            return f"{to_latex(u)} {word} {_bracket_signed(right)}", SUM
        case Apply("**", (Apply(word, (u,)), Number(n))) if word in FUNCTION_LATEX and n > 1:
            return rf"{FUNCTION_LATEX[word]}^{{{to_latex(Number(n))}}}\left({to_latex(u)}\right)", POWER
        case Apply("**", (u, v)):
            return f"{_latex_in_brackets(u, ATOM)}^{{{to_latex(v)}}}", POWER
    return _latex_condition(tree) or _latex_function(tree)


def _latex_condition(tree: Apply) -> tuple[str, int] | None:
    match tree:
        case Apply("and", (u, Apply(word, (middle, v)))) if middle == _find_chain_end(u) and word in COMPARISONS:
            return f"{to_latex(u)} {CONDITION_LATEX[word]} {to_latex(v)}", COMPARISON
        case Apply(word, (u, v)) if word in CONDITION_LATEX:
            least = PRECEDENCE[word] + (PRECEDENCE[word] == COMPARISON)
            left, right = _latex_in_brackets(u, least), _latex_in_brackets(v, least)
            return f"{left} {CONDITION_LATEX[word]} {right}", PRECEDENCE[word]
    return None


def _latex_function(tree: Apply) -> tuple[str, int]:
    match tree:
        case Apply("where", (condition, u, v)):
            return (
                rf"\begin{{cases}} {to_latex(u)} & {to_latex(condition)} \\ {to_latex(v)} & {OTHERWISE} \end{{cases}}",
                SUM,
            )
        case Apply("cbrt", (u,)):
            return rf"\sqrt[3]{{{to_latex(u)}}}", ATOM
        case Apply("floor", (u,)):
            return rf"\left\lfloor {to_latex(u)} \right\rfloor", ATOM
        case Apply("mod", (u, v)):
            return rf"{_latex_in_brackets(u, SIGN)} \bmod {_latex_in_brackets(v, POWER)}", SUM
        case Apply("sqrt", (u,)):
            return rf"\sqrt{{{to_latex(u)}}}", ATOM
        case Apply("abs", (u,)):
            return rf"\left|{to_latex(u)}\right|", ATOM
        case Apply("exp", (u,)):
            return f"e^{{{to_latex(u)}}}", POWER
    return rf"{FUNCTION_LATEX[tree.name]}\left({', '.join(map(to_latex, tree.args))}\right)", POWER


def _latex_in_brackets(tree: Tree, min_precedence: int) -> str:
    written, binds = _latex_and_precedence(tree)
    return written if binds >= min_precedence else rf"\left({written}\right)"


def _latex_product(left: str, right: str) -> str:
    """Side by side, unless that would read as one number or as a mixed fraction."""
    apart = right[0].isdigit() or (right.startswith(r"\frac") and left[-1].isdigit())
    return f"{left} " + (r"\cdot " if apart else "") + _bracket_signed(right)


def _bracket_signed(right: str) -> str:
    """No sign follows another."""
    return rf"\left({right}\right)" if right.startswith("-") else right


def _latex_number(value: float) -> tuple[str, int]:
    mantissa, e, exponent = _shortest_digits(value).partition("e")
    if not e:
        return mantissa, ATOM
    power = f"10^{{{int(exponent)}}}"
    return (power, POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", PRODUCT)
