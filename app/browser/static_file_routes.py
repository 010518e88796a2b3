"""Files that the browser fetches once and keeps: plotly.js and the player's own, at addresses that contain a hash."""

import gzip
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import streamlit as st
from plotly.offline import get_plotlyjs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.browser.module_bundles import PAGES_SHARED, bundle_modules, list_imports
from app.browser.websocket_push import feed_route
from app.server.accept_encoding_and_etag_matching import accepts_gzip, matches_etag
from app.server.media_types import MEDIA_TYPES
from app.server.session_existence_tokens import session_route
from app.server.streamlit_settings import get_base_path

Endpoint = Callable[[Request], Awaitable[Response]]

APP = Path(__file__).parents[1]
# The folders of `app/` whose modules the browser loads.
FOLDERS = ("player", "race", "maps", "gradient_check", "bug_hunt", "training", "playlist")
# Modules of `player/` that components of all pages ask for, beside each page's `mount.js` and each map's `view.js`.
COMPONENT_MODULES = (
    "player/focus/keyboard_focus.js",
    "player/net/lost_session_reload.js",
    "player/panels/copy_button.js",
    "player/panels/scene_overview.js",
    "player/panels/screen_reader_notes.js",
    "player/panels/theme_switch.js",
    "player/panels/typed_values.js",
)
COMMENT_LINES = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)


def player_files() -> dict[str, bytes]:
    """The modules and style sheets of the player and of the pages, by their path below `app/`."""
    found = (path for folder in FOLDERS for path in sorted((APP / folder).rglob("*")) if path.suffix in MEDIA_TYPES)
    return {path.relative_to(APP).as_posix(): read_served(path) for path in found}


@cache
def served_files() -> dict[str, bytes]:
    """The files that the browser requests, by their path below `player_folder()`: style sheets and module bundles."""
    files = player_files()
    modules = {name: content.decode() for name, content in files.items() if name.endswith(".js")}
    entries = [name for name in modules if name.endswith(("/mount.js", "/view.js"))]
    bundles = bundle_modules(modules, [*entries, *COMPONENT_MODULES], "race")
    style_sheets = {name: content for name, content in files.items() if name not in modules}
    return style_sheets | {name: code.encode() for name, code in bundles.items()}


def find_bundle(module: str) -> str:
    """The file that has what a component asks for in `module`."""
    return PAGES_SHARED if module in COMPONENT_MODULES else module


def read_served(path: Path) -> bytes:
    """A file without its lines of comments, which are a tenth of all bytes."""
    content = path.read_bytes()
    return content if path.suffix != ".js" or "vendor" in path.parts else COMMENT_LINES.sub(b"", content)


def page_files(page: str) -> dict[str, bytes]:
    """Those that the page in a folder of `app/` loads: the player's and its own."""
    return {name: content for name, content in player_files().items() if name.startswith(("player/", f"{page}/"))}


@cache
def list_early_modules(page: str) -> tuple[str, ...]:
    """The scripts of a page that the browser may fetch while Streamlit's own are still on their way."""
    plotly, formulas = plotly_path(get_plotlyjs().encode()), find_formula_modules()
    race = (*list_bundles("race/mount.js"), plotly)
    return {
        "": race,
        "race": race,
        "lessons": (*formulas, *race),
        "maps": (*list_bundles("maps/mount.js"), plotly),
        "gradient-check": list_bundles("gradient_check/mount.js"),
        "bug-hunt": list_bundles("bug_hunt/mount.js"),
        "training": list_bundles("training/mount.js"),
        "training-log": list_bundles(PAGES_SHARED),  # its curves come with a log
        "playlist": list_bundles("playlist/mount.js"),
        "about": (*formulas, *list_bundles(PAGES_SHARED)),
    }.get(page, ())


def list_bundles(bundle: str) -> tuple[str, ...]:
    """The addresses of a bundle and of all that it imports."""
    needed, files = [bundle], served_files()
    for name in needed:
        needed.extend(other for other in list_imports(name, files[name].decode()) if other not in needed)
    return tuple(f"{player_folder()}/{name}" for name in needed)


def find_formula_modules() -> tuple[str, ...]:
    """Streamlit's script that draws formulas. It asks for it only after it has shown their text without them."""
    folder = Path(st.__file__).parent / "static"
    return tuple(path.relative_to(folder).as_posix() for path in folder.glob("static/js/rehype-katex.*.js"))


def player_folder() -> str:
    """Where the player's files are: one hash over all of them, so that they can import each other."""
    digest = sha256()
    for name, content in served_files().items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return f"player/{digest.hexdigest()[:16]}"


def plotly_path(plotly: bytes) -> str:
    return f"player/plotly-{sha256(plotly).hexdigest()[:16]}.js"


def make_routes() -> list[BaseRoute]:
    """Routes for `st.App`, below `server.baseUrlPath`: every file, compressed here, once; and ways of our own."""
    base = get_base_path()
    folder, plotly = player_folder(), get_plotlyjs().encode()
    files = {name: make_endpoint(name, content) for name, content in served_files().items()}
    fixed = {f"{folder}/{name}": answer for name, answer in files.items()}
    fixed[plotly_path(plotly)] = make_endpoint(plotly_path(plotly), plotly)
    served = [Route(f"{base}/{path}", answer) for path, answer in fixed.items()]
    again = Route(f"{base}/{folder}/again-{{tried}}/{{name:path}}", make_retry_endpoint(files))
    return [*served, again, feed_route(base), session_route(base)]


def make_retry_endpoint(files: Mapping[str, Endpoint]) -> Endpoint:
    """The same files in other folders: a browser does not ask a second time for a module that did not come."""

    async def answer(request: Request) -> Response:
        tried, found = request.path_params["tried"], files.get(request.path_params["name"])
        return await found(request) if found and re.fullmatch(r"\d{1,4}", tried) else Response(status_code=404)

    return answer


def make_endpoint(path: str, content: bytes) -> Endpoint:
    """An endpoint that answers with `content`, compressed where the browser can take it, to be kept for ever."""
    packed = gzip.compress(content, 9, mtime=0)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    kind = MEDIA_TYPES[Path(path).suffix]

    etag = sha256(content).hexdigest()[:32]

    async def answer(request: Request) -> Response:
        gzipped = accepts_gzip(request.headers)
        answer_headers = {**headers, "ETag": f'"{etag}-gzip"' if gzipped else f'"{etag}"'}
        if matches_etag(request.headers, answer_headers["ETag"]):
            return Response(status_code=304, headers=answer_headers)
        if gzipped:
            return Response(packed, media_type=kind, headers={**answer_headers, "Content-Encoding": "gzip"})
        return Response(content, media_type=kind, headers=answer_headers)

    return answer
