"""Trainings saved as one HTML file: what is in it, its policy, and its size."""

import base64
import json
from dataclasses import replace

import pytest

from app.browser.static_file_routes import page_files
from app.compute.training_job import TrainingRequest, get_training_job
from app.model.scene import UserError
from app.training import saved_page
from app.training.saved_page import collect_messages, make_page
from app.training_scenes.training_scene import ChosenTraining, TrainingScene, build_training
from app.translation import use_language
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job
from tests.support.saved_html_pages import ParsedPage

SCENE = TrainingScene(
    data="xor", epochs=3, trainings=(ChosenTraining(width=6), ChosenTraining(width=6, batch_size=4)), selected=1
)


@pytest.fixture(autouse=True, scope="module")
def _trained() -> None:
    for chosen in SCENE.trainings:
        wait_for_job(get_training_job(TrainingRequest(build_training(SCENE, chosen), "")))


def read_messages(text: str) -> dict[str, tuple[dict, dict]]:
    content = json.loads(ParsedPage(text).unpack("trainings"))
    assert content["selected"] == SCENE.selected
    return {k: decode_binary_message(base64.b64decode(data)) for k, data in content["messages"].items()}


def test_the_page_has_the_inside_of_each_training_and_nothing_that_needs_the_server() -> None:
    page = ParsedPage(make_page(SCENE))
    modules = json.loads(page.unpack("modules"))
    assert modules.keys() == {name for name in page_files("training") if name.endswith(".js")}
    assert not any(name.startswith(("race/", "maps/")) for name in modules)
    messages = read_messages(make_page(SCENE))
    assert messages.keys() == {"0", "1"}
    for k, (header, arrays) in messages.items():
        assert header["selected"] == int(k) and header["record"] and header["state"] == "done"
        assert not any(reading["can_mend"] for reading in header["readings"])
        assert arrays["epoch1"][-1] == 3 and len(header["layers"]) == 1
    assert not (messages["0"][1]["ratios"] == messages["1"][1]["ratios"][: messages["0"][1]["ratios"].size]).all()
    assert "training?data=xor(epochs=3)&train=network(width=6)" in page.get_text("pre")
    assert not [attrs for _, attrs in page.elements if {"src", "href"} & {*attrs}]


def test_where_there_is_no_room_the_selected_training_alone_has_an_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [len(data) for data in collect_messages(SCENE).values()]
    monkeypatch.setattr(saved_page, "MAX_SAVED_BYTES", sum(sizes) - 1)
    text = make_page(SCENE)
    assert read_messages(text).keys() == {"1"} and "There was room for the details" in text
    monkeypatch.setattr(saved_page, "MAX_SAVED_BYTES", sizes[1] - 1)
    with pytest.raises(UserError, match="too many numbers for one file"):
        make_page(SCENE)


def test_a_table_with_markup_and_another_language_stay_text() -> None:
    table = "</script><script>alert(1)</script>,b,kind\n" + "".join(f"{k},{k % 3},{'ab'[k % 2]}\n" for k in range(12))
    scene = replace(SCENE, data="own", table=table, trainings=SCENE.trainings[:1], selected=0)
    wait_for_job(get_training_job(TrainingRequest(build_training(scene, scene.chosen), table)))
    with use_language("zh"):
        text = make_page(scene)
    assert "alert(1)</script>" not in text and '<html lang="zh">' in text
    assert [tag for tag, _ in ParsedPage(text).elements].count("script") == 3
