"""Push runs from the script to the player by a websocket, so that they arrive before Streamlit's page is rendered.

A message through Streamlit waits for the end of the run, for the next batch of messages and for React. A player
that is shown opens a websocket under a token that only its session knows; while it is open the runs take that way,
and Streamlit's message has only their digest. A player that did not receive them reports it, and they are sent through
Streamlit.

From the browser only questions about the landscape come this way (`app.browser.landscape_questions`).

A connection is accepted only from a page of this server, with the token of a session that exists.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from time import sleep
from typing import NamedTuple

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.browser.landscape_questions import QuestionQueue
from app.server.https_and_same_origin import is_same_origin
from app.server.session_existence_tokens import find_session, subject_by_token

MAX_SOCKETS_PER_SESSION = 8  # open at once for one session; what comes then is served through Streamlit
YIELD_SECONDS = 0.001  # seconds in which the loop may send; else it waits 5 ms for the interpreter's lock
CLOSE_TRY_LATER, CLOSE_REFUSED = 1013, 1008  # RFC 6455's registry of close codes


class OpenSocket(NamedTuple):
    """The open websocket of one player; a message that was not sent before the next one came is dropped."""

    loop: asyncio.AbstractEventLoop
    pending: asyncio.Queue[bytes]

    def replace_pending(self, message: bytes) -> None:
        while not self.pending.empty():
            self.pending.get_nowait()
        self.pending.put_nowait(message)


sockets_by_token: dict[str, OpenSocket] = {}  # token -> the websocket that was opened last under it
socket_counts: Counter[str] = Counter()  # session -> its open websockets


def push_message(token: str, message: bytes) -> bool:
    """Send a message from any thread; False if no websocket is open under this token."""
    wire = sockets_by_token.get(token)
    if wire is None:
        return False
    try:
        wire.loop.call_soon_threadsafe(wire.replace_pending, message)
    except RuntimeError:  # the loop was closed with the server
        return False
    sleep(YIELD_SECONDS)
    return True


async def handle_socket(socket: WebSocket) -> None:
    """Send what is pushed under the token of the address, and answer questions, until the browser disconnects."""
    token = socket.path_params["token"]
    session = find_session(token) if is_same_origin(socket.headers) else None
    if session is None:
        await socket.close(CLOSE_REFUSED)
        return
    if socket_counts[session] >= MAX_SOCKETS_PER_SESSION:
        await socket.close(CLOSE_TRY_LATER)
        return
    socket_counts[session] += 1  # before anything is waited for
    try:
        await socket.accept()
        await serve_socket(socket, token)
    finally:
        socket_counts[session] -= 1
        if not socket_counts[session]:
            del socket_counts[session]


async def serve_socket(socket: WebSocket, token: str) -> None:
    wire = OpenSocket(asyncio.get_running_loop(), asyncio.Queue())
    sockets_by_token[token] = wire
    questions = QuestionQueue(lambda: subject_by_token.get(token), socket.send_text)
    tasks = [asyncio.create_task(task) for task in (send_pending(socket, wire), answer_questions(questions))]
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            questions.put(message.get("text"))
    finally:
        for task in tasks:
            task.cancel()
        if sockets_by_token.get(token) is wire:
            del sockets_by_token[token]


async def send_pending(socket: WebSocket, wire: OpenSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(await wire.pending.get())


async def answer_questions(questions: QuestionQueue) -> None:
    with suppress(WebSocketDisconnect):
        await questions.answer_all()


def feed_path(token: str) -> str:
    return f"player/feed/{token}"


def feed_route(base: str) -> WebSocketRoute:
    return WebSocketRoute(f"{base}/{feed_path('{token}')}", handle_socket)
