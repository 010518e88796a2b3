"""The component that shows a bug hunt: the message to the browser, and the messages from it.

Until a hunt is over, the message tells no more about the bug than the visitor's own checks have found.
"""

from collections.abc import Callable
from math import isfinite, log10
from typing import Any

import streamlit as st

from app.browser.binary_message import encode_binary_message
from app.browser.component_events import get_fields, make_event_handler
from app.browser.loader_script import make_loader
from app.browser.player_protocol import is_serial
from app.bug_hunt import hunt_state
from app.bug_hunt.check_description import LOSS_TITLES, describe_code, describe_setting
from app.bug_hunt.check_record import UNCHECKED, CheckRecord, get_tone
from app.bug_hunt.ending import describe_ending
from app.bug_hunt.hunt_progress import HuntProgress, write_progress
from app.bug_hunt.hunt_scene import HuntScene, list_block_names
from app.bug_hunt.hunt_state import get_progress, get_scene
from app.bug_hunt.labels import LABELS
from app.check_scenes.choice_titles import WORD_TITLES
from app.figures.palette import THEMES
from app.panels.undo_redo_buttons import make_history_handler
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.session_state import get_session
from app.translation import get_punctuation, translate, translate_table
from surfaces.gradient_check.block_verdicts import BlockVerdict
from surfaces.gradient_check.bug_hunt import WRONG_NAME_COST, draw_hunt, find_par
from surfaces.gradient_check.buggy_network_check import EntryChoice, build_loss_at_point, estimate_cost
from surfaces.models.seeded_bugs import SEEDED_BUGS
from surfaces.number_format import format_number

COMPONENT_KEY = "hunt"
SMALLEST_ERROR = 1e-12  # at which a bar has no height; at 1 it has all

_component = st.components.v2.component(
    "descent_hunt", js=make_loader("mountHunt", "bug_hunt/mount.js"), isolate_styles=False
)


def show_hunt() -> None:
    """Show the hunt as it stands."""
    actions: dict[str, tuple[Callable[[object], Any], Callable[[Any], None]]] = {
        "checked": (decode_press, lambda _: hunt_state.make_check()),
        "named": (decode_block, hunt_state.accuse_block),
        "toggled": (decode_block, hunt_state.toggle_block),
        "focused": (decode_layer, hunt_state.choose_blocks),
        "next": (decode_press, lambda _: hunt_state.start_next_hunt()),
        "surrendered": (decode_press, lambda _: hunt_state.give_up()),
        "recalled": (decode_copy, lambda kept: hunt_state.recall_hunt(*kept)),
    }
    callbacks = {
        f"on_{name}_change": make_event_handler(COMPONENT_KEY, name, decode, run_and_rerun(act))
        for name, (decode, act) in actions.items()
    }
    callbacks["on_undone_change"] = make_history_handler(COMPONENT_KEY, hunt_state.undo, hunt_state.redo)
    _component(key=COMPONENT_KEY, data=encode_binary_message(describe_hunt(), {}), **callbacks)


def run_and_rerun(act: Callable[[Any], None]) -> Callable[[Any], None]:
    def handle(value: Any) -> None:
        act(value)
        rerun_fragments(PANEL)

    return handle


# ---- what the browser sends


def decode_press(payload: object) -> bool | None:
    (n,) = get_fields(payload, "n")
    return True if is_serial(n) else None


def decode_block(payload: object) -> str | None:
    """The name of a block of the code."""
    name, n = get_fields(payload, "block", "n")
    return name if isinstance(name, str) and name in list_block_names(get_scene().code) and is_serial(n) else None


def decode_copy(payload: object) -> tuple[object, object] | None:
    """Decode the browser's copies of the hunt on the page and of the bugs found; each is validated later."""
    number, copy, bugs, n = get_fields(payload, "number", "copy", "bugs", "n")
    is_meant = type(number) is int and number == get_scene().number and is_serial(n)
    return (copy, bugs) if is_meant else None


def decode_layer(payload: object) -> tuple[str, ...] | None:
    """The blocks of a layer; () for layer 0, which stands for all."""
    k, n = get_fields(payload, "layer", "n")
    if type(k) is not int or not 0 <= k <= len(get_scene().code.hidden) + 1 or not is_serial(n):
        return None
    return (f"W{k}", f"b{k}") if k else ()


# ---- what the browser is sent


