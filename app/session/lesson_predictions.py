"""The visitor's predictions in the lessons, and the ways from one lesson to another and to the race."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.lessons.catalogue import CHAPTERS, LESSONS
from app.lessons.lesson import Lesson
from app.lessons.lesson_markdown import LessonText, load_chapter_titles, load_lesson_text
from app.model.scene import Scene
from app.scene_text.writer import list_parts
from app.session import language_switch, lecture_state, url_sync
from app.session.scene_state import get_scene
from app.session.session import get_session
from app.translation import get_file_language, get_language, pseudo_translate, translate

LESSONS_PAGE, RACE_PAGE = "lessons/page.py", "race/page.py"
URL_PARAMETER = "lesson"  # of the address
COOKIE_NAME = "lessons"
YEAR_SECONDS = 31_536_000  # seconds
MAX_COOKIE_CHARACTERS = 4000  # characters that a cookie of ours may have
NO_PREDICTION = ""  # instead of a choice, where the visitor asked to be shown


def get_prediction(lesson: Lesson) -> str | None:
    """The choice that the visitor has predicted; None before that."""
    return get_predictions().get(lesson.name)


def get_predictions() -> dict[str, str]:
    session = get_session()
    if session.predictions is None:
        session.predictions = parse_cookie(st.context.cookies.get(COOKIE_NAME, ""))
    return session.predictions


def parse_cookie(cookie: str) -> dict[str, str]:
    """The predictions of an earlier visit, as far as they can be read."""
    if len(cookie) > MAX_COOKIE_CHARACTERS:
        return {}
    found = (entry.partition(".")[::2] for entry in cookie.split("~"))
    return {
        word: choice for word, choice in found if word in LESSONS and choice in (*LESSONS[word].choices, NO_PREDICTION)
    }


def save_cookie() -> None:
    """Store the predictions of this visit in a cookie; they consist of names of the catalogue."""
    if not get_session().has_new_predictions:
        return
    kept = "~".join(f"{word}.{choice}" for word, choice in get_predictions().items())
    script = f"<script>document.cookie = '{COOKIE_NAME}={kept}; path=/; max-age={YEAR_SECONDS}; samesite=lax'</script>"
    st.html(script, unsafe_allow_javascript=True)


def set_prediction(lesson: Lesson, choice: str) -> None:
    set_predictions({**get_predictions(), lesson.name: choice})


def clear_prediction(lesson: Lesson) -> None:
    others = {word: choice for word, choice in get_predictions().items() if word != lesson.name}
    set_predictions(others)


def set_predictions(predictions: dict[str, str]) -> None:
    get_session().predictions, get_session().has_new_predictions = predictions, True


def export_progress() -> dict[str, dict[str, str]]:
    """The predictions and the scenes that are shown, for the browser to hold should the server lose this visit."""
    shown = {word: st.session_state.get(get_scene_key(lesson)) for word, lesson in LESSONS.items()}
    return {"said": get_predictions(), "shown": {word: which for word, which in shown.items() if which is not None}}


def restore_progress(progress: object) -> None:
    """Take back what the browser held, as far as it is valid."""
    said, shown = (progress.get(name) if isinstance(progress, Mapping) else None for name in ("said", "shown"))
    if isinstance(said, Mapping):
        found = {w: said[w] for w, lesson in LESSONS.items() if said.get(w) in (*lesson.choices, NO_PREDICTION)}
        get_session().predictions = {**get_predictions(), **found}
    if isinstance(shown, Mapping):
        for word, lesson in LESSONS.items():
            if shown.get(word) in tuple(lesson.scenes):
                st.session_state[get_scene_key(lesson)] = shown[word]


def get_scene_key(lesson: Lesson) -> str:
    """The key of the widget that selects the scene of a lesson with several."""
    return f"{lesson.name}.scene"


def get_open_lesson() -> Lesson | None:
    """The lesson that the address names."""
    return LESSONS.get(st.query_params.get(URL_PARAMETER, ""))


def update_url(lesson: Lesson | None) -> None:
    """Put the open lesson into the address bar: Streamlit follows a link within one page without a change of it."""
    st.query_params.from_dict(make_url_parameters(lesson))


def make_url_parameters(lesson: Lesson | None) -> dict[str, str]:
    """The parameters of the address: the open lesson and the language."""
    return ({URL_PARAMETER: lesson.name} if lesson else {}) | language_switch.make_url_parameters()


def get_text(lesson: Lesson) -> LessonText:
    """The words of a lesson in the visitor's language."""
    spoken = get_language()

    def said(part: str | dict[str, str]) -> Any:
        return {k: said(v) for k, v in part.items()} if isinstance(part, dict) else pseudo_translate(part, spoken)

    return LessonText(*map(said, load_lesson_text(lesson.name, get_file_language(spoken))))


