"""The log has one line for an invalid message, and the whole traceback of an error of the app."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from google.protobuf.message import DecodeError

from app.server.invalid_message_logging import (
    MAX_LOG_CHARACTERS,
    ONE_LINE_FILTER,
    REPOSITORY,
    STREAMLIT_FOLDER,
    UNREADABLE_MESSAGES,
    WIDGET_LOGGER,
    install_log_filter,
)


def make_function(name: str, file: str, body: str) -> Callable[[Callable[[], Any]], Any]:
    """A function with this file in tracebacks, which may call another one."""
    namespace: dict[str, Any] = {}
    exec(compile(f"def {name}(call):\n {body}", file, "exec"), namespace)  # noqa: S102
    return namespace[name]


def raise_through(*frames: tuple[str, str], error: str = "TypeError('must be real number, not str')") -> BaseException:
    """Raise an error through these functions, the innermost last, and return it."""
    call: Callable[[], Any] = int
    for i, (name, file) in enumerate(reversed(frames)):
        function = make_function(name, file, f"raise {error}" if i == 0 else "return call()")
        call = partial(function, call)
    try:
        call()
    except Exception as raised:
        return raised
    raise AssertionError


def log_error(name: str, error: BaseException, message: str = "Uncaught app execution") -> logging.LogRecord:
    record = logging.LogRecord(name, logging.ERROR, "", 0, message, (), (type(error), error, error.__traceback__))
    assert ONE_LINE_FILTER.filter(record)
    return record


SLIDER = ("slider", f"{REPOSITORY}/app/panels/reusable_scene_widgets.py")
REGISTER = ("register_widget", f"{STREAMLIT_FOLDER}/runtime/state/session_state.py")
SERIALIZED = ("get_serialized", f"{STREAMLIT_FOLDER}/runtime/state/session_state.py")
DESERIALIZE = ("deserialize", f"{STREAMLIT_FOLDER}/elements/widgets/selectbox.py")
UNPACK = ("unpack_widget_state_value", f"{STREAMLIT_FOLDER}/runtime/state/common.py")
JSON = ("loads", "/usr/lib/python3/json/__init__.py")
NAME = ("name", f"{REPOSITORY}/app/model/display_names.py")


@pytest.mark.parametrize(
    "frames, location",
    [
        ((SLIDER, REGISTER, SERIALIZED), "app/panels/reusable_scene_widgets.py:2"),
        ((SLIDER, REGISTER, DESERIALIZE), "app/panels/reusable_scene_widgets.py:2"),
        ((REGISTER, DESERIALIZE), "before the page was run"),
        ((REGISTER, UNPACK, JSON), "before the page was run"),
    ],
)
def test_an_invalid_widget_value_is_logged_in_one_line(frames: tuple[tuple[str, str], ...], location: str) -> None:
    record = log_error(WIDGET_LOGGER, raise_through(*frames))
    assert record.exc_info is None and record.exc_text is None and record.levelname == "WARNING"
    assert location in record.getMessage() and "must be real number" in record.getMessage()


@pytest.mark.parametrize(
    "frames",
    [
        (SLIDER,),
        (SLIDER, REGISTER),
        (SLIDER, ("slider", f"{STREAMLIT_FOLDER}/elements/widgets/slider.py")),
        (SLIDER, REGISTER, SERIALIZED, NAME),  # our `format_func` fails
        (REGISTER, DESERIALIZE, NAME, JSON),
        (("deserialize", f"{REPOSITORY}/app/model/display_names.py"),),
        (("deserialize", "/elsewhere/selectbox.py"),),
    ],
)
def test_an_error_of_the_app_keeps_its_traceback(frames: tuple[tuple[str, str], ...]) -> None:
    error = raise_through(*frames)
    record = log_error(WIDGET_LOGGER, error)
    assert record.exc_info and record.exc_info[1] is error and record.levelname == "ERROR"


def test_an_unreadable_message_is_logged_in_one_line_and_other_errors_are_not() -> None:
    for name, beginning in UNREADABLE_MESSAGES.items():
        record = log_error(name, DecodeError("x"), f"{beginning} from someone\nFile: forged\x1b[31m" + "y" * 1000)
        assert record.exc_info is None and "\n" not in record.getMessage() and "\x1b" not in record.getMessage()
        assert len(record.getMessage()) <= MAX_LOG_CHARACTERS
        assert log_error(name, ValueError("x"), "Error sending websocket payload").exc_info


def test_records_without_an_error_are_unchanged() -> None:
    record = logging.LogRecord(WIDGET_LOGGER, logging.INFO, "", 0, "%s", ("hello",), None)
    assert ONE_LINE_FILTER.filter(record) and record.getMessage() == "hello"


def test_streamlits_loggers_have_the_filter_once() -> None:
    for _ in range(2):
        install_log_filter()
    for name in (WIDGET_LOGGER, *UNREADABLE_MESSAGES):
        assert logging.getLogger(name).filters.count(ONE_LINE_FILTER) == 1
