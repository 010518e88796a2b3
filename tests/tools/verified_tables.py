"""The tables of results on published problems in docs/verified.md: `make truths` writes them, a test compares them.

Counts, and digits beyond the certified ones, depend on the last bit of every operation, and so on the processor. They
are shown as the range over `ROUNDINGS` starts that differ in their last bits, with the machine they were measured on.
"""

import platform
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from tests.tools.other_processors import list_vector_units
from tests.tools.published_problems import (
    CLASSICS,
    FIRST,
    LINES,
    MGH,
    MORE_THAN_PUBLISHED,
    NIST,
    OPTIMIZERS,
    SCIPY,
    RunEnd,
    count_correct_digits,
    count_values_until,
    is_published_minimum,
    make_nist_problem,
    perturb_start,
    run_line_search,
    run_ours,
    run_scipys,
)

VERIFIED = Path(__file__).parents[2] / "docs" / "verified.md"
BEGIN, END = "<!-- truths -->", "<!-- /truths -->"
ROUNDINGS = 20  # starts beside each start
ENOUGH = 9  # digits of a certified parameter
HEAD = 3  # index of the line under a table's head: caption, blank, head, rule
FACTOR = 1.5  # a count that is farther from the shown range comes from another method, not from another rounding

Run = Callable[[str, Surface, tuple[float, float]], RunEnd]


class Cell(NamedTuple):
    """A cell: the smallest and the largest number of several runs, and how many of these missed a minimum."""

    low: int
    high: int
    missed: int = 0
    of: int = 1
    published: int | None = None

    def __str__(self) -> str:
        numbers = f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"
        if self.published is not None:
            numbers += f" ({self.published})"
        share = "missed" if self.missed == self.of else f"missed in {self.missed} of {self.of}"
        return f"{share}, {numbers}" if self.missed else numbers


CELL = re.compile(r"(missed.*, )?(\d+)(?: to (\d+))?(?: \(\d+\))?")


class Row(NamedTuple):
    """A row: its labels, and what was measured for our methods, which is tested, and for SciPy's, which is shown."""

    labels: tuple[object, ...]
    cells: dict[str, Cell]  # by the head of the column


class Table(NamedTuple):
    caption: str
    labels: tuple[str, ...]  # heads of the columns of labels
    rows: list[Row]
    last: str = ""  # a line that sums up the others

    def __str__(self) -> str:
        head = (*self.labels, *self.rows[0].cells)
        lines = [head, ("---",) * len(head), *((*row.labels, *row.cells.values()) for row in self.rows)]
        return f"{self.caption}\n\n" + "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + self.last


@cache
def measure_tables(roundings: int) -> tuple[Table, ...]:
    """Measure all tables, each number from `roundings` starts."""
    return (
        measure_classics(roundings),
        measure_nist(roundings),
        measure_more_garbow_hillstrom(roundings),
        measure_line_searches(roundings),
    )


def list_columns() -> Iterator[tuple[str, str, Run]]:
    """For each column its head, the name of our optimizer, and the function that runs it or SciPy's counterpart."""
    for optimizer in OPTIMIZERS:
        yield optimizer, optimizer, run_ours
        yield f"{optimizer}, SciPy's {SCIPY[optimizer]}", optimizer, run_scipys


def get_spread(numbers: list[int]) -> Cell:
    return Cell(min(numbers), max(numbers))


def measure_classics(roundings: int) -> Table:
    rows = []
    for name, start in CLASSICS.items():
        surface, cells = SURFACES[name](), {}
        for head, optimizer, run in list_columns():
            counts = [
                count_values_until(run(optimizer, surface, p), surface.minima) for p in perturb_start(start, roundings)
            ]
            cells[head] = get_spread([count for count in counts if count is not None])
        rows.append(Row((name, start), cells))
    caption = (
        "Evaluations of f until the iterate is within 1e-8 of a minimum. The tests require at most half as many again "
        "as SciPy needs."
    )
    return Table(caption, ("problem", "start"), rows)


def measure_nist(roundings: int) -> Table:
    rows = []
    for name, start in NIST:
        surface, cells = make_nist_problem(name, start), {}
        for head, optimizer, run in list_columns():
            ends = [run(optimizer, surface, p).x for p in perturb_start(surface.start, roundings)]
            cells[head] = get_spread([count_correct_digits(x, surface.minima[0]) for x in ends])
        rows.append(Row((name, start), cells))
    solved = [sum(row.cells[head].low >= ENOUGH for row in rows) for head, _, _ in list_columns()]
    last = f"\n| {ENOUGH} digits or more each time |  | " + " | ".join(f"**{n} of {len(NIST)}**" for n in solved) + " |"
    caption = (
        "NIST's certified regressions, from both published starts: correct digits of the worse parameter (11 are "
        f"certified). The tests require {ENOUGH} or more of our methods."
    )
    return Table(caption, ("problem", "start"), rows, last)


