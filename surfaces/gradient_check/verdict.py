"""The verdict on a gradient in words: the rules of CS231n's notes, and what excuses an error that they would blame.

A relative error above 1e-2 is probably wrong, from 1e-4 to 1e-2 suspicious; below 1e-4 it is fine if the function has
kinks, but too large if it has none; below 1e-7 it is good. Errors add up over the layers: for ten of them, 1e-2 may be
fine. An entry is not judged where the numerical derivative itself is worth nothing: raw values below 1e-10, errors that
the rounding of f explains, a kink within the step. Nothing is judged where two evaluations at one point differ.

What passes is not called right: a check of some entries at one point finds faults, and proves nothing.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import BlockLayout, CheckedFunction, Point, name_entry
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
ERROR_ROUNDING_MARGIN = 4.0  # times the estimated rounding error: an error up to that is explained by it


class GradientVerdict(StrEnum):
    """The verdict of a check; the page and the translations know these words."""

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
    NOISY = "noisy"  # the function has another value each time
    NOT_FINITE = "not_finite"
    NOTHING_CHECKED = "nothing_checked"  # no entry, or only zeros with zeros


PASSED = (GradientVerdict.GOOD, GradientVerdict.FINE_WITH_KINKS, GradientVerdict.FINE_WHEN_DEEP)
BLAMED = (GradientVerdict.TOO_LARGE, GradientVerdict.SUSPICIOUS, GradientVerdict.WRONG)
UNDECIDED = (
    GradientVerdict.TINY,
    GradientVerdict.ROUND_OFF,
    GradientVerdict.KINKS_CROSSED,
    GradientVerdict.NOISY,
    GradientVerdict.NOTHING_CHECKED,
)


SENTENCES = {
    GradientVerdict.GOOD: Translatable("No fault found: the largest relative error is {error}, at {worst}."),
    GradientVerdict.FINE_WITH_KINKS: Translatable(
        "No fault found: {error} at {worst} is fine for a function with kinks."
    ),
    GradientVerdict.FINE_WHEN_DEEP: Translatable(
        "No clear fault: over ten layers errors add up, and {error} at {worst} may be fine."
    ),
    GradientVerdict.TOO_LARGE: Translatable(
        "Too large: {error} at {worst}. Without kinks a correct gradient comes below 10⁻⁷."
    ),
    GradientVerdict.SUSPICIOUS: Translatable("Suspicious: the relative error is {error} at {worst}."),
    GradientVerdict.WRONG: Translatable("Wrong: the relative error is {error} at {worst}."),
    GradientVerdict.TINY: Translatable(
        "Undecided, with {count} of the entries below 10⁻¹⁰: too few digits are left to compare."
    ),
    GradientVerdict.ROUND_OFF: Translatable(
        "Undecided: at h = {h} rounding alone explains an error of {error} at {worst}."
    ),
    GradientVerdict.KINKS_CROSSED: Translatable(
        "Undecided: the step at {worst} crosses a kink, and its relative error is {error}."
    ),
    GradientVerdict.NOT_FINITE: Translatable("At {worst} a derivative is not a finite number."),
    GradientVerdict.NOTHING_CHECKED: Translatable("No entry was checked."),
}
GOOD_IN_PART = {  # by whether there are blocks of which no entry was checked; else some entries do not count
    False: Translatable("No fault found: the largest relative error that counts is {error}, at {worst}."),
    True: Translatable(
        "No fault found in the blocks that were checked: the largest relative error is {error}, at {worst}."
    ),
}
LARGE_STEP = {
    GradientVerdict.SUSPICIOUS: Translatable(
        "Suspicious, or h is too large: the relative error is {error} at {worst}."
    ),
    GradientVerdict.WRONG: Translatable("Wrong, or h is too large: the relative error is {error} at {worst}."),
}
ALL_ZERO = Translatable(
    "Nothing was compared: all {count} entries are exactly 0, in the gradient and in the differences. Check at another "
    "point."
)

KINK_COUNT = Translatable("Steps that cross a kink: {count}. Use fewer samples, or a smaller h.")
KINK_COUNT_AND_WORST = Translatable(
    "Steps that cross a kink: {count}, with relative errors up to {error}, at {worst}. Use fewer samples, or a smaller "
    "h."
)
UNIT_CROSSES = Translatable("unit {unit} of layer {layer} crosses its kink, for {samples} of {sample_count} samples")
MARGIN_CROSSES = Translatable("the margin of class {unit} crosses 0, for {samples} of {sample_count} samples")
CROSSING = Translatable("In the step at {worst} {crossing}.")
CROSSING_AMONG_OTHERS = Translatable("In the step at {worst} {crossing}; others do as well: {others}.")


class CheckVerdict(NamedTuple):
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


def judge(function: CheckedFunction, check: EntryCheck, x: Point | None = None) -> CheckVerdict:
    """Judge a check by its worst entry that counts; if none counts in some block, by why they do not.

    With the point `x` at which it was made, the function is evaluated there once more, since noise is no evidence, and
    the units that cross a kink are named.
    """
    excuses = find_excuses(check)
    counts = excuses == ""
    excused = {GradientVerdict(reason): int((excuses == reason).sum()) for reason in np.unique(excuses[~counts])}
    noise = 0.0 if x is None else abs(float(function.value(x.copy())) - check.value)
    if noise > 0:
        sentence = Translatable(
            "Undecided: evaluated twice at the same point, the loss differs by {noise}. Differences of such values are "
            "noise.", noise=format_number(noise, 2),
        )  # fmt: skip
        return CheckVerdict(GradientVerdict.NOISY, "", np.nan, 0, excused, sentence, ())
    kind, at = decide(function, check, excuses, excused)
    error = float(check.relative_error[at]) if at is not None else np.nan
    worst = name_entry(function.layout, int(check.entries[at])) if at is not None else ""
    sentence = explain(function, kind, worst, error, check, excused)
    remarks = tuple(list_remarks(function, check, kind, at, excuses, x))
    return CheckVerdict(kind, worst, error, int(counts.sum()), excused, sentence, remarks)


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
    is_explained = error <= ERROR_ROUNDING_MARGIN * rounding
    return np.select([counts, tiny, kinked, is_explained], ["", "tiny", "kinks_crossed", "round_off"], default="")


def decide(
    function: CheckedFunction,
    check: EntryCheck,
    excuses: NDArray[np.str_],
    excused: dict[GradientVerdict, int],
) -> tuple[GradientVerdict, int | None]:
    """The verdict, and the position of the entry that decides it."""
    if check.worst is None or not (check.analytic.any() or check.numeric.any()):
        return GradientVerdict.NOTHING_CHECKED, None
    error, counts = check.relative_error, excuses == ""
    if not np.isfinite(error[check.worst]):
        return GradientVerdict.NOT_FINITE, check.worst
    at = int(np.argmax(np.where(counts, error, -1.0))) if counts.any() else None
    kind = GradientVerdict.GOOD if at is None else apply_notes_rule(error[at], function.has_kinks, function.depth)
    unjudged = [inside for inside in split_by_block(function.layout, check) if not counts[inside].any()]
    if kind in PASSED and unjudged:  # the reason is that of the blocks without a verdict: others may have more of it
        excuses = np.where(np.logical_or.reduce(unjudged), excuses, "")
        reason = max(excused, key=lambda reason: np.count_nonzero(excuses == reason))
        return reason, find_worst_excused(check, excuses, reason)
    if kind is GradientVerdict.SUSPICIOUS and GradientVerdict.KINKS_CROSSED in excused and is_step_large(check):
        kinked = find_worst_excused(check, excuses, GradientVerdict.KINKS_CROSSED)
        if error[kinked] > error[at]:  # the step is so large that its own error is in the others
            return GradientVerdict.KINKS_CROSSED, kinked
    return kind, at


def find_worst_excused(check: EntryCheck, excuses: NDArray[np.str_], reason: GradientVerdict) -> int:
    """The position of the entry with the largest error among those that do not count for this reason."""
    return int(np.argmax(np.where(excuses == reason, check.relative_error, -1.0)))


def find_best_step(check: EntryCheck) -> float:
    """The step by the rule of thumb."""
    return rule_of_thumb_step(check.method, np.float32 if is_single(check) else np.float64)


def is_single(check: EntryCheck) -> bool:
    return check.precision > machine_epsilon(np.float64)


def is_step_large(check: EntryCheck) -> bool:
    """Whether the quotient's own error may be all that is seen."""
    return check.method is not Method.COMPLEX_STEP and check.h > FAR_ABOVE_BEST * find_best_step(check)


