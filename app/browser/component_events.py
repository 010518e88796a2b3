"""Messages of the browser to a component of the page, and the handlers that are called once for each new one."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


def make_event_handler(
    key: str, name: str, decode: Callable[[object], Any], handle: Callable[[Any], None]
) -> Callable[[], None]:
    """A callback that passes on what the component `key` sent under `name`, if it is valid and new.

    `decode` returns None for an invalid message; a valid one has a serial number "n", which no other message has.
    """

    def handle_event() -> None:
        payload: Any = get_component_value(key, name)
        value = decode(payload)
        if value is not None and accept_serial(f"{key}-{name}", payload["n"]):
            handle(value)

    return handle_event


def get_component_value(key: str, name: str) -> object:
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else None


def get_last_serial(key: str) -> int:
    """The serial number of the last message that was accepted under `key`; 0 if there was none."""
    return st.session_state.get(f"{key}-serial", 0)


def accept_serial(key: str, serial: int) -> bool:
    """Whether this is another serial number than the last one under `key`, which it replaces."""
    is_new = st.session_state.get(f"{key}-serial") != serial
    st.session_state[f"{key}-serial"] = serial
    return is_new


def get_fields(payload: object, *names: str) -> tuple[Any, ...]:
    """Values of a message; None for those that it does not have."""
    return tuple(payload.get(name) if isinstance(payload, Mapping) else None for name in names)
