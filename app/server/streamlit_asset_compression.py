"""Serve Streamlit's scripts and styles compressed, which makes them three times smaller; each is compressed once.

Streamlit sends them uncompressed, because Starlette's own gzip would compress them again for each visitor.
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

from app.server.accept_encoding_and_etag_matching import accepts_gzip, matches_etag
from app.server.media_types import MEDIA_TYPES
from app.server.streamlit_settings import get_base_path

MAX_CONCURRENT_FILES = 2  # zlib releases the interpreter's lock


class CompressedFile(NamedTuple):
    etag: str  # of the compressed content
    body: bytes


class GzipCache:
    """Serves Streamlit's static scripts and styles with gzip, and passes all other requests on.

    A file has one address, the one that the page requests, so the cache holds no more entries than there are files. A
    file is compressed in a thread at its first request; other requests meanwhile wait for the same thread.
    """

    def __init__(self, app: ASGIApp, folder: Path | None = None) -> None:
        self.app = app
        self.files = list_static_files(folder or Path(file_util.get_static_dir()))
        self.cache: dict[str, asyncio.Future[CompressedFile]] = {}
        self.threads = ThreadPoolExecutor(MAX_CONCURRENT_FILES, thread_name_prefix="compress")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        use_gzip = accepts_gzip(headers)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        is_static_file = path in self.files and scope["method"] in ("GET", "HEAD")
        if is_static_file and use_gzip and not is_partial_request(headers):
            try:
                file = await self.get_compressed(path)
            except OSError:  # the file was removed after the server had started
                pass
            else:
                await make_response(path, file, headers)(scope, receive, send)
                return
        send = with_vary_header(send) if is_static_file else send
        await self.app(normalize_accept_encoding(scope, use_gzip), receive, send)

    async def get_compressed(self, path: str) -> CompressedFile:
        """The compressed file. A request that is cancelled meanwhile does not cancel the compression for the others."""
        task = self.cache.get(path)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            loop = asyncio.get_running_loop()
            task = self.cache[path] = loop.run_in_executor(self.threads, compress_file, self.files[path])
        return await asyncio.shield(task)


def list_static_files(folder: Path) -> dict[str, Path]:
    """Streamlit's scripts and styles by the paths at which it serves them."""
    base = get_base_path()
    files = (file for file in sorted((folder / "static").rglob("*")) if file.suffix in MEDIA_TYPES and file.is_file())
    return {f"{base}/{file.relative_to(folder).as_posix()}": file for file in files}


def compress_file(file: Path) -> CompressedFile:
    content = file.read_bytes()
    return CompressedFile(f'"{sha256(content).hexdigest()[:32]}-gzip"', gzip.compress(content, 9, mtime=0))


def is_partial_request(headers: Headers) -> bool:
    """Whether the request has a range or only a date; Streamlit answers those from the uncompressed file."""
    return "range" in headers or ("if-modified-since" in headers and "if-none-match" not in headers)


def make_response(path: str, file: CompressedFile, headers: Headers) -> Response:
    """The file, or 304 if the client has it. Its name contains a hash of its content, so it never expires."""
    response_headers = {
        "Cache-Control": "public, immutable, max-age=31536000",
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "Content-Encoding": "gzip",
    }
    if matches_etag(headers, file.etag):
        del response_headers["Content-Encoding"]
        return Response(status_code=304, headers=response_headers)
    return Response(file.body, media_type=MEDIA_TYPES[Path(path).suffix], headers=response_headers)


def normalize_accept_encoding(scope: Scope, accepts_gzip: bool) -> Scope:
    """The request with a plain `gzip` or `identity`: Starlette would take `gzip;q=0` for a request for gzip."""
    other_headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": [*other_headers, (b"accept-encoding", b"gzip" if accepts_gzip else b"identity")]}


def with_vary_header(send: Send) -> Send:
    """Add the header that says that the answer depends on `Accept-Encoding`."""

    async def send_with_vary(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers.add_vary_header("Accept-Encoding")
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_with_vary
