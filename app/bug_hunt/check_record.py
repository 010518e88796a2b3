"""The result of a check of a hunt, in few numbers and words."""

from functools import lru_cache
from typing import NamedTuple

from app.bug_hunt.hunt_scene import HuntScene, list_block_names
from app.model.scene import UserError
from surfaces.gradient_check.block_verdicts import BlockVerdict, judge_blocks
from surfaces.gradient_check.bug_hunt import HuntState, draw_hunt
from surfaces.gradient_check.buggy_network_check import CheckSetting, build_loss_at_point, run_check
from surfaces.gradient_check.verdict import PASSED, UNDECIDED, GradientVerdict
from surfaces.translatable import Translatable

GOOD, OPEN, WRONG, UNCHECKED = "good", "open", "wrong", "none"  # tones


class CheckRecord(NamedTuple):
    number: int  # from 1
    setting: CheckSetting
    tone: str
    sentence: Translatable
    remarks: tuple[Translatable, ...]
    blocks: tuple[BlockVerdict, ...]
    evaluations: int  # spent on it
    is_free: bool  # made after the hunt was over


def get_tone(kind: GradientVerdict | None) -> str:
    if kind is None:
        return UNCHECKED
    return GOOD if kind in PASSED else OPEN if kind in UNDECIDED else WRONG


@lru_cache(maxsize=256)
def check_once(number: int, setting: CheckSetting) -> CheckRecord:
    """The record of a check of a hunt, which is the same each time it is made."""
    code = draw_hunt(number).code
    try:
        report = run_check(code, setting)
    except UserError as error:  # the backward pass failed, after the loss was evaluated once
        unchecked = tuple(map(BlockVerdict, list_block_names(code)))
        return CheckRecord(0, setting, WRONG, error.message, (), unchecked, 1, is_free=False)
    network = build_loss_at_point(code, setting)[0].network
    verdict = report.verdict
    remarks = tuple(remark for remark in verdict.remarks if not (setting.blocks and "blocks" in remark.values))
    return CheckRecord(
        0, setting, get_tone(verdict.kind), verdict.sentence, remarks, judge_blocks(network, report.check),
        report.evaluations, is_free=False,
    )  # fmt: skip


def make_record(scene: HuntScene, state: HuntState, *, is_free: bool = False) -> tuple[CheckRecord, HuntState]:
    """Check the gradient of the hunt; the record of that, and the state of the hunt after it."""
    record = check_once(scene.number, scene.setting)
    if is_free:
        return record._replace(evaluations=0, is_free=True), state
    return record, state._replace(
        evaluations=state.evaluations + record.evaluations,
        has_failed_check=state.has_failed_check or record.tone == WRONG,
    )
