"""The page of trainings without a browser: opened, used, and read."""

from typing import Any

from streamlit.testing.v1 import AppTest

from app.compute.training_job import TrainingRequest, get_training_job
from app.training.landscape_job import LandscapeRequest, get_landscape_job
from app.training_scenes.training_scene import TrainingScene, build_training
from tests.support.app_pages import HOME, find_component, open_page, report_component_state
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job

SMALL = {"data": "xor(epochs=4)", "train": "network(width=6,batch_size=16)"}


def read_picture(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and arrays of both, joined as in the browser."""
    header, arrays = decode_binary_message(find_component(page, "descent_trainings").bytes)
    news, news_arrays = decode_binary_message(find_component(page, "descent_training_news").bytes)
    assert all(header[name] == news[name] for name in ("id", "job_id", "edition")), "they do not belong together"
    return header | news, arrays | news_arrays


def open_training(**address: str) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "training", **address)


def get_scene(page: AppTest) -> TrainingScene:
    scene: TrainingScene = page.session_state["training"].scene
    return scene


def finish(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The message when all trainings have ended."""
    scene = get_scene(page)
    for chosen in scene.trainings:
        wait_for_job(get_training_job(TrainingRequest(build_training(scene, chosen), scene.table)))
    page.run()
    assert not page.exception
    header, arrays = read_picture(page)
    return header, arrays


def send(page: AppTest, event: str, message: dict[str, Any]) -> None:
    report_component_state(page, "descent_trainings", {event: message})
    assert not page.exception


def change(page: AppTest, n: int, epoch: Any, text: Any, name: Any = "lr", beside: Any = False) -> None:
    payload = {"epoch": epoch, "name": name, "text": text, "beside": beside, "n": n}
    report_component_state(page, "descent_trainings", {"changed": payload})
    assert not page.exception


def draw_landscape(page: AppTest, kind: str, seed: int = 0, n: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for a landscape, and wait for it: what is said of it, and the arrays."""
    finish(page)
    report_component_state(page, "descent_trainings", {"planned": {"kind": kind, "seed": seed, "n": n}})
    scene = get_scene(page)
    header, arrays = finish(page)
    if header["landscape"]["state"] != "refused":
        requests = [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]
        ordered = (requests[scene.selected], *(r for k, r in enumerate(requests) if k != scene.selected))
        ends = min(3, len(ordered)) if kind == "ends" else 1
        wait_for_job(get_landscape_job(LandscapeRequest(ordered, kind, seed, ends)))  # type: ignore[arg-type]
        header, arrays = finish(page)
    return header["landscape"], arrays
