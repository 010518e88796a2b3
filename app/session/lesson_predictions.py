"""The visitor's predictions in the lessons, which a cookie keeps for the next visit."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.lessons.catalogue import LESSONS
from app.lessons.lesson import Lesson
from app.session.session_state import get_session

COOKIE_NAME = "lessons"
YEAR_SECONDS = 31_536_000
MAX_COOKIE_CHARACTERS = 4000
NO_PREDICTION = ""  # stands for the choice of a visitor who wanted to see the answer without one


def get_prediction(lesson: Lesson) -> str | None:
    """The choice that the visitor predicted; None if there is none yet."""
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
    return select_valid(dict(entry.partition(".")[::2] for entry in cookie.split("~")))


def select_valid(predictions: Mapping[str, Any]) -> dict[str, str]:
    """The predictions whose lesson and choice exist, in the catalogue's order."""
    return {
        name: predictions[name]
        for name, lesson in LESSONS.items()
        if predictions.get(name) in (*lesson.choices, NO_PREDICTION)
    }


def save_cookie() -> None:
    """Store the predictions of this visit in a cookie; they consist of names of the catalogue."""
    if not get_session().has_new_predictions:
        return
    cookie = "~".join(f"{name}.{choice}" for name, choice in get_predictions().items())
    cookie = f"{COOKIE_NAME}={cookie}; path=/; max-age={YEAR_SECONDS}; samesite=lax"
    st.html(f"<script>document.cookie = '{cookie}'</script>", unsafe_allow_javascript=True)


def set_prediction(lesson: Lesson, choice: str) -> None:
    set_predictions({**get_predictions(), lesson.name: choice})
    get_session().has_answered = True


def take_answered() -> bool:
    """Return whether the visitor has answered since the last call."""
    answered, get_session().has_answered = get_session().has_answered, False
    return answered


def clear_prediction(lesson: Lesson) -> None:
    set_predictions({name: choice for name, choice in get_predictions().items() if name != lesson.name})


def set_predictions(predictions: dict[str, str]) -> None:
    get_session().predictions, get_session().has_new_predictions = predictions, True


def export_progress() -> dict[str, dict[str, str]]:
    """The predictions and the selected scenes, for the copy of the visit that the browser keeps."""
    selected = {name: st.session_state.get(get_scene_key(lesson)) for name, lesson in LESSONS.items()}
    return {"said": get_predictions(), "shown": {name: scene for name, scene in selected.items() if scene is not None}}


def restore_progress(progress: object) -> None:
    """Restore the browser's copy, as far as it is valid."""
    predictions, selected = (progress.get(key) if isinstance(progress, Mapping) else None for key in ("said", "shown"))
    if isinstance(predictions, Mapping):
        get_session().predictions = get_predictions() | select_valid(predictions)
    if isinstance(selected, Mapping):
        for name, lesson in LESSONS.items():
            if selected.get(name) in tuple(lesson.scenes):
                st.session_state[get_scene_key(lesson)] = selected[name]


def get_scene_key(lesson: Lesson) -> str:
    """The key of the widget that selects the scene of a lesson with several."""
    return f"{lesson.name}.scene"
