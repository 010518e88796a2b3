"""The trainings in the browser's copy of a visit: undo and a long table outlive the server's session."""

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.training_scenes.training_link import is_linkable
from app.training_scenes.training_scene import ChosenTraining, TrainingScene
from surfaces.models.catalogue import OWN_DATA
from tests.support.copied_tables import BOMB, make_table
from tests.support.training_pages import SMALL, open_training
from tests.support.visit_copies import give_copy_back, read_visit_message


def restart(before: AppTest, **address: str) -> AppTest:
    """A new session of the same browser, at an address."""
    kept = json.loads(json.dumps(read_visit_message(before)["kept"]))
    after = open_training(**address)
    give_copy_back(after, kept)
    return after


def test_undo_and_redo_outlive_the_session() -> None:
    before = open_training(**SMALL)
    before.button(key="training.add").click().run()
    before.selectbox(key="training.optimizer").set_value("adam").run()
    before.slider(key="training.seed").set_value(7).run()
    before.button(key="undo").click().run()
    state = before.session_state["training"]
    assert (len(state.past), len(state.future)) == (2, 1) and len(state.scene.trainings) == 2
    found = restart(before, **SMALL).session_state["training"]
    assert (found.scene, found.past, found.future) == (state.scene, state.past, state.future)


def test_a_table_that_no_link_holds_outlives_the_session() -> None:
    before = open_training()
    scene = replace(
        TrainingScene(), data=OWN_DATA, table=make_table(200), trainings=(ChosenTraining(width=3),), epochs=1
    )
    before.session_state["training"].scene = scene
    before.run()
    assert not is_linkable(scene) and not before.exception
    after = restart(before, data="own(epochs=1)", train="network(width=3)")
    assert after.session_state["training"].scene == scene
    assert after.session_state["session"].faults == ()


@pytest.mark.parametrize(
    "copy",
    [
        5, [], {}, {"pieces": [["train", 5]], "now": [[0]]}, {"pieces": [["of", "x"]], "now": [[0]]},
        {"pieces": [["train", "network(width=9999999)"]], "now": [[0]]}, {"pieces": [["table", BOMB]], "now": [[0]]},
        {"pieces": [["train", "network()"]], "now": [[0] * 1000]},
    ],
)  # fmt: skip
def test_a_copy_that_was_tampered_with_changes_nothing_or_gives_a_valid_scene(copy: Any) -> None:
    page = open_training(**SMALL)
    before = page.session_state["training"].scene
    kept = read_visit_message(page)["kept"]
    give_copy_back(page, {**kept, "training": copy})
    assert not page.exception
    assert page.session_state["training"].scene in (before, TrainingScene())
