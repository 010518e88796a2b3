"""What to write for what other languages, libraries and papers have and a formula here has not.

Only where it is surely meant, and only what is the same for every number: an unknown word gets no hint at all rather
than one that leads elsewhere.
"""

import re
import unicodedata

from surfaces.formula.expression_tree import CONSTANTS, FUNCTIONS, VARIABLES
from surfaces.spelling_suggestions import BLANK, find_plain_character, suggest_word
from surfaces.translatable import Translatable

KNOWN_WORDS = (*VARIABLES, *CONSTANTS, *FUNCTIONS)
CHARACTER_REPLACEMENTS = {
    "^": "**", "π": "pi", "√": "sqrt", "[": "(", "{": "(", "]": ")", "}": ")",
    "⁰": "**0", "¹": "**1", "²": "**2", "³": "**3", "⁴": "**4", "⁵": "**5", "⁶": "**6", "⁷": "**7", "⁸": "**8",
    "⁹": "**9", "½": "0.5", "¼": "0.25", "¾": "0.75",
}  # fmt: skip

# By another name, in other languages of programming and of people.
SYNONYMS = {
    "ln": "log", "loge": "log", "log_e": "log", "lg": "log10", "log_10": "log10", "log_2": "log2", "lb": "log2",
    "ld": "log2", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "arcsen": "arcsin", "arctg": "arctan",
    "sen": "sin", "tg": "tan", "sh": "sinh", "ch": "cosh", "th": "tanh", "tgh": "tanh", "sine": "sin",
    "cosine": "cos", "tangent": "tan", "fabs": "abs", "absolute": "abs", "maximum": "max", "minimum": "min",
    "fmax": "max", "fmin": "min", "amax": "max", "amin": "min", "root": "sqrt", "sqroot": "sqrt",
    "sinf": "sin", "cosf": "cos", "tanf": "tan", "expf": "exp", "logf": "log", "sqrtf": "sqrt", "euler": "e",
}  # fmt: skip

# What can be written with what is here: the variables that it is said of, and how.
_EQUIVALENTS = {
    "log1p": ("x", "log(1 + x)"), "expm1": ("x", "exp(x) - 1"), "exp2": ("x", "2**x"), "exp10": ("x", "10**x"),
    "arcsinh asinh arsinh argsinh arsh": ("x", "log(x + sqrt(x**2 + 1))"),
    "arccosh acosh arcosh argcosh arch": ("x", "log(x + sqrt(x**2 - 1))"),
    "arctanh atanh artanh argtanh arth": ("x", "0.5*log((1 + x)/(1 - x))"),
    "sec": ("x", "1/cos(x)"), "csc cosec": ("x", "1/sin(x)"), "cot ctg cotan": ("x", "cos(x)/sin(x)"),
    "sech": ("x", "1/cosh(x)"), "csch": ("x", "1/sinh(x)"), "coth cth": ("x", "1/tanh(x)"),
    "arcsec asec": ("x", "arccos(1/x)"), "arccsc acsc": ("x", "arcsin(1/x)"),
    "square": ("x", "x**2"), "cube": ("x", "x**3"), "reciprocal": ("x", "1/x"),
    "pow power": ("x, y", "x**y"), "hypot": ("x, y", "sqrt(x**2 + y**2)"),
    "logaddexp": ("x, y", "log(exp(x) + exp(y))"), "clip clamp": ("x, -1, 1", "min(max(x, -1), 1)"),
    "sigmoid logistic expit": ("x", "1/(1 + exp(-x))"), "logit": ("x", "log(x/(1 - x))"),
    "softplus": ("x", "log(1 + exp(x))"), "relu": ("x", "max(x, 0)"), "silu swish": ("x", "x/(1 + exp(-x))"),
    "radians deg2rad": ("x", "x*pi/180"), "degrees rad2deg": ("x", "x*180/pi"),
}  # fmt: skip
EQUIVALENTS = {word: how for words, how in _EQUIVALENTS.items() for word in words.split()}

