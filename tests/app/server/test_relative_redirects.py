"""Redirects stay under the prefix of the app, whether a proxy strips the prefix or the app knows it."""

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


async def redirect_elsewhere(request: object) -> Response:
    return RedirectResponse("https://elsewhere.example/maps/")


async def redirect_here(request: object) -> Response:
    return RedirectResponse(f"http://{HOST}/maps?map=rates()")


def make_app(base: str = "") -> Starlette:
    """Streamlit's pages under a prefix that the app knows, with relative redirects."""
    routes = [
        Route("/elsewhere", redirect_elsewhere),
        Route("/here", redirect_here),
        *create_streamlit_static_assets_routes(base),
    ]
    return Starlette(routes=routes, middleware=[Middleware(RelativeRedirects)])


def browse(app: ASGIApp, url: str, stripped_prefix: str = "") -> tuple[str, Answer]:
    """The last URL and answer of a browser that follows redirects, through a proxy that strips a prefix."""
    for _ in range(5):
        path = urlsplit(url).path
        if not path.startswith(f"{stripped_prefix}/"):
            return url, Answer(404, request(app, "/").headers, b"unknown to the proxy")
        query = urlsplit(url).query
        target = path.removeprefix(stripped_prefix) + (f"?{query}" if query else "")
        answer = request(app, target, {"host": HOST})
        if answer.status not in range(300, 400):
            return url, answer
        url = resolve(url, answer.headers["location"])
    raise AssertionError("an endless redirect")


def resolve(url: str, location: str) -> str:
    """The URL of `location` seen from `url`, with empty parts of a path, which `urljoin` would remove."""
    if not location.startswith("."):
        return urljoin(url, location)
    base, relative = urlsplit(url), urlsplit(location)
    parts = base.path.split("/")[:-1]
    *steps, last = relative.path.split("/")
    for step in steps:
        if step == "..":
            parts = parts[:-1] or [""]
        elif step != ".":
            parts.append(step)
    return base._replace(path="/".join([*parts, last]), query=relative.query).geturl()


@pytest.mark.parametrize("path", ["maps", "lessons", "about", "unknown/page", "maps//"])
@pytest.mark.parametrize(
    "base, stripped_prefix", [("", ""), ("", "/descent"), ("", "/a/b"), ("descent", ""), ("a/b", "")]
)
def test_a_trailing_slash_stays_under_the_prefix(base: str, stripped_prefix: str, path: str) -> None:
    prefix = stripped_prefix or (f"/{base}" if base else "")
    url, answer = browse(make_app(base), f"https://{HOST}{prefix}/{path}/?map=rates()&run=adam()", stripped_prefix)
    assert answer.status == 200 and b"<title>Streamlit</title>" in answer.body
    assert url == f"https://{HOST}{prefix}/{path.rstrip('/')}?map=rates()&run=adam()"


@pytest.mark.parametrize("base", ["descent", "a/b"])
def test_the_prefix_itself_leads_to_the_app(base: str) -> None:
    url, answer = browse(make_app(base), f"https://{HOST}/{base}?run=adam()")
    assert (url, answer.status) == (f"https://{HOST}/{base}/?run=adam()", 200)
    assert "://" not in request(make_app(base), f"/{base}", {"host": HOST}).headers["location"], "https stays https"


def test_only_a_location_on_this_server_is_changed() -> None:
    assert request(make_app(), "/elsewhere").headers["location"] == "https://elsewhere.example/maps/"
    assert request(make_app(), "/here", {"host": HOST}).headers["location"] == "./maps?map=rates()"


@pytest.mark.parametrize(
    "request_path, location, reference",
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
def test_the_relative_reference_leads_to_the_same_place(request_path: str, location: str, reference: str) -> None:
    assert make_relative(request_path, location, "test") == reference
