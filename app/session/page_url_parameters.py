"""Changes of the URL parameters that a page reads and writes."""

from typing import NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.scene_text.url_parameters_by_name import UrlParameters
from app.session.session_state import get_session

LESSONS_PAGE, RACE_PAGE = "lessons/page.py", "race/page.py"
CHECK_PAGE, TRAINING_PAGE = "gradient_check/page.py", "training/page.py"


class PageUrl(NamedTuple):
    """The URL parameters that belong to one page."""

    page: str
    names: tuple[str, ...]

    def read(self) -> UrlParameters:
        return {name: st.query_params.get_all(name) for name in self.names if name in st.query_params}

    def get_last(self) -> UrlParameters | None:
        """The parameters when they were last read or written; None before that."""
        return get_session().urls.get(self.page)

    def remember(self, parameters: UrlParameters) -> None:
        get_session().urls[self.page] = parameters

    def forget(self) -> None:
        get_session().urls.pop(self.page, None)

    def take_change(self) -> UrlParameters | None:
        """The parameters, if they differ from those that were last read or written; else None."""
        parameters = self.read()
        if parameters == self.get_last():
            return None
        self.remember(parameters)
        return parameters


def make_race_link(query: str) -> str:
    """The full link of a query; called on the page whose address it begins with."""
    return f"{(st.context.url or '').partition('?')[0]}?{query}"


def is_history_navigation() -> bool:
    """Does this run come from the browser's back or forward button?"""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
