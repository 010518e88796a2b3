"""The sentence that is shown while a race's landscape is made: the training that it lies around is repeated."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.session.session_state import get_session
from app.training_scenes.network_loss_source import NETWORK_LOSS
from app.translation import translate


@contextmanager
def announce_repeated_training() -> Iterator[None]:
    """Say that a training is repeated, if the address names its landscape and the visit does not show one yet."""
    placeholder = st.empty()  # always, so that what is below keeps its place in the page
    scene, written = get_session().scene, st.query_params.get("surface", "")
    if not written.lstrip().startswith(NETWORK_LOSS) or (scene and scene.surface.name == NETWORK_LOSS):
        yield
        return
    with placeholder, st.spinner(translate("The training is repeated, to know the loss around its weights …")):
        yield
