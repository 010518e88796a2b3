"""One line in the log for what a visitor's browser should not have sent, where Streamlit writes the whole traceback."""

import logging
from pathlib import Path
from types import CodeType, TracebackType

import streamlit

REPOSITORY = Path(__file__).parents[2]
STREAMLIT_FOLDER = str(Path(streamlit.__file__).parent)
# Where a widget's value is turned from what was sent into what it means, and back.
DESERIALIZERS = {"deserialize", "get_serialized", "unpack_widget_state_value"}
WIDGET_LOGGER = "streamlit.error_util"  # writes down what went wrong in a run of a page
UNREADABLE_MESSAGES = {  # what others write down of something sent that could not be read
    "streamlit.components.v2.bidi_component.serialization": "Failed to deserialize component state",
    "streamlit.web.server.starlette.starlette_websocket": "Error deserializing back message",
}
MAX_LOG_CHARACTERS = 300  # characters


class OneLineFilter(logging.Filter):
    """Leaves the traceback out of records about what a visitor sent; errors of the app keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        if record.name in UNREADABLE_MESSAGES:
            if record.getMessage().startswith(UNREADABLE_MESSAGES[record.name]):
                shorten_record(record, f"{record.getMessage()} ({type(error).__name__})")
        elif (where := find_widget_line(error.__traceback__)) is not None:
            shorten_record(record, f"a widget was sent a value that it cannot have: {error!r} ({where})")
        return True


def shorten_record(record: logging.LogRecord, text: str) -> None:
    record.msg, record.args = ascii(text)[1:-1][:MAX_LOG_CHARACTERS].replace("\\'", "'"), ()
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = record.exc_text = None


def find_widget_line(trace: TracebackType | None) -> str | None:
    """The line of ours whose widget was to read what was sent, if that is what failed, and none of our code within."""
    ours, reading = "", False
    while trace is not None:
        code = trace.tb_frame.f_code
        if is_own_code(code):
            ours, reading = f"{Path(code.co_filename).relative_to(REPOSITORY)}:{trace.tb_lineno}", False
        elif code.co_name in DESERIALIZERS and code.co_filename.startswith(STREAMLIT_FOLDER):
            reading = True
        trace = trace.tb_next
    return (ours or "before the page was run") if reading else None


def is_own_code(code: CodeType) -> bool:
    file = Path(code.co_filename)
    return any(file.is_relative_to(REPOSITORY / part) for part in ("app", "optimizers", "surfaces"))


ONE_LINE_FILTER = OneLineFilter()


def install_log_filter() -> None:
    """From now on, for this process."""
    for name in (WIDGET_LOGGER, *UNREADABLE_MESSAGES):
        logging.getLogger(name).addFilter(ONE_LINE_FILTER)
