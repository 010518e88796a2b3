"""Which way the runs go to the player: by its feed where it listens, and through Streamlit where it does not."""

from hashlib import sha256
from typing import NamedTuple

import streamlit as st

from app.browser.websocket_push import push
from app.server.session_tokens import issue, withdraw

MARK = 16  # letters that name what was sent


class Sent(NamedTuple):
    """What the player of this session was sent last."""

    token: str  # of its feed; nobody else knows it
    mark: str = ""  # of the runs
    data: bytes | dict[str, str] = b""  # through Streamlit: the runs; or their mark, when they went by the feed


def token(key: str) -> str:
    return last(key).token


def delivered(key: str, runs: bytes, *, by_feed: bool = True) -> bytes | dict[str, str]:
    """What Streamlit is to carry: the runs, or only their mark where the player's feed takes them."""
    before, mark = last(key), sha256(runs).hexdigest()[:MARK]
    if mark == before.mark:
        return before.data
    data = {"id": key, "mark": mark} if by_feed and push(before.token, mark.encode() + runs) else runs
    st.session_state[name(key)] = Sent(before.token, mark, data)
    return data


def lost(key: str) -> None:
    """The player has not got what went by its feed: nobody listens under a new token, so Streamlit carries it."""
    if name(key) in st.session_state:
        withdraw(st.session_state.pop(name(key)).token)


def last(key: str) -> Sent:
    if name(key) not in st.session_state:
        st.session_state[name(key)] = Sent(issue())
    return st.session_state[name(key)]


def name(key: str) -> str:
    return f"{key}-sent"
