"""Pages of the app in AppTest: open them, go from one to another, and read what they show and send."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from app.model.data_source import read_pasted_table
from app.model.scene import Call, Scene
from tests.support.binary_messages import decode_binary_message

HOME = Path(__file__).parents[2] / "app/navigation.py"


def switch_page(page: AppTest, address: str) -> AppTest:
    """Go to race, lessons, maps, playlist or about; before its first run AppTest knows pages by file names alone."""
    page._page_hash = calc_hash(address)
    return page


class Page(AppTest):
    """The page as a browser keeps it: what a run of one fragment does not send again is still there."""

    def _run(self, *args: Any, **kwargs: Any) -> AppTest:
        super()._run(*args, **kwargs)
        self._follow()
        whole = self.get("expander") or "leave_lecture" in {button.key for button in self.button}
        return self if whole else super()._run(*args, **kwargs)

    def _follow(self) -> None:
        """The player puts into the address bar what it is told."""
        if said := told_view(self).get("query"):
            self.query_params.clear()
            for name, value in parse_qsl(said):
                self.query_params[name] = [*self.query_params.get(name, []), value]


def scene(page: AppTest) -> Scene:
    return page.session_state["session"].scene


def opened(page: AppTest, key: str) -> AppTest:
    """The page with a popover open, as the browser would report it; the test has to say so each time."""
    page.session_state[key] = True
    return page.run()


def unfold(page: AppTest, *names: int | str) -> None:
    page.session_state["session"].unfolded = frozenset(names)
    page.run()


def said(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def player(page: AppTest) -> Any:
    """The message to the player, as bytes."""
    return next(e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith("descent_player"))


def told_view(page: AppTest) -> dict[str, Any]:
    """How the player is told to look at the scene, and the address."""
    found = (e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith("descent_view"))
    return next((json.loads(proto.json) for proto in found), {})


def header(page: AppTest) -> dict[str, Any]:
    """What the message to the player says before its columns."""
    return decode_binary_message(player(page).bytes)[0]


def sends(page: AppTest, state: Any) -> None:
    """The browser reports the player's state, as JSON, beside that of every other widget."""
    widgets = page._tree.get_widget_states()
    widgets.widgets.add(id=player(page).id, json_value=json.dumps(state))
    page._run(widgets)


def visit(*pairs: tuple[str, str]) -> Page:
    at = Page(str(HOME), default_timeout=60)
    for name, value in pairs:
        at.query_params[name] = [*at.query_params.get(name, []), value]
    at.run()
    assert not at.exception
    return at


def address(page: Page) -> str:
    """What the player is told to put into the address bar."""
    return told_view(page)["query"]


def to_race(page: AppTest, *address: tuple[str, str]) -> AppTest:
    switch_page(page, "race")
    page.query_params.clear()
    for name, value in address:
        page.query_params[name] = [*page.query_params.get(name, []), value]
    page.run()
    assert not page.exception
    return page


def links(page: AppTest) -> dict[str, Any]:
    """The links to pages, by their words."""
    return {element.proto.label: element.proto for element in page.get("page_link")}


def long_data() -> Call:
    return read_pasted_table("line", "\n".join(f"{k / 7!r},{(k * k) % 11}" for k in range(400)))
