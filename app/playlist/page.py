"""The page of the playlist: a lecturer lists scenes, one a line, and starts the lecture or copies it as one link."""

from app.playlist import playlist_text_editor
from app.session import lesson_navigation, race_url_sync
from app.session.language_switch import apply_url_language

race_url_sync.mark_race_left()
lesson_navigation.redirect_scene_to_race()
apply_url_language()
playlist_text_editor.apply_url()
playlist_text_editor.show_playlist()
