"""The kinds of files that pages load as text: the media type of each, by the end of its name."""

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
