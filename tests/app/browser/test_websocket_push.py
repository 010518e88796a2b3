"""The runs' own way to the player: what is pushed arrives, only there, and Streamlit carries what does not."""

import asyncio
import json
from collections.abc import Iterator
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from app.browser import landscape_questions, websocket_push
from app.browser.landscape_questions import LandscapeQuestion
from app.browser.run_delivery import DIGEST_LENGTH
from app.browser.static_file_routes import make_routes
from app.model.scene import Call, surface_call
from app.server import session_existence_tokens

SOON = 10  # seconds; nothing here waits longer than it has to


class Listener:
    """A browser's end of the websocket, spoken to as a server would, in a loop of its own."""

    def __init__(self, token: str, **headers: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.says({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": f"/{websocket_push.feed_path(token)}", "query_string": b""}
        said = {"host": "lab.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope["headers"] = [(name.encode(), value.encode()) for name, value in said.items()]
        self.serving = asyncio.run_coroutine_threadsafe(self.serve(scope), self.loop)
        self.greeting = self.hears()

    async def serve(self, scope: dict[str, Any]) -> None:
        await Starlette(routes=make_routes())(scope, self.said.get, self.heard.put)

    def says(self, message: dict[str, Any]) -> None:
        self.loop.call_soon_threadsafe(self.said.put_nowait, message)

    def hears(self) -> dict[str, Any]:
        return asyncio.run_coroutine_threadsafe(self.heard.get(), self.loop).result(SOON)

    def goes(self) -> None:
        self.says({"type": "websocket.disconnect", "code": 1001})
        self.serving.result(SOON)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(SOON)
        self.loop.close()


@pytest.fixture
def opened() -> Iterator[Any]:
    listeners: list[Listener] = []

    def one(token: str, **headers: str) -> Listener:
        listeners.append(Listener(token, **headers))
        return listeners[-1]

    yield one
    for listener in listeners:
        if not listener.serving.done():
            listener.goes()
        listener.close()
    assert not websocket_push.sockets_by_token and not websocket_push.socket_counts


@pytest.fixture(autouse=True)
def living(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The sessions that are there, of which each token is one; whoever wants it elsewise takes one out."""
    there = {"mine", "other"}
    monkeypatch.setattr(session_existence_tokens, "session_by_token", {name: name for name in there})
    monkeypatch.setattr(
        session_existence_tokens, "is_resumable", lambda session: session in there or session not in ("mine", "other")
    )
    return there


def test_what_is_pushed_arrives_under_its_token_and_nowhere_else(opened: Any) -> None:
    mine, other = opened("mine"), opened("other")
    assert mine.greeting["type"] == other.greeting["type"] == "websocket.accept"
    assert websocket_push.push_message("mine", b"runs") and websocket_push.push_message("other", b"others")
    assert (mine.hears()["bytes"], other.hears()["bytes"]) == (b"runs", b"others")
    assert not websocket_push.push_message("nobody", b"runs")


def test_a_question_about_the_landscape_is_answered_once_it_is_known_which_one(opened: Any) -> None:
    mine, other = opened("mine"), opened("other")
    session_existence_tokens.set_subject("nobody", surface_call("booth"))
    assert "nobody" not in session_existence_tokens.subject_by_token
    session_existence_tokens.set_subject("mine", surface_call("booth"))
    for listener in (other, mine):
        listener.says({"type": "websocket.receive", "text": '{"n": 3, "place": [1, 3]}'})
    answer = json.loads(mine.hears()["text"])
    assert (answer["n"], answer["place"]["loss"]) == (3, 0.0)
    assert other.heard.empty(), "it has no landscape"
    session_existence_tokens.revoke_token("mine")
    assert "mine" not in session_existence_tokens.subject_by_token


def test_of_questions_in_quick_succession_the_newest_is_answered(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, computed, read, go_on = opened("mine"), [], [], Event()
    decode = landscape_questions.decode_question
    monkeypatch.setattr(landscape_questions, "decode_question", lambda text: read.append(text) or decode(text))

    def answer(surface: Call, question: LandscapeQuestion) -> str:
        computed.append(question.serial)
        assert go_on.wait(SOON)
        if question.serial == 1:
            raise ArithmeticError("a question that cannot be answered stops nothing")
        return str(question.serial)

    monkeypatch.setattr(landscape_questions, "answer_question", answer)
    session_existence_tokens.set_subject("mine", surface_call("booth"))
    mine.says({"type": "websocket.receive", "text": '{"n": 1, "window": [[0, 1], [0, 1]]}'})
    while not computed:
        sleep(0.001)
    for n in range(2, 40):
        mine.says({"type": "websocket.receive", "text": f'{{"n": {n}, "window": [[0, 1], [0, 1]]}}'})
    assert websocket_push.push_message("mine", b"runs") and mine.hears()["bytes"] == b"runs", "runs do not wait"
    while len(read) < 39:
        sleep(0.001)
    go_on.set()
    assert mine.hears()["text"] == "39" and computed == [1, 39]
    session_existence_tokens.revoke_token("mine")


def test_what_else_the_browser_says_is_not_read_and_after_it_went_nobody_listens(opened: Any) -> None:
    mine = opened("mine")
    for nonsense in ({"text": "x" * 1000}, {"bytes": bytes(1000)}):
        mine.says({"type": "websocket.receive", **nonsense})
    assert websocket_push.push_message("mine", b"runs") and mine.hears()["bytes"] == b"runs"
    mine.goes()
    assert not websocket_push.push_message("mine", b"runs")


def test_the_player_that_came_last_is_told_and_outlives_the_first(opened: Any) -> None:
    first, second = opened("mine"), opened("mine")
    first.goes()
    assert websocket_push.push_message("mine", b"runs") and second.hears()["bytes"] == b"runs"


def test_of_what_waits_only_the_newest_is_sent() -> None:
    async def sent() -> list[bytes]:
        wire = websocket_push.OpenSocket(asyncio.get_running_loop(), asyncio.Queue())
        for message in (b"1", b"2", b"3"):
            wire.replace_pending(message)
        return [wire.pending.get_nowait() for _ in range(wire.pending.qsize())]

    assert asyncio.run(sent()) == [b"3"]


def test_who_opens_more_than_a_session_needs_is_sent_away_and_nobody_else(opened: Any) -> None:
    for _ in range(websocket_push.MAX_SOCKETS_PER_SESSION):
        last = opened("mine")
        assert last.greeting["type"] == "websocket.accept"
    assert opened("mine").greeting == {"type": "websocket.close", "code": websocket_push.CLOSE_TRY_LATER, "reason": ""}
    assert websocket_push.push_message("mine", b"runs") and last.hears()["bytes"] == b"runs"
    assert opened("other").greeting["type"] == "websocket.accept"


REFUSED = {"type": "websocket.close", "code": websocket_push.CLOSE_REFUSED, "reason": ""}


def test_tokens_that_nobody_was_given_hold_nothing(opened: Any, living: set[str]) -> None:
    for nobodys in ("junk", "", "mine2", "MINE"):
        if nobodys:
            assert opened(nobodys).greeting == REFUSED and not websocket_push.push_message(nobodys, b"runs")
    living.remove("other")
    assert opened("other").greeting == REFUSED, "its session is gone"
    assert (
        not websocket_push.socket_counts
        and not websocket_push.sockets_by_token
        and [*session_existence_tokens.session_by_token] == ["mine"]
    )


OURS = [
    {},  # no browser
    {"origin": "http://lab.example"},
    {"origin": "https://lab.example", "x_forwarded_proto": "https"},
    {"origin": "https://LAB.example:443"},
    {"origin": "http://lab.example:8501", "host": "lab.example:8501"},
    {"origin": "https://lab.example", "host": "10.0.0.7:8501", "x_forwarded_host": "lab.example"},
    {"origin": "https://lab.example", "host": "inner:8501", "x_forwarded_host": "lab.example, gate.example"},
    {"origin": "http://[::1]:8501", "host": "[::1]:8501"},
]
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "https://lab.example.evil.example"},
    {"origin": "https://evil.example/lab.example"},
    {"origin": "https://lab.example@evil.example"},
    {"origin": "https://lab.example:8443"},
    {"origin": "http://lab.example:8501", "host": "lab.example:8502"},
    {"origin": "null"},  # a sandboxed frame, a file
    {"origin": ""},
    {"origin": "https://[lab.example"},
    {"origin": "https://lab.example:port"},
    {"origin": "http://localhost:8501"},
]


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_page_of_this_server_is_let_in(opened: Any, headers: dict[str, str]) -> None:
    assert opened("mine", **headers).greeting["type"] == "websocket.accept"


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_origin_is_not(opened: Any, headers: dict[str, str]) -> None:
    assert opened("mine", **headers).greeting == REFUSED


def test_a_closed_server_is_nobody() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    websocket_push.sockets_by_token["gone"] = websocket_push.OpenSocket(loop, asyncio.Queue())
    try:
        assert not websocket_push.push_message("gone", b"runs")
    finally:
        del websocket_push.sockets_by_token["gone"]


def deliver() -> None:
    import streamlit as st  # noqa: PLC0415 - it is run as a script of its own

    from app.browser.run_delivery import abandon_feed, deliver_runs, get_feed_token  # noqa: PLC0415

    runs = st.session_state.runs
    if st.session_state.pop("missed", False):
        abandon_feed("race")
    st.session_state.token = get_feed_token("race")
    st.session_state.carried = deliver_runs("race", runs, use_feed=st.session_state.get("by_feed", True))


def delivering(page: AppTest, runs: bytes, **state: Any) -> bytes | dict[str, str]:
    page.session_state["runs"] = runs
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page.session_state["carried"]


def test_streamlit_carries_the_runs_until_the_feed_does_and_again_when_some_are_missed(opened: Any) -> None:
    page = AppTest.from_function(deliver)
    assert delivering(page, b"first") == b"first"
    first = page.session_state["token"]
    listener = opened(first)
    assert delivering(page, b"first") == b"first", "what is there already is not sent again"
    carried = delivering(page, b"second")
    assert isinstance(carried, dict) and carried["id"] == "race"
    assert listener.hears()["bytes"] == carried["digest"].encode() + b"second"
    assert len(carried["digest"]) == DIGEST_LENGTH
    assert delivering(page, b"second") == carried and listener.heard.empty()
    assert delivering(page, b"elsewhere", by_feed=False) == b"elsewhere", "with another stage, and not before it"
    assert listener.heard.empty()
    assert isinstance(delivering(page, b"second", by_feed=True), dict) and listener.hears()["bytes"]
    assert delivering(page, b"second", missed=True) == b"second"
    assert page.session_state["token"] != first, "a way that lost something is not taken again"
    listener.goes()
    assert delivering(page, b"third") == b"third"


def test_each_session_has_a_token_of_its_own_that_cannot_be_guessed() -> None:
    tokens = set()
    for _ in range(3):
        page = AppTest.from_function(deliver)
        delivering(page, b"runs")
        tokens.add(page.session_state["token"])
    assert len(tokens) == 3 and all(len(token) >= 22 for token in tokens)  # 16 bytes in base64
