"""The export menu of the training laboratory, and whether rounding errors grow in a training."""

import ast
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.compute.training_job import TrainingRequest, get_training_job
from app.training.export_menu import write_data, write_repository_script
from app.training.prepared_scenes import PREPARED_SCENES
from app.training.rounding_growth_job import MAX_DIFFERENCE, compute_rounding_growth, get_rounding_growth_job
from app.training.training_csv_and_json import as_csv, as_json
from app.training_scenes.training_scene import TrainingScene, build_training
from app.translation import use_language
from optimizers.training.specification import Maker, Training
from tests.support.app_pages import HOME, open_page, open_popover, read_captions
from tests.support.finished_jobs import wait_for_job

TWO = {"data": "xor(epochs=4)", "train": ["network(width=6,batch_size=16)", "network(width=6,optimizer=lion(lr=0.01))"]}


def open_export(kind: str, **address: Any) -> AppTest:
    page = open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "training", **address)
    page.session_state["training.export_as"] = kind
    return open_popover(page, "training.export")


def get_requests(scene: TrainingScene) -> list[TrainingRequest]:
    return [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]


def test_the_menu_has_a_script_of_one_training_for_torch_or_the_reason_why_not() -> None:
    page = open_export("PyTorch", **TWO)
    assert "torch.optim.SGD(weights, lr=0.02, momentum=0.9)" in page.code[0].value
    assert "Checking whether rounding errors grow" in read_captions(page)
    scene = page.session_state["training"].scene
    wait_for_job(get_rounding_growth_job(get_requests(scene)[0]))
    open_popover(page, "training.export")
    assert "Checking whether rounding errors grow" not in read_captions(page)
    page.session_state["training.export"] = True
    page.selectbox(key="training.export_which").set_value(2).run()
    assert not page.code and "neither PyTorch nor SciPy has it" in read_captions(page)


def test_the_script_for_this_repository_is_of_one_training_or_of_all() -> None:
    page = open_export("Python", **TWO)
    (code,) = page.code
    assert code.value.count("Training(\n") == 2
    page.session_state["training.export"] = True
    page.selectbox(key="training.export_which").set_value(2).run()
    assert page.code[0].value.count("Training(\n") == 1 and '"lion"' in page.code[0].value


def test_code_and_data_are_the_same_in_every_language() -> None:
    scene = PREPARED_SCENES["batches"].scene
    requests = get_requests(TrainingScene(data="xor", epochs=2))
    wait_for_job(get_training_job(requests[0]))
    small = TrainingScene(data="xor", epochs=2)
    made = []
    for language in ("en", "zh"):
        with use_language(language):
            made.append((write_repository_script(scene), write_data(small, requests, as_csv)))
    assert made[0] == made[1]
    ast.parse(made[0][0])


def test_data_files_are_offered_once_something_is_recorded() -> None:
    page = open_export("Data", **TWO)
    scene = page.session_state["training"].scene
    for request in get_requests(scene):
        wait_for_job(get_training_job(request))
    open_popover(page, "training.export")
    assert {button.proto.label for button in page.get("download_button")} == {
        "Save as training.csv", "Save as training.json"
    }  # fmt: skip
    found = json.loads(write_data(scene, get_requests(scene), as_json))
    assert len(found["trainings"]) == 2 and "train=network(width=6,batch_size=16)" in found["scene"]


@pytest.mark.parametrize(
    "lr, grows",
    [(0.1, False), (2.0, True)],  # PyTorch's last weights differed by 7e-16 and by 1.2, relative to the largest
)
def test_rounding_errors_grow_where_the_learning_rate_is_too_high(lr: float, grows: bool) -> None:
    training = Training(activation="tanh", initialization="glorot", epochs=10, optimizer=Maker("sgd", (("lr", lr),)))
    *_, last = compute_rounding_growth(TrainingRequest(training, ""))
    # Between the two is a gap of many decades.
    assert last.result > 1e3 * MAX_DIFFERENCE if grows else last.result < 1e-2 * MAX_DIFFERENCE


def test_a_training_without_randomness_in_its_start_has_no_growth() -> None:
    training = Training(data="xor", initialization="zero", epochs=3)
    *_, last = compute_rounding_growth(TrainingRequest(training, ""))
    assert last.result == 0
