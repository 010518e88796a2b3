"""The scenes of a page as the browser keeps them: the present one and those of undo and redo, by their links' parts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from app.scene_text.packed_text import pack_text, unpack_text
from app.session.scene_history import MAX_UNDO

S = TypeVar("S")
Part = tuple[str, str]

MAX_SHARED_PARTS = 2000  # of all scenes, each stored once
MAX_UNPACKED_BYTES = 8_000_000  # of all parts together, whatever a browser sends
LONG_PART = 2000  # characters: a longer one is packed
PACKED = "packed:"  # begins a part that is


class SceneHistory(NamedTuple, Generic[S]):
    present: tuple[S, ...] = ()  # one, or none
    past: tuple[S, ...] = ()
    future: tuple[S, ...] = ()


class HistoryFormat(NamedTuple, Generic[S]):
    """How the scenes of a page are written and read."""

    list_parts: Callable[[S], Sequence[Part]]
    read: Callable[[Sequence[Part]], S]
    names: Collection[str]  # of parts
    max_parts: int  # of a scene
    max_part_bytes: int  # of a part that was packed


def export_history(history: SceneHistory[S], form: HistoryFormat[S], max_characters: int) -> dict[str, list[Any]]:
    """The scenes, nearest first, as indices into a list of their parts; those too far for the room are left out."""
    part_indices: dict[Part, int] = {}
    remaining = max_characters

    def index_scenes(scenes: Sequence[S]) -> list[list[int]]:
        nonlocal remaining
        indices = []
        for scene in reversed(scenes):
            parts = [(name, write_part(value)) for name, value in form.list_parts(scene)]
            remaining -= 4 * len(parts) + sum(len(part[0]) + len(part[1]) for part in parts if part not in part_indices)
            if remaining < 0:
                break
            indices.append([part_indices.setdefault(part, len(part_indices)) for part in parts])
        return indices

    present, past, future = map(index_scenes, history)
    return {"pieces": list(part_indices), "now": present, "past": past, "future": future}


def restore_history(copy: Mapping[str, Any], form: HistoryFormat[S], max_characters: int) -> SceneHistory[S]:
    """The scenes of a copy that the browser gave back; the limits are those of the export."""
    parts = to_bounded_list(copy.get("pieces"), MAX_SHARED_PARTS)
    packed = [(part[0], part[1]) for part in parts if is_part(part, form.names)]
    if len(packed) < len(parts) or sum(len(value) for _, value in packed) > max_characters:
        return SceneHistory()
    valid, remaining = [], MAX_UNPACKED_BYTES
    for name, value in packed:
        valid.append((name, read_part(value, min(form.max_part_bytes, remaining))))
        remaining -= len(valid[-1][1])

    def restore(name: str, max_length: int) -> tuple[S, ...]:
        restored: list[S] = []
        for scene_indices in to_bounded_list(copy.get(name), max_length):
            indices = to_bounded_list(scene_indices, form.max_parts)
            if not indices or not all(type(index) is int and 0 <= index < len(valid) for index in indices):
                break
            restored.insert(0, form.read([valid[index] for index in indices]))
        return tuple(restored)

    return SceneHistory(restore("now", 1), restore("past", MAX_UNDO), restore("future", MAX_UNDO))


def write_part(value: str) -> str:
    return value if len(value) <= LONG_PART else PACKED + pack_once(value)


@lru_cache(maxsize=16)
def pack_once(value: str) -> str:
    return pack_text(value)


def read_part(value: str, max_bytes: int) -> str:
    if not value.startswith(PACKED):
        return value
    try:
        return unpack_text(value.removeprefix(PACKED), max(0, max_bytes))
    except (ValueError, OverflowError):
        return ""  # what is damaged is read as if it were not there


def to_bounded_list(value: object, max_length: int) -> list[Any]:
    return value if isinstance(value, list) and len(value) <= max_length else []


def is_part(part: object, names: Collection[str]) -> bool:
    """Is this a part of a scene, the name of a link's part and a text?"""
    return isinstance(part, list) and len(part) == 2 and is_name(part[0], names) and isinstance(part[1], str)


def is_name(name: object, names: Collection[str]) -> bool:
    return isinstance(name, str) and name in names