# The same but in some places.
_PARTIAL_EQUIVALENTS = {
    "sign sgn signum": ("x", "x/abs(x)", Translatable("except at 0, where it has no value")),
    "heaviside": ("x", "0.5 + 0.5*x/abs(x)", Translatable("except at 0, where it has no value")),
    "cbrt": ("x", "x**(1/3)", Translatable("where x is not negative")),
    "atan2 arctan2": (
        "y, x",
        "2*arctan(y/(sqrt(x**2 + y**2) + x))",
        Translatable("except where y is 0 and x is not positive"),
    ),
}
PARTIAL_EQUIVALENTS = {word: how for words, how in _PARTIAL_EQUIVALENTS.items() for word in words.split()}
AMBIGUOUS_WORDS = {"arccot", "acot", "arcctg", "sqr"}  # near a known word, and of more than one meaning

LIBRARY_PREFIX = re.compile(
    r"(?:math|cmath|np|numpy|jnp|jax|scipy|special|sp|sympy|torch|tf|mpmath|mp)(?:\.(\w+))+", re.I
)
TEX_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "abs(", "rvert": ")", "left": BLANK, "right": BLANK,
    "frac": "( )/( )", "mathrm": BLANK, "operatorname": BLANK, "quad": BLANK,
}  # fmt: skip
GROUPED_NUMBER = re.compile(r"\d{1,3}(?:(?: +|['’_\u00a0\u2009\u202f])\d{3})+(?!\w)(?:\.\d*)?", re.ASCII)
_FACTOR = r"(?:x|y|pi)"


def hint_for_name(word: str, text: str, position: int) -> Translatable | None:
    """The hint for an unknown word at a position, if its meaning is certain."""
    shown = word if len(word) <= 20 else word[:20] + "…"
    lower = word.lower()
    if (found := LIBRARY_PREFIX.match(text, position)) and found.end() > position + len(word):
        inner = found[1]
        if inner.lower() in KNOWN_WORDS:
            return _replacement_hint(found[0][:40], inner.lower())
        return hint_for_name(inner, inner, 0)
    if index := re.fullmatch(r"x_?(\d{1,3})", lower):
        return hint_for_index(word, int(index[1]), bool(re.search(r"[xX]_?0(?!\d)", text)))
    if index := re.fullmatch(r"y_?(\d{1,3})", lower):
        return Translatable("There is no “{word}” here. Write y**{digits} or y*{digits}.", word=word, digits=index[1])
    if lower not in SYNONYMS and (together := _hint_for_run_together(lower, shown)):
        return together
    if lower in {"inf", "infinity", "nan"}:
        return Translatable("“{word}” is not a number here: a formula has finite numbers only.", word=word)
    if lower == "tau":
        return _replacement_hint(word, "2*pi")
    if lower in EQUIVALENTS:
        return _equivalent_hint(shown, *EQUIVALENTS[lower])
    if lower in PARTIAL_EQUIVALENTS:
        of, instead, where = PARTIAL_EQUIVALENTS[lower]
        return Translatable(
            "There is no “{word}” here. For {word}({of}) write {instead}: it is the same {where}.",
            word=shown, of=of, instead=instead, where=where,
        )  # fmt: skip
    near = SYNONYMS.get(lower) or (None if lower in AMBIGUOUS_WORDS else suggest_word(word[:41], KNOWN_WORDS))
    return Translatable("There is no “{shown}” here. Did you mean “{near}”?", shown=shown, near=near) if near else None


def _hint_for_run_together(lower: str, shown: str) -> Translatable | None:
    """Variables and a function, as in xy, sinx, xsin; or a function and a number, as in log3 and sqrt2."""
    if re.fullmatch(f"{_FACTOR}{{2,}}", lower):
        return _product_hint(shown, re.findall(_FACTOR, lower[:20]))
    functions = "|".join(sorted(FUNCTIONS.keys() - {"min", "max"}, key=len, reverse=True))
    if inside := re.fullmatch(f"({functions})({_FACTOR}{{1,5}})", lower):
        return _replacement_hint(shown, f"{inside[1]}({'*'.join(re.findall(_FACTOR, inside[2]))})")
    if inside := re.fullmatch(f"({_FACTOR}{{1,5}})({functions})", lower):
        return _product_hint(shown, [*re.findall(_FACTOR, inside[1]), inside[2]])
    if index := re.fullmatch(r"log_?([2-9]|[1-9]\d{1,3})", lower):
        return _equivalent_hint(shown, "x", f"log(x)/log({index[1]})")
    if index := re.fullmatch(r"sqrt(\d{1,4})", lower):
        return _replacement_hint(shown, f"sqrt({index[1]})")
    return None