def get_chapter_title(chapter: str) -> str:
    spoken = get_language()
    return pseudo_translate(load_chapter_titles(get_file_language(spoken))[chapter], spoken)


def redirect_scene_to_race() -> None:
    """Switch to the race if the address holds a scene: a new tab looks for Streamlit's link to it below this page."""
    found = url_sync.RACE_URL.read()
    if found.keys() - {language_switch.URL_PARAMETER, lecture_state.PLAYLIST_PARAMETER}:
        st.switch_page(RACE_PAGE, query_params=found)


def show_lesson_link(lesson: Lesson, label: str, **options: Any) -> None:
    st.page_link(LESSONS_PAGE, label=label, query_params=make_url_parameters(lesson), **options)


def show_race_link(scene: Scene, label: str) -> None:
    """The way to the race page with this scene on it."""
    spoken = scene.with_presentation(language=get_scene().presentation.language)
    st.page_link(RACE_PAGE, label=label, icon=":material/open_in_new:", query_params=list_parts(spoken))


def show_contents() -> None:
    """All lessons by chapter, each with a mark where it has been answered."""
    done = get_predictions()
    st.title(translate("Lessons"), anchor=False)
    st.markdown(
        translate(
            "Each shows a race at its start and asks what will happen. Say what you think, then watch. "
            "You have seen **{done} of {lessons}**.",
            done=len(done),
            lessons=len(LESSONS),
        )
    )
    with st.container(key="contents"):
        for chapter, lessons in CHAPTERS.items():
            with st.container(key=f"chapter_{chapter}"):
                st.header(get_chapter_title(chapter), anchor=False)
                for lesson in lessons:
                    show_lesson_link(
                        lesson, get_text(lesson).title, icon=get_status_icon(lesson, done.get(lesson.name))
                    )


def get_status_icon(lesson: Lesson, choice: str | None) -> str:
    """How a lesson went: not seen, predicted rightly, seen."""
    names = {None: "radio_button_unchecked", lesson.right_choice: "check_circle"}
    return f":material/{names.get(choice, 'visibility')}:"


def show_lesson_navigation(lesson: Lesson) -> None:
    """One line: all lessons, where this one is, the one before and the one after."""
    order = list(LESSONS.values())
    place = order.index(lesson)
    chapter = next(name for name, lessons in CHAPTERS.items() if lesson in lessons)
    with st.container(horizontal=True, vertical_alignment="center", key="along"):
        st.page_link(
            LESSONS_PAGE, label=translate("All lessons"), icon=":material/list:", query_params=make_url_parameters(None)
        )
        st.caption(
            translate(
                "{chapter} · {place} of {order}", chapter=get_chapter_title(chapter), place=place + 1, order=len(order)
            ),
            width="content",
        )
        if place:
            show_lesson_link(order[place - 1], translate("Previous"), icon=":material/chevron_left:")
        if place + 1 < len(order):
            show_lesson_link(
                order[place + 1], translate("Next"), icon=":material/chevron_right:", icon_position="right"
            )