def describe_hunt() -> dict[str, Any]:
    scene, progress = get_scene(), get_progress()
    hunt = draw_hunt(scene.number)
    return {
        "id": COMPONENT_KEY, "themes": THEMES, "labels": translate_table(LABELS), "state": "done",
        "recalled": hunt_state.is_recalled(), "copy": write_progress(progress) if progress.is_begun else None,
        "found_bugs": sorted(get_session().found_bugs),
        "number": scene.number, "title": translate("Hunt {number}", number=scene.number),
        "status": describe_status(progress, find_par(hunt)), "words": describe_code(scene.code),
        "layers": describe_layers(scene, progress), "inputs": describe_inputs(scene),
        "loss": translate(LOSS_TITLES[scene.code.loss]),
        "flat": scene.setting.entries is EntryChoice.FLAT,
        "focus_ends": bool(scene.setting.blocks), "gap": get_punctuation().gap,
        "setting": describe_setting(scene.setting, scene.code), "cost": describe_cost(scene, progress),
        "accuse": describe_accusation(progress), "can_accuse": progress.state.has_failed_check and not progress.is_over,
        "named": list(progress.wrong_blocks),
        "note": translate(progress.note) if progress.note else "",
        "log": [describe_record(record, scene) for record in reversed(progress.log)], "checks": progress.check_count,
        "over": describe_ending(hunt, progress) if progress.is_over else None,
        "bugs": [[translate(bug.title), name in get_session().found_bugs] for name, bug in SEEDED_BUGS.items()],
    }  # fmt: skip


def describe_status(progress: HuntProgress, par: int) -> str:
    return translate("spent {spent} · par {par}", spent=f"{progress.state.spent:,}", par=par)


def describe_cost(scene: HuntScene, progress: HuntProgress) -> str:
    if progress.is_over:
        return translate("The hunt is over: checks are free.")
    least, most = estimate_cost(scene.code, scene.setting)
    if least == most:
        return translate("costs {count} evaluations", count=f"{least:,}")
    return translate("costs {least} to {most} evaluations", least=f"{least:,}", most=f"{most:,}")


def describe_accusation(progress: HuntProgress) -> str:
    """Why no block can be named; else what a wrong name costs. Empty once the hunt is over."""
    if progress.is_over:
        return ""
    if not progress.state.has_failed_check:
        return translate("Find a check that fails before you name a block.")
    return translate("A wrong name costs {cost} evaluations.", cost=WRONG_NAME_COST)


def describe_inputs(scene: HuntScene) -> str:
    loss, _ = build_loss_at_point(scene.code, scene.setting)
    return translate("{count} inputs", count=loss.network.layer_sizes[0])


def describe_layers(scene: HuntScene, progress: HuntProgress) -> list[dict[str, Any]]:
    """Each layer with its blocks, and what the last check of each block found."""
    network = build_loss_at_point(scene.code, scene.setting)[0].network
    chosen = scene.setting.blocks or tuple(list_block_names(scene.code))
    last = find_last_verdicts(progress.log)
    layers = []
    for k in range(1, network.depth + 1):
        blocks = [block for block in network.layout.blocks if block.name in (f"W{k}", f"b{k}")]
        after = translate(WORD_TITLES[scene.code.activation]) if k < network.depth else ""
        if after and scene.code.dropout:
            after += f" + {translate('dropout')}"
        layers.append({
            "number": k, "title": translate("Layer {k}", k=k), "after": after,
            "blocks": [
                {"shape": list(block.shape), "on": block.name in chosen,
                 **describe_verdict(last.get(block.name, BlockVerdict(block.name)))}
                for block in blocks
            ],
        })  # fmt: skip
    return layers


def find_last_verdicts(log: tuple[CheckRecord, ...]) -> dict[str, BlockVerdict]:
    """By the block's name, the verdict of the newest check that had entries of it."""
    return {verdict.name: verdict for record in log for verdict in record.blocks if verdict.kind}


def describe_verdict(verdict: BlockVerdict) -> dict[str, Any]:
    """Name, tone, error in words, and the height of its bar from 0 to 1."""
    error = verdict.error
    tone = get_tone(verdict.kind)
    text = "" if error is None else format_number(error, 2) if isfinite(error) else "∞"
    return {"name": verdict.name, "tone": tone, "error": text, "height": 0 if tone == UNCHECKED else scale_error(error)}


def scale_error(error: float | None) -> float:
    """The logarithm of an error, from 0 at `SMALLEST_ERROR` to 1 at 1."""
    if error is None or not error > SMALLEST_ERROR:
        return 0.0
    return min(1.0, 1 - log10(error) / log10(SMALLEST_ERROR)) if isfinite(error) else 1.0


def describe_record(record: CheckRecord, scene: HuntScene) -> dict[str, Any]:
    if record.is_free:
        cost = translate("free")
    elif record.evaluations == 1:
        cost = translate("1 evaluation")
    else:
        cost = translate("{count} evaluations", count=f"{record.evaluations:,}")
    return {
        "number": record.number, "setting": describe_setting(record.setting, scene.code), "tone": record.tone,
        "sentence": translate(record.sentence), "remarks": [translate(remark) for remark in record.remarks],
        "cost": cost, "blocks": [describe_verdict(verdict) for verdict in record.blocks],
    }  # fmt: skip
