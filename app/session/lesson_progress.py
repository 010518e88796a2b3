"""What a visitor has said in the lessons, and the ways from one lesson to another and back to the race."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.lessons.catalogue import CHAPTERS, LESSONS
from app.lessons.lesson import Lesson
from app.lessons.lesson_text import Words, chapters, words
from app.model.scene import Scene
from app.scene_text.scene_text import NAMES, parts
from app.session import language_switch, lecture_state
from app.session.scene_state import scene
from app.translation import disguised, language, say, written

PAGE, RACE = "lessons/page.py", "race/page.py"
PARAMETER = "lesson"  # of the address
COOKIE = "lessons"
YEAR = 31_536_000  # seconds
LONGEST = 4000  # characters that a cookie of ours may have
UNSAID = ""  # instead of a choice, where the visitor asked to be shown


def said(lesson: Lesson) -> str | None:
    """What the visitor has predicted; None before that."""
    return predictions().get(lesson.word)


def predictions() -> dict[str, str]:
    if "predictions" not in st.session_state:
        st.session_state.predictions = recalled(st.context.cookies.get(COOKIE, ""))
    return st.session_state.predictions


def recalled(cookie: str) -> dict[str, str]:
    """What was said on an earlier visit, as far as it can be read."""
    if len(cookie) > LONGEST:
        return {}
    found = (entry.partition(".")[::2] for entry in cookie.split("~"))
    return {word: choice for word, choice in found if word in LESSONS and choice in (*LESSONS[word].choices, UNSAID)}


def remember() -> None:
    """Let the browser keep what was said in this visit; all of it are words of the catalogue."""
    if "answered" not in st.session_state:
        return
    kept = "~".join(f"{word}.{choice}" for word, choice in predictions().items())
    script = f"<script>document.cookie = '{COOKIE}={kept}; path=/; max-age={YEAR}; samesite=lax'</script>"
    st.html(script, unsafe_allow_javascript=True)


def predict(lesson: Lesson, choice: str) -> None:
    st.session_state.predictions, st.session_state.answered = {**predictions(), lesson.word: choice}, True


def forget(lesson: Lesson) -> None:
    others = {word: choice for word, choice in predictions().items() if word != lesson.word}
    st.session_state.predictions, st.session_state.answered = others, True


def held() -> dict[str, dict[str, str]]:
    """What the browser is to hold, should the server forget this visit: what was said, and which scenes are shown."""
    shown = {word: st.session_state.get(scene_key(lesson)) for word, lesson in LESSONS.items()}
    return {"said": predictions(), "shown": {word: which for word, which in shown.items() if which is not None}}


def take_back(kept: object) -> None:
    """What was held, as far as it is that."""
    said, shown = (kept.get(name) if isinstance(kept, Mapping) else None for name in ("said", "shown"))
    if isinstance(said, Mapping):
        found = {w: said[w] for w, lesson in LESSONS.items() if said.get(w) in (*lesson.choices, UNSAID)}
        st.session_state.predictions = {**predictions(), **found}
    if isinstance(shown, Mapping):
        for word, lesson in LESSONS.items():
            if shown.get(word) in tuple(lesson.scenes):
                st.session_state[scene_key(lesson)] = shown[word]


def scene_key(lesson: Lesson) -> str:
    """Of the choice of scene, where a lesson has several."""
    return f"{lesson.word}.scene"


def opened() -> Lesson | None:
    """The lesson that the address names."""
    return LESSONS.get(st.query_params.get(PARAMETER, ""))


def address(lesson: Lesson | None) -> None:
    """Put the open lesson into the address bar: Streamlit follows a link within one page without a change of it."""
    st.query_params.from_dict(parameters(lesson))


def parameters(lesson: Lesson | None) -> dict[str, str]:
    """What the address says of an open lesson, and of the language."""
    return ({PARAMETER: lesson.word} if lesson else {}) | language_switch.parameters()


def text(lesson: Lesson) -> Words:
    """The words of a lesson in the visitor's language."""
    spoken = language()

    def said(part: str | dict[str, str]) -> Any:
        return {k: said(v) for k, v in part.items()} if isinstance(part, dict) else disguised(part, spoken)

    return Words(*map(said, words(lesson.word, written(spoken))))


def named(chapter: str) -> str:
    """What a chapter is called."""
    spoken = language()
    return disguised(chapters(written(spoken))[chapter], spoken)


def forward() -> None:
    """On to the race, if the address is a scene's: a new tab looks for Streamlit's link to the race below this page."""
    known = (*NAMES, *lecture_state.PARAMETERS)
    found = {name: st.query_params.get_all(name) for name in known if name in st.query_params}
    if found.keys() - {language_switch.PARAMETER, lecture_state.PLAYLIST}:
        st.switch_page(RACE, query_params=found)


def link(lesson: Lesson, label: str, **looks: Any) -> None:
    st.page_link(PAGE, label=label, query_params=parameters(lesson), **looks)


def to_race(now: Scene, label: str) -> None:
    """The way to the race page with this scene on it."""
    spoken = replace(now, language=scene().language)
    st.page_link(RACE, label=label, icon=":material/open_in_new:", query_params=parts(spoken))


def contents() -> None:
    """All lessons by chapter, each with a mark where it has been answered."""
    done = predictions()
    st.title(say("Lessons"), anchor=False)
    st.markdown(
        say(
            "Each shows a race at its start and asks what will happen. Say what you think, then watch. "
            "You have seen **{done} of {lessons}**.",
            done=len(done),
            lessons=len(LESSONS),
        )
    )
    with st.container(key="contents"):
        for chapter, lessons in CHAPTERS.items():
            with st.container(key=f"chapter_{chapter}"):
                st.header(named(chapter), anchor=False)
                for lesson in lessons:
                    link(lesson, text(lesson).title, icon=mark(lesson, done.get(lesson.word)))


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
        st.page_link(PAGE, label=say("All lessons"), icon=":material/list:", query_params=parameters(None))
        st.caption(
            say("{chapter} · {place} of {order}", chapter=named(chapter), place=place + 1, order=len(order)),
            width="content",
        )
        if place:
            link(order[place - 1], say("Previous"), icon=":material/chevron_left:")
        if place + 1 < len(order):
            link(order[place + 1], say("Next"), icon=":material/chevron_right:", icon_position="right")
