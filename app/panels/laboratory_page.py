"""The body of a laboratory's page: what it is for with undo and redo above, the picture, and the panel beside it.

Picture and panel are fragments: a change in the panel runs the picture again, and the rest of the page stays.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from app.panels.typed_values import mount_typed_values
from app.panels.undo_redo_buttons import show_history_buttons
from app.session import lecture_playlist, race_lecture
from app.session.fragment_reruns import PANEL, PICTURE, set_fast_path
from app.session.laboratory_lecture import LaboratoryLecture
from app.session.page_request import follow_page_request
from app.session.polled_jobs import drop_unpolled_jobs
from app.session.race_url_sync import mark_race_left, show_faults
from app.session.stale_widget_values import finish_panel_run
from app.session.visit_backup import mount_visit
from app.translation import fix_language


def do_nothing() -> None:
    pass


class LaboratoryPage(NamedTuple):
    apply_url: Callable[[], None]  # shows the scene of the address, if that is new
    update_url: Callable[[], None]
    introduce: Callable[[], str]  # a sentence in the page's language
    get_state: Callable[[], Any]  # with the `past` and `future` of the scene
    undo: Callable[[], None]
    redo: Callable[[], None]
    show_picture: Callable[[], None]
    show_panel_fields: Callable[[], None]
    show_beside_history: Callable[[], None] = do_nothing  # more buttons
    show_below_history: Callable[[], None] = do_nothing
    show_above_picture: Callable[[], None] = do_nothing  # links
    lecture: LaboratoryLecture[Any] | None = None  # whose mode shows the picture alone, without the panel
    picture_key: str = ""  # of the component that is sent the lecture's scenes

    def show(self) -> None:
        mark_race_left()
        follow_page_request()
        set_fast_path(do_nothing)
        self.apply_url()
        top = st.container()
        self.show_above_picture()

        @st.fragment(key=PICTURE)
        @fix_language
        def show_picture() -> None:
            self.update_url()
            mount_visit()
            with drop_unpolled_jobs():
                self.show_picture_of_lecture()

        @st.fragment(key=PANEL)
        @fix_language
        def show_panel() -> None:
            with top:
                show_faults()
                if self.is_lecturing():
                    st.empty()  # the panel may not come back if `top` stays empty
                else:
                    self.show_top_row()
                    self.show_below_history()
            with st.sidebar:
                if not self.is_lecturing():
                    self.show_panel_fields()
                    mount_typed_values()
                finish_panel_run()
            if self.is_lecturing():
                lecture_playlist.precompute_next_entry()

        show_picture()
        show_panel()

    def is_lecturing(self) -> bool:
        return self.lecture is not None and self.lecture.is_on()

    def show_picture_of_lecture(self) -> None:
        """The picture, with the way out of the lecture or back to it."""
        if self.lecture and self.is_lecturing():
            race_lecture.show_exit_button(partial(self.lecture.set_mode, False))
        elif self.lecture and lecture_playlist.get_entries():
            race_lecture.show_way_back(self.lecture.enter, self.lecture.go_to_entry)
        self.show_picture()
        if self.is_lecturing():
            lecture_playlist.mount_overview(self.picture_key)

    def show_top_row(self) -> None:
        with (
            st.container(key="laboratory_top"),
            st.container(horizontal=True, vertical_alignment="top", key="top"),
        ):
            st.markdown(self.introduce())
            state = self.get_state()
            show_history_buttons((self.undo, bool(state.past)), (self.redo, bool(state.future)))
            self.show_beside_history()
