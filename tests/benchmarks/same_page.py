"""The race page, panel, runs and verdicts, with the picture drawn by st.plotly_chart, run as Streamlit runs a script.

With FROZEN in the environment what it has imported is kept from the collector of garbage, as the app does.
"""

import gc
from dataclasses import replace
from os import environ

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from app.compute.cached_simulation import build_surface, simulate_run
from app.model import display_names
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Scene
from app.race.controls import show_controls
from app.session import race_scene_and_undo
from app.session.fragment_reruns import PANEL, PICTURE
from app.session.race_scene_and_undo import begin_visit
from app.session.session_state import get_session

st.set_page_config(layout="wide")
if "FROZEN" in environ and not gc.get_freeze_count():  # as the app does when it starts
    gc.collect()
    gc.freeze()
if get_session().scene is None:  # the prepared scene has a link to its lesson, and here is no page of lessons
    begin_visit(replace(DEFAULT_SCENE, steps=DEFAULT_SCENE.steps - 1))


def picture(scene: Scene) -> go.Figure:
    """Landscape, loss and gradient norm, on as fine a grid as the player's."""
    f = build_surface(scene.surface)
    xs, ys = (np.linspace(*side, 161) for side in f.box)
    figure = make_subplots(2, 2, specs=[[{"rowspan": 2}, {}], [None, {}]])
    figure.add_contour(x=xs, y=ys, z=f.value(np.array(np.meshgrid(xs, ys))), row=1, col=1)
    for racer in scene.runs:
        columns = simulate_run(scene, racer).columns
        name = display_names.format_title(racer)
        figure.add_scatter(x=columns["x"], y=columns["y"], mode="lines", name=name, row=1, col=1)
        figure.add_scatter(y=columns["loss"], mode="lines", name=name, row=1, col=2)
        figure.add_scatter(y=columns["gradient_norm"], mode="lines", name=name, row=2, col=2)
    figure.update_xaxes(range=f.box.x, row=1, col=1)
    figure.update_yaxes(range=f.box.y, row=1, col=1)
    figure.update_yaxes(type="log", col=2)
    return figure


@st.fragment(key=PICTURE)
def race() -> None:
    scene = race_scene_and_undo.get_scene()
    st.plotly_chart(picture(scene), key="race")
    st.table(
        [
            {"run": display_names.format_title(racer), "verdict": simulate_run(scene, racer).verdict.sentence}
            for racer in scene.runs
        ]
    )


top_container = st.container()
race()
st.fragment(show_controls, key=PANEL)(top_container)
