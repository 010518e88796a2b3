"""A row per measurement, printed as a Markdown table."""

from collections.abc import Callable, Iterable
from statistics import median
from time import perf_counter
from typing import NamedTuple


class Row(NamedTuple):
    what: str
    measured: str
    beside: str  # what it is compared with, measured in the same run
    target: str
    met: bool


def print_table(rows: Iterable[Row]) -> None:
    """Print each row as soon as it is measured: what comes after it may fail."""
    print("| what | measured | beside, same run | target | met |", "|---|---|---|---|---|", sep="\n", flush=True)
    for r in rows:
        print(f"| {r.what} | {r.measured} | {r.beside} | {r.target} | {'yes' if r.met else 'NO'} |", flush=True)


def in_turn(repeats: int, *works: Callable[[], object], clock: Callable[[], float] = perf_counter) -> list[float]:
    """Median seconds of each work, run A B A B ... so that a drift of the machine meets all of them.

    With `process_time` as the clock it is the time of the processor, which other processes take none of.
    """
    return [median(kept) for kept in time_in_turn(repeats, *works, clock=clock)]


def time_in_turn(
    repeats: int, *works: Callable[[], object], clock: Callable[[], float] = perf_counter
) -> list[list[float]]:
    """The seconds of each work in every repeat."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for work, kept in zip(works, times, strict=True):
            begun = clock()
            work()
            kept.append(clock() - begun)
    return times
