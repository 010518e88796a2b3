"""Pages of the app in AppTest: open them, switch between them, and read what they show and send."""

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
    """A page as a browser has it: elements that a run of one fragment does not send again are still there."""

    def _run(self, *args: Any, **kwargs: Any) -> AppTest:
        super()._run(*args, **kwargs)
        self._update_address()
        is_complete = self.get("expander") or "leave_lecture" in {button.key for button in self.button}
        return self if is_complete else super()._run(*args, **kwargs)

    def _update_address(self) -> None:
        """Put the query that the player is sent into the address bar, as the player does."""
        if query := read_view_message(self).get("address", {}).get("query"):
            self.query_params.clear()
            for name, value in parse_qsl(query):
                self.query_params[name] = [*self.query_params.get(name, []), value]


def open_page(page: AppTest, name: str, **address: str | list[str]) -> AppTest:
    """The page called `name`, opened by a link with these parameters."""
    switch_page(page, name)
    page.query_params.clear()
    for parameter, value in address.items():
        page.query_params[parameter] = value
    page.run()
    assert not page.exception
    return page


def get_scene(page: AppTest) -> Scene:
    return page.session_state["session"].scene


def open_popover(page: AppTest, key: str) -> AppTest:
    """Open a popover as the browser would report it; the test has to repeat that before each run."""
    page.session_state[key] = True
    return page.run()


def unfold(page: AppTest, *names: int | str) -> None:
    page.session_state["session"].unfolded = frozenset(names)
    page.run()


def read_captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def find_player_message(page: AppTest) -> Any:
    """The message to the player, as bytes."""
    return find_component(page, "descent_player")


def find_component(page: AppTest, name: str) -> Any:
    return next(e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith(name))


def read_view_message(page: AppTest) -> dict[str, Any]:
    """The message about view and address to the player."""
    messages = (e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith("descent_view"))
    return next((json.loads(proto.json) for proto in messages), {})


def read_player_header(page: AppTest) -> dict[str, Any]:
    """The header of the message to the player."""
    return decode_binary_message(find_player_message(page).bytes)[0]


def report_player_state(page: AppTest, state: Any) -> None:
    """Report the player's state, as JSON, together with that of every other widget, as the browser does."""
    report_component_state(page, "descent_player", state)


def report_component_state(page: AppTest, component: str, state: Any) -> None:
    """The same for any component of the page."""
    widgets = page._tree.get_widget_states()
    widgets.widgets.add(id=find_component(page, component).id, json_value=json.dumps(state))
    page._run(widgets)


def visit(*pairs: tuple[str, str]) -> Page:
    at = Page(str(HOME), default_timeout=60)
    for name, value in pairs:
        at.query_params[name] = [*at.query_params.get(name, []), value]
    at.run()
    assert not at.exception
    return at


def read_address(page: Page) -> str:
    """The query that the player is to put into the address bar."""
    return read_view_message(page)["address"]["query"]


def go_to_race(page: AppTest, *address: tuple[str, str]) -> AppTest:
    switch_page(page, "race")
    page.query_params.clear()
    for name, value in address:
        page.query_params[name] = [*page.query_params.get(name, []), value]
    page.run()
    assert not page.exception
    return page


def find_page_links(page: AppTest) -> dict[str, Any]:
    """The links to pages, by their labels."""
    return {element.proto.label: element.proto for element in page.get("page_link")}


def make_long_data_call() -> Call:
    return read_pasted_table("line", "\n".join(f"{k / 7!r},{(k * k) % 11}" for k in range(400)))
