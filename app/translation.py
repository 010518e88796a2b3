"""Translations of the page: gettext catalogues, whose keys are the English texts in the code."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from os import environ
from pathlib import Path
from string import ascii_letters
from typing import Any, NamedTuple

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from surfaces.translatable import Translatable

LANGUAGES = {"en": "English", "zh": "中文"}  # by their codes in links
DEFAULT_LANGUAGE = "en"
LOCALE_FOLDER = Path(__file__).with_name("locale")
CATALOGUE_FILE = "messages.po"  # of a language, in its folder: the page's own texts, and the docstrings that it shows

# Pseudo-languages made from the English text. Tests use them to find texts that do not fit, are not translated, or are
# interpreted as markup. Visitors cannot choose them.
UNTRANSLATED_PATTERN = re.compile(
    r"(\{[^}]*\}|\$\$.*?\$\$|\$[^$]*\$|`+[^`]*`+|:material/\w+:|:\w+\[|\]\([^)]*\)|&\w+;)", re.DOTALL
)
PSEUDO_LANGUAGES: dict[str, Callable[[str], str]] = {
    "double": lambda text: f"{mask_letters(text)} {mask_letters(text)}",
    "long": lambda text: text + " mmmmm" * -(-len(text) // 15),
    "xss": lambda text: f"<img src=x onerror='window.hacked=1'>{text}\"'><script>window.hacked=1</script>",
}
SPACE_BEFORE_UNIT = re.compile(r"(?<=[\d}]) (?=(?:%|MB\b|px\b))")
LETTER_LOOKALIKES = {ord(letter): "xхχẋẍ"[i % 5] for i, letter in enumerate(ascii_letters)}
URL_PARAMETER = "language"
SESSION_KEY = "session"  # of app.session.session_state.Session in st.session_state
PSEUDO_VARIABLE = "DESCENT_PSEUDO"  # in the environment of a server: offers the pseudo-languages


def mask_letters(text: str) -> str:
    """Replace every letter outside of markup by one of five that look like x, so that names stay different."""
    return "".join(
        part if i % 2 else part.translate(LETTER_LOOKALIKES) for i, part in enumerate(UNTRANSLATED_PATTERN.split(text))
    )


def is_offered(language: Any) -> bool:
    return language in LANGUAGES or (language in PSEUDO_LANGUAGES and PSEUDO_VARIABLE in environ)


class Punctuation(NamedTuple):
    """The marks between sentences and between parts of one, with the spaces beside them."""

    comma: str = ", "
    colon: str = ": "
    stop: str = ". "
    gap: str = " "  # between two sentences
    brackets: str = " ({})"


PUNCTUATION = {"zh": Punctuation("，", "：", "。", "", "（{}）")}  # of other languages: as in English


_language_override = ContextVar("_language_override", default="")


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Translate into this language, whatever the visitor's is."""
    token = _language_override.set(language)
    try:
        yield
    finally:
        _language_override.reset(token)


def fix_language(function: Callable[..., None]) -> Callable[..., None]:
    """Decorate a part of the page so that it looks up the language once, and not for each of its hundreds of texts."""

    @wraps(function)
    def call_in_one_language(*arguments: Any) -> None:
        with use_language(get_language()):
            function(*arguments)

    return call_in_one_language


def get_language() -> str:
    """The visit's language: the scene's, or the address's until that is read, else the nearest to the browser's."""
    if override := _language_override.get():
        return override
    if get_script_run_ctx(suppress_warning=True) is None:
        return DEFAULT_LANGUAGE
    session = st.session_state.get(SESSION_KEY)
    is_read = session and session.scene
    language = session.scene.presentation.language if is_read else st.query_params.get(URL_PARAMETER, "")
    return str(language) if is_offered(language) else choose_language(st.context.locale)


def choose_language(locale: str | None) -> str:
    """The language nearest to a browser's locale, like zh-CN."""
    prefix = (locale or "").lower().replace("_", "-").split("-")[0]
    return prefix if prefix in LANGUAGES else DEFAULT_LANGUAGE


def translate(text: str, /, **values: Any) -> str:
    """Translate a text into the visitor's language and fill in values; a `Translatable` brings its own values.

    Values that are `Translatable` are translated too.
    """
    return Translatable(text, **values).localize(get_translator(get_language()))


def get_file_language(language: str) -> str:
    """The language whose files are read for this one, which may be a pseudo-language."""
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def get_punctuation() -> Punctuation:
    return PUNCTUATION.get(get_language(), Punctuation())


def translate_table(texts: Mapping[str, str]) -> dict[str, str]:
    """Translate every text of a table."""
    return _translate_entries(tuple(texts.items()), get_language())


@cache
def _translate_entries(texts: tuple[tuple[str, str], ...], language: str) -> dict[str, str]:
    return {name: get_translator(language)(text) for name, text in texts}


def pseudo_translate(text: str, language: str) -> str:
    """A text of a file in this language, if that is a pseudo-language."""
    return PSEUDO_LANGUAGES[language](text) if language in PSEUDO_LANGUAGES and text else text


@cache
def get_translator(language: str) -> Callable[[str], str]:
    """The function that translates a text into this language; a text that has no translation stays as it is."""
    if language in PSEUDO_LANGUAGES:
        return lambda text: pseudo_translate(text, language)
    catalogue = load_catalogue(language)
    return lambda text: keep_units_with_numbers(catalogue.gettext(text)) if text else text


@lru_cache(maxsize=4096)
def keep_units_with_numbers(text: str) -> str:
    """Put a space without a line break between a number, or a value to be filled in, and its unit."""
    return SPACE_BEFORE_UNIT.sub("\u00a0", text)


def load_catalogue(language: str) -> NullTranslations:
    """The catalogue of a language; an empty one for the language of the code, which has no file."""
    file = LOCALE_FOLDER / language / CATALOGUE_FILE
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
