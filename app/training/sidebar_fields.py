"""The panel of the training laboratory: the data, the trainings, and the choices of the one that is selected."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.model.classifier_titles import (
    ACTIVATION_TITLES,
    DATA_TITLES,
    INITIALIZATION_TITLES,
    MODEL_TITLES,
    OWN_DATA,
)
from app.panels.classification_table_fields import ClassificationTableFields
from app.panels.reusable_setting_widgets import SettingWidgets
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale
from app.session.widget_notes import show_note, sync_widget
from app.training.optimizer_fields import show_optimizer
from app.training.prepared_scenes import PREPARED_SCENES
from app.training.training_component import MENDED_KEY
from app.training.training_state import LECTURE, apply_edit, get_scene, get_state, try_edit, update_scene
from app.training_scenes.training_link import is_linkable
from app.training_scenes.training_names import format_change, name_trainings
from app.training_scenes.training_scene import TRAINING_RANGES, WHOLE, WORDS, TrainingScene
from app.translation import translate
from optimizers.training.specification import MAX_TRAININGS
from surfaces.translatable import Translatable

EXAMPLE_TABLE = "length,width,kind\n" + "".join(
    f"{0.9 + 0.13 * k:.2f},{0.3 + 0.07 * (k % 4):.2f},a\n{1.6 + 0.12 * k:.2f},{0.8 + 0.06 * (k % 5):.2f},b\n"
    for k in range(12)
)
ADD_KEY = "training.add"
SPLIT_TITLES = {"random": Translatable("at random"), "file": Translatable("file order")}
WIDGETS = SettingWidgets(apply_edit, try_edit, TRAINING_RANGES, WHOLE)
TABLE_FIELDS = ClassificationTableFields(
    "training", apply_edit, try_edit, lambda scene, table: replace(scene, data=OWN_DATA, table=table)
)


def show_panel_fields() -> None:
    scene = get_scene()
    if not LECTURE.is_waiting():  # their names and sentences tell what happens
        show_prepared_scenes(scene)
    show_trainings_list()
    show_model(scene)
    show_optimizer(scene, WIDGETS)
    WIDGETS.show_slider("training.batch_size", "batch_size", scene.chosen.batch_size, choose("batch_size"))
    show_changes(scene)
    show_note(MENDED_KEY)
    show_data(scene)


# ---- which trainings there are


def show_prepared_scenes(scene: TrainingScene) -> None:
    """A choice of scenes that show one thing each, and what there is to see in the one that is shown."""
    shown = find_prepared_scene(scene)
    sync_widget("training.prepared", shown)
    st.selectbox(
        translate("Prepared scenes"), tuple(PREPARED_SCENES), key="training.prepared",
        placeholder=translate("Choose one"),
        format_func=lambda name: translate(PREPARED_SCENES[name].title), on_change=load_prepared_scene,
    )  # fmt: skip
    if shown:
        st.caption(translate(PREPARED_SCENES[shown].sentence))


def find_prepared_scene(scene: TrainingScene) -> str | None:
    unselected = scene.with_selected(0)
    return next((name for name, prepared in PREPARED_SCENES.items() if prepared.scene == unselected), None)


def load_prepared_scene() -> None:
    name = st.session_state.get("training.prepared")
    if name in PREPARED_SCENES and not is_stale("training.prepared"):
        update_scene(PREPARED_SCENES[name].scene)
        get_session().notes = {}
    rerun_fragments(PANEL)


def show_trainings_list() -> None:
    scene = get_scene()
    names = name_trainings(scene.trainings)
    st.markdown(f"**{translate('Trainings')}**")
    if len(names) > 1:
        sync_widget("training.selected", scene.selected)
        st.radio(
            translate("Selected training"), range(len(names)), key="training.selected", label_visibility="collapsed",
            format_func=lambda k: f"{k + 1} · {names[k]}" if k < len(names) else "", on_change=select_training,
        )  # fmt: skip
    with st.container(horizontal=True, gap="small", key="adding"):
        st.button(translate("Add another"), icon=":material/add:", key=ADD_KEY, type="tertiary",
                  on_click=add_training, disabled=len(names) >= MAX_TRAININGS)  # fmt: skip
        if len(names) > 1:
            st.button(translate("Remove this one"), icon=":material/delete:", key="training.remove", type="tertiary",
                      on_click=remove_training)  # fmt: skip
    show_note(ADD_KEY)


def select_training() -> None:
    index = st.session_state.get("training.selected")
    if type(index) is int and not is_stale("training.selected"):
        update_scene(get_scene().with_selected(index))
    rerun_fragments(PANEL)


def add_training() -> None:
    """A copy of the selected training, to be changed. A second click may come before the button is disabled."""
    try_edit(ADD_KEY, lambda scene, _: scene.with_added(scene.chosen))
    rerun_fragments(PANEL)


def remove_training() -> None:
    try_edit("training.remove", lambda scene, _: scene.without(scene.selected), ADD_KEY)
    rerun_fragments(PANEL)


# ---- the selected one


def choose(name: str) -> Any:
    """The edit that gives the selected training another value of one choice."""
    return lambda scene, value: scene.with_chosen(scene.chosen.with_choice(name, value))


def show_model(scene: TrainingScene) -> None:
    chosen = scene.chosen
    st.markdown(f"**{translate('Model')}**")
    WIDGETS.show_selectbox(
        "training.model", Translatable("Model"), WORDS["model"], MODEL_TITLES, chosen.model, choose("model")
    )
    if chosen.model == "network":
        for name in ("depth", "width"):
            WIDGETS.show_slider(f"training.{name}", name, getattr(chosen, name), choose(name))
        WIDGETS.show_selectbox(
            "training.activation", Translatable("Activation"), ("relu", "tanh", "leaky_relu", "sigmoid"),
            ACTIVATION_TITLES, chosen.activation, choose("activation"),
        )  # fmt: skip
    WIDGETS.show_selectbox(
        "training.initialization", Translatable("First weights (variance)"),
        ("zero", "too_small", "lecun", "glorot", "he", "too_large"), INITIALIZATION_TITLES, chosen.initialization,
        choose("initialization"),
    )  # fmt: skip
    for name in ("weights_seed", "l2", *(("dropout",) if chosen.model == "network" else ())):
        WIDGETS.show_slider(f"training.{name}", name, getattr(chosen, name), choose(name))


# ---- changes in the middle


def show_changes(scene: TrainingScene) -> None:
    """The changes that the selected training makes on its way; new ones are made beside the clock."""
    changes = scene.chosen.changes
    if changes:
        st.markdown(f"**{translate('Changes in the middle')}**")
    for k, change in enumerate(changes):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"training_change_{k}"):
            st.markdown(format_change(change))
            st.button(translate("Remove"), key=f"training.unchange.{k}", type="tertiary", on_click=remove_change,
                      args=(k,))  # fmt: skip


def remove_change(index: int) -> None:
    chosen = get_scene().chosen
    changes = (*chosen.changes[:index], *chosen.changes[index + 1 :])
    update_scene(get_scene().with_chosen(replace(chosen, changes=changes)))
    rerun_fragments(PANEL)


# ---- the data, for all trainings


def share(name: str) -> Any:
    """The edit that gives all trainings another value of one choice."""
    return lambda scene, value: scene.with_shared(name, value)


def show_data(scene: TrainingScene) -> None:
    st.markdown(f"**{translate('Data, for all trainings')}**")
    WIDGETS.show_selectbox(
        "training.data", Translatable("Data"), WORDS["data"], DATA_TITLES, scene.data, change_data,
        TABLE_FIELDS.text_key,
    )  # fmt: skip
    if scene.data == OWN_DATA:
        TABLE_FIELDS.show(scene.table, is_linkable=is_linkable(scene))
    WIDGETS.show_segments("training.split", Translatable("Split"), SPLIT_TITLES, scene.split, share("split"))
    names = (
        "validation_fraction",
        *(("split_seed",) if scene.split == "random" else ()),
        "sample_count",
        "epochs",
        "seed",
    )
    for name in names:
        WIDGETS.show_slider(f"training.{name}", name, getattr(scene, name), share(name))


def change_data(scene: TrainingScene, data: Any) -> TrainingScene:
    """Other data; one's own begin with the table that was there before, or a small example."""
    if data != OWN_DATA:
        return scene.with_shared("data", data)
    last = next((old.table for old in reversed(get_state().past) if old.table), EXAMPLE_TABLE)
    return replace(scene.with_shared("data", data), table=last)
