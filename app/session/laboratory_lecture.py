"""The lecture on a laboratory's page: its mode, and the scenes of a playlist that this page shows.

A scene may have a question: nothing of its result is shown before that is answered. The address has the playlist and
the place in it, and a scene of its own only where that differs from the entry's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from app.browser.player_component import Events, make_lecture_events
from app.model.call_reader import Fault
from app.scene_text.playlist import PlaylistEntry, PlaylistScene, pack, write_line
from app.scene_text.url_parameters_by_name import UrlParameters
from app.scene_text.writer import LECTURE_MODE, encode_query
from app.session import language_switch, lecture_playlist
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.laboratory_url_sync import take_new_link, write_link
from app.session.lecture_playlist import MODE_PARAMETER, PLAYLIST_PARAMETER, URL_PARAMETERS
from app.session.page_url_parameters import PageUrl
from app.session.race_scene_and_undo import set_read_faults
from app.session.scene_editor import SceneState, find_scene_of_link
from app.session.session_state import get_session

S = TypeVar("S", bound=PlaylistScene)


class LectureSceneState(SceneState, Protocol):
    is_lecture: bool  # the picture alone, in large type


class SceneLinks(Protocol):
    """How the scenes of a page are written as the parameters of a link, and read: a module has all of this."""

    PARAMETERS: tuple[str, ...]
    write_parameters: Callable[[Any], list[tuple[str, str]]]
    write_named_parameters: Callable[[Any], list[tuple[str, str]]]  # at least one
    is_linkable: Callable[[Any], bool]  # with all its data
    read_parameters: Callable[[Mapping[str, Sequence[str]]], Any]  # `scene` and `faults`


def make_laboratory_url(page: str, parameters: Sequence[str]) -> PageUrl:
    """The parameters of a laboratory's address: those of its scenes, of a playlist, and the visitor's."""
    return PageUrl(page, (*URL_PARAMETERS, *parameters, language_switch.URL_PARAMETER, MODE_PARAMETER))


@dataclass(frozen=True)
class LaboratoryLecture(Generic[S]):
    kind: type[S]  # of the page's scenes
    url: PageUrl
    state_key: str  # of the session
    get_state: Callable[[], LectureSceneState]
    begin_scene: Callable[[S], None]  # shows another scene, with an undo history of its own
    update_scene: Callable[[S], None]  # replaces the scene; undo returns to the old one
    links: SceneLinks
    is_played: bool = False  # a scene without a question stands at its start, too, until the lecturer lets it begin
    write_view: Callable[[], list[tuple[str, str]]] = list  # how the scene is looked at, as parameters of its link
    apply_view: Callable[[UrlParameters], Sequence[Fault]] = lambda parameters: ()

    def is_on(self) -> bool:
        return self.get_state().is_lecture

    def find_entry(self) -> tuple[PlaylistEntry, S] | None:
        """The current entry of the playlist and its scene, if that is of this page."""
        return lecture_playlist.find_entry(self.kind)

    def is_waiting(self) -> bool:
        """Does the result wait until the audience has predicted it? It does so outside of the mode, too."""
        found = self.find_entry()
        return found is not None and found[0].question is not None and not lecture_playlist.is_revealed()

    def is_shown(self) -> bool:
        """Has the scene's result been shown, or may it be shown at once?"""
        return lecture_playlist.is_revealed() if self.find_entry() else True

    # ---- actions of the lecturer

    def set_mode(self, is_on: bool) -> None:
        self.get_state().is_lecture = is_on
        rerun_fragments(PANEL)

    def enter(self) -> None:
        """Go back to the lecture: to its current entry, which may be on another page."""
        if self.find_entry() or not lecture_playlist.get_entries():
            self.set_mode(True)
        else:
            lecture_playlist.go_to_page_of(lecture_playlist.get_playlist_index(), is_lecture=True)

    def go_to_entry(self, index: int) -> None:
        """Show another scene of the playlist, on its page, with an undo history of its own."""
        entries = lecture_playlist.get_entries()
        if not 0 <= index < len(entries):
            return
        scene = entries[index].scene
        if not isinstance(scene, self.kind):
            is_lecture, self.get_state().is_lecture = self.is_on(), False  # the mode goes along to the other page
            return lecture_playlist.go_to_page_of(index, is_lecture=is_lecture)
        get_session().lecture_index = index
        self.begin_scene(scene)
        rerun_fragments(PANEL)

    def list_events(self) -> Events:
        """List the decoder and the action of each event of a lecture."""
        return make_lecture_events({
            "lecture": lambda on: self.enter() if on else self.set_mode(False),
            "place": self.go_to_entry,
            "revealed": lecture_playlist.reveal_entry,
            "scan": lambda on: lecture_playlist.set_scan_code(bool(on)),
        })  # fmt: skip

    # ---- for the browser

    def make_fields(self) -> dict[str, Any]:
        """Make the lecture's fields of the message to the browser."""
        found = self.find_entry()
        entry = found and found[0]
        if entry and entry.question is None and not self.is_played:
            get_session().revealed |= {lecture_playlist.get_playlist_index()}  # it is seen as soon as it is there
        fields = lecture_playlist.make_lecture_fields(
            entry, is_on=self.is_on(), is_shown=self.is_shown(), waits=self.is_waiting()
        )
        scan = {"scan": self.make_scan_code()} if self.is_on() and get_session().has_scan_code else {}
        return {"lecture": {**fields, **scan}}

    def make_scan_code(self) -> dict[str, Any]:
        """The link of the scene for the audience, and its QR code.

        With a question it is a playlist of this one scene, which waits, also after the lecturer has shown the result.
        """
        found, scene = self.find_entry(), self.get_state().scene
        pairs = [*self.links.write_parameters(scene), *self.write_view()]
        if found and found[0].question is not None:
            entry, entry_scene = found
            alone = write_line(entry._replace(scene=scene, lesson=entry.lesson if scene == entry_scene else ""))
            pairs = [(PLAYLIST_PARAMETER, pack(alone))]
        language = language_switch.make_url_parameters().items()
        return lecture_playlist.describe_scan_code(encode_query([*pairs, *language]))

    # ---- the address

    def apply_url(self) -> None:
        """Show the scene of the address on the first visit, and when the visitor goes back or forward.

        That is the entry of its playlist, unless the address has a scene of its own; for an entry of another page that
        is shown.
        """
        is_first = self.url.get_last() is None
        is_left = not lecture_playlist.is_loaded(self.url.read())
        parameters = take_new_link(self.url, has_scene=self.state_key in st.session_state, is_left=is_left)
        has_moved = get_session().previous_page != get_session().current_page
        if has_moved and MODE_PARAMETER not in st.query_params:
            self.get_state().is_lecture = False  # the lecture has gone on elsewhere, and was left there
        if parameters is None:
            return
        self.get_state().is_lecture = parameters.get(MODE_PARAMETER) == [LECTURE_MODE]
        is_empty = not parameters.keys() - {language_switch.URL_PARAMETER}  # a lecture on another page goes on
        faults = () if is_empty else lecture_playlist.load_playlist(parameters)
        reading = self.links.read_parameters(parameters)
        unlinkable = self.find_unlinkable(parameters)
        if PLAYLIST_PARAMETER in parameters and not parameters.keys() & {*self.links.PARAMETERS}:
            self.show_entry()
        elif is_first:
            self.begin_scene(unlinkable or reading.scene)
        else:
            self.update_scene(unlinkable or reading.scene)
        view_faults = self.apply_view(parameters)
        set_read_faults("link", (*faults, *(() if unlinkable else reading.faults), *view_faults))

    def show_entry(self) -> None:
        """Show the current entry of the playlist: on this page, or on the page of its kind."""
        if found := self.find_entry():
            self.begin_scene(found[1])
        else:
            is_lecture, self.get_state().is_lecture = self.is_on(), False
            lecture_playlist.leave_for_entry(is_lecture)

    def find_unlinkable(self, parameters: UrlParameters) -> S | None:
        """The scene of this visit that has this link, if that leaves out its data."""
        state = self.get_state()
        scenes = [each for each in (state.scene, *state.past, *state.future) if not self.links.is_linkable(each)]
        own = {name: values for name, values in parameters.items() if name in self.links.PARAMETERS}
        return find_scene_of_link(scenes, self.links.write_parameters, own)

    def update_url(self) -> None:
        """Put the link to the scene into the address bar, unless it is there; with a playlist, if it is no entry."""
        found, scene, place = self.find_entry(), self.get_state().scene, lecture_playlist.make_place_parameters()
        parts = self.links.write_named_parameters(scene) if place else self.links.write_parameters(scene)
        mode = [(MODE_PARAMETER, LECTURE_MODE)] if self.is_on() else []
        write_link(self.url, [*place, *([] if found and found[1] == scene else parts), *self.write_view(), *mode])
