"""What a check of a hunt found, in few numbers and words."""

from typing import NamedTuple

from app.bug_hunt.hunt_scene import HuntScene, list_block_names
from app.model.scene import UserError
from surfaces.gradient_check.block_verdicts import BlockVerdict, judge_blocks
from surfaces.gradient_check.bug_hunt import HuntState, add_check, draw_hunt
from surfaces.gradient_check.code_under_test import CheckSetting, build_loss_at_point, run_check
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


def make_record(scene: HuntScene, state: HuntState, *, is_free: bool = False) -> tuple[CheckRecord, HuntState]:
    """Check the gradient of the hunt; the record of that, and the state of the hunt after it."""
    code, setting = draw_hunt(scene.number).code, scene.setting
    try:
        report = run_check(code, setting)
    except UserError as error:  # the backward pass failed, after the loss was evaluated once
        unchecked = tuple(map(BlockVerdict, list_block_names(code)))
        record = CheckRecord(0, setting, WRONG, error.message, (), unchecked, 0 if is_free else 1, is_free)
        failed = state._replace(evaluations=state.evaluations + 1, has_failed_check=True)
        return record, state if is_free else failed
    network = build_loss_at_point(code, setting)[0].network
    verdict = report.verdict
    remarks = tuple(remark for remark in verdict.remarks if not (setting.blocks and "blocks" in remark.values))
    record = CheckRecord(
        0, setting, get_tone(verdict.kind), verdict.sentence, remarks, judge_blocks(network, report.check),
        0 if is_free else report.evaluations, is_free,
    )  # fmt: skip
    return record, state if is_free else add_check(state, report)
