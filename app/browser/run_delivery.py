"""Deliver runs to the player: by its feed, a websocket, if that is open, else through Streamlit."""

from hashlib import sha256
from typing import NamedTuple

import streamlit as st

from app.browser.websocket_push import push_message
from app.server.session_existence_tokens import issue_token, revoke_token

DIGEST_LENGTH = 16  # hexadecimal digits


class LastDelivery(NamedTuple):
    """The last runs that the player of this session was sent."""

    token: str  # of its feed; a secret of the session
    digest: str = ""  # of the runs
    data: bytes | dict[str, str] = b""  # through Streamlit: the runs; or their digest, when they went by the feed


def get_feed_token(key: str) -> str:
    return get_last_delivery(key).token


def deliver_runs(key: str, runs: bytes, *, use_feed: bool = True) -> bytes | dict[str, str]:
    """Return what Streamlit has to send: the runs, or only their digest if the player's websocket takes them."""
    before, digest = get_last_delivery(key), sha256(runs).hexdigest()[:DIGEST_LENGTH]
    if digest == before.digest:
        return before.data
    data = {"id": key, "digest": digest} if use_feed and push_message(before.token, digest.encode() + runs) else runs
    st.session_state[make_delivery_key(key)] = LastDelivery(before.token, digest, data)
    return data


def abandon_feed(key: str) -> None:
    """Send the runs through Streamlit, after the player missed them on its feed: no feed is open under a new token."""
    if make_delivery_key(key) in st.session_state:
        revoke_token(st.session_state.pop(make_delivery_key(key)).token)


def get_last_delivery(key: str) -> LastDelivery:
    if make_delivery_key(key) not in st.session_state:
        st.session_state[make_delivery_key(key)] = LastDelivery(issue_token())
    return st.session_state[make_delivery_key(key)]


def make_delivery_key(key: str) -> str:
    return f"{key}-sent"
