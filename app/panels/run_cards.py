"""The runs: one card each, with a slider for every argument of its optimizer."""

from typing import Any

import streamlit as st

from app.compute.scene_presets import fitted
from app.model import display_names
from app.model.hyperparameter_ranges import knob
from app.model.scene import Call, Run, Scene, arguments, call, optimizer, range_of
from app.panels.inputs import fold, pick, slider
from app.panels.run_list import add, duplicate
from app.panels.run_menu import menu
from app.session.scene_state import note, scene
from app.translation import say
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS


def cards() -> None:
    """One card a run; those out of focus are a single line."""
    for run in scene().runs:
        card(run)
    with st.container(horizontal=True, gap="small", key="adding"):
        st.button(say("Add a run"), icon=":material/add:", key="add", type="tertiary", on_click=add)
        st.button(
            say("Duplicate"), key="duplicate", type="tertiary", on_click=duplicate, disabled=not scene().runs,
            help=say("The last run again"),
        )  # fmt: skip
    note("add")


def card(run: Run) -> None:
    off = "" if run.on else f" :gray[{say('off')}]"
    title = f"**{display_names.title_of(run)}**"
    body = fold(run.slot, f"{title}{off}", f"{title} :gray[{display_names.settings(run)}]{off}")
    if not body:
        return
    with body:
        pick(
            f"{run.slot}.optimizer", say("Optimizer"), OPTIMIZERS, run.optimizer.word,
            lambda s, word: s.with_run(s.run(run.slot)._replace(optimizer=kept(s, s.run(run.slot), word))),
            hidden=True,
        )  # fmt: skip
        for name, parameter in arguments(OPTIMIZERS[run.optimizer.word]).items():
            hyperparameter(run, name, parameter.default)
        if run.wrapper:
            wrapping(run)
        menu(run)


def kept(now: Scene, run: Run, word: str) -> Call:
    """Another optimizer in a run: what it has in common with the old one stays, but a rate that does not suit it."""
    fresh = fitted(now, word) if word in OPTIMIZERS else optimizer(word)
    for name, value in run.optimizer.hyper:
        if name != "lr" and name in dict(fresh.hyper):
            fresh = fresh.set(name, value)
    return fresh


def hyperparameter(run: Run, name: str, default: Any) -> None:
    """The slider of an argument; or, while it follows a schedule, the schedule's sliders."""
    value, slot = run.optimizer[name], run.slot

    def put(s: Scene, new: Any) -> Scene:
        run = s.run(slot)
        return s.with_run(
            run._replace(optimizer=call(OPTIMIZERS, run.optimizer.word, dict(run.optimizer.hyper) | {name: new}))
        )

    if not isinstance(value, Call):
        slider(f"{slot}.{name}", knob(name), value, default, put)
        return
    st.caption(f"{say(knob(name).label)}: {display_names.name(value.word).lower()}")
    for part, parameter in arguments(SCHEDULES[value.word]).items():
        slider(
            f"{slot}.{name}.{part}", range_of(part, parameter.default, knob(name)), value[part], parameter.default,
            lambda s, new, part=part: put(s, s.run(slot).optimizer[name].set(part, new)),
        )  # fmt: skip


def wrapping(run: Run) -> None:
    """The sliders of a run's wrapper."""
    word, slot = run.wrapper.word, run.slot
    st.caption(f"{display_names.name(word)}: {display_names.sentence(WRAPPERS[word])}")
    for name, parameter in arguments(WRAPPERS[word]).items():

        def put(s: Scene, value: Any, name: str = name) -> Scene:
            old = s.run(slot)
            return s.with_run(old._replace(wrapper=call(WRAPPERS, word, dict(old.wrapper.hyper) | {name: value})))

        slider(f"{slot}.wrapper.{name}", knob(name), run.wrapper[name], parameter.default, put)
