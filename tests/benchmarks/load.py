"""Many visitors at once, at the protocol's level: how long a change takes, and what memory those leave who have gone.

`python -m tests.benchmarks.load` measures these rows alone. The visitors are in this process, the server in its own:
a machine with fewer than two cores measures both.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

from tests.benchmarks.process import cpu_seconds, megabytes
from tests.benchmarks.table import Row, print_table
from tests.support.protocol_visitor import TROUBLE, Visitor
from tests.support.server_and_browser import ServerAddress, serve_app

SLIDER = "0.lr"  # of the first run on the race page
PERIOD_SECONDS = 5.0  # from one change of a visitor to the next
SECONDS = 60.0
ALONE_SECONDS, ALONE_PERIOD_SECONDS = 30.0, 1.0
TARGETS_MS = {20: 100, 60: 150}
FORCED = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}  # Streamlit's own way: a collection after each run
VISITS, AT_ONCE, ROUNDS = 150, 10, 4  # Streamlit keeps the last 128 sessions for two minutes after they are left
GROWTH_MB = 15


@dataclass
class Measured:
    """The waiting times of visitors, in seconds, and the server's resources."""

    arrivals: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    pictures: int = 0  # that came by the feed
    cores: float = 0  # that the server was busy with, on average
    memory: float = 0  # MB at the end, while all are there

    def words(self) -> str:
        return (
            f"{1e3 * median(self.changes):.0f} / {1e3 * p95(self.changes):.0f} ms of {len(self.changes)} changes, "
            f"first run {1e3 * p95(self.arrivals):.0f} ms, {len(self.failures)} failures; "
            f"the server: {100 * self.cores:.0f} % of a core, {self.memory:.0f} MB"
        )


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def p99(times: list[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[-1]


def rows() -> Iterator[Row]:
    with serve_app() as address:
        alone = asyncio.run(crowd(address, 1, ALONE_SECONDS, ALONE_PERIOD_SECONDS))
        measured = {visitors: asyncio.run(crowd(address, visitors)) for visitors in TARGETS_MS}
    with serve_app(**FORCED) as address:
        forced = asyncio.run(crowd(address, min(TARGETS_MS)))
    for visitors, found in measured.items():
        ratio = p95(found.changes) / p95(alone.changes)
        beside = f"one visitor alone {1e3 * median(alone.changes):.0f} / {1e3 * p95(alone.changes):.0f} ms: {ratio:.1f}"
        if visitors == min(TARGETS_MS):
            beside += f" of it; with a collection of garbage after every run {forced.words()}"
        else:
            beside += " of it"
        most = TARGETS_MS[visitors]
        yield Row(
            f"{visitors} visitors, each changing a slider every {PERIOD_SECONDS:.0f} s for {SECONDS:.0f} s: "
            "a change until all of its answer is there, median / 95th percentile",
            found.words(),
            beside,
            f"95th percentile at most {most} ms, no failure",
            1e3 * p95(found.changes) <= most and not found.failures,
        )
    yield comings_and_goings()


async def crowd(
    address: ServerAddress, visitors: int, seconds: float = SECONDS, period: float = PERIOD_SECONDS
) -> Measured:
    """Visitors who come one after the other within a period, and stay."""
    found = Measured()
    begun, busy = perf_counter(), cpu_seconds(address.pid)
    async with asyncio.TaskGroup() as tasks:
        for i in range(visitors):
            tasks.create_task(visit(address, found, begun + i * period / visitors, begun + seconds, period))
    found.cores = (cpu_seconds(address.pid) - busy) / (perf_counter() - begun)
    return found


async def visit(address: ServerAddress, found: Measured, first: float, last: float, period: float) -> None:
    """One visitor: comes at `first`, then changes a slider once in each period until `last`."""
    await asyncio.sleep(first - perf_counter())
    try:
        async with Visitor(address) as visitor:
            found.arrivals.append(await visitor.open_page())
            due = first + period
            while due < last:
                await asyncio.sleep(due - perf_counter())
                found.changes.append(await visitor.move_slider(SLIDER))
                due += period
            found.memory = max(found.memory, megabytes(address.pid))
            found.pictures += visitor.pictures
            found.failures += visitor.exceptions
    except TROUBLE as trouble:
        found.failures.append(repr(trouble))


def comings_and_goings() -> Row:
    """Memory after many short visits: what a visitor leaves behind is given back, without a forced collection."""
    with serve_app() as address:
        memory = [asyncio.run(come_and_go(address)) for _ in range(ROUNDS)]
    grown = memory[-1] - memory[-2]
    return Row(
        f"the server's memory over {VISITS * ROUNDS} visits who change two sliders and go, {AT_ONCE} at a time",
        f"{memory[-1]:.0f} MB, {grown:+.1f} MB in the last {VISITS}",
        f"after each {VISITS}: {', '.join(f'{one:.0f}' for one in memory)} MB",
        f"at most {GROWTH_MB} MB more in the last {VISITS}",
        grown <= GROWTH_MB,
    )


async def come_and_go(address: ServerAddress) -> float:
    """Short visits; the memory of the server after them, in MB."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with free, Visitor(address) as visitor:
            await visitor.open_page()
            for _ in range(2):
                await visitor.move_slider(SLIDER)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(VISITS):
            tasks.create_task(one())
    return megabytes(address.pid)


if __name__ == "__main__":
    print_table(rows())
