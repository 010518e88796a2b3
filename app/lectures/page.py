"""The playlist: a lecturer writes down scenes, one a line, and begins the lecture or takes it along as one link."""

from app.lectures import playlist_editor
from app.session import lesson_predictions, url_sync
from app.session.language_switch import apply_url_language

url_sync.mark_race_left()
lesson_predictions.redirect_scene_to_race()
apply_url_language()
playlist_editor.apply_url()
playlist_editor.show_playlist()
