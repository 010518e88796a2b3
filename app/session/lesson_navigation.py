"""The list of lessons, their texts, and the links between lessons and to the pages of their scenes."""

from collections.abc import Iterable
from functools import cache
from math import ceil
from typing import Any

import streamlit as st

from app.lessons.catalogue import CHAPTERS, LESSONS
from app.lessons.lesson import Lesson
from app.lessons.lesson_text_parser import LessonText, load_chapter_titles, load_lesson_text
from app.lessons.lesson_thumbnails import make_picture_name
from app.model.scene import Scene
from app.scene_text.writer import list_parts
from app.session import language_switch, lecture_playlist, race_url_sync
from app.session.lesson_predictions import get_predictions
from app.session.page_url_parameters import LESSONS_PAGE, RACE_PAGE
from app.session.race_scene_and_undo import get_scene
from app.session.widget_notes import escape_markdown
from app.translation import get_file_language, get_language, pseudo_translate, translate

URL_PARAMETER = "lesson"  # of the address
WORDS_PER_MINUTE, MINUTES_TO_WATCH = 150, 1


def get_open_lesson() -> Lesson | None:
    """The lesson that the address names."""
    return LESSONS.get(st.query_params.get(URL_PARAMETER, ""))


def update_url(lesson: Lesson | None) -> None:
    """Put the open lesson into the address bar, which Streamlit leaves alone when a link stays on one page."""
    st.query_params.from_dict(make_url_parameters(lesson))


def make_url_parameters(lesson: Lesson | None) -> dict[str, str]:
    """The parameters of the address: the open lesson and the language."""
    return ({URL_PARAMETER: lesson.name} if lesson else {}) | language_switch.make_url_parameters()


def get_text(lesson: Lesson) -> LessonText:
    """The text of a lesson in the visitor's language."""
    language = get_language()

    def localize(part: str | dict[str, str]) -> Any:
        if isinstance(part, dict):
            return {name: localize(text) for name, text in part.items()}
        return pseudo_translate(part, language)

    return LessonText(*map(localize, load_lesson_text(lesson.name, get_file_language(language))))


def get_chapter_title(chapter: str) -> str:
    language = get_language()
    return pseudo_translate(load_chapter_titles(get_file_language(language))[chapter], language)


def redirect_scene_to_race() -> None:
    """Switch to the race if the address holds a scene: a new tab resolves Streamlit's link to it below this page."""
    parameters = race_url_sync.RACE_URL.read()
    if parameters.keys() - {language_switch.URL_PARAMETER, lecture_playlist.PLAYLIST_PARAMETER}:
        st.switch_page(RACE_PAGE, query_params=parameters)


def show_lesson_link(lesson: Lesson, label: str, **options: Any) -> None:
    st.page_link(LESSONS_PAGE, label=label, query_params=make_url_parameters(lesson), **options)


def show_race_link(scene: Scene, label: str) -> None:
    """Show a link to the race with this scene, in the visitor's language."""
    scene = scene.with_presentation(language=get_scene().presentation.language)
    st.page_link(RACE_PAGE, label=label, icon=":material/open_in_new:", query_params=list_parts(scene))


def show_page_link(page: str, parts: Iterable[tuple[str, str]], label: str) -> None:
    """Show a link to another page with a scene, given by the parts of its link, in the visitor's language."""
    parameters = [*parts, *language_switch.make_url_parameters().items()]
    st.page_link(page, label=label, icon=":material/open_in_new:", query_params=parameters)


def show_contents() -> None:
    """All lessons by chapter, each with a picture, how long it takes, and whether it has been seen."""
    predictions = get_predictions()
    st.title(translate("Lessons"), anchor=False)
    st.markdown(
        translate(
            "Each lesson shows a race at its start, a gradient before it is checked, or a network before it is "
            "trained, and asks what will happen. "
            "Make a prediction, then watch. You have seen **{done} of {lessons}**.",
            done=len(predictions),
            lessons=len(LESSONS),
        )
    )
    following = next((lesson for lesson in LESSONS.values() if lesson.name not in predictions), None)
    if following:
        title = get_text(following).title
        label = (
            translate("Go on here: {title}", title=title)
            if predictions
            else translate("Start here: {title}", title=title)
        )
        with st.container(key="start_here"):
            show_lesson_link(following, label, icon=":material/play_arrow:")
    with st.container(key="contents"):
        for chapter, lessons in CHAPTERS.items():
            with st.container(key=f"chapter_{chapter}"):
                st.header(get_chapter_title(chapter), anchor=False)
                for lesson in lessons:
                    choice = predictions.get(lesson.name)
                    show_lesson_link(lesson, make_card_label(lesson, choice), icon=get_status_icon(lesson, choice))


def make_card_label(lesson: Lesson, choice: str | None) -> str:
    """A lesson's picture, its title, and in a second line how long it takes and what became of it."""
    name = make_picture_name(lesson, is_seen=choice is not None)
    states = {None: translate("not seen yet"), lesson.right_choice: translate("predicted right")}
    minutes = translate("about {n} min", n=estimate_minutes(lesson.name))
    text = f"{minutes} · {states.get(choice, translate('seen'))}"
    return f"![](./lesson-pictures/{name}) {escape_markdown(get_text(lesson).title)} :small[{text}]"


@cache
def estimate_minutes(name: str) -> int:
    """How long a lesson takes: to read its English text, and to watch."""
    text = load_lesson_text(name)
    words = sum(len(part.split()) for part in (text.intro, text.question, text.explanation, text.exercise))
    return ceil(words / WORDS_PER_MINUTE + MINUTES_TO_WATCH)


def get_status_icon(lesson: Lesson, choice: str | None) -> str:
    """The icon of a lesson that is not seen yet, was predicted correctly, or was only seen."""
    icons = {None: "radio_button_unchecked", lesson.right_choice: "check_circle"}
    return f":material/{icons.get(choice, 'visibility')}:"


def show_lesson_navigation(lesson: Lesson) -> None:
    """Show one line: a link to all lessons, this one's number, and links to the previous and the next."""
    all_lessons = list(LESSONS.values())
    index = all_lessons.index(lesson)
    title = get_chapter_title(next(chapter for chapter, lessons in CHAPTERS.items() if lesson in lessons))
    with st.container(horizontal=True, vertical_alignment="center", key="along"):
        st.page_link(
            LESSONS_PAGE, label=translate("All lessons"), icon=":material/list:", query_params=make_url_parameters(None)
        )
        st.caption(
            translate("{chapter} · {number} of {count}", chapter=title, number=index + 1, count=len(all_lessons)),
            width="content",
        )
        if index:
            show_lesson_link(all_lessons[index - 1], translate("Previous"), icon=":material/chevron_left:")
        if index + 1 < len(all_lessons):
            icon = ":material/chevron_right:"
            show_lesson_link(all_lessons[index + 1], translate("Next"), icon=icon, icon_position="right")


def show_following_lesson(lesson: Lesson) -> None:
    """Show a link to the next lesson at the end of this one; after the last, to all of them."""
    all_lessons = list(LESSONS.values())
    following = all_lessons[all_lessons.index(lesson) + 1 :]
    with st.container(key="following"):
        if following:
            label = translate("Next: {title}", title=get_text(following[0]).title)
            show_lesson_link(following[0], label, icon=":material/arrow_forward:", icon_position="right")
        else:
            parameters = make_url_parameters(None)
            st.page_link(LESSONS_PAGE, label=translate("All lessons"), icon=":material/list:", query_params=parameters)
