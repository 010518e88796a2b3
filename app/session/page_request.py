"""Go to another page on an event of a component, so that the browser's Back leads back from there."""

from collections.abc import Callable, Iterable

import streamlit as st

from app.scene_text.url_parameters_by_name import group_parameters
from app.session.session_state import get_session


def request_page(page: str, list_parameters: Callable[[], Iterable[tuple[str, str]]]) -> None:
    """Request another page, in a callback. `list_parameters` is called later, for the parameters of its link."""
    get_session().requested_page = page, list_parameters
    st.rerun()  # the whole page: if a fragment switches pages, parts of it may appear on the new page


def follow_page_request() -> None:
    """Switch to the page that was requested; to be called when a run of a page begins."""
    session = get_session()
    request, session.requested_page = session.requested_page, None
    if request:
        page, list_parameters = request
        st.switch_page(page, query_params=group_parameters(list_parameters()))
