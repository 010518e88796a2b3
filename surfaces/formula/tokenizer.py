"""The words, numbers and signs of a formula as people type it: in plain text, in Unicode, or pasted from LaTeX.

A text is first folded into plain characters (`x²` to `x^(2)`, `×` to `*`), each of which remembers its position in
the text, and is then cut into tokens. A token that the canonical text of a formula may contain is `plain`.
Whatever is not understood is a `SyntaxProblem`; a token of the kind `unknown` stands in its place, so that reading
goes on.
"""

import re
import unicodedata
from typing import NamedTuple

from surfaces.formula.expression_tree import COMPARISONS, CONSTANTS, FUNCTIONS, VARIABLES
from surfaces.formula.syntax_hints import (
    find_grouped_number,
    hint_for_character,
    hint_for_command,
    hint_for_word,
)
from surfaces.formula.word_meanings import (
    INDEXED_VARIABLE,
    LIBRARY_PREFIX,
    LOGARITHM,
    MACROS,
    TEX_BLANKS,
    TEX_SIGNS,
    WORD_OPERATORS,
    find_meaning,
    split_word,
)
from surfaces.spelling_suggestions import BLANK, find_plain_character
from surfaces.translatable import Translatable

MAX_PROBLEMS_FOUND = 20  # beyond it nothing more is looked up
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˣʸ"
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
SIGNS = {
    "π": "pi", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "∧": "&", "∨": " or ", "∣": "|", "∥": "‖",
    "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "⅓": "(1/3)", "⅔": "(2/3)", "σ": "sigma",
    # invisible: what web pages and MathML put between letters
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u2061": "", "\u2062": " ",
    "\u2063": ",", "\u2064": "+",
}  # fmt: skip
PLAIN_FORMS = {"", "<font>", "<wide>", "<narrow>", "<noBreak>"}  # how Unicode calls other shapes of the same character

_HEADER = re.compile(  # f(x, y) =, also without the brackets
    r"\s*(?:[A-Za-z]\w{0,7}\s*(?:\\left|\\bigl)?\(\s*([^()=]{0,60}?)\s*(?:\\right|\\bigr)?\)"
    r"|(?![xye]\b|pi\b)[A-Za-z]\w{0,7})\s*:?=(?!=)"
)
_FONTS = r"operatorname\*?|mathrm|mathit|mathbf|boldsymbol|mathsf|text|textrm|textbf|bm"
_TOKEN = re.compile(
    rf"""(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<font>\\(?:{_FONTS})[ ]*
     \{{[ ]*(?P<inside>[A-Za-z]\w{{0,20}})[ ]*\}})
    |(?P<logarithm>\\log[ ]*_[ ]*(?:\{{[ ]*\w{{1,6}}[ ]*\}}|\d))
    |(?P<command>\\(?:[A-Za-z]+|.))
    |(?P<name>(?:[A-Za-z0-9]*[A-Za-z]_\{{[ ]*\w{{1,6}}[ ]*\}})+|[A-Za-z_]\w*)
    |(?P<sign>\*\*|<=|>=|=>|=<|==|!=|<>|&&|[-+*/^<>=&(),;{{}}\[\]|√‖⌊⌋⌈⌉])""",
    re.ASCII | re.VERBOSE,
)
_SPELLINGS = {
    "^": "**", "=>": ">=", "=<": "<=", "<>": "!=", "&&": "and", "&": "and", "{": "(", "[": "(", "}": ")", "]": ")",
}  # fmt: skip
_STRICT_SIGNS = {"+", "-", "*", "/", "**", "(", ")", ",", *COMPARISONS}


class SyntaxProblem(NamedTuple):
    """Why a text is no formula, and the column of the fault, from 0."""

    sentence: Translatable
    position: int


class Token(NamedTuple):
    kind: str  # number, name, macro, sign, mark (a sign of a kind of its own), or unknown
    text: str  # a number, a name of a function, variable, constant or macro, or a sign in its plain spelling
    position: int
    typed: str
    is_plain: bool = True  # whether the canonical text of a formula may contain it as it is typed
    has_gap: bool = False  # whether there is a blank before it


class Folded(NamedTuple):
    """A text in plain characters, and for each of them its position in the text that was typed."""

    text: str
    positions: list[int]


class Tokens(NamedTuple):
    tokens: list[Token]
    problems: list[SyntaxProblem]
    is_plain: bool  # whether a canonical text may contain them all as they were typed


