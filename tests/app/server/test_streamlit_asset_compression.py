"""Streamlit's scripts are served compressed, each compressed once, and only files that exist are cached."""

import asyncio
import gzip
from pathlib import Path
from threading import Event, Thread

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from streamlit import config, file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from app.server import streamlit_asset_compression
from app.server.accept_encoding_and_etag_matching import accepts_gzip, matches_etag
from app.server.streamlit_asset_compression import GzipCache, list_static_files
from tests.support.asgi_client import request, request_async

SCRIPT = b"let a = 1;" * 500
GZIP = {"accept-encoding": "gzip, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like that of Streamlit's static files."""
    (tmp_path / "index.html").write_bytes(b"<html>")
    for name in ("js/a.js", "js/b.js", "css/a.css", "media/a.woff2"):
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(SCRIPT)
    (tmp_path / "outside.js").write_bytes(SCRIPT)
    return tmp_path


@pytest.fixture
def app(folder: Path) -> GzipCache:
    return GzipCache(create_streamlit_static_handler(str(folder), None), folder)


@pytest.mark.parametrize("path", ["/static/js/a.js", "/static/css/a.css"])
def test_a_script_is_compressed_and_keeps_its_headers(app: GzipCache, path: str) -> None:
    for _ in range(2):
        answer = request(app, path, GZIP)
        assert gzip.decompress(answer.body) == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(answer.body) < len(SCRIPT)
        assert answer.headers["cache-control"] == request(app, path).headers["cache-control"]
        assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "text/css")
        assert answer.headers.getlist("vary") == ["Accept-Encoding"]
    assert list(app.cache) == [path]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/static/{'./' * n}js/a.js" for n in range(1, 4)),
        *(f"/static/js/{n}.js" for n in range(4)),
        "/static//js/a.js",
        "//static/js/a.js",
        "/static/js/../js/a.js",
        "/static/js/a.js/",
        "/static/JS/a.js",
        "/static/js/%61.js",
        "/x/static/js/a.js",
        "/outside.js",
        "/static/media/a.woff2",
        "/static/js",
        "/",
    ],
)
def test_only_files_at_their_own_addresses_are_cached(app: GzipCache, path: str) -> None:
    assert "content-encoding" not in request(app, path, GZIP).headers
    assert not app.cache


def test_the_files_are_those_of_streamlit(folder: Path) -> None:
    assert list(list_static_files(folder)) == ["/static/css/a.css", "/static/js/a.js", "/static/js/b.js"]
    files = list_static_files(Path(file_util.get_static_dir()))
    assert len(files) > 100 and all(file.is_file() for file in files.values())
    assert sum(file.stat().st_size for file in files.values()) < 60e6, "compressed, a third of it stays in memory"


def test_files_are_found_under_the_prefix_of_the_app(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: "/descent/")
    assert "/descent/static/js/a.js" in list_static_files(folder)


def test_files_are_found_in_an_app_mounted_in_another(app: GzipCache) -> None:
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "root_path": "/descent"}, receive, send)

    assert request(mounted, "/descent/static/js/a.js", GZIP).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "header, accepted",
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip", True),
        ("gzip;q=0.1", True),
        ("gzip; q=1.0, identity; q=0.5", True),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("*", True),
        ("*;q=0.3", True),
        ("br;q=1, *;q=0.1", True),
        ("gzip;level=9", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip ; Q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("gzip;q=nonsense", False),
        ("gzip;q=2", False),
        ("gzip;q=-1", False),
        ("gzip;q=nan", False),
        ("notgzip", False),
        ("gzipped", False),
        (",;,=", False),
    ],
)
def test_accept_encoding_is_understood(app: GzipCache, header: str, accepted: bool) -> None:
    assert accepts_gzip(Headers({"accept-encoding": header})) is accepted
    answer = request(app, "/static/js/a.js", {"accept-encoding": header})
    assert ("content-encoding" in answer.headers) is accepted and answer.status == 200
    assert (gzip.decompress(answer.body) if accepted else answer.body) == SCRIPT
    assert answer.headers["vary"] == "Accept-Encoding"


