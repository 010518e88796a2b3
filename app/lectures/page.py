"""The playlist: a lecturer writes down scenes, one a line, and begins the lecture or takes it along as one link."""

from app.lectures import playlist_editor
from app.session import lesson_progress, url_sync
from app.session.language_switch import heed

url_sync.leave()
lesson_progress.forward()
heed()
playlist_editor.arrive()
playlist_editor.write()
