"""The state of one visit in one typed record, which Streamlit keeps between the runs of a page.

The values of widgets are not in it: Streamlit holds those under the widgets' keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from app.model.call_reader import Fault
from app.model.scene import Call, Scene
from app.scene_text.playlist import PlaylistEntry
from app.scene_text.url_parameters_by_name import UrlParameters
from app.translation import SESSION_KEY


class SentValue(NamedTuple):
    """A value that a widget was given in a run of the panel; run 0 stands for one that the visitor gave it."""

    run: int
    value: Any


@dataclass
class Session:
    # the scene
    scene: Scene | None = None  # None until a page needs one
    past: tuple[Scene, ...] = ()  # for undo, the newest last
    future: tuple[Scene, ...] = ()  # for redo, the next last
    opened_count: int = 0  # of scenes that were opened as a whole, each with a view that holds its paths
    # the panel
    unfolded: frozenset[int | str] = frozenset()  # the expanders that are open
    notes: dict[str, str] = field(default_factory=dict)  # reasons why values were refused, by widget key
    scene_before_lrs: Scene | None = None  # the one whose learning rates another surface has changed last
    typed_sliders: dict[str, Any] = field(default_factory=dict)  # those that take typed values, by the browser's name
    added_slot: int | None = None  # of the run that was added just now, whose card comes into sight
    explanation_slot: int | None = None  # of the run whose formula is to be shown
    last_typed_scene: Scene | None = None  # after the last change of the formula's text
    typed_formula: str = ""  # the formula's text as it was typed last, of which the scene has the canonical text
    typed_table: tuple[str, str] = ("", "")  # the table that was pasted or uploaded last, and its normalized rows
    rejected_table: str = ""  # the last text that is not a table: its field may be folded away before it is corrected
    scene_text_of: Scene | None = None  # the scene that the text in the share menu was written for
    # the player
    fast_path: Callable[[], None] | None = None  # sends the scene to the player at once
    stage_surface: Call | None = None  # the surface that the player shows
    is_dragging: bool = False  # the start is being dragged
    start_series: tuple[int, Scene] | None = None  # the last key presses that moved the start, and the scene after them
    # the address
    urls: dict[str, UrlParameters] = field(default_factory=dict)  # as last read or written, by page
    url_scene: Scene | None = None  # the scene whose exact address is in the address bar
    left_race: bool = False  # another page has been shown since the race
    faults: tuple[Fault, ...] = ()  # of the text that the scene was read from
    faults_origin: str = "link"  # link, text or file
    omitted_parts: tuple[str | None, str] = (None, "")  # page and number of the parts of its link that were not read
    dismissed_omission: tuple[str | None, str] | None = None
    # the pages
    previous_page: str | None = None
    current_page: str | None = None
    # that the next run is to open, and what lists the parameters of its link
    requested_page: tuple[str, Callable[[], Iterable[tuple[str, str]]]] | None = None
    page_language: str = ""  # of the page around the fragments
    # lectures and lessons
    playlist_text: str = ""
    last_reorder: tuple[str, str] = ("", "")  # the text before its scenes were moved last, and after that
    last_list_change: tuple[str, str] = ("", "")  # the text before and after its list was last changed, for undo
    opened_index: int | None = None  # of the scene of the text at which the lecture is to be started
    lecture_entries: tuple[PlaylistEntry, ...] = ()
    lecture_packed: str = ""  # the playlist as the address has it
    lecture_index: int = 0  # of the current entry
    revealed: frozenset[int] = frozenset()  # the entries whose question was answered
    has_scan_code: bool = False  # the audience is shown the link as a QR code
    predictions: dict[str, str] | None = None  # by the lesson's name; None until the cookie was read
    has_new_predictions: bool = False
    has_answered: bool = False  # a lesson whose explanation is to come into sight
    found_bugs: frozenset[str] = frozenset()  # of the bug hunt, in this visit
    # what the browser has acknowledged, see app.session.stale_widget_values
    panel_run: int = 1  # the number of the present run of the panel
    acknowledged_run: int = 0  # the last that the browser has received
    sent_values: dict[str, tuple[SentValue, ...]] = field(default_factory=dict)  # by widget key
    last_present_run: dict[str, int] = field(default_factory=dict)  # of the panel that had this widget
    shown_widgets: set[str] = field(default_factory=set)  # that were ever in a panel, by key
    resend_run: int | None = None  # the run of the panel that gives every widget its value again
    pre_resend_values: dict[str, Any] = field(default_factory=dict)
    # recovery after the server has lost the session
    token: str = ""
    is_resumed: bool = False


def get_session() -> Session:
    if SESSION_KEY not in st.session_state:
        st.session_state[SESSION_KEY] = Session()
    session: Session = st.session_state[SESSION_KEY]
    return session
