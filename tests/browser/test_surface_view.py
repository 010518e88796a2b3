"""The landscape in space, in a browser that draws WebGL by its processor: slow, so scenes are few and waited for."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from surfaces.catalogue import SURFACES
from tests.browser.surface_view_helpers import SCENE, in_space, live, painted, projected, settled
from tests.browser.visits import Standing, Visit, begun, looked_at
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser
MOMENTUM = [0xB8, 0x43, 0x00]


@pytest.fixture
def page(standing: tuple[BrowserContext, dict[str, Standing]], address: str) -> Iterator[Page]:
    """The first race in space, where the page of other tests is flat."""
    yield from looked_at("space", standing, f"{address}/?view=space()", begun_in_space)


def begun_in_space(page: Page) -> None:
    begun(page, 1200, 800)
    live(page, "space.controls.reset()")
    settled(page, 0)


def heads_are_at_their_iterates(page: Page, k: int) -> None:
    settled(page, k)
    there = projected(page, *(live(page, f"point({run}, {k})") for run in (0, 1)))
    np.testing.assert_allclose(live(page, "heads()"), there, atol=0.5)
    assert painted(page, "heads", there[0])[0] == [*MOMENTUM, 255]


def test_heads_are_at_their_iterates_through_zoom_turn_and_resize(visit: Visit) -> None:
    """On a screen with two pixels for each of the page; the other tests have one."""
    page = visit(800, 560, device_scale_factor=2, color_scheme="light")
    in_space(page)
    heads_are_at_their_iterates(page, 30)
    page.get_by_role("button", name="Zoom out").click()
    heads_are_at_their_iterates(page, 7)
    place = page.locator(".descent-orbit").bounding_box()
    assert place
    before = live(page, "space.controls.azimuth")
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + 100, place["y"] + 75, steps=4)
    page.mouse.up()
    assert live(page, "space.controls.azimuth") != before
    heads_are_at_their_iterates(page, 30)
    width = live(page, "space.layers.width")
    page.set_viewport_size({"width": 880, "height": 620})
    until(page, f"d.space.layers.width !== {width}")
    heads_are_at_their_iterates(page, 30)
    page.keyboard.press("z")
    until(page, f"d.space.controls.azimuth === {before}")
    heads_are_at_their_iterates(page, 30)


def pixel(page: Page, place: np.ndarray) -> bytes:
    """The picture of one pixel of the screen."""
    x, y = np.floor(place)
    return page.screenshot(clip={"x": float(x), "y": float(y), "width": 1, "height": 1})


def test_a_hill_hides_the_path_behind_it_and_a_head_shows_through_faintly(page: Page) -> None:
    settled(page, 60)
    place = live(page, "point(0, 55)")
    seen = [colour for colour in painted(page, "trail", projected(page, place)[0], reach=2) if colour[:3] == MOMENTUM]
    assert seen
    low = "window.__descent.space.controls"
    page.evaluate(f"{low}.rotateBy(-Math.PI / 2 - {low}.azimuth, 0.1 - {low}.elevation)")
    settled(page, 60)  # from before the wall, from low down
    for layer in ("trail", "ghost"):
        assert all(colour[3] == 0 for colour in painted(page, layer, projected(page, place)[0], reach=2))
    head = painted(page, "heads", projected(page, live(page, "point(0, 60)"))[0])[0]
    assert 0 < head[3] < 200


def test_moment_zoom_and_camera_survive_every_change(visit: Visit) -> None:
    page = visit(1000, 700, color_scheme="light")
    page.get_by_role("button", name="Zoom in").click()
    until(page, "d.view[0][1] - d.view[0][0] < 13.9")
    view = live(page, "view")
    in_space(page, 25)
    page.get_by_role("button", name="Zoom in").click()
    live(page, "space.controls.rotateBy(0.4, 0.2)")
    settled(page, 25)

    def kept() -> bool:
        matrix = page.evaluate(f"[...{SCENE}.glplot.cameraParams.view]")
        return (live(page, "step"), live(page, "playing"), live(page, "view")) == (25, False, view) and np.allclose(
            matrix, camera, atol=1e-4
        )

    camera = page.evaluate(f"[...{SCENE}.glplot.cameraParams.view]")
    drawn, x = live(page, "paintCount"), live(page, "point(0, 25)")[0]
    page.locator(".st-key-card0").get_by_role("slider").first.press("ArrowRight")
    until(page, f"d.paintCount > {drawn} && d.point(0, 25)[0] !== {x}")
    settled(page, 25)
    assert kept()
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".descent")).to_have_attribute("data-theme", "dark")
    settled(page, 25)
    assert kept()
    page.locator(".descent").focus()
    page.keyboard.press("v")
    until(page, "d.mode === 'contour' && d.drawn === 25")
    expect(page.get_by_role("button", name="Contour")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("v")
    until(page, "d.mode === 'space'")
    settled(page, 25)
    assert kept()


def test_the_clock_runs_on_through_the_switch_and_playing_draws_nothing_in_webgl(visit: Visit) -> None:
    page = visit(800, 560)
    live(page, "seek(0)")
    page.locator(".descent").focus()
    page.keyboard.press("Space")
    page.keyboard.press("v")
    until(page, "d.mode === 'space' && d.space.heads?.length")
    settled_step = live(page, "step")
    until(page, f"d.playing && d.step > {settled_step} || d.step === 150")
    settled(page, 3)
    page.evaluate(f"""(() => {{
      const plot = {SCENE}.glplot, render = plot.onrender;
      window.pictures = 0;
      plot.onrender = () => {{ window.pictures += 1; render(); }};
    }})()""")
    page.keyboard.press("Space")
    until(page, "d.step > 8")
    assert page.evaluate("window.pictures") == 0
    page.evaluate(f"{SCENE}.glplot.redraw()")
    assert page.evaluate("window.pictures") == 1


def test_a_click_and_a_drag_on_the_surface_move_the_start(visit: Visit) -> None:
    page = visit(800, 560, moving=True)
    in_space(page, 0)
    page.mouse.click(*live(page, "pixelOf(2, 1)"))
    until(page, "Math.abs(d.point(0, 0)[0] - 2) < 0.1 && Math.abs(d.point(0, 0)[1] - 1) < 0.1")
    page.get_by_role("button", name="Pause").click()
    settled(page, 0)
    x, y = live(page, "pixelOf(...window.__descent.point(0, 0))")
    to = live(page, "pixelOf(-6, 0)")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*to, steps=5)
    page.mouse.up()
    until(page, "Math.abs(d.point(0, 0)[0] + 6) < 0.1 && Math.abs(d.point(0, 0)[1]) < 0.1")
    page.locator(".descent-start").last.focus()
    page.keyboard.press("ArrowUp")
    until(page, "d.point(0, 0)[1] > 0.05")


def test_a_run_that_diverges_leaves_the_scene_whole(visit: Visit) -> None:
    page = visit(800, 560)
    page.get_by_text("Too long a step", exact=True).click()
    until(page, "d.heads().length === 4")
    in_space(page, 60)
    matrices = page.evaluate(f"[...{SCENE}.glplot.cameraParams.model, ...{SCENE}.dataScale]")
    assert np.isfinite(np.array(matrices, dtype=float)).all()
    heads = np.array(live(page, "heads()"), dtype=float)
    assert heads.shape == (4, 2) and np.isfinite(heads).all()
    assert live(page, "space.heads.map((head) => head.outside)") == [False, False, False, True]


def test_the_parts_of_plotly_that_are_not_its_public_ones_are_there(visit: Visit) -> None:
    """The view in space uses undocumented parts of plotly.js, which an upgrade must keep."""
    page = visit(800, 560, color_scheme="light")
    in_space(page, 0)
    facts = page.evaluate(f"""(() => {{
      const scene = {SCENE}, plot = scene.glplot, [trace] = Object.values(scene.traces);
      let rendered = 0;
      const render = plot.onrender;
      plot.onrender = () => (rendered += 1, render());
      plot.redraw();
      plot.onrender = render;
      return {{
        "matrices of 16": ["projection", "view", "model"].every((name) => plot.cameraParams[name].length === 16),
        "a scale for each coordinate": scene.dataScale.length === 3 && scene.dataScale.every((v) => v > 0),
        "onrender at each picture": rendered === 1,
        "contours found anew by setContourLevels, unless it is not there":
          typeof Object.getPrototypeOf(trace).setContourLevels === "function" && trace.setContourLevels === null,
        "one surface": Object.values(scene.traces).length === 1 && trace.data.type === "surface",
        "a canvas that can be read right after it is drawn": plot.canvas instanceof HTMLCanvasElement,
        "its context": plot.gl.getExtension("WEBGL_lose_context") !== null,
        "size": [scene.fullLayout.width, scene.fullLayout.height].every((v) => v > 100),
      }};
    }})()""")
    assert all(facts.values()), facts

    # The picture itself, as WebGL made it: the surface's corners begin where the sums end them.
    page.evaluate("document.querySelectorAll('.descent-view canvas.descent-layer').forEach((c) => c.style.opacity = 0)")
    (left, right), (bottom, top) = SURFACES["ravine"]().box
    centre, corners = ((left + right) / 2, (bottom + top) / 2), [(x, y) for x in (left, right) for y in (bottom, top)]
    insides = projected(page, *(0.04 * np.array(centre) + 0.96 * np.array(corner) for corner in corners))
    corners = projected(page, *corners)
    ground = pixel(page, np.array((corners[:, 0].min() - 20, corners[:, 1].min() - 5)))
    for corner, inside in zip(corners, insides, strict=True):
        outward = (corner - corners.mean(axis=0)) / np.linalg.norm(corner - corners.mean(axis=0))
        assert pixel(page, inside) != ground
        assert pixel(page, corner + 7 * outward) == ground


def test_who_has_moved_the_start_is_not_told_again_in_space(visit: Visit) -> None:
    page = visit()
    page.locator(".descent-start").focus()
    page.keyboard.press("ArrowRight")
    in_space(page)
    hint = page.locator(".descent-view:not(.descent-hidden) .descent-start span")
    expect(hint).to_be_hidden()


def arrows(page: Page, *names: str) -> None:
    """These and no others."""
    page.locator(".descent-menu summary").click()
    for box in page.locator(".descent-menu input").all():
        box.set_checked(box.evaluate("(box) => box.parentElement.textContent.trim()") in names)
    page.locator(".descent-menu summary").click()


def coloured(page: Page, place: np.ndarray, colour: list[int], reach: int = 2) -> bool:
    """Whether a colour is there, whole or nearly, among the marks at the heads."""
    around = painted(page, "heads", place, reach)
    return any(seen[3] > 200 and np.abs(np.subtract(seen[:3], colour)).max() < 12 for seen in around)


def test_arrows_lie_on_the_surface_to_the_scale_that_is_said(page: Page) -> None:
    settled(page, 4)
    arrows(page, "The next update")
    said = page.locator(".descent-scale")
    (_, right), (_, top) = SURFACES["ravine"]().box
    for k in range(4, 20):  # until an arrow ends on the surface
        settled(page, k)
        expect(said).to_have_text(re.compile(r"^velocity and update × 10*$"))
        factor = int(said.inner_text().split()[-1])
        here, there = (np.array(live(page, f"point(0, {i})")) for i in (k, k + 1))
        way = factor * (there - here)
        if (np.abs(here + 1.2 * way) < (right, top)).all():
            break
    tip, beyond = projected(page, *(here + part * way for part in (1, 1.15)))
    assert np.hypot(*(tip - projected(page, here)[0])) > 20
    assert coloured(page, tip, MOMENTUM)
    assert not coloured(page, beyond, MOMENTUM)
    arrows(page)
    settled(page, 4)
    assert not coloured(page, tip, MOMENTUM)
    expect(said).to_be_empty()


def test_newtons_model_and_the_trust_region_lie_on_the_surface(visit: Visit) -> None:
    page = visit(1000, 800, color_scheme="light")
    page.locator(".st-key-card0").get_by_role("combobox").fill("Trust region")
    page.get_by_role("option", name="Trust region", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Trust region"))).to_be_visible()
    in_space(page, 2)
    arrows(page, "Trust region", "Newton's quadratic model")
    until(page, "d.column(0, 'radius') && d.column(0, 'hess_xx')")
    settled(page, 2)
    (x, y), radius = live(page, "point(0, 2)"), live(page, "column(0, 'radius')")[2]
    turns = np.arange(0.1, 6.2, 0.3)
    ring = projected(page, *zip(x + radius * np.cos(turns), y + radius * np.sin(turns), strict=True))
    assert sum(coloured(page, place, MOMENTUM) for place in ring) > 6  # it is dashed, and may leave the box
    # The ravine's model is the ravine, x² + 50 y² over 2, and its ellipse goes through the iterate.
    size = np.sqrt(x**2 + 50 * y**2)
    centre, *level = projected(
        page, (0, 0), *zip(size * np.cos(turns), size * np.sin(turns) / np.sqrt(50), strict=True)
    )
    assert coloured(page, centre, MOMENTUM)
    assert sum(coloured(page, place, MOMENTUM) for place in level) > 10


def test_a_hill_hides_the_arrows_behind_it(page: Page) -> None:
    settled(page, 5)
    arrows(page, "Downhill, −∇f", "The next update")
    until(page, "d.column(0, 'slope_x')")
    settled(page, 5)
    shown = strong(page)
    assert shown > 300
    low = "window.__descent.space.controls"
    # from before the wall, from low down
    page.evaluate(f"{low}.rotateBy(-Math.PI / 2 - {low}.azimuth, 0.1 - {low}.elevation)")
    settled(page, 5)
    assert strong(page) == 0
    arrows(page)


def strong(page: Page) -> int:
    """Pixels of the marks at the heads that are not faint, as what shows through a hill is."""
    return page.evaluate("""() => {
      const { canvas } = window.__descent.space.layers.heads;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 200).length;
    }""")


def test_pointing_at_a_path_shows_its_step_and_every_runs_numbers(page: Page) -> None:
    settled(page, 100)
    tip = page.locator(".descent-tip")
    page.mouse.move(*projected(page, live(page, "point(0, 5)"))[0])
    expect(tip).to_contain_text("step 5")
    expect(tip.get_by_role("row", include_hidden=True)).to_have_count(3)
    other = projected(page, live(page, "point(1, 5)"))[0]
    eventually(page, lambda: any(seen[3] for seen in painted(page, "heads", other, 8)))  # a ring on the other path
    page.mouse.down()
    page.mouse.move(*other, steps=4)
    expect(tip).to_be_hidden()  # the camera turns: what was pointed at is elsewhere
    page.mouse.up()


def test_what_a_hill_hides_cannot_be_pointed_at(page: Page) -> None:
    settled(page, 60)
    place = live(page, "point(0, 55)")
    low = "window.__descent.space.controls"
    page.evaluate(f"{low}.rotateBy(-Math.PI / 2 - {low}.azimuth, 0.1 - {low}.elevation)")
    settled(page, 60)
    page.mouse.move(*projected(page, place)[0])
    at_rest(page)
    expect(page.locator(".descent-tip")).to_be_hidden()


def test_the_step_that_a_curve_points_at_is_marked_on_the_surface(page: Page) -> None:
    box = page.locator(".descent-chart").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    tip = page.locator(".descent-tip")
    expect(tip).to_be_visible()
    step = int(re.search(r"step (\d+)", tip.inner_text())[1])  # type: ignore[index]
    place = projected(page, live(page, f"point(0, {step})"))[0]
    eventually(page, lambda: coloured(page, place, MOMENTUM, reach=8))


BEGINNINGS = {  # of races: surface and runs
    "Momentum or Nesterov": ("ravine", 2),
    "Newton or L-BFGS": ("rosenbrock", 3),
    "The Adam family": ("himmelblau", 5),
}


def test_the_hint_at_the_start_covers_no_head(visit: Visit) -> None:
    page = visit()
    in_space(page, 0)
    for scene, (place, runs) in BEGINNINGS.items():
        page.get_by_text(scene, exact=True).click()
        box = json.dumps(SURFACES[place]().box).replace(".0", "")
        # Before its landscape and its runs have come, a seek would be one of the race before, and undone when they do.
        until(page, f"JSON.stringify(d.space.view) === '{box.replace(' ', '')}' && d.space.runs.length === {runs}")
        settled(page, 0)
        no_head_is_covered(page, scene)


def no_head_is_covered(page: Page, scene: str) -> None:
    hint = page.locator(".descent-view:not(.descent-hidden) .descent-start span")
    words = hint.bounding_box() if hint.is_visible() else None
    if scene == "Momentum or Nesterov":
        assert words, "there is room for it"
    for k in range(0, 60, 3) if words else ():
        settled_at(page, k)
        for x, y in live(page, "heads()"):
            assert not (-6 < x - words["x"] < words["width"] + 6 and -6 < y - words["y"] < words["height"] + 6), k


def settled_at(page: Page, k: int) -> None:
    live(page, f"seek({k})")
    until(page, f"d.drawn === {k}")


def test_on_a_phone_the_menu_of_arrows_is_on_the_page_and_the_axes_are_whole(visit: Visit) -> None:
    page = visit(360, 760, device_scale_factor=2, has_touch=True, is_mobile=True)
    in_space(page, 20)
    page.locator(".descent-menu summary").click()
    for box in page.get_by_role("checkbox").all():
        place = box.bounding_box()
        assert place and place["x"] >= 0 and place["x"] + place["width"] <= 360
    edges = page.evaluate(f"""(() => {{
      const canvas = {SCENE}.glplot.canvas, copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      {SCENE}.glplot.redraw();
      copy.getContext("2d").drawImage(canvas, 0, 0);
      const paint = [0, copy.width - 1].map((x) => copy.getContext("2d").getImageData(x, 0, 1, copy.height).data);
      return paint.map((data) => data.filter((value, i) => i % 4 === 3 && value).length);
    }})()""")
    assert edges == [0, 0], "nothing that WebGL draws is cut by the picture's sides"


def test_ticks_are_as_large_as_the_names_of_the_axes(visit: Visit) -> None:
    page = visit(1440, 900)
    page.get_by_role("button", name="Large type, for a projector").click()
    in_space(page, 0)
    ticks, names = page.evaluate(f"[{SCENE}.axesOptions.tickSize[0], {SCENE}.axesOptions.labelSize[0]]")
    assert ticks * ticks / 12 == pytest.approx(names)  # gl-axes3d scales their letters by both of its sizes
