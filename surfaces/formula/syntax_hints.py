"""Hints for what cannot be read in a formula: what to write where the meaning is sure, else what there is."""

import keyword
import re
import unicodedata

from surfaces.formula.expression_tree import FUNCTIONS
from surfaces.formula.word_meanings import AMBIGUOUS_WORDS, KNOWN_WORDS, MACROS, SYNONYMS
from surfaces.spelling_suggestions import suggest_word
from surfaces.translatable import Translatable

ALLOWED_HINT = Translatable(
    "A formula has numbers, x, y, pi, e, + - * / ^ and these functions: {functions}.", functions=", ".join(FUNCTIONS)
)
GROUPED_NUMBER = re.compile(r"\d{1,3}(?:(?: +|['’_\t])\d{3})+(?!\d)(?:\.\d*)?", re.ASCII)


def hint_for_word(shown: str, word: str) -> Translatable:
    """Why an unknown word is refused, and what was meant, if that is certain."""
    shown = shown if len(shown) <= 20 else shown[:20] + "…"
    lower = word.lower()
    if keyword.iskeyword(word):
        return Translatable(
            "“{shown}” is a word of Python, not of a formula. {allowed}", shown=shown, allowed=ALLOWED_HINT
        )
    if len(word) == 1 and word.isalpha():
        return Translatable(
            "There is no “{shown}” here: the variables are x and y. Two others are named first: f(a, b) = a^2 + b^2.",
            shown=shown,
        )
    if lower in {"inf", "infinity", "infty", "nan"}:
        return Translatable("“{word}” is not a number here: a formula has finite numbers only.", word=shown)
    if lower in {"clip", "clamp"}:
        return Translatable("There is no “{word}” here. For {word}(x, a, b) write min(max(x, a), b).", word=shown)
    near = None if lower in AMBIGUOUS_WORDS else suggest_word(word[:41], (*KNOWN_WORDS, *MACROS, *SYNONYMS))
    if near:
        return Translatable("There is no “{shown}” here. Did you mean “{near}”?", shown=shown, near=near)
    return Translatable("There is no “{shown}” here. {allowed}", shown=shown, allowed=ALLOWED_HINT)


def hint_for_command(word: str) -> Translatable:
    """Why a command of LaTeX is refused."""
    shown = "\\" + (word if len(word) <= 20 else word[:20] + "…")
    if word == "begin":
        return Translatable(
            "Environments of LaTeX are not read. For a function in pieces write where(x > 0, here, elsewhere)."
        )
    if word in {"sum", "prod", "int", "lim"}:
        return Translatable("“{command}” is not read: write every term.", command=shown)
    near = suggest_word(word[:41], (*KNOWN_WORDS, *MACROS, "frac", "cdot", "times", "left", "right", "operatorname"))
    if near:
        return Translatable("“{command}” is not known here. Did you mean “{near}”?", command=shown, near=near)
    return Translatable("“{command}” is not known here. {allowed}", command=shown, allowed=ALLOWED_HINT)


def hint_for_character(text: str, position: int) -> Translatable:
    """Why a character without a meaning is refused."""
    character = text[position]
    shown = f"“{character}” (U+{ord(character):04X})" if character.isprintable() else f"U+{ord(character):04X}"
    if character == "%":
        return Translatable("Write mod(a, b) for a remainder, and 0.5 for 50 %.")
    if unicodedata.category(character) == "Cf":
        return Translatable("There is an invisible character, U+{code:04X}: remove it.", code=ord(character))
    if character in "½¼¾⅓⅔":
        return Translatable("Write 2.5 for 2½.")
    if not character.isascii():
        return Translatable(
            "The character {shown} is not one of a plain keyboard. {allowed}", shown=shown, allowed=ALLOWED_HINT
        )
    if not character.isprintable():
        return Translatable("There is an invisible character, {shown}: write a formula on one line.", shown=shown)
    if character == ".":
        return Translatable("A point belongs to a number, such as 0.5.")
    return Translatable(
        "“{character}” has no meaning in a formula. {allowed}", character=character, allowed=ALLOWED_HINT
    )


def find_grouped_number(text: str, position: int) -> tuple[str, str] | None:
    """A number that begins there and is written in groups, and how it is written here; or None."""
    found = GROUPED_NUMBER.match(text, position)
    if found is None or text[position] == "0":
        return None
    return found[0], re.sub(r"[^\d.]", "", found[0])
