"""Streamlit's scripts and styles, compressed once and kept: as it sends them they are three times as long."""

import gzip
from collections import OrderedDict
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = 512  # answers; Streamlit has some 200 such files
KINDS = (".js", ".css")


class Squeezed(NamedTuple):
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Squeeze:
    """Answers for static scripts and styles are gzipped the first time they are asked for, and kept by their path.

    Their names hold a hash of their content, so that what is kept is never out of date. An answer that broke off is
    not kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: OrderedDict[str, Squeezed] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not wanted(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self.kept:
            messages: list[Message] = []

            async def keep(message: Message) -> None:
                messages.append(message)

            await self.app(scope, receive, keep)
            if not is_whole(messages):
                for message in messages:
                    await send(message)
                return
            start, body = messages[0], b"".join(message.get("body", b"") for message in messages[1:])
            self.kept[path] = squeezed(start["headers"], body)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        headers, body = self.kept[path]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def wanted(scope: Scope) -> bool:
    """Whether this asks for the whole of a static script or style, and may be answered with gzip."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = dict(scope["headers"])
    static = "/static/" in scope["path"] and scope["path"].endswith(KINDS)
    conditional = b"range" in headers or b"if-none-match" in headers or b"if-modified-since" in headers
    return static and not conditional and b"gzip" in headers.get(b"accept-encoding", b"")


def is_whole(messages: list[Message]) -> bool:
    """Whether this is a file as it is, to its end: to a visitor who leaves while it is read, only a part is sent."""
    if not messages or messages[0]["status"] != 200:
        return False
    headers = dict(messages[0]["headers"])
    length = sum(len(message.get("body", b"")) for message in messages[1:])
    ended = not messages[-1].get("more_body", False) and len(messages) > 1
    return ended and b"content-encoding" not in headers and int(headers.get(b"content-length", length)) == length


def squeezed(headers: list[tuple[bytes, bytes]], body: bytes) -> Squeezed:
    small = gzip.compress(body, 9, mtime=0)
    changed = {b"content-length": str(len(small)).encode(), b"content-encoding": b"gzip", b"vary": b"Accept-Encoding"}
    kept = [(name, value) for name, value in headers if name.lower() not in {*changed, b"accept-ranges"}]
    return Squeezed([*kept, *changed.items()], small)
