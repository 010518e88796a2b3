"""The Streamlit script that `two_pages.py` serves."""

import streamlit as st

from app.session.component_loading_script import prepare_loading
from tests.support.server_and_browser import ROOT


def elsewhere() -> None:
    st.write("Nothing is drawn here.")


prepare_loading("")
race = st.Page(ROOT / "app/race/page.py", title="Race", default=True)
st.navigation([race, st.Page(elsewhere, title="Elsewhere")], position="top").run()
