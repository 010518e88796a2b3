"""A message to the page that is held back, as a busy browser may do it where two come at once."""

from collections.abc import Callable

from playwright.sync_api import Page

# Once `window.isHeld` is true, the next message to ENTRY of MODULE waits until `window.release()`, which resolves when
# Streamlit has dealt with it.
HOLD_MESSAGE = """(() => {
  let load;
  let letGo;
  const hold = async (component, module, entry, ...rest) => {
    if (!window.isHeld || module !== "MODULE" || entry !== "ENTRY") return load(component, module, entry, ...rest);
    window.isHeld = false;
    return new Promise((resolve) => (letGo = () => resolve(load(component, module, entry, ...rest))));
  };
  window.release = async () => {
    letGo();
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  };
  Object.defineProperty(window, "__descentLoad", {
    get: () => load && hold,
    set: (own) => (load = own),
  });
  Object.defineProperty(hold, "words", { get: () => load.words, set: (words) => (load.words = words) });
})()"""


def hold_messages(module: str, entry: str, *, from_start: bool = False) -> Callable[[Page], None]:
    """Make a function that has a page hold a message to one of the player's modules: the next, or the first of all."""
    script = HOLD_MESSAGE.replace("MODULE", module).replace("ENTRY", entry)
    if from_start:
        script += "; window.isHeld = true"
    return lambda page: page.add_init_script(script)
