"""Streamlit's scripts and styles, compressed once and kept: as it sends them they are three times as long.

Streamlit leaves them as they are because Starlette's own gzip would compress them for each visitor anew.
"""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from app.server.content_negotiation import accepts_gzip, matches_etag
from app.server.streamlit_settings import get_base_path

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
MAX_CONCURRENT_FILES = 2  # files that are compressed at the same time; zlib does without the interpreter's lock


class CompressedFile(NamedTuple):
    etag: str  # of the content as it is compressed
    body: bytes


class GzipCache:
    """Answers with gzip for the static scripts and styles that Streamlit has, and asks it for everything else.

    A file is known by the one address that the page asks for, so that what is kept is never more than there are
    files. It is compressed in a thread when it is asked for first; who asks meanwhile waits for the same.
    """

    def __init__(self, app: ASGIApp, folder: Path | None = None) -> None:
        self.app = app
        self.files = list_static_files(folder or Path(file_util.get_static_dir()))
        self.cache: dict[str, asyncio.Task[CompressedFile]] = {}
        self.threads = ThreadPoolExecutor(MAX_CONCURRENT_FILES, thread_name_prefix="squeeze")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        gzipped = accepts_gzip(headers)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        known = path in self.files and scope["method"] in ("GET", "HEAD")
        if known and gzipped and not is_partial_request(headers):
            try:
                found = await self.squeezed(path)
            except OSError:  # the file has gone since the server was started
                pass
            else:
                await make_response(path, found, headers)(scope, receive, send)
                return
        await self.app(normalize_accept_encoding(scope, gzipped), receive, with_vary_header(send) if known else send)

    async def squeezed(self, path: str) -> CompressedFile:
        """The compressed file; one who leaves while it is made does not spoil it for the others."""
        task = self.cache.get(path)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            loop = asyncio.get_running_loop()
            task = self.cache[path] = loop.create_task(self.make(self.files[path]))
        return await asyncio.shield(task)

    async def make(self, file: Path) -> CompressedFile:
        return await asyncio.get_running_loop().run_in_executor(self.threads, compress_file, file)


def list_static_files(folder: Path) -> dict[str, Path]:
    """Streamlit's scripts and styles by the paths at which it serves them."""
    base = get_base_path()
    found = (file for file in sorted((folder / "static").rglob("*")) if file.suffix in MEDIA_TYPES and file.is_file())
    return {f"{base}/{file.relative_to(folder).as_posix()}": file for file in found}


def compress_file(file: Path) -> CompressedFile:
    content = file.read_bytes()
    return CompressedFile(f'"{sha256(content).hexdigest()[:32]}-gzip"', gzip.compress(content, 9, mtime=0))


def is_partial_request(headers: Headers) -> bool:
    """Whether this asks for a part, or for what is newer than a time: Streamlit answers it, from the file as it is."""
    return "range" in headers or ("if-modified-since" in headers and "if-none-match" not in headers)


def make_response(path: str, file: CompressedFile, headers: Headers) -> Response:
    """The file, or that the client has it. Its name holds a hash of its content: it may be kept for ever."""
    said = {
        "Cache-Control": "public, immutable, max-age=31536000",
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "Content-Encoding": "gzip",
    }
    if matches_etag(headers, file.etag):
        del said["Content-Encoding"]
        return Response(status_code=304, headers=said)
    return Response(file.body, media_type=MEDIA_TYPES[Path(path).suffix], headers=said)


def normalize_accept_encoding(scope: Scope, accepts_gzip: bool) -> Scope:
    """The request with what it says of gzip in one word: Starlette reads `gzip;q=0` as a wish for it."""
    kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": [*kept, (b"accept-encoding", b"gzip" if accepts_gzip else b"identity")]}


def with_vary_header(send: Send) -> Send:
    """The answer as it is, saying that another one exists for those who accept gzip."""

    async def passed_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers.add_vary_header("Accept-Encoding")
            message = {**message, "headers": headers.raw}
        await send(message)

    return passed_on
