"""A training in a real browser: how soon it is seen, what a frame of playback costs, what is sent.

64-100-10 on the digits, batches of 32, 20 epochs. `python -m tests.benchmarks.training_page` prints the rows alone.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Training
from optimizers.training.training_loop import TrainingLoop
from tests.benchmarks.page import VIEW, frame_size
from tests.benchmarks.table import Row, in_turn, print_table
from tests.support.server_and_browser import launch_chromium, serve_app

ADDRESS = "training?data=digits(epochs=20)&train=network(width=100,batch_size=32)"
PRESSES = 7
QUIET_MS = 700  # after which no message is on its way: the page asks for news of a job at least every 600 ms

# Milliseconds from the key press to the frame with the first curve of the new training, and to that with the whole.
AWAIT_TRAINING = """() => new Promise((resolve, reject) => {
  const { dataset } = document.querySelector(".descent-training");
  const before = dataset.jobId;
  let [pressed, first] = [null, null];
  document.addEventListener("keydown", () => { pressed = performance.now(); }, { once: true, capture: true });
  const look = () => {
    const passed = performance.now() - pressed;
    if (pressed !== null && dataset.jobId !== before) {
      if (first === null && Number(dataset.done) >= 1) first = passed;
      if (dataset.state === "done") return resolve([first, passed]);
    }
    if (pressed !== null && passed > 60_000) return reject(new Error("the training did not end"));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# Keeps the milliseconds of script of every frame, all callbacks of a frame together, in `window.frameTimes`.
TIME_FRAMES = """
const spent = (window.frameTimes = new Map());
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => request((time) => {
  const begun = performance.now();
  callback(time);
  spent.set(time, (spent.get(time) ?? 0) + performance.now() - begun);
});
"""


def rows() -> Iterator[Row]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        with serve_app() as ours:
            page = open_training(browser.new_page(**VIEW), ours)
            yield from new_training(page)
            page.close()
            page = browser.new_page(**VIEW)
            page.add_init_script(TIME_FRAMES)
            yield playback(open_training(page, ours))
        browser.close()


def open_training(page: Page, ours: str) -> Page:
    page.goto(f"{ours.rstrip('/')}/{ADDRESS}")
    page.locator(".descent-training[data-state=done]").wait_for(timeout=60_000)
    page.get_by_text("Seed of the first weights").wait_for()
    page.wait_for_timeout(QUIET_MS)
    return page


def new_training(page: Page) -> Iterator[Row]:
    """Other first weights by a key press on their slider: a training that the server has not seen."""
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    frames: list[dict[str, Any]] = []

    def keep(frame: dict[str, Any]) -> None:  # the driver sets an attribute on it, so it is no method of a list
        frames.append(frame)

    link.on("Network.webSocketFrameReceived", keep)
    times, sent = [], []
    for _ in range(PRESSES):
        frames.clear()
        page.get_by_role("slider", name="Seed of the first weights").focus()
        page.evaluate(f"window.__training = ({AWAIT_TRAINING})(), 0")
        page.keyboard.press("ArrowRight")
        times.append(page.evaluate("() => window.__training"))
        page.wait_for_timeout(QUIET_MS)
        sent.append((sum(map(frame_size, frames)), 4 * count_numbers(frames)))
    first, whole = (median(column) for column in zip(*times, strict=True))
    core = train_at_once()
    what = "64-100-10 on the digits, batch 32, 20 epochs, key press to"
    yield Row(
        f"{what} the first curve, median of {PRESSES}",
        f"{first:.0f} ms",
        f"the training alone {core * 1e3:.0f} ms: {first / core / 1e3:.2f} of it",
        "at most 300 ms",
        first <= 300,
    )
    yield Row(
        f"{what} the whole training and everything that is shown of it, median of {PRESSES}",
        f"{whole / 1e3:.2f} s",
        f"the training alone {core:.2f} s: {whole / core / 1e3:.1f} times as long",
        "at most 2 s",
        whole <= 2000,
    )
    size, shown = sorted(sent)[len(sent) // 2]
    yield Row(
        "bytes to the browser for this training, all messages together, panel and address included",
        f"{size}",
        f"four for each number that is shown are {shown}: {size / shown:.2f} times as many",
        "at most 1.2 times",
        size <= 1.2 * shown,
    )


def count_numbers(frames: list[dict[str, Any]]) -> int:
    """The numbers in the arrays of the largest message."""
    payload = b64decode(max((frame["response"]["payloadData"] for frame in frames), key=len))
    begin = payload.index(b'{"id": "trainings"')
    length = int.from_bytes(payload[begin - 4 : begin], "little")
    return sum(count for _, _, count in json.loads(payload[begin : begin + length])["arrays"])


def train_at_once() -> float:
    """Seconds of the same training here, everything recorded."""
    prepared = prepare_training(Training())

    def train() -> None:
        for _ in TrainingLoop(prepared).train():
            pass

    return in_turn(PRESSES, train)[0]


@contextmanager
def trace_frames(page: Page) -> Iterator[list[float]]:
    """The milliseconds of processor time of each callback of a frame, which other programs do not lengthen."""
    times: list[float] = []
    link = page.context.new_cdp_session(page)
    has_ended = False

    def keep(news: dict[str, Any]) -> None:
        frames = (event for event in news["value"] if event["name"] == "FireAnimationFrame" and event["ph"] == "X")
        times.extend(event["tdur"] / 1e3 for event in frames)

    def end(_: dict[str, Any]) -> None:
        nonlocal has_ended
        has_ended = True

    link.on("Tracing.dataCollected", keep)
    link.on("Tracing.tracingComplete", end)
    link.send("Tracing.start", {"categories": "devtools.timeline", "transferMode": "ReportEvents"})
    yield times
    link.send("Tracing.end")
    while not has_ended:
        page.wait_for_timeout(50)
    link.detach()


def play(page: Page) -> None:
    """Play the training from its first weights to its end."""
    page.get_by_role("button", name="To the first weights").click()
    page.wait_for_function("document.querySelector('.descent-training').dataset.epoch === '0'")
    page.wait_for_timeout(QUIET_MS)
    page.evaluate("window.frameTimes.clear()")
    page.get_by_role("button", name="Play", exact=True).click()
    # looked for now and then, because a look in every frame would be in what is measured
    page.wait_for_function(
        "document.querySelector('.descent-training').dataset.epoch === '20'", timeout=60_000, polling=QUIET_MS
    )


def playback(page: Page) -> Row:
    play(page)
    frames: list[float] = page.evaluate("[...window.frameTimes.values()]")
    with trace_frames(page) as processor_times:
        play(page)
    p95, p95_of_processor = (quantiles(times, n=20)[-1] for times in (frames, processor_times))
    return Row(
        f"playback of this training: script time a frame, 95th percentile of {len(frames)} frames",
        f"{p95:.2f} ms",
        f"median {median(frames):.2f} ms, the slowest {max(frames):.1f} ms; of the processor's time "
        f"{p95_of_processor:.2f} ms, the slowest {max(processor_times):.1f} ms; a frame at 60 a second has 16.7 ms",
        "at most 2 ms",
        p95 <= 2,
    )


if __name__ == "__main__":
    print_table(rows())
