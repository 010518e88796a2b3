"""Export a race as CSV and JSON: trajectories with units, and everything that is needed to reproduce them.

Every number has enough digits to be read back as the same float64.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any

from app.export.column_descriptions import describe_column, sort_columns
from app.export.race_report import RaceReport, RunReport, report_race
from app.model.call_syntax import write_number
from app.model.scene import Scene

CSV_FILE_NAME, JSON_FILE_NAME = "race.csv", "race.json"
TITLE = "Descent: trajectories of optimizers"
CELL_START = re.compile(r"[,;][^,;]*")  # what a spreadsheet may take for the next cell of a remark
FORMULA_STARTS = ("=", "+", "-", "@", '"', "'")  # of a cell that is a formula, or that would run over several lines


def as_csv(scene: Scene) -> str:
    """Write remarks, each a line that begins with #, then the names of the columns, and a row for each run and step.

    Nothing is a formula to a spreadsheet: rows contain only numbers, and no part of a remark begins like a formula. A
    cell is empty if the run has no such number, or if it is not finite.
    """
    report = report_race(scene)
    names = list_columns(report)
    lines = [line for text in write_remarks(scene, report, names) for line in text.splitlines() or [""]]
    rows = (format_row(run, k, names) for run in report.runs for k in range(run.last_step + 1))
    return join_csv(TITLE, lines, ("run", "step", *names), rows)


def join_csv(title: str, remarks: Sequence[str], names: Iterable[str], rows: Iterable[str]) -> str:
    """A file of remarks, how to read it among them, the names of its columns, and rows of numbers."""
    lines = (format_remark(line) for line in (title, *explain_reading(len(remarks)), *remarks))
    return "\n".join((*lines, ",".join(names), *rows, ""))


def explain_reading(line_count: int) -> tuple[str, ...]:
    """How programs read a file that has `line_count` more remarks.

    `numpy.genfromtxt` must be told where the names are: with names=True it takes the first line, remark or not.
    """
    count = 3 + line_count  # with the title and these two
    return (
        'Read by pandas.read_csv with comment="#";',
        f"or by numpy.genfromtxt with a comma as delimiter, names=True and skip_header={count}.",
    )


def as_json(scene: Scene) -> str:
    """Write the same as JSON, with null for non-finite numbers."""
    report = report_race(scene)
    x, y = scene.start
    return json.dumps(
        {
            "about": TITLE,
            "versions": report.versions,
            "scene": report.scene,
            "surface": {"call": report.surface, "meaning": report.meaning, "view": report.box, "minima": report.minima},
            "start": [x, y],
            "steps": scene.steps,
            "steps_in_an_epoch": report.steps_per_epoch,
            "noise": {"sigma": scene.noise, "seed": scene.seed},
            "columns": {
                "step": {"unit": "steps", "meaning": "steps taken; 0 at the start"},
                **{
                    name: {"unit": describe_column(name).unit, "meaning": describe_column(name).meaning}
                    for name in list_columns(report)
                },
            },
            "runs": [
                {
                    "run": run.number,
                    "name": run.name,
                    "call": run.call,
                    "hyperparameters": run.hyper,
                    "verdict": {"kind": run.verdict_kind, "step": run.verdict_step, "sentence": run.verdict},
                    "last_step": run.last_step,
                    "columns": {
                        "step": list(range(run.last_step + 1)),
                        **{name: list_column_values(run, name) for name in sort_columns({*run.columns})},
                    },
                }
                for run in report.runs
            ],
        },
        allow_nan=False,
        ensure_ascii=False,
        indent=None,
        separators=(", ", ": "),
    )


def list_columns(report: RaceReport) -> list[str]:
    return sort_columns({name for run in report.runs for name in run.columns})


def list_column_values(run: RunReport, name: str) -> list[float | int | None]:
    is_count = describe_column(name).is_count
    return [(int(v) if is_count else v) if isfinite(v) else None for v in run.columns[name].tolist()]


def format_row(run: RunReport, k: int, names: list[str]) -> str:
    cells = (
        format_cell(run.columns[name][k], describe_column(name).is_count) if name in run.columns else ""
        for name in names
    )
    return ",".join((str(run.number), str(k), *cells))


def format_cell(value: Any, is_count: bool) -> str:
    if not isfinite(value):
        return ""
    return str(int(value)) if is_count else repr(float(value))


def write_remarks(scene: Scene, report: RaceReport, names: list[str]) -> Iterator[str]:
    """Yield the remarks about the scene, its runs and the columns, one paragraph each."""
    x, y = scene.start
    (left, right), (bottom, top) = report.box
    yield "A cell is empty if the run has no such number, or if it is not finite."
    yield f"Made with {'; '.join(f'{name} {version}' for name, version in report.versions.items())}"
    yield ""
    yield "The scene in Descent's format:"
    yield report.scene
    yield f"Surface: {report.surface}"
    yield f"Its meaning: {report.meaning}"
    x_range, y_range = (f"{write_number(low)} to {write_number(high)}" for low, high in ((left, right), (bottom, top)))
    yield f"View: x from {x_range}; y from {y_range}"
    minima = "; ".join(f"({write_number(a)}, {write_number(b)})" for a, b in report.minima)
    yield f"Known global minima: {minima or 'none'}"
    yield f"Start: ({write_number(x)}, {write_number(y)}); steps: {scene.steps}"
    if scene.noise:
        yield f"Noise on the gradient: sigma = {write_number(scene.noise)}; seed = {scene.seed}"
    if report.steps_per_epoch:
        yield f"Minibatches: {write_number(report.steps_per_epoch)} steps in an epoch"
    yield ""
    for run in report.runs:
        yield f"Run {run.number}: {run.name} = {run.call}"
        yield f"Its verdict: {run.verdict_kind}. {run.verdict}"
        if run.last_step < scene.steps:
            yield f"Its last finite point is at step {run.last_step}."
    yield ""
    yield "Columns:"
    yield "run [position in the scene]: its name is above"
    yield "step [steps]: steps taken; 0 at the start"
    yield from (f"{name} [{describe_column(name).unit}]: {describe_column(name).meaning}" for name in names)


def format_remark(text: str) -> str:
    """Write a text as a line that begins with #; quotes around it would hide the # from other readers."""
    return CELL_START.sub(defuse_cell, f"# {text}".replace("\t", " ")).rstrip(" ")


def defuse_cell(match: re.Match[str]) -> str:
    """Put a space before what a spreadsheet would take for a formula; negative numbers are none."""
    separator, cell = match[0][0], match[0][1:]
    return f"{separator} {cell}" if cell.startswith(FORMULA_STARTS) and not is_number(cell) else match[0]


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
