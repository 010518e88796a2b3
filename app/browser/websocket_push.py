"""A way of its own from the script to the player: what has been computed is there before Streamlit's page is rendered.

A message through Streamlit waits for the end of the run, for the next batch of messages and for React. A player
that is shown opens a websocket under a token that only its session knows; while it is open the runs take that way,
and Streamlit's message only names what went there. A player that did not get it says so and has it by Streamlit.

Only a page of this server is let in, and only under a token of a session that is there: who has none holds nothing.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from time import sleep
from typing import NamedTuple

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.server.request_origin import same_origin
from app.server.session_tokens import owner

MOST = 8  # open at once for one session; what comes then is served through Streamlit
LET_GO = 0.001  # seconds in which the loop may send; else it waits 5 ms for the interpreter's lock
TRY_LATER, REFUSED = 1013, 1008  # RFC 6455's registry of close codes


class Wire(NamedTuple):
    """The open websocket of one player; a message that was not sent before the next one came is dropped."""

    loop: asyncio.AbstractEventLoop
    waiting: asyncio.Queue[bytes]

    def put(self, message: bytes) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(message)


wires: dict[str, Wire] = {}  # token -> the websocket that was opened last under it
opened: Counter[str] = Counter()  # session -> its open websockets


def push(token: str, message: bytes) -> bool:
    """Send a message from any thread; False if nobody listens under this token."""
    wire = wires.get(token)
    if wire is None:
        return False
    try:
        wire.loop.call_soon_threadsafe(wire.put, message)
    except RuntimeError:  # the loop was closed with the server
        return False
    sleep(LET_GO)
    return True


async def listen(socket: WebSocket) -> None:
    """Send what is pushed under the token of the address until the browser goes; what it says is not read."""
    token = socket.path_params["token"]
    session = owner(token) if same_origin(socket.headers) else None
    if session is None:
        await socket.close(REFUSED)
        return
    if opened[session] >= MOST:
        await socket.close(TRY_LATER)
        return
    opened[session] += 1  # before anything is waited for
    try:
        await socket.accept()
        await serve(socket, token)
    finally:
        opened[session] -= 1
        if not opened[session]:
            del opened[session]


async def serve(socket: WebSocket, token: str) -> None:
    wire = Wire(asyncio.get_running_loop(), asyncio.Queue())
    wires[token] = wire
    sending = asyncio.create_task(send(socket, wire))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        sending.cancel()
        if wires.get(token) is wire:
            del wires[token]


async def send(socket: WebSocket, wire: Wire) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(await wire.waiting.get())


def feed_path(token: str) -> str:
    return f"player/feed/{token}"


def feed_route(base: str) -> WebSocketRoute:
    return WebSocketRoute(f"{base}/{feed_path('{token}')}", listen)
