"""A lecture of three scenes for tests of scripts, and what its page says."""

from typing import Any

from streamlit.testing.v1 import AppTest

from app.model.presets import DEFAULT_SCENE, PRESETS
from app.scene_text.writer import write_query
from tests.support.app_pages import read_player_header

ADAM, NEWTON = PRESETS["The Adam family"], PRESETS["Newton or L-BFGS"]
TEXT = (
    f"# one\n?{write_query(ADAM)}\n?{write_query(NEWTON)} Which <b>first</b>?\n?{write_query(DEFAULT_SCENE)} predict\n"
)


def told(page: AppTest) -> dict[str, Any]:
    return read_player_header(page)["lecture"]


def said(page: AppTest) -> str:
    return " ".join(markdown.value for markdown in page.markdown)
