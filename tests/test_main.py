"""The app as served: headers on every answer, plotly.js for ever, nothing of the server's own for strangers."""

import asyncio
import gc
import gzip
import re
import subprocess
import sys
from typing import NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from app.main import Guard, lifespan
from app.player.assets import routes
from app.squeeze import KEPT, Squeeze
from tests.serving import ROOT

SCRIPT = b"let a = 1;" * 500


async def page(request: object) -> PlainTextResponse:
    return PlainTextResponse("a page", headers={"X-Content-Type-Options": "sniff"})


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Client:
    """The app's own routes and guard around a page of one line."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        script = Route("/static/js/{name}", self.script)
        paths = [script, *(Route(path, page) for path in ("/", "/_stcore/metrics", "/prefix/_stcore/metrics/"))]
        self.app = Starlette(routes=[*routes(), *paths], middleware=[Middleware(Guard), Middleware(Squeeze)])

    async def script(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if "missing" in request.url.path:
            return PlainTextResponse("no", status_code=404)
        return Response(
            SCRIPT, headers={"Cache-Control": "public, immutable", "ETag": "x"}, media_type="text/javascript"
        )

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
        ("content-security-policy", "blob:"),  # components load their code so
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
    ],
)
def test_every_answer_carries_the_security_headers(client: Client, header: str, part: str) -> None:
    for path in ("/", "/missing", routes()[0].path):
        assert part in client.get(path).headers[header]


def test_slides_may_embed_it(client: Client) -> None:
    """Also those that are opened from a disk, whom `frame-ancestors *` would shut out."""
    headers = client.get("/").headers
    assert "frame-ancestors" not in headers["content-security-policy"]
    assert "x-frame-options" not in headers


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


FIRST_VISIT = """
import asyncio, sys
from streamlit.testing.v1 import AppTest
from app.main import lifespan

async def start():
    async with lifespan(None):
        return set(sys.modules)

before = asyncio.run(start())
AppTest.from_file("app/home.py").run(timeout=60)
print(*sorted(set(sys.modules) - before))
"""


def test_the_first_visitor_imports_next_to_nothing() -> None:
    """What is imported later is looked at by every collection of garbage, after each rerun: 340 modules took 30 ms."""
    run = subprocess.run([sys.executable, "-c", FIRST_VISIT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(run.stdout.split()) < 20, run.stdout


def test_no_style_looks_at_what_is_inside() -> None:
    """See `app/style.css`: `:has()` makes Chromium look at a thousand elements after each change of the page."""
    for style in (ROOT / "app").rglob("*.css"):
        assert ":has(" not in re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL), style


def test_streamlits_scripts_are_compressed_once_and_keep_their_headers(client: Client) -> None:
    client.asked.clear()
    for _ in range(2):
        answer = client.get("/static/js/a.js", {"accept-encoding": "gzip, br"})
        assert gzip.decompress(answer.body) == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(answer.body) < len(SCRIPT)
        assert answer.headers["etag"] == "x" and "immutable" in answer.headers["cache-control"]
        assert "content-security-policy" in answer.headers
    assert client.asked == ["/static/js/a.js"]


@pytest.mark.parametrize(
    "path, headers",
    [
        ("/static/js/b.js", {}),
        ("/static/js/b.js", {"accept-encoding": "br"}),
        ("/static/js/b.js", {"accept-encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/b.js", {"accept-encoding": "gzip", "if-none-match": "x"}),
        ("/static/js/b.woff2", {"accept-encoding": "gzip"}),
        ("/static/js/missing.js", {"accept-encoding": "gzip"}),
        ("/", {"accept-encoding": "gzip"}),
    ],
)
def test_everything_else_is_passed_on_as_it_is(client: Client, path: str, headers: dict[str, str]) -> None:
    answer = client.get(path, headers)
    assert "content-encoding" not in answer.headers
    assert answer.status == (404 if "missing" in path else 200)


def test_what_is_kept_is_bounded(client: Client) -> None:
    for i in range(KEPT + 3):
        client.get(f"/static/js/{i}.js", {"accept-encoding": "gzip"})
    client.asked.clear()
    for i in (0, KEPT + 2):
        client.get(f"/static/js/{i}.js", {"accept-encoding": "gzip"})
    assert client.asked == ["/static/js/0.js"]


@pytest.mark.parametrize("parts", [[], [(b"", False)], [(SCRIPT[:40], True)], [(SCRIPT[:40], False)]])
def test_an_answer_that_broke_off_is_not_kept(parts: list[tuple[bytes, bool]]) -> None:
    """One who leaves while a script is read does not spoil it for all others, as was seen on a busy machine."""
    answers = [parts, [(SCRIPT, False)]]

    async def files(scope: Scope, receive: Receive, send: Send) -> None:
        length = (b"content-length", str(len(SCRIPT)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for body, more in answers.pop(0):
            await send({"type": "http.response.body", "body": body, "more_body": more})

    client = Client()
    client.app = Squeeze(files)
    client.get("/static/js/x.js", {"accept-encoding": "gzip"})
    assert gzip.decompress(client.get("/static/js/x.js", {"accept-encoding": "gzip"}).body) == SCRIPT
