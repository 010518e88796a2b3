"""The sessions that this process serves, by tokens that their browsers alone know.

A server that was started again, or has let a session go, answers a page of that session as if nothing were: Streamlit
connects it to a new session and waits until the visitor changes something, which then is a change of nothing. So a page
has a token of its session and asks here whether that session is still there.
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.server.visitor_presence import get_visitor, is_resumable

TOKEN_BYTES = 16  # of a token: nobody guesses it
PRUNE_FROM = 1000  # tokens: below that nobody looks for those whose session is gone

session_by_token: dict[
    str, str
] = {}  # token -> session; one has no more tokens than there are players, and one of its page
prune_above = PRUNE_FROM  # as soon as there are more tokens, those of lost sessions go


def issue_token() -> str:
    """A new token of the session whose script runs."""
    prune_tokens()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session_by_token[token] = get_visitor() or ""
    return token


def revoke_token(token: str) -> None:
    session_by_token.pop(token, None)


def find_session(token: str) -> str | None:
    """The session of a token, as long as both are there."""
    session = session_by_token.get(token)
    if session is not None and not is_resumable(session):
        revoke_token(token)
        return None
    return session


def prune_tokens() -> None:
    """Forget the tokens of sessions that are gone, each time that their number has doubled."""
    global prune_above  # noqa: PLW0603 - one table a process, and how long it was
    if len(session_by_token) <= prune_above:
        return
    for token in tuple(session_by_token):
        find_session(token)
    prune_above = max(PRUNE_FROM, 2 * len(session_by_token))


def session_path(token: str) -> str:
    return f"player/session/{token}"


async def answer_session_check(request: Request) -> Response:
    """Whether the session of a token is there. What a proxy says while the server is away does not look like this."""
    known = find_session(request.path_params["token"]) is not None
    return JSONResponse({"session": known}, headers={"Cache-Control": "no-store"})


def session_route(base: str) -> Route:
    return Route(f"{base}/{session_path('{token}')}", answer_session_check)
