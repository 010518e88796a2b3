"""The same scene as a plain Streamlit page: a few runs, a contour, loss curves, redrawn by st.plotly_chart."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES

RUNS = ("momentum", "nesterov", "sgd", "adam", "rmsprop", "adagrad")

lr = st.slider("lr", 0.0001, 0.01, 0.002, 0.0001, format="%.4f", key="lr")
steps = int(st.query_params.get("steps", 400))
f = SURFACES["ravine"]()
(left, right), (bottom, top) = f.box
xs, ys = np.linspace(left, right, 161), np.linspace(bottom, top, 161)
figure = make_subplots(1, 2)
figure.add_contour(x=xs, y=ys, z=np.log1p(f.value(np.array(np.meshgrid(xs, ys)))), row=1, col=1)
for word in RUNS[: int(st.query_params.get("runs", 4))]:
    path = trajectory(OPTIMIZERS[word](lr=lr), f, f.start, steps)
    figure.add_scatter(x=path.x[0], y=path.x[1], mode="lines", name=word, row=1, col=1)
    figure.add_scatter(y=f.value(path.x), mode="lines", name=word, row=1, col=2)
figure.update_yaxes(type="log", row=1, col=2)
st.plotly_chart(go.Figure(figure), key="race")
