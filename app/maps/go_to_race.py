"""The way from a map to the race."""

from app.model.scene import Scene
from app.scene_text.writer import list_link_parts
from app.session.page_request import request_page
from app.session.page_url_parameters import RACE_PAGE
from app.session.race_scene_and_undo import get_scene, update_scene


def go_to_race(new: Scene) -> None:
    """Make this the scene and go to its race; to be called in a callback."""
    update_scene(new)
    request_page(RACE_PAGE, lambda: list_link_parts(get_scene()))
