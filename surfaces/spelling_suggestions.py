"""Suggest what was meant by an unknown character or word."""

import unicodedata
from collections.abc import Iterable

BLANK = "blank"  # in the place of a character that looks like one

_LOOKALIKES = {
    "-": "−–—‐‑‒―⁃", "*": "×·∙⋅∗⁎•‧✕✖⨯", "/": "÷∕⁄", "^": "ˆ", "(": "❨", ")": "❩", "'": "’‘′", '"': "“”„″",
    ",": "、", ".": "。", "x": "хχ", "y": "уγ", "e": "еℯ", "a": "а", "c": "с", "i": "іı", "o": "оο", "p": "рρ",
    "s": "ѕ",
}  # fmt: skip
PLAIN_FORMS = {odd: plain for plain, odds in _LOOKALIKES.items() for odd in odds}


def find_plain_character(character: str) -> str | None:
    """Find the plain keyboard's character that means or looks the same, `BLANK`, or None.

    A minus, a multiplication or a division sign, a letter or bracket of full width, a blank that does not break, a
    letter of another alphabet that looks like one of ours; not what is above or below a line, as ² is.
    """
    if character.isascii() and character != "\t":
        return None
    if character == "\t" or unicodedata.category(character) == "Zs":
        return BLANK
    if character in PLAIN_FORMS:
        return PLAIN_FORMS[character]
    form = unicodedata.decomposition(character).partition(" ")[0]
    folded = unicodedata.normalize("NFKC", character)
    is_plain = folded.isascii() and folded.isprintable() and form not in {"<super>", "<sub>", "<fraction>"}
    return folded if is_plain else None


def suggest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that was meant: the same but for capitals, `_` and `-`, or the closest."""
    folded = {other.lower().replace("_", ""): other for other in known}
    plainly = word.lower().replace("_", "").replace("-", "")
    near = plainly if plainly in folded else closest(plainly[:40], folded)
    return folded[near] if near else None


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one known word that `word` is surely a slip of: a letter too many, too few, wrong, or two swapped.

    From six letters on it may be two. The digits must be right, as `log2` is no slip of `log10`; of three letters two
    are swapped; and a known word with another letter before or behind it is another word (`tanh`, `atan`, `sinc`),
    unless that only doubles its neighbour.
    """
    words = set(known)
    if any(word.startswith(other) and not _is_doubled(word, other) for other in words if len(other) > 2):
        return None
    most = 1 if len(word) < 6 else 2
    found = {other: _edit_distance(word, other) for other in words if _is_candidate(word, other)}
    least = min(found.values(), default=most + 1)
    nearest = [other for other, distance in found.items() if distance == least]
    same_letters = [other for other in nearest if sorted(other) == sorted(word)]
    only = same_letters or nearest
    return only[0] if least <= most and len(only) == 1 else None


def _is_doubled(longer: str, shorter: str) -> bool:
    return longer in (shorter + shorter[-1:], shorter[:1] + shorter)


def _is_candidate(word: str, other: str) -> bool:
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    if len(longer) - len(shorter) > 2 or [c for c in word if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    if len(word) < 4:
        return sorted(word) == sorted(other)
    return (not longer.startswith(shorter) and not longer.endswith(shorter)) or _is_doubled(longer, shorter)


def _edit_distance(a: str, b: str) -> int:
    """Letters to put in, leave out, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a):
        new = [i + 1]
        for j, other in enumerate(b):
            new.append(min(row[j + 1] + 1, new[j] + 1, row[j] + (letter != other)))
            if i and j and letter == b[j - 1] and a[i - 1] == other:
                new[-1] = min(new[-1], before[j - 1] + 1)
        before, row = row, new
    return row[-1]
