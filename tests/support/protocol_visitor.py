"""A visitor without a browser: speaks Streamlit's protocol on its websocket, and receives runs on the player's."""

import asyncio
import json
from contextlib import suppress
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import WebSocketException

from tests.support.binary_messages import decode_binary_message

PATIENCE_SECONDS = 60
KEPT_RUNS = 30  # for which a browser keeps a message: global.maxCachedMessageAge of .streamlit/config.toml
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
# A script that a session has compiled but never finished is neither.
FAILED = ForwardMsg.FINISHED_WITH_COMPILE_ERROR
# Errors that a visitor may meet; any other one is a mistake in this file.
TROUBLE = (OSError, TimeoutError, WebSocketException, RuntimeError)


class Component(NamedTuple):
    """A component of the page, and its last message."""

    identity: str
    fragment: str  # that it is in
    message: bytes


class Visitor:
    """One tab: opens a page of the server at `address` and moves its sliders, as Streamlit's own frontend does."""

    def __init__(self, address: str, page: str = "", query: str = "") -> None:
        self.address, self.page, self.query = address.rstrip("/"), page, query
        self.sliders: dict[str, tuple[Slider, str]] = {}  # the widget's key -> the slider, the fragment it is in
        self.texts: dict[str, tuple[str, str]] = {}  # the widget's key -> its identity, its value
        self.components: dict[str, Component] = {}  # by name; those with a binary message
        self.told: dict[str, str] = {}  # a component's identity -> what the browser has told the server in it
        self.questions = 0
        self.cached: dict[str, tuple[ForwardMsg, int]] = {}  # a message's hash -> the message, the run that used it
        self.runs = 0
        self.exceptions: list[str] = []  # that the page shows
        self.pictures = 0  # that came by the feed
        self.feed_path = ""
        self.page_hash = ""
        self.feed_task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.socket = await self.connect("_stcore/stream", ["streamlit"])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.feed_task:
            self.feed_task.cancel()
            with suppress(asyncio.CancelledError, *TROUBLE):
                await self.feed_task
        await self.socket.close()

    async def connect(self, path: str, protocols: list[str] | None = None) -> ClientConnection:
        """A websocket of the server, from a page of its own origin."""
        origin = "/".join(self.address.split("/")[:3])  # without the prefix of the app
        options = {"origin": origin, "subprotocols": protocols, "max_size": None, "proxy": None}
        return await connect_websocket(f"{self.address.replace('http', 'ws', 1)}/{path}", **options)

    async def open_page(self) -> float:
        """Open the page; return the seconds until it is complete."""
        return await self.run(ClientState(query_string=self.query, page_name=self.page))

    async def move_slider(self, key: str, by: int = 1) -> float:
        """Move a slider by some stops, back and forth; return the seconds until the last message of the run."""
        slider, fragment = self.sliders[key]
        stop = slider.value[0] + by if slider.value[0] + by <= slider.max else slider.value[0] - by
        slider.value[:] = [stop]
        return await self.run(self.make_client_state(fragment))

    async def ask_for_news(self, name: str, told_by: str) -> bool:
        """Ask for news of the job that a component shows and another one tells of; return whether there are any."""
        identity, fragment, _ = self.components[name]
        before, header = self.components[told_by].message, self.read_header(told_by)
        self.questions += 1
        asked = {"job_id": header["job_id"], "seen": header["number"], "n": self.questions}
        self.told[identity] = json.dumps({"asked": asked})
        await self.run(self.make_client_state(fragment))
        return self.components[told_by].message != before

    def read_header(self, name: str) -> dict[str, Any]:
        """The header of the last message of a component."""
        return decode_binary_message(self.components[name].message)[0]

    def make_client_state(self, fragment: str = "") -> ClientState:
        """The state of the browser that it sends with each request for a run."""
        state = ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=fragment)
        for slider, _ in self.sliders.values():
            widget = state.widget_states.widgets.add(id=slider.id)
            if slider.options:
                widget.string_array_value.data.append(slider.options[int(slider.value[0])])
            else:
                widget.double_array_value.data.extend(slider.value)
        for identity, text in self.texts.values():
            state.widget_states.widgets.add(id=identity, string_value=text)
        for identity, told in self.told.items():
            state.widget_states.widgets.add(id=identity, json_value=told)
        return state

    async def run(self, state: ClientState) -> float:
        """Request a run and handle all its messages; return the seconds that it took."""
        state.context_info.locale, state.context_info.timezone = "en-US", "UTC"
        state.context_info.url, state.context_info.color_scheme = f"{self.address}/{self.page}", "light"
        state.cached_message_hashes.extend(self.cached)
        start = perf_counter()
        await self.send(BackMsg(rerun_script=state))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.handle_message(await self.receive()):
                pass
        seconds = perf_counter() - start
        self.drop_old_messages()
        if self.feed_path and self.feed_task is None:
            self.feed_task = asyncio.create_task(self.count_pictures(await self.connect(self.feed_path)))
        return seconds

    async def send(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        return ForwardMsg.FromString(await self.socket.recv())

    def handle_message(self, message: ForwardMsg) -> bool:
        """Record the content of a message; return whether it was the last one of the run."""
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
            self.record_element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            if message.script_finished == FAILED:
                raise RuntimeError("the page's script cannot be compiled")
            return message.script_finished in ENDED
        return False

    def record_element(self, element: Element, fragment: str) -> None:
        """Record what a later request needs of an element."""
        kind = element.WhichOneof("type")
        if kind == "slider":
            slider = Slider()
            slider.CopyFrom(element.slider)
            known_slider = self.sliders.get(get_widget_key(slider.id))
            if not slider.set_value:  # it stands where it stood
                slider.value[:] = list(known_slider[0].value if known_slider else slider.default)
            elif slider.options:  # named by the words of its stop
                slider.value[:] = [list(slider.options).index(slider.raw_value[0])]
            self.sliders[get_widget_key(slider.id)] = (slider, fragment)
        elif kind == "text_input":
            text = element.text_input
            known_text = self.texts.get(get_widget_key(text.id), ("", text.default))[1]
            self.texts[get_widget_key(text.id)] = (text.id, text.value if text.set_value else known_text)
        elif kind == "exception":
            self.exceptions.append(element.exception.message)
        elif element.bidi_component.bytes:
            component = element.bidi_component
            self.components[component.component_name] = Component(component.id, fragment, component.bytes)
            if component.component_name == "descent_player":  # the runs; once they go by the feed there are none here
                self.feed_path = self.read_header("descent_player")["feed"]

    def drop_old_messages(self) -> None:
        """Drop the cached messages that no run has used for `KEPT_RUNS` runs."""
        self.runs += 1
        self.cached = {name: entry for name, entry in self.cached.items() if self.runs - entry[1] <= KEPT_RUNS}

    async def count_pictures(self, feed: ClientConnection) -> None:
        """Count the pictures that arrive on the feed."""
        async with feed:
            async for _ in feed:
                self.pictures += 1


def get_widget_key(identity: str) -> str:
    """The key that the app gave a widget, at the end of its identity: `$$ID-<hash>-<key>`."""
    return identity.rsplit("-", 1)[-1]
