"""Meanings of the words and commands that people type in a formula, beside the names of the canonical text."""

import re
from functools import lru_cache

from surfaces.formula.expression_tree import ARITIES, CONSTANTS, FUNCTIONS, VARIABLES

WORD_OPERATORS = ("and", "or")

# Other names of what is here: in other languages of programming and of people.
SYNONYMS = {
    "ln": "log", "loge": "log", "log_e": "log", "lg": "log10", "log_10": "log10", "log_2": "log2", "lb": "log2",
    "ld": "log2", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "arcsen": "arcsin", "arctg": "arctan",
    "sen": "sin", "tg": "tan", "sh": "sinh", "ch": "cosh", "th": "tanh", "tgh": "tanh", "sine": "sin",
    "cosine": "cos", "tangent": "tan", "fabs": "abs", "absolute": "abs", "maximum": "max", "minimum": "min",
    "fmax": "max", "fmin": "min", "amax": "max", "amin": "min", "root": "sqrt", "sqroot": "sqrt",
    "sinf": "sin", "cosf": "cos", "tanf": "tan", "expf": "exp", "logf": "log", "sqrtf": "sqrt", "euler": "e",
    "arctan2": "atan2", "sgn": "sign", "signum": "sign", "expit": "sigmoid", "logistic": "sigmoid",
    "sigma": "sigmoid", "remainder": "mod", "bmod": "mod", "ifelse": "where", "cuberoot": "cbrt", "land": "and",
    "lor": "or",
}  # fmt: skip

# What is written with what is here: what it is applied to, and how.
_MACROS = {
    "log1p": ("x", "log(1 + x)"), "expm1": ("x", "exp(x) - 1"), "exp2": ("x", "2**x"), "exp10": ("x", "10**x"),
    "arcsinh asinh arsinh argsinh arsh": ("x", "log(x + sqrt(x**2 + 1))"),
    "arccosh acosh arcosh argcosh arch": ("x", "log(x + sqrt(x**2 - 1))"),
    "arctanh atanh artanh argtanh arth": ("x", "0.5*log((1 + x)/(1 - x))"),
    "sec": ("x", "1/cos(x)"), "csc cosec": ("x", "1/sin(x)"), "cot ctg cotan": ("x", "cos(x)/sin(x)"),
    "sech": ("x", "1/cosh(x)"), "csch": ("x", "1/sinh(x)"), "coth cth": ("x", "1/tanh(x)"),
    "arcsec asec": ("x", "arccos(1/x)"), "arccsc acsc": ("x", "arcsin(1/x)"),
    "square": ("x", "x**2"), "cube": ("x", "x**3"), "reciprocal": ("x", "1/x"),
    "pow power": ("x, y", "x**y"), "hypot": ("x, y", "sqrt(x**2 + y**2)"),
    "logaddexp": ("x, y", "max(x, y) + softplus(-abs(x - y))"),
    "logit": ("x", "log(x/(1 - x))"), "silu swish": ("x", "x*sigmoid(x)"),
    "heaviside": ("x", "0.5 + 0.5*sign(x)"), "ceil": ("x", "-floor(-x)"),
    "gelu": ("x", "0.5*x*(1 + erf(x/sqrt(2)))"), "erfc": ("x", "1 - erf(x)"),
    "radians deg2rad": ("x", "x*pi/180"), "degrees rad2deg": ("x", "x*180/pi"), "tau": ("", "2*pi"),
}  # fmt: skip
MACROS = {word: how for words, how in _MACROS.items() for word in words.split()}
LOGARITHM = re.compile(r"log_?([3-9]|[1-9]\d{1,3})")  # to another base
AMBIGUOUS_WORDS = {"arccot", "acot", "arcctg", "sqr"}  # near a known word, and of more than one meaning
KNOWN_WORDS = (*VARIABLES, *CONSTANTS, *FUNCTIONS)

LIBRARY_PREFIX = re.compile(
    r"(?:math|cmath|np|numpy|jnp|jax|scipy|special|sp|sympy|torch|tf|mpmath|mp|Math)(?:\.([A-Za-z]\w*)){1,4}", re.I
)
INDEXED_VARIABLE = re.compile(r"[xX](?:_(\d{1,3})|(\d{1,3})|\[ *(\d+) *\])|[yY](\d{1,3})")

TEX_BLANKS = {
    *",;:! ", "\\", "quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag", "big",
    "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "thinspace", "hspace",
    "rm", "mathrm", "operatorname",
}  # fmt: skip
TEX_SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "vert": "|", "lvert": "|left", "rvert": "|right", "|": "‖",
    "Vert": "‖", "lVert": "‖left", "rVert": "‖right", "{": "(", "}": ")", "lbrace": "(", "rbrace": ")", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=",
    "geqslant": ">=", "lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "wedge": "and", "vee": "or", "frac": "frac",
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "mod": "mod",
}  # fmt: skip

_UNARY = [word for word, arity in ARITIES.items() if arity == range(1, 2)]
_PIECES = sorted([*_UNARY, "ln", "asin", "acos", "atan", "pi"], key=len, reverse=True)


def find_meaning(word: str) -> str | None:
    """The name that a word stands for: in the tree, or of a macro; None if it has none by itself."""
    for spelt in (word, word.lower()):
        if spelt in KNOWN_WORDS or spelt in WORD_OPERATORS or spelt in MACROS:
            return spelt
        if spelt in SYNONYMS:
            return SYNONYMS[spelt]
    return None


def find_macro(word: str) -> tuple[str, str]:
    """Find what a macro is applied to, and how it is written."""
    if base := LOGARITHM.fullmatch(word):
        return "x", f"log(x)/log({base[1]})"
    return MACROS[word]


def split_word(word: str, renamed: dict[str, str]) -> list[str] | None:
    """The factors and functions of a word in which they stand side by side, as xy, 2xsiny and sin2x; or None."""
    return list(found) if len(word) <= 200 and (found := _split(word, tuple(renamed))) else None


@lru_cache(maxsize=512)
def _split(word: str, letters: tuple[str, ...]) -> tuple[str, ...] | None:
    factors = letters or VARIABLES
    numeral = re.compile(r"\d{1,3}(?=[A-Za-z])")
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[len(word)] = ()
    for i in range(len(word) - 1, -1, -1):
        for piece in (*_PIECES, *factors, "e"):
            if word.startswith(piece, i) and (rest := best[i + len(piece)]) is not None:
                best[i] = (piece, *rest)
                break
        else:
            best[i] = _split_index(word, i, best) or _split_logarithm(word, i, best)
            if best[i] is None and i and (digits := numeral.match(word, i)) and _follows_function(word, i):
                rest = best[digits.end()]
                best[i] = None if rest is None else (digits[0], *rest)
            if best[i] is None and i and word[i:].isdigit() and word.endswith("sqrt", 0, i):
                best[i] = (word[i:],)
    return best[0]


def _split_index(word: str, i: int, best: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    found = re.compile(r"(?:[xX]_?|[yY])\d{1,3}(?!\d)").match(word, i)
    rest = best[found.end()] if found else None
    return None if found is None or rest is None else (found[0], *rest)


def _split_logarithm(word: str, i: int, best: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    found = re.compile(r"log_(?:10|2)(?!\d)").match(word, i)
    rest = best[found.end()] if found else None
    return None if found is None or not rest else (found[0], *rest)


def _follows_function(word: str, i: int) -> bool:
    return any(word.endswith(piece, 0, i) for piece in _PIECES if piece != "pi")
