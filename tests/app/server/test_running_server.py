"""A running server, used over its socket: all parts of `app/server` together."""

import asyncio
import gzip
import http.client
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from app.server.streamlit_asset_compression import list_static_files
from tests.support.protocol_visitor import Visitor
from tests.support.server_and_browser import serve_app

JUNK = "&".join(f"utm_{i}={i}" for i in range(1500))


class Served(NamedTuple):
    address: str
    log: Path


class ReadingVisitor(Visitor):
    """A visitor who collects the text of the page."""

    text: str = ""

    def record_element(self, element: Element, fragment: str) -> None:
        super().record_element(element, fragment)
        self.text += str(element)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("server") / "log"
    with serve_app(log=log) as address:
        yield Served(address, log)


def get(server: Served, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_a_moved_slider_sends_new_runs_over_the_websocket(server: Served) -> None:
    async def visit() -> tuple[int, list[str]]:
        async with Visitor(server.address) as visitor:
            await visitor.open_page()
            for _ in range(3):
                await visitor.move_slider("0.lr")
            async with asyncio.timeout(30):
                while visitor.pictures < 3:
                    await asyncio.sleep(0.01)
            return visitor.pictures, visitor.exceptions

    assert asyncio.run(visit()) == (3, [])


class NavigatingVisitor(Visitor):
    """A visitor who changes pages, and records the page of each run."""

    def __init__(self, address: str, page: str) -> None:
        super().__init__(address, page)
        self.pages: dict[str, str] = {}  # hash by path; the path of the race is ""
        self.run_pages: list[str] = []

    def handle_message(self, message: ForwardMsg) -> bool:
        if message.WhichOneof("type") == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif message.WhichOneof("type") == "new_session":
            self.run_pages.append(message.new_session.page_script_hash)
        return super().handle_message(message)


def test_a_late_request_of_the_previous_page_is_dropped(server: Served) -> None:
    """Otherwise the browser would remove the new page's elements."""

    async def visit() -> NavigatingVisitor:
        async with NavigatingVisitor(server.address, "maps") as visitor:
            await visitor.open_page()
            late_request = visitor.make_client_state(visitor.sliders["0.lr"][1])  # sent before the next page is there
            await visitor.run(ClientState(page_script_hash=visitor.pages[""]))
            del visitor.run_pages[:]
            await visitor.send(BackMsg(rerun_script=late_request))
            await visitor.move_slider("0.lr")
            return visitor

    visitor = asyncio.run(visit())
    assert set(visitor.run_pages) == {visitor.pages[""]} and not visitor.exceptions


def test_a_trailing_slash_redirects_relatively(server: Served) -> None:
    status, headers, _ = get(server, "/maps/?map=rates()")
    assert (status, headers["location"]) == (301, "../maps?map=rates()")


def test_streamlits_scripts_are_compressed(server: Served) -> None:
    path, file = next(iter(list_static_files(Path(sys.modules["streamlit"].__file__ or "").parent / "static").items()))
    _, headers, body = get(server, path, accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip" and gzip.decompress(body) == file.read_bytes()
    assert get(server, path, accept_encoding="gzip;q=0")[2] == file.read_bytes()
    assert (
        get(server, f"/static/./{path.removeprefix('/static/')}", accept_encoding="gzip")[1]["content-encoding"] is None
    )


@pytest.mark.parametrize(
    "page, query, word",
    [
        ("", f"surface=himmelblau()&{JUNK}&run=adam(lr=0.07)", 'raw_value: "0.07"'),
        ("maps", f"{JUNK}&map=basins()&surface=himmelblau()&run=adam(lr=0.07)", 'raw_value: "Himmelblau'),
        ("lessons", f"{JUNK}&lesson=no_such_lesson", "There is no lesson called"),
        ("playlist", JUNK, ""),
        ("about", JUNK, ""),
    ],
)
def test_a_long_link_is_read_in_part_with_a_notice(server: Served, page: str, query: str, word: str) -> None:
    async def visit() -> ReadingVisitor:
        async with ReadingVisitor(server.address, page, query) as visitor:
            await visitor.open_page()
            return visitor

    visitor = asyncio.run(visit())
    assert "1500 of its parts were not read" in visitor.text and not visitor.exceptions
    assert word in visitor.text


def test_invalid_messages_are_logged_in_one_line_each(server: Served) -> None:
    """Invalid values of a slider and a field, an unreadable message, and a text message, each in a visit of its own."""
    before = len(server.log.read_text().splitlines())

    async def send_value(invalid: WidgetState, key: str) -> None:
        async with Visitor(server.address) as visitor:
            await visitor.open_page()
            invalid.id = visitor.sliders[key][0].id if key in visitor.sliders else visitor.texts[key][0]
            state = visitor.make_client_state(visitor.sliders["0.lr"][1])
            others = [widget for widget in state.widget_states.widgets if widget.id != invalid.id]
            del state.widget_states.widgets[:]
            state.widget_states.widgets.extend([*others, invalid])
            await visitor.run(state)

    async def send_raw(message: bytes | str) -> None:
        async with Visitor(server.address) as visitor:
            await visitor.socket.send(message)
            await visitor.socket.wait_closed()

    invalid_values = [
        (WidgetState(double_value=0.5), "0.lr"), (WidgetState(json_value="{"), "0.lr"),
        (WidgetState(bytes_value=b"\xff"), "0.lr"), (WidgetState(json_value="[]"), "steps"),
        (WidgetState(bool_value=True), "steps"),
    ]  # fmt: skip
    for invalid, key in invalid_values:
        asyncio.run(send_value(invalid, key))
    for message in (b"\xff\xff", "text"):
        asyncio.run(send_raw(message))
    lines = server.log.read_text().splitlines()[before:]
    assert any("a widget was sent" in line for line in lines)
    assert len(lines) <= 2 * len(invalid_values) + 2, "at most one line for each run of a script"
    assert not any("Traceback" in line or line.startswith(" ") for line in lines), lines
