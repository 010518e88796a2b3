"""The page of lessons without a browser: opened and read."""

from streamlit.testing.v1 import AppTest

from tests.support.app_pages import HOME, open_page


def open_lesson(word: str) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "lessons", lesson=word)


def read_lesson_texts(page: AppTest) -> str:
    return " ".join(element.value for kind in ("title", "header", "markdown", "info") for element in page.get(kind))
