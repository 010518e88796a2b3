"""The flow in continuous time that a run approximates by its steps."""
