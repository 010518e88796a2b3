"""The map of two hyperparameters: whose, which two, and what of the runs is shown."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from app.compute.cached_simulation import path, surface
from app.compute.grid_axes import Dial, Path, dials, place, scale, ticks, with_value
from app.figures.landscape_figure import landscape
from app.maps import map_component
from app.maps.hyperparameter_pair.compute import (
    LOW,
    PAIR_LABELS,
    Pairs,
    Question,
    asked,
    bottom,
    pairs,
    quadratic,
    theory,
)
from app.maps.map_kind import Kind, choose, chosen, run_at
from app.maps.map_session import news_of, race, turned
from app.model import display_names
from app.model.hyperparameter_ranges import knob
from app.model.scene import Call, Rejected, Run, Scene, nameless
from app.scene_text.call_syntax import choice as words_of
from app.scene_text.call_syntax import literal, word_of
from app.session.scene_state import refresh, scene
from app.translation import all_said, say
from optimizers.analysis.number_format import figure
from surfaces.translatable import Sentence

KEY = "map-pairs"
GRID = 65  # values along each side of the small landscape
ONE_RUN = Sentence("A map is of one run, by its place: run=1.")
SHOWN = {"loss": Sentence("Final loss"), "steps": Sentence("Steps to the goal"), "rate": Sentence("Measured rate")}


class Choice(NamedTuple):
    x: Path | None = None  # None: the first that is left
    y: Path | None = None
    run: int | None = None  # of the scene, by its place; None: the first that has two numbers
    shown: str = "loss"


class Asked(NamedTuple):
    """What is mapped, ready to be asked for."""

    run: Run
    x: Dial
    y: Dial
    question: Question

    def at(self, column: int, row: int) -> Run | None:
        """The run of a cell; None where there is none."""
        across, up = scale(self.x.knob), scale(self.y.knob)
        if not (0 <= column < across.size and 0 <= row < up.size):
            return None
        return with_value(with_value(self.run, self.x.path, across[column]), self.y.path, up[row])


def racer(now: Scene, choice: Choice | None = None) -> Run:
    """The run whose hyperparameters are varied, as chosen now or by this choice."""
    wanted = (choice or chosen(PAIRS)).run
    return now.runs[wanted if wanted is not None and wanted < len(now.runs) else suited(now)]


def suited(now: Scene) -> int:
    """The place of the first run that has two numbers to vary; the first of all where none has."""
    return next((i for i, run in enumerate(now.runs) if len(dials(run)) > 1), 0)


def axes(run: Run, choice: Choice) -> tuple[Dial, Dial] | None:
    """Across and up: as chosen where the run has them, else the first that are left; None where it has not two."""
    left = {dial.path: dial for dial in dials(run)}
    if len(left) < 2:
        return None
    x, y = (left.pop(wanted, None) if wanted else None for wanted in (choice.x, choice.y))
    x = x or left.pop(next(iter(left)))
    return x, y or left.pop(next(iter(left)))


def mapped(now: Scene) -> Asked | None:
    run = racer(now)
    found = axes(run, chosen(PAIRS))
    if not found:
        return None
    return Asked(run, *found, asked(now.surface, run, now.start, now.steps, now.noise, now.seed, *found))


def shown(now: Scene) -> str:
    """What of the runs is shown; a rate only where there is one."""
    wanted = chosen(PAIRS).shown
    return "loss" if wanted == "rate" and not has_rate(now) else wanted


def has_rate(now: Scene) -> bool:
    return not now.noise and quadratic(now.surface) is not None


# ---- on the page


def picture(now: Scene) -> None:
    pick(now)
    what = mapped(now)
    if not what:
        st.info(
            say(
                "{run} has fewer than two numbers to vary: the learning-rate sweep shows what one does. "
                "Give it a wrapper or a schedule in its card, or choose another run.",
                run=display_names.title_of(racer(now)),
            )
        )
        return
    question = what.question
    mark = f"{hash(question):x}"
    news = news_of(pairs, question, map_component.seen(KEY, mark))
    found: Pairs | None = news.found
    across, up = scale(what.x.knob), scale(what.y.knob)
    bowl = theory(question, across, up)
    header = {
        "apart": found.apart if found else 0, "columns": across.size, "rows": up.size,
        "across": axis(what.x, what.run), "up": axis(what.y, what.run), "shown": shown(now), "steps": now.steps,
        "bottom": bottom(now.surface), "stage": stage(now.surface), "start": now.start, "slot": what.run.slot,
        "title": display_names.title_of(what.run), "cells": f"{across.size * up.size:,}",
        "goal": display_names.number(100 * LOW), "labels": all_said(PAIR_LABELS),
    }  # fmt: skip
    columns = {"kind": found.kind, "loss": found.loss, "reached": found.reached, "rate": found.rate} if found else {}
    map_component.show(
        KEY, "pairs", mark, news, header, columns | ({"theory": bowl} if bowl is not None else {}),
        pointed=None,
        picked=(map_component.decode_place, picked),
        stopped=(map_component.decode_stop, lambda stopped: turned(pairs, question, stopped)),
    )  # fmt: skip
    pointed = map_component.pointed(KEY)
    run = what.at(round(pointed.x), round(pointed.y)) if pointed else None
    if pointed and run:
        x, y = path(now, run)
        map_component.trace(KEY, pointed, x, y)


def picked(at: map_component.Place) -> None:
    """A cell was clicked: its run is in the race."""
    what = mapped(scene())
    run = what.at(round(at.x), round(at.y)) if what else None
    if run:
        race(scene().with_run(run._replace(on=True)))


def axis(dial: Dial, run: Run) -> dict[str, Any]:
    """What the browser is told of one: what it is called, its values as text, its ticks, and where the run stands."""
    values = scale(dial.knob)
    return {
        "label": called(dial, run), "texts": [figure(value, 4) for value in values],
        "ticks": ticks(dial.knob, values), "own": place(values, dial.value),
    }  # fmt: skip


def called(dial: Dial, run: Run) -> str:
    """lr, or lr: peak of its schedule, or Clipped gradient: norm."""
    *outer, _ = dial.path
    label = say(dial.knob.label)
    if not outer:
        return label
    wrapped = run.wrapper and outer[0] == run.wrapper.word
    around = display_names.name(outer[0]) if wrapped else say(knob(outer[0]).label)
    return say("{outer}: {inner}", outer=around, inner=label)


@lru_cache(maxsize=64)
def stage(place: Call) -> dict[str, Any]:
    """A small landscape, under the path of the run that is pointed at."""
    whole = landscape(surface(place), GRID)
    (contour,) = whole["figure"]["data"]
    return {"contour": contour, "box": whole["box"], "minima": whole["minima"], "themes": whole["themes"]}


def pick(now: Scene) -> None:
    """Whose hyperparameters, which two, and what is shown."""
    titles = [display_names.named(run) for run in now.runs]
    run = racer(now)
    names = {dial.path: called(dial, run) for dial in dials(run)}
    found = axes(run, chosen(PAIRS))
    whose, across, up, what = st.columns([3, 2, 2, 3])
    with whose:
        select("pairs-run", say("Run"), dict(enumerate(titles)), now.runs.index(run))
    if not found:
        return
    with across:
        select("pairs-x", say("Horizontal axis"), names, found[0].path)
    with up:
        select("pairs-y", say("Vertical axis"), names, found[1].path)
    with what:
        st.session_state["pairs-shown"] = shown(now)
        st.segmented_control(
            say("Shown"), [word for word in SHOWN if word != "rate" or has_rate(now)], key="pairs-shown",
            on_change=decided, format_func=lambda word: say(SHOWN[word]), required=True,
        )  # fmt: skip


def select(key: str, label: str, names: dict[Any, str], now: Any) -> None:
    st.session_state[key] = now
    st.selectbox(label, list(names), key=key, format_func=lambda which: names.get(which, ""), on_change=decided)


def decided() -> None:
    """The visitor chose otherwise; where both axes are the same then, they are swapped."""
    now, choice = scene(), chosen(PAIRS)
    run, x, y, what = (st.session_state.get(f"pairs-{name}") for name in ("run", "x", "y", "shown"))
    before = axes(racer(now), choice)
    if before and x == y:
        x, y = (before[1].path, x) if y != before[1].path else (x, before[0].path)
    if isinstance(run, int) and run != now.runs.index(racer(now)):
        choose(PAIRS, choice._replace(run=run))
    else:
        choose(PAIRS, choice._replace(x=x or choice.x, y=y or choice.y, shown=what if what in SHOWN else choice.shown))
    refresh()


# ---- in the address


def said(now: Scene, choice: Choice) -> list[str]:
    if not now.runs:
        return [f"show={choice.shown}"] if choice.shown != "loss" else []
    known = {dial.path for dial in dials(racer(now, choice))}
    given = [f"{name}={spelt(path)}" for name, path in (("x", choice.x), ("y", choice.y)) if path in known]
    run = now.runs.index(racer(now, choice))
    given += [f"run={run + 1}"] if run != suited(now) else []
    return given + ([f"show={choice.shown}"] if choice.shown != "loss" else [])


def spelt(path: Path | None) -> str:
    return "" if path is None else path[0] if len(path) == 1 else f"({','.join(path)})"


def read(given: Mapping[str, ast.expr]) -> Choice:
    for name in given.keys() - {"x", "y", "run", "show"}:
        nameless(PAIRS.word, name)
    now, choice = scene(), Choice()
    if "run" in given:
        choice = choice._replace(run=run_at(literal(given["run"]), ONE_RUN))
    if "show" in given:
        word = word_of(given["show"])
        if word not in SHOWN:
            raise Rejected("What is shown is one of {words}.", words=", ".join(SHOWN))
        choice = choice._replace(shown=word)
    wanted = {name: path_of(given[name]) for name in ("x", "y") if name in given}
    if now.runs:
        run = now.runs[suited(now) if choice.run is None else choice.run]
        for wished in wanted.values():
            if wished not in {dial.path for dial in dials(run)}:
                nameless(run.optimizer.word, spelt(wished))
    if len(wanted) == 2 and wanted["x"] == wanted["y"]:
        raise Rejected("A map has two different numbers, like x=lr, y=mu.")
    return choice._replace(**wanted)


def path_of(node: ast.expr) -> Path:
    """lr, or (lr,peak) of its schedule, or (clipped,norm) of a wrapper."""
    found = words_of(node)
    path = (found,) if isinstance(found, str) else found
    if not isinstance(path, tuple) or len(path) not in (1, 2) or not all(path):
        raise Rejected("A hyperparameter is a name, like x=lr, or two in brackets, like x=(lr,peak).")
    return path


PAIRS = Kind(
    "pairs", Sentence("Two hyperparameters"),
    Sentence(
        "**Which values work together?** Every cell of the map is the run with two of its hyperparameters changed: "
        "strong where it ends well, faint where it does not, hatched where it diverges."
    ),
    Choice(), read, said, picture,
)  # fmt: skip
