"""A visitor's log of a training elsewhere: CSV or JSON lines in whatever columns, read or refused with a sentence.

Nothing is evaluated: a cell is a number by its spelling, and else nothing. What is odd but can be read is read, with a
note that says how.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.log_columns import ROLES, Role, recognize_columns
from optimizers.training.training_curves import NONE, Column, TrainingCurves
from surfaces.datasets.table_parser import SEPARATORS, DataError, shorten
from surfaces.translatable import Translatable

MAX_LOG_BYTES = 2 * 2**20  # they are read within about a second
MAX_ROWS = 50_000
MAX_COLUMNS = 200
PAUSE_ROWS = 200
MAX_LOG_POINTS = 200  # of a log without epochs: longer ones are averaged in pieces
MAX_CELL = 40  # characters of a number
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
NOT_A_NUMBER = {"nan", "+nan", "-nan"}  # it may be a gap, or a loss that is no number any more
MISSING = {"", "-", "–", "na", "n/a", "none", "null"} | NOT_A_NUMBER
INFINITE = {"inf": np.inf, "+inf": np.inf, "infinity": np.inf, "-inf": -np.inf, "∞": np.inf}
PERCENT_ABOVE = 1.5  # an accuracy above it is in percent


class TrainingLog(NamedTuple):
    """The columns of a log, what they are taken for, and what was odd."""

    columns: dict[str, Column]  # by name, NaN where a cell is empty; in the order of the log
    assignment: dict[Role, str]  # the name of the column of each role that was recognised or assigned
    notes: tuple[Translatable, ...]

    def assign(self, assignment: Mapping[Role, str]) -> "TrainingLog":
        """The same with other columns for some roles; an empty name takes the role away. Raises `DataError`."""
        for role, name in assignment.items():
            if role not in ROLES or (name and name not in self.columns):
                raise DataError("This log has no column “{name}”: it has {names}.",
                                name=shorten(name), names=", ".join(self.columns))  # fmt: skip
        chosen = {role: name for role, name in {**self.assignment, **assignment}.items() if name}
        return self._replace(assignment=chosen)

    def curves(self) -> TrainingCurves:
        """The curves that the readings need, by epochs; where the log has steps alone, these are counted as epochs."""
        if not {"training_loss", "validation_loss", "training_accuracy", "validation_accuracy"} & set(self.assignment):
            raise DataError("No column of this log is a loss or an accuracy: assign one of {names}.",
                            names=", ".join(self.columns))  # fmt: skip
        found: dict[Role, Column] = {role: self.columns[name] for role, name in self.assignment.items()}
        for role in ("training_accuracy", "validation_accuracy"):
            if role in found and np.nanmax(found[role], initial=0.0) > PERCENT_ABOVE:
                found[role] = found[role] / 100
        rows = len(next(iter(self.columns.values())))
        if "epoch" in found:
            return curves_by_epoch(found)
        return curves_by_step(found, rows)


def do_nothing() -> None:
    pass


def read_log(data: bytes | str, between_rows: Callable[[], None] = do_nothing) -> TrainingLog:
    """Read a log and recognise its columns. Anything else is a `DataError`, and no other exception.

    `between_rows` is called now and then, so that a long log can be interrupted.
    """
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MAX_LOG_BYTES:
        raise DataError("A log may have at most {most} MB; this one has {size}. Keep every tenth line, for instance.",
                        most=MAX_LOG_BYTES // 2**20, size=-(-size // 2**20))  # fmt: skip
    text = data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    if "\x00" in text:
        raise DataError("This is not text: a log is CSV or JSON lines.")
    first = count_blank_lines(text) + 1
    text = text.strip()
    if not text:
        raise DataError("The log is empty: paste lines of CSV or JSON.")
    read = read_json if text[0] in "[{" else read_csv
    columns, notes = read(text, first, between_rows)
    kept = {name: column for name, column in columns.items() if not np.isnan(column).all()}
    if not kept:
        raise DataError("No column of this log has a number in it: a log is CSV with a line of names, or JSON lines.")
    assignment = recognize_columns(tuple(kept))
    for role in ("training_accuracy", "validation_accuracy"):
        if role in assignment and np.nanmax(kept[assignment[role]]) > PERCENT_ABOVE:
            notes.append(Translatable("“{name}” is read as a percentage.", name=assignment[role]))
    if counts_from_zero({role: kept[name] for role, name in assignment.items()}):
        notes.append(Translatable("The epochs are counted from 0: the first one is drawn from 0 to 1."))
    if "epoch" not in assignment:
        notes.append(
            Translatable(
                "There is no column of epochs: where the readings say “epoch”, they mean a step, or a line of the log."
            )
        )
    return TrainingLog(kept, assignment, tuple(notes))


def count_blank_lines(text: str) -> int:
    """How many lines at its beginning are blank."""
    return len(f"{text[: len(text) - len(text.lstrip())]}.".splitlines()) - 1


def read_csv(text: str, first: int, between_rows: Callable[[], None]) -> tuple[dict[str, Column], list[Translatable]]:
    """Columns by the first line's names; cells are separated by tabs, semicolons, commas or blanks.

    `first` is the number that the first line has in messages.
    """
    said = enumerate(islice(text.splitlines(), MAX_ROWS + 2), first)
    numbered = [(n, line) for n, line in said if line.strip() and not line.startswith("#")]
    lines = [line for _, line in numbered]
    check_row_count(len(lines) - 1)
    unquoted = re.sub(r'"[^"\n]*"', "", lines[0] if len(lines) == 1 else f"{lines[0]}\n{lines[1]}")
    separator = next((mark for mark in SEPARATORS if mark in unquoted), " ")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    rows: list[list[str]] = []
    numbers: list[int] = []  # of the line in which each row ends: a quoted cell may go over several
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            numbers.append(numbered[reader.line_num - 1][0])
    except csv.Error as error:
        raise DataError("The log cannot be read as CSV: {reason}", reason=str(error)) from None
    is_comma = separator != ","
    notes: list[Translatable] = []
    if any(np.isfinite(parse_cell(cell, is_comma)) for cell in rows[0]):
        header = [f"column {k}" for k in range(1, len(rows[0]) + 1)]
        notes.append(Translatable("The first line has numbers, so the columns have no names: assign them."))
    else:
        header, rows, numbers = rows[0], rows[1:], numbers[1:]
    if len(header) > MAX_COLUMNS:
        raise DataError("A log may have at most {most} columns; this one has {count:,}.",
                        most=MAX_COLUMNS, count=len(header))  # fmt: skip
    names = make_unique(header, notes)
    if uneven := [n for n, row in enumerate(rows) if len(row) != len(names)]:
        what = Translatable("Line {line} has {count:,} cells, but the first line has {wanted}.",
                            line=numbers[uneven[0]], count=len(rows[uneven[0]]), wanted=len(names))  # fmt: skip
        if len(uneven) > len(rows) / 2:
            raise DataError("{problem} A comma as the decimal point needs semicolons or tabs between the cells.",
                            problem=what)  # fmt: skip
        notes.append(what)
    table = np.full((len(rows), len(names)), np.nan)
    is_spelled = np.zeros(table.shape, dtype=bool)
    for n, row in enumerate(rows):
        if n % PAUSE_ROWS == 0:
            between_rows()
        for k, cell in enumerate(row[: len(names)]):
            table[n, k] = parse_cell(cell, is_comma)
            is_spelled[n, k] = cell.lower() in NOT_A_NUMBER
    columns = [mark_overflow(column, spelled) for column, spelled in zip(table.T.copy(), is_spelled.T, strict=True)]
    return dict(zip(names, columns, strict=True)), notes


def read_json(text: str, first: int, between_rows: Callable[[], None]) -> tuple[dict[str, Column], list[Translatable]]:
    """One object a line, the first by the number `first`, or one array of objects; objects within have their names
    joined by a dot."""
    notes: list[Translatable] = []
    found: list[Any] = []
    if text[0] == "[":
        try:
            found = parse_json(text)
        except (ValueError, RecursionError):
            raise DataError("The log begins like a JSON array, but is not one.") from None
    else:
        said = enumerate(islice(text.splitlines(), MAX_ROWS + 2), first)
        lines = [(n, line) for n, line in said if line.strip()]
        bad = []
        for k, (n, line) in enumerate(lines):
            if k % PAUSE_ROWS == 0:
                between_rows()
            try:
                found.append(parse_json(line))
            except (ValueError, RecursionError):
                bad.append(n)
        if bad and len(bad) > max(1, len(lines) // 10):  # a last line that is torn off is no reason to refuse a log
            raise DataError("Line {line} is not JSON: each line must be one object, like {example}.",
                            line=bad[0], example='{"epoch": 1, "loss": 2.3}')  # fmt: skip
        if bad:
            notes.append(Translatable("Left out, because they are not JSON: {count} lines, the first is line {line}.",
                                      count=len(bad), line=bad[0]))  # fmt: skip
    rows = [flatten(row) for row in found if isinstance(row, dict)]
    check_row_count(len(rows))
    names = list(dict.fromkeys(name for row in rows for name in row))[: MAX_COLUMNS + 1]
    if len(names) > MAX_COLUMNS:
        raise DataError("A log may have at most {most} columns; this one has {count:,}.",
                        most=MAX_COLUMNS, count=len(names))  # fmt: skip
    values = {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}
    return {
        name: mark_overflow(column, np.isnan(column) & np.array([name in row for row in rows]))
        for name, column in values.items()
    }, notes


def parse_json(text: str) -> Any:
    """JSON, or the same as Python prints it, {'loss': 2.3, 'acc': None}. Raises `ValueError`, or `RecursionError`."""
    try:
        return json.loads(text)
    except ValueError:
        if "'" not in text:
            raise
    words = {"None": "null", "True": "true", "False": "false", "nan": "NaN", "inf": "Infinity"}
    return json.loads(re.sub(r"\b(None|True|False|nan|inf)\b", lambda m: words[m[0]], text.replace("'", '"')))


def mark_overflow(column: Column, is_spelled: NDArray[np.bool_]) -> Column:
    """The column with infinity for every NaN that is written out, if no finite value stands behind the first of them.

    So a training writes its loss that has diverged. Where finite values follow, as in a log that writes training and
    validation in different lines, NaN stands for a gap.
    """
    marked = np.flatnonzero(is_spelled)
    if not marked.size or np.isfinite(column[marked[0] :]).any() or not np.isfinite(column).any():
        return column
    return np.where(is_spelled, np.inf, column)


def flatten(row: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """The numbers of an object, and of objects within it."""
    numbers: dict[str, float] = {}
    for name, value in row.items():
        full = f"{prefix}{name}"
        if isinstance(value, dict) and prefix.count(".") < 2:
            numbers |= flatten(value, f"{full}.")
        elif isinstance(value, str):
            numbers[full] = parse_cell(value, True)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[full] = to_float(value)
    return numbers


def to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of a thousand digits
        return np.nan


def parse_cell(cell: str, decimal_comma: bool) -> float:
    """A number, by its spelling; a percent sign is left out. NaN for anything else."""
    word = cell.strip().rstrip("%").rstrip().replace("−", "-")
    if word.lower() in MISSING or len(word) > MAX_CELL:
        return np.nan
    if word.lower() in INFINITE:
        return float(INFINITE[word.lower()])
    if decimal_comma and word.count(",") == 1 and "." not in word:
        word = word.replace(",", ".")
    return float(word) if NUMBER.fullmatch(word) else np.nan


def make_unique(header: list[str], notes: list[Translatable]) -> list[str]:
    """Names of columns, each once: the second “loss” becomes “loss (2)”."""
    names: list[str] = []
    for k, cell in enumerate(header, 1):
        name = "".join(c if c.isprintable() else " " for c in cell).strip()[:60] or f"column {k}"
        repeats = sum(other == name or other.startswith(f"{name} (") for other in names)
        if repeats:
            notes.append(Translatable("Two columns have the name “{name}”: the second one is called “{new}” here.",
                                      name=name, new=f"{name} ({repeats + 1})"))  # fmt: skip
            name = f"{name} ({repeats + 1})"
        names.append(name)
    return names


def check_row_count(count: int) -> None:
    if count < 1:
        raise DataError("The log has no line of numbers.")
    if count > MAX_ROWS:
        raise DataError("A log may have at most {most:,} lines. Keep every tenth, for instance.", most=MAX_ROWS)


def curves_by_epoch(found: dict[Role, Column]) -> TrainingCurves:
    """One point an epoch: the mean training loss of its lines, and the last known value of everything else."""
    epoch = found["epoch"] + counts_from_zero(found)
    known = np.isfinite(epoch)
    rows_known = np.flatnonzero(known)
    whole, of_epoch = np.unique(np.ceil(epoch[known] - 1e-9), return_inverse=True)
    in_order = rows_known[np.argsort(of_epoch, kind="stable")]
    groups = np.split(in_order, np.cumsum(np.bincount(of_epoch))[:-1]) if len(whole) else []
    is_by_step = int(known.sum()) > 2 * len(whole)
    columns: dict[str, Column] = {}
    for role in ("training_loss", "validation_loss", "training_accuracy", "validation_accuracy"):
        if role in found:
            is_mean = is_by_step and role == "training_loss"
            columns[role] = np.array([summarize(found[role][group], is_mean) for group in groups])
    steps: dict[str, Any] = {}
    if is_by_step and "training_loss" in found:
        inside = known & np.isfinite(found["training_loss"])
        has_fractions = bool((epoch[known] != np.floor(epoch[known])).any())
        time = epoch if has_fractions else spread_steps(epoch)
        steps = {"step_epochs": time[inside], "step_loss": found["training_loss"][inside]}
    return TrainingCurves(whole, **keep_known(columns), **steps, **find_ratios(found, epoch))


def counts_from_zero(found: Mapping[Role, Column]) -> bool:
    """Whether the log counts its epochs from 0, as its lines within them tell: an epoch 0 of one line has no steps."""
    if not {"epoch", "training_loss"} <= set(found):
        return False
    epoch = found["epoch"]
    known = epoch[np.isfinite(epoch)]
    is_whole = known.size > 0 and known.min() == 0 and bool((known == np.floor(known)).all())
    return is_whole and int(((epoch == 0) & ~np.isnan(found["training_loss"])).sum()) > 1


def curves_by_step(found: dict[Role, Column], rows: int) -> TrainingCurves:
    """The lines as they are, or means of pieces of a long log."""
    time = np.arange(1.0, rows + 1)
    if "step" in found and np.isfinite(found["step"]).any():
        time = np.where(np.isfinite(found["step"]), found["step"], np.nan)
    pieces = np.array_split(np.arange(rows), min(rows, MAX_LOG_POINTS))
    columns: dict[str, Column] = {
        role: np.array([summarize(found[role][piece], role == "training_loss") for piece in pieces])
        for role in ("training_loss", "validation_loss", "training_accuracy", "validation_accuracy")
        if role in found
    }
    ends = keep_known({"step": np.array([summarize(time[piece], is_mean=False) for piece in pieces])})
    return TrainingCurves(ends["step"], **keep_known(columns), **find_ratios(found, time))


def keep_known(columns: Mapping[str, Column]) -> dict[str, Any]:
    """Columns with every gap filled by the value before it; without those that have no value at all."""
    kept = {}
    for name, column in columns.items():
        known = np.flatnonzero(~np.isnan(column))
        if known.size:
            index = np.searchsorted(known, np.arange(len(column)), side="right") - 1
            kept[name] = column[known[np.maximum(index, 0)]]
    return kept


def find_ratios(found: dict[Role, Column], time: Column) -> dict[str, Any]:
    if "update_ratio" not in found:
        return {"ratio_epochs": NONE}
    known = np.isfinite(found["update_ratio"]) & np.isfinite(time)
    return {"ratio_epochs": time[known], "ratios": {"update": found["update_ratio"][known]}} if known.any() else {}


def spread_steps(epoch: Column) -> Column:
    """Times within each epoch, for lines that name the epoch by a whole number: evenly from its beginning on."""
    time = epoch - 1.0
    known = np.flatnonzero(np.isfinite(epoch))
    _, of_epoch, counts = np.unique(epoch[known], return_inverse=True, return_counts=True)
    in_order = np.argsort(of_epoch, kind="stable")
    place = np.arange(len(known)) - np.repeat(np.cumsum(counts) - counts, counts)  # within its epoch
    time[known[in_order]] += place / np.repeat(counts, counts)
    return time


def summarize(values: Column, is_mean: bool) -> float:
    """The mean of the finite values, or the last of them; where there is none the last infinite one, else NaN."""
    known = values[np.isfinite(values)]
    if not known.size:
        known = values[~np.isnan(values)]
    if not known.size:
        return float("nan")
    return float(known.mean()) if is_mean else float(known[-1])
