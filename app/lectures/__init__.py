"""Playlists of scenes, written down for a lecture."""
