"""How far a hunt has come, and the copy of that in the visitor's browser, which outlives a reload and a restart.

A copy has numbers, names of blocks, and the settings of the checks: what those found is computed anew. It comes back
from a browser, which may send anything; a copy that is changed by hand can change nothing but its own visitor's score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.bug_hunt.check_record import WRONG, CheckRecord, make_record
from app.bug_hunt.hunt_link import read_parameters, write_setting
from app.bug_hunt.hunt_scene import HuntScene, list_block_names
from surfaces.gradient_check.bug_hunt import HuntState
from surfaces.gradient_check.buggy_network_check import CheckSetting, estimate_cost
from surfaces.translatable import Translatable

MAX_LOG = 60  # checks of a hunt that are shown
MAX_COUNT = 10**7  # evaluations, or checks, that a copy may tell of
MAX_SETTING_CHARACTERS = 300
MAX_REPEATED_EVALUATIONS = 10_000  # about two seconds: older checks of a copy are counted, and not listed


@dataclass
class HuntProgress:
    """How far a hunt has come."""

    state: HuntState = field(default_factory=HuntState)
    log: tuple[CheckRecord, ...] = ()  # the newest last
    check_count: int = 0
    wrong_blocks: tuple[str, ...] = ()  # that were named
    has_given_up: bool = False
    note: Translatable | None = None  # what came of naming a block

    @property
    def is_over(self) -> bool:
        return self.state.is_found or self.has_given_up

    @property
    def is_begun(self) -> bool:
        return self.check_count > 0 or bool(self.wrong_blocks) or self.is_over


def write_progress(progress: HuntProgress) -> dict[str, Any]:
    """The copy for the browser, which compares copies by `over` and `spent`."""
    state = progress.state
    return {
        "over": progress.is_over, "spent": state.spent,
        "evaluations": state.evaluations, "wrong": list(progress.wrong_blocks), "failed": state.has_failed_check,
        "found": state.is_found, "given_up": progress.has_given_up, "checks": progress.check_count,
        "log": [[write_setting(record.setting), record.is_free] for record in progress.log],
    }  # fmt: skip


def read_progress(copy: object, number: int) -> HuntProgress | None:
    """The progress in hunt `number` that a copy tells of; None if there is none, or if it is damaged."""
    if not isinstance(copy, Mapping):
        return None
    evaluations, checks = read_count(copy.get("evaluations")), read_count(copy.get("checks"))
    wrong, found, given_up = copy.get("wrong"), copy.get("found"), copy.get("given_up")
    known = list_block_names(HuntScene().with_number(number).code)
    if evaluations is None or checks is None or not isinstance(wrong, list) or not isinstance(copy.get("log"), list):
        return None
    if len(wrong) > len(known) or not all(isinstance(name, str) and name in known for name in wrong):
        return None
    log = repeat_checks(copy["log"][-MAX_LOG:], number)
    checks = max(checks, len(log))
    numbered = tuple(record._replace(number=n) for n, record in enumerate(log, start=checks - len(log) + 1))
    has_failed = any(record.tone == WRONG and not record.is_free for record in log)
    state = HuntState(
        evaluations=max(evaluations, sum(record.evaluations for record in log)),
        wrong_names=len(set(wrong)),
        has_failed_check=copy.get("failed") is True or has_failed,
        is_found=found is True,
    )
    return HuntProgress(state, numbered, checks, tuple(dict.fromkeys(wrong)), given_up is True and found is not True)


def read_count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None


def repeat_checks(log: list[Any], number: int) -> list[CheckRecord]:
    """Repeat the newest checks of a copy, in their order; those that cannot be read are left out."""
    records: list[CheckRecord] = []
    remaining = MAX_REPEATED_EVALUATIONS
    for entry in reversed(log):
        text, is_free = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
        setting = read_setting(text, number) if type(is_free) is bool else None
        if setting is None:
            continue
        scene = HuntScene(number, setting)
        remaining -= estimate_cost(scene.code, setting)[1]
        if remaining < 0:
            break
        records.insert(0, make_record(scene, HuntState(), is_free=bool(is_free))[0])
    return records


def read_setting(text: object, number: int) -> CheckSetting | None:
    if not isinstance(text, str) or len(text) > MAX_SETTING_CHARACTERS:
        return None
    reading = read_parameters({"hunt": [str(number)], "check": [text]})
    return None if reading.faults else reading.scene.setting


def choose_progress(present: HuntProgress, stored: HuntProgress | None) -> HuntProgress:
    """Choose the one that is over, else the one in which more was spent, so that no reload improves a score."""
    known = [progress for progress in (present, stored) if progress is not None]
    return max(known, key=lambda progress: (progress.is_over, progress.state.spent, progress.check_count))
