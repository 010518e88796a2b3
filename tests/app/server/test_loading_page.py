"""Before Streamlit's scripts have come there is a frame of the page, in the visitor's language."""

import gzip
import re
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.browser.static_file_routes import list_early_modules, make_routes
from app.main import PAGES_WITH_PANEL, STYLE, get_loading_word
from app.server.loading_page import LoadingPage
from app.translation import PSEUDO_VARIABLE
from tests.support.asgi_client import Answer, request

STREAMLIT = "<html><head><title>Streamlit</title></head><body><div id='root'></div></body></html>"
HTML = {"accept": "text/html,*/*"}


async def show_page(request: object) -> Response:
    return HTMLResponse(STREAMLIT)


async def show_data(request: object) -> Response:
    return JSONResponse({"a": "<body>"})


def get(path: str, **headers: str) -> Answer:
    paths = ("/", "/lessons", "/maps", "/about", "/playlist")
    routes = [*(Route(path, show_page) for path in paths), Route("/data", show_data)]
    frame = Middleware(
        LoadingPage, get_word=get_loading_word, list_modules=list_early_modules, pages_with_panel=PAGES_WITH_PANEL,
        style=STYLE,
    )  # fmt: skip
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(Starlette(routes=routes, middleware=[frame]), path, HTML | sent)


def test_the_page_has_a_frame_before_streamlits_root_and_its_own_title() -> None:
    page = get("/").body.decode()
    assert "<title>Descent</title>" in page
    assert page.index('id="descent-loading" data-panel') < page.index("id='root'")
    assert page.index("prefers-color-scheme: dark") < page.index("id='root'")
    assert page.index("</head>") < page.index(STYLE) < page.index("id='root'")  # stronger than Streamlit's own style
    for path, word in (("/", "race"), ("/lessons", "lessons"), ("/maps", "maps"), ("/about", "page")):
        assert (
            f'<p role="status">The {word} {"are" if word.endswith("s") else "is"} loading…</p>'
            in get(path).body.decode()
        )
    assert "data-panel" not in get("/lessons").body.decode().split("<section")[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("path", "accepted", "is_chinese"),
    [("/", "zh-CN,zh;q=0.9", True), ("/?language=zh", "en", True), ("/?language=en", "zh", False), ("/", "", False),
     ("/?language=<script>", "de", False)],
)  # fmt: skip
def test_the_word_is_in_the_visitors_language(path: str, accepted: str, is_chinese: bool) -> None:
    page = get(path, accept_language=accepted).body.decode()
    assert ("竞赛正在加载" in page) == is_chinese
    assert "<script>alert" not in page


def test_what_is_fetched_early_is_served() -> None:
    served = {route.path.lstrip("/") for route in make_routes()}
    streamlit = Path(st.__file__).parent / "static"
    for path, count in (("/", 3), ("/lessons", 4), ("/maps", 4), ("/about", 2), ("/playlist", 2)):
        early = re.findall(r'modulepreload" href="\./([^"]+)"', get(path).body.decode())
        assert len(early) >= count
        assert all(name in served or (streamlit / name).is_file() for name in early)
        assert any("katex" in name for name in early) == (path in {"/lessons", "/about"})
        assert len(early) < 10, "modules are bundled"


def test_it_is_compressed_and_not_sent_twice() -> None:
    packed = get("/", accept_encoding="gzip")
    assert gzip.decompress(packed.body) == get("/").body
    again = get("/", accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert get("/", if_none_match='"other"').status == 200


def test_nothing_else_is_changed() -> None:
    assert get("/data").body == b'{"a":"<body>"}'
    assert get("/missing").status == 404
    assert get("/", accept="*/*").body.decode() == STREAMLIT


def test_the_word_is_text_and_no_part_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PSEUDO_VARIABLE, "1")
    page = get("/?language=xss").body.decode()
    assert "&lt;img src=x" in page
    assert "<img" not in page
