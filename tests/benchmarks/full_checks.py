"""Two visitors who check every entry of a large network, and a third who moves a slider of the race meanwhile.

`python -m tests.benchmarks.full_checks` measures this alone. All of them speak the page's protocol, without a browser:
what they share is the server. Quiet and beside in turn, so that a drift of the machine meets both.
"""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import count
from statistics import median

from tests.benchmarks.load import p95
from tests.benchmarks.slider_beside_work import POLL_SECONDS, measure_slider
from tests.benchmarks.table import Row, print_table
from tests.support.protocol_visitor import Visitor
from tests.support.server_and_browser import ServerAddress, serve_app

CHECKS = {  # the link of a check of every entry, another one for each seed
    "64-100-10, 20 samples": "of=network(width=100)&how=centred(entries=all,seed={seed})",
    "ten layers of 100 units, 2,000 samples": (
        "of=network(width=100,depth=10,samples=2000)&how=centred(entries=all,seed={seed})"
    ),
}
CHECKERS = 2
ROUNDS, CHANGES, PERIOD_SECONDS = 3, 20, 0.25
MOST_MS = 250
seeds = count()


async def check_every_entry(address: ServerAddress, check: str, over: asyncio.Event) -> None:
    """One check after the other, each with another seed, so that there is always one."""
    while not over.is_set():
        query = check.format(seed=next(seeds) % 100)
        async with Visitor(address, "gradient-check", query) as visitor:
            for _ in range(5):
                await visitor.open_page()
                if over.is_set():
                    break
                await asyncio.sleep(POLL_SECONDS)


def rows() -> Iterator[Row]:
    with serve_app() as address:
        for words, check in CHECKS.items():
            times: dict[int, list[float]] = {0: [], CHECKERS: []}
            for _ in range(ROUNDS):
                for checkers, kept in times.items():
                    work = partial(check_every_entry, address, check)
                    changes, _ = asyncio.run(measure_slider(address, work, checkers, CHANGES, PERIOD_SECONDS))
                    kept.extend(changes)
            quiet, beside = times[0], times[CHECKERS]
            yield Row(
                f"a change of a slider in the race while two others check every entry of {words}: median, 95th "
                f"percentile, worst of {len(beside)}",
                f"{1e3 * median(beside):.0f}, {1e3 * p95(beside):.0f}, {1e3 * max(beside):.0f} ms",
                f"quiet {1e3 * median(quiet):.0f}, {1e3 * p95(quiet):.0f}, {1e3 * max(quiet):.0f} ms",
                f"at most {MOST_MS} ms",
                max(beside) <= MOST_MS / 1e3,
            )


if __name__ == "__main__":
    print_table(rows())
