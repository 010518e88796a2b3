"""A hunt outlives a reload and a restart of the server, and no reload makes its score better."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.bug_hunt.hunt_progress import (
    MAX_LOG,
    MAX_REPEATED_EVALUATIONS,
    HuntProgress,
    choose_progress,
    read_progress,
    write_progress,
)
from app.bug_hunt.hunt_state import MAX_HUNTS
from surfaces.gradient_check.bug_hunt import WRONG_NAME_COST, HuntState
from tests.support.hunt_pages import CAREFUL, NUMBER, get_visit, open_hunt, read_message, send
from tests.support.visit_copies import give_copy_back, read_visit_message

COMPARED = ("status", "log", "named", "checks", "can_accuse", "over", "bugs")


def select_compared(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in COMPARED}


def play(page: AppTest, *, is_found: bool) -> dict[str, Any]:
    """A check that passes, one that fails, a wrong name, and the right one."""
    send(page, "checked")
    page.select_slider(key="hunt.l2").set_value(0.1).run()
    send(page, "checked")
    said = send(page, "named", block="b1")
    return send(page, "named", block="W2") if is_found else said


def reload_page(said: dict[str, Any]) -> AppTest:
    """A new session of a browser that has kept the copy of a message."""
    page = open_hunt(hunt=str(NUMBER))
    assert not read_message(page)["recalled"]
    send(page, "recalled", number=NUMBER, copy=json.loads(json.dumps(said["copy"])))
    return page


@pytest.mark.parametrize("is_found", [False, True])
def test_what_was_spent_seen_and_named_outlives_a_reload(is_found: bool) -> None:
    said = play(open_hunt(hunt=str(NUMBER)), is_found=is_found)
    assert len(said["log"]) == 2 and said["named"] == ["b1"] and bool(said["over"]) == is_found
    page = reload_page(said)
    after = read_message(page)
    assert after["recalled"] and select_compared(after) == select_compared(said)
    assert after["copy"] == said["copy"]
    again = send(page, "checked")
    assert again["checks"] == 3 and (again["log"][0]["cost"] == "free") == is_found


def test_bugs_that_were_found_in_other_hunts_are_recalled_and_others_there_are_not() -> None:
    page = open_hunt(hunt="2")
    said = send(page, "recalled", number=2, copy=None, bugs=["cut_leak", "no_such_bug", 5, "next_class"])
    assert said["found_bugs"] == ["cut_leak", "next_class"]
    assert sum(is_found for _, is_found in said["bugs"]) == 2


def test_an_answer_that_was_shown_stays_shown() -> None:
    said = send(open_hunt(hunt=str(NUMBER)), "surrendered")
    page = reload_page(said)
    assert read_message(page)["over"] == said["over"]
    assert not send(page, "named", block="W2")["over"]["found"]


def test_hunts_and_the_settings_of_undo_outlive_a_restart_of_the_server() -> None:
    before = open_hunt(hunt=str(NUMBER))
    said = play(before, is_found=True)
    second = send(before, "next")
    send(before, "surrendered")
    page = open_hunt(hunt="2")
    give_copy_back(page, json.loads(json.dumps(read_visit_message(before)["kept"])))
    assert read_message(page)["number"] == second["number"] == 2 and read_message(page)["over"]
    assert get_visit(page).scene == get_visit(before).scene and get_visit(page).past == get_visit(before).past != ()
    page.text_input(key="hunt.number").set_value(str(NUMBER)).run()
    assert select_compared(read_message(page)) == select_compared(said)


def test_a_hunt_that_nobody_has_begun_is_not_kept() -> None:
    page = open_hunt(hunt="3")
    assert read_message(page)["copy"] is None and read_visit_message(page)["kept"]["hunt"]["hunts"] == {}
    send(page, "recalled", number=3, copy=None)
    assert read_message(page)["recalled"] and read_message(page)["copy"] is None


def test_of_two_copies_that_counts_which_is_over_or_in_which_more_was_spent() -> None:
    little, much = (HuntProgress(HuntState(evaluations=spent), check_count=1) for spent in (50, 500))
    found = HuntProgress(HuntState(evaluations=60, is_found=True), check_count=1)
    given_up = HuntProgress(HuntState(evaluations=0), has_given_up=True)
    assert choose_progress(little, None) is little
    assert choose_progress(little, much) is choose_progress(much, little) is much
    assert choose_progress(much, given_up) is choose_progress(given_up, much) is given_up
    assert choose_progress(found, much) is found


def test_a_second_copy_is_not_taken_and_none_of_another_hunt() -> None:
    page = open_hunt(hunt=str(NUMBER))
    send(page, "recalled", number=2, copy={})
    assert not read_message(page)["recalled"]
    send(page, "recalled", number=NUMBER, copy=None)
    many = write_progress(HuntProgress(HuntState(evaluations=9000), check_count=3))
    send(page, "recalled", number=NUMBER, copy=many)
    assert get_visit(page).hunts[NUMBER].state.spent == 0


GOOD_COPY: dict[str, Any] = {"evaluations": 10, "checks": 1, "wrong": [], "log": []}


@pytest.mark.parametrize(
    "copy",
    [
        None, 5, [], {}, "{}", GOOD_COPY | {"evaluations": -1}, GOOD_COPY | {"evaluations": True},
        GOOD_COPY | {"evaluations": 1e9}, GOOD_COPY | {"evaluations": 10**9}, GOOD_COPY | {"checks": "1"},
        GOOD_COPY | {"wrong": ["W9"]}, GOOD_COPY | {"wrong": [5]}, GOOD_COPY | {"wrong": ["W1"] * 99},
        GOOD_COPY | {"log": {}},
    ],
    ids=lambda copy: repr(copy)[:60],
)  # fmt: skip
def test_a_damaged_copy_is_none(copy: Any) -> None:
    assert read_progress(copy, NUMBER) is None
    page = open_hunt(hunt=str(NUMBER))
    send(page, "recalled", number=NUMBER, copy=copy)
    assert read_message(page)["recalled"] and get_visit(page).hunts[NUMBER] == HuntProgress()


@pytest.mark.parametrize(
    "entry", [5, [], ["centred()"], ["centred()", 1], ["nonsense(", False], ["centred(h=9)", False], [None, True],
              ["x" * 999, False]], ids=str
)  # fmt: skip
def test_a_check_that_cannot_be_read_is_left_out_and_the_others_stay(entry: Any) -> None:
    found = read_progress(GOOD_COPY | {"checks": 7, "log": [[CAREFUL, False], entry]}, NUMBER)
    assert found is not None and [record.number for record in found.log] == [7]
    assert found.state.has_failed_check and found.state.evaluations == found.log[0].evaluations > 10


def test_a_copy_tells_neither_of_less_than_its_checks_cost_nor_of_more_than_there_is_time_for() -> None:
    everything = [["centred(entries=all)", False]] * MAX_LOG
    found = read_progress(GOOD_COPY | {"evaluations": 0, "checks": 0, "log": everything}, NUMBER)
    assert found is not None and 0 < len(found.log) < MAX_LOG and found.check_count == len(found.log)
    assert 0 < found.state.spent == sum(record.evaluations for record in found.log) <= MAX_REPEATED_EVALUATIONS


def test_names_that_were_wrong_are_paid_for_once_each() -> None:
    found = read_progress(GOOD_COPY | {"wrong": ["W1", "b1", "W1"]}, NUMBER)
    assert found is not None and found.wrong_blocks == ("W1", "b1")
    assert found.state.spent == 10 + 2 * WRONG_NAME_COST


def test_more_hunts_than_a_visit_remembers_are_not_restored() -> None:
    page = open_hunt(hunt=str(NUMBER))
    give_copy_back(page, {"hunt": {"hunts": {str(n): GOOD_COPY for n in range(MAX_HUNTS + 1)}}})
    assert get_visit(page).copies == {}
    page = open_hunt(hunt=str(NUMBER))
    give_copy_back(page, {"hunt": {"hunts": {"-1": GOOD_COPY, "99999": GOOD_COPY, "x": GOOD_COPY, "5": GOOD_COPY}}})
    assert list(get_visit(page).copies) == [5]
