"""Redirects stay under the prefix of the app, whether a proxy strips it or the app knows it."""

from urllib.parse import urljoin, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from app.server.relative_redirects import RelativeRedirects, make_relative
from tests.support.asgi_client import Answer, request

HOST = "slides.example"


async def leave(request: object) -> Response:
    return RedirectResponse("https://elsewhere.example/maps/")


async def come_back(request: object) -> Response:
    return RedirectResponse(f"http://{HOST}/maps?map=rates()")


def served(base: str = "") -> Starlette:
    """Streamlit's own pages under a prefix that the app knows, with our redirects."""
    routes = [Route("/leave", leave), Route("/come_back", come_back), *create_streamlit_static_assets_routes(base)]
    return Starlette(routes=routes, middleware=[Middleware(RelativeRedirects)])


def browse(app: ASGIApp, url: str, strips: str = "") -> tuple[str, Answer]:
    """What a browser comes to, through a proxy that strips a prefix and passes nothing else on."""
    for _ in range(5):
        path = urlsplit(url).path
        if not path.startswith(f"{strips}/"):
            return url, Answer(404, request(app, "/").headers, b"no such place at the proxy")
        query = urlsplit(url).query
        asked = path.removeprefix(strips) + (f"?{query}" if query else "")
        answer = request(app, asked, {"host": HOST})
        if answer.status not in range(300, 400):
            return url, answer
        url = followed(url, answer.headers["location"])
    raise AssertionError("it goes round and round")


def followed(url: str, location: str) -> str:
    """Where a browser goes from `url`. It keeps the empty parts of a path, which Python's `urljoin` leaves out."""
    if not location.startswith("."):
        return urljoin(url, location)
    here, there = urlsplit(url), urlsplit(location)
    parts = here.path.split("/")[:-1]
    *ways, last = there.path.split("/")
    for way in ways:
        if way == "..":
            parts = parts[:-1] or [""]
        elif way != ".":
            parts.append(way)
    return here._replace(path="/".join([*parts, last]), query=there.query).geturl()


@pytest.mark.parametrize("path", ["maps", "lessons", "about", "unknown/page", "maps//"])
@pytest.mark.parametrize("base, strips", [("", ""), ("", "/descent"), ("", "/a/b"), ("descent", ""), ("a/b", "")])
def test_a_trailing_slash_stays_under_the_prefix(base: str, strips: str, path: str) -> None:
    prefix = strips or (f"/{base}" if base else "")
    url, answer = browse(served(base), f"https://{HOST}{prefix}/{path}/?map=rates()&run=adam()", strips)
    assert answer.status == 200 and b"<title>Streamlit</title>" in answer.body
    assert url == f"https://{HOST}{prefix}/{path.rstrip('/')}?map=rates()&run=adam()"


@pytest.mark.parametrize("base", ["descent", "a/b"])
def test_the_prefix_itself_leads_to_the_app(base: str) -> None:
    url, answer = browse(served(base), f"https://{HOST}/{base}?run=adam()")
    assert (url, answer.status) == (f"https://{HOST}/{base}/?run=adam()", 200)
    assert "://" not in request(served(base), f"/{base}", {"host": HOST}).headers["location"], "https stays https"


def test_only_an_address_of_this_server_is_changed() -> None:
    assert request(served(), "/leave").headers["location"] == "https://elsewhere.example/maps/"
    assert request(served(), "/come_back", {"host": HOST}).headers["location"] == "./maps?map=rates()"


@pytest.mark.parametrize(
    "asked, location, said",
    [
        ("/maps/", "/maps", "../maps"),
        ("/maps//", "/maps", "../../maps"),
        ("/descent", "/descent/", "./descent/"),
        ("/a/b/", "/a/b?c=/d/", "../b?c=/d/"),
        ("/x/", "/", "../"),
        ("/x", "/", "./"),
        ("/x", "/y:z", "./y:z"),
        ("/x/y", "/x/y/z#w", "./y/z#w"),
        ("/x", "http://test/x/", "./x/"),
        ("/x", "http://test:81/x/", "http://test:81/x/"),
        ("/x", "//elsewhere/x", "//elsewhere/x"),
        ("/x", "y", "y"),
        ("/x", "../y", "../y"),
        ("/x", "mailto:someone", "mailto:someone"),
        ("/x/", "//test//elsewhere", "..//elsewhere"),
        ("/x", "//test//elsewhere", ".//elsewhere"),
    ],
)
def test_a_reference_leads_where_the_address_did(asked: str, location: str, said: str) -> None:
    assert make_relative(asked, location, "test") == said
