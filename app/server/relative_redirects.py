"""Make redirects relative, so that they stay under any prefix that a proxy strips from the path."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REDIRECT_STATUSES = range(300, 400)


class RelativeRedirects:
    """Rewrites the location of a redirect relative to the requested path: from `/maps/` to `../maps`, not `/maps`.

    Streamlit removes a trailing slash by redirecting to a path from the root, and Starlette adds one by redirecting to
    a whole URL with its own host and scheme. Behind a proxy that serves the app at `/descent/` both lead out of the
    app; a relative location is right under every prefix, host and scheme.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        host = Headers(scope=scope).get("host", "")

        async def send_relative(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in REDIRECT_STATUSES:
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                if "location" in headers:
                    headers["location"] = make_relative(request_path, headers["location"], host)
                message = message | {"headers": headers.raw}
            await send(message)

        await self.app(scope, receive, send_relative)


def make_relative(request_path: str, location: str, host: str) -> str:
    """The reference from `request_path` to `location`; the location unchanged if it is on another server."""
    url = urlsplit(location)
    if url.netloc not in ("", host) or not url.path.startswith("/"):
        return location
    folders, target = request_path.split("/")[:-1], url.path.split("/")
    shared = 0
    while shared < min(len(folders), len(target) - 1) and folders[shared] == target[shared]:
        shared += 1
    reference = "/".join([".."] * (len(folders) - shared) + target[shared:])
    if not reference.startswith("../"):  # "" would mean the same page, "a:b" another scheme, "//a" another host
        reference = f"./{reference}"
    return url._replace(scheme="", netloc="", path=reference).geturl()