def _product_hint(shown: str, factors: list[str]) -> Translatable:
    product = "*".join(factors)
    return Translatable("There is no “{shown}” here. Write {word} for a product.", shown=shown, word=product)


def _replacement_hint(character: str, instead: str) -> Translatable:
    return Translatable("Write {instead} for “{character}”.", instead=instead, character=character)


def _equivalent_hint(word: str, of: str, instead: str) -> Translatable:
    return Translatable(
        "There is no “{word}” here. For {word}({of}) write {instead}.", word=word, of=of, instead=instead
    )


def hint_for_index(word: str, index: int, from_0: bool) -> Translatable:
    """What to write for a variable with an index: papers have x1 and x2, programs, `from_0`, x0 and x1."""
    first, second = (word.replace(str(index), str(n)) for n in ((0, 1) if from_0 else (1, 2)))
    if word not in (first, second):
        return Translatable(
            "There is no “{word}” here: the variables are x and y. A power is written x**{digits}.",
            word=word, digits=index,
        )  # fmt: skip
    if index == 2:
        return Translatable(
            "The variables are x and y: write x for {first}, y for {second}. A power is written x**2.",
            first=first, second=second,
        )  # fmt: skip
    return Translatable("The variables are x and y: write x for {first}, y for {second}.", first=first, second=second)


def hint_for_character(text: str, position: int) -> Translatable | None:
    """The hint for a character without a meaning, if what was meant is certain."""
    character = text[position]
    if wide := re.match(r"[\uff01-\uff5e]{2,40}", text[position:]):  # as a keyboard for Chinese writes them
        return _replacement_hint(wide[0], unicodedata.normalize("NFKC", wide[0]))
    before = text[:position].rstrip(" ")[-1:]
    if character == "[" and before in ("x", "X") and (index := re.match(r"\[ *(\d{1,3}) *\]", text[position:])):
        return hint_for_index(f"{before}[{index[1]}]", int(index[1]), bool(re.search(r"[xX]\[ *0 *\]", text)))
    if before in ("x", "X") and (index := re.match(r"[₀-₉]{1,3}", text[position:])):
        number = int(unicodedata.normalize("NFKC", index[0]))
        return hint_for_index(f"{before}{number}", number, bool(re.search("[xX]₀", text)))
    if character == "|":
        return Translatable("Write abs(...) for |...|.")
    if character == "\\" and (found := re.match(r"[A-Za-z]{1,20}", text[position + 1 :])):
        return _hint_for_tex(found[0])
    if character in CHARACTER_REPLACEMENTS:
        return _replacement_hint(character, CHARACTER_REPLACEMENTS[character])
    instead = find_plain_character(character)
    if instead is None and unicodedata.category(character) == "Cf":
        return Translatable("There is an invisible character, U+{code:04X}: remove it.", code=ord(character))
    if instead == BLANK:
        return Translatable("Write an ordinary space for the character U+{code:04X}.", code=ord(character))
    if instead is None:
        return None
    instead = "**" if instead == "^" else CHARACTER_REPLACEMENTS.get(instead, instead)
    if character.isalpha() and unicodedata.normalize("NFKC", character) != instead:
        return Translatable(
            "“{character}” (U+{code:04X}) is a letter of another alphabet. Write {instead} for it.",
            character=character, code=ord(character), instead=instead,
        )  # fmt: skip
    return _replacement_hint(character, instead)


def _hint_for_tex(word: str) -> Translatable | None:
    known = SYNONYMS.get(word, word)
    instead = known if known in KNOWN_WORDS else TEX_COMMANDS.get(word)
    if instead == BLANK:
        return Translatable("Leave out “{word}”.", word=f"\\{word}")
    return _replacement_hint(f"\\{word}", instead) if instead else None


def find_grouped_number(text: str, position: int) -> tuple[str, str] | None:
    """A number that begins there and is written in groups, and how it is written here; or None."""
    found = GROUPED_NUMBER.match(text, position)
    if found is None or text[:position].rstrip(" ").endswith("**") or text[position] == "0":
        return None
    return found[0], re.sub(r"[^\d.]", "", found[0])
