"""The 3-D view as tests ask for it: at a step, at rest, and where its points are by WebGL's own sums."""

from typing import Any

import numpy as np
from playwright.sync_api import Page

from surfaces.catalogue import SURFACES
from tests.browser.waiting import SECONDS, until

SCENE = "window.__descent.space.plotlySurface.plot._fullLayout.scene._scene"

# Resolves to whether the camera came to rest: WebGL's picture is as wide as its place, and seen from where it was
# turned to, and two frames in a row are the same.
CAMERA_AT_REST = """(seconds) => new Promise((resolve) => {
  const deadline = performance.now() + 1000 * seconds;
  let before;
  const look = () => {
    const { plotlySurface: drawing, layers, controls: orbit, host } = window.__descent.space;
    const { scene, plot } = drawing;
    let now;
    if (scene?.glplot && layers.width === host.clientWidth && plot._fullLayout.width === host.clientWidth) {
      const [here, there] = [scene.getCamera().eye, orbit.camera.eye];
      const arrived = ["x", "y", "z"].every((axis) => Math.abs(here[axis] - there[axis]) < 1e-3);
      if (arrived) now = [...scene.glplot.cameraParams.view, layers.width].join();
    }
    if (now && now === before) resolve(true);
    else if (performance.now() > deadline) resolve(false);
    else requestAnimationFrame(look);
    before = now;
  };
  look();
})"""


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
    until(page, f"d.drawn === {k} && !d.playing")
    assert page.evaluate(CAMERA_AT_REST, SECONDS), "the camera never came to rest"


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
    """The pixels of a canvas of the view in space at a page pixel, and around it."""
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