def test_two_headers_are_one_list() -> None:
    assert not accepts_gzip(Headers(raw=[(b"accept-encoding", b"gzip;q=0"), (b"accept-encoding", b"br")]))
    assert accepts_gzip(Headers(raw=[(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")]))


@pytest.mark.parametrize("header, gzipped", [("gzip", True), ("gzip;q=0", False), ("*", True), ("br", False)])
def test_starlettes_own_compression_follows_the_header_too(folder: Path, header: str, gzipped: bool) -> None:
    """Starlette alone compresses if "gzip" occurs anywhere in the header."""

    async def page(request: object) -> PlainTextResponse:
        return PlainTextResponse("a" * 5000)

    layers = [Middleware(GzipCache, folder=folder), Middleware(GZipMiddleware)]
    answer = request(Starlette(routes=[Route("/maps", page)], middleware=layers), "/maps", {"accept-encoding": header})
    assert ("content-encoding" in answer.headers) is gzipped


def test_a_head_has_the_headers_of_a_get(app: GzipCache) -> None:
    got, head = (request(app, "/static/js/a.js", GZIP, method) for method in ("GET", "HEAD"))
    assert (head.status, dict(head.headers), head.body) == (200, dict(got.headers), b"")


def test_a_cached_file_is_not_sent_again(app: GzipCache) -> None:
    small, plain = (request(app, "/static/js/a.js", headers) for headers in (GZIP, {}))
    assert small.headers["etag"] != plain.headers["etag"], "they are not the same bytes"
    for tag in (small.headers["etag"], f'"other", W/{small.headers["etag"]}', "*"):
        again = request(app, "/static/js/a.js", GZIP | {"if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == small.headers["etag"] and again.headers["vary"] == "Accept-Encoding"
    assert request(app, "/static/js/a.js", GZIP | {"if-none-match": '"other"'}).status == 200
    assert request(app, "/static/js/a.js", {"if-none-match": plain.headers["etag"]}).status == 304
    since = {"if-modified-since": plain.headers["last-modified"]}
    assert request(app, "/static/js/a.js", GZIP | since).status == 304
    assert request(app, "/static/js/a.js", GZIP | since | {"if-none-match": '"other"'}).status == 200
    assert not matches_etag(Headers({}), '"a"') and not matches_etag(Headers({"if-none-match": ""}), '"a"')


def test_a_range_is_of_the_uncompressed_file(app: GzipCache) -> None:
    part = request(app, "/static/js/a.js", GZIP | {"range": "bytes=0-9"})
    assert (part.status, part.body) == (206, SCRIPT[:10])
    assert "content-encoding" not in part.headers and part.headers["vary"] == "Accept-Encoding"


def test_other_methods_are_passed_on(app: GzipCache) -> None:
    with pytest.raises(HTTPException, match="405"):
        request(app, "/static/js/a.js", GZIP, "POST")


def test_a_missing_file_is_passed_on_and_found_again_later(app: GzipCache, folder: Path) -> None:
    file = folder / "static" / "js" / "a.js"
    file.unlink()
    assert "content-encoding" not in request(app, "/static/js/a.js", GZIP).headers
    file.write_bytes(SCRIPT)
    assert request(app, "/static/js/a.js", GZIP).headers["content-encoding"] == "gzip"


def test_a_file_is_compressed_once_in_a_thread_and_survives_a_cancelled_request(
    app: GzipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed, go_on, compress = [], Event(), streamlit_asset_compression.compress_file

    def compress_slowly(file: Path) -> streamlit_asset_compression.CompressedFile:
        compressed.append(file)
        assert go_on.wait(30)
        return compress(file)

    monkeypatch.setattr(streamlit_asset_compression, "compress_file", compress_slowly)

    async def request_many() -> list[bytes]:
        requests = [asyncio.create_task(request_async(app, "/static/js/a.js", GZIP)) for _ in range(5)]
        async with asyncio.timeout(30):
            while not compressed:
                await asyncio.sleep(0)
        requests[0].cancel()
        other = await request_async(app, "/", {})  # the loop is free meanwhile
        assert other.status == 200
        Thread(target=go_on.set).start()
        assert isinstance((await asyncio.gather(requests[0], return_exceptions=True))[0], asyncio.CancelledError)
        return [answer.body for answer in await asyncio.gather(*requests[1:])]

    assert [gzip.decompress(body) for body in asyncio.run(request_many())] == [SCRIPT] * 4
    assert len(compressed) == 1
