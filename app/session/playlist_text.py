"""The text of the playlist as the visitor typed it; scenes are added to it from several pages."""

from app.model.scene import UserError
from app.scene_text.playlist import PlaylistScene, append_scene
from app.session.session_state import get_session

FIELD_KEY = "playlist_field"


def get_text() -> str:
    return get_session().playlist_text


def set_text(text: str) -> None:
    """Replace the text; its field follows in the next run of its page."""
    get_session().playlist_text = text


def try_append(scene: PlaylistScene, note_key: str) -> None:
    """Add a scene at the end of the text, or note under this key why that is impossible."""
    notes = get_session().notes
    notes.pop(note_key, None)
    try:
        set_text(append_scene(get_text(), scene))
    except UserError as error:
        notes[note_key] = error.message
