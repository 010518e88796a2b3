"""The lessons: a list of them, and one that asks what will happen before it shows it."""

from typing import Any

import streamlit as st

from app.browser.player_component import LABELS, play
from app.browser.run_payload import look, racing, waiting
from app.compute.cached_simulation import stage
from app.lessons.lesson import Facts, Lesson, facts
from app.lessons.lesson_text import Words, filled
from app.model.scene import Scene
from app.session import lesson_progress, url_sync
from app.session.language_switch import heed
from app.session.scene_state import escaped
from app.session.visit_recovery import keep
from app.session.widget_sync import again
from app.translation import all_said, say


@st.fragment
def open_lesson(lesson: Lesson) -> None:
    text, found, said = lesson_progress.text(lesson), facts(lesson), lesson_progress.said(lesson)
    with st.container(key="lesson"):
        with st.container(key="ask"):
            st.title(text.title, anchor=False)
            st.markdown(filled(text.intro, found.numbers))
            st.header(filled(text.question, found.numbers), anchor=False)
            if said is None:
                ask(lesson, text, found)
        with st.container(key="watch"):
            which = chosen(lesson, text, found) if said is not None else next(iter(lesson.scenes))
            watch(f"lesson-{lesson.word}-{which}", lesson.race(which), said is not None)
        if said is not None:
            with st.container(key="tell"):
                tell(lesson, text, found, said)
                st.header(say("Try this"), anchor=False)
                st.markdown(filled(text.attempt, found.numbers))
                lesson_progress.to_race(lesson.race(which), say("Open this scene in the race"))
    lesson_progress.remember()
    keep()


def watch(key: str, now: Scene, begun: bool) -> None:
    """The race, which cannot be changed here; or its start, until the visitor has predicted what it will be."""
    told = racing(key, now, fixed=True) if begun else waiting(key, now, say("Waits at the start."), fixed=True)
    play(
        stage(now.surface), told, key=key, view=now.view, labels=all_said(LABELS),
        on_start=deaf, on_turn=deaf, on_undo=deaf, on_view=deaf,
    )  # fmt: skip
    if begun:
        look(key, now)


def deaf(*_: Any) -> None:
    """The race of a lesson is what its words speak of."""


def ask(lesson: Lesson, text: Words, found: Facts) -> None:
    """A button for each answer."""
    for choice in lesson.choices:
        st.button(
            filled(text.choices[choice], found.numbers), key=f"{lesson.word}.{choice}", width="stretch",
            on_click=lesson_progress.predict, args=(lesson, choice),
        )  # fmt: skip
    st.button(
        say("Show me without a guess"), key=f"{lesson.word}.show", type="tertiary", width="content",
        on_click=lesson_progress.predict, args=(lesson, lesson_progress.UNSAID),
    )  # fmt: skip


def tell(lesson: Lesson, text: Words, found: Facts, said: str) -> None:
    """What the visitor said, what is so, and why."""
    right, yours = (filled(text.choices.get(word, ""), found.numbers) for word in (lesson.right, said))
    if said == lesson.right:
        st.markdown(say(":material/check_circle: You said “{yours}”, and **so it is**.", yours=yours))
    elif said in lesson.choices:
        st.markdown(say(":material/cancel: You said “{yours}”, and it is **“{right}”**.", yours=yours, right=right))
    else:
        st.markdown(say(":material/visibility: It is **“{right}”**.", right=right))
    st.markdown(filled(text.explanation, found.numbers))
    st.button(
        say("Ask me again"), key=f"{lesson.word}.again", icon=":material/replay:", type="tertiary", width="content",
        on_click=lesson_progress.forget, args=(lesson,),
    )  # fmt: skip


def chosen(lesson: Lesson, text: Words, found: Facts) -> str:
    """The scene that is shown, where a lesson has several."""
    if len(lesson.scenes) == 1:
        return next(iter(lesson.scenes))
    again(lesson_progress.scene_key(lesson))
    picked = st.segmented_control(
        say("Scene"), list(lesson.scenes), default=next(iter(lesson.scenes)), key=lesson_progress.scene_key(lesson),
        required=True, label_visibility="collapsed",
        format_func=lambda which: filled(text.scenes[which], found.numbers),
    )  # fmt: skip
    return picked if picked in lesson.scenes else next(iter(lesson.scenes))


url_sync.leave()
lesson_progress.forward()
heed()
lesson = lesson_progress.opened()
if lesson is not None or lesson_progress.PARAMETER not in st.query_params:
    lesson_progress.address(lesson)
if lesson is not None:
    lesson_progress.along(lesson)
    open_lesson(lesson)
else:
    if lesson_progress.PARAMETER in st.query_params:
        st.info(
            say(
                "There is no lesson called “{name}”. These there are:",
                name=escaped(st.query_params[lesson_progress.PARAMETER][:40]),
            )
        )
    lesson_progress.contents()
    keep()
