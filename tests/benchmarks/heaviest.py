"""One visitor, or several, with the heaviest map again and again: what another's ordinary map and slider notice of it.

`python -m tests.benchmarks.heaviest` measures this alone. Visitors of maps speak the page's protocol, without a
browser: what they share is the server, not each other's processors.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from statistics import median
from threading import Event, Thread
from typing import Any

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.benchmarks.page import OURS, VIEW, milliseconds
from tests.benchmarks.process import cpu_seconds
from tests.benchmarks.table import Row, print_table
from tests.support.binary_messages import decode_binary_message
from tests.support.server_and_browser import ServerAddress, launch_chromium, serve_app

HEAVIEST = (
    "map=basins(x=(-4,{edge}),y=(-4,4))&surface=rastrigin()&steps=2000&noise=0.5&seed={seed}&run=bfgs()&run=lbfgs()"
)
ORDINARY = "map=basins(x=(-5,{edge}),y=(-5,5))&surface=himmelblau()&steps=200&run=adam(lr=0.1)"
STAYS = 3.0  # seconds for which the heaviest map is open
CROWDS = 1, 3  # visitors who ask for it at once
ROUNDS, PRESSES = 5, 15
LONG = 120.0  # seconds that a map is waited for at most
IDLE = 0.15  # of a processor: what a server uses that does nothing but stay awake
news = count(1)  # so that nothing has been asked for before


class Visitor:
    """A page of the app without a browser: it is run, asked again as a browser does, and left."""

    def __init__(self, address: str, page: str, query: str) -> None:
        self.query, self.page = query, page
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self.opened = ExitStack()
        self.socket: ClientConnection = self.opened.enter_context(
            connect(stream, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        )
        self.fragment = self.page_hash = ""

    def run(self, fragment: str = "") -> Iterator[ForwardMsg]:
        """Ask for a run, of everything or of a fragment; what comes until it is over."""
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = self.query, self.page
        ask.rerun_script.page_script_hash, ask.rerun_script.fragment_id = self.page_hash, fragment
        self.socket.send(ask.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(self.socket.recv(timeout=LONG))  # type: ignore[arg-type]
            if told.WhichOneof("type") == "navigation":
                self.page_hash = told.navigation.page_script_hash
            yield told
            if told.WhichOneof("type") == "script_finished":
                return

    def maps(self) -> Iterator[dict[str, Any]]:
        """Yield the headers of the maps, again and again."""
        while True:
            for told in self.run(self.fragment):
                element = told.delta.new_element
                if element.bidi_component.component_name == "descent_map":
                    self.fragment = told.delta.fragment_id
                    yield decode_binary_message(element.bidi_component.bytes)[0]
            yield {}

    def leave(self) -> None:
        self.opened.close()


def first_picture(address: str) -> float:
    """Seconds from the opening of an ordinary map that nobody asked for before to its first picture."""
    begun = time.perf_counter()
    visitor = Visitor(address, "maps", ORDINARY.format(edge=round(5 - next(news) / 100, 2)))
    for found in visitor.maps():
        if found.get("stride") or time.perf_counter() - begun > LONG:
            break
    took = time.perf_counter() - begun
    visitor.leave()
    return took


@contextmanager
def crowd(address: str, visitors: int) -> Iterator[None]:
    """So many open the heaviest map, another each time, stay for a while, close it, and open it again."""
    over = Event()

    def come_and_go() -> None:
        while not over.is_set():
            number = next(news)
            with suppress(ConnectionClosed, TimeoutError):
                visitor = Visitor(
                    address, "maps", HEAVIEST.format(edge=round(4 - number / 1000, 3), seed=number % 1000)
                )
                leaves = time.monotonic() + STAYS
                for _ in visitor.maps():
                    if time.monotonic() > leaves or over.wait(0.1):
                        break
                visitor.leave()

    threads = [Thread(target=come_and_go) for _ in range(visitors)]
    for thread in threads:
        thread.start()
        time.sleep(STAYS / (visitors + 1))  # not all at the same moment
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def pictures(address: str) -> Iterator[Row]:
    first_picture(address)  # everything is imported
    times: dict[int, list[float]] = {0: [], **{visitors: [] for visitors in CROWDS}}
    for _ in range(ROUNDS):
        for visitors, kept in times.items():
            with crowd(address, visitors):
                kept.append(first_picture(address))
    alone = median(times[0])
    for visitors in CROWDS:
        beside = median(times[visitors])
        yield Row(
            f"an ordinary map (Himmelblau, Adam, 200 steps) while {visitors} ask for the heaviest again and again: "
            f"from opening the page to the first picture, median of {ROUNDS} (worst)",
            f"{beside:.2f} s ({max(times[visitors]):.2f})",
            f"alone {alone:.2f} s ({max(times[0]):.2f}): {beside / alone:.1f} times",
            "at most 1.5 s",
            beside <= 1.5,
        )


def slider(page: Page, address: str) -> Row:
    """Key presses on a slider of the race, in turn quiet and beside the heaviest map."""
    page.goto(address)
    page.wait_for_function(OURS[0])
    page.evaluate("window.__descent.seek(150)")
    times: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(3):
        for visitors, kept in times.items():
            with crowd(address, visitors):
                for press in range(PRESSES):
                    taken = milliseconds(page, OURS, "ArrowLeft" if press % 2 else "ArrowRight")
                    if press:  # the first warms up
                        kept.append(taken)
                    page.wait_for_timeout(150)
    quiet, beside = median(times[0]), median(times[1])
    return Row(
        f"slider key press to new paths on screen beside the heaviest map, median of {len(times[1])}",
        f"{beside:.0f} ms",
        f"quiet {quiet:.0f} ms: {beside / quiet:.2f} times",
        "at most 2 times",
        beside <= 2 * quiet,
    )


def until_idle(address: ServerAddress) -> Row:
    """Seconds from the moment at which the visitor of the heaviest map has gone until the server does nothing more."""
    taken = []
    for _ in range(ROUNDS):
        visitor = Visitor(address, "maps", HEAVIEST.format(edge=3.9, seed=next(news)))
        begun = time.monotonic()
        for _ in visitor.maps():
            if time.monotonic() - begun > STAYS:
                break
        visitor.leave()
        left = time.monotonic()
        while time.monotonic() - left < LONG:
            before, at = cpu_seconds(address.pid), time.monotonic()
            time.sleep(0.1)
            if cpu_seconds(address.pid) - before < IDLE * (time.monotonic() - at):
                break
        taken.append(time.monotonic() - 0.1 - left)
    return Row(
        f"the visitor of the heaviest map has gone: until the server rests, median of {ROUNDS} (worst)",
        f"{median(taken):.2f} s ({max(taken):.2f})",
        "looked at every 0.1 s",
        "at most 0.3 s",
        median(taken) <= 0.3,
    )


def rows() -> Iterator[Row]:
    with serve_app() as address:
        yield from pictures(address)
        yield until_idle(address)
        with sync_playwright() as playwright:
            browser = launch_chromium(playwright)
            yield slider(browser.new_page(**VIEW), address)
            browser.close()


if __name__ == "__main__":
    print_table(rows())