def fold(text: str) -> Folded:
    """Replace the characters that a plain keyboard has not, where it is clear what they mean."""
    out: list[str] = []
    positions: list[int] = []
    here = 0
    while here < len(text):
        character, begun = text[here], here
        here += 1
        plain = character
        if character in SUPERSCRIPTS or character in SUBSCRIPTS:
            alike = SUPERSCRIPTS if character in SUPERSCRIPTS else SUBSCRIPTS
            while here < len(text) and text[here] in alike:
                here += 1
            inner = unicodedata.normalize("NFKC", text[begun:here]).replace("−", "-")
            plain = f"^({inner})" if alike is SUPERSCRIPTS else f"_{inner}"
        elif character in SIGNS:
            is_mixed = SIGNS[character].startswith("(") and out and out[-1].isdigit()  # 2½
            plain = character if is_mixed else SIGNS[character]
        elif not character.isascii() and (found := find_plain_character(character)):
            form = unicodedata.decomposition(character).partition(" ")[0]
            if found == BLANK:
                plain = "\t"
            elif not form.startswith("<") or form in PLAIN_FORMS:
                plain = found
        out.extend(plain)
        positions.extend([begun] * len(plain))
    return Folded("".join(out), [*positions, len(text)])


def tokenize(typed: str) -> Tokens:
    """Cut a text into tokens."""
    return _Tokenizer(typed).run()


