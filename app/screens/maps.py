"""Maps: pictures over thousands of runs of the scene that is in the race."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app import words
from app.controls import atlas
from app.controls.address import damage, leave
from app.controls.cards import cards
from app.controls.course import RACE
from app.controls.echo import stamp
from app.controls.looks import tints
from app.controls.menu import explanation
from app.controls.place import place
from app.controls.share import history
from app.controls.state import PANEL, PICTURE, become, hurry, scene
from app.language import all_said, say
from app.maps import component
from app.maps.basins import Question, Window, basins
from app.maps.component import MAP_LABELS, Place
from app.maps.jobs import News
from app.notation import linked
from app.runs import path
from app.scene import Run, Scene

PATIENCE = 0.1  # seconds that the page waits for something new to show
GONE = "to_race"  # a start was clicked
STOPPED = "stopped_maps"  # of which this visitor wants no more, as they were then


def question(now: Scene, racer: Run) -> Question:
    return Question(now.surface, racer.optimizer, racer.wrapper, now.steps, now.noise, now.seed, atlas.window(now))


def race_from(start: Place) -> None:
    """The race, from a start that was clicked."""
    become(replace(scene(), start=(start.x, start.y)))
    st.session_state[GONE] = True
    st.rerun()  # the whole page: of a fragment that goes to another page, parts may arrive there


def looked(window: Window) -> None:
    atlas.look(scene(), window)


def turned(asked: Question, stopped: bool) -> None:
    """The visitor wants no more of this work, or more after all; others may want it."""
    kept = {other: news for other, news in st.session_state.get(STOPPED, {}).items() if other != asked}
    st.session_state[STOPPED] = kept | {asked: basins(asked).news._replace(state="stopped")} if stopped else kept


def news_of(asked: Question, seen: int | None = None) -> News:
    """What there is of a map, waiting for more than was `seen`; the work goes on while it is asked after."""
    stopped = st.session_state.get(STOPPED, {}).get(asked)
    return stopped or (basins(asked).ask() if seen is None else basins(asked).ask(seen, PATIENCE))


@st.fragment(key=PICTURE)
def picture() -> None:
    now = scene()
    atlas.leave_word(now)
    if not now.runs:
        st.info(say("Nothing to map yet: add a run in the panel."))
        return
    atlas.pick(now)
    shown = atlas.mapped(now)
    for racer in shown:
        news_of(question(now, racer))  # all are begun before the first is waited for
    for column, key, racer in zip(st.columns(len(shown)), ("map-one", "map-two"), shown, strict=False):
        with column:
            one(key, now, racer)


def one(key: str, now: Scene, racer: Run) -> None:
    """The map of one run, and the path of the start that is pointed at."""
    asked = question(now, racer)
    mark = f"{hash(asked):x}"
    component.show(
        key, news_of(asked, component.seen(key, mark)), asked.window, mark=mark,
        labels=all_said(MAP_LABELS), title=words.title_of(racer), box=atlas.view(now), start=now.start,
        on_pick=race_from, on_window=looked, on_stop=lambda stopped: turned(asked, stopped),
    )  # fmt: skip
    pointed = component.pointed(key)
    if pointed:
        component.trace(key, pointed, *path(replace(now, start=(pointed.x, pointed.y)), racer))


@st.fragment(key=PANEL)
def panel(above: Any) -> None:
    with above:
        damage()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            st.markdown(say(
                "**Where does each start lead?** Every point of the map is a run from there: its colour is the minimum "
                "that it reaches, strong where it is fast, faint where it is slow."
            ))  # fmt: skip
            history()
    with st.sidebar:
        place()
        cards()
        stamp()
    explanation()


leave()
if st.session_state.pop(GONE, False):
    st.switch_page(RACE, query_params=linked(scene()))
st.html(tints())
hurry(lambda: None)
atlas.arrive()
above = st.container()
picture()
panel(above)
