"""The messages about a background job between a page and its component, and the words for its progress."""

from collections.abc import Mapping
from typing import Any

from app.browser.player_protocol import is_serial

PROGRESS_LABELS = {
    "working": "Computing: {share} %",
    "stopped": "Stopped at {share} %",
    "failed": "This could not be computed.",
    "other": "another visitor computes too, in turns",
    "others": "{others} other visitors compute too, in turns",
    "stop": "Stop",
    "resume": "Go on",
}


def make_job_id(*requests: Any) -> str:
    return f"{hash(requests):x}"


def decode_stop(payload: object) -> bool | None:
    """Whether the visitor stopped the job, or resumed it."""
    value, n = get_fields(payload, "value", "n")
    return value if type(value) is bool and is_serial(n) else None


def get_fields(payload: object, *names: str) -> tuple[Any, ...]:
    """Values of a message; None for those that it does not have."""
    return tuple(payload.get(name) if isinstance(payload, Mapping) else None for name in names)
