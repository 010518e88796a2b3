"""Filter the messages of browsers to Streamlit's websocket.

Streamlit treats a link with more than 1,000 parameters as an empty one, clears the caches of all visitors on any
visitor's request, and logs a whole traceback for a text message.
"""

import logging
from collections.abc import Callable, Collection
from urllib.parse import unquote_plus

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.state.query_params import (
    CLIENT_STATE_QUERY_STRING_MAX_FIELDS,
    CLIENT_STATE_QUERY_STRING_MAX_LENGTH,
)

STREAM_PATH = "/_stcore/stream"
OMITTED_PARAMETER = "left_out"  # the parameter with the number of those left out
MAX_PARSED_PARAMETERS = 100_000  # more are left out unread: a megabyte of them would block the event loop for 0.1 s
OMITTED_CHARACTERS = len(f"&{OMITTED_PARAMETER}=") + 8

log = logging.getLogger(__name__)


class WebSocketFilter:
    """Shortens links that are too long to the parameters in `get_known_names()`; drops requests to clear the caches."""

    def __init__(self, app: ASGIApp, get_known_names: Callable[[], Collection[str]]) -> None:
        self.app, self.get_known_names = app, get_known_names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" or not scope["path"].endswith(STREAM_PATH):
            await self.app(scope, receive, send)
            return

        async def receive_filtered() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if message.get("bytes") is None:
                    log.warning("closed a websocket on which text was sent")
                    return {"type": "websocket.disconnect", "code": 1003}
                if (data := self.filter_message(message["bytes"])) is not None:
                    return {**message, "bytes": data}

        await self.app(scope, receive_filtered, send)

    def filter_message(self, data: bytes) -> bytes | None:
        """The message to pass on to Streamlit; None to drop it."""
        try:
            message = BackMsg.FromString(data)
        except DecodeError:
            return data  # Streamlit closes the websocket
        if message.WhichOneof("type") == "clear_cache":
            log.warning("ignored a request to clear the caches of all visitors")
            return None
        if message.WhichOneof("type") == "rerun_script" and is_too_long(message.rerun_script.query_string):
            message.rerun_script.query_string = shorten_query(message.rerun_script.query_string, self.get_known_names())
            return message.SerializeToString()
        return data


def is_too_long(query: str) -> bool:
    """Whether Streamlit would treat this query as empty."""
    fields, length = query.count("&") + 1, len(query)
    return fields > CLIENT_STATE_QUERY_STRING_MAX_FIELDS or length > CLIENT_STATE_QUERY_STRING_MAX_LENGTH


def shorten_query(query: str, known_names: Collection[str]) -> str:
    """Keep as many of the parameters in `known_names` as fit, and add the number of all others."""
    fields = query.split("&", MAX_PARSED_PARAMETERS)
    count, kept, length = query.count("&") + 1, [], OMITTED_CHARACTERS
    for field in fields[:MAX_PARSED_PARAMETERS]:
        name = field.partition("=")[0]
        is_known = name in known_names or ("%" in name and unquote_plus(name) in known_names)
        fits = length + len(field) < CLIENT_STATE_QUERY_STRING_MAX_LENGTH
        if is_known and fits and len(kept) < CLIENT_STATE_QUERY_STRING_MAX_FIELDS - 1:
            kept.append(field)
            length += len(field) + 1
    return "&".join([*kept, f"{OMITTED_PARAMETER}={count - len(kept)}"])
