"""The scene as something that works elsewhere: programs that run it again."""

import streamlit as st

from app import words
from app.controls.state import escaped, scene
from app.export.elsewhere import elsewhere
from app.export.script import FILE, script
from app.runs import swing
from app.scene import Rejected, Scene

ROUNDING = 1e-10  # an end that rounding errors move by more, relative to itself, is not the same elsewhere


def export() -> None:
    """The popover with all ways to take the race elsewhere; what is not asked for is not made."""
    box = st.popover("Export", key="export", on_change="rerun")
    if not box.open:
        return
    with box:
        kind = st.segmented_control(
            "Export as", tuple(KINDS), default=next(iter(KINDS)), required=True, key="export_as"
        )
        KINDS[kind](scene())


def here(now: Scene) -> None:
    """The script of the whole scene, for this repository."""
    st.caption("The whole race, for Matplotlib and this repository: it ends at the same points, bit for bit.")
    offer(script(now), FILE)


def alone(now: Scene) -> None:
    """The script of one run, for another library."""
    if not now.runs:
        st.caption("There is no run yet: add one in the panel.")
        return
    names = {run.slot: f"{words.title_of(run)} {words.settings(run)}".strip() for run in now.runs}
    if st.session_state.get("export_run") not in names:
        st.session_state.export_run = next(iter(names))
    slot = st.selectbox("Run", tuple(names), key="export_run", format_func=lambda slot: names.get(slot, ""))
    run = now.run(slot)
    try:
        found = elsewhere(now, run)
    except Rejected as reason:
        st.caption(escaped(str(reason)))
        return
    st.caption(f"This run for {found.library} alone, without this repository: it ends at the same point, to 1e-9.")
    if not found.same_code and swing(now, run) > ROUNDING:
        st.caption(
            ":red[Not this one:] it is chaotic, and rounding errors decide where it ends. Fewer steps or a smaller "
            "rate help."
        )
    offer(found.text, found.file)


def offer(text: str, file: str) -> None:
    """A script to copy, by the button on it, or to keep."""
    st.download_button(
        f"Save as {file}", text, file, "text/x-python", icon=":material/download:", on_click="ignore", key="export_file"
    )
    st.code(text, language="python", wrap_lines=True)


KINDS = {"Python": here, "PyTorch or SciPy": alone}
