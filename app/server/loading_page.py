"""The page before Streamlit's scripts have arrived: its frame, and in words what is loading.

Streamlit's own first page is white until then. This puts the frame into it, in the colours that the visitor has chosen
(`theme_choice.js`), and asks the browser to fetch early what the page will need. The style of all pages comes with it,
so that the browser keeps it: Streamlit's messages would bring it with each visit. So does the script that keeps the
browser's history in order (`history_entries.js`), since it has to run before Streamlit's.
"""

import gzip
import re
from collections.abc import Callable, Collection
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.accept_encoding_and_etag_matching import accepts_gzip, matches_etag

FIRST_SCRIPTS = "".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("theme_choice.js", "history_entries.js")
)
TEMPLATE = Path(__file__).with_suffix(".html").read_text(encoding="utf-8").replace("SCRIPTS", FIRST_SCRIPTS, 1)
CONDITIONAL_HEADERS = {b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"}
TITLE = re.compile(r"<title>.*?</title>")

GetWord = Callable[[str, str, str], str]  # of the path's last part, the address' language, the header accept-language
ListModules = Callable[[str], Collection[str]]  # of the last part of the path


class LoadingPage:
    """Adds the frame to every page that Streamlit answers with, whatever its address."""

    def __init__(
        self, app: ASGIApp, get_word: GetWord, list_modules: ListModules, pages_with_panel: Collection[str], style: str
    ) -> None:
        self.app, self.get_word, self.list_modules = app, get_word, list_modules
        self.pages_with_panel, self.style = pages_with_panel, style

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope.get("method") not in ("GET", "HEAD") or "text/html" not in headers.get("accept", ""):
            await self.app(scope, receive, send)
            return
        plain = [pair for pair in scope["headers"] if pair[0] not in CONDITIONAL_HEADERS]
        messages: list[Message] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                messages.append(message)
            elif messages and not is_page(messages[0]):
                await send(messages.pop())
                await send(message)
            elif messages:
                messages.append(message)
            else:
                await send(message)

        await self.app({**scope, "method": "GET", "headers": plain}, receive, answer)
        if messages:
            body = b"".join(message.get("body", b"") for message in messages[1:]).decode()
            await self.make_response(body, scope, headers)(scope, receive, send)

    def make_response(self, body: str, scope: Scope, headers: Headers) -> Response:
        language = parse_qs(scope["query_string"].decode("latin-1")).get("language", [""])[0]
        name = scope["path"].rstrip("/").rpartition("/")[2]
        word = self.get_word(name, language, headers.get("accept-language", ""))
        page, packed, etag = add_frame(
            body, word, tuple(self.list_modules(name)), self.style, has_panel=name in self.pages_with_panel
        )
        use_gzip = accepts_gzip(headers)
        shared = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Accept-Language"}
        shared["ETag"] = f'"{etag}-gzip"' if use_gzip else f'"{etag}"'
        if matches_etag(headers, shared["ETag"]):
            return Response(status_code=304, headers=shared)
        if use_gzip:
            return Response(packed, media_type="text/html", headers={**shared, "Content-Encoding": "gzip"})
        return Response(page, media_type="text/html", headers=shared)


def is_page(start: Message) -> bool:
    """Whether this begins a whole page of HTML."""
    headers = Headers(raw=start["headers"])
    return bool(start["status"] == 200) and headers.get("content-type", "").startswith("text/html")


@cache
def add_frame(
    body: str, word: str, modules: tuple[str, ...], style: str, *, has_panel: bool
) -> tuple[bytes, bytes, str]:
    """Streamlit's page with the frame and the style, the same compressed, and its hash.

    The style stands behind those that Streamlit puts into the head, and before those of single pages.
    """
    links = "".join(f'<link rel="modulepreload" href="./{module}" fetchpriority="low">\n' for module in modules)
    frame = TEMPLATE.replace("PANEL", "data-panel" if has_panel else "", 1).replace("WORD", escape(word), 1)
    page = TITLE.sub("<title>Descent</title>", body, count=1)
    page = page.replace("</head>", f"{links}</head>", 1).replace(
        "<body>", f"<body>\n{frame}<style>\n{style}</style>", 1
    )
    content = page.encode()
    return content, gzip.compress(content, 9, mtime=0), sha256(content).hexdigest()[:32]
