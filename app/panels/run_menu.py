"""What can be done with a run as a whole: its formula, a schedule, a wrapper, its colour, its end."""

from typing import Any

import streamlit as st

from app.model import display_names
from app.model.hyperparameter_ranges import knob
from app.model.scene import RUNS, Call, Rejected, Run, Scene, arguments, call, schedulable, schedule
from app.panels.inputs import pick
from app.panels.run_list import duplicate, recolour, remove
from app.session.scene_state import edit, follow, scene
from app.session.widget_sync import again
from app.translation import say
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS

OWN = "none"  # no wrapper
FIXED = "constant"  # no schedule


def menu(run: Run) -> None:
    """What can be done with a run as a whole."""
    slot = run.slot
    quiet: dict[str, Any] = {"type": "tertiary", "width": "content"}
    with st.container(horizontal=True, horizontal_alignment="distribute", key=f"menu{slot}"):
        st.button(say("Formula and code"), key=f"{slot}.formula", on_click=ask, args=(slot,), **quiet)
        more = st.popover(
            say("More"), help=say("Schedule, wrapper, colour, remove"), key=f"{slot}.more", on_change="rerun", **quiet
        )
    if not more.open:
        return
    follow(f"{slot}.on", run.on)
    with more:
        st.toggle(
            say("In the race"), key=f"{slot}.on", on_change=edit,
            args=(f"{slot}.on", lambda s, on: s.with_run(s.run(slot)._replace(on=on is True))),
        )  # fmt: skip
        extras(run)
        st.caption(say("Colour, dash and marker"))
        colours(run)
        with st.container(horizontal=True):
            st.button(
                say("Duplicate"),
                icon=":material/content_copy:",
                key=f"{slot}.duplicate",
                on_click=duplicate,
                args=(slot,),
            )
            st.button(say("Remove"), icon=":material/delete:", key=f"{slot}.remove", on_click=remove, args=(slot,))


def extras(run: Run) -> None:
    """A schedule for any hyperparameter that may have one, and a wrapper."""
    slot = run.slot
    may = [name for name, _ in run.optimizer.hyper if schedulable(run.optimizer.word, name)]
    if may:
        which = f"{slot}.scheduled"
        if st.session_state.get(which) not in may:
            follow(which, next((n for n in may if isinstance(run.optimizer[n], Call)), may[0]))
        again(which)
        st.selectbox(say("Over time"), may, key=which, format_func=lambda n: say(knob(n).label))
        name = st.session_state[which]
        value = run.optimizer[name]
        pick(
            f"{slot}.schedule.{name}", say("Schedule"), SCHEDULES, value.word if isinstance(value, Call) else FIXED,
            lambda s, word: s.with_run(timed(s, s.run(slot), name, word)),
        )  # fmt: skip
    pick(
        f"{slot}.wrapper", say("Wrapped in"), {OWN: None, **WRAPPERS}, run.wrapper.word if run.wrapper else OWN,
        lambda s, word: s.with_run(s.run(slot)._replace(wrapper=None if word == OWN else call(WRAPPERS, word, {}))),
    )  # fmt: skip


def timed(now: Scene, run: Run, name: str, word: str) -> Run:
    """`name` on a schedule that begins (or peaks) at its present level and lasts as long as the race."""
    value = run.optimizer[name]
    level = highest(value) if isinstance(value, Call) else value
    if word == FIXED:
        return run._replace(optimizer=run.optimizer.set(name, level))
    if word not in SCHEDULES:
        raise Rejected("There is no {word!r} here.", word=str(word)[:40])
    parts = arguments(SCHEDULES[word])
    given: dict[str, Any] = {part: level for part in ("value", "start", "peak", "then") if part in parts}
    if "steps" in parts and parts["steps"].default == 200:
        given["steps"] = now.steps
    if "low" in parts:
        given["low"] = max(level / 10, knob(name).low)
    if "end" in parts:
        given["end"] = max(0.0, min(knob(name).low, level))
    return run._replace(optimizer=run.optimizer.set(name, schedule(word, knob(name), **given)))


def highest(value: Call) -> float:
    """The level that a schedule is named after."""
    parts = dict(value.hyper)
    return float(next(parts[name] for name in ("value", "start", "peak", "then") if name in parts))


def colours(run: Run) -> None:
    """Sixteen colours with their dashes and markers; a run that has the chosen one takes this run's."""
    with st.container(horizontal=True, gap="small", width=220):
        for slot in range(RUNS):
            with st.container(key=f"swatch{slot}_{run.slot}", width="content"):
                st.button(
                    str(slot + 1), key=f"{run.slot}.colour.{slot}", on_click=recolour, args=(run.slot, slot),
                    type="primary" if slot == run.slot else "secondary",
                )  # fmt: skip


def ask(slot: int) -> None:
    st.session_state.explained = slot


def explanation() -> None:
    """The dialog of the run whose formula was asked for."""
    slot = st.session_state.pop("explained", None)
    run = next((run for run in scene().runs if run.slot == slot), None)
    if run:
        st.dialog(display_names.title_of(run), width="large")(explain)(run)


def explain(run: Run) -> None:
    """Formula, source, and the very code that runs."""
    parts = [OPTIMIZERS[run.optimizer.word]]
    parts += [SCHEDULES[value.word] for _, value in run.optimizer.hyper if isinstance(value, Call)]
    parts += [WRAPPERS[run.wrapper.word]] if run.wrapper else []
    if run.optimizer.hyper:
        st.caption(display_names.values(run))
    for make in parts:
        if len(parts) > 1:
            st.subheader(display_names.name(make.__name__), anchor=False)
        st.markdown(display_names.doc(make))
        st.code(display_names.code(make), language="python")
