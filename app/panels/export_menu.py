"""The export menu: the race as scripts, data or a web page."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.compute.cached_simulation import get_endpoint_sensitivity
from app.export.repository_script import FILE_NAME, make_script
from app.export.torch_or_scipy_script import make_standalone_script
from app.model import display_names
from app.model.scene import Scene, UserError
from app.panels.download_buttons import show_data_files, show_web_page
from app.session.race_scene_and_undo import get_scene
from app.session.stale_widget_values import resend_value
from app.session.widget_notes import escape_markdown
from app.translation import DEFAULT_LANGUAGE, translate, use_language
from optimizers.catalogue import TRAITS
from surfaces.translatable import Translatable

MAX_ENDPOINT_SENSITIVITY = 1e-10  # relative; above it, other libraries end elsewhere because they round differently

CHAOTIC_WARNING = Translatable(
    ":red[Not this one:] it is chaotic, and rounding errors decide where it ends. Use fewer steps or a smaller "
    "learning rate."
)
COMPARISON_WARNING = Translatable(
    ":red[Not this one:] at its end the corners are so close together that rounding errors decide which is lower. "
    "Use fewer steps."
)


def show_export_menu() -> None:
    show_export_popover("export", EXPORT_FORMATS, get_scene())


def show_export_popover(key: str, formats: Mapping[str, Callable[[Any], None]], scene: Any) -> None:
    """Show the popover with all exports of a page's scene; only the selected one is made."""
    popover = st.popover(translate("Export"), key=key, on_change="rerun")
    if not popover.open:
        return
    with popover:
        resend_value(f"{key}_as")
        kind = st.segmented_control(
            translate("Export as"), tuple(formats), default=next(iter(formats)), required=True, key=f"{key}_as",
            format_func=translate,
        )  # fmt: skip
        formats[kind](scene)


def show_matplotlib_script(scene: Scene) -> None:
    """Show the script of the whole scene, for this repository."""
    st.caption(
        translate(
            "The whole race, for Matplotlib and Descent's own source code: it ends at the same points, bit for bit. "
            "If you do not have the code, ask whoever runs this page for its folder; the other exports need nothing of "
            "it."
        )
    )
    with use_language(DEFAULT_LANGUAGE):  # code is shared by all languages
        text = make_script(scene)
    show_script(text, FILE_NAME)


def show_standalone_script(scene: Scene) -> None:
    """Show the script of one run, for another library."""
    if not scene.runs:
        st.caption(translate("There is no run yet: add one in the panel."))
        return
    names = {
        run.slot: f"{display_names.format_title(run)} {display_names.format_settings(run, scene.runs)}".strip()
        for run in scene.runs
    }
    if st.session_state.get("export_run") not in names:
        st.session_state.export_run = next(iter(names))
    resend_value("export_run")
    slot = st.selectbox(translate("Run"), tuple(names), key="export_run", format_func=lambda slot: names.get(slot, ""))
    run = scene.find_run(slot)
    try:
        with use_language(DEFAULT_LANGUAGE):
            script = make_standalone_script(scene, run)
    except UserError as reason:
        st.caption(escape_markdown(translate(reason.message)))
        return
    st.caption(
        translate(
            "This run for {library} alone, without Descent: it ends at the same point, to 1e-9.",
            library=script.library,
        )
    )
    if not script.is_same_code and get_endpoint_sensitivity(scene, run) > MAX_ENDPOINT_SENSITIVITY:
        warning = COMPARISON_WARNING if TRAITS[run.optimizer.name].compares_corners else CHAOTIC_WARNING
        st.caption(translate(warning))
    show_script(script.text, script.file_name)


def show_script(text: str, file_name: str) -> None:
    """Show a script, to copy or to save."""
    st.download_button(
        translate("Save as {file}", file=file_name),
        text,
        file_name,
        "text/x-python",
        icon=":material/download:",
        on_click="ignore",
        key="export_file",
    )
    st.code(text, language="python", wrap_lines=True)


EXPORT_FORMATS = {  # first what needs nothing of Descent
    Translatable("PyTorch or SciPy"): show_standalone_script,
    Translatable("Data"): show_data_files,
    Translatable("Web page"): show_web_page,
    Translatable("Python"): show_matplotlib_script,
}
