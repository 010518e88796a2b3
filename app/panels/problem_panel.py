"""Where the race is run: prepared scenes, surface, start, steps, noise."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.cached_simulation import surface
from app.compute.scene_presets import SCENES, lit, moved
from app.model import data_scene, display_names
from app.model.data_scene import DATA, owned
from app.model.formula_scene import EXAMPLES, OWN, own
from app.model.hyperparameter_ranges import knob
from app.model.scene import Call, Scene, arguments, call, checked, coordinate, step_count
from app.panels.data_fields import data_fields
from app.panels.formula_fields import own_fields
from app.panels.inputs import field, fold, pick, slider
from app.session.scene_state import PANEL, follow, note, refresh, scene, show
from app.session.widget_sync import is_echo
from app.translation import say
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_surface import data
from surfaces.translatable import Sentence


def prepared() -> None:
    """The prepared scenes, one click away; the one that is on the screen is lit."""
    follow("prepared", lit(scene()))

    def choose() -> None:
        chosen = st.session_state.prepared
        if chosen in SCENES and not is_echo("prepared"):
            now = scene()
            show(SCENES[chosen].looked_at_as(now.seen(now.view.playing())))
            refresh(PANEL)

    st.pills(
        say("Scenes"), tuple(SCENES), key="prepared", on_change=choose, format_func=say, label_visibility="collapsed"
    )


def place() -> None:
    """Surface, start, steps, noise."""
    now = scene()
    pick("surface", say("Surface"), {**SURFACES, OWN: own, DATA: owned}, now.surface.word, chosen,
         "x", "y", "own.text", "data.text", "data.standardized")  # fmt: skip
    if now.surface.word == OWN:
        own_fields()
    elif now.surface.word == DATA:
        data_fields()
    else:
        st.caption(display_names.sentence(SURFACES[now.surface.word]))
    with st.container(horizontal=True, gap="small", key="numbers"):
        field(
            "x", say("Start x"), f"{now.start[0]:.5g}", lambda s, text: replace(s, start=(coordinate(text), s.start[1]))
        )
        field("y", "y", f"{now.start[1]:.5g}", lambda s, text: replace(s, start=(s.start[0], coordinate(text))))
        field("steps", say("Steps"), str(now.steps), lambda s, text: replace(s, steps=step_count(text)))
    for key in ("x", "y", "steps"):
        note(key)

    known = arguments(SURFACES[now.surface.word]) if now.surface.word in SURFACES else {}
    if now.surface.word == DATA:
        known = {name: given for name, given in arguments(data).items() if name in ("batch_size", "seed")}
    shape = [f"{say(knob(name).label)} {display_names.number(now.surface[name])}" for name in known if name != "seed"]
    noise = [say("noise {noise}", noise=display_names.number(now.noise))] if now.noise else []
    title = say("Shape and noise") if known else say("Noise")
    more = fold("more", title, " · ".join((title, *shape, *noise)))
    if more:
        with more:
            for name, parameter in known.items():
                limits = knob(name)._replace(label=Sentence("batch seed")) if name == "seed" else knob(name)
                slider(
                    f"surface.{name}", limits,
                    now.surface[name], parameter.default,
                    lambda s, value, name=name: replace(s, surface=reshaped(s.surface, name, value)),
                )  # fmt: skip
            slider("noise", knob("noise"), now.noise, 0.0, lambda s, v: replace(s, noise=checked("noise", v, 0.0)))
            limits = knob("seed")._replace(label=Sentence("noise seed"))
            slider("seed", limits, now.seed, 0, lambda s, v: replace(s, seed=checked("seed", v, 0)))
            if "batch_size" in known:
                st.caption(say("Batch size 0 is all {samples} samples.", samples=surface(now.surface).samples))


def chosen(s: Scene, word: str) -> Scene:
    """The scene on another surface."""
    if word == DATA:
        st.session_state.unfolded |= {DATA}
        return moved(s, data_scene.example("line"))
    example = EXAMPLES[0]
    return moved(s, own(example.text, example.x, example.y) if word == OWN else call(SURFACES, word, {}))


def reshaped(surface: Call, name: str, value: Any) -> Call:
    """The same surface with another argument."""
    if surface.word == DATA:
        return data_scene.changed(surface, name, value)
    return call(SURFACES, surface.word, dict(surface.hyper) | {name: value})
