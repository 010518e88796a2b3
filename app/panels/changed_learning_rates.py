"""The sentence that says which learning rates another surface changed, and the button that brings the old ones back."""

import streamlit as st

from app.compute.suited_learning_rates import are_lrs_safe, list_changed_lrs, restore_lrs
from app.model.display_names import format_compact, format_title
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import CHANGED_LRS_NOTE, get_scene, update_scene
from app.session.screen_reader_notes import note_container
from app.session.session_state import get_session
from app.session.widget_notes import escape_markdown
from app.translation import get_punctuation, translate


def show_changed_learning_rates() -> None:
    """Show the sentence until the next change of the scene."""
    before = get_session().scene_before_lrs
    placeholder = st.empty()  # so that the cards keep their place in the page, also while a slider is dragged
    if CHANGED_LRS_NOTE not in get_session().notes or before is None:
        return
    names: dict[tuple[float, float], list[str]] = {}  # by the old and the new rate
    for run, *lrs in list_changed_lrs(before, get_scene()):
        names.setdefault((lrs[0], lrs[1]), []).append(format_title(run))
    if not names:
        return
    comma = get_punctuation().comma
    runs = " · ".join(
        f"{comma.join(dict.fromkeys(titles))} {format_compact(old)} → {format_compact(new)}"
        for (old, new), titles in names.items()
    )
    with placeholder.container():
        with note_container("rates"):
            st.caption(escape_markdown(describe_change(runs)))
        st.button(
            translate("Keep the old rates"), key="keep_rates", icon=":material/undo:", type="tertiary",
            on_click=keep_old_rates,
        )  # fmt: skip


def describe_change(runs: str) -> str:
    """The sentence about the changed rates.

    Of runs that compare rates some may be too large, and the slider may have none that is small enough.
    """
    if are_lrs_safe(get_scene()):
        return translate("The learning rates suit this surface now: {runs}.", runs=runs)
    return translate("The learning rates have changed with the surface: {runs}.", runs=runs)


def keep_old_rates() -> None:
    before = get_session().scene_before_lrs
    if get_session().notes.pop(CHANGED_LRS_NOTE, None) and before is not None:
        update_scene(restore_lrs(before, get_scene()))
    rerun_fragments(PANEL)
