"""What the page says, in the visitor's language: gettext catalogues over the English that stands in the code."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from os import environ
from pathlib import Path
from string import ascii_letters
from typing import Any

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from surfaces.translatable import Translatable

LANGUAGES = {"en": "English", "zh": "中文"}  # by what a link says
DEFAULT_LANGUAGE = "en"
GETTEXT_DOMAINS = ("page", "docs")  # of the catalogues: what the page says itself, and the docstrings that it shows
LOCALE_FOLDER = Path(__file__).with_name("locale")

# Languages that nobody speaks, made of the English, by which tests see what does not fit, is not translated, or is
# taken for more than words. Nobody else can choose them.
UNTRANSLATED_PATTERN = re.compile(
    r"(\{[^}]*\}|\$\$.*?\$\$|\$[^$]*\$|`+[^`]*`+|:material/\w+:|:\w+\[|\]\([^)]*\)|&\w+;)", re.DOTALL
)
PSEUDO_LANGUAGES: dict[str, Callable[[str], str]] = {
    "double": lambda text: f"{mask_letters(text)} {mask_letters(text)}",
    "long": lambda text: text + " mmmmm" * -(-len(text) // 15),
    "xss": lambda text: f"<img src=x onerror='window.hacked=1'>{text}\"'><script>window.hacked=1</script>",
}
LETTER_LOOKALIKES = {ord(letter): "xхχẋẍ"[i % 5] for i, letter in enumerate(ascii_letters)}
SESSION_KEY = "session"  # of the record of the visit, app.session.session, in st.session_state
PSEUDO_VARIABLE = "DESCENT_PSEUDO"  # set in the environment of a server that is tested with them


def mask_letters(text: str) -> str:
    """Every letter that is said is an x or one of four that look like it, so that no two names are the same."""
    return "".join(
        part if i % 2 else part.translate(LETTER_LOOKALIKES) for i, part in enumerate(UNTRANSLATED_PATTERN.split(text))
    )


def is_offered(language: Any) -> bool:
    return language in LANGUAGES or (language in PSEUDO_LANGUAGES and PSEUDO_VARIABLE in environ)


_language_override = ContextVar("_language_override", default="")


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """In here everything is said in this language."""
    before = _language_override.set(language)
    try:
        yield
    finally:
        _language_override.reset(before)


def fix_language(function: Callable[..., None]) -> Callable[..., None]:
    """A part of the page that asks once, and not at each of its hundreds of words, in which language it is said."""

    @wraps(function)
    def in_one_language(*about: Any) -> None:
        with use_language(get_language()):
            function(*about)

    return in_one_language


def get_language() -> str:
    """The language of this visit: as the scene says, else as the browser would have it."""
    if forced := _language_override.get():
        return forced
    if get_script_run_ctx(suppress_warning=True) is None:
        return DEFAULT_LANGUAGE
    session = st.session_state.get(SESSION_KEY)
    language = session.scene.presentation.language if session and session.scene else ""
    return str(language) or choose_language(st.context.locale)


def choose_language(locale: str | None) -> str:
    """The language that is nearest to a browser's, like zh-CN."""
    wanted = (locale or "").lower().replace("_", "-").split("-")[0]
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def translate(text: str, /, **values: Any) -> str:
    """A text of the catalogues in the visitor's language, with values filled in; a `Translatable` has its own.

    Values that are sentences are said in the same language.
    """
    return Translatable(text, **values).localize(get_translator(get_language()))


def get_file_language(language: str) -> str:
    """The language of the files that are read for this one."""
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def translate_table(texts: Mapping[str, str]) -> dict[str, str]:
    """Every text of a table."""
    return translate_entries(tuple(texts.items()), get_language())


@cache
def translate_entries(texts: tuple[tuple[str, str], ...], language: str) -> dict[str, str]:
    translated = get_translator(language)
    return {name: translated(text) for name, text in texts}


def pseudo_translate(text: str, language: str) -> str:
    """A text of a file, as a language that nobody speaks has it."""
    return PSEUDO_LANGUAGES[language](text) if language in PSEUDO_LANGUAGES and text else text


@cache
def get_translator(language: str) -> Callable[[str], str]:
    """What a text is in this language; the text itself where no catalogue has it."""
    if language in PSEUDO_LANGUAGES:
        return lambda text: pseudo_translate(text, language)
    catalogues = load_catalogues(language)
    return lambda text: catalogues.gettext(text) if text else text


def load_catalogues(language: str) -> NullTranslations:
    """The catalogues of a language, each the fallback of the one before."""
    found = NullTranslations()
    for domain in GETTEXT_DOMAINS:
        file = LOCALE_FOLDER / language / f"{domain}.po"
        if file.exists():
            compiled = BytesIO()
            with file.open("rb") as source:
                write_mo(compiled, read_po(source, locale=language))
            compiled.seek(0)
            catalogue = GNUTranslations(compiled)
            catalogue.add_fallback(found)
            found = catalogue
    return found
