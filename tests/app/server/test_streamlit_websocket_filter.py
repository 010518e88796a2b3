"""Streamlit's websocket: long links are shortened rather than dropped, and unwanted messages are dropped."""

import asyncio
import logging
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.state.query_params import sanitize_query_string

from app.server.streamlit_websocket_filter import OMITTED_PARAMETER, WebSocketFilter, is_too_long, shorten_query
from app.too_long_link_notice import KNOWN_PARAMETERS

JUNK = "&".join(f"utm_{i}={i}" for i in range(1500))


def filter_messages(
    *sent: dict[str, Any], path: str = "/_stcore/stream", kind: str = "websocket"
) -> list[dict[str, Any]]:
    """The messages that the app receives when a browser sends these."""
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


def make_rerun(query: str) -> dict[str, Any]:
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.fragment_id = "picture"
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def get_query(message: dict[str, Any]) -> str:
    back_message = BackMsg.FromString(message["bytes"])
    assert back_message.rerun_script.fragment_id == "picture"
    return back_message.rerun_script.query_string


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
def test_the_known_parameters_of_a_long_link_are_kept(query: str, kept: str, left_out: int) -> None:
    assert sanitize_query_string(query) == "", "Streamlit alone drops it"
    shortened = get_query(filter_messages(make_rerun(query))[0])
    assert shortened == f"{kept}&{OMITTED_PARAMETER}={left_out}".removeprefix("&")
    assert sanitize_query_string(shortened) == shortened, "Streamlit accepts it"


@pytest.mark.parametrize(
    "query", ["", "surface=bowl()&run=adam()", "&".join(f"utm_{i}={i}" for i in range(1000)), f"view={'x' * 500_000}"]
)
def test_a_query_that_streamlit_accepts_is_unchanged(query: str) -> None:
    message = make_rerun(query)
    assert not is_too_long(query) and filter_messages(message)[0] == message


def test_a_text_message_closes_the_websocket_and_is_logged_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        received = filter_messages({"type": "websocket.receive", "text": "hello"}, make_rerun("run=adam()"))
    assert received == [{"type": "websocket.disconnect", "code": 1003}]
    assert len(caplog.records) == 1 and not caplog.records[0].exc_info


def test_a_request_to_clear_the_caches_is_dropped() -> None:
    clear = {"type": "websocket.receive", "bytes": BackMsg(clear_cache=True).SerializeToString()}
    assert [message["type"] for message in filter_messages(clear, make_rerun(""), clear)] == [
        "websocket.receive",
        "websocket.disconnect",
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xff", BackMsg(app_heartbeat=True).SerializeToString()])
def test_other_messages_are_passed_on(data: bytes) -> None:
    assert filter_messages({"type": "websocket.receive", "bytes": data})[0]["bytes"] == data


def test_other_websockets_are_not_filtered() -> None:
    text = {"type": "websocket.receive", "text": "hello"}
    assert filter_messages(text, path="/player/feed/x")[0] == text
    assert filter_messages(text, path="/descent/_stcore/stream")[0]["type"] == "websocket.disconnect"
    assert filter_messages(text, kind="lifespan")[0] == text


def test_the_number_counts_the_omitted_parameters() -> None:
    assert shorten_query("a=1&run=2&b=3", {"run"}) == f"run=2&{OMITTED_PARAMETER}=2"
