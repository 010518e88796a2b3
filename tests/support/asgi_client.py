"""Send requests to an ASGI app without a server, and get status, headers and body of the responses."""

import asyncio
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from app.browser.static_file_routes import make_routes
from app.main import SecurityHeadersMiddleware


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


def request(app: ASGIApp, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    return asyncio.run(request_async(app, path, headers, method))


async def request_async(app: ASGIApp, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    """The response to one request; like uvicorn, drop the body of a response to HEAD."""
    path, _, query = path.partition("?")
    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": sent, "scheme": "http", "server": ("test", 80),
    }  # fmt: skip
    messages: list[Message] = []
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()  # the client stays
        return waiting.pop()

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), b"" if method == "HEAD" else body)


async def one_line_page(request: object) -> PlainTextResponse:
    return PlainTextResponse("a page", headers={"X-Content-Type-Options": "sniff"})


class Client:
    """The app's own routes and security headers around a page of one line."""

    def __init__(self) -> None:
        paths = [Route(path, one_line_page) for path in ("/", "/_stcore/metrics", "/prefix/_stcore/metrics/")]
        self.app = Starlette(routes=[*make_routes(), *paths], middleware=[Middleware(SecurityHeadersMiddleware)])

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return request(self.app, path, headers)
