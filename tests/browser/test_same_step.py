"""Picture, clock, table and labels say the same step, while the race plays and where it stands."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import live, seek
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

SCENE = (
    "?surface=rosenbrock()&start=-1.2,1&steps={steps}&run=momentum(lr=0.0003)&run=sgd(lr=0.00207)&view=contour(step=0)"
)

# What every frame says while the race plays: the position that is drawn, the counter, the table, and the labels of
# heads outside the view, which are texts on a canvas.
WATCH = """([frames, word]) => new Promise((resolve) => {
  const texts = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    if (text.includes(word)) texts.push(text);
    return write.call(this, text, ...place);
  };
  const told = [];
  const read = (what) => document.querySelector(what).textContent;
  let drawn = window.__descent.count;
  const look = () => {
    const d = window.__descent; // of a race that is over too soon there are fewer frames
    if (d.count > drawn) {
      drawn = d.count;
      const table = read(".descent-table .descent-at_step").replace(/\\D/g, "");
      told.push({ drawn: d.drawn, clock: read(".descent-counter b"), table, labels: texts.splice(0) });
    }
    if (told.length < frames && (d.playing || !told.length)) return requestAnimationFrame(look);
    CanvasRenderingContext2D.prototype.fillText = write;
    resolve(told);
  };
  requestAnimationFrame(look);
})"""


def play(page: Page, speed: str, frames: int = 40) -> list[dict[str, Any]]:
    seek(page, 0)
    page.locator(".descent-speed select").first.select_option(label=speed)
    page.get_by_role("button", name="Play", exact=True).click()
    told: list[dict[str, Any]] = page.evaluate(WATCH, [frames, "outside"])
    return told


@pytest.mark.parametrize(("steps", "speed"), [(60, "1×"), (1000, "1×"), (300, "8×")])
def test_every_frame_of_a_race_says_one_step(visit: Visit, steps: int, speed: str) -> None:
    page = visit(1366, 768, SCENE.format(steps=steps))
    for frame in play(page, speed):
        assert frame["clock"] == frame["table"] == str(int(frame["drawn"] + 1e-9)), frame


def test_a_label_outside_the_view_has_the_distance_of_the_step_that_the_clock_says(visit: Visit) -> None:
    """A run that leaps far out: between two steps the distance would be one that no step has."""
    scene = "?surface=bowl()&steps=40&run=sgd(lr=0.3)&view=contour(step=0)"
    page = visit(1366, 768, scene)
    until(page, "d.column(0, 'loss')?.length > 8")
    (left, right), (bottom, top) = live(page, "view")
    xs, ys = live(page, "column(0, 'x')"), live(page, "column(0, 'y')")
    away = [
        (max(left - x, 0, x - right) ** 2 + max(bottom - y, 0, y - top) ** 2) ** 0.5
        for x, y in zip(xs, ys, strict=True)
    ]
    frames = [frame for frame in play(page, "1×", 150) if frame["labels"] and int(frame["clock"]) < 9]
    assert any(frame["drawn"] % 1 > 0.3 for frame in frames), "no frame between two steps"
    for frame in frames:
        k = int(frame["clock"])
        told = [float(label.split()[1]) for label in frame["labels"]]
        assert told == pytest.approx([away[k]] * len(told), rel=0.06), frame  # two digits are told


def test_a_race_that_is_paused_stands_at_the_iterates_of_the_table(visit: Visit) -> None:
    page = visit(1366, 768, "?surface=ravine()&start=-9,2.5&steps=20&run=sgd(lr=0.01)&view=contour(step=0)")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "d.drawn > 2 && d.drawn % 1 > 0.2 && d.drawn % 1 < 0.8")
    page.get_by_role("button", name="Pause", exact=True).click()
    until(page, "!d.playing && Number.isInteger(d.drawn)")
    k = live(page, "step")
    expect(page.locator(".descent-counter b")).to_have_text(str(k))
    there = page.evaluate("(() => { const d = window.__descent; return d.pixelOf(...d.point(0, d.step)); })()")
    assert live(page, "heads()")[0] == pytest.approx(there, abs=0.5)
