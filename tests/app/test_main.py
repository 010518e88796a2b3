"""The app as served: security headers, the cached plotly.js, private metrics, and a fast first visit."""

import asyncio
import gc
import gzip
import re
import subprocess
import sys

import pytest

from app.browser.static_file_routes import make_routes
from app.main import SecurityHeadersMiddleware, app, lifespan
from app.server.loading_page import LoadingPage
from app.server.relative_redirects import RelativeRedirects
from app.server.streamlit_asset_compression import GzipCache
from app.server.streamlit_websocket_filter import WebSocketFilter
from app.server.upload_count_limit import UploadLimit
from tests.support.asgi_client import Client
from tests.support.server_and_browser import ROOT


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


@pytest.mark.parametrize(
    "header, part",
    [
        ("content-security-policy", "default-src 'self'"),
        ("content-security-policy", "object-src 'none'"),
        ("content-security-policy", "blob:"),  # components load their code from blobs
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
    ],
)
def test_every_answer_carries_the_security_headers(client: Client, header: str, part: str) -> None:
    for path in ("/", "/missing", make_routes()[0].path):
        assert part in client.get(path).headers[header]


def test_slides_may_embed_the_app(client: Client) -> None:
    """Also slides that are opened from a disk, which `frame-ancestors *` would exclude."""
    headers = client.get("/").headers
    assert "frame-ancestors" not in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_the_policy_names_no_other_host(client: Client) -> None:
    assert "//" not in client.get("/").headers["content-security-policy"]


def test_a_security_header_is_sent_once(client: Client) -> None:
    assert client.get("/").headers.getlist("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    "headers, has_hsts", [({}, False), ({"x-forwarded-proto": "https"}, True), ({"x-forwarded-proto": "http"}, False)]
)
def test_hsts_is_sent_over_https_only(client: Client, headers: dict[str, str], has_hsts: bool) -> None:
    assert ("strict-transport-security" in client.get("/", headers=headers).headers) is has_hsts


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/prefix/_stcore/metrics/"])
def test_the_servers_metrics_are_not_public(client: Client, path: str) -> None:
    assert client.get(path).status == 404


def test_plotly_is_served_compressed_and_cached(client: Client) -> None:
    path = next(route.path for route in make_routes() if "plotly" in route.path)
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert b"Plotly" in gzip.decompress(answer.body)
    assert b"Plotly" in client.get(path).body
    revalidation = {"accept-encoding": "gzip", "if-none-match": f'"other", W/{answer.headers["etag"]}'}
    assert client.get(path, headers=revalidation).status == 304
    plain = client.get(path, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers and plain.headers["etag"] != answer.headers["etag"]
    assert client.get(path, headers={"if-none-match": plain.headers["etag"]}).status == 304
    assert client.get(path, headers={"if-none-match": answer.headers["etag"]}).status == 200, (
        "the cached answer was compressed"
    )


def test_every_request_passes_all_middleware() -> None:
    classes = [middleware.cls for middleware in app._user_middleware]
    before = [SecurityHeadersMiddleware, RelativeRedirects, GzipCache]
    assert classes == [*before, LoadingPage, UploadLimit, WebSocketFilter]


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
AppTest.from_file("app/navigation.py").run(timeout=60)
print(*sorted(set(sys.modules) - before))
"""


def test_the_first_visitor_imports_next_to_nothing() -> None:
    """Modules that are imported later are scanned in every garbage collection: 340 of them took 30 ms per rerun."""
    run = subprocess.run([sys.executable, "-c", FIRST_VISIT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(run.stdout.split()) < 20, run.stdout


def test_no_style_uses_has() -> None:
    """See `app/style.css`: `:has()` makes Chromium examine a thousand elements after each change of the page."""
    for style in (ROOT / "app").rglob("*.css"):
        assert ":has(" not in re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL), style
