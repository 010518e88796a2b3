"""Tell whether a request came over https, and whether a websocket was opened by a page of this server."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit import config

HOST_HEADERS = "host", "x-forwarded-host"  # a browser or a proxy names the server in these; no page can set them
DEFAULT_PORTS = {"http": 80, "https": 443}
HostAndPort = tuple[str, int]


def is_https(scope: Scope) -> bool:
    """Whether the visitor uses https, to this server or to the proxy in front of it."""
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[0].strip()
    return (forwarded or scope.get("scheme", "")) == "https"


def is_same_origin(headers: Headers) -> bool:
    """Whether the page that opens a websocket comes from this server, or from an origin that its operator allows.

    Browsers open websockets for pages of any origin, and send the page's origin in every handshake (RFC 6455, section
    4.1). A client that sends none is no browser, and no page can make a browser omit it. The scheme is taken from the
    origin, since behind a proxy the server does not know its own.
    """
    url = headers.get("origin")
    if url is None or not config.get_option("server.enableCORS"):
        return True
    origin = parse_origin(url)
    names = [name.strip() for header in HOST_HEADERS for name in headers.get(header, "").split(",")]
    scheme = url.partition(":")[0].lower()
    return origin is not None and origin in {
        *parse_origins(f"{scheme}://{name}" for name in names if name),
        *get_allowed_origins(),
    }


def get_allowed_origins() -> set[HostAndPort]:
    return parse_origins(map(str, config.get_option("server.corsAllowedOrigins") or ()))


def parse_origins(urls: Iterable[str]) -> set[HostAndPort]:
    return {origin for url in urls if (origin := parse_origin(url)) is not None}


def parse_origin(url: str) -> HostAndPort | None:
    """Host and port of a URL; None if it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None
