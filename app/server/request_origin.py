"""Where a request comes from: over https or not, and, for a websocket, from a page of this very server or another's."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit import config

HOST_HEADERS = (
    "host",
    "x-forwarded-host",
)  # in which a browser, or the proxy in front, names the server; no page sets them
DEFAULT_PORTS = {"http": 80, "https": 443}
HostAndPort = tuple[str, int]  # host, port


def is_https(scope: Scope) -> bool:
    """Whether the visitor came over https, here or at the proxy in front."""
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[0].strip()
    return (forwarded or scope.get("scheme", "")) == "https"


def is_same_origin(headers: Headers) -> bool:
    """Whether the page that asks for a websocket has the server's own name, or one that its operator allows.

    Browsers open websockets for pages of any origin, and say the origin of the page in every handshake (RFC 6455,
    section 4.1); who says none is no browser, and no page can make a browser leave it out. Of the scheme the server
    knows nothing behind a proxy.
    """
    said = headers.get("origin")
    if said is None or not config.get_option("server.enableCORS"):
        return True
    origin = parse_origin(said)
    names = [name.strip() for header in HOST_HEADERS for name in headers.get(header, "").split(",")]
    scheme = said.partition(":")[0].lower()
    return origin is not None and origin in {
        *parse_origins(f"{scheme}://{name}" for name in names if name),
        *get_allowed_origins(),
    }


def get_allowed_origins() -> set[HostAndPort]:
    return parse_origins(map(str, config.get_option("server.corsAllowedOrigins") or ()))


def parse_origins(urls: Iterable[str]) -> set[HostAndPort]:
    return {found for url in urls if (found := parse_origin(url)) is not None}


def parse_origin(url: str) -> HostAndPort | None:
    """Host and port of a URL; None if it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None
