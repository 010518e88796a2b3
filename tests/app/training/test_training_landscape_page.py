"""The loss landscape on the page of trainings: drawn, in the link, and raced on."""

from typing import Any

import numpy as np
import pytest

from app.compute.training_job import TrainingRequest
from app.training.landscape_job import LandscapeRequest, get_landscape_job
from app.training.landscape_messages import list_race_parameters
from app.training_scenes.training_scene import build_training
from optimizers.training.training_landscape import network_loss
from tests.support.app_pages import find_component, report_component_state
from tests.support.training_pages import SMALL, draw_landscape, finish, get_scene, open_training


def test_the_landscape_is_drawn_when_it_is_asked_for_with_the_path_on_it() -> None:
    page = open_training(**SMALL)
    header, _ = finish(page)
    assert header["landscape"] == {"state": "off"}
    curves = find_component(page, "descent_trainings").bytes
    told, arrays = draw_landscape(page, "path")
    assert find_component(page, "descent_trainings").bytes == curves, "the curves are not sent again"
    assert told["state"] == "done" and told["no_race"] == ""
    assert arrays["landscape"].size == told["side"] ** 2
    path = arrays["landscape_path0"].reshape(2, -1)
    assert arrays["landscape_epochs0"].tolist() == [0, 1, 2, 3, 4] and path[0, 0] < 0
    np.testing.assert_allclose(path[:, -1], 0, atol=1e-6)
    scene = get_scene(page)
    surface = network_loss((build_training(scene, scene.chosen),), "path")
    (left, right), (bottom, top) = told["box"]
    x, y = (np.linspace(*ends, told["side"]) for ends in ((left, right), (bottom, top)))
    values = surface.value(np.array(np.meshgrid(x, y)))
    assert told["range"] == pytest.approx([values.min(), values.max()])
    assert np.corrcoef(arrays["landscape"], values.ravel())[0, 1] > 0.8, "the same heights, perhaps on a log scale"


def test_planes_through_the_ends_need_another_training_and_others_have_their_paths_too() -> None:
    page = open_training(**SMALL)
    told, _ = draw_landscape(page, "ends")
    assert told["state"] == "refused" and "add another one" in told["refusal"]
    page.button(key="training.add").click().run()
    page.slider(key="training.weights_seed").set_value(1).run()
    told, arrays = draw_landscape(page, "ends", n=2)
    assert told["state"] == "done" and [path["k"] for path in told["paths"]] == [1, 0]
    selected, other = (arrays[f"landscape_path{k}"].reshape(2, -1) for k in (1, 0))
    np.testing.assert_allclose(selected[:, -1], (0, 0), atol=1e-6)
    np.testing.assert_allclose(other[:, -1], (1, 0), atol=1e-6)
    np.testing.assert_allclose(selected[:, 0], (0, 1), atol=1e-6)


def test_the_plane_of_the_landscape_is_in_the_link_and_undo_leaves_it_alone() -> None:
    page = open_training(**SMALL)
    assert page.query_params == SMALL
    draw_landscape(page, "random", seed=3)
    assert page.query_params["landscape"] == "random(seed=3)"
    again = open_training(**SMALL, landscape="random(seed=3)")
    header, arrays = finish(again)
    told = header["landscape"]
    assert (told["state"], told["kind"], told["seed"]) == ("done", "random", 3) and arrays["landscape"].size
    edited = get_scene(page)
    page.selectbox(key="training.activation").select("tanh").run()
    page.button(key="undo").click().run()
    assert get_scene(page) == edited and page.query_params["landscape"] == "random(seed=3)"
    draw_landscape(page, "path", seed=3, n=2)
    assert page.query_params["landscape"] == "path()", "its directions are not random"


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "round", "seed": 0, "n": 1}, {"kind": "path", "seed": -1, "n": 1},
        {"kind": "path", "seed": "1", "n": 1}, {"kind": ["path"], "seed": 0, "n": 1}, None,
    ],
)  # fmt: skip
def test_a_plane_that_nobody_offers_is_ignored(payload: Any) -> None:
    page = open_training(**SMALL)
    report_component_state(page, "descent_trainings", {"planned": payload})
    assert page.session_state["training"].view.plane is None and not page.exception


def test_ones_own_data_have_a_landscape_and_no_race() -> None:
    page = open_training(**SMALL)
    page.selectbox(key="training.data").set_value("own").run()
    told, _ = draw_landscape(page, "random")
    assert told["state"] == "done" and "no room for your own data" in told["no_race"]


def test_the_link_of_the_race_begins_where_the_training_began() -> None:
    page = open_training(**SMALL)
    _, arrays = draw_landscape(page, "path")
    scene = get_scene(page)
    request = LandscapeRequest((TrainingRequest(build_training(scene, scene.chosen), ""),), "path", 0, 1)
    pairs = dict(list_race_parameters(scene, ("path", 0), get_landscape_job(request).status.result))
    assert pairs["surface"] == "network_loss(plane=path,data=xor(epochs=4),train=network(width=6,batch_size=16))"
    start = [float(part) for part in pairs["start"].split(",")]
    np.testing.assert_allclose(start, arrays["landscape_path0"].reshape(2, -1)[:, 0], rtol=1e-3)


def test_a_race_that_nobody_offers_is_ignored() -> None:
    page = open_training(**SMALL)
    report_component_state(page, "descent_trainings", {"raced": {"n": 1}})
    assert not page.exception and page.session_state["training"].view.plane is None
    page.selectbox(key="training.data").set_value("own").run()
    draw_landscape(page, "random", n=2)
    report_component_state(page, "descent_trainings", {"raced": {"n": 3}})
    assert not page.exception and find_component(page, "descent_trainings")
