"""Wait for a condition on a page, instead of for a time."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Error, Page

SECONDS = 40  # a shared machine may be slow; nothing here waits longer than it has to

SCRIPT_ENDED = "document.querySelector('[data-test-script-state=notRunning]')"

AT_REST = """(seconds) => new Promise((resolve) => {
  const deadline = performance.now() + 1000 * seconds;
  let before, same = 0;
  const look = () => {
    const app = document.querySelector("[data-test-script-state]");
    const busy = app && app.dataset.testScriptState !== "notRunning";
    const fades = (part) => part.playState === "running" && part.effect.getTiming().iterations < 9;
    const fading = document.getAnimations().some(fades);
    const boxes = document.querySelectorAll("html, .stApp [class*=st-key], .descent, .descent > *, .descent canvas");
    const layout = [...boxes].map((part) => Object.values(part.getBoundingClientRect().toJSON())).join();
    same = !busy && !fading && layout === before ? same + 1 : 0;
    before = layout;
    if (same === 3 || performance.now() > deadline) resolve(same === 3);
    else requestAnimationFrame(look);
  };
  look();
})"""


UNTIL = """async (seconds) => {
  const deadline = performance.now() + 1000 * seconds;
  for (;;) {
    const { __descent: exposed, __descentVisit: visit } = window;
    const d = exposed?.isShown ? exposed : null; // else that of a page which was left
    if (CONDITION) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def until(page: Page, condition: str, seconds: float = SECONDS) -> None:
    """Wait until something is so in the player, `d`, or in what the page keeps of its `visit`.

    Without a player, nothing that names it is so.

    The page looks itself: asked from here fifty times a second, three pages would take a quarter of a core. Its policy
    forbids it to evaluate a text, so the condition is a part of the function. A page loaded again is asked anew.
    """
    function = UNTIL.replace("CONDITION", f"d && ({condition})" if re.search(r"\bd[.?]", condition) else condition)
    deadline = time.monotonic() + seconds
    while True:
        try:
            is_so = page.evaluate(function, deadline - time.monotonic())
        except Error as error:
            if "context was destroyed" not in error.message or time.monotonic() > deadline:
                raise
        else:
            assert is_so, f"never came true: {condition}"
            return


def eventually(page: Page, check: Callable[[], bool | None]) -> None:
    """Repeat a check until it neither fails nor is False: what the page shows comes frames after what it was told."""
    deadline = time.monotonic() + SECONDS
    while True:
        late = time.monotonic() > deadline
        try:
            if check() is not False:
                return
            assert not late, "it never came true"
        except AssertionError:
            if late:
                raise
        page.wait_for_timeout(20)


def at_rest(page: Page) -> None:
    """Wait until the page has answered: Streamlit's script has ended, and in three frames nothing fades or moves."""
    assert page.evaluate(AT_REST, SECONDS), "the page never came to rest"
