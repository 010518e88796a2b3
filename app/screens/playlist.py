"""The playlist: a lecturer writes down scenes, one a line, and begins the lecture or takes it along as one link."""

from app.controls import address, course, playlist
from app.controls.tongue import heed

address.leave()
course.forward()
heed()
playlist.arrive()
playlist.write()
