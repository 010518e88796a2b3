"""The verdict on a gradient in words: the rules of CS231n's notes, and what excuses an error that they would blame.

A relative error above 1e-2 is probably wrong, from 1e-4 to 1e-2 suspicious; below 1e-4 it is fine if the function has
kinks, but too large if it has none; below 1e-7 it is good. Errors add up over the layers: for ten of them, 1e-2 may be
fine. An entry is not judged where the numerical derivative itself is worth nothing: raw values below 1e-10, errors that
the rounding of f explains, a kink within the step.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import BlockLayout, CheckedFunction, name_entry
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import EntryCheck
from surfaces.gradient_check.entry_sampling import find_missed_blocks
from surfaces.gradient_check.step_size_theory import machine_epsilon, rule_of_thumb_step
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

WRONG_ABOVE = 1e-2
SUSPICIOUS_ABOVE = 1e-4
GOOD_BELOW = 1e-7
DEEP = 10  # layers: so many the notes name where 1e-2 may be fine
FAR_ABOVE_BEST = 100  # times the best step by the rule of thumb: the quotient's own error may be what is seen
ROUNDING_MARGIN = 4.0  # times the estimated rounding error: an error up to that is explained by it


class GradientVerdict(StrEnum):
    """What the check says; the page and the translations know these words."""

    GOOD = "good"
    FINE_WITH_KINKS = "fine_with_kinks"
    FINE_WHEN_DEEP = "fine_when_deep"
    TOO_LARGE = "too_large"  # for a function without kinks
    SUSPICIOUS = "suspicious"
    WRONG = "wrong"
    # Nothing can be said, because ...
    TINY = "tiny"  # the raw values are near 1e-10
    ROUND_OFF = "round_off"  # h is too small for the precision
    KINKS_CROSSED = "kinks_crossed"
    NOT_FINITE = "not_finite"
    NOTHING_CHECKED = "nothing_checked"


PASSED = (GradientVerdict.GOOD, GradientVerdict.FINE_WITH_KINKS, GradientVerdict.FINE_WHEN_DEEP)
BLAMED = (GradientVerdict.TOO_LARGE, GradientVerdict.SUSPICIOUS, GradientVerdict.WRONG)
UNDECIDED = (
    GradientVerdict.TINY,
    GradientVerdict.ROUND_OFF,
    GradientVerdict.KINKS_CROSSED,
    GradientVerdict.NOTHING_CHECKED,
)


class Verdict(NamedTuple):
    """The verdict, the entry that decided it, and the sentences that explain it."""

    kind: GradientVerdict
    worst: str  # the name of the entry with the largest error that counts; empty if none counts
    error: float  # its relative error
    judged: int  # entries that count
    excused: dict[GradientVerdict, int]  # entries that do not, by the reason
    sentence: Translatable
    remarks: tuple[Translatable, ...]  # what limits it, and what to do

    @property
    def passed(self) -> bool:
        return self.kind in PASSED


def apply_notes_rule(error: float, has_kinks: bool, depth: int) -> GradientVerdict:
    """The verdict of the notes on one relative error."""
    kind = classify_error(error)
    if kind == "between":
        return GradientVerdict.FINE_WITH_KINKS if has_kinks else GradientVerdict.TOO_LARGE
    if kind == "suspicious" and depth >= DEEP:
        return GradientVerdict.FINE_WHEN_DEEP
    return GradientVerdict(kind)


def classify_error(error: float) -> str:
    """The zone of the notes that a relative error lies in."""
    if not error <= WRONG_ABOVE:
        return "wrong"
    if error > SUSPICIOUS_ABOVE:
        return "suspicious"
    return "between" if error > GOOD_BELOW else "good"


def judge(function: CheckedFunction, check: EntryCheck) -> Verdict:
    """Judge a check by its worst entry that counts; if none counts in some block, by why they do not."""
    excuses = find_excuses(check)
    counts = excuses == ""
    excused = {GradientVerdict(reason): int((excuses == reason).sum()) for reason in np.unique(excuses[~counts])}
    kind, at = decide(function, check, counts, excused)
    error = float(check.relative_error[at]) if at is not None else np.nan
    worst = name_entry(function.layout, int(check.entries[at])) if at is not None else ""
    sentence = explain(kind, worst, error, check, excused)
    remarks = tuple(list_remarks(function, check, kind, excused))
    return Verdict(kind, worst, error, int(counts.sum()), excused, sentence, remarks)


def find_excuses(check: EntryCheck) -> NDArray[np.str_]:
    """Why an entry's error does not count, as the word of a verdict; empty where it does."""
    return explain_errors(check.relative_error, check.is_tiny, check.has_kink, check.rounding_error)


def explain_errors(
    error: NDArray[np.float64],
    tiny: NDArray[np.bool_],
    kinked: NDArray[np.bool_],
    rounding: NDArray[np.float64],
) -> NDArray[np.str_]:
    """Why relative errors do not count; empty where they do, as they do in any case below 1e-7 and if not finite."""
    counts = (error <= GOOD_BELOW) | ~np.isfinite(error)
    is_explained = error <= ROUNDING_MARGIN * rounding
    return np.select([counts, tiny, kinked, is_explained], ["", "tiny", "kinks_crossed", "round_off"], default="")


