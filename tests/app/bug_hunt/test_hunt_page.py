"""The bug hunt's page without a browser: hunts to their end, right, wrong or given up; link, undo, and nonsense."""

import json
from typing import Any

import pytest

from app.bug_hunt import hunt_component, hunt_state
from app.bug_hunt.hunt_component import decode_block, decode_layer, decode_press
from app.bug_hunt.hunt_progress import MAX_LOG
from app.bug_hunt.hunt_scene import HuntScene
from app.bug_hunt.hunt_state import MAX_HUNTS, HuntVisit
from app.session.session_state import Session
from surfaces.gradient_check.bug_hunt import WRONG_NAME_COST, draw_hunt, find_par
from tests.support.app_pages import read_captions, report_component_state
from tests.support.hunt_pages import CAREFUL, NUMBER, get_visit, open_hunt, read_message, send


def test_a_hunt_is_played_to_its_end() -> None:
    """A naive check passes; nothing can be named; a careful one fails; a wrong name costs; the right one wins."""
    page = open_hunt(hunt=str(NUMBER))
    assert draw_hunt(NUMBER).code.bug == "unregularized_block"
    said = send(page, "checked")
    spent = get_visit(page).hunts[NUMBER].state.evaluations
    assert [record["tone"] for record in said["log"]] == ["good"] and not said["can_accuse"]
    assert said["status"] == f"spent {spent} · par {find_par(draw_hunt(NUMBER))}" and spent > 0
    said = send(page, "named", block="W2")
    assert "Find a check that fails" in said["note"] and get_visit(page).hunts[NUMBER].state.wrong_names == 0
    page.select_slider(key="hunt.l2").set_value(0.1).run()
    said = send(page, "checked")
    assert said["log"][0]["tone"] == "wrong" and said["can_accuse"]
    blocks = {block["name"]: block["tone"] for block in said["log"][0]["blocks"]}
    assert blocks["W2"] == "wrong" and blocks["b2"] == blocks["W3"] == "good"
    spent = get_visit(page).hunts[NUMBER].state.spent
    said = send(page, "named", block="b1")
    assert said["named"] == ["b1"] and str(WRONG_NAME_COST) in said["note"] and said["over"] is None
    assert get_visit(page).hunts[NUMBER].state.spent == spent + WRONG_NAME_COST
    said = send(page, "named", block="b1")  # twice is once
    assert get_visit(page).hunts[NUMBER].state.spent == spent + WRONG_NAME_COST
    said = send(page, "named", block="W2")
    over = said["over"]
    assert over["found"] and over["title"] == "One matrix is not regularized" and "W2" in over["where"]
    assert (over["wrong_line"], over["right_line"]) == ("dW2 = H1.T @ dZ2", "dW2 = H1.T @ dZ2 + l2 * W2")
    assert [title for title, is_found in said["bugs"] if is_found] == [over["title"]] and len(said["bugs"]) == 12
    assert send(page, "checked")["log"][0]["cost"] == "free"
    assert get_visit(page).hunts[NUMBER].state.spent == spent + WRONG_NAME_COST


