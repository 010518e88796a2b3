"""What a visitor has said in the lessons, and the ways from one lesson to another and back to the race."""

from typing import Any

import streamlit as st

from app.lessons.catalogue import CHAPTERS, LESSONS
from app.lessons.lesson import Lesson
from app.lessons.words import chapters, words
from app.notation import NAMES, parts
from app.scene import Scene

PAGE, RACE = "screens/lessons.py", "screens/race.py"
PARAMETER = "lesson"  # of the address
UNSAID = ""  # instead of a choice, where the visitor asked to be shown


def said(lesson: Lesson) -> str | None:
    """What the visitor has predicted; None before that."""
    return predictions().get(lesson.word)


def predictions() -> dict[str, str]:
    return st.session_state.setdefault("predictions", {})


def predict(lesson: Lesson, choice: str) -> None:
    st.session_state.predictions = {**predictions(), lesson.word: choice}


def forget(lesson: Lesson) -> None:
    st.session_state.predictions = {word: choice for word, choice in predictions().items() if word != lesson.word}


def opened() -> Lesson | None:
    """The lesson that the address names."""
    return LESSONS.get(st.query_params.get(PARAMETER, ""))


def address(lesson: Lesson | None) -> None:
    """Put the open lesson into the address bar: Streamlit follows a link within one page without a change of it."""
    st.query_params.from_dict({PARAMETER: lesson.word} if lesson else {})


def forward() -> None:
    """On to the race, if the address is a scene's: a new tab looks for Streamlit's link to the race below this page."""
    scene = {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}
    if scene:
        st.switch_page(RACE, query_params=scene)


def link(lesson: Lesson, label: str, **looks: Any) -> None:
    st.page_link(PAGE, label=label, query_params={PARAMETER: lesson.word}, **looks)


def to_race(now: Scene, label: str) -> None:
    """The way to the race page with this scene on it."""
    st.page_link(RACE, label=label, icon=":material/open_in_new:", query_params=parts(now))


def contents() -> None:
    """All lessons by chapter, each with a mark where it has been answered."""
    done = predictions()
    st.title("Lessons", anchor=False)
    st.markdown(
        "Each shows a race at its start and asks what will happen. Say what you think, then watch. "
        f"You have seen **{len(done)} of {len(LESSONS)}**."
    )
    with st.container(key="contents"):
        for chapter, lessons in CHAPTERS.items():
            with st.container(key=f"chapter_{chapter}"):
                st.header(chapters()[chapter], anchor=False)
                for lesson in lessons:
                    link(lesson, words(lesson.word).title, icon=mark(lesson, done.get(lesson.word)))


def mark(lesson: Lesson, choice: str | None) -> str:
    """How a lesson went: not seen, predicted rightly, seen."""
    names = {None: "radio_button_unchecked", lesson.right: "check_circle"}
    return f":material/{names.get(choice, 'visibility')}:"


def along(lesson: Lesson) -> None:
    """One line: all lessons, where this one is, the one before and the one after."""
    order = list(LESSONS.values())
    place = order.index(lesson)
    chapter = next(name for name, lessons in CHAPTERS.items() if lesson in lessons)
    with st.container(horizontal=True, vertical_alignment="center", key="along"):
        st.page_link(PAGE, label="All lessons", icon=":material/list:")
        st.caption(f"{chapters()[chapter]} · {place + 1} of {len(order)}", width="content")
        if place:
            link(order[place - 1], "Previous", icon=":material/chevron_left:")
        if place + 1 < len(order):
            link(order[place + 1], "Next", icon=":material/chevron_right:", icon_position="right")
