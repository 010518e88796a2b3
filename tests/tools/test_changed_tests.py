"""Which tests `make quick` runs after a change: of JavaScript as of Python, the nearest first."""

import pytest

from tests.support.javascript_layers import ROOT, locate_module
from tests.tools.changed_tests import find_tests

NODE_TESTS = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("*.test.js"))
THIS_FILE = "tests/tools/test_changed_tests.py"  # names files below, and so is a test that leads to them


@pytest.mark.parametrize("test", NODE_TESTS)
def test_a_changed_module_of_javascript_leads_to_its_test(test: str) -> None:
    assert test in find_tests({locate_module(test)})


def test_tests_of_a_changed_module_come_before_those_of_modules_that_import_it() -> None:
    javascript = find_tests({"app/player/base/axis_ticks.js"})  # imported by line_chart.js
    assert javascript.index("tests/player/base/axis_ticks.test.js") < javascript.index(
        "tests/player/draw/line_chart.test.js"
    )
    python = find_tests({"surfaces/number_format.py"})  # imported by what the exported page imports
    assert python.index("tests/surfaces/test_number_format.py") < python.index(
        "tests/app/export/test_race_html_page.py"
    )


def test_a_changed_test_leads_to_itself_and_a_helper_of_tests_to_those_that_import_it() -> None:
    itself = "tests/training/time_axis.test.js"
    assert {*find_tests({itself})} - {THIS_FILE} == {itself}
    helped = {*find_tests({"tests/training/message_of_trainings.js"})} - {THIS_FILE}
    assert "tests/training/training_table.test.js" in helped
    assert all(test.startswith("tests/training/") for test in helped)


def test_tests_in_the_browser_are_left_to_another_command() -> None:
    assert not {*find_tests({"tests/browser/test_player.py"})} - {THIS_FILE}
