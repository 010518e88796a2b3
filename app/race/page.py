"""The page of the race: a landscape with runs on it, and the panel that changes them."""

from functools import partial
from math import isfinite
from typing import Any

import streamlit as st

from app.browser.player_component import mount_player
from app.browser.player_labels import translate_labels
from app.browser.player_protocol import StartMove
from app.browser.race_messages import encode_race, encode_waiting_race, mount_focused_equations
from app.browser.run_delivery import deliver_runs
from app.compute.cached_simulation import simulate_run
from app.model.display_names import format_surface_title
from app.model.scene import Scene
from app.model.view_options import View
from app.panels.formula_fields import describe_kept_formula
from app.panels.run_style_sheet import make_run_styles
from app.panels.undo_redo_buttons import follow_history_steps
from app.race.controls import show_controls
from app.race.landscape_wait_notice import announce_repeated_training
from app.session import lecture_playlist, race_lecture
from app.session.fragment_reruns import PANEL, PICTURE, rerun_fragments, set_fast_path
from app.session.page_request import follow_page_request
from app.session.race_scene_and_undo import get_scene, move_start, redo, undo, update_scene
from app.session.race_url_sync import AddressUpdate, apply_url, show_faults, take_address_update
from app.session.session_state import get_session
from app.session.stale_widget_values import finish_panel_run
from app.session.visit_backup import mount_visit
from app.translation import fix_language, translate

PLAYER_KEY = "race"


def encode_scene(scene: Scene) -> bytes:
    """Encode the runs of a scene for the player."""
    suspense = race_lecture.is_suspenseful()
    racing = [run for run in scene.runs if run.is_on]
    note = describe_kept_formula()
    if not racing:
        note = translate("Nothing to race yet: add a run in the panel.")
    elif not isfinite(simulate_run(scene, racing[0]).columns["loss"][0]):
        note = translate("At this start f is not a finite number, so no run can begin: choose another start.")
    opening, lecture_fields = get_session().opened_count, race_lecture.make_player_fields()
    if race_lecture.is_waiting():
        return encode_waiting_race(
            PLAYER_KEY, scene, translate("Waits at the start."), note=note, opening=opening, suspense=suspense,
            **lecture_fields,
        )  # fmt: skip
    title = format_surface_title(scene.surface, get_session().typed_formula)
    return encode_race(
        PLAYER_KEY, scene, note=note, opening=opening, suspense=suspense, picture_title=title, **lecture_fields
    )


@fix_language
def push_scene() -> None:
    """Send the runs to the player before the fragments are run again, if it already has the landscape."""
    if get_scene().surface == get_session().stage_surface:
        deliver_runs(PLAYER_KEY, encode_scene(get_scene()))


def show_moved_start(move: StartMove) -> None:
    """Move the start; during a drag only the picture is updated."""
    move_start(move.point, is_dragging=move.is_dragging, series=move.series)
    if move.is_dragging:
        push_scene()
    else:
        rerun_fragments(PANEL)


def toggle_run(index: int) -> None:
    """Switch a run off or on."""
    runs = get_scene().runs
    if index < len(runs):
        update_scene(get_scene().replace_run(runs[index]._replace(is_on=not runs[index].is_on)))
        rerun_fragments(PANEL)


def change_view(view: View) -> None:
    """Change the view or the step; the panel is run again if that changes what undo and redo can do."""
    session = get_session()
    history_lengths = len(session.past), len(session.future)
    update_scene(get_scene().with_presentation(view=view))
    if history_lengths != (len(session.past), len(session.future)):
        rerun_fragments(PANEL)


def is_alone(scene: Scene) -> bool:
    """Is the race shown without its panels?"""
    return scene.presentation.is_lecture or race_lecture.is_framed()


@st.fragment(key=PICTURE)
@fix_language
def show_picture() -> None:
    scene = get_scene()
    if scene.presentation.is_lecture:
        race_lecture.show_exit_button()
    elif race_lecture.is_framed():
        race_lecture.hide_panels()
    elif lecture_playlist.get_entries():
        race_lecture.show_way_back(race_lecture.enter_lecture, race_lecture.go_to_entry)
    mount_player(
        scene.surface,
        encode_scene(scene),
        key=PLAYER_KEY,
        on_start=show_moved_start,
        on_toggle=toggle_run,
        on_undo=partial(follow_history_steps, undo, redo),
        on_view=change_view,
        on_lecture=race_lecture.handle_lecture_event,
        get_playlist_index=lecture_playlist.get_playlist_index,
        get_opening=lambda: get_session().opened_count,
        view=scene.view,
        labels=translate_labels(),
        address=(AddressUpdate() if get_session().is_dragging else take_address_update(scene))._asdict(),
    )
    get_session().stage_surface = scene.surface
    mount_visit()
    if not race_lecture.is_framed() and not race_lecture.is_waiting():
        mount_focused_equations(PLAYER_KEY, scene)


@st.fragment(key=PANEL)
@fix_language
def show_panel(top_container: Any) -> None:
    if is_alone(get_scene()):
        with top_container:
            show_faults()
            st.empty()  # the panel may not come back if `top_container` stays empty
        with st.sidebar:
            finish_panel_run()
        if get_scene().presentation.is_lecture:
            lecture_playlist.precompute_next_entry()
            lecture_playlist.mount_overview(PLAYER_KEY)
        return
    with top_container:
        show_faults()
    show_controls(top_container)


follow_page_request()
st.html(make_run_styles())
set_fast_path(push_scene)
with announce_repeated_training():
    apply_url()
top_container = st.container()
show_picture()  # before the panel, so that it is sent while the panel is still being made
show_panel(top_container)
