"""Where the race is run: prepared scenes, surface, start, steps, noise."""

from dataclasses import replace

import streamlit as st

from app import words
from app.controls.echo import is_echo
from app.controls.state import PANEL, follow, note, refresh, scene, show
from app.controls.widgets import field, fold, pick, slider
from app.knobs import knob
from app.runs import surface
from app.scene import arguments, call, coordinate, step_count, whole, within
from app.scenes import SCENES, lit, moved
from surfaces.catalogue import SURFACES


def prepared() -> None:
    """The prepared scenes, one click away; the one that is on the screen is lit."""
    follow("prepared", lit(scene()))

    def choose() -> None:
        chosen = st.session_state.prepared
        if chosen in SCENES and not is_echo("prepared"):
            show(SCENES[chosen].seen(scene().view.playing()))
            refresh(PANEL)

    st.pills("Scenes", tuple(SCENES), key="prepared", on_change=choose, label_visibility="collapsed")


def place() -> None:
    """Surface, start, steps, noise."""
    now = scene()
    pick("surface", "Surface", SURFACES, now.surface.word, lambda s, word: moved(s, call(SURFACES, word, {})), "x", "y")
    st.caption(words.sentence(SURFACES[now.surface.word]))
    with st.container(horizontal=True, gap="small", key="numbers"):
        field("x", "Start x", f"{now.start[0]:.5g}", lambda s, text: replace(s, start=(coordinate(text), s.start[1])))
        field("y", "y", f"{now.start[1]:.5g}", lambda s, text: replace(s, start=(s.start[0], coordinate(text))))
        field("steps", "Steps", str(now.steps), lambda s, text: replace(s, steps=step_count(text)))
    for key in ("x", "y", "steps"):
        note(key)

    shape = [f"{knob(name).label} {words.number(value)}" for name, value in now.surface.hyper if name != "seed"]
    noise = [f"noise {words.number(now.noise)}"] if now.noise else []
    more = fold("more", "Shape and noise", " · ".join(("Shape and noise", *shape, *noise)))
    if more:
        with more:
            for name, parameter in arguments(SURFACES[now.surface.word]).items():
                slider(
                    f"surface.{name}", knob(name)._replace(label="batch seed") if name == "seed" else knob(name),
                    now.surface[name], parameter.default,
                    lambda s, value, name=name: replace(
                        s, surface=call(SURFACES, s.surface.word, dict(s.surface.hyper) | {name: value})
                    ),
                )  # fmt: skip
            slider("noise", knob("noise"), now.noise, 0.0, lambda s, v: replace(s, noise=within("noise", v)))
            limits = knob("seed")._replace(label="noise seed")
            slider("seed", limits, now.seed, 0, lambda s, v: replace(s, seed=whole("seed", v)))
            if "batch_size" in arguments(SURFACES[now.surface.word]):
                st.caption(f"Batch size 0 is all {surface(now.surface).samples} samples.")
