"""The ASGI app: its settings, routes and security headers, and the work that is done before the first visitor."""

import gc
import importlib
import pkgutil
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.browser.loading_sentences import LOADING_SENTENCES, PAGE_LOADING
from app.browser.static_file_routes import list_early_modules, make_routes
from app.compute import background_jobs
from app.server.download_retention import keep_downloads
from app.server.fragment_requests_of_left_pages import drop_stale_page_requests
from app.server.https_and_same_origin import is_https
from app.server.invalid_message_logging import install_log_filter
from app.server.late_popover_states import leave_popovers_to_browser
from app.server.loading_page import LoadingPage
from app.server.relative_redirects import RelativeRedirects
from app.server.streamlit_asset_compression import GzipCache
from app.server.streamlit_settings import apply_settings, get_base_path
from app.server.streamlit_websocket_filter import WebSocketFilter
from app.server.tcp_nodelay import disable_nagle
from app.server.uninterrupted_callbacks import protect_callbacks
from app.server.upload_count_limit import UploadLimit
from app.translation import choose_language, get_translator, is_offered

# Components load their code as blob: URLs, and Streamlit styles its page inline. The page sends requests to this server
# only. Any page may embed it, as slides do.
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: blob: data:",
    "worker-src 'self' blob:",
    "media-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
))  # fmt: skip
SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
HSTS_HEADER = (b"strict-transport-security", b"max-age=31536000")
METRICS_PATH = "/_stcore/metrics"
SWITCH_INTERVAL_SECONDS = 0.001  # for which a map may hold the interpreter's lock while a page's script waits for it
SCRIPTS = (".main", ".navigation", ".page")  # modules that are run and not imported
PAGES_WITH_PANEL = ("", "race", "maps", "gradient-check", "bug-hunt", "training", "training-log")
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")  # of all pages
PRELOADED_MODULES = ("pandas", "PIL.Image")  # Streamlit imports them in the first run


class SecurityHeadersMiddleware:
    """Adds the security headers to every response, and hides the server's metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        headers = SECURITY_HEADERS + ((HSTS_HEADER,) if is_https(scope) else ())

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                own_names = {name for name, _ in headers}
                other_headers = [header for header in message.get("headers", ()) if header[0].lower() not in own_names]
                message = message | {"headers": [*other_headers, *headers]}
            await send(message)

        if scope["path"].rstrip("/").endswith(METRICS_PATH):
            await answer({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Not Found"})
            return
        await self.app(scope, receive, answer)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Prepare the server: import what the first run would import, and exempt it from garbage collection.

    Streamlit's own collection after every run is switched off (`runner.postScriptGC`). Python's goes on, but skips what
    was imported here.
    """
    disable_nagle()
    protect_callbacks()
    keep_downloads()
    leave_popovers_to_browser()
    drop_stale_page_requests()
    install_log_filter()
    modules = [module.name for module in pkgutil.walk_packages([str(Path(__file__).parent)], "app.")]
    for name in (*(name for name in modules if not name.endswith(SCRIPTS)), *PRELOADED_MODULES):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    yield
    background_jobs.close()


def get_url_parameter_names() -> Collection[str]:
    """The parameters that pages read. Their modules are imported late, because they need Streamlit's caches."""
    return importlib.import_module("app.too_long_link_notice").KNOWN_PARAMETERS


def answer_lesson_picture(request: Request) -> Response:
    """A picture of the list of lessons; its name holds a hash of its content."""
    picture = importlib.import_module("app.lessons.lesson_thumbnails").find_picture(request.path_params["name"])
    if picture is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(picture, media_type="image/png", headers=headers)


def get_loading_word(name: str, language: str, accepted: str) -> str:
    """The sentence to show while the page `name` is loading, in the language of the address or of the browser."""
    chosen = language if is_offered(language) else choose_language(accepted.partition(",")[0])
    return get_translator(chosen)(LOADING_SENTENCES.get(name, PAGE_LOADING))


apply_settings()
app = st.App(
    Path(__file__).with_name("navigation.py"),
    lifespan=lifespan,
    routes=[*make_routes(), Route(f"{get_base_path()}/lesson-pictures/{{name}}", answer_lesson_picture)],
    middleware=[
        Middleware(SecurityHeadersMiddleware),
        Middleware(RelativeRedirects),
        Middleware(GzipCache),
        Middleware(
            LoadingPage,
            get_word=get_loading_word,
            list_modules=list_early_modules,
            pages_with_panel=PAGES_WITH_PANEL,
            style=STYLE,
        ),
        Middleware(UploadLimit),
        Middleware(WebSocketFilter, get_known_names=get_url_parameter_names),
    ],
)
