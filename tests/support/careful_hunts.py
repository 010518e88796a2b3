"""Hunts, and settings of the page with which a check of one finds its bug."""

from app.bug_hunt.hunt_scene import HuntScene
from surfaces.gradient_check.bug_hunt import get_network
from surfaces.gradient_check.difference_quotients import Method

SEEDS = range(21)


def be_careful(number: int) -> HuntScene:
    scene = HuntScene().with_number(number)
    for name, value in {"steps": 30, "l2": 0.1, "dropout": True, "count": 20}.items():
        scene = scene.with_choice(name, value)
    return scene.with_method(Method.COMPLEX_STEP) if get_network(scene.code).is_analytic else scene
