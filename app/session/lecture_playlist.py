"""The playlist of a lecture: its scenes, which of them is shown, and the way to the page that shows another one.

The address holds the playlist and the number of the current entry: `playlist=…&place=3`. It holds a scene only where
that differs from the entry's. A page may show a scene of its own while the entry is one of another page.
"""

from hashlib import sha256
from typing import Any, TypeVar

import streamlit as st

from app.browser.player_component import mount_scene_cards
from app.browser.qr_code import list_qr_rows
from app.check_scenes.check_scene import CheckScene
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.compute.cached_simulation import compute_landscape, simulate_run
from app.compute.training_job import get_training_job, list_requests
from app.model.call_reader import Fault
from app.model.scene import Scene, UserError
from app.scene_text.playlist import (
    CHECK_PATH,
    TRAINING_PATH,
    PlaylistEntry,
    PlaylistScene,
    normalize_playlist,
    pack,
    read_playlist,
    unpack,
)
from app.scene_text.url_parameters_by_name import UrlParameters
from app.scene_text.writer import LECTURE_MODE
from app.session import language_switch
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.page_request import request_page
from app.session.page_url_parameters import CHECK_PAGE, RACE_PAGE, TRAINING_PAGE, make_race_link
from app.session.playlist_scene_cards import make_cards
from app.session.polled_jobs import poll_job
from app.session.question_wording_and_choices import make_question
from app.session.session_state import get_session
from app.training_scenes.training_scene import TrainingScene
from surfaces.translatable import Translatable

PLAYLIST_PARAMETER, PLACE_PARAMETER = "playlist", "place"  # parameters of the address
URL_PARAMETERS = (PLAYLIST_PARAMETER, PLACE_PARAMETER)
MODE_PARAMETER = "mode"

URL_PATHS = {RACE_PAGE: "", CHECK_PAGE: CHECK_PATH, TRAINING_PAGE: TRAINING_PATH}
PAGES: dict[type[PlaylistScene], str] = {Scene: RACE_PAGE, CheckScene: CHECK_PAGE, TrainingScene: TRAINING_PAGE}

AnyScene = TypeVar("AnyScene", bound=PlaylistScene)


def get_entries() -> tuple[PlaylistEntry, ...]:
    return get_session().lecture_entries


def get_playlist_index() -> int:
    """The index of the current entry."""
    return get_session().lecture_index


def get_current_entry() -> PlaylistEntry | None:
    return get_entries()[get_playlist_index()] if get_entries() else None


def find_entry(kind: type[AnyScene]) -> tuple[PlaylistEntry, AnyScene] | None:
    """The current entry and its scene, if that is of the kind that the page shows."""
    entry = get_current_entry()
    return (entry, entry.scene) if entry is not None and isinstance(entry.scene, kind) else None


def get_page(entry: PlaylistEntry) -> str:
    """The page that shows an entry."""
    return PAGES[type(entry.scene)]


def is_revealed() -> bool:
    """Has the result of the current entry been shown?"""
    return get_playlist_index() in get_session().revealed


# ---- the address


def load_playlist(parameters: UrlParameters) -> tuple[Fault, ...]:
    """Load the playlist of an address; return the faults in it."""
    packed, place = (parameters.get(name, [""])[0] for name in URL_PARAMETERS)
    faults: list[Fault] = []
    entries: tuple[PlaylistEntry, ...] = ()
    if packed:
        try:
            playlist = read_playlist(unpack(packed), keeps_places=True)
        except UserError as error:
            faults.append(Fault(f"{PLAYLIST_PARAMETER}=…", error.message, Translatable("no playlist")))
        else:
            entries = playlist.entries
            faults += [
                fault._replace(text=f"{PLAYLIST_PARAMETER}, {line}: {fault.text}") for line, fault in playlist.faults
            ]
    index = int(place) - 1 if place.isascii() and place.isdecimal() and len(place) < 4 else 0
    if (entries and place and str(index + 1) != place) or index not in range(len(entries)):
        index = 0
        if entries:
            reason = Translatable("The playlist has scenes 1 to {scenes}.", scenes=len(entries))
            faults.append(Fault(f"{PLACE_PARAMETER}={place[:20]}", reason, f"{PLACE_PARAMETER}=1"))
    session = get_session()
    packed = packed if entries else ""
    if packed != session.lecture_packed:
        session.revealed = frozenset()
    session.lecture_entries, session.lecture_packed, session.lecture_index = entries, packed, index
    return tuple(faults)


def is_loaded(parameters: UrlParameters) -> bool:
    """Is the entry of an address the current one? It may have been left for another page's since it was read."""
    if PLAYLIST_PARAMETER not in parameters:
        return True
    return parameters[PLAYLIST_PARAMETER] == [get_session().lecture_packed] and parameters.get(
        PLACE_PARAMETER, ["1"]
    ) == [str(get_playlist_index() + 1)]


