"""Streamlit's scripts go out compressed: those that there are, each made once, and nothing that a client makes up."""

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
from app.server.content_negotiation import accepts_gzip, matches_etag
from app.server.streamlit_asset_compression import GzipCache, list_static_files
from tests.support.asgi_client import request, request_async

SCRIPT = b"let a = 1;" * 500
GZIP = {"accept-encoding": "gzip, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As Streamlit's folder of static files is."""
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
        found = request(app, path, GZIP)
        assert gzip.decompress(found.body) == SCRIPT
        assert found.headers["content-encoding"] == "gzip"
        assert int(found.headers["content-length"]) == len(found.body) < len(SCRIPT)
        assert found.headers["cache-control"] == request(app, path).headers["cache-control"]
        assert found.headers["content-type"].split(";")[0] in ("text/javascript", "text/css")
        assert found.headers.getlist("vary") == ["Accept-Encoding"]
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
def test_nothing_is_kept_but_the_files_at_the_addresses_that_the_page_asks_for(app: GzipCache, path: str) -> None:
    assert "content-encoding" not in request(app, path, GZIP).headers
    assert not app.cache


def test_all_that_can_be_kept_is_what_streamlit_has(folder: Path) -> None:
    assert list(list_static_files(folder)) == ["/static/css/a.css", "/static/js/a.js", "/static/js/b.js"]
    found = list_static_files(Path(file_util.get_static_dir()))
    assert len(found) > 100 and all(file.is_file() for file in found.values())
    assert sum(file.stat().st_size for file in found.values()) < 60e6, "a third of it stays in memory at most"


def test_files_are_known_below_the_prefix_of_the_app(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: "/descent/")
    assert "/descent/static/js/a.js" in list_static_files(folder)


def test_of_an_app_within_another_the_file_is_known_too(app: GzipCache) -> None:
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "root_path": "/descent"}, receive, send)

    assert request(mounted, "/descent/static/js/a.js", GZIP).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "said, accepted",
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
def test_what_a_client_says_of_gzip_is_understood(app: GzipCache, said: str, accepted: bool) -> None:
    assert accepts_gzip(Headers({"accept-encoding": said})) is accepted
    found = request(app, "/static/js/a.js", {"accept-encoding": said})
    assert ("content-encoding" in found.headers) is accepted and found.status == 200
    assert (gzip.decompress(found.body) if accepted else found.body) == SCRIPT
    assert found.headers["vary"] == "Accept-Encoding"


def test_two_headers_are_one_list() -> None:
    assert not accepts_gzip(Headers(raw=[(b"accept-encoding", b"gzip;q=0"), (b"accept-encoding", b"br")]))
    assert accepts_gzip(Headers(raw=[(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")]))


@pytest.mark.parametrize("said, gzipped", [("gzip", True), ("gzip;q=0", False), ("*", True), ("br", False)])
def test_streamlits_own_compression_hears_it_too(folder: Path, said: str, gzipped: bool) -> None:
    """Starlette compresses for whoever has the letters "gzip" anywhere in the header."""

    async def page(request: object) -> PlainTextResponse:
        return PlainTextResponse("a" * 5000)

    layers = [Middleware(GzipCache, folder=folder), Middleware(GZipMiddleware)]
    found = request(Starlette(routes=[Route("/maps", page)], middleware=layers), "/maps", {"accept-encoding": said})
    assert ("content-encoding" in found.headers) is gzipped


def test_a_head_has_the_headers_of_a_get(app: GzipCache) -> None:
    got, head = (request(app, "/static/js/a.js", GZIP, method) for method in ("GET", "HEAD"))
    assert (head.status, dict(head.headers), head.body) == (200, dict(got.headers), b"")


def test_what_the_client_has_is_not_sent_again(app: GzipCache) -> None:
    small, plain = (request(app, "/static/js/a.js", headers) for headers in (GZIP, {}))
    assert small.headers["etag"] != plain.headers["etag"], "they are not the same bytes"
    for said in (small.headers["etag"], f'"other", W/{small.headers["etag"]}', "*"):
        again = request(app, "/static/js/a.js", GZIP | {"if-none-match": said})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == small.headers["etag"] and again.headers["vary"] == "Accept-Encoding"
    assert request(app, "/static/js/a.js", GZIP | {"if-none-match": '"other"'}).status == 200
    assert request(app, "/static/js/a.js", {"if-none-match": plain.headers["etag"]}).status == 304
    since = {"if-modified-since": plain.headers["last-modified"]}
    assert request(app, "/static/js/a.js", GZIP | since).status == 304
    assert request(app, "/static/js/a.js", GZIP | since | {"if-none-match": '"other"'}).status == 200
    assert not matches_etag(Headers({}), '"a"') and not matches_etag(Headers({"if-none-match": ""}), '"a"')


def test_a_part_is_of_the_file_as_it_is(app: GzipCache) -> None:
    part = request(app, "/static/js/a.js", GZIP | {"range": "bytes=0-9"})
    assert (part.status, part.body) == (206, SCRIPT[:10])
    assert "content-encoding" not in part.headers and part.headers["vary"] == "Accept-Encoding"


def test_other_methods_are_streamlits(app: GzipCache) -> None:
    with pytest.raises(HTTPException, match="405"):
        request(app, "/static/js/a.js", GZIP, "POST")


def test_a_file_that_has_gone_is_streamlits_and_is_found_again(app: GzipCache, folder: Path) -> None:
    file = folder / "static" / "js" / "a.js"
    file.unlink()
    assert "content-encoding" not in request(app, "/static/js/a.js", GZIP).headers
    file.write_bytes(SCRIPT)
    assert request(app, "/static/js/a.js", GZIP).headers["content-encoding"] == "gzip"


def test_a_file_is_compressed_once_beside_the_loop_and_one_who_leaves_spoils_nothing(
    app: GzipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, go_on, make = [], Event(), streamlit_asset_compression.compress_file

    def slowly(file: Path) -> streamlit_asset_compression.CompressedFile:
        made.append(file)
        assert go_on.wait(30)
        return make(file)

    monkeypatch.setattr(streamlit_asset_compression, "compress_file", slowly)

    async def crowd() -> list[bytes]:
        asking = [asyncio.create_task(request_async(app, "/static/js/a.js", GZIP)) for _ in range(5)]
        async with asyncio.timeout(30):
            while not made:
                await asyncio.sleep(0)
        asking[0].cancel()
        other = await request_async(app, "/", {})  # the loop is free meanwhile
        assert other.status == 200
        Thread(target=go_on.set).start()
        assert isinstance((await asyncio.gather(asking[0], return_exceptions=True))[0], asyncio.CancelledError)
        return [found.body for found in await asyncio.gather(*asking[1:])]

    assert [gzip.decompress(body) for body in asyncio.run(crowd())] == [SCRIPT] * 4
    assert len(made) == 1
