"""The page of lessons: their list, or one lesson, which asks what will happen before it shows what does."""

from functools import partial
from typing import Any

import streamlit as st

from app.browser.player_component import mount_player
from app.browser.player_labels import translate_labels
from app.browser.race_messages import encode_race, encode_waiting_race, mount_focused_equations
from app.check_scenes import check_link
from app.gradient_check.lesson_picture import show_fixed_check, show_waiting_check
from app.lessons.lesson import (
    CheckLesson,
    Facts,
    Lesson,
    RaceLesson,
    TrainingLesson,
    measure_facts,
    train_scene,
)
from app.lessons.lesson_text_parser import LessonText, fill_numbers
from app.model.scene import Scene
from app.session import lesson_navigation, lesson_predictions, race_url_sync
from app.session.language_switch import apply_url_language
from app.session.page_url_parameters import CHECK_PAGE, TRAINING_PAGE
from app.session.polled_jobs import drop_unpolled_jobs
from app.session.screen_reader_notes import note_container
from app.session.stale_widget_values import resend_value
from app.session.visit_backup import mount_visit
from app.session.widget_notes import escape_markdown
from app.session.window_title import set_window_title
from app.training.lesson_picture import show_fixed_trainings
from app.training_scenes import training_link
from app.translation import translate

# After an answer the picture comes into sight, below the page's header, once the choices above it are gone: the visitor
# watches first, and finds the explanation beside the picture, or below it. That takes the focus that the choice had.
SHOW_PICTURE = """<script>{
  const show = () => {
    const explanation = document.querySelector(".st-key-tell");
    if (!explanation) return;  // another page has come meanwhile
    const picture = document.querySelector(".st-key-watch :is(.descent-landscape, .descent-check, .descent-training)");
    if (!picture || document.querySelector(".st-key-ask button")) return requestAnimationFrame(show);
    const { top, bottom } = picture.getBoundingClientRect();
    if (top < 48 || bottom > innerHeight) picture.scrollIntoView();
    explanation.tabIndex = -1;
    if (document.activeElement === document.body) explanation.focus({ preventScroll: true });
  };
  show();
}</script>"""


@st.fragment
def show_lesson(lesson: Lesson) -> None:
    text, facts = lesson_navigation.get_text(lesson), measure_facts(lesson)
    prediction = lesson_predictions.get_prediction(lesson)
    with st.container(key="lesson"):
        with st.container(key="ask"):
            st.title(text.title, anchor=False)
            st.markdown(fill_numbers(text.intro, facts.numbers))
            st.header(fill_numbers(text.question, facts.numbers), anchor=False)
            if prediction is None:
                show_choices(lesson, text, facts)
        with st.container(key="watch"):
            scene_name = lesson.first_scene if prediction is None else show_scene_selector(lesson, text, facts)
            show_picture(lesson, scene_name, prediction is not None)
        if prediction is not None:
            with st.container(key="tell"):
                if not isinstance(lesson, CheckLesson):
                    show_when_it_is_told(lesson)
                with st.container(key="told"):
                    show_answer(lesson, text, facts, prediction)
                    st.header(translate("Try this"), anchor=False)
                    st.markdown(fill_numbers(text.exercise, facts.numbers))
                    show_scene_link(lesson, scene_name)
                    lesson_navigation.show_following_lesson(lesson)
                if lesson_predictions.take_answered():
                    st.html(SHOW_PICTURE, unsafe_allow_javascript=True)
    lesson_predictions.save_cookie()
    mount_visit()


def show_when_it_is_told(lesson: Lesson) -> None:
    with st.container(key="later"):  # the style sheet shows it instead of what is told, until that is due
        st.caption(
            translate("The explanation comes when the race has got there. The eye under the picture shows it at once.")
            if isinstance(lesson, RaceLesson)
            else translate(
                "The explanation comes when the clock is at the end. The eye under the picture shows it at once."
            )
        )


def show_picture(lesson: Lesson, scene_name: str, is_answered: bool) -> None:
    """Show the race or the check of a scene, or what may be seen of it before the visitor's prediction."""
    if isinstance(lesson, RaceLesson):
        show_race(lesson, f"lesson-{lesson.name}-{scene_name}", lesson.parse_scene_of(scene_name), is_answered)
    elif isinstance(lesson, CheckLesson):
        key, scene = f"lesson-{lesson.name}", lesson.parse_check_of(scene_name)
        with drop_unpolled_jobs():
            if is_answered:
                show_fixed_check(key, scene, lesson.parts, lesson.curves)
            else:
                show_waiting_check(key, scene, lesson.parts_before, lesson.curves_before)
    elif isinstance(lesson, TrainingLesson):
        trained = train_scene(lesson.parse_trainings_of(scene_name))
        last_epoch = None if is_answered else lesson.epochs_before
        show_fixed_trainings(f"lesson-{lesson.name}", trained.scene, trained.trainings, lesson.parts, last_epoch)


