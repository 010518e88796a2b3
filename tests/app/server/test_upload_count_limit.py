"""A visitor cannot fill the memory with files."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from app.server import upload_count_limit
from app.server.upload_count_limit import MAX_FILES_PER_SESSION, UploadLimit
from tests.support.asgi_client import request, request_async


class Store:
    """Streamlit's part: stores the files of existing sessions, asynchronously."""

    def __init__(self) -> None:
        self.files: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        exists = "gone" not in scope["path"]
        if exists and scope["method"] == "PUT":
            self.files.add(scope["path"])
        self.files -= {scope["path"]} if scope["method"] == "DELETE" else set()
        await send({"type": "http.response.start", "status": 204 if exists else 400, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def make_path(file: int, session: str = "mine") -> str:
    return f"/descent/_stcore/upload_file/{session}/{file}"


def test_the_number_of_files_is_limited_even_for_simultaneous_uploads() -> None:
    store = Store()
    app = UploadLimit(store)

    async def upload_many() -> list[int]:
        uploads = (request_async(app, make_path(i), method="PUT") for i in range(MAX_FILES_PER_SESSION + 9))
        return [answer.status for answer in await asyncio.gather(*uploads)]

    assert sorted(asyncio.run(upload_many())) == [204] * MAX_FILES_PER_SESSION + [413] * 9
    assert len(store.files) == MAX_FILES_PER_SESSION
    assert request(app, make_path(0, "other"), method="PUT").status == 204, "another session"
    assert request(app, make_path(0), method="PUT").status == 204, "the same file again"
    assert request(app, make_path(99), method="PUT").status == 413
    assert request(app, make_path(0), method="DELETE").status == 204
    assert request(app, make_path(99), method="PUT").status == 204, "one file was deleted"


def test_refused_files_do_not_count() -> None:
    app = UploadLimit(Store())
    for i in range(2 * MAX_FILES_PER_SESSION):
        assert request(app, make_path(i, "gone"), method="PUT").status == 400
    assert not app.files_by_session


def test_the_number_of_counted_sessions_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_count_limit, "MAX_SESSIONS", 3)
    app = UploadLimit(Store())
    for i in range(10):
        request(app, make_path(0, str(i)), method="PUT")
    assert list(app.files_by_session) == ["7", "8", "9"]


@pytest.mark.parametrize("path", ["/", "/maps", "/_stcore/upload_file/", "/_stcore/upload_file/mine"])
def test_other_requests_do_not_count(path: str) -> None:
    app = UploadLimit(Store())
    assert request(app, path, method="PUT").status == 204 and not app.files_by_session
