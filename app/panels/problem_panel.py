"""The presets, and the fields of the problem: surface, start, steps, noise."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from app.compute.cached_simulation import build_surface
from app.compute.suited_learning_rates import move_to_surface
from app.compute.surface_source_registry import OFFERED_SURFACES, find_source, get_source
from app.lessons.catalogue import LESSONS
from app.lessons.lesson import Lesson
from app.model import display_names
from app.model.data_source import DATA
from app.model.formula_source import FORMULA
from app.model.hyperparameter_table import get_range
from app.model.presets import PRESET_LESSONS, PRESETS, find_active_preset
from app.model.scene import Scene, check_argument, parse_coordinate, parse_step_count
from app.model.surface_source import SurfaceSource
from app.panels.data_fields import show_data_fields
from app.panels.formula_fields import show_formula_fields
from app.panels.network_loss_training_link import show_network_loss_fields
from app.panels.reusable_scene_widgets import show_expander, show_number_field, show_selectbox, show_slider
from app.session import lesson_navigation
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import get_scene, load_scene
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale
from app.session.widget_notes import escape_markdown, show_note, sync_widget
from app.training_scenes.network_loss_source import NETWORK_LOSS
from app.translation import translate
from surfaces.translatable import Translatable

WORDS_INDENT = 120  # spaces
SURFACE_FIELDS = {
    FORMULA: show_formula_fields, DATA: show_data_fields, NETWORK_LOSS: show_network_loss_fields,
}  # fmt: skip


def show_presets() -> None:
    """Show the presets; the current one is highlighted."""
    sync_widget("prepared", find_active_preset(get_scene()))

    def apply_choice() -> None:
        name = st.session_state.prepared
        if name in PRESETS and not is_stale("prepared"):
            load_scene(replace(PRESETS[name], presentation=get_scene().presentation).without_step_and_zoom())
            rerun_fragments(PANEL)

    st.pills(
        translate("Scenes"),
        tuple(PRESETS),
        key="prepared",
        on_change=apply_choice,
        format_func=translate,
        label_visibility="collapsed",
    )


def find_preset_lesson() -> Lesson | None:
    return LESSONS.get(PRESET_LESSONS.get(find_active_preset(get_scene()) or "", ""))


def show_preset_lesson() -> None:
    """Show a link to the lesson about the current preset; nothing where there is none."""
    lesson = find_preset_lesson()
    placeholder = st.empty()  # so that what is below keeps its place in the page, also while a slider is dragged
    if lesson:
        with placeholder.container(key="preset_lesson"):
            title = escape_markdown(lesson_navigation.get_text(lesson).title)
            label = translate("Lesson: {title}", title=title)
            lesson_navigation.show_lesson_link(lesson, label, icon=":material/school:")


def show_short_preset_lesson() -> None:
    """The same in short, for a phone, where the panel is out of sight."""
    if lesson := find_preset_lesson():
        with st.container(key="preset_lesson_short", width="content"):
            lesson_navigation.show_lesson_link(lesson, translate("Lesson"), icon=":material/school:")


def show_problem() -> None:
    """Show surface, start, steps and noise."""
    scene = get_scene()
    source = get_source(scene.surface)
    show_selectbox(
        "surface",
        translate("Surface"),
        OFFERED_SURFACES,
        scene.surface.name,
        change_surface,
        "x",
        "y",
        "own.text",
        "data.text",
        "data.standardized",
        format_option=format_surface_option,
    )
    if show_fields := SURFACE_FIELDS.get(scene.surface.name):
        show_fields()
    else:
        st.caption(display_names.get_summary(source.make))
    show_start_and_steps(scene)
    show_shape_and_noise(scene, source)


def show_start_and_steps(scene: Scene) -> None:
    labels = {"x": translate("Start x"), "y": "y", "steps": translate("Steps")}
    with st.container(horizontal=True, gap="small", key="numbers"):
        show_number_field(
            "x",
            labels["x"],
            f"{scene.start[0]:.5g}",
            lambda scene, text: replace(scene, start=(parse_coordinate(text), scene.start[1])),
        )
        show_number_field(
            "y",
            labels["y"],
            f"{scene.start[1]:.5g}",
            lambda scene, text: replace(scene, start=(scene.start[0], parse_coordinate(text))),
        )
        show_number_field(
            "steps",
            labels["steps"],
            str(scene.steps),
            lambda scene, text: replace(scene, steps=parse_step_count(text)),
        )
    for key, label in labels.items():
        show_note(key, label)


def show_shape_and_noise(scene: Scene, source: SurfaceSource) -> None:
    """Show the surface's own arguments and the noise, folded."""
    parameters = source.parameters
    shape = [display_names.format_surface_argument(name, scene.surface[name]) for name in parameters if name != "seed"]
    noise = [translate("noise {noise}", noise=display_names.format_compact(scene.noise))] if scene.noise else []
    title = translate("Shape and noise") if parameters else translate("Noise")
    expander = show_expander("more", title, " · ".join((title, *shape, *noise)))
    if not expander:
        return
    with expander:
        for name, parameter in parameters.items():
            limits = get_range(name)._replace(label=Translatable("batch seed")) if name == "seed" else get_range(name)

            def change(scene: Scene, value: Any, name: str = name) -> Scene:
                return replace(scene, surface=source.change_argument(scene.surface, name, value))

            show_slider(f"surface.{name}", limits, scene.surface[name], parameter.default, change)
        show_slider("noise", get_range("noise"), scene.noise, 0.0, partial(change_noise, name="noise"))
        limits = get_range("seed")._replace(label=Translatable("noise seed"))
        show_slider("seed", limits, scene.seed, 0, partial(change_noise, name="seed"))
        if "batch_size" in parameters:
            count = build_surface(scene.surface).sample_count
            st.caption(translate("Batch size 0 means all {samples} samples.", samples=count))


def format_surface_option(name: str) -> str:
    """The title, and in a second line the words by which the surface is found.

    The list shows the line break and no more than one space; the field of the chosen one has no lines, and there the
    spaces move the words out of sight.
    """
    return f"{display_names.get_display_name(name)}{' ' * WORDS_INDENT}\n{display_names.get_search_words(name)}"


def change_noise(scene: Scene, value: Any, name: str) -> Scene:
    """Change the level of the noise or its seed."""
    return replace(scene, **{name: check_argument(name, value, 0.0 if name == "noise" else 0)})


def change_surface(scene: Scene, name: str) -> Scene:
    """Move the scene to another surface; the table of a visitor's data is unfolded at first.

    A function or data of one's own begin without the noise of the scene before: what was typed is what is shown.
    """
    get_session().unfolded |= {name} & {DATA}
    if name in SURFACE_FIELDS and name != scene.surface.name:
        scene = replace(scene, noise=0.0, seed=0)
    return move_to_surface(scene, find_source(name).make_first_call())
