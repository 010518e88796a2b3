"""The race page as it is, panel, runs and verdicts, but for one thing: the picture is drawn by st.plotly_chart."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from app import controls
from app.runs import run, surface
from app.scene import Scene

st.set_page_config(layout="wide")


def picture(scene: Scene) -> go.Figure:
    """Landscape, loss and gradient norm, on as fine a grid as the player's."""
    f = surface(scene.surface)
    xs, ys = (np.linspace(*side, 161) for side in f.box)
    figure = make_subplots(2, 2, specs=[[{"rowspan": 2}, {}], [None, {}]])
    figure.add_contour(x=xs, y=ys, z=f.value(np.array(np.meshgrid(xs, ys))), row=1, col=1)
    for racer in scene.runs:
        columns = run(scene, racer).columns
        name = controls.title_of(racer)
        figure.add_scatter(x=columns["x"], y=columns["y"], mode="lines", name=name, row=1, col=1)
        figure.add_scatter(y=columns["loss"], mode="lines", name=name, row=1, col=2)
        figure.add_scatter(y=columns["gradient_norm"], mode="lines", name=name, row=2, col=2)
    figure.update_xaxes(range=f.box.x, row=1, col=1)
    figure.update_yaxes(range=f.box.y, row=1, col=1)
    figure.update_yaxes(type="log", col=2)
    return figure


@st.fragment
def race() -> None:
    scene = controls.scene()
    above = st.container()
    st.plotly_chart(picture(scene), key="race")
    st.table([{"run": controls.title_of(racer), "verdict": run(scene, racer).verdict.sentence} for racer in scene.runs])
    with above:
        controls.prepared()
    with st.sidebar:
        controls.place()
        controls.cards()


race()
