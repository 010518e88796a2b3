"""Maps: pictures over thousands of runs of the scene that is in the race."""

from typing import Any

import streamlit as st

from app.controls.address import damage, leave
from app.controls.cards import cards
from app.controls.echo import stamp
from app.controls.looks import tints
from app.controls.maps import atlas, desk
from app.controls.menu import explanation
from app.controls.place import place
from app.controls.share import history
from app.controls.state import PANEL, PICTURE, hurry, scene
from app.controls.visit import keep
from app.language import fluent, say


@st.fragment(key=PICTURE)
def picture() -> None:
    now = scene()
    atlas.leave_word(now)
    keep()
    st.markdown(say(atlas.kind().lead))
    with desk.asking():
        if now.runs:
            atlas.kind().picture(now)
        else:
            st.info(say("Nothing to map yet: add a run in the panel."))


@st.fragment(key=PANEL)
@fluent
def panel(above: Any) -> None:
    with above:
        damage()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            atlas.switch()
            history()
    with st.sidebar:
        place()
        cards()
        stamp()
    explanation()


leave()
desk.leave_for_race()
st.html(tints())
hurry(lambda: None)
atlas.arrive()
above = st.container()
picture()
panel(above)
