"""Fixtures for every test: slow work that Streamlit would repeat for each is done once."""

import logging
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

pytest.register_assert_rewrite("tests.support", "tests.browser")


@pytest.fixture(scope="session", autouse=True)
def _streamlit_is_quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit" in sys.modules:
            # Each AppTest reads every installed package's metadata in search of components: a third of its time.
            scanner = import_module("streamlit.components.v2.manifest_scanner")
            patch.setattr(scanner, "scan_component_manifests", cache(scanner.scan_component_manifests))
            # Six times a test, pytest visits every logger that keeps its words from the root: 70 of Streamlit's.
            for name, logger in logging.root.manager.loggerDict.items():
                if name.startswith("streamlit") and isinstance(logger, logging.Logger):
                    patch.setattr(logger, "propagate", True)
        yield


@pytest.fixture(scope="session", autouse=True)
def _fragments_know_the_pages() -> Iterator[None]:
    """AppTest runs a fragment with a new registry of pages, where a link to one finds none; a server keeps its own."""
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit" in sys.modules:
            manager = import_module("streamlit.runtime.pages_manager").PagesManager
            find, register, known = manager.get_pages, manager.set_pages_and_resolve, {}

            def set_pages(self, pages, *rest, **options):
                known[self.main_script_path] = pages
                return register(self, pages, *rest, **options)

            patch.setattr(manager, "set_pages_and_resolve", set_pages)
            patch.setattr(
                manager,
                "get_pages",
                lambda self: dict((self._pages is None and known.get(self.main_script_path)) or find(self)),
            )
        yield


@pytest.fixture(autouse=True)
def _no_map_is_worked_on_after_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's work goes on for seconds after it was asked for last, and would take them from the next tests."""
    yield
    jobs = sys.modules.get("app.compute.background_jobs")
    if jobs and jobs.get_job_threads.cache_info().currsize:
        monkeypatch.setattr(jobs, "POLL_TIMEOUT_SECONDS", -1.0)
        jobs.get_job_threads().shutdown()
        jobs.get_job_threads.cache_clear()


@pytest.fixture(autouse=True)
def _no_session_outlives_its_test() -> Iterator[None]:
    """A thousand AppTests leave as many tokens, and whose session is gone is then asked of a server that is none."""
    yield
    sessions = sys.modules.get("app.server.session_existence_tokens")
    if sessions:
        sessions.session_by_token.clear()