class _Tokenizer:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.text, self.positions = fold(typed)
        self.tokens: list[Token] = []
        self.problems: list[SyntaxProblem] = []
        self.renamed: dict[str, str] = {}
        self.counts_from_0 = bool(re.search(r"(?<![A-Za-z])[xX](?:_\{? *|\[ *)?0(?!\d)", self.text))
        self.has_x1 = bool(re.search(r"[xX](?:_\{? *|\[ *)?[01](?!\d)", self.text))
        self.is_tex = "\\" in self.text

    def run(self) -> Tokens:
        here, end = self._skip_frame()
        gap = False
        while here < end:
            if self.text[here] in " \t" or (self.is_tex and self.text[here] in "~\n"):
                gap, here = True, here + 1
                continue
            here, new = self._take(here, gap)
            self.tokens.extend(new)
            gap = gap and not new
        is_plain = self.text == self.typed and not self.is_framed and not self.is_tex and "\t" not in self.text
        return Tokens(self.tokens, self.problems, is_plain and all(token.is_plain for token in self.tokens))

    def _skip_frame(self) -> tuple[int, int]:
        """Where the formula begins and ends: without $, \\[ \\], a full stop, and “f(x, y) =”."""
        text = self.text
        here, end = bare = len(text) - len(text.lstrip(" \t")), len(text.rstrip(" \t"))
        for opening, closing in (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")):
            if text.startswith(opening, here) and text.endswith(closing, here + len(opening), end):
                here, end = here + len(opening), end - len(closing)
                break
        if re.search(r"[^\d.,;][.,;]$", text[here:end]) or re.search(r"\d[,;]$", text[here:end]):  # ends a sentence
            end -= 1
        header = _HEADER.match(text[:end], here)
        if header and not find_meaning(re.findall(r"\w+", header[0])[0]):
            here = header.end()
            names = re.findall(r"[A-Za-z]\w*", header[1] or "")
            letters = [name for name in names if name not in FUNCTIONS and name not in CONSTANTS]
            if len(names) == len(letters) == 2 and len(set(names)) == 2 and not {*names} & {*VARIABLES, "X", "Y"}:
                self.renamed = dict(zip(names, VARIABLES, strict=True))
                if all(INDEXED_VARIABLE.fullmatch(name) for name in names):
                    self.renamed = {}
        self.is_framed = (here, end) != bare
        return here, end

    def _problem(self, here: int, sentence: Translatable) -> None:
        self.problems.append(SyntaxProblem(sentence, self.positions[here]))

    def _make(self, kind: str, text: str, here: int, end: int, *, plain: bool, gap: bool) -> Token:
        begun = self.positions[here]
        typed = self.typed[begun : max(self.positions[end], begun + 1)]
        same = typed == self.text[here:end]
        return Token(kind, text, begun, typed, plain and same, gap)

    def _take(self, here: int, gap: bool) -> tuple[int, list[Token]]:
        """The end of what begins there, and its tokens."""
        text = self.text
        found = _TOKEN.match(text, here)
        kind = found.lastgroup if found else None
        if found is None or text[here] in "$":
            return self._skip_unknown_character(here, gap)
        end = found.end()
        if kind == "inside":
            kind = "font"
        word = found[0]
        if kind == "number":
            return self._take_number(here, gap)
        if kind == "sign":
            if word == "&" and self.is_tex:  # marks a column
                return end, []
            return end, [self._take_sign(word, here, end, gap)]
        if kind == "font":
            return end, self._take_word(found["inside"], here, end, gap, is_tex=True)
        if kind == "logarithm":
            base = re.sub(r"\W|_|log", "", word)
            return end, self._take_word(f"log_{base}", here, end, gap, is_tex=True)
        if kind == "command":
            return self._take_command(word[1:], here, end, gap)
        if (prefix := LIBRARY_PREFIX.match(text, here)) and prefix.end() > end:
            inner = prefix[1]
            return prefix.end(), self._take_word(inner, here, prefix.end(), gap, is_tex=True, shown=prefix[0])
        if (indexed := INDEXED_VARIABLE.match(text, here)) and "[" in indexed[0]:
            return indexed.end(), [self._take_index(indexed, here, indexed.end(), gap)]
        return end, self._take_word(re.sub(r"_\{ *(\w+) *\}", r"_\1", word), here, end, gap)

    def _skip_unknown_character(self, here: int, gap: bool) -> tuple[int, list[Token]]:
        sentence = hint_for_character(self.typed, self.positions[here])
        end = here + 1
        if len(self.problems) < MAX_PROBLEMS_FOUND:
            self._problem(here, sentence)
        while end < len(self.text) and self.text[end] == self.text[here]:
            end += 1
        return end, [self._make("unknown", "", here, end, plain=False, gap=gap)]

    def _take_sign(self, word: str, here: int, end: int, gap: bool) -> Token:
        plain = _SPELLINGS.get(word, word)
        kind = "mark" if word in "|√‖⌊⌋⌈⌉" else "sign"
        if plain == "and":
            kind = "name"
        token = self._make(kind, plain, here, end, plain=word in _STRICT_SIGNS, gap=gap)
        return token._replace(typed=word) if plain in {"(", ")"} else token

    def _take_number(self, here: int, gap: bool) -> tuple[int, list[Token]]:
        text = self.text
        after_power = bool(self.tokens) and self.tokens[-1].text == "**"
        if not after_power and (grouped := find_grouped_number(text, here)):
            shown, instead = grouped
            end = here + len(shown)
            return end, [self._make("number", instead, here, end, plain=False, gap=gap)]
        word = _TOKEN.match(text, here)[0]  # type: ignore[index]
        end = here + len(word)
        whole = re.split(r"[^\d.]", text[here : here + 20], maxsplit=1)[0]
        if whole.count(".") > 1 and not re.match(r"\d{1,3}(?:\.\d{3})+,\d", text[here:]):
            self._problem(here, Translatable("“{shown}” is not a number: it has more than one point.", shown=whole))
            return here + len(whole), [self._make("number", "1", here, here + len(whole), plain=False, gap=gap)]
        if german := re.match(r"\d{1,3}(?:\.\d{3})+,\d+", text[here:]):
            end = here + german.end()
            number = german[0].replace(".", "").replace(",", ".")
            return end, [self._make("number", number, here, end, plain=False, gap=gap)]
        follows_comma = bool(self.tokens) and self.tokens[-1].text == "," and not gap
        if re.match(r"0\d", word) and not follows_comma:
            self._problem(
                here, Translatable("A number does not begin with 0: write {word}.", word=word.lstrip("0") or "0")
            )
        return end, [self._make("number", word, here, end, plain=True, gap=gap)]

    def _take_word(
        self, word: str, here: int, end: int, gap: bool, *, is_tex: bool = False, shown: str = ""
    ) -> list[Token]:
        """The tokens of a word: what it names, or the factors that were typed without a sign between them."""

        def make(kind: str, text: str, *, plain: bool = False, first: bool = True) -> Token:
            return self._make(kind, text, here, end, plain=plain, gap=gap and first)

        if self.renamed and word in self.renamed:
            return [make("name", self.renamed[word])]
        if word in FUNCTIONS or word in VARIABLES or word in CONSTANTS or word in WORD_OPERATORS:
            return [make("name", word, plain=not is_tex)]
        if word == "if" and self.text[end:].lstrip(" ").startswith("("):
            return [make("name", "where")]
        if meaning := find_meaning(word):
            return [make("macro" if meaning in MACROS else "name", meaning)]
        if LOGARITHM.fullmatch(word):
            return [make("macro", word)]
        if indexed := INDEXED_VARIABLE.fullmatch(word):
            return [self._take_index(indexed, here, end, gap)]
        pieces = split_word(word, self.renamed) or split_word(word.lower(), self.renamed)
        if pieces and not shown:
            return self._take_pieces(pieces, word, here, end, gap)
        if len(self.problems) < MAX_PROBLEMS_FOUND:
            self._problem(here, hint_for_word(shown or word, word))
        return [make("unknown", word)]

    def _take_pieces(self, pieces: list[str], word: str, here: int, end: int, gap: bool) -> list[Token]:
        made, start = [], here
        for i, piece in enumerate(pieces):
            last = i == len(pieces) - 1
            until = end if last else min(start + len(piece), end)
            if indexed := INDEXED_VARIABLE.fullmatch(piece):
                token = self._take_index(indexed, start, until, gap and not i)
            elif piece[0].isdigit():
                token = self._make("number", piece, start, until, plain=False, gap=False)
            else:
                name = self.renamed.get(piece) or find_meaning(piece) or piece
                kind = "logarithm" if name in {"log2", "log10"} and not last and "_" not in piece else "name"
                token = self._make(kind, name, start, until, plain=False, gap=gap and not i)
            made.append(token._replace(typed=piece))
            start = until
        return made

    def _take_index(self, indexed: re.Match[str], here: int, end: int, gap: bool) -> Token:
        """x for x_1 and y for x_2, as papers have them, or x for x_0 and y for x_1, as programs do.

        Of x2 without x1 it is not clear what it is: that is a token of the kind `index`.
        """
        digits = next(group for group in indexed.groups() if group is not None)
        shown, letter = indexed[0], indexed[0][0].lower()
        if letter == "y" or (not self.has_x1 and re.fullmatch(r"[xX]\d+", shown)):
            return self._make("index", f"{letter}{digits}", here, end, plain=False, gap=gap)
        names = ("x", "y") if self.counts_from_0 else ("", "x", "y")
        name = names[int(digits)] if int(digits) < len(names) else ""
        if not name:
            self._problem(
                here,
                Translatable(
                    "There is no “{word}” here: the variables are x and y. A power is written x^{digits}.",
                    word=shown, digits=digits,
                ),
            )  # fmt: skip
        return self._make("name" if name else "unknown", name, here, end, plain=False, gap=gap)

    def _take_command(self, word: str, here: int, end: int, gap: bool) -> tuple[int, list[Token]]:
        """A command of LaTeX, or of something like it."""

        def sign(kind: str, text: str, until: int = end) -> tuple[int, list[Token]]:
            return until, [self._make(kind, text, here, until, plain=False, gap=gap)]

        if word == "begin":
            self._problem(here, hint_for_command(word))
            closing = self.text.rfind(r"\end{")
            return sign("unknown", word, max(end, self.text.find("}", closing) + 1 if closing > 0 else 0))
        if word in {"left", "right", "middle"}:
            after = re.compile(r" *(\\?[|.]|\\[lr]?vert\b|\\[lr]?Vert\b)").match(self.text, end)
            if after is None or word == "middle":
                return end, []
            if after[1] == ".":
                return after.end(), []
            bars = "‖" if after[1] == r"\|" or "Vert" in after[1] else "|"
            return sign("mark", f"{bars}{word}", after.end())
        if word in TEX_BLANKS:
            return end, []
        if word in TEX_SIGNS:
            text = TEX_SIGNS[word]
            kind = "mark" if text[0] in "|√‖⌊⌋⌈⌉" else "name" if text.isalpha() else "sign"
            return sign("tex" if text in {"frac", "sqrt", "binom"} else kind, text)
        if meaning := find_meaning(word):
            return sign("macro" if meaning in MACROS else "name", meaning)
        if word in self.renamed:
            return sign("name", self.renamed[word])
        if len(self.problems) < MAX_PROBLEMS_FOUND:
            self._problem(here, hint_for_command(word))
        return sign("unknown", word)