def make_place_parameters(index: int | None = None) -> list[tuple[str, str]]:
    """The parameters of an address with the playlist at an entry, by default the current one; none without one."""
    place = str((get_playlist_index() if index is None else index) + 1)
    return [(PLAYLIST_PARAMETER, get_session().lecture_packed), (PLACE_PARAMETER, place)] if get_entries() else []


def make_entry_parameters(index: int, *, is_lecture: bool) -> list[tuple[str, str]]:
    """The parameters of the address of an entry's page."""
    return [*make_place_parameters(index), *list_other_parameters(is_lecture)]


def list_other_parameters(is_lecture: bool) -> list[tuple[str, str]]:
    """The parameters of an address for the mode and the language."""
    mode = [(MODE_PARAMETER, LECTURE_MODE)] if is_lecture else []
    return [*mode, *language_switch.make_url_parameters().items()]


def find_start(text: str, index: int = 0) -> tuple[str, list[tuple[str, str]]]:
    """The page that starts a lecture at a scene of a playlist's text, and the parameters of its link."""
    parameters = [
        (PLAYLIST_PARAMETER, pack(normalize_playlist(text))),
        (PLACE_PARAMETER, str(index + 1)),
        *list_other_parameters(is_lecture=True),
    ]
    return get_page(read_playlist(text).entries[index]), parameters


def leave_for_entry(is_lecture: bool) -> None:
    """Show the page of the current entry, which is not this one.

    When Streamlit switches pages, it leaves an entry in the history with the old page's name and the new page's
    parameters. A visitor who goes back from the new page to that entry is sent back one entry further.
    """
    entry, session = get_current_entry(), get_session()
    if entry is None:
        return
    if session.previous_page == URL_PATHS[get_page(entry)] != session.current_page:
        st.html("<script>history.back()</script>", unsafe_allow_javascript=True)
        st.stop()
    place = [(name, st.query_params[name]) for name in URL_PARAMETERS if name in st.query_params]  # with its faults
    st.switch_page(get_page(entry), query_params=[*place, *list_other_parameters(is_lecture)])


# ---- actions of the lecturer


def go_to_page_of(index: int, *, is_lecture: bool) -> None:
    """Show an entry on its page, which is another one; to be called in a callback."""
    request_page(get_page(get_entries()[index]), lambda: make_entry_parameters(index, is_lecture=is_lecture))


def reveal_entry(index: int) -> None:
    """Mark an entry as shown: its question was answered, or its race has begun."""
    get_session().revealed |= {index}
    rerun_fragments(PANEL)


def set_scan_code(is_on: bool) -> None:
    get_session().has_scan_code = is_on
    rerun_fragments()


# ---- for the browser


def make_lecture_fields(entry: PlaylistEntry | None, *, is_on: bool, is_shown: bool, waits: bool) -> dict[str, Any]:
    """Make the lecture's fields of a message: whether there is one, the place in the playlist, the page's question."""
    question = make_question(entry) if entry else None
    asked: dict[str, Any] = {}
    if question:
        playlist = sha256(get_session().lecture_packed.encode()).hexdigest()[:12]  # counts of hands are kept under it
        asked = {"question": question.text, "choices": question.choices, "playlist": playlist}
    if question and not waits:
        asked["right"] = question.right
    return {
        "on": is_on,
        "place": get_playlist_index(),
        "places": len(get_entries()),
        "question": question.text if question and waits else "",
        "shown": is_shown,
        **({"asked": asked} if asked else {}),
    }


def describe_scan_code(query: str) -> dict[str, Any]:
    """The link of this page with a query, and its QR code."""
    link = make_race_link(query)
    return {"link": link, "rows": list_qr_rows(link)}


def mount_overview(key: str) -> None:
    """Send the component `key` all scenes with their pictures; what happens is seen where it has been shown."""
    if get_entries():
        revealed = get_session().revealed
        mount_scene_cards(key, make_cards(get_entries(), with_paths=revealed, with_curves=revealed))


def precompute_next_entry() -> None:
    """Compute and cache the next scene while this one is watched; of the others as much as takes a few seconds."""
    for entry in get_entries()[get_playlist_index() + 1 : get_playlist_index() + 2]:
        if isinstance(entry.scene, CheckScene):
            poll_job(get_scan_job, make_scan_request(entry.scene))
            continue
        if isinstance(entry.scene, TrainingScene):
            for request in list_requests(entry.scene):
                poll_job(get_training_job, request)
            continue
        compute_landscape(entry.scene.surface)
        for run in entry.scene.runs:
            if run.is_on:
                simulate_run(entry.scene, run)
