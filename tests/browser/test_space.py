"""The landscape in space, in a browser that draws WebGL by its processor: slow, so scenes are few and waited for."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from surfaces.catalogue import SURFACES
from tests.browser.conftest import Visit, until
from tests.serving import WEBGL, chromium

pytestmark = pytest.mark.browser
MOMENTUM = [0xB8, 0x43, 0x00]
SCENE = "window.__descent.space.plot._fullLayout.scene._scene"


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    opened = chromium(driver, *WEBGL)
    yield opened
    opened.close()


def live(page: Page, what: str) -> Any:
    return page.evaluate(f"window.__descent.{what}")


def in_space(page: Page, k: int = 30) -> None:
    """At step k in 3-D, drawn."""
    live(page, f"seek({k})")
    page.get_by_role("button", name="3-D").click()
    until(page, "d.space?.heads?.length && d.mode === 'space'")
    settled(page, k)


def settled(page: Page, k: int) -> None:
    """Step k on the screen, and the camera at rest."""
    live(page, f"seek({k})")
    previous = None
    for _ in range(100):
        page.wait_for_timeout(100)
        now = page.evaluate(f"[...{SCENE}.glplot.cameraParams.view, window.__descent.space.layers.width].join()")
        if now == previous and live(page, "drawn") == k and not live(page, "playing"):
            return
        previous = now
    raise AssertionError("the camera never came to rest")


def projected(page: Page, *points: tuple[float, float]) -> np.ndarray:
    """Page pixels of points of the ravine: its own formula for their heights, WebGL's sums from Plotly's matrices."""
    matrices = page.evaluate(
        f"(({{projection, view, model}}) => [projection, view, model])({SCENE}.glplot.cameraParams)"
    )
    projection, view, model = (np.reshape(np.array(matrix, dtype=float), (4, 4)).T for matrix in matrices)
    xy = np.array(points, dtype=float).T
    data = np.vstack((xy, SURFACES["ravine"]().value(xy))) * np.array(page.evaluate(f"{SCENE}.dataScale"))[:, None]
    clip = projection @ view @ model @ np.vstack((data, np.ones(len(points))))
    box = page.locator(".descent-view:not(.descent-hidden)").bounding_box()
    assert box
    x, y = clip[:2] / clip[3]
    return np.array((box["x"] + box["width"] * (1 + x) / 2, box["y"] + box["height"] * (1 - y) / 2)).T


def painted(page: Page, layer: str, place: np.ndarray, reach: int = 0) -> list[list[int]]:
    """What a canvas of the view in space has at a page pixel, and around it."""
    return page.evaluate(
        """([name, x, y, reach]) => {
          const canvas = window.__descent.space.layers[name].canvas;
          const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width, side = 2 * reach + 1;
          const at = [x - box.left, y - box.top].map((v) => Math.floor(v * ratio) - reach);
          const data = [...canvas.getContext("2d").getImageData(...at, side, side).data];
          return Array.from({ length: side * side }, (_, i) => data.slice(4 * i, 4 * i + 4));
        }""",
        [layer, *map(float, place), reach],
    )


def heads_are_at_their_iterates(page: Page, k: int) -> None:
    settled(page, k)
    there = projected(page, *(live(page, f"point({run}, {k})") for run in (0, 1)))
    np.testing.assert_allclose(live(page, "heads()"), there, atol=0.5)
    assert painted(page, "heads", there[0])[0] == [*MOMENTUM, 255]


@pytest.mark.parametrize("ratio", [1, 2])
def test_heads_are_at_their_iterates_through_zoom_turn_and_resize(visit: Visit, ratio: int) -> None:
    page = visit(800, 560, device_scale_factor=ratio, color_scheme="light")
    in_space(page)
    heads_are_at_their_iterates(page, 30)
    page.get_by_role("button", name="Zoom out").click()
    heads_are_at_their_iterates(page, 7)
    place = page.locator(".descent-orbit").bounding_box()
    assert place
    before = live(page, "space.orbit.turn")
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + 100, place["y"] + 75, steps=4)
    page.mouse.up()
    assert live(page, "space.orbit.turn") != before
    heads_are_at_their_iterates(page, 30)
    width = live(page, "space.layers.width")
    page.set_viewport_size({"width": 880, "height": 620})
    until(page, f"d.space.layers.width !== {width}")
    heads_are_at_their_iterates(page, 30)
    page.keyboard.press("z")
    until(page, f"d.space.orbit.turn === {before}")
    heads_are_at_their_iterates(page, 30)


def pixel(page: Page, place: np.ndarray) -> bytes:
    """The picture of one pixel of the screen."""
    x, y = np.floor(place)
    return page.screenshot(clip={"x": float(x), "y": float(y), "width": 1, "height": 1})


def test_a_hill_hides_the_path_behind_it_and_a_head_shows_through_faintly(visit: Visit) -> None:
    page = visit(800, 560, color_scheme="light")
    in_space(page, 60)
    place = live(page, "point(0, 55)")
    seen = [colour for colour in painted(page, "trail", projected(page, place)[0], reach=2) if colour[:3] == MOMENTUM]
    assert seen
    live(
        page,
        "space.orbit.turnBy(-Math.PI / 2 - window.__descent.space.orbit.turn, 0.1 - window.__descent.space.orbit.rise)",
    )
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
    live(page, "space.orbit.turnBy(0.4, 0.2)")
    settled(page, 25)

    def kept() -> bool:
        matrix = page.evaluate(f"[...{SCENE}.glplot.cameraParams.view]")
        return (live(page, "step"), live(page, "playing"), live(page, "view")) == (25, False, view) and np.allclose(
            matrix, camera, atol=1e-4
        )

    camera = page.evaluate(f"[...{SCENE}.glplot.cameraParams.view]")
    drawn, x = live(page, "painted"), live(page, "point(0, 25)")[0]
    page.locator(".st-key-card0").get_by_role("slider").first.press("ArrowRight")
    until(page, f"d.painted > {drawn} && d.point(0, 25)[0] !== {x}")
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
    page = visit(800, 560)
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


def test_there_is_one_webgl_context_at_most_and_it_is_freed(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 560})
    context.add_init_script(
        """window.made = [];
        const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          const found = get.call(this, kind, ...rest);
          if (found && kind.includes("webgl") && !window.made.includes(found)) window.made.push(found);
          return found;
        };"""
    )
    page = context.new_page()
    page.goto(address)
    alive = "window.made.filter((gl) => !gl.isContextLost()).length"
    until(page, "d?.painted && window.made.length")  # found out whether there is WebGL
    assert page.evaluate(alive) == 0
    in_space(page, 5)
    for mode in ("contour", "space"):
        page.locator(".descent").focus()
        page.keyboard.press("v")
        until(page, f"d.mode === '{mode}'")
    settled(page, 5)
    assert page.evaluate(alive) == 1
    live(page, "space.remove()")
    until(page, f"{alive} === 0")
    context.close()


def test_without_webgl_the_choice_says_so(driver: Playwright, address: str) -> None:
    opened = chromium(driver, "--disable-gpu", "--disable-software-rasterizer", "--disable-3d-apis")
    page = opened.new_page()
    page.goto(address)
    choice = page.get_by_role("button", name="3-D")
    expect(choice).to_be_disabled()
    expect(choice).to_have_attribute("title", "3-D needs WebGL, which this browser does not offer.")
    page.locator(".descent").focus()
    page.keyboard.press("v")
    assert live(page, "mode") == "contour"
    opened.close()


def test_the_parts_of_plotly_that_are_not_its_public_ones_are_there(visit: Visit) -> None:
    """All that app/player/space.js uses of plotly.js beside its documented functions: an upgrade must keep these."""
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
