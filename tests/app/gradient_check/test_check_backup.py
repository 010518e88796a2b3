"""The gradient check in the browser's copy of a visit: undo and a long table outlive the server's session."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.check_scenes.check_link import is_linkable
from app.check_scenes.check_scene import DEFAULT_SCENE, OWN_DATA, CheckScene, ModelTarget
from app.session.visit_backup import MAX_COPY_CHARACTERS
from tests.support.check_pages import SMALL, get_state, open_check, send
from tests.support.copied_tables import BOMB, make_table
from tests.support.visit_copies import give_copy_back, read_visit_message


def own(rows: int) -> CheckScene:
    return CheckScene(ModelTarget(kind="softmax", data=OWN_DATA, table=make_table(rows)))


def restart(before: AppTest, **address: str) -> AppTest:
    """A new session of the same browser, at an address."""
    kept = json.loads(json.dumps(read_visit_message(before)["kept"]))
    after = open_check(**address)
    give_copy_back(after, kept)
    return after


def test_undo_redo_and_the_scene_before_a_trap_outlive_the_session() -> None:
    before = open_check(of=SMALL)
    send(before, "stepped", {"h": 1e-7, "n": 1})
    send(before, "trapped", {"name": "single", "n": 2})
    send(before, "trapped", {"name": "forward", "n": 3})
    before.button(key="undo").click().run()
    state = get_state(before)
    assert (len(state.past), len(state.future)) == (2, 1) and state.scene.trap == "single"
    after = restart(before, trap="single")
    found = get_state(after)
    assert (found.scene, found.past, found.future) == (state.scene, state.past, state.future)
    send(after, "trapped", {"name": "single", "n": 4})
    assert get_state(after).scene == state.before_trap and get_state(after).scene.h == 1e-7


@pytest.mark.parametrize("rows", [200, 5000], ids=["too long for a link", "as long as a table may be"])
def test_a_table_that_no_link_holds_outlives_the_session(rows: int) -> None:
    before, scene = open_check(), own(rows)
    state = get_state(before)
    state.scene, state.past = scene, (DEFAULT_SCENE, own(150))
    before.run()
    assert not is_linkable(scene) and not before.exception
    assert len(json.dumps(read_visit_message(before)["kept"])) < MAX_COPY_CHARACTERS
    after = restart(before, of="softmax(data=own)")
    assert (get_state(after).scene, get_state(after).past) == (scene, (DEFAULT_SCENE, own(150)))
    assert after.session_state["session"].faults == ()


def test_what_there_is_no_room_for_is_left_out_the_farthest_first() -> None:
    page = open_check()
    get_state(page).past = tuple(own(2000 + k) for k in range(12))
    page.run()
    kept = read_visit_message(page)["kept"]
    assert len(json.dumps(kept)) < MAX_COPY_CHARACTERS and 0 < len(kept["check"]["past"]) < 12


@pytest.mark.parametrize(
    "copy",
    [
        5, [], {}, {"pieces": None}, {"pieces": [["surface", "bowl()"]], "now": [[0]]},
        {"pieces": [["of", 5]], "now": [[0]]}, {"pieces": [["of", SMALL]], "now": [[1]]},
        {"pieces": [["of", SMALL]], "now": [[True]]}, {"pieces": [["of", "x" * 400_000]], "now": [[0]]},
    ],
    ids=lambda copy: repr(copy)[:40],
)  # fmt: skip
def test_an_invalid_copy_changes_nothing(copy: Any) -> None:
    page = open_check(of=SMALL)
    scene = get_state(page).scene
    give_copy_back(page, {"check": copy})
    assert (get_state(page).scene, get_state(page).past) == (scene, ())


@pytest.mark.parametrize("table", ["packed:!", "packed:", BOMB, "a,b\n1"])
def test_a_damaged_table_is_read_as_one_of_a_link_is(table: str) -> None:
    page = open_check(of=SMALL)
    give_copy_back(page, {"check": {"pieces": [["of", "softmax(data=own)"], ["table", table]], "now": [[0, 1]]}})
    assert get_state(page).scene.target == ModelTarget(kind="softmax")
