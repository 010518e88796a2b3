"""The hunts of a visit: the scene with its undo and its link, and what was spent and found in each hunt.

Undo reverts settings, and never gives back evaluations: a hunt that is opened again is as it was left. That holds after
a reload, too: the browser keeps a copy of each hunt, and sends it when the hunt is first shown.
"""

from dataclasses import dataclass, field

import streamlit as st

from app.bug_hunt.check_record import make_record
from app.bug_hunt.hunt_link import PARAMETERS, read_parameters, write_parameters
from app.bug_hunt.hunt_progress import MAX_LOG, HuntProgress, choose_progress, read_progress
from app.bug_hunt.hunt_scene import HUNT_RANGES, HuntScene, list_block_names, settle
from app.model.scene import UserError
from app.session import language_switch
from app.session.laboratory_url_sync import take_new_link, write_link
from app.session.page_url_parameters import PageUrl
from app.session.race_scene_and_undo import set_read_faults
from app.session.scene_editor import SceneEditor
from app.session.scene_history import add_to_past, step_history
from app.session.session_state import get_session
from app.session.visit_backup import restore_found_bugs
from surfaces.gradient_check.bug_hunt import WRONG_NAME_COST, draw_hunt, name_block
from surfaces.gradient_check.buggy_network_check import CheckSetting
from surfaces.translatable import Translatable

STATE_KEY = "bug_hunt"  # session
HUNT_URL = PageUrl("bug-hunt", (*PARAMETERS, language_switch.URL_PARAMETER))
MAX_HUNTS = 200  # that a visit remembers


@dataclass
class HuntVisit:
    scene: HuntScene = field(default_factory=HuntScene)
    past: tuple[CheckSetting, ...] = ()
    future: tuple[CheckSetting, ...] = ()
    hunts: dict[int, HuntProgress] = field(default_factory=dict)
    copies: dict[int, object] = field(default_factory=dict)  # by number: what the browser gave back of hunts to come
    recalled: set[int] = field(default_factory=set)  # the hunts of which the browser was asked for its copy


def get_visit() -> HuntVisit:
    visit: HuntVisit = st.session_state.setdefault(STATE_KEY, HuntVisit())
    return visit


def get_scene() -> HuntScene:
    return get_visit().scene


def get_progress() -> HuntProgress:
    """How far the hunt on the page has come."""
    hunts, number = get_visit().hunts, get_scene().number
    if number not in hunts:
        while len(hunts) >= MAX_HUNTS:
            del hunts[next(iter(hunts))]
        hunts[number] = HuntProgress()
    if number in get_visit().copies:
        copy = get_visit().copies.pop(number)
        hunts[number] = choose_progress(hunts[number], read_progress(copy, number))
    return hunts[number]


def take_copy(number: int, copy: object) -> None:
    """Keep the browser's copy of a hunt, which goes on from it when it is shown, unless this visit has come further."""
    get_visit().copies[number] = copy


def recall_hunt(copy: object, found_bugs: object) -> None:
    """Take the browser's copy of the hunt on the page, once, if it has one, and the bugs that were found in others."""
    number = get_scene().number
    if is_recalled():
        return
    get_visit().recalled.add(number)
    get_progress()  # uses up a copy that the backup of the visit gave back
    take_copy(number, copy)
    restore_found_bugs(found_bugs)
    if get_progress().state.is_found:
        get_session().found_bugs |= {draw_hunt(number).code.bug}


def is_recalled() -> bool:
    """Whether the browser was asked for its copy of the hunt on the page."""
    return get_scene().number in get_visit().recalled


# ---- settings


def update_scene(scene: HuntScene) -> None:
    """Replace the scene. Undo returns to the old settings, in whatever hunt."""
    visit = get_visit()
    if scene == visit.scene:
        return
    if scene.number == visit.scene.number:
        visit.past, visit.future = add_to_past(visit.past, visit.scene.setting), ()
    visit.scene = scene
    get_session().faults = ()


def undo() -> None:
    visit = get_visit()
    setting, visit.past, visit.future = step_history(visit.past, visit.future, visit.scene.setting)
    show_old_setting(setting)


def redo() -> None:
    visit = get_visit()
    setting, visit.future, visit.past = step_history(visit.future, visit.past, visit.scene.setting)
    show_old_setting(setting)


def show_old_setting(setting: CheckSetting) -> None:
    scene = get_scene()
    get_visit().scene = scene._replace(setting=settle(setting, scene.code))
    get_session().notes = {}


EDITOR = SceneEditor(get_scene, update_scene, lambda scene: scene)
apply_edit, try_edit = EDITOR.apply_edit, EDITOR.try_edit


def choose_blocks(names: tuple[str, ...]) -> None:
    """Check these blocks; none of them means all."""
    scene = get_scene()
    known = [name for name in list_block_names(scene.code) if name in names]
    update_scene(scene.with_choice("blocks", known or list_block_names(scene.code)))


def toggle_block(name: str) -> None:
    """Check a block too, or not any more; the last one stays."""
    scene = get_scene()
    chosen = set(scene.setting.blocks or list_block_names(scene.code)) ^ {name}
    if chosen:
        choose_blocks(tuple(chosen))


# ---- the game


def start_next_hunt() -> None:
    """Go to the next number; after the last comes the first."""
    number = get_scene().number + 1
    update_scene(get_scene().with_number(number if number <= HUNT_RANGES["hunt"].high else 0))
    get_session().notes = {}


def make_check() -> None:
    """Check the gradient in the present settings. Once the hunt is over that costs nothing."""
    scene, progress = get_scene(), get_progress()
    record, state = make_record(scene, progress.state, is_free=progress.is_over)
    progress.state, progress.note = state, None
    progress.check_count += 1
    progress.log = (*progress.log, record._replace(number=progress.check_count))[-MAX_LOG:]


def accuse_block(name: str) -> None:
    """Name the faulty block."""
    hunt, progress = draw_hunt(get_scene().number), get_progress()
    if progress.is_over or name in progress.wrong_blocks:
        return
    try:
        state = name_block(progress.state, hunt, name)
    except UserError as error:
        progress.note = error.message
        return
    progress.state = state
    if state.is_found:
        progress.note = None
        get_session().found_bugs |= {hunt.code.bug}
    else:
        progress.wrong_blocks = (*progress.wrong_blocks, name)
        progress.note = Translatable(
            "{block} is not it. That cost {cost} evaluations.", block=name, cost=WRONG_NAME_COST
        )


def give_up() -> None:
    progress = get_progress()
    progress.has_given_up, progress.note = not progress.state.is_found, None


# ---- the link


def apply_url() -> None:
    """Show the hunt of the address on the first visit, and when the visitor goes back or forward."""
    is_first = HUNT_URL.get_last() is None
    parameters = take_new_link(HUNT_URL, has_scene=STATE_KEY in st.session_state)
    if parameters is None:
        return
    reading = read_parameters(parameters)
    if is_first:
        get_visit().scene = reading.scene
    else:
        update_scene(reading.scene)
    set_read_faults("link", reading.faults)


def update_url() -> None:
    """Put the link to the scene into the address bar, unless it is there."""
    write_link(HUNT_URL, write_parameters(get_scene()))
