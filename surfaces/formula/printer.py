"""A formula as text that reads back as the same tree, and as LaTeX."""

from surfaces.formula.expression_tree import Apply, Name, Number, Tree

# How tightly an operator binds, as in Python: -x**2 is -(x**2), x**-2 needs no brackets.
SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5
BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "neg": SIGN, "**": POWER}
LATEX = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "log": r"\ln", "log2": r"\log_{2}", "log10": r"\log_{10}",
    "tanh": r"\tanh", "sinh": r"\sinh", "cosh": r"\cosh", "arcsin": r"\arcsin", "arccos": r"\arccos",
    "arctan": r"\arctan", "min": r"\min", "max": r"\max", "pi": r"\pi", "e": "e", "x": "x", "y": "y",
}  # fmt: skip


def text(tree: Tree) -> str:
    """The formula as one types it, with no more brackets than it needs."""
    match tree:
        case Number(value):
            return _digits(value)
        case Name(word):
            return word
        case Apply("neg", (u,)):
            return "-" + _bracketed(u, SIGN)
        case Apply("**", (u, v)):
            return f"{_bracketed(u, ATOM)}**{_bracketed(v, SIGN)}"
        case Apply(word, (u, v)) if word in BINDS:
            space = " " if BINDS[word] == SUM else ""
            return f"{_bracketed(u, BINDS[word])}{space}{word}{space}{_bracketed(v, BINDS[word] + 1)}"
    return f"{tree.word}({', '.join(map(text, tree.args))})"


def _bracketed(tree: Tree, least: int) -> str:
    """`tree` in brackets if it binds less tightly than `least`."""
    binds = BINDS.get(tree.word, ATOM) if isinstance(tree, Apply) else ATOM
    return text(tree) if binds >= least else f"({text(tree)})"


def _digits(value: float) -> str:
    """The fewest digits that are this number and no other."""
    return repr(value).removesuffix(".0")


def latex(tree: Tree) -> str:
    r"""The formula typeset: fractions, roots and powers, and brackets only where they are needed.

    Made of digits and of the words in `LATEX` and in this function, whatever was typed.
    """
    return _latex(tree)[0]


def _latex(tree: Tree) -> tuple[str, int]:
    """LaTeX and how tightly it binds."""
    match tree:
        case Number(value):
            return _decimal(value)
        case Name(word):
            return LATEX[word], ATOM
        case Apply("neg", (u,)):
            return "-" + _inside(u, PRODUCT), SIGN
        case Apply("/", (u, v)):
            return rf"\frac{{{latex(u)}}}{{{latex(v)}}}", SIGN
        case Apply("*", (u, v)):
            return _product(_inside(u, PRODUCT), _inside(v, PRODUCT)), PRODUCT
        case Apply(("+" | "-") as word, (u, v)):
            right = _inside(v, PRODUCT if word == "-" else SUM)
            return f"{latex(u)} {word} {_unsigned(right)}", SUM
        case Apply("**", (Apply(word, (u,)), Number(n))) if word in LATEX and n > 1:
            return rf"{LATEX[word]}^{{{latex(Number(n))}}}\left({latex(u)}\right)", POWER
        case Apply("**", (u, v)):
            return f"{_inside(u, ATOM)}^{{{latex(v)}}}", POWER
        case Apply("sqrt", (u,)):
            return rf"\sqrt{{{latex(u)}}}", ATOM
        case Apply("abs", (u,)):
            return rf"\left|{latex(u)}\right|", ATOM
        case Apply("exp", (u,)):
            return f"e^{{{latex(u)}}}", POWER
    return rf"{LATEX[tree.word]}\left({', '.join(map(latex, tree.args))}\right)", POWER


def _inside(tree: Tree, least: int) -> str:
    written, binds = _latex(tree)
    return written if binds >= least else rf"\left({written}\right)"


def _product(left: str, right: str) -> str:
    """Side by side, unless that would read as one number or as a mixed fraction."""
    apart = right[0].isdigit() or (right.startswith(r"\frac") and left[-1].isdigit())
    return f"{left} " + (r"\cdot " if apart else "") + _unsigned(right)


def _unsigned(right: str) -> str:
    """No sign follows another."""
    return rf"\left({right}\right)" if right.startswith("-") else right


def _decimal(value: float) -> tuple[str, int]:
    mantissa, e, exponent = _digits(value).partition("e")
    if not e:
        return mantissa, ATOM
    power = f"10^{{{int(exponent)}}}"
    return (power, POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", PRODUCT)