def decide(
    function: CheckedFunction,
    check: EntryCheck,
    counts: NDArray[np.bool_],
    excused: dict[GradientVerdict, int],
) -> tuple[GradientVerdict, int | None]:
    """The verdict, and the position of the entry that decides it."""
    if check.worst is None:
        return GradientVerdict.NOTHING_CHECKED, None
    error = check.relative_error
    if not np.isfinite(error[check.worst]):
        return GradientVerdict.NOT_FINITE, check.worst
    at = int(np.argmax(np.where(counts, error, -1.0))) if counts.any() else None
    kind = GradientVerdict.GOOD if at is None else apply_notes_rule(error[at], function.has_kinks, function.depth)
    if kind in PASSED and not all(counts[inside].any() for inside in split_by_block(function.layout, check)):
        reason = max(excused, key=lambda reason: excused[reason])
        blamed = np.where(find_excuses(check) == reason, error, -1.0)
        return reason, int(np.argmax(blamed))
    return kind, at


def split_by_block(layout: BlockLayout | None, check: EntryCheck) -> list[NDArray[np.bool_]]:
    """Which of the checked entries are in each block that has any."""
    if layout is None:
        return [np.ones(len(check.entries), dtype=np.bool_)]
    inside = [(block.start <= check.entries) & (check.entries < block.stop) for block in layout.blocks]
    return [mask for mask in inside if mask.any()]


def explain(
    kind: GradientVerdict, worst: str, error: float, check: EntryCheck, excused: dict[GradientVerdict, int]
) -> Translatable:
    """The verdict as a sentence with its number."""
    number = format_number(error, 2)
    count = excused.get(kind, 0)
    match kind:
        case GradientVerdict.GOOD if not (check.analytic.any() or check.numeric.any()):
            return Translatable("Nothing was compared: all {count} entries are exactly 0, in the gradient and in the "
                                "differences. Check at another point.", count=len(check.entries))  # fmt: skip
        case GradientVerdict.GOOD:
            return Translatable("Right: the largest relative error that counts is {error}, at {worst}.",
                                error=number, worst=worst)  # fmt: skip
        case GradientVerdict.FINE_WITH_KINKS:
            return Translatable("Probably right: {error} at {worst} is fine for a function with kinks.",
                                error=number, worst=worst)  # fmt: skip
        case GradientVerdict.FINE_WHEN_DEEP:
            return Translatable("Perhaps right: over ten layers errors add up, and {error} at {worst} may be fine.",
                                error=number, worst=worst)  # fmt: skip
        case GradientVerdict.TOO_LARGE:
            return Translatable("Too large: {error} at {worst}. Without kinks a right gradient comes below {limit}.",
                                error=number, worst=worst, limit=format_number(GOOD_BELOW))  # fmt: skip
        case GradientVerdict.SUSPICIOUS:
            return Translatable("Suspicious: the relative error is {error} at {worst}.", error=number, worst=worst)
        case GradientVerdict.WRONG:
            return Translatable("Wrong: the relative error is {error} at {worst}.", error=number, worst=worst)
        case GradientVerdict.TINY:
            return Translatable(
                "Undecided, with {count} of the entries below {limit}: too few digits are left to compare.",
                count=count, limit=format_number(1e-10),
            )  # fmt: skip
        case GradientVerdict.ROUND_OFF:
            return Translatable("Undecided: at h = {h} rounding alone explains an error of {error} at {worst}.",
                                h=format_number(check.h), error=number, worst=worst)  # fmt: skip
        case GradientVerdict.KINKS_CROSSED:
            return Translatable("Undecided: {count} steps cross a kink, as the one at {worst} does.",
                                count=count, worst=worst)  # fmt: skip
        case GradientVerdict.NOT_FINITE:
            return Translatable("At {worst} a derivative is not a finite number.", worst=worst)
        case GradientVerdict.NOTHING_CHECKED:
            return Translatable("No entry was checked.")


def list_remarks(
    function: CheckedFunction, check: EntryCheck, kind: GradientVerdict, excused: dict[GradientVerdict, int]
) -> Iterable[Translatable]:
    """What limits the verdict, and what to do about it."""
    best = rule_of_thumb_step(check.method, np.float32 if check.precision > machine_epsilon(np.float64) else np.float64)
    if check.precision > machine_epsilon(np.float64):
        yield Translatable(
            "In single precision even a right gradient may show errors of 10⁻²: check it in double precision."
        )
    if excused.get(GradientVerdict.TINY):
        yield Translatable("Entries below 10⁻¹⁰: {count}. Multiply the loss by a constant for the check.",
                           count=excused[GradientVerdict.TINY])  # fmt: skip
    if excused.get(GradientVerdict.KINKS_CROSSED):
        yield Translatable("Steps that cross a kink: {count}. Use fewer samples, or a smaller h.",
                           count=excused[GradientVerdict.KINKS_CROSSED])  # fmt: skip
    if excused.get(GradientVerdict.ROUND_OFF) and check.h < best / 10:
        yield Translatable("h = {h} is too small: rounding grows as 1/h. Try {best}.",
                           h=format_number(check.h), best=format_number(best, 2))  # fmt: skip
    elif excused.get(GradientVerdict.ROUND_OFF) and kind in PASSED:
        yield Translatable("Entries that do not count, because rounding alone explains their error: {count}.",
                           count=excused[GradientVerdict.ROUND_OFF])  # fmt: skip
    if kind in BLAMED and check.method is not Method.COMPLEX_STEP and check.h > FAR_ABOVE_BEST * best:
        yield Translatable("h = {h} is large: the quotient's own error grows with h, and may be all that is seen. Try "
                           "{best}.", h=format_number(check.h), best=format_number(best, 2))  # fmt: skip
    if function.layout is not None and (missed := find_missed_blocks(function.layout, check.entries)):
        yield Translatable("No entry of {blocks} was checked.", blocks=", ".join(block.name for block in missed))
