"""Log one line for each invalid message of a browser, where Streamlit would log a whole traceback."""

import logging
from pathlib import Path
from types import CodeType, TracebackType

import streamlit

REPOSITORY = Path(__file__).parents[2]
STREAMLIT_FOLDER = str(Path(streamlit.__file__).parent)
# Streamlit's functions that convert between the value of a widget and its message.
DESERIALIZERS = {"deserialize", "get_serialized", "unpack_widget_state_value"}
WIDGET_LOGGER = "streamlit.error_util"  # logs errors in a page's script
UNREADABLE_MESSAGES = {  # by logger: the beginning of what it logs for an unreadable message
    "streamlit.components.v2.bidi_component.serialization": "Failed to deserialize component state",
    "streamlit.web.server.starlette.starlette_websocket": "Error deserializing back message",
}
MAX_LOG_CHARACTERS = 300


class OneLineFilter(logging.Filter):
    """Removes the traceback from records about invalid messages of a browser; errors of the app keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        if record.name in UNREADABLE_MESSAGES:
            if record.getMessage().startswith(UNREADABLE_MESSAGES[record.name]):
                shorten_record(record, f"{record.getMessage()} ({type(error).__name__})")
        elif (line := find_widget_line(error.__traceback__)) is not None:
            shorten_record(record, f"a widget was sent an invalid value: {error!r} ({line})")
        return True


def shorten_record(record: logging.LogRecord, text: str) -> None:
    record.msg, record.args = ascii(text)[1:-1][:MAX_LOG_CHARACTERS].replace("\\'", "'"), ()
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = record.exc_text = None


def find_widget_line(trace: TracebackType | None) -> str | None:
    """The line of the app whose widget could not read its value; None if code of the app itself failed."""
    app_line, is_deserializing = "", False
    while trace is not None:
        code = trace.tb_frame.f_code
        if is_own_code(code):
            app_line = f"{Path(code.co_filename).relative_to(REPOSITORY)}:{trace.tb_lineno}"
            is_deserializing = False
        elif code.co_name in DESERIALIZERS and code.co_filename.startswith(STREAMLIT_FOLDER):
            is_deserializing = True
        trace = trace.tb_next
    return (app_line or "before the page was run") if is_deserializing else None


def is_own_code(code: CodeType) -> bool:
    file = Path(code.co_filename)
    return any(file.is_relative_to(REPOSITORY / part) for part in ("app", "optimizers", "surfaces"))


ONE_LINE_FILTER = OneLineFilter()


def install_log_filter() -> None:
    for name in (WIDGET_LOGGER, *UNREADABLE_MESSAGES):
        logging.getLogger(name).addFilter(ONE_LINE_FILTER)
