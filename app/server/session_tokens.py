"""The sessions that this process serves, by tokens that their browsers alone know.

A server that was started again, or has let a session go, answers a page of that session as if nothing were: Streamlit
connects it to a new session and waits until the visitor changes something, which then is a change of nothing. So a page
has a token of its session and asks here whether that session is still there.
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.server.visitor_presence import lives, visitor

BYTES = 16  # of a token: nobody guesses it
SWEPT_FROM = 1000  # tokens: below that nobody looks for those whose session is gone

owners: dict[str, str] = {}  # token -> session; one has no more tokens than there are players, and one of its page
swept = SWEPT_FROM  # as soon as there are more tokens, those of lost sessions go


def issue() -> str:
    """A new token of the session whose script runs."""
    sweep()
    token = secrets.token_urlsafe(BYTES)
    owners[token] = visitor() or ""
    return token


def withdraw(token: str) -> None:
    owners.pop(token, None)


def owner(token: str) -> str | None:
    """The session of a token, as long as both are there."""
    session = owners.get(token)
    if session is not None and not lives(session):
        withdraw(token)
        return None
    return session


def sweep() -> None:
    """Forget the tokens of sessions that are gone, each time that their number has doubled."""
    global swept  # noqa: PLW0603 - one table a process, and how long it was
    if len(owners) <= swept:
        return
    for token in tuple(owners):
        owner(token)
    swept = max(SWEPT_FROM, 2 * len(owners))


def session_path(token: str) -> str:
    return f"player/session/{token}"


async def answer(request: Request) -> Response:
    """Whether the session of a token is there. What a proxy says while the server is away does not look like this."""
    known = owner(request.path_params["token"]) is not None
    return JSONResponse({"session": known}, headers={"Cache-Control": "no-store"})


def session_route(base: str) -> Route:
    return Route(f"{base}/{session_path('{token}')}", answer)
