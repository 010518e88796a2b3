"""What holds for every test."""

import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest


@pytest.fixture(scope="session", autouse=True)
def _installed_packages_are_asked_once() -> Iterator[None]:
    """Each AppTest would read every installed package's metadata in search of components: a third of its time."""
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit.testing.v1" in sys.modules:
            scanner = import_module("streamlit.components.v2.manifest_scanner")
            patch.setattr(scanner, "scan_component_manifests", cache(scanner.scan_component_manifests))
        yield
