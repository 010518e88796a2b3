"""Keep the race's scene and its address in step: show the address's scene, and write changed scenes into it."""

from collections import Counter
from itertools import islice
from typing import NamedTuple

import streamlit as st

from app.model.call_reader import Fault
from app.model.scene import Scene
from app.scene_text.url_parameters_by_name import group_parameters
from app.scene_text.writer import PART_NAMES, encode_query, list_link_parts, list_parts
from app.session import language_switch, lecture_playlist, race_lecture
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.page_url_parameters import PageUrl, is_history_navigation
from app.session.race_scene_and_undo import begin_visit, get_scene, load_scene, set_read_faults
from app.session.session_state import get_session
from app.session.widget_notes import escape_markdown
from app.translation import get_punctuation, translate
from surfaces.translatable import Translatable

FAULT_MESSAGES = {
    "link": Translatable("**Parts of this link could not be read.** Everything else is shown as the link says."),
    "text": Translatable("**Parts of this text could not be read.** Everything else is shown as the text says."),
    "file": Translatable("**Parts of this file could not be read.** Everything else is shown as the file says."),
}
MAX_LISTED_FAULTS = 20  # a link with a thousand runs has nearly as many faults
RACE_URL = PageUrl("race", (*PART_NAMES, *lecture_playlist.URL_PARAMETERS))


def apply_url() -> None:
    """Show the scene of the address on the first visit, and when the visitor goes back or forward."""
    session, parameters = get_session(), RACE_URL.read()
    left_race, session.left_race = session.left_race, False
    is_first, is_back = RACE_URL.get_last() is None, is_history_navigation()
    if parameters == RACE_URL.get_last() and lecture_playlist.is_loaded(parameters) and not (left_race and is_back):
        return
    if not is_first and not left_race and not is_back:
        session.url_scene = None  # the player has not written the address yet, or the page was chosen again
        return
    RACE_URL.remember(parameters)
    if left_race and not is_back and not parameters and session.scene:  # the address has the page's name but no scene
        session.url_scene, session.scene = None, session.scene.with_presentation(is_lecture=False)
        return
    scene, faults = race_lecture.read_url(parameters)
    for unlinkable in list_unlinkable_scenes():
        if group_parameters(list_link_parts(unlinkable)) == parameters:
            scene, faults = unlinkable, ()
            break
    session.url_scene = scene
    if left_race and language_switch.URL_PARAMETER not in parameters:  # another page may have switched it since
        scene = scene.with_presentation(language=get_scene().presentation.language)
    (begin_visit if is_first or lecture_playlist.get_entries() else load_scene)(scene)
    set_read_faults("link", faults)


def mark_race_left() -> None:
    """Record that another page is shown; the scene is kept until the visitor comes back."""
    get_session().left_race = True


class AddressUpdate(NamedTuple):
    """The query to put into the address bar; or, if the address has the scene already, that scene's own query."""

    query: str = ""  # to be put there; "" if it has the scene that is shown
    shown: str = ""  # in that case: the query as the app would have written it


def take_address_update(scene: Scene) -> AddressUpdate:
    """The query that the player is to put into the address bar, if that is out of date."""
    session, pairs = get_session(), race_lecture.write_url_parameters(scene)
    if scene == session.url_scene:
        return AddressUpdate(shown=encode_query(pairs))
    RACE_URL.remember(group_parameters(pairs))
    session.url_scene = None  # no scene has the address of another link any more
    return AddressUpdate(encode_query(pairs))


def list_unlinkable_scenes() -> list[Scene]:
    """The scenes of this visit whose data are too long for an address."""
    session = get_session()
    scenes = (*session.past, *session.future, session.scene) if session.scene else ()
    return [scene for scene in scenes if scene and list_link_parts(scene) != list_parts(scene)]


def show_faults() -> None:
    """List the faults of a link, text or file and what is shown instead; equal faults once, with their number."""
    session = get_session()
    if not session.faults:
        return
    counts = Counter(session.faults)
    with st.container(border=True, key="faults"):
        st.markdown(translate(FAULT_MESSAGES[session.faults_origin]))
        lines = [write_fault(fault, count) for fault, count in islice(counts.items(), MAX_LISTED_FAULTS)]
        if len(counts) > MAX_LISTED_FAULTS:
            lines.append(translate("And {n} more.", n=sum(list(counts.values())[MAX_LISTED_FAULTS:])))
        st.markdown("\n".join(f"- {line}" for line in lines))
        st.button(translate("Got it"), key="faults_read", on_click=dismiss_faults)


def write_fault(fault: Fault, count: int) -> str:
    marks = get_punctuation()
    times = marks.brackets.format(f"× {count}") if count > 1 else ""
    return (
        f"`{escape_code(fault.text)}`{times}{marks.colon}{escape_markdown(translate(fault.reason))}{marks.gap}"
        f"{describe_replacement(fault)}"
    )


def describe_replacement(fault: Fault) -> str:
    if not fault.replacement:
        return translate("This run is left out.")
    return f"{translate('Shown instead:')}{get_punctuation().gap}`{escape_code(translate(fault.replacement))}`"


def dismiss_faults() -> None:
    get_session().faults = ()
    rerun_fragments(PANEL)


def escape_code(text: str) -> str:
    """Escape text to stand between backticks."""
    return text.replace("`", "'").replace("\n", " ")
