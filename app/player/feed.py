"""A way of its own from the script to the player: what has been computed is there before Streamlit's page is rendered.

A message through Streamlit waits for the end of the run, for the next batch of messages and for React. A player
that is shown opens a websocket under a token that only its session knows; while it is open the runs take that way,
and Streamlit's message only names what went there. A player that did not get it says so and has it by Streamlit.
"""

import asyncio
from contextlib import suppress
from time import sleep
from typing import NamedTuple

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

MOST = 2000  # open at once; whoever comes then is served through Streamlit
LET_GO = 0.001  # seconds in which the loop may send; else it waits 5 ms for the interpreter's lock
TRY_LATER = 1013  # RFC 6455's registry of close codes


class Wire(NamedTuple):
    """The open websocket of one player; a message that was not sent before the next one came is dropped."""

    loop: asyncio.AbstractEventLoop
    waiting: asyncio.Queue[bytes]

    def put(self, message: bytes) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(message)


wires: dict[str, Wire] = {}  # token -> the websocket that was opened last under it


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
    if len(wires) >= MOST:
        await socket.close(TRY_LATER)
        return
    await socket.accept()
    token, wire = socket.path_params["token"], Wire(asyncio.get_running_loop(), asyncio.Queue())
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
