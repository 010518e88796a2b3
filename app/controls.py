"""The panel beside the picture, made from the makers' signatures; every change of it is a change of the scene.

The scene is the truth and the widgets follow it: each is told its value when the scene says otherwise,
and calls back with what the visitor chose. What cannot be is answered by a sentence at the widget, and
the scene stays.
"""

from collections.abc import Callable
from dataclasses import replace
from inspect import getsource
from typing import Any

import streamlit as st

from app import words
from app.figures.palette import THEMES, mark
from app.knobs import Knob, knob
from app.runs import surface
from app.scene import (
    RUNS,
    Call,
    Catalogue,
    Rejected,
    Run,
    Scene,
    arguments,
    call,
    coordinate,
    optimizer,
    range_of,
    schedule,
    step_count,
)  # fmt: skip
from app.scenes import FIRST, SCENES, fitted, moved
from optimizers.base import Hyper
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES

Edit = Callable[[Scene, Any], Scene]
UNSET = object()
OWN = "none"  # no wrapper
FIXED = "constant"  # no schedule
OPEN = 2  # cards that are unfolded at first


def scene() -> Scene:
    if "scene" not in st.session_state:
        show(FIRST)
    return st.session_state.scene


def show(new: Scene) -> None:
    """Another scene, with its first cards unfolded if it has few."""
    st.session_state.scene, st.session_state.notes = new, {}
    st.session_state.unfolded = frozenset(run.slot for run in new.runs[: OPEN if len(new.runs) <= OPEN + 1 else 1])


def edit(key: str, change: Edit, *about: str) -> None:
    """The scene changed by the widget `key`; or, beside it, why not. `about` are the notes that no longer hold."""
    notes = st.session_state.notes
    for old in (key, *about):
        notes.pop(old, None)
    try:
        st.session_state.scene = change(scene(), st.session_state.get(key))
    except Rejected as reason:
        notes[key] = str(reason)


def follow(key: str, value: Any) -> None:
    """Tell a widget its value, unless it shows it already or the visitor has yet to correct it."""
    if key not in st.session_state.notes and st.session_state.get(key, UNSET) != value:
        st.session_state[key] = value


def note(key: str) -> None:
    if key in st.session_state.notes:
        st.caption(f":red[{escaped(st.session_state.notes[key])}]")


def escaped(text: str) -> str:
    """Text as text: nothing in it is Markdown."""
    return "".join("\\" + c if c in r"\`*_{}[]()<>#+-.!|~$:" else c for c in text)


# ---------------------------------------------------------------- where the race is run


def prepared() -> None:
    """The prepared scenes, one click away; the one that is on the screen is lit."""
    here = next((word for word, prepared in SCENES.items() if prepared == scene()), None)
    follow("prepared", here)

    def choose() -> None:
        chosen = st.session_state.prepared
        if chosen in SCENES:
            show(SCENES[chosen])

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
            slider(
                "seed",
                knob("seed")._replace(label="noise seed"),
                now.seed,
                0,
                lambda s, v: replace(s, seed=int(within("seed", v))),
            )
            if "batch_size" in arguments(SURFACES[now.surface.word]):
                st.caption(f"Batch size 0 is all {surface(now.surface).samples} samples.")