def split_by_block(layout: BlockLayout | None, check: EntryCheck) -> list[NDArray[np.bool_]]:
    """Which of the checked entries are in each block that has any."""
    if layout is None:
        return [np.ones(len(check.entries), dtype=np.bool_)]
    inside = [(block.start <= check.entries) & (check.entries < block.stop) for block in layout.blocks]
    return [mask for mask in inside if mask.any()]


def explain(
    function: CheckedFunction, kind: GradientVerdict, worst: str, error: float, check: EntryCheck,
    excused: dict[GradientVerdict, int],
) -> Translatable:  # fmt: skip
    """The verdict as a sentence with its number."""
    pattern = SENTENCES[kind]
    if kind is GradientVerdict.GOOD and (excused or find_unchecked_blocks(function, check)):
        pattern = GOOD_IN_PART[bool(find_unchecked_blocks(function, check))]
    elif kind in LARGE_STEP and is_step_large(check):
        pattern = LARGE_STEP[kind]
    elif kind is GradientVerdict.NOTHING_CHECKED and len(check.entries):
        pattern = ALL_ZERO
    count = excused.get(kind, len(check.entries))
    return Translatable(pattern, error=format_number(error, 2), worst=worst, count=count, h=format_number(check.h))


def list_remarks(
    function: CheckedFunction, check: EntryCheck, kind: GradientVerdict, decisive: int | None,
    excuses: NDArray[np.str_], x: Point | None,
) -> Iterable[Translatable]:  # fmt: skip
    """List what limits the verdict, which the entry at position `decisive` decides, and what to do about it."""
    best = find_best_step(check)
    excused = {reason: int((excuses == reason).sum()) for reason in UNDECIDED if (excuses == reason).any()}
    if is_single(check):
        yield Translatable(
            "In single precision even a correct gradient may show errors of 10⁻²: check it in double precision."
        )
    if excused.get(GradientVerdict.TINY):
        yield Translatable("Entries below 10⁻¹⁰: {count}. Multiply the loss by a constant for the check.",
                           count=excused[GradientVerdict.TINY])  # fmt: skip
    if excused.get(GradientVerdict.KINKS_CROSSED):
        yield from describe_kinks(function, check, decisive, excuses, x)
    if excused.get(GradientVerdict.ROUND_OFF) and check.h < best / 10:
        yield Translatable("h = {h} is too small: rounding grows as 1/h. Try the rule of thumb, {best}.",
                           h=format_number(check.h), best=format_number(best, 2))  # fmt: skip
    elif excused.get(GradientVerdict.ROUND_OFF) and kind in PASSED:
        yield Translatable("Entries that do not count, because rounding alone explains their error: {count}.",
                           count=excused[GradientVerdict.ROUND_OFF])  # fmt: skip
    if kind in BLAMED and is_step_large(check):
        yield Translatable("h = {h} is large: the quotient's own error grows with h, and may be all that you see. Try "
                           "the rule of thumb, {best}.",
                           h=format_number(check.h), best=format_number(best, 2))  # fmt: skip
    if missed := find_unchecked_blocks(function, check):
        yield Translatable("No entry of {blocks} was checked.", blocks=", ".join(missed))


