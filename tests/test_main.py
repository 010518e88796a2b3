"""The app as served: headers on every answer, plotly.js for ever, nothing of the server's own for strangers."""

import asyncio
import gc
import gzip
from typing import NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from app.main import Guard, lifespan
from app.player.assets import routes


async def page(request: object) -> PlainTextResponse:
    return PlainTextResponse("a page", headers={"X-Content-Type-Options": "sniff"})


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Client:
    """The app's own routes and guard around a page of one line."""

    def __init__(self) -> None:
        paths = [Route(path, page) for path in ("/", "/_stcore/metrics", "/prefix/_stcore/metrics/")]
        self.app = Starlette(routes=[*routes(), *paths], middleware=[Middleware(Guard)])

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        sent = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": sent, "scheme": "http", "server": ("test", 80),
        }  # fmt: skip
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        asyncio.run(self.app(scope, receive, send))
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), body)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


@pytest.mark.parametrize(
    "header, part",
    [
        ("content-security-policy", "default-src 'self'"),
        ("content-security-policy", "object-src 'none'"),
        ("content-security-policy", "frame-ancestors *"),  # slides may embed it
        ("content-security-policy", "blob:"),  # components load their code so
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
    ],
)
def test_every_answer_carries_the_security_headers(client: Client, header: str, part: str) -> None:
    for path in ("/", "/missing", routes()[0].path):
        assert part in client.get(path).headers[header]


def test_the_policy_names_no_other_host(client: Client) -> None:
    assert "//" not in client.get("/").headers["content-security-policy"]


def test_a_header_of_ours_is_sent_once(client: Client) -> None:
    assert client.get("/").headers.getlist("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    "sent, kept", [({}, False), ({"x-forwarded-proto": "https"}, True), ({"x-forwarded-proto": "http"}, False)]
)
def test_only_a_visitor_over_https_is_told_to_stay_there(client: Client, sent: dict[str, str], kept: bool) -> None:
    assert ("strict-transport-security" in client.get("/", headers=sent).headers) is kept


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/prefix/_stcore/metrics/"])
def test_the_servers_figures_are_not_public(client: Client, path: str) -> None:
    assert client.get(path).status == 404


def test_plotly_is_served_compressed_for_ever_and_not_twice(client: Client) -> None:
    path = next(route.path for route in routes() if "plotly" in route.path)
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert b"Plotly" in gzip.decompress(answer.body)
    assert b"Plotly" in client.get(path).body
    assert client.get(path, headers={"if-none-match": answer.headers["etag"]}).status == 304


def test_garbage_is_collected_and_frozen_before_the_first_visitor() -> None:
    async def start() -> int:
        async with lifespan(None):  # type: ignore[arg-type]
            return gc.get_freeze_count()

    try:
        assert asyncio.run(start()) > 10_000
    finally:
        gc.unfreeze()
