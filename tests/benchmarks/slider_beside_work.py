"""How fast a visitor's slider of the race answers while other visitors have the server compute."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.benchmarks.load import SLIDER
from tests.support.protocol_visitor import Visitor
from tests.support.server_and_browser import ServerAddress

T = TypeVar("T")
POLL_SECONDS = 0.6  # as the browser asks for news


async def measure_slider(
    address: ServerAddress, work: Callable[[asyncio.Event], Awaitable[T]], workers: int, changes: int, period: float
) -> tuple[list[float], list[T]]:
    """Seconds of each of so many changes, one every `period` seconds, while so many others work until the event is set;
    and what their work returned."""
    over = asyncio.Event()
    async with Visitor(address) as visitor, asyncio.TaskGroup() as tasks:
        await visitor.open_page()
        await visitor.move_slider(SLIDER)
        others = [tasks.create_task(work(over)) for _ in range(workers)]  # type: ignore[arg-type]
        await asyncio.sleep(1.0)  # they are at work
        times = []
        for _ in range(changes):
            await asyncio.sleep(period)
            times.append(await visitor.move_slider(SLIDER))
        over.set()
    return times, [other.result() for other in others]