def find_unchecked_blocks(function: CheckedFunction, check: EntryCheck) -> list[str]:
    """The names of the blocks of which no entry was checked."""
    return [b.name for b in find_missed_blocks(function.layout, check.entries)] if function.layout is not None else []


def describe_kinks(
    function: CheckedFunction, check: EntryCheck, decisive: int | None, excuses: NDArray[np.str_], x: Point | None
) -> Iterable[Translatable]:
    """How many steps cross a kink, which is the worst, unless the verdict says so, and which units have its kinks."""
    at = find_worst_excused(check, excuses, GradientVerdict.KINKS_CROSSED)
    i = int(check.entries[at])
    name = name_entry(function.layout, i)
    pattern = KINK_COUNT if at == decisive else KINK_COUNT_AND_WORST
    yield Translatable(
        pattern, worst=name,
        count=int((excuses == GradientVerdict.KINKS_CROSSED).sum()),
        error=format_number(float(check.relative_error[at]), 2),
    )  # fmt: skip
    if x is None or function.find_crossed_units is None:
        return
    behind, ahead = x.copy(), x.copy()
    behind[i] -= x.dtype.type(check.h)
    ahead[i] += x.dtype.type(check.h)
    crossed = function.find_crossed_units(behind, ahead)
    if not crossed:
        return
    first = crossed[0]
    pattern = UNIT_CROSSES if first.layer else MARGIN_CROSSES
    crossing = Translatable(pattern, **first._asdict())
    pattern = CROSSING if len(crossed) == 1 else CROSSING_AMONG_OTHERS
    yield Translatable(pattern, worst=name, crossing=crossing, others=len(crossed) - 1)
