"""One line in the log for what a visitor's browser should not have sent, where Streamlit writes the whole traceback."""

import logging
from pathlib import Path
from types import CodeType, TracebackType

import streamlit

OURS = Path(__file__).parents[2]
STREAMLIT = str(Path(streamlit.__file__).parent)
# Where a widget's value is turned from what was sent into what it means, and back.
READERS = {"deserialize", "get_serialized", "unpack_widget_state_value"}
WIDGETS = "streamlit.error_util"  # writes down what went wrong in a run of a page
UNREAD = {  # what others write down of something sent that could not be read
    "streamlit.components.v2.bidi_component.serialization": "Failed to deserialize component state",
    "streamlit.web.server.starlette.starlette_websocket": "Error deserializing back message",
}
LONGEST = 300  # characters


class OneLine(logging.Filter):
    """Leaves the traceback out of records about what a visitor sent; errors of the app keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        if record.name in UNREAD:
            if record.getMessage().startswith(UNREAD[record.name]):
                shorten(record, f"{record.getMessage()} ({type(error).__name__})")
        elif (where := widget_of(error.__traceback__)) is not None:
            shorten(record, f"a widget was sent a value that it cannot have: {error!r} ({where})")
        return True


def shorten(record: logging.LogRecord, said: str) -> None:
    record.msg, record.args = ascii(said)[1:-1][:LONGEST].replace("\\'", "'"), ()
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = record.exc_text = None


def widget_of(trace: TracebackType | None) -> str | None:
    """The line of ours whose widget was to read what was sent, if that is what failed, and none of our code within."""
    ours, reading = "", False
    while trace is not None:
        code = trace.tb_frame.f_code
        if is_ours(code):
            ours, reading = f"{Path(code.co_filename).relative_to(OURS)}:{trace.tb_lineno}", False
        elif code.co_name in READERS and code.co_filename.startswith(STREAMLIT):
            reading = True
        trace = trace.tb_next
    return (ours or "before the page was run") if reading else None


def is_ours(code: CodeType) -> bool:
    file = Path(code.co_filename)
    return any(file.is_relative_to(OURS / part) for part in ("app", "optimizers", "surfaces"))


ONE_LINE = OneLine()


def keep_the_log_short() -> None:
    """From now on, for this process."""
    for name in (WIDGETS, *UNREAD):
        logging.getLogger(name).addFilter(ONE_LINE)
