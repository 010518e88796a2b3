"""Where the race is run: prepared scenes, surface, start, steps, noise."""

from dataclasses import replace

import streamlit as st

from app import words
from app.controls.echo import is_echo
from app.controls.own import own_fields
from app.controls.state import PANEL, follow, note, refresh, scene, show
from app.controls.widgets import field, fold, pick, slider
from app.knobs import knob
from app.own import EXAMPLES, OWN, own
from app.runs import surface
from app.scene import Scene, arguments, call, checked, coordinate, step_count
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
    pick("surface", "Surface", {**SURFACES, OWN: own}, now.surface.word, chosen, "x", "y", "own.text")
    if now.surface.word == OWN:
        own_fields()
    else:
        st.caption(words.sentence(SURFACES[now.surface.word]))
    with st.container(horizontal=True, gap="small", key="numbers"):
        field("x", "Start x", f"{now.start[0]:.5g}", lambda s, text: replace(s, start=(coordinate(text), s.start[1])))
        field("y", "y", f"{now.start[1]:.5g}", lambda s, text: replace(s, start=(s.start[0], coordinate(text))))
        field("steps", "Steps", str(now.steps), lambda s, text: replace(s, steps=step_count(text)))
    for key in ("x", "y", "steps"):
        note(key)

    known = arguments(SURFACES[now.surface.word]) if now.surface.word != OWN else {}
    shape = [f"{knob(name).label} {words.number(now.surface[name])}" for name in known if name != "seed"]
    noise = [f"noise {words.number(now.noise)}"] if now.noise else []
    title = "Shape and noise" if known else "Noise"
    more = fold("more", title, " · ".join((title, *shape, *noise)))
    if more:
        with more:
            for name, parameter in known.items():
                slider(
                    f"surface.{name}", knob(name)._replace(label="batch seed") if name == "seed" else knob(name),
                    now.surface[name], parameter.default,
                    lambda s, value, name=name: replace(
                        s, surface=call(SURFACES, s.surface.word, dict(s.surface.hyper) | {name: value})
                    ),
                )  # fmt: skip
            slider("noise", knob("noise"), now.noise, 0.0, lambda s, v: replace(s, noise=checked("noise", v, 0.0)))
            limits = knob("seed")._replace(label="noise seed")
            slider("seed", limits, now.seed, 0, lambda s, v: replace(s, seed=checked("seed", v, 0)))
            if "batch_size" in known:
                st.caption(f"Batch size 0 is all {surface(now.surface).samples} samples.")


def chosen(s: Scene, word: str) -> Scene:
    """The scene on another surface."""
    example = EXAMPLES[0]
    return moved(s, own(example.text, example.x, example.y) if word == OWN else call(SURFACES, word, {}))
