"""Messages to the player and from it: runs as one block of floats, a start as two checked numbers."""

import logging
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from app.browser.binary_message import encode_binary_message, narrow_floats
from app.model.plane_window import Window
from app.model.scene import MAX_COORDINATE
from app.model.view_options import View, find_view_fault, make_view
from optimizers.analysis.verdict_types import LOST_VERDICTS

log = logging.getLogger(__name__)

BASE_COLUMNS = ("x", "y", "loss", "gradient_norm", "evaluations")  # what is shown at all times; the rest is asked for
MAX_LIST_LENGTH = 32  # names of columns that a browser may ask for


class RunPayload(NamedTuple):
    """One run as the player shows it; every column has an entry per iterate, entry 0 is the start."""

    name: str
    detail: str  # hyperparameters in words
    slot: int
    columns: dict[str, NDArray[Any]]  # float curves by name; a run has not all
    verdict: str
    verdict_kind: str  # a VerdictKind
    last_step: int  # last step at which the run was alive
    verdict_step: int = 0  # the step that the verdict names
    iterates_ahead: bool = False  # see `Traits`
    is_visible: bool = True


def encode_runs(payloads: Sequence[RunPayload], columns: Collection[str] = (), **scene: Any) -> bytes:
    """The scene and its runs; column `name` of the i-th run is the array "i/name".

    Of each run's columns those in `BASE_COLUMNS` and `columns` are sent; the header names all that it `has`. A column
    is float32, or float64 if float32 cannot hold it (1e60, 1e-60). One of the `ramps`, which rise evenly as a count of
    evaluations mostly does, is sent as its first value and its step. A run is cut at its last finite point, so x, y
    and loss are finite throughout; the other columns may hold NaN, which is drawn as a gap.
    """
    runs, arrays, shown = [], {}, frozenset((*BASE_COLUMNS, *columns))
    for i, payload in enumerate(payloads):
        sent = narrow_run(SameColumns(payload.columns), payload.last_step, shown)
        arrays |= {f"{i}/{name}": values for name, values in sent.columns.items()}
        runs.append(
            {
                "name": payload.name,
                "detail": payload.detail,
                "colour": payload.slot,
                "verdict": payload.verdict,
                "kind": payload.verdict_kind,
                "lost": payload.verdict_kind in LOST_VERDICTS,
                "at": payload.verdict_step,
                "iterates_ahead": payload.iterates_ahead,
                "visible": payload.is_visible,
                "length": sent.length,
                "has": list(payload.columns),
                "columns": list(sent.columns),
                "ramps": sent.ramps,
            }
        )
    return encode_binary_message({**scene, "runs": runs}, arrays)


class SameColumns:
    """The columns of a run as a key of a cache: equal to themselves alone. Nobody changes those of a run."""

    def __init__(self, columns: Mapping[str, NDArray[Any]]) -> None:
        self.columns = columns

    def __hash__(self) -> int:
        return id(self.columns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameColumns) and self.columns is other.columns


class NarrowedRun(NamedTuple):
    """The columns of a run that are sent, up to its last finite point."""

    length: int  # iterates
    columns: dict[str, NDArray[Any]]
    ramps: list[str]


@lru_cache(maxsize=256)  # of the runs of a race one changes with a slider
def narrow_run(same: SameColumns, last_step: int, shown: frozenset[str]) -> NarrowedRun:
    length = finite_length(same.columns, last_step)
    sent = {name: values[:length] for name, values in same.columns.items() if name in shown}
    ramps = [name for name, values in sent.items() if is_ramp(values)]
    narrowed = {
        name: np.array([values[0], values[1] - values[0]], dtype=np.float64) if name in ramps else narrow_floats(values)
        for name, values in sent.items()
    }
    return NarrowedRun(length, narrowed, ramps)


def finite_length(columns: Mapping[str, NDArray[Any]], last_step: int) -> int:
    """How many iterates, from the start on, are alive and have a finite place and loss."""
    whole = np.isfinite([np.asarray(columns[name], dtype=np.float64) for name in ("x", "y", "loss")]).all(axis=0)
    broken = np.flatnonzero(~whole[: last_step + 1])
    return int(broken[0]) if broken.size else min(last_step + 1, whole.size)


def is_ramp(values: NDArray[Any]) -> bool:
    """Whether a column rises evenly."""
    with np.errstate(invalid="ignore"):  # infinities have no difference, and are no ramp
        return bool(values.size > 2 and (np.diff(values, 2) == 0).all())


