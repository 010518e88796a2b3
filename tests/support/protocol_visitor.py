"""A visitor without a browser: speaks Streamlit's protocol on its websocket, and takes the runs from the feed."""

import asyncio
from contextlib import suppress
from time import perf_counter
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.support.binary_messages import decode_binary_message

PATIENCE_SECONDS = 60
KEPT_RUNS = 30  # global.maxCachedMessageAge of .streamlit/config.toml: so long a browser keeps a message
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
# Compiled by a session that never made it to its end, a script is neither.
FAILED = ForwardMsg.FINISHED_WITH_COMPILE_ERROR
# What goes wrong for a visitor; anything else is a fault of this file.
TROUBLE = (OSError, TimeoutError, WebSocketException, RuntimeError)


class Visitor:
    """One tab: opens a page of the server at `address` and moves its sliders, as Streamlit's own frontend does."""

    def __init__(self, address: str, page: str = "", query: str = "") -> None:
        self.address, self.page, self.query = address.rstrip("/"), page, query
        self.sliders: dict[str, tuple[Slider, str]] = {}  # the widget's key -> the slider, the fragment it is in
        self.texts: dict[str, tuple[str, str]] = {}  # the widget's key -> its identity, its value
        self.cached: dict[str, tuple[ForwardMsg, int]] = {}  # a message's hash -> the message, the run that used it
        self.runs = 0
        self.exceptions: list[str] = []  # that the page shows
        self.pictures = 0  # that came by the feed
        self.feed_path = ""
        self.page_hash = ""
        self.hearing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.socket = await self.open("_stcore/stream", ["streamlit"])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.hearing:
            self.hearing.cancel()
            with suppress(asyncio.CancelledError, *TROUBLE):
                await self.hearing
        await self.socket.close()

    async def open(self, path: str, protocols: list[str] | None = None) -> ClientConnection:
        """A websocket of the server, from a page of its own origin."""
        origin = "/".join(self.address.split("/")[:3])  # without the prefix of the app
        asked = {"origin": origin, "subprotocols": protocols, "max_size": None, "proxy": None}
        return await connect(f"{self.address.replace('http', 'ws', 1)}/{path}", **asked)

    async def arrive(self) -> float:
        """Open the page; the seconds until it is whole."""
        return await self.run(ClientState(query_string=self.query, page_name=self.page))

    async def change(self, key: str, by: int = 1) -> float:
        """Move a slider by some stops, back and forth; the seconds until the last message of what follows."""
        slider, fragment = self.sliders[key]
        stop = slider.value[0] + by if slider.value[0] + by <= slider.max else slider.value[0] - by
        slider.value[:] = [stop]
        return await self.run(self.state(fragment))

    def state(self, fragment: str = "") -> ClientState:
        """What the browser says of itself with each request for a run."""
        state = ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=fragment)
        for slider, _ in self.sliders.values():
            said = state.widget_states.widgets.add(id=slider.id)
            if slider.options:
                said.string_array_value.data.append(slider.options[int(slider.value[0])])
            else:
                said.double_array_value.data.extend(slider.value)
        for identity, text in self.texts.values():
            state.widget_states.widgets.add(id=identity, string_value=text)
        return state

    async def run(self, state: ClientState) -> float:
        """Ask for a run and take all that it sends."""
        state.context_info.locale, state.context_info.timezone = "en-US", "UTC"
        state.context_info.url, state.context_info.color_scheme = f"{self.address}/{self.page}", "light"
        state.cached_message_hashes.extend(self.cached)
        begun = perf_counter()
        await self.send(BackMsg(rerun_script=state))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.take(await self.receive()):
                pass
        took = perf_counter() - begun
        self.forget()
        if self.feed_path and self.hearing is None:
            self.hearing = asyncio.create_task(self.hear(await self.open(self.feed_path)))
        return took

    async def send(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        return ForwardMsg.FromString(await self.socket.recv())

    def take(self, message: ForwardMsg) -> bool:
        """Keep what a message says; whether it was the last one of the run."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            if message.ref_hash not in self.cached:
                raise RuntimeError("the server names a message that this browser does not have")
            message = self.cached[message.ref_hash][0]
            kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.cached[message.hash] = (message, self.runs)
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.see(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            if message.script_finished == FAILED:
                raise RuntimeError("the page's script cannot be compiled")
            return message.script_finished in ENDED
        return False

    def see(self, element: Element, fragment: str) -> None:
        """Keep what is needed to speak of an element."""
        kind = element.WhichOneof("type")
        if kind == "slider":
            found = Slider()
            found.CopyFrom(element.slider)
            known = self.sliders.get(key_of(found.id))
            if not found.set_value:  # it stands where it stood
                found.value[:] = list(known[0].value if known else found.default)
            elif found.options:  # named by the words of its stop
                found.value[:] = [list(found.options).index(found.raw_value[0])]
            self.sliders[key_of(found.id)] = (found, fragment)
        elif kind == "text_input":
            text = element.text_input
            known_text = self.texts.get(key_of(text.id), ("", text.default))[1]
            self.texts[key_of(text.id)] = (text.id, text.value if text.set_value else known_text)
        elif kind == "exception":
            self.exceptions.append(element.exception.message)
        elif element.bidi_component.component_name == "descent_player" and element.bidi_component.bytes:
            # the runs; once they go by the feed there are none here
            self.feed_path = decode_binary_message(element.bidi_component.bytes)[0]["feed"]

    def forget(self) -> None:
        """Let go of the messages that no run has used for long."""
        self.runs += 1
        self.cached = {name: kept for name, kept in self.cached.items() if self.runs - kept[1] <= KEPT_RUNS}

    async def hear(self, feed: ClientConnection) -> None:
        """Count the pictures that come by the feed."""
        async with feed:
            async for _ in feed:
                self.pictures += 1


def key_of(identity: str) -> str:
    """The key that the app gave a widget, at the end of its identity: `$$ID-<hash>-<key>`."""
    return identity.rsplit("-", 1)[-1]
