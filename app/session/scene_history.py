"""Undo and redo over scenes of any kind: those before and after the one that is shown."""

from typing import TypeVar

S = TypeVar("S")

MAX_UNDO = 50  # scenes that are kept for undo


def add_to_past(past: tuple[S, ...], scene: S) -> tuple[S, ...]:
    """The scenes to which undo returns, the newest last, after `scene` was replaced by another."""
    return (*past, scene)[-MAX_UNDO:]


def step_history(source: tuple[S, ...], target: tuple[S, ...], current: S) -> tuple[S, tuple[S, ...], tuple[S, ...]]:
    """The last scene of `source`, and both sides after the step: the current scene becomes the last of `target`.

    Without a scene in `source` nothing changes.
    """
    if not source:
        return current, source, target
    return source[-1], source[:-1], (*target, current)
