"""From the landscape on the training page to the race on it."""

from app.compute.training_job import get_training_job, list_requests
from app.session.fragment_reruns import rerun_fragments
from app.session.page_request import request_page
from app.session.page_url_parameters import RACE_PAGE
from app.training.landscape_messages import find_refusal, list_race_parameters, poll_landscape
from app.training.training_state import get_scene, get_view, update_view
from app.training.training_view_options import Plane


def show_landscape(plane: Plane) -> None:
    update_view(plane=plane)
    rerun_fragments()


def request_race() -> None:
    """Go to the race on the landscape that is shown, if there is one."""
    plane = get_view().plane
    if plane and not find_refusal(get_scene(), plane, is_race=True):
        request_page(RACE_PAGE, list_shown_race)


def list_shown_race() -> list[tuple[str, str]]:
    """The link of the race on the landscape that is shown; empty if there is none."""
    scene, plane = get_scene(), get_view().plane
    if plane is None:
        return []
    requests = list_requests(scene)
    statuses = [get_training_job(request).status for request in requests]
    landscape = poll_landscape(scene, requests, statuses, plane)
    return list_race_parameters(scene, plane, landscape.result if landscape else None)
