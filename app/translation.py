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

from surfaces.translatable import Sentence

LANGUAGES = {"en": "English", "zh": "中文"}  # by what a link says
FIRST = "en"
DOMAINS = ("page", "docs")  # of the catalogues: what the page says itself, and the docstrings that it shows
FOLDER = Path(__file__).with_name("locale")

# Languages that nobody speaks, made of the English, by which tests see what does not fit, is not translated, or is
# taken for more than words. Nobody else can choose them.
KEPT = re.compile(r"(\{[^}]*\}|\$\$.*?\$\$|\$[^$]*\$|`+[^`]*`+|:material/\w+:|:\w+\[|\]\([^)]*\)|&\w+;)", re.DOTALL)
PSEUDO: dict[str, Callable[[str], str]] = {
    "double": lambda text: f"{veiled(text)} {veiled(text)}",
    "long": lambda text: text + " mmmmm" * -(-len(text) // 15),
    "xss": lambda text: f"<img src=x onerror='window.hacked=1'>{text}\"'><script>window.hacked=1</script>",
}
VEIL = {ord(letter): "xхχẋẍ"[i % 5] for i, letter in enumerate(ascii_letters)}
TESTED = "DESCENT_PSEUDO"  # set in the environment of a server that is tested with them


def veiled(text: str) -> str:
    """Every letter that is said is an x or one of four that look like it, so that no two names are the same."""
    return "".join(part if i % 2 else part.translate(VEIL) for i, part in enumerate(KEPT.split(text)))


def offered(language: Any) -> bool:
    return language in LANGUAGES or (language in PSEUDO and TESTED in environ)


_forced = ContextVar("_forced", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """In here everything is said in this language."""
    before = _forced.set(language)
    try:
        yield
    finally:
        _forced.reset(before)


def fluent(part: Callable[..., None]) -> Callable[..., None]:
    """A part of the page that asks once, and not at each of its hundreds of words, in which language it is said."""

    @wraps(part)
    def in_one_language(*about: Any) -> None:
        with speaking(language()):
            part(*about)

    return in_one_language


def language() -> str:
    """The language of this visit: as the scene says, else as the browser would have it."""
    if forced := _forced.get():
        return forced
    if get_script_run_ctx(suppress_warning=True) is None:
        return FIRST
    scene = st.session_state.get("scene")
    return scene.language if scene and scene.language else preferred(st.context.locale)


def preferred(locale: str | None) -> str:
    """The language that is nearest to a browser's, like zh-CN."""
    wanted = (locale or "").lower().replace("_", "-").split("-")[0]
    return wanted if wanted in LANGUAGES else FIRST


def say(text: str, /, **values: Any) -> str:
    """A text of the catalogues in the visitor's language, with values filled in; a `Sentence` has its own.

    Values that are sentences are said in the same language.
    """
    return Sentence(text, **values).said(gettext(language()))


def written(language: str) -> str:
    """The language of the files that are read for this one."""
    return language if language in LANGUAGES else FIRST


def all_said(texts: Mapping[str, str]) -> dict[str, str]:
    """Every text of a table."""
    return said(tuple(texts.items()), language())


@cache
def said(texts: tuple[tuple[str, str], ...], language: str) -> dict[str, str]:
    translated = gettext(language)
    return {name: translated(text) for name, text in texts}


def disguised(text: str, language: str) -> str:
    """A text of a file, as a language that nobody speaks has it."""
    return PSEUDO[language](text) if language in PSEUDO and text else text


@cache
def gettext(language: str) -> Callable[[str], str]:
    """What a text is in this language; the text itself where no catalogue has it."""
    if language in PSEUDO:
        return lambda text: disguised(text, language)
    catalogues = translations(language)
    return lambda text: catalogues.gettext(text) if text else text


def translations(language: str) -> NullTranslations:
    """The catalogues of a language, each the fallback of the one before."""
    found = NullTranslations()
    for domain in DOMAINS:
        file = FOLDER / language / f"{domain}.po"
        if file.exists():
            compiled = BytesIO()
            with file.open("rb") as source:
                write_mo(compiled, read_po(source, locale=language))
            compiled.seek(0)
            catalogue = GNUTranslations(compiled)
            catalogue.add_fallback(found)
            found = catalogue
    return found
