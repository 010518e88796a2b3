"""Add, duplicate, remove and recolour runs."""

from app.compute.suited_learning_rates import suggest_run
from app.model.scene import Run
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import get_scene, try_edit, update_scene
from app.session.session_state import get_session


def add_run(new: Run | None = None) -> None:
    """Add a run and unfold its card; fold the others."""
    old_scene = get_scene()
    run = new or suggest_run(old_scene)
    if try_edit("add", lambda scene, _: scene.add_run(run)):
        new_slots = {run.slot for run in get_scene().runs} - {run.slot for run in old_scene.runs}
        get_session().unfolded = get_session().unfolded & {"more"} | new_slots
        get_session().added_slot = next(iter(new_slots), None)
        rerun_fragments(PANEL)


def duplicate_run(slot: int | None = None) -> None:
    runs = get_scene().runs
    if runs:
        add_run(runs[-1] if slot is None else get_scene().find_run(slot))


def remove_run(slot: int) -> None:
    try_edit("add", lambda scene, _: scene.remove_run(slot))
    get_session().unfolded -= {slot}
    rerun_fragments(PANEL)


def recolour_run(slot: int, new_slot: int) -> None:
    """Give the run in `slot` the style `new_slot`; a run that had it takes the old one."""
    update_scene(get_scene().recolour_run(slot, new_slot))
    swapped_slots = {slot: new_slot, new_slot: slot}
    get_session().unfolded = frozenset(swapped_slots.get(slot, slot) for slot in get_session().unfolded)
    rerun_fragments(PANEL)
