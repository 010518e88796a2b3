"""The page of the playlist, the scenes of a lecture."""