class StartMove(NamedTuple):
    """Where the visitor put the start."""

    point: tuple[float, float]
    is_dragging: bool = False  # it is not let go yet
    series: int = 0  # of key presses in quick succession that this one belongs to; 0 for none


def decode_start(payload: object) -> StartMove | None:
    """The start that was sent, or None (and a line in the log) for anything else."""
    fields = payload if isinstance(payload, Mapping) else {}
    x, y, n, held = (fields.get(name) for name in ("x", "y", "n", "held"))
    series = fields.get("series", 0)
    if is_coordinate(x) and is_coordinate(y) and is_serial(n) and isinstance(held, bool) and is_serial(series):
        return StartMove((float(x), float(y)), held, series)
    log.warning("ignored a start that is no pair of numbers: %.120r", payload)
    return None


def decode_choice(payload: object, name: str, choices: Collection[int]) -> int | None:
    """The number called `name` that was sent, if it is one of `choices`; else None (and a line in the log)."""
    value, n = (payload.get(part) for part in (name, "n")) if isinstance(payload, Mapping) else (None, None)
    if type(value) is int and value in choices and is_serial(n):
        return value
    log.warning("ignored a choice of %s that is none: %.120r", name, payload)
    return None


class HistoryStep(NamedTuple):
    value: int  # -1 back, 1 forward
    serial: int


def decode_history_steps(payload: object) -> tuple[HistoryStep, ...]:
    """Steps through the history of the scene, oldest first; () for anything else."""
    moves: Any = payload if isinstance(payload, list) and len(payload) <= MAX_LIST_LENGTH else [payload]
    values = [decode_choice(move, "by", (-1, 1)) for move in moves]
    return tuple(HistoryStep(v, move["n"]) for v, move in zip(values, moves, strict=True) if v) if all(values) else ()


class ViewChange(NamedTuple):
    view: View
    playlist_index: int  # of the scene which the view is of
    opening: int  # the number of scenes that were opened until that one, itself included


def decode_view(payload: object) -> ViewChange | None:
    """How the visitor looks at the scene, or None (and a line in the log) for anything else."""
    fields = dict(payload) if isinstance(payload, Mapping) and all(type(name) is str for name in payload) else {}
    serial, playlist_index, opening = fields.pop("n", None), fields.pop("place", 0), fields.pop("opening", 0)
    if (
        all(map(is_serial, (serial, playlist_index, opening)))
        and {*fields} == {*View._fields}
        and not any(find_view_fault(name, fields[name]) for name in fields)
    ):
        return ViewChange(make_view(fields), playlist_index, opening)
    log.warning("ignored a view that is none: %.120r", payload)
    return None


def decode_requested_columns(payload: object) -> tuple[str, ...]:
    """The names of the columns that the visitor wants to see; () (and a line in the log) for anything else."""
    if payload is None:
        return ()
    names = payload if isinstance(payload, list) and len(payload) <= MAX_LIST_LENGTH else [None]
    if not all(type(name) is str and len(name) <= 40 for name in names):
        log.warning("ignored a wish that is no list of names: %.120r", payload)
        return ()
    return tuple(names)


def decode_coordinates(point: object) -> tuple[float, float] | None:
    """The point that was sent as [x, y]; None for anything else."""
    is_point = isinstance(point, list) and len(point) == 2 and all(map(is_coordinate, point))
    return (float(point[0]), float(point[1])) if is_point else None  # type: ignore[index]


def decode_window(sides: object) -> Window | None:
    """The window that was sent as [[left, right], [bottom, top]]; None for anything else."""
    if not isinstance(sides, list) or len(sides) != 2 or not all(map(is_interval, sides)):
        return None
    (left, right), (bottom, top) = sides
    return (float(left), float(right)), (float(bottom), float(top))


def is_interval(ends: object) -> bool:
    """Whether these are two finite numbers, the first lower by more than rounding errors."""
    is_pair = isinstance(ends, list) and len(ends) == 2 and all(map(is_coordinate, ends))
    return is_pair and ends[1] - ends[0] > 1e-9 * max(1.0, *map(abs, ends))  # type: ignore[index]


def is_coordinate(value: Any) -> bool:
    """A finite int or float of sensible size; True is neither."""
    return type(value) in (int, float) and abs(value) <= MAX_COORDINATE  # NaN compares false


def is_serial(value: object) -> TypeGuard[int]:
    """A whole number that JavaScript holds exactly."""
    return type(value) is int and 0 <= value < 2**53