def within(name: str, value: Any) -> float:
    limits = knob(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not limits.admits(value):
        raise Rejected(f"{limits.label} must be from {limits.low:g} to {limits.high:g}.")
    return float(value)


# ---------------------------------------------------------------- the runs


def cards() -> None:
    """One card a run; those out of focus are a single line."""
    for run in scene().runs:
        card(run)
    if not scene().runs:
        st.caption("No runs: add one to start a race.")
    with st.container(horizontal=True, gap="small", key="adding"):
        st.button("Add a run", icon=":material/add:", key="add", type="tertiary", on_click=add)
        st.button(
            "Duplicate", key="duplicate", type="tertiary", on_click=duplicate, disabled=not scene().runs,
            help="The last run again",
        )  # fmt: skip
    note("add")


def add(new: Run | None = None) -> None:
    """Another run, unfolded, for the focus is on it; the others fold to a line each."""
    before = scene()
    racer = new or Run(0, fitted(before.surface, "adam"))
    edit("add", lambda s, _: s.added(racer))
    new_slots = {run.slot for run in scene().runs} - {run.slot for run in before.runs}
    if new_slots:
        st.session_state.unfolded = st.session_state.unfolded & {"more"} | new_slots


def duplicate(slot: int | None = None) -> None:
    runs = scene().runs
    if runs:
        add(runs[-1] if slot is None else scene().run(slot))


def remove(slot: int) -> None:
    edit("add", lambda s, _: s.without(slot))
    st.session_state.unfolded -= {slot}


def card(run: Run) -> None:
    off = "" if run.on else " :gray[off]"
    body = fold(run.slot, f"**{title_of(run)}**{off}", f"**{title_of(run)}** :gray[{settings(run)}]{off}")
    if not body:
        return
    with body:
        pick(
            f"{run.slot}.optimizer", "Optimizer", OPTIMIZERS, run.optimizer.word,
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
    fresh = fitted(now.surface, word) if word in OPTIMIZERS else optimizer(word)
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
    st.caption(f"{knob(name).label}: {words.name(value.word).lower()}")
    for part, parameter in arguments(SCHEDULES[value.word]).items():
        slider(
            f"{slot}.{name}.{part}", range_of(part, parameter.default, knob(name)), value[part], parameter.default,
            lambda s, new, part=part: put(s, Call(value.word, tuple((dict(value.hyper) | {part: new}).items()))),
        )  # fmt: skip


def extras(run: Run) -> None:
    """A schedule for any hyperparameter that may have one, and a wrapper."""
    slot = run.slot
    may = [name for name, p in arguments(OPTIMIZERS[run.optimizer.word]).items() if schedulable(name, p.annotation)]
    if may:
        which = f"{slot}.scheduled"
        if st.session_state.get(which) not in may:
            follow(which, next((n for n in may if isinstance(run.optimizer[n], Call)), may[0]))
        st.selectbox("Over time", may, key=which, format_func=lambda n: knob(n).label)
        name = st.session_state[which]
        value = run.optimizer[name]
        pick(
            f"{slot}.schedule.{name}", "Schedule", SCHEDULES, value.word if isinstance(value, Call) else FIXED,
            lambda s, word: s.with_run(timed(s, s.run(slot), name, word)),
        )  # fmt: skip
    pick(
        f"{slot}.wrapper", "Wrapped in", {OWN: None, **WRAPPERS}, run.wrapper.word if run.wrapper else OWN,
        lambda s, word: s.with_run(s.run(slot)._replace(wrapper=None if word == OWN else call(WRAPPERS, word, {}))),
    )  # fmt: skip


def wrapping(run: Run) -> None:
    """The sliders of a run's wrapper."""
    word, slot = run.wrapper.word, run.slot
    for name, parameter in arguments(WRAPPERS[word]).items():

        def put(s: Scene, value: Any, name: str = name) -> Scene:
            old = s.run(slot)
            return s.with_run(old._replace(wrapper=call(WRAPPERS, word, dict(old.wrapper.hyper) | {name: value})))

        slider(f"{slot}.wrapper.{name}", knob(name), run.wrapper[name], parameter.default, put)


def schedulable(name: str, annotation: Any) -> bool:
    return annotation == Hyper or name == "lr"


def timed(now: Scene, run: Run, name: str, word: str) -> Run:
    """`name` on a schedule that begins (or peaks) at its present level and lasts as long as the race."""
    value = run.optimizer[name]
    level = highest(value) if isinstance(value, Call) else value
    if word == FIXED:
        return run._replace(optimizer=run.optimizer.set(name, level))
    if word not in SCHEDULES:
        raise Rejected(f"There is no {str(word)[:40]!r} here.")
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


def menu(run: Run) -> None:
    """What can be done with a run as a whole."""
    slot = run.slot
    quiet: dict[str, Any] = {"type": "tertiary", "width": "content"}
    with st.container(horizontal=True, horizontal_alignment="distribute", key=f"menu{slot}"):
        st.button("Formula and code", key=f"{slot}.formula", on_click=ask, args=(slot,), **quiet)
        more = st.popover(
            "More", help="Schedule, wrapper, colour, remove", key=f"{slot}.more", on_change="rerun", **quiet
        )
    if not more.open:
        return
    follow(f"{slot}.on", run.on)
    with more:
        st.toggle(
            "In the race", key=f"{slot}.on", on_change=edit,
            args=(f"{slot}.on", lambda s, on: s.with_run(s.run(slot)._replace(on=on is True))),
        )  # fmt: skip
        extras(run)
        st.caption("Colour, dash and marker")
        colours(run)
        with st.container(horizontal=True):
            st.button(
                "Duplicate", icon=":material/content_copy:", key=f"{slot}.duplicate", on_click=duplicate, args=(slot,)
            )
            st.button("Remove", icon=":material/delete:", key=f"{slot}.remove", on_click=remove, args=(slot,))


def colours(run: Run) -> None:
    """Sixteen colours with their dashes; a run that has the chosen one takes this run's."""

    def take(new: int) -> None:
        st.session_state.scene = scene().recoloured(run.slot, new)
        swap = {run.slot: new, new: run.slot}
        st.session_state.unfolded = frozenset(swap.get(slot, slot) for slot in st.session_state.unfolded)

    with st.container(horizontal=True, gap="small", width=220):
        for slot in range(16):
            with st.container(key=f"swatch{slot}_{run.slot}", width="content"):
                st.button(
                    str(slot + 1), key=f"{run.slot}.colour.{slot}", on_click=take, args=(slot,),
                    type="primary" if slot == run.slot else "secondary",
                )  # fmt: skip


def ask(slot: int) -> None:
    st.session_state.explained = slot


def explanation() -> None:
    """The dialog of the run whose formula was asked for."""
    slot = st.session_state.pop("explained", None)
    run = next((run for run in scene().runs if run.slot == slot), None)
    if run:
        st.dialog(title_of(run), width="large")(explain)(run)


def explain(run: Run) -> None:
    """Formula, source, and the very code that runs."""
    parts = [OPTIMIZERS[run.optimizer.word]]
    parts += [SCHEDULES[value.word] for _, value in run.optimizer.hyper if isinstance(value, Call)]
    parts += [WRAPPERS[run.wrapper.word]] if run.wrapper else []
    for make in parts:
        if len(parts) > 1:
            st.subheader(words.name(make.__name__), anchor=False)
        st.markdown(words.doc(make))
        st.code(getsource(make), language="python")


def title_of(run: Run) -> str:
    own = words.name(run.optimizer.word)
    return f"{own} + {words.name(run.wrapper.word).lower()}" if run.wrapper else own


def settings(run: Run) -> str:
    """The hyperparameters that differ from their defaults, and the rate, in words."""
    parts = []
    for name, parameter in arguments(OPTIMIZERS[run.optimizer.word]).items():
        value = run.optimizer[name]
        if isinstance(value, Call):
            parts.append(f"{knob(name).label} {words.name(value.word).lower()}")
        elif isinstance(value, bool):
            parts += [] if value == parameter.default else [f"{'' if value else 'no '}{name.replace('_', ' ')}"]
        elif name in {"lr", "mu"} or value != parameter.default:
            parts.append(f"{knob(name).label} {words.number(value)}")
    return " · ".join(parts)


# ---------------------------------------------------------------- widgets


def fold(name: int | str, unfolded: str, folded: str) -> Any:
    """An expander with one title open and another closed; None while it is closed, so that nothing is made for it.

    To Streamlit an expander with another title is another one: what is open is kept here.
    """
    key, is_open = f"{'card' if isinstance(name, int) else 'open'}{name}", name in st.session_state.unfolded

    def turn() -> None:
        st.session_state.unfolded = st.session_state.unfolded - {name} | ({name} if st.session_state[key] else set())

    box = st.expander(unfolded if is_open else folded, is_open, key=key, on_change=turn)
    return box if is_open else None


def pick(
    key: str, label: str, catalogue: Catalogue, value: str, change: Edit, *about: str, hidden: bool = False
) -> None:
    """A word of a catalogue."""
    follow(key, value)
    st.selectbox(
        label, tuple(catalogue), key=key, format_func=words.name, on_change=edit, args=(key, change, *about),
        label_visibility="collapsed" if hidden else "visible",
    )  # fmt: skip
    note(key)


def slider(key: str, limits: Knob, value: Any, default: Any, change: Edit) -> None:
    """A number or a switch, by the type of its default."""
    follow(key, value)
    given: dict[str, Any] = {"key": key, "on_change": edit, "args": (key, change)}
    if isinstance(default, bool):
        st.toggle(key.rsplit(".", maxsplit=1)[-1].replace("_", " ").capitalize(), **given)
    elif limits.stops:
        st.select_slider(limits.label, limits.stops_with(value), format_func=words.number, **given)
    else:
        st.slider(limits.label, int(limits.low), int(limits.high), **given)
    note(key)


def field(key: str, label: str, text: str, change: Edit) -> None:
    """A number that is typed."""
    follow(key, text)
    st.text_input(label, key=key, max_chars=24, on_change=edit, args=(key, change))


def tints() -> str:
    """The runs' own colours, on their cards and on their swatches, in both themes."""
    hues = {theme: THEMES[theme]["runs"] for theme in ("light", "dark")}
    rules = []
    for slot in range(RUNS):
        hue = mark(slot)[0]
        colour = f"light-dark({hues['light'][hue]}, {hues['dark'][hue]})"
        rules.append(f".st-key-card{slot}{{--run:{colour}}}[class*='st-key-swatch{slot}_']{{--swatch:{colour}}}")
    return "<style>" + "".join(rules) + "</style>"
