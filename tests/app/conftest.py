"""Fixtures of the app's tests."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_pages import HOME, Page


@pytest.fixture
def page() -> AppTest:
    at = Page(str(HOME), default_timeout=60).run()
    assert not at.exception
    return at
