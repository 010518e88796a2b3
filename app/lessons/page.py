"""The lessons: a list of them, and one that asks what will happen before it shows it."""

from typing import Any

import streamlit as st

from app.browser.player_component import mount_player
from app.browser.player_labels import LABELS
from app.browser.scene_messages import encode_race, encode_waiting_race, mount_focused_equations
from app.compute.cached_simulation import compute_landscape
from app.lessons.lesson import Facts, Lesson, measure_facts
from app.lessons.lesson_markdown import LessonText, fill_numbers
from app.model.scene import Scene
from app.session import lesson_predictions, url_sync
from app.session.language_switch import apply_url_language
from app.session.scene_state import escape_markdown
from app.session.stale_widget_values import resend_value
from app.session.visit_backup import mount_visit
from app.translation import translate, translate_table


@st.fragment
def show_lesson(lesson: Lesson) -> None:
    text, found, said = (
        lesson_predictions.get_text(lesson),
        measure_facts(lesson),
        lesson_predictions.get_prediction(lesson),
    )
    with st.container(key="lesson"):
        with st.container(key="ask"):
            st.title(text.title, anchor=False)
            st.markdown(fill_numbers(text.intro, found.numbers))
            st.header(fill_numbers(text.question, found.numbers), anchor=False)
            if said is None:
                show_choices(lesson, text, found)
        with st.container(key="watch"):
            which = show_scene_selector(lesson, text, found) if said is not None else next(iter(lesson.scenes))
            show_race(f"lesson-{lesson.name}-{which}", lesson.parse_scene_of(which), said is not None)
        if said is not None:
            with st.container(key="tell"):
                show_answer(lesson, text, found, said)
                st.header(translate("Try this"), anchor=False)
                st.markdown(fill_numbers(text.exercise, found.numbers))
                lesson_predictions.show_race_link(
                    lesson.parse_scene_of(which), translate("Open this scene in the race")
                )
    lesson_predictions.save_cookie()
    mount_visit()


def show_race(key: str, scene: Scene, is_started: bool) -> None:
    """The race, which cannot be changed here; or its start, until the visitor has predicted what it will be."""
    told = (
        encode_race(key, scene, fixed=True)
        if is_started
        else encode_waiting_race(key, scene, translate("Waits at the start."), fixed=True)
    )
    mount_player(
        compute_landscape(scene.surface), told, key=key, view=scene.view, labels=translate_table(LABELS),
        on_start=ignore_event, on_toggle=ignore_event, on_undo=ignore_event, on_view=ignore_event,
    )  # fmt: skip
    if is_started:
        mount_focused_equations(key, scene)


def ignore_event(*_: Any) -> None:
    """The race of a lesson is what its words speak of."""


def show_choices(lesson: Lesson, text: LessonText, facts: Facts) -> None:
    """A button for each answer."""
    for choice in lesson.choices:
        st.button(
            fill_numbers(text.choices[choice], facts.numbers), key=f"{lesson.name}.{choice}", width="stretch",
            on_click=lesson_predictions.set_prediction, args=(lesson, choice),
        )  # fmt: skip
    st.button(
        translate("Show me without a guess"), key=f"{lesson.name}.show", type="tertiary", width="content",
        on_click=lesson_predictions.set_prediction, args=(lesson, lesson_predictions.NO_PREDICTION),
    )  # fmt: skip


def show_answer(lesson: Lesson, text: LessonText, facts: Facts, prediction: str) -> None:
    """What the visitor said, what is so, and why."""
    right, yours = (
        fill_numbers(text.choices.get(word, ""), facts.numbers) for word in (lesson.right_choice, prediction)
    )
    if prediction == lesson.right_choice:
        st.markdown(translate(":material/check_circle: You said “{yours}”, and **so it is**.", yours=yours))
    elif prediction in lesson.choices:
        st.markdown(
            translate(":material/cancel: You said “{yours}”, and it is **“{right}”**.", yours=yours, right=right)
        )
    else:
        st.markdown(translate(":material/visibility: It is **“{right}”**.", right=right))
    st.markdown(fill_numbers(text.explanation, facts.numbers))
    st.button(
        translate("Ask me again"),
        key=f"{lesson.name}.again",
        icon=":material/replay:",
        type="tertiary",
        width="content",
        on_click=lesson_predictions.clear_prediction,
        args=(lesson,),
    )


def show_scene_selector(lesson: Lesson, text: LessonText, facts: Facts) -> str:
    """The scene that is shown, where a lesson has several."""
    if len(lesson.scenes) == 1:
        return next(iter(lesson.scenes))
    resend_value(lesson_predictions.get_scene_key(lesson))
    picked = st.segmented_control(
        translate("Scene"),
        list(lesson.scenes),
        default=next(iter(lesson.scenes)),
        key=lesson_predictions.get_scene_key(lesson),
        required=True,
        label_visibility="collapsed",
        format_func=lambda which: fill_numbers(text.scenes[which], facts.numbers),
    )
    return picked if picked in lesson.scenes else next(iter(lesson.scenes))


url_sync.mark_race_left()
lesson_predictions.redirect_scene_to_race()
apply_url_language()
lesson = lesson_predictions.get_open_lesson()
if lesson is not None or lesson_predictions.URL_PARAMETER not in st.query_params:
    lesson_predictions.update_url(lesson)
if lesson is not None:
    lesson_predictions.show_lesson_navigation(lesson)
    show_lesson(lesson)
else:
    if lesson_predictions.URL_PARAMETER in st.query_params:
        st.info(
            translate(
                "There is no lesson called “{name}”. These there are:",
                name=escape_markdown(st.query_params[lesson_predictions.URL_PARAMETER][:40]),
            )
        )
    lesson_predictions.show_contents()
    mount_visit()
