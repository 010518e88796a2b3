"""Let a page check whether its session still exists, by a secret token.

After a restart, or when the server has dropped a session, Streamlit silently connects the page to a new session and
waits for a change, which it then applies to an empty state. So a page has a token of its session, and asks here whether
that session still exists.
"""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.server.visitor_presence import get_visitor, is_resumable

TOKEN_BYTES = 16  # too many to guess
PRUNE_FROM = 1000  # fewer tokens are never pruned

session_by_token: dict[str, str] = {}  # a session has one token for its page and one for each player
subject_by_token: dict[str, Any] = {}  # what the player of a token shows
prune_above = PRUNE_FROM  # the number of tokens above which those of lost sessions are removed


def issue_token() -> str:
    """Return a new token of the session whose script is running."""
    prune_tokens()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session_by_token[token] = get_visitor() or ""
    return token


def revoke_token(token: str) -> None:
    session_by_token.pop(token, None)
    subject_by_token.pop(token, None)


def set_subject(token: str, subject: Any) -> None:
    """Say what the player of a token shows; forgotten with the token."""
    if token in session_by_token:
        subject_by_token[token] = subject


def find_session(token: str) -> str | None:
    """The session of a token; None once either is gone."""
    session = session_by_token.get(token)
    if session is not None and not is_resumable(session):
        revoke_token(token)
        return None
    return session


def prune_tokens() -> None:
    """Remove the tokens of lost sessions, each time that the number of tokens has doubled."""
    global prune_above  # noqa: PLW0603 - one table in the process, and its limit
    if len(session_by_token) <= prune_above:
        return
    for token in tuple(session_by_token):
        find_session(token)
    prune_above = max(PRUNE_FROM, 2 * len(session_by_token))


def session_path(token: str) -> str:
    return f"player/session/{token}"


async def answer_session_check(request: Request) -> Response:
    """Tell whether the session of a token exists, in JSON that no proxy would send while the server is down."""
    exists = find_session(request.path_params["token"]) is not None
    return JSONResponse({"session": exists}, headers={"Cache-Control": "no-store"})


def session_route(base: str) -> Route:
    return Route(f"{base}/{session_path('{token}')}", answer_session_check)
