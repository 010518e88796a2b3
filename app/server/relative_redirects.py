"""Redirects stay under whatever prefix a proxy adds: a proxy that strips it tells nobody what it was."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REDIRECT_STATUSES = range(300, 400)


class RelativeRedirects:
    """Says where an answer of this server leads relative to what was asked for: `/maps/` to `../maps`, not `/maps`.

    Streamlit takes the slash off an address by a path from the root, and Starlette adds one by a whole address of its
    own host and scheme. Behind a proxy that serves the app at `/descent/` both lead out of it; a relative address is
    right at every prefix, host and scheme.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = scope.get("raw_path") or scope["path"].encode()
        host = Headers(scope=scope).get("host", "")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in REDIRECT_STATUSES:
                headers = [
                    (name, make_relative(asked.decode("latin-1"), value.decode("latin-1"), host).encode("latin-1"))
                    if name.lower() == b"location"
                    else (name, value)
                    for name, value in message.get("headers", ())
                ]
                message = message | {"headers": headers}
            await send(message)

        await self.app(scope, receive, answer)


def make_relative(request_path: str, location: str, host: str) -> str:
    """The reference from the path `request_path` to `location`; the location itself on another server."""
    there = urlsplit(location)
    if there.netloc not in ("", host) or not there.path.startswith("/"):
        return location
    here, path = request_path.split("/")[:-1], there.path.split("/")
    same = 0
    while same < min(len(here), len(path) - 1) and here[same] == path[same]:
        same += 1
    steps = [".."] * (len(here) - same) + path[same:]
    reference = "/".join(steps)
    if not reference.startswith("../"):  # else "" would mean the same page, "a:b" another scheme, "//a" another host
        reference = f"./{reference}"
    return there._replace(scheme="", netloc="", path=reference).geturl()
