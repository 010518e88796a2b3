"""The kinds of verdicts on how a run ended, and a verdict: its kind, its step, and a sentence with the reason."""

from enum import StrEnum
from typing import NamedTuple

from surfaces.translatable import Translatable


class VerdictKind(StrEnum):
    """How a run ended; the page, the files and the translations know these words."""

    GLOBAL = "global"  # reached a global minimum
    LOCAL = "local"
    SADDLE = "saddle"  # stopped there
    MAXIMUM = "maximum"
    FLAT = "flat"
    STALLED = "stalled"
    OSCILLATING = "oscillating"
    DIVERGED = "diverged"
    DIVERGING = "diverging"  # still finite
    UNBOUNDED = "unbounded"  # fell for ever
    OUTSIDE = "outside"  # where the loss has no value
    RUNNING = "running"


LOST_VERDICTS = (VerdictKind.DIVERGED, VerdictKind.DIVERGING, VerdictKind.UNBOUNDED, VerdictKind.OUTSIDE)


class Verdict(NamedTuple):
    """How a run ended, from which step on, and a sentence with the reason."""

    kind: VerdictKind
    step: int
    sentence: Translatable


class Judgement(NamedTuple):
    """A verdict before its cause is looked for; see `verdict_causes`."""

    kind: VerdictKind
    step: int
    sentence: Translatable  # without its full stop if it has a cause
    has_cause: bool = False
