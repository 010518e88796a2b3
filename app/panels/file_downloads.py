"""Files of the race to keep: its numbers, and a page that plays it. Each is made when it is asked for."""

from collections.abc import Callable

import streamlit as st

from app.export import csv_and_json, html_page
from app.model.scene import Rejected, Scene
from app.session.scene_state import escaped
from app.translation import language, say, speaking


def numbers(now: Scene) -> None:
    """The trajectories as CSV and as JSON."""
    if not any(run.on for run in now.runs):
        st.caption(say("No run is on, so there are no numbers."))
        return
    st.caption(
        say(
            "Every step of every run that is on, to the last digit: what the columns mean and in which units, the "
            "scene and the verdicts are said in the file."
        )
    )
    save(csv_and_json.CSV, "text/csv", lambda: csv_and_json.as_csv(now))
    save(csv_and_json.JSON, "application/json", lambda: csv_and_json.as_json(now))


def web_page(now: Scene) -> None:
    """The race as one HTML file."""
    try:
        html_page.bare(now)
    except Rejected as reason:
        st.caption(escaped(say(reason.sentence)))
        return
    st.caption(
        say(
            "One file of at most 3 MB that plays in a browser without this site or any network: for slides, and to "
            "give away. There the race can be watched in every way, but not changed."
        )
    )
    save(html_page.FILE, "text/html", lambda: html_page.page(now))


def save(file: str, kind: str, make: Callable[[], str]) -> None:
    """A button for a file, which is made in the visitor's language once the button is pressed."""
    spoken = language()

    def made() -> str:
        with speaking(spoken):
            return make()

    st.download_button(
        say("Save as {file}", file=file), made, file, kind, icon=":material/download:", on_click="ignore",
        key=f"export_{file}",
    )  # fmt: skip
