"""The link of a page that has a scene of its own, in the address bar: read when it is new, written when it changes."""

from collections.abc import Iterable

import streamlit as st

from app.scene_text.url_parameters_by_name import UrlParameters, group_parameters
from app.session import language_switch
from app.session.page_url_parameters import PageUrl, is_history_navigation
from app.session.session_state import get_session


def take_new_link(url: PageUrl, *, has_scene: bool, is_left: bool = False) -> UrlParameters | None:
    """The parameters of the address if their scene is to be shown, else None.

    That is on the first visit of the page, and when the visitor goes back or forward. `has_scene`: the page has a scene
    already, which is shown again if the address has none. `is_left`: the lecture of this address went on on another
    page; so the address is read again even if it has not changed.
    """
    session, parameters = get_session(), url.read()
    language_switch.apply_url_language()
    is_first, stayed = url.get_last() is None, session.previous_page == session.current_page
    if url.take_change() is None and not is_first and not is_left:
        return None
    if stayed and not is_first and not is_history_navigation():
        return None  # the page has not written the address yet
    is_empty = not parameters.keys() - {language_switch.URL_PARAMETER}
    if is_empty and has_scene and not is_history_navigation():
        return None
    return parameters


def write_link(url: PageUrl, pairs: Iterable[tuple[str, str]]) -> None:
    """Put the parameters into the address bar, with the language, unless they are there."""
    parameters = group_parameters([*pairs, *language_switch.make_url_parameters().items()])
    if parameters != url.get_last():
        url.remember(parameters)
        st.query_params.from_dict(parameters)