def measure_more_garbow_hillstrom(roundings: int) -> Table:
    rows = []
    for name, (start, _) in MGH.items():
        for times in (1, 10):
            cells = {}
            for optimizer in OPTIMIZERS:
                starts = perturb_start((times * start[0], times * start[1]), roundings)
                runs = [run_ours(optimizer, SURFACES[name](), p) for p in starts]
                missed = sum(not is_published_minimum(name, run.x) for run in runs)
                cells[optimizer] = get_spread([run.evaluations[0] for run in runs])._replace(
                    missed=missed, of=roundings
                )
            rows.append(Row((name, f"{times} x {start}"), cells))
    caption = (
        "Moré, Garbow and Hillstrom, from the standard start and from ten times it: evaluations of f until nothing "
        "more can be gained at a published minimum. The tests require that it is reached, but where runs are said to "
        "miss it."
    )
    return Table(caption, ("problem", "start"), rows)


def measure_line_searches(roundings: int) -> Table:
    rows = []
    for number, (_, mu, eta, published) in LINES.items():
        cells = {}
        for first, published_evaluations in zip(FIRST, published, strict=True):
            results = [run_line_search(number, step) for step, _ in perturb_start((first, 0.0), roundings)]
            missed = sum(not (s.has_sufficient_decrease and s.has_flat_slope) for s in results)
            cells[f"{first:g}"] = get_spread([s.evaluations for s in results])._replace(
                missed=missed, of=roundings, published=published_evaluations
            )
        rows.append(Row((number, mu, eta), cells))
    caption = (
        "The strong Wolfe line search on the cases of Moré and Thuente (1994): evaluations (published ones), by first "
        f"step. The tests require both conditions, after at most {MORE_THAN_PUBLISHED} more than published."
    )
    return Table(caption, ("table", "μ", "η"), rows)


def describe_machine() -> str:
    units = ", ".join(list_vector_units()) or "none beyond the least"
    return (
        f"Measured with NumPy {version('numpy')} and SciPy {version('scipy')} on {platform.machine()}, NumPy's vector "
        f"units: {units}. A range is over {ROUNDINGS} starts that differ in their last bits, as roundings differ "
        "between processors: on another one any number may differ. What holds on every one is said above each table."
    )


def update_tables(text: str) -> str:
    """The text of the page with its tables measured again."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    content = "\n\n".join((describe_machine(), *map(str, measure_tables(ROUNDINGS))))
    return f"{before}{BEGIN}\n{content}\n{END}{after}"


def find_stale_lines(text: str) -> list[str]:
    """The lines of the page's tables that differ from what is measured now: [] if all are current.

    A number of ours may differ by `FACTOR` from the one shown: rounding explains that much (up to 1.3 was seen).
    SciPy's numbers and the machine are not compared.
    """
    shown = text.partition(BEGIN)[2].partition(END)[0].strip().splitlines()[2:]
    current, columns = [], []  # lines, and which of their cells hold our numbers and SciPy's
    for table in measure_tables(1):
        of_ours = [len(table.labels) + i for i, head in enumerate(table.rows[0].cells) if "SciPy" not in head]
        of_scipy = [len(table.labels) + i for i, head in enumerate(table.rows[0].cells) if "SciPy" in head]
        lines = str(table).splitlines()
        current += [*lines, ""]
        columns += [(of_ours, of_scipy) if i > HEAD else ([], []) for i in range(len(lines))] + [([], [])]
    if len(shown) != len(current) - 1:
        return ["there are more or fewer lines"]
    differing = []
    for shown_line, current_line, (of_ours, of_scipy) in zip(shown, current[:-1], columns[:-1], strict=True):
        before, after = shown_line.split(" | "), current_line.split(" | ")
        same = len(before) == len(after) and all(
            i in of_scipy or (is_alike(old.strip("| "), new.strip("| ")) if i in of_ours else old == new)
            for i, (old, new) in enumerate(zip(before, after, strict=True))
        )
        differing += [] if same else [f"{shown_line} -> {current_line}"]
    return differing


def is_alike(shown: str, measured: str) -> bool:
    """Are the texts equal, or numbers that rounding may change? A minimum that was never missed must not be missed."""
    old, new = CELL.fullmatch(shown), CELL.fullmatch(measured)
    if not (old and new):
        return shown == measured
    low, high = int(old[2]), int(old[3] or old[2])
    return low / FACTOR - 1 <= int(new[2]) <= high * FACTOR + 1 and not (new[1] and not old[1])


if __name__ == "__main__":
    VERIFIED.write_text(update_tables(VERIFIED.read_text(encoding="utf-8")), encoding="utf-8")
