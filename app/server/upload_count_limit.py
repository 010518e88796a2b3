"""Limit the number of a visitor's files: Streamlit limits their size only, and keeps all until the visit ends."""

from collections import OrderedDict

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD_PATH = "/_stcore/upload_file/"
MAX_FILES_PER_SESSION = 32  # the page has one field for one file, and removes it before the next upload
MAX_SESSIONS = 4096  # sessions with counts; Streamlit itself refuses uploads of sessions that have ended
STORED_STATUS = 204


class UploadLimit:
    """Refuses a new file of a session that has the largest number of files already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files_by_session: OrderedDict[str, set[str]] = OrderedDict()  # the least recently used session first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, _, file = scope.get("path", "").partition(UPLOAD_PATH)[2].partition("/")
        if scope["type"] != "http" or not file or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        files = self.files_by_session.get(session, set())
        if scope["method"] == "DELETE":
            files.discard(file)
            await self.app(scope, receive, send)
            return
        if len(files) >= MAX_FILES_PER_SESSION and file not in files:
            await PlainTextResponse("Too many files", status_code=413)(scope, receive, send)
            return
        is_new, is_stored = file not in files, False
        files.add(file)  # before it is stored, as many uploads may run at once
        self.record_files(session, files)

        async def check_status(message: Message) -> None:
            nonlocal is_stored
            if message["type"] == "http.response.start":
                is_stored = message["status"] == STORED_STATUS
            await send(message)

        try:
            await self.app(scope, receive, check_status)
        finally:
            if is_new and not is_stored:
                files.discard(file)
                if not files:
                    self.files_by_session.pop(session, None)

    def record_files(self, session: str, files: set[str]) -> None:
        self.files_by_session[session] = files
        self.files_by_session.move_to_end(session)
        while len(self.files_by_session) > MAX_SESSIONS:
            self.files_by_session.popitem(last=False)
