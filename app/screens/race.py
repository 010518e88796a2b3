"""The race: a landscape, the runs on it, and the panel that changes them."""

from dataclasses import replace

import streamlit as st

from app import controls
from app.player import Track, clicked, play
from app.runs import Ran, epoch, run, stage
from app.scene import Run

PLAYER = "race"


def track(racer: Run, ran: Ran) -> Track:
    verdict = ran.verdict
    return Track(
        controls.title_of(racer),
        controls.settings(racer),
        racer.slot,
        ran.columns,
        verdict.sentence,
        verdict.kind,
        ran.end,
    )


@st.fragment
def race() -> None:
    """Panel and player in one fragment: whatever is touched, only this is run again."""
    place = clicked(PLAYER)
    if place:
        st.session_state.notes = {}
        st.session_state.scene = replace(controls.scene(), start=place)
    scene = controls.scene()
    above = st.container()
    # The picture first: it is on its way to the browser while the panel is still being written.
    play(
        stage(scene.surface),
        [track(racer, run(scene, racer)) for racer in scene.runs if racer.on],
        start=scene.start,
        steps=scene.steps,
        key=PLAYER,
        epoch=epoch(scene.surface),
        note="" if scene.runs else "No runs: add one to start a race.",
    )
    with above:
        controls.prepared()
    with st.sidebar:
        controls.place()
        controls.cards()
    controls.explanation()


st.html(controls.tints())
race()
