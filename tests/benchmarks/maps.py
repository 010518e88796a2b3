"""The maps: from a click to the first picture and the last, what memory they take; first results beside optax."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from playwright.sync_api import Page, sync_playwright

from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from tests.benchmarks.page import VIEW
from tests.benchmarks.process import megabytes
from tests.benchmarks.table import Row
from tests.support.server_and_browser import ServerAddress, launch_chromium, serve_app

CLICKS = 7
ADAM = "maps?map=basins()&surface=himmelblau()&steps=200&run=adam(lr=0.1)"
ALL = (  # a map of each kind, among them the largest
    ADAM,
    "maps?map=basins()&surface=ackley()&steps=2000&run=adam(lr=0.1)&run=momentum(lr=0.01)",
    "maps?map=basins()&surface=himmelblau()&steps=60&run=newton()&run=lbfgs()",
    "maps?map=rates()&surface=himmelblau()&steps=2000&run=sgd()&run=adam()&run=newton()",
    "maps?map=pairs()&surface=ravine()&steps=1000&run=momentum(lr=0.01)",
    "maps?map=fair()&surface=himmelblau()&steps=200&run=sgd()&run=adam()&run=lbfgs()",
    "maps?map=flow()&surface=rosenbrock()&steps=200&run=sgd(lr=0.001)",
)
LONGEST = 600_000  # milliseconds that a map of `ALL` may take
# From the click on a button to the frame after which the map shows another work, coarse and then whole.
WATCH = """() => new Promise((resolve) => {
  const board = document.querySelector(".descent-map");
  const before = board.dataset.jobId;
  let clicked = null, coarse = null;
  document.addEventListener("click", () => { clicked = performance.now(); }, { once: true, capture: true });
  const look = () => {
    const { jobId, stride, state } = board.dataset;
    if (clicked && jobId !== before && Number(stride)) {
      coarse ??= performance.now() - clicked;
      if (state === "done") return resolve([coarse, performance.now() - clicked]);
    }
    requestAnimationFrame(look);
  };
  look();
})"""


def rows() -> Iterator[Row]:
    yield first_result()
    with sync_playwright() as playwright, serve_app() as address:
        browser = launch_chromium(playwright)
        yield basin_map(browser.new_page(**VIEW), address)
        browser.close()
    with sync_playwright() as playwright, serve_app() as address:
        browser = launch_chromium(playwright)
        yield memory(browser.new_page(**VIEW), address)
        browser.close()


def basin_map(page: Page, address: str) -> Row:
    """Windows that nobody has asked for before, by a click on the button that zooms."""
    page.goto(f"{address}/{ADAM}")
    page.locator(".descent-map[data-state=done]").wait_for()
    times = []
    for click in range(CLICKS):
        page.evaluate(f"window.__watch = ({WATCH})(), 0")
        page.get_by_role("button", name="Zoom out" if click == CLICKS - 1 else "Zoom in").click()
        times.append(page.evaluate("window.__watch"))
    first, last = (median(each) / 1000 for each in zip(*times, strict=True))
    truth = SURFACES["himmelblau"]()
    x0 = np.random.default_rng(0).uniform(-5, 5, (2, 65_536))
    begun = perf_counter()
    trajectory(OPTIMIZERS["adam"](lr=0.1), truth, x0, 20)
    alone = 10 * (perf_counter() - begun)
    return Row(
        f"basin map of 256 x 256 starts, Adam, 200 steps, on the page: click to first picture, to last pixel, "
        f"median of {CLICKS}",
        f"{first:.2f} s, {last:.2f} s",
        f"200 steps of all starts by NumPy as one batch {alone:.2f} s: the whole map is {last / alone:.2f} of it",
        "at most 0.3 s and 1.5 s",
        first <= 0.3 and last <= 1.5,
    )


def memory(page: Page, address: ServerAddress) -> Row:
    """The most that the server holds while it makes maps of every kind, above what it holds after a first visit."""
    page.goto(address)
    page.locator(".descent-start").wait_for()
    page.wait_for_timeout(2000)
    idle = megabytes(address.pid, "VmRSS")
    for map_of in ALL:
        page.goto(f"{address}/{map_of}")
        page.wait_for_function(
            "[...document.querySelectorAll('.descent-map')].length"
            " && [...document.querySelectorAll('.descent-map')].every((map) => map.dataset.state === 'done')",
            timeout=LONGEST,
        )
    most = megabytes(address.pid, "VmHWM")
    return Row(
        f"peak memory of the server over {len(ALL)} maps of all kinds",
        f"{most - idle:.0f} MB above the idle app",
        f"the idle app {idle:.0f} MB: {(most - idle) / idle:.2f} of it",
        "at most 300 MB",
        most - idle <= 300,
    )


def first_result() -> Row:
    """One run of an optimizer and a surface that were not used before, from nothing to its last point."""
    jax.config.update("jax_enable_x64", True)
    ours, theirs = [], []
    variants = np.linspace(80, 120, 9).tolist()
    for b in variants:  # all before the others: XLA's threads are busy for a while after it
        begun = perf_counter()
        trajectory(OPTIMIZERS["adam"](lr=0.01), SURFACES["rosenbrock"](b=b), (-1.2, 1.0), 1000)
        ours.append(perf_counter() - begun)
    for b in variants:
        jax.clear_caches()
        begun = perf_counter()
        in_optax(b).block_until_ready()
        theirs.append(perf_counter() - begun)
    mine, other = median(ours), median(theirs)
    return Row(
        "first result of another optimizer and surface: 1000 Adam steps on Rosenbrock",
        f"{1e3 * mine:.0f} ms",
        f"optax with JAX's gradient, its compilation by XLA included, {1e3 * other:.0f} ms: {other / mine:.1f} x",
        "at least 10 x sooner",
        other >= 10 * mine,
    )


def in_optax(b: float) -> Any:
    """As optax's own examples do it: the function is written down, its gradient is JAX's."""
    adam = optax.adam(0.01)

    def f(p: Any) -> Any:
        x, y = p
        return (1 - x) ** 2 + b * (y - x**2) ** 2

    @jax.jit
    def run(p: Any) -> Any:
        def step(carried: Any, _: None) -> tuple[Any, Any]:
            p, state = carried
            updates, state = adam.update(jax.grad(f)(p), state, p)
            p = optax.apply_updates(p, updates)
            return (p, state), p

        return jax.lax.scan(step, (p, adam.init(p)), None, length=1000)[1]

    return run(jnp.array((-1.2, 1.0)))
