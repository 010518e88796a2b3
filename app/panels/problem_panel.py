"""Where the race is run: prepared scenes, surface, start, steps, noise."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.cached_simulation import build_surface
from app.compute.scene_presets import PRESETS, find_active_preset, move_to_surface
from app.model import data_scene, display_names
from app.model.data_scene import DATA, data_call
from app.model.formula_scene import FORMULA, FORMULA_EXAMPLES, formula_call
from app.model.hyperparameter_ranges import get_range
from app.model.scene import (
    Call,
    Scene,
    check_argument,
    inspect_parameters,
    make_call,
    parse_coordinate,
    parse_step_count,
)
from app.panels.data_fields import show_data_fields
from app.panels.formula_fields import show_formula_fields
from app.panels.inputs import show_expander, show_number_field, show_selectbox, show_slider
from app.session.scene_state import PANEL, get_scene, load_scene, rerun_fragments, show_note, sync_widget
from app.session.widget_sync import is_stale
from app.translation import translate
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_surface import data
from surfaces.translatable import Translatable


def show_presets() -> None:
    """The prepared scenes, one click away; the one that is on the screen is lit."""
    sync_widget("prepared", find_active_preset(get_scene()))

    def choose() -> None:
        chosen = st.session_state.prepared
        if chosen in PRESETS and not is_stale("prepared"):
            now = get_scene()
            load_scene(PRESETS[chosen].looked_at_as(now.seen(now.view.playing())))
            rerun_fragments(PANEL)

    st.pills(
        translate("Scenes"),
        tuple(PRESETS),
        key="prepared",
        on_change=choose,
        format_func=translate,
        label_visibility="collapsed",
    )


def show_problem() -> None:
    """Surface, start, steps, noise."""
    now = get_scene()
    show_selectbox(
        "surface",
        translate("Surface"),
        {**SURFACES, FORMULA: formula_call, DATA: data_call},
        now.surface.word,
        change_surface,
        "x",
        "y",
        "own.text",
        "data.text",
        "data.standardized",
    )
    if now.surface.word == FORMULA:
        show_formula_fields()
    elif now.surface.word == DATA:
        show_data_fields()
    else:
        st.caption(display_names.get_summary(SURFACES[now.surface.word]))
    with st.container(horizontal=True, gap="small", key="numbers"):
        show_number_field(
            "x",
            translate("Start x"),
            f"{now.start[0]:.5g}",
            lambda s, text: replace(s, start=(parse_coordinate(text), s.start[1])),
        )
        show_number_field(
            "y", "y", f"{now.start[1]:.5g}", lambda s, text: replace(s, start=(s.start[0], parse_coordinate(text)))
        )
        show_number_field(
            "steps", translate("Steps"), str(now.steps), lambda s, text: replace(s, steps=parse_step_count(text))
        )
    for key in ("x", "y", "steps"):
        show_note(key)

    known = inspect_parameters(SURFACES[now.surface.word]) if now.surface.word in SURFACES else {}
    if now.surface.word == DATA:
        known = {name: given for name, given in inspect_parameters(data).items() if name in ("batch_size", "seed")}
    shape = [
        f"{translate(get_range(name).label)} {display_names.format_compact(now.surface[name])}"
        for name in known
        if name != "seed"
    ]
    noise = [translate("noise {noise}", noise=display_names.format_compact(now.noise))] if now.noise else []
    title = translate("Shape and noise") if known else translate("Noise")
    more = show_expander("more", title, " · ".join((title, *shape, *noise)))
    if more:
        with more:
            for name, parameter in known.items():
                limits = (
                    get_range(name)._replace(label=Translatable("batch seed")) if name == "seed" else get_range(name)
                )
                show_slider(
                    f"surface.{name}", limits,
                    now.surface[name], parameter.default,
                    lambda s, value, name=name: replace(s, surface=change_surface_argument(s.surface, name, value)),
                )  # fmt: skip
            show_slider(
                "noise",
                get_range("noise"),
                now.noise,
                0.0,
                lambda s, v: replace(s, noise=check_argument("noise", v, 0.0)),
            )
            limits = get_range("seed")._replace(label=Translatable("noise seed"))
            show_slider("seed", limits, now.seed, 0, lambda s, v: replace(s, seed=check_argument("seed", v, 0)))
            if "batch_size" in known:
                st.caption(
                    translate("Batch size 0 is all {samples} samples.", samples=build_surface(now.surface).samples)
                )


def change_surface(s: Scene, word: str) -> Scene:
    """The scene on another surface."""
    if word == DATA:
        st.session_state.unfolded |= {DATA}
        return move_to_surface(s, data_scene.get_example_call("line"))
    example = FORMULA_EXAMPLES[0]
    return move_to_surface(
        s, formula_call(example.text, example.x, example.y) if word == FORMULA else make_call(SURFACES, word, {})
    )


def change_surface_argument(surface: Call, name: str, value: Any) -> Call:
    """The same surface with another argument."""
    if surface.word == DATA:
        return data_scene.change_data_argument(surface, name, value)
    return make_call(SURFACES, surface.word, dict(surface.hyper) | {name: value})
