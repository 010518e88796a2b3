"""The decision regions that the page of trainings sends: of every training in the plane, within a limit."""

from typing import Any

import numpy as np

from app.compute.training_job import TrainingRequest, get_training_job
from app.training.decision_messages import MAX_REGION_BYTES, add_decision_regions
from app.training_scenes.training_scene import ChosenTraining, TrainingScene, build_training
from optimizers.training.prepared_training import prepare_training
from optimizers.training.training_loop import TrainingLoop
from tests.support.finished_jobs import wait_for_job
from tests.support.training_pages import finish, get_scene, open_training


def test_the_regions_of_every_training_in_the_plane_are_sent_for_its_epochs() -> None:
    page = open_training(data="spirals(epochs=4)", train=["softmax()", "network(width=4)"])
    header, arrays = finish(page)
    scene = get_scene(page)
    count, side = len(arrays["region_classes"]), header["plane"]["side"]
    assert header["plane"]["training"] == 240 and count == 300 and header["plane"]["classes"][0] == "class 0"
    assert arrays["region_points"].min() > 0 and arrays["region_points"].max() < 1
    for k, chosen in enumerate(scene.trainings):
        assert arrays[f"region_epochs{k}"].tolist() == [0, 1, 2, 3, 4]
        assert arrays[f"region_cells{k}"].size == 5 * side**2
        loop = TrainingLoop(prepare_training(build_training(scene, chosen)))
        for _ in loop.train():
            pass
        predictions = arrays[f"region_taken{k}"].reshape(5, count)[-1, header["plane"]["training"] :]
        np.testing.assert_array_equal(predictions, loop.record.epochs[-1].predictions)


def test_of_digits_no_plane_is_sent() -> None:
    header, arrays = finish(open_training(data="digits(epochs=1,sample_count=50)", train="network(width=5)"))
    assert "plane" not in header and not [name for name in arrays if name.startswith("region")]


def test_many_long_trainings_send_fewer_epochs_each() -> None:
    scene = TrainingScene(data="xor", epochs=200)
    request = TrainingRequest(build_training(scene, ChosenTraining(width=2)), "")
    status = wait_for_job(get_training_job(request))
    arrays: dict[str, Any] = {}
    add_decision_regions(arrays, [status] * 8)
    assert sum(array.nbytes for name, array in arrays.items() if "cells" in name or "taken" in name) <= MAX_REGION_BYTES
    assert arrays["region_epochs7"][0] == 0 and arrays["region_epochs7"][-1] == 200
    add_decision_regions(arrays, [status._replace(state="working")])
    assert arrays["region_epochs0"].tolist() == [200], "of one that goes on, the last epoch alone"
