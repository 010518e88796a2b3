"""The field of the landscape around a network's weights: which training it is of, and the way back to it."""

import streamlit as st

from app.model.classifier_titles import DATA_TITLES
from app.session.language_switch import make_url_parameters
from app.session.page_url_parameters import TRAINING_PAGE
from app.session.race_scene_and_undo import get_scene
from app.session.widget_notes import escape_markdown
from app.training_scenes.network_loss_source import PLANE_TITLES
from app.training_scenes.training_link import write_parameters
from app.training_scenes.training_names import name_trainings
from app.training_scenes.training_scene import TrainingScene
from app.translation import get_punctuation, translate


def show_network_loss_fields() -> None:
    surface = get_scene().surface
    trained: TrainingScene = surface["trained"]
    names = get_punctuation().gap.join(
        f"{number} · {name}" for number, name in enumerate(name_trainings(trained.trainings), 1)
    )
    sentence = translate(
        "The training loss on a plane through the weights at the end of a training on {data}. Plane: {plane}. {names}.",
        data=translate(DATA_TITLES[trained.data]), plane=translate(PLANE_TITLES[surface["plane"]]), names=names,
    )  # fmt: skip
    st.caption(escape_markdown(sentence))
    st.page_link(
        TRAINING_PAGE, label=translate("Watch the training"), icon=":material/arrow_back:",
        query_params=[*write_parameters(trained), *make_url_parameters().items()],
    )  # fmt: skip
