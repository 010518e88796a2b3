"""One visitor cannot fill the memory with files."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from app.server import upload_count_limit
from app.server.upload_count_limit import MAX_FILES_PER_SESSION, UploadLimit
from tests.support.asgi_client import request, request_async


class Store:
    """Streamlit's end: takes files of sessions that there are, after a while."""

    def __init__(self) -> None:
        self.files: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        known = "gone" not in scope["path"]
        if known and scope["method"] == "PUT":
            self.files.add(scope["path"])
        self.files -= {scope["path"]} if scope["method"] == "DELETE" else set()
        await send({"type": "http.response.start", "status": 204 if known else 400, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def place(file: int, session: str = "mine") -> str:
    return f"/descent/_stcore/upload_file/{session}/{file}"


def test_only_so_many_files_of_a_session_are_held_also_when_all_come_at_once() -> None:
    store = Store()
    app = UploadLimit(store)

    async def crowd() -> list[int]:
        asked = (request_async(app, place(i), method="PUT") for i in range(MAX_FILES_PER_SESSION + 9))
        return [answer.status for answer in await asyncio.gather(*asked)]

    assert sorted(asyncio.run(crowd())) == [204] * MAX_FILES_PER_SESSION + [413] * 9
    assert len(store.files) == MAX_FILES_PER_SESSION
    assert request(app, place(0, "other"), method="PUT").status == 204, "others are not concerned"
    assert request(app, place(0), method="PUT").status == 204, "the same file again"
    assert request(app, place(99), method="PUT").status == 413
    assert request(app, place(0), method="DELETE").status == 204
    assert request(app, place(99), method="PUT").status == 204, "one was taken away"


def test_what_was_refused_does_not_count_and_is_not_remembered() -> None:
    app = UploadLimit(Store())
    for i in range(2 * MAX_FILES_PER_SESSION):
        assert request(app, place(i, "gone"), method="PUT").status == 400
    assert not app.files_by_session


def test_the_count_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_count_limit, "MAX_SESSIONS", 3)
    app = UploadLimit(Store())
    for i in range(10):
        request(app, place(0, str(i)), method="PUT")
    assert list(app.files_by_session) == ["7", "8", "9"]


@pytest.mark.parametrize("path", ["/", "/maps", "/_stcore/upload_file/", "/_stcore/upload_file/mine"])
def test_nothing_else_is_counted(path: str) -> None:
    app = UploadLimit(Store())
    assert request(app, path, method="PUT").status == 204 and not app.files_by_session
