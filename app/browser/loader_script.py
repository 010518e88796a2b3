"""The script by which a component of Streamlit's loads what it shows; it travels with every message, so it is short."""

# `app/session/component_loading_script.js` loads the module, whichever of the two is on the page first.
LOADER_TEMPLATE = """
// Loads the player from the app's own server.
const loading = async () => {{
  while (!window.__descentLoad) await new Promise((go) => setTimeout(go, 10));
}};
export default async (component) => {{
  await loading();
  return window.__descentLoad(component, "{module}", "{entry}", {visible});
}};
"""


def make_loader(entry: str, module: str = "race/mount.js", *, is_visible: bool = True) -> str:
    """The JavaScript of a component: a function of one of the player's modules.

    One that is not `is_visible` only carries a message: nothing is missed in its place.
    """
    return LOADER_TEMPLATE.format(entry=entry, module=module, visible="true" if is_visible else "false")
