"""Maps: pictures over thousands of runs of the scene that is in the race."""

from typing import Any

import streamlit as st

from app.maps import map_selector, map_session
from app.panels.problem_panel import place
from app.panels.run_cards import cards
from app.panels.run_menu import explanation
from app.panels.run_styles import tints
from app.panels.share_panel import history
from app.session.scene_state import PANEL, PICTURE, hurry, scene
from app.session.url_sync import damage, leave
from app.session.visit_recovery import keep
from app.session.widget_sync import stamp
from app.translation import fluent, say


@st.fragment(key=PICTURE)
def picture() -> None:
    now = scene()
    map_selector.leave_word(now)
    keep()
    st.markdown(say(map_selector.kind().lead))
    with map_session.asking():
        if now.runs:
            map_selector.kind().picture(now)
        else:
            st.info(say("Nothing to map yet: add a run in the panel."))


@st.fragment(key=PANEL)
@fluent
def panel(above: Any) -> None:
    with above:
        damage()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            map_selector.switch()
            history()
    with st.sidebar:
        place()
        cards()
        stamp()
    explanation()


leave()
map_session.leave_for_race()
st.html(tints())
hurry(lambda: None)
map_selector.arrive()
above = st.container()
picture()
panel(above)
