"""Bring the catalogues in `app/locale/` up to date: `python -m tests.tools.translation_catalogues`.

New texts get an empty translation; texts that the page no longer shows are removed.
"""

import ast
from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.browser.job_progress_labels import PROGRESS_LABELS
from app.browser.player_labels import LABELS
from app.bug_hunt.labels import LABELS as HUNT_LABELS
from app.compute.surface_source_registry import SURFACE_SOURCES
from app.gradient_check.labels import LABELS as CHECK_LABELS
from app.maps.catalogue import MAP_TYPES
from app.maps.map_component import JOB_LABELS
from app.model.display_names import get_english_name
from app.model.hyperparameter_table import HYPERPARAMETERS, LEVEL_LABELS, get_range, make_switch_label
from app.model.presets import PRESETS
from app.model.scene import inspect_parameters
from app.session.playlist_scene_cards import SCENE_LIST_LABELS
from app.session.streamlit_strings import STREAMLIT_STRINGS
from app.training.labels import LABELS as TRAINING_LABELS
from app.translation import CATALOGUE_FILE, DEFAULT_LANGUAGE, LANGUAGES, LOCALE_FOLDER
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES

ROOT = Path(__file__).parents[2]
TRANSLATING_CALLS = {"translate", "Translatable", "UserError", "FormulaError", "DataError"}
CATALOGUES = (OPTIMIZERS, SCHEDULES, WRAPPERS, SURFACES)
MAKERS = [make for catalogue in CATALOGUES for make in catalogue.values()]


def list_page_texts() -> Iterator[str]:
    """The texts in the code, and in the tables that it shows."""
    for part in ("app", "optimizers", "surfaces"):
        for file in sorted((ROOT / part).rglob("*.py")):
            yield from find_translated_texts(ast.parse(file.read_text(encoding="utf-8")))
    yield from LABELS.values()
    yield from JOB_LABELS.values()
    yield from PROGRESS_LABELS.values()
    yield from CHECK_LABELS.values()
    yield from HUNT_LABELS.values()
    yield from TRAINING_LABELS.values()
    yield from SCENE_LIST_LABELS.values()
    for map_type in MAP_TYPES.values():
        yield from map_type.labels.values()
    yield from PRESETS
    yield from STREAMLIT_STRINGS
    yield from (get_english_name(word) for catalogue in CATALOGUES for word in catalogue)
    yield from map(get_english_name, SURFACE_SOURCES)
    yield from (known.range.label for known in HYPERPARAMETERS.values())
    yield from LEVEL_LABELS.values()
    for make in MAKERS:
        for name, parameter in inspect_parameters(make).items():
            yield make_switch_label(name) if isinstance(parameter.default, bool) else get_range(name).label


def find_translated_texts(node: ast.AST) -> Iterator[str]:
    """The first argument of each call of `TRANSLATING_CALLS` below a node, in the order of the text.

    Not by Babel, which reads tokens: those of what stands in an f-string there are since Python 3.12 only.
    """
    match node:
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name), [ast.Constant(str(text)), *_]) if (
            name in TRANSLATING_CALLS
        ):
            yield text
    for child in ast.iter_child_nodes(node):
        yield from find_translated_texts(child)


def list_docstrings() -> Iterator[str]:
    """The docstrings of everything that a visitor can choose."""
    yield from (getdoc(make) or "" for make in MAKERS)


def list_texts() -> list[str]:
    """The texts of a catalogue, each once."""
    return [text for text in dict.fromkeys([*list_page_texts(), *list_docstrings()]) if text]


def read_catalogue(language: str) -> Catalog:
    with (LOCALE_FOLDER / language / CATALOGUE_FILE).open("rb") as source:
        return read_po(source, locale=language)


def update_catalogue(language: str) -> None:
    file = LOCALE_FOLDER / language / CATALOGUE_FILE
    old = read_catalogue(language) if file.exists() else Catalog()
    # The date stays: else two branches that add texts could not be merged.
    new = Catalog(language, project="Descent", creation_date=old.creation_date, fuzzy=False, charset="utf-8")
    for text in list_texts():
        new.add(text, old[text].string if text in old else "").flags.clear()  # its values are in braces, not after %
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, new, width=110, omit_header=False, no_location=True)


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != DEFAULT_LANGUAGE:
            update_catalogue(language)
