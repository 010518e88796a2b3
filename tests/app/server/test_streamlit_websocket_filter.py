"""Streamlit's websocket: long links are shortened and not dropped, and what nobody needs does not come through."""

import asyncio
import logging
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.state.query_params import sanitize_query_string

from app.server.streamlit_websocket_filter import OMITTED_PARAMETER, WebSocketFilter, is_too_long, shorten_query
from app.truncated_link_notice import KNOWN_PARAMETERS

JUNK = "&".join(f"utm_{i}={i}" for i in range(1500))


def heard(*sent: dict[str, Any], path: str = "/_stcore/stream", kind: str = "websocket") -> list[dict[str, Any]]:
    """What the app receives of what a browser sends, to the end of it."""
    received: list[dict[str, Any]] = []
    waiting = [*sent, {"type": "websocket.disconnect", "code": 1001}]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not received or received[-1]["type"] != "websocket.disconnect":
            received.append(await receive())

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    asyncio.run(
        WebSocketFilter(app, lambda: KNOWN_PARAMETERS)({"type": kind, "path": path, "headers": []}, receive, send)
    )
    return received


def rerun(query: str) -> dict[str, Any]:
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.fragment_id = "picture"
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def query_of(message: dict[str, Any]) -> str:
    found = BackMsg.FromString(message["bytes"])
    assert found.rerun_script.fragment_id == "picture"
    return found.rerun_script.query_string


@pytest.mark.parametrize(
    "query, kept, left_out",
    [
        (f"surface=bowl()&{JUNK}&run=adam()&run=sgd()", "surface=bowl()&run=adam()&run=sgd()", 1500),
        (f"{JUNK}&map=rates()&embed=true&language=zh", "map=rates()&embed=true&language=zh", 1500),
        (f"{JUNK}&lesson=momentum", "lesson=momentum", 1500),
        (f"{JUNK}&playlist=abc&place=2&mode=lecture", "playlist=abc&place=2&mode=lecture", 1500),
        (f"{JUNK}&%73urface=bowl()", "%73urface=bowl()", 1500),
        (f"{JUNK}&&&==&surface", "surface", 1503),
        (JUNK, "", 1500),
        ("run=adam()&" * 1500 + "surface=bowl()", "run=adam()&" * 998 + "run=adam()", 502),
        (f"surface=bowl()&view={'x' * 600_000}&run=adam()", "surface=bowl()&run=adam()", 1),
        (
            "run=" + "&run=".join("x" * 999 for _ in range(900)),
            "run=" + "&run=".join("x" * 999 for _ in range(522)),
            378,
        ),
        ("a&" * 150_000 + "surface=bowl()", "", 150_001),
    ],
)
def test_of_a_long_link_all_that_can_be_read_is_kept(query: str, kept: str, left_out: int) -> None:
    assert sanitize_query_string(query) == "", "else Streamlit reads it itself"
    found = query_of(heard(rerun(query))[0])
    assert found == f"{kept}&{OMITTED_PARAMETER}={left_out}".removeprefix("&")
    assert sanitize_query_string(found) == found, "Streamlit takes it"


@pytest.mark.parametrize(
    "query", ["", "surface=bowl()&run=adam()", "&".join(f"utm_{i}={i}" for i in range(1000)), f"view={'x' * 500_000}"]
)
def test_what_streamlit_reads_is_left_as_it_is(query: str) -> None:
    sent = rerun(query)
    assert not is_too_long(query) and heard(sent)[0] == sent


def test_text_closes_the_websocket_and_says_so_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = heard({"type": "websocket.receive", "text": "hello"}, rerun("run=adam()"))
    assert found == [{"type": "websocket.disconnect", "code": 1003}]
    assert len(caplog.records) == 1 and not caplog.records[0].exc_info


def test_nobody_clears_the_caches_of_all() -> None:
    clear = {"type": "websocket.receive", "bytes": BackMsg(clear_cache=True).SerializeToString()}
    assert [message["type"] for message in heard(clear, rerun(""), clear)] == [
        "websocket.receive",
        "websocket.disconnect",
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xff", BackMsg(app_heartbeat=True).SerializeToString()])
def test_all_else_goes_through(data: bytes) -> None:
    assert heard({"type": "websocket.receive", "bytes": data})[0]["bytes"] == data


def test_other_websockets_are_not_listened_to() -> None:
    text = {"type": "websocket.receive", "text": "hello"}
    assert heard(text, path="/player/feed/x")[0] == text
    assert heard(text, path="/descent/_stcore/stream")[0]["type"] == "websocket.disconnect"
    assert heard(text, kind="lifespan")[0] == text


def test_the_number_is_of_what_is_not_there() -> None:
    assert shorten_query("a=1&run=2&b=3", {"run"}) == f"run=2&{OMITTED_PARAMETER}=2"
