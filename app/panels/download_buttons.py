"""Buttons that save the race as data files or as a web page; each file is made when its button is pressed."""

from collections.abc import Callable

import streamlit as st

from app.export import csv_and_json, race_html_page
from app.model.scene import Scene, UserError
from app.session.widget_notes import escape_markdown
from app.translation import get_language, translate, use_language


def show_data_files(scene: Scene) -> None:
    """Offer the trajectories as CSV and as JSON."""
    if not any(run.is_on for run in scene.runs):
        st.caption(translate("No run is on, so there are no numbers."))
        return
    st.caption(
        translate(
            "Every step of every run that is on, to the last digit. The file also has the scene and the verdicts, "
            "and says what the columns mean and in which units."
        )
    )
    show_save_button(csv_and_json.CSV_FILE_NAME, "text/csv", lambda: csv_and_json.as_csv(scene))
    show_save_button(csv_and_json.JSON_FILE_NAME, "application/json", lambda: csv_and_json.as_json(scene))


def show_web_page(scene: Scene) -> None:
    """Offer the race as a single HTML file."""
    try:
        race_html_page.make_page_without_equations(scene)
    except UserError as reason:
        st.caption(escape_markdown(translate(reason.message)))
        return
    st.caption(
        translate(
            "One file of at most 3 MB that plays in a browser without this site or any network, for slides and for "
            "sharing. There the race can be watched in every way, but not changed."
        )
    )
    show_save_button(race_html_page.FILE_NAME, "text/html", lambda: race_html_page.make_page(scene))


def show_save_button(file_name: str, media_type: str, make: Callable[[], str]) -> None:
    """Show a button that makes a file, in the visitor's language, when it is pressed."""
    language = get_language()

    def make_in_language() -> str:
        with use_language(language):
            return make()

    st.download_button(
        translate("Save as {file}", file=file_name),
        make_in_language,
        file_name,
        media_type,
        icon=":material/download:",
        on_click="ignore",
        key=f"export_{file_name}",
    )