def test_nothing_that_is_sent_before_the_end_tells_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hunts in the same code with other bugs send the same message, but for their numbers and par."""
    visit = HuntVisit()
    for module in (hunt_state, hunt_component):
        monkeypatch.setattr(module, "get_scene", lambda: visit.scene)
    monkeypatch.setattr(hunt_state, "get_visit", lambda: visit)
    monkeypatch.setattr(hunt_component, "get_session", Session)
    messages: dict[Any, dict[str, set[str]]] = {}
    for number in range(40):
        visit.scene = HuntScene().with_number(number)
        said = hunt_component.describe_hunt()
        assert said["over"] is None
        for known in ("number", "title", "status"):
            del said[known]
        bugs = messages.setdefault(visit.scene.code, {})
        bugs.setdefault(json.dumps(said), set()).add(draw_hunt(number).code.bug)
    assert all(len(said) == 1 for said in messages.values())
    assert max(len(bugs) for said in messages.values() for bugs in said.values()) > 1


def test_a_hunt_that_is_given_up_is_over_and_not_found() -> None:
    page = open_hunt(hunt="2", check=CAREFUL)
    said = send(page, "surrendered")
    assert said["over"]["headline"] == f"Given up after 0 evaluations; par is {find_par(draw_hunt(2))}."
    assert not any(is_found for _, is_found in said["bugs"])
    said = send(page, "named", block=draw_hunt(2).source[0])
    assert not said["over"]["found"] and not get_visit(page).hunts[2].state.is_found


def test_the_next_hunt_keeps_settings_and_the_way_back_finds_what_was_spent() -> None:
    page = open_hunt(hunt="1", check="centred(l2=0.1,blocks=(W1))")
    send(page, "checked")
    spent = get_visit(page).hunts[1].state.spent
    said = send(page, "next")
    assert (said["number"], said["checks"], said["over"]) == (2, 0, None)
    assert get_visit(page).scene.setting.l2 == 0.1 and get_visit(page).scene.setting.blocks == ()
    assert page.query_params["hunt"] in ("2", ["2"])
    page.text_input(key="hunt.number").set_value("1").run()
    assert get_visit(page).hunts[1].state.spent == spent > 0 and read_message(page)["checks"] == 1
    page.text_input(key="hunt.number").set_value("9999").run()
    assert send(page, "next")["number"] == 0


def test_undo_takes_back_settings_and_never_evaluations() -> None:
    page = open_hunt(hunt="1")
    page.select_slider(key="hunt.steps").set_value(30).run()
    send(page, "focused", layer=3)
    send(page, "checked")
    spent = get_visit(page).hunts[1].state.spent
    assert get_visit(page).scene.setting.blocks == ("W3", "b3")
    page.button(key="undo").click().run()
    page.button(key="undo").click().run()
    setting = get_visit(page).scene.setting
    assert (setting.blocks, setting.steps, page.button(key="undo").disabled) == ((), 0, True)
    page.button(key="redo").click().run()
    assert get_visit(page).scene.setting.steps == 30
    assert get_visit(page).hunts[1].state.spent == spent > 0


def test_blocks_are_chosen_in_the_picture_and_one_stays() -> None:
    page = open_hunt(hunt="1")

    def list_chosen(said: dict[str, Any]) -> list[str]:
        return [block["name"] for layer in said["layers"] for block in layer["blocks"] if block["on"]]

    assert list_chosen(send(page, "toggled", block="W1")) == ["b1", "W2", "b2", "W3", "b3"]
    assert list_chosen(send(page, "focused", layer=2)) == ["W2", "b2"]
    assert list_chosen(send(page, "toggled", block="b2")) == ["W2"]
    assert list_chosen(send(page, "toggled", block="W2")) == ["W2"]
    assert len(list_chosen(send(page, "focused", layer=0))) == 6
    assert page.query_params["hunt"] in ("1", ["1"]) and "check" not in page.query_params


def test_a_hostile_link_says_what_was_not_read() -> None:
    page = open_hunt(hunt="<script>", check="centred(samples=1e9,h=-1,bug=1)")
    said = " ".join(element.value for element in page.markdown)
    assert "Samples" in said and "Step size h" in said
    assert get_visit(page).scene.number == 1
    assert send(page, "checked")["checks"] == 1


@pytest.mark.parametrize("typed, said", [("x", "number"), ("-3", "0 to 9999"), ("1e9", "0 to 9999"), ("2.5", "whole")])
def test_a_number_that_is_none_has_a_sentence_and_loses_nothing(typed: str, said: str) -> None:
    page = open_hunt(hunt="1")
    page.text_input(key="hunt.number").set_value(typed).run()
    assert get_visit(page).scene.number == 1
    assert said in read_captions(page).replace("\\", "")


NONSENSE: list[Any] = [
    None, 3, "x", [], {}, {"n": None}, {"block": "W1"}, {"block": "W9", "n": 1}, {"block": ["W1"], "n": 1},
    {"layer": 9, "n": 1}, {"layer": -1, "n": 1}, {"layer": True, "n": 1}, {"layer": 1.0, "n": 1}, {"layer": 1},
]  # fmt: skip


def test_nothing_that_is_sent_breaks_it() -> None:
    page = open_hunt(hunt="1")
    for event in ("checked", "named", "toggled", "focused", "next", "surrendered"):
        for sent in NONSENSE:
            if isinstance(sent, dict) and type(sent.get("n")) is int and event in ("checked", "next", "surrendered"):
                continue  # those have no content
            report_component_state(page, "descent_hunt", {event: sent})
            assert not page.exception
    visit = get_visit(page)
    assert (visit.scene.number, visit.past) == (1, ())
    assert visit.hunts[1].check_count == 0 and not visit.hunts[1].is_over


def test_what_is_meant_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = HuntVisit().scene
    monkeypatch.setattr("app.bug_hunt.hunt_component.get_scene", lambda: scene)
    assert decode_press({"n": 1}) is True
    assert decode_block({"block": "W1", "n": 1}) == "W1"
    assert (decode_layer({"layer": 0, "n": 1}), decode_layer({"layer": 2, "n": 1})) == ((), ("W2", "b2"))


def test_what_a_visit_keeps_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = HuntVisit()
    monkeypatch.setattr(hunt_state, "get_visit", lambda: visit)
    for number in range(MAX_HUNTS + 5):
        visit.scene = visit.scene._replace(number=number)
        hunt_state.get_progress()
    assert len(visit.hunts) == MAX_HUNTS and 4 not in visit.hunts and MAX_HUNTS + 4 in visit.hunts
    visit.scene = visit.scene.with_choice("blocks", ("b1",)).with_choice("count", 1)
    for _ in range(MAX_LOG + 3):
        hunt_state.make_check()
    progress = hunt_state.get_progress()
    assert len(progress.log) == MAX_LOG and progress.log[-1].number == MAX_LOG + 3 == progress.check_count


def test_the_language_switch_keeps_everything() -> None:
    page = open_hunt(hunt="8", check="centred(l2=0.1)")
    spent = get_visit(page).hunts[8].state.spent
    page.button(key="switch_language").click().run()
    assert page.query_params["language"] in ("zh", ["zh"])
    said = read_message(page)
    assert said["labels"]["check"] == "检查" and said["number"] == 8
    assert get_visit(page).hunts[8].state.spent == spent and get_visit(page).scene.setting.l2 == 0.1
