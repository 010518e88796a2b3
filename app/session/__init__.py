"""The state of a visit: the scene that is shown, its address, its language, and what the browser sent last."""
