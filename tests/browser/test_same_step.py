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

# Record of every frame while the race plays: the position that is drawn, the counter, the table, and the labels of
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


# How many gradients each row says that its run has taken, which are as many as steps; and whether the row can be seen.
ROWS = """() => [...document.querySelectorAll(".descent-table tbody tr")].map((row) => {
  const { top, bottom } = row.getBoundingClientRect();
  const [place] = row.querySelectorAll(".descent-evaluations");
  return { count: Number(place.textContent), isInSight: top < innerHeight && bottom > 0 };
})"""


def test_rows_out_of_sight_are_written_in_turn_and_all_where_the_race_pauses(visit: Visit) -> None:
    runs = "".join(f"&run=sgd(lr={0.001 * i})" for i in range(1, 17))
    page = visit(1366, 768, f"?surface=ravine()&steps=2000{runs}&view=contour(step=0)")
    page.locator(".descent-table thead").scroll_into_view_if_needed()
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")
    until(page, "d.drawn > 100")
    frames = page.evaluate(
        f"""async () => {{
          const told = [];
          for (let k = 0; k < 60; k++) {{
            await new Promise(requestAnimationFrame);
            told.push({{ step: Math.floor(window.__descent.drawn + 1e-9), rows: ({ROWS})() }});
          }}
          return told;
        }}"""
    )
    assert {row["isInSight"] for frame in frames for row in frame["rows"]} == {True, False}
    ahead = {row["count"] - frame["step"] for frame in frames for row in frame["rows"] if row["isInSight"]}
    assert len(ahead) == 1, "rows in sight say the step of the frame"
    assert all(row["count"] > 50 for row in frames[-1]["rows"]), "the others are not forgotten"
    page.keyboard.press("Space")
    until(page, "!d.playing && Number.isInteger(d.drawn)")
    step = live(page, "step")
    assert {row["count"] - step for row in page.evaluate(ROWS)} == ahead


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
