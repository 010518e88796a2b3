"""Four visitors who train networks, and a fifth who moves a slider of the race meanwhile.

`python -m tests.benchmarks.many_trainings` measures this alone. All of them speak the page's protocol, without a
browser: what they share is the server. Quiet and beside in turn, so that a drift of the machine meets both.
"""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import count
from statistics import median
from urllib.parse import parse_qs

from app.training_scenes.training_link import read_parameters
from tests.benchmarks.load import p99
from tests.benchmarks.slider_beside_work import POLL_SECONDS, measure_slider
from tests.benchmarks.table import Row, print_table
from tests.support.protocol_visitor import Visitor
from tests.support.server_and_browser import ServerAddress, serve_app

TRAININGS = {  # the link of a training, another one for each seed
    "64-100-10, 20 epochs of the digits, one after another": "data=digits(epochs=20,seed={seed})",
    "ten layers of 150 units, 100 epochs of the digits": (
        "data=digits(epochs=100,seed={seed})&train=network(depth=10,width=150)"
    ),
}
PICTURE, NEWS, SEED_SLIDER = "descent_trainings", "descent_training_news", "training.weights_seed"
TRAINERS = 4
ROUNDS, CHANGES, PERIOD_SECONDS = 3, 40, 0.2
MOST_MEDIAN_MS, MOST_P99_MS = 300, 1000
seeds = count()


async def train_on_and_on(address: ServerAddress, training: str, over: asyncio.Event) -> int:
    """Ask for news as the browser does, and train from other first weights after each end; the number of ends."""
    ends = 0
    async with Visitor(address, "training", training.format(seed=next(seeds) % 100)) as visitor:
        await visitor.open_page()
        while not over.is_set():
            if visitor.read_header(NEWS)["state"] == "done":
                ends += 1
                await visitor.move_slider(SEED_SLIDER)
            elif not await visitor.ask_for_news(PICTURE, NEWS):
                await asyncio.sleep(POLL_SECONDS)
    return ends


def rows() -> Iterator[Row]:
    with serve_app() as address:
        for words, training in TRAININGS.items():
            times: dict[int, list[float]] = {0: [], TRAINERS: []}
            assert not read_parameters(parse_qs(training.format(seed=0))).faults
            ends = 0
            for _ in range(ROUNDS):
                for trainers, kept in times.items():
                    work = partial(train_on_and_on, address, training)
                    changes, ended = asyncio.run(measure_slider(address, work, trainers, CHANGES, PERIOD_SECONDS))
                    kept.extend(changes)
                    ends += sum(ended)
            quiet, beside = times[0], times[TRAINERS]
            yield Row(
                f"a change of a slider in the race while four others train {words}: median, 99th percentile, worst of "
                f"{len(beside)}",
                f"{1e3 * median(beside):.0f}, {1e3 * p99(beside):.0f}, {1e3 * max(beside):.0f} ms",
                f"quiet {1e3 * median(quiet):.0f}, {1e3 * p99(quiet):.0f}, {1e3 * max(quiet):.0f} ms; {ends} trainings "
                "ended meanwhile",
                f"at most {MOST_MEDIAN_MS} ms and {MOST_P99_MS / 1e3:.0f} s",
                median(beside) <= MOST_MEDIAN_MS / 1e3 and p99(beside) <= MOST_P99_MS / 1e3,
            )


if __name__ == "__main__":
    print_table(rows())
