"""How many files of one visitor are held: Streamlit bounds their size, and keeps any number until the visit ends."""

from collections import OrderedDict

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD_PATH = "/_stcore/upload_file/"
MAX_FILES_PER_SESSION = (
    32  # of one session; the page has one field for one file, and takes the last one away for the next
)
MAX_SESSIONS = 4096  # that are counted; an upload for one that has ended is refused by Streamlit
STORED_STATUS = 204


class UploadLimit:
    """Refuses a new file of a session that has as many as may be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files_by_session: OrderedDict[str, set[str]] = OrderedDict()  # those that are known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, _, file = scope.get("path", "").partition(UPLOAD_PATH)[2].partition("/")
        if scope["type"] != "http" or not file or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        known = self.files_by_session.get(session, set())
        if scope["method"] == "DELETE":
            known.discard(file)
            await self.app(scope, receive, send)
            return
        if len(known) >= MAX_FILES_PER_SESSION and file not in known:
            await PlainTextResponse("Too many files", status_code=413)(scope, receive, send)
            return
        fresh, stored = file not in known, False
        known.add(file)  # before it is there: many may come at once
        self.record_files(session, known)

        async def answer(message: Message) -> None:
            nonlocal stored
            if message["type"] == "http.response.start":
                stored = message["status"] == STORED_STATUS
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            if fresh and not stored:
                known.discard(file)
                if not known:
                    self.files_by_session.pop(session, None)

    def record_files(self, session: str, files: set[str]) -> None:
        self.files_by_session[session] = files
        self.files_by_session.move_to_end(session)
        while len(self.files_by_session) > MAX_SESSIONS:
            self.files_by_session.popitem(last=False)