def show_scene_link(lesson: Lesson, scene_name: str) -> None:
    """Show a link to the page where the scene can be changed."""
    if isinstance(lesson, RaceLesson):
        scene = lesson.parse_scene_of(scene_name)
        lesson_navigation.show_race_link(scene, translate("Open this scene in the race"))
    elif isinstance(lesson, CheckLesson):
        check = lesson.parse_check_of(scene_name)
        parts, label = check_link.write_parameters(check), translate("Open this in the gradient check")
        lesson_navigation.show_page_link(CHECK_PAGE, parts, label)
    elif isinstance(lesson, TrainingLesson):
        trainings = lesson.parse_trainings_of(scene_name)
        parts, label = training_link.write_parameters(trainings), translate("Open this in the training laboratory")
        lesson_navigation.show_page_link(TRAINING_PAGE, parts, label)


def show_race(lesson: Lesson, key: str, scene: Scene, is_started: bool) -> None:
    """Show the race, which cannot be changed here; before the visitor's prediction only its start."""
    fields: dict[str, Any] = {"fixed": True, "suspense": True, "lesson": lesson.name}
    message = (
        encode_race(key, scene, **fields)
        if is_started
        else encode_waiting_race(key, scene, translate("Waits at the start."), **fields, waits=True)
    )
    mount_player(
        scene.surface, message, key=key, view=scene.view, labels=translate_labels(),
        on_start=ignore_event, on_toggle=ignore_event, on_undo=ignore_event, on_view=ignore_event,
        on_lecture=partial(show_unasked, lesson),
    )  # fmt: skip
    if is_started:
        mount_focused_equations(key, scene)


def show_unasked(lesson: Lesson, event: str, value: int) -> None:
    """Show the race of a visitor who asked the player for it without a prediction."""
    if event == "revealed" and lesson_predictions.get_prediction(lesson) is None:
        lesson_predictions.set_prediction(lesson, lesson_predictions.NO_PREDICTION)


def ignore_event(*_: Any) -> None:
    """Leave the race of a lesson as its text describes it."""


def show_choices(lesson: Lesson, text: LessonText, facts: Facts) -> None:
    """Show a button for each choice, and one for visitors who do not want to predict."""
    for choice in lesson.choices:
        st.button(
            fill_numbers(text.choices[choice], facts.numbers), key=f"{lesson.name}.{choice}", width="stretch",
            on_click=lesson_predictions.set_prediction, args=(lesson, choice),
        )  # fmt: skip
    st.button(
        translate("Show me without a prediction"), key=f"{lesson.name}.show", type="tertiary", width="content",
        on_click=lesson_predictions.set_prediction, args=(lesson, lesson_predictions.NO_PREDICTION),
    )  # fmt: skip


def show_answer(lesson: Lesson, text: LessonText, facts: Facts, prediction: str) -> None:
    """Show the visitor's prediction, the right choice and the explanation."""
    right, yours = (
        fill_numbers(text.choices.get(choice, ""), facts.numbers) for choice in (lesson.right_choice, prediction)
    )
    if prediction == lesson.right_choice:
        verdict = translate(":material/check_circle: You predicted “{yours}”, and that is **right**.", yours=yours)
    elif prediction in lesson.choices:
        verdict = translate(
            ":material/cancel: You predicted “{yours}”, but the answer is **“{right}”**.", yours=yours, right=right
        )
    else:
        verdict = translate(":material/visibility: The answer is **“{right}”**.", right=right)
    with note_container("answer"):
        st.markdown(verdict)
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
    """Let the visitor choose a scene of the lesson, if there are several; return its name."""
    if len(lesson.scenes) == 1:
        return lesson.first_scene
    resend_value(lesson_predictions.get_scene_key(lesson))
    selected = st.segmented_control(
        translate("Scene"),
        list(lesson.scenes),
        default=lesson.first_scene,
        key=lesson_predictions.get_scene_key(lesson),
        required=True,
        label_visibility="collapsed",
        format_func=lambda scene_name: fill_numbers(text.scenes[scene_name], facts.numbers),
    )
    return selected if selected in lesson.scenes else lesson.first_scene


race_url_sync.mark_race_left()
lesson_navigation.redirect_scene_to_race()
apply_url_language()
lesson = lesson_navigation.get_open_lesson()
if lesson is not None or lesson_navigation.URL_PARAMETER not in st.query_params:
    lesson_navigation.update_url(lesson)
if lesson is not None:
    set_window_title(lesson_navigation.get_text(lesson).title)
    lesson_navigation.show_lesson_navigation(lesson)
    show_lesson(lesson)
else:
    if lesson_navigation.URL_PARAMETER in st.query_params:
        st.info(
            translate(
                "There is no lesson called “{name}”. These are the lessons:",
                name=escape_markdown(st.query_params[lesson_navigation.URL_PARAMETER][:40]),
            )
        )
    lesson_navigation.show_contents()
    mount_visit()
