"""The scene as something that works elsewhere: programs that run it again."""

import streamlit as st

from app.compute.cached_simulation import swing
from app.export.matplotlib_script import FILE, script
from app.export.other_library_script import elsewhere
from app.model import display_names
from app.model.scene import Rejected, Scene
from app.panels.file_downloads import numbers, web_page
from app.session.scene_state import escaped, scene
from app.session.widget_sync import again
from app.translation import FIRST, say, speaking
from surfaces.translatable import Sentence

ROUNDING = 1e-10  # an end that rounding errors move by more, relative to itself, is not the same elsewhere

CHAOTIC = Sentence(
    ":red[Not this one:] it is chaotic, and rounding errors decide where it ends. Fewer steps or a smaller rate help."
)
COMPARES = Sentence(
    ":red[Not this one:] at its end the corners are so close together that rounding errors decide which is lower. "
    "Fewer steps help."
)


def export() -> None:
    """The popover with all ways to take the race elsewhere; what is not asked for is not made."""
    box = st.popover(say("Export"), key="export", on_change="rerun")
    if not box.open:
        return
    with box:
        again("export_as")
        kind = st.segmented_control(
            say("Export as"), tuple(KINDS), default=next(iter(KINDS)), required=True, key="export_as", format_func=say
        )
        KINDS[kind](scene())


def here(now: Scene) -> None:
    """The script of the whole scene, for this repository."""
    st.caption(say("The whole race, for Matplotlib and this repository: it ends at the same points, bit for bit."))
    with speaking(FIRST):  # code is shared by all languages
        text = script(now)
    offer(text, FILE)


def alone(now: Scene) -> None:
    """The script of one run, for another library."""
    if not now.runs:
        st.caption(say("There is no run yet: add one in the panel."))
        return
    names = {run.slot: f"{display_names.title_of(run)} {display_names.settings(run)}".strip() for run in now.runs}
    if st.session_state.get("export_run") not in names:
        st.session_state.export_run = next(iter(names))
    again("export_run")
    slot = st.selectbox(say("Run"), tuple(names), key="export_run", format_func=lambda slot: names.get(slot, ""))
    run = now.run(slot)
    try:
        with speaking(FIRST):
            found = elsewhere(now, run)
    except Rejected as reason:
        st.caption(escaped(say(reason.sentence)))
        return
    st.caption(
        say(
            "This run for {library} alone, without this repository: it ends at the same point, to 1e-9.",
            library=found.library,
        )
    )
    if not found.same_code and swing(now, run) > ROUNDING:
        why = COMPARES if run.optimizer.word == "nelder_mead" else CHAOTIC
        st.caption(say(why))
    offer(found.text, found.file)


def offer(text: str, file: str) -> None:
    """A script to copy, by the button on it, or to keep."""
    st.download_button(
        say("Save as {file}", file=file),
        text,
        file,
        "text/x-python",
        icon=":material/download:",
        on_click="ignore",
        key="export_file",
    )
    st.code(text, language="python", wrap_lines=True)


KINDS = {
    Sentence("Python"): here,
    Sentence("PyTorch or SciPy"): alone,
    Sentence("Data"): numbers,
    Sentence("Web page"): web_page,
}
