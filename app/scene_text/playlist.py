"""Read, write and pack playlists: the scenes of a lecture, one per line.

    # before the break
    https://there.example/?surface=beale()&run=adam(lr=0.1)
    ?surface=ravine()&run=momentum()&run=nesterov() Which of the two is in the valley first?
    surface=saddle()&run=newton() predict
    ?surface=bowl()&run=sgd()&run=adam() Which one is first? | SGD | Adam | Neither
    https://there.example/lessons?lesson=ball

A line is a link, or the part of a link after the question mark. The text after it is a question: the scene waits at its
start until the question is answered. `predict` stands for a default question. After ` | ` there may be choices. The
link of a lesson stands for its first scene with its question and choices. Lines that begin with # are comments. A line
that cannot be read, or whose surface or all of whose runs cannot be read, is left out, and the others are a playlist
all the same. The link of a playlist contains its text, compressed; its unpacked length is checked before it is read.
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.lessons.catalogue import LESSONS
from app.lessons.lesson import RaceLesson
from app.model.call_reader import NOTHING, Fault
from app.model.call_syntax import shorten
from app.model.scene import Scene, UserError
from app.scene_text.packed_text import pack_text, unpack_text
from app.scene_text.reader import MAX_SCENE_CHARACTERS, assemble_scene
from app.scene_text.writer import encode_query, list_parts

MAX_SCENES = 30
MAX_PLAYLIST_BYTES = 60_000
MAX_QUESTION_CHARACTERS = 200
MAX_CHOICES = 9  # each has a key
MAX_CHOICE_CHARACTERS = 100
CHOICE_SEPARATOR = " | "
MAX_PACKED_CHARACTERS = 60_000  # a text that compression does not shorten is refused
LONG_LINK_CHARACTERS = 8_000  # browsers, mail and chat programs may cut longer links
PREDICT_KEYWORD = "predict"
LESSON_PARAMETER = "lesson"  # of the address of a lesson
COMMENT_SIGN = "#"


class PlaylistEntry(NamedTuple):
    scene: Scene
    question: str | None = None  # "": the default question
    choices: tuple[str, ...] = ()
    lesson: str = ""  # the name of the lesson whose first scene this is, with its question unless there is another


class LineFault(NamedTuple):
    """A part of a line that could not be read."""

    line: int  # from 1
    fault: Fault


class Playlist(NamedTuple):
    entries: tuple[PlaylistEntry, ...]
    faults: tuple[LineFault, ...] = ()
    lines: tuple[int, ...] = ()  # from 1, of the entries


def read_playlist(text: str, *, keeps_places: bool = False) -> Playlist:
    """Read a text as far as possible. Raises `UserError` if it is too long.

    A line without its surface or any of its runs is left out, but not if this `keeps_places`: links number scenes.
    """
    if len(text.encode("utf-8", "replace")) > MAX_PLAYLIST_BYTES:
        raise UserError("A playlist may have at most {limit} characters.", limit=MAX_PLAYLIST_BYTES)
    entries: list[PlaylistEntry] = []
    faults: list[LineFault] = []
    lines: list[int] = []
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith(COMMENT_SIGN):
            continue
        try:
            if len(entries) >= MAX_SCENES:
                raise UserError("A playlist may have at most {limit} scenes.", limit=MAX_SCENES)
            entry, line_faults = read_line(line, keeps_places)
        except UserError as error:
            faults.append(LineFault(number, Fault(shorten(line), error.message, NOTHING)))
        else:
            entries.append(entry)
            lines.append(number)
            faults += [LineFault(number, fault) for fault in line_faults]
    return Playlist(tuple(entries), tuple(faults), tuple(lines))


def read_line(line: str, is_kept: bool = False) -> tuple[PlaylistEntry, tuple[Fault, ...]]:
    """Read the entry of a line, and its faults. Raises `UserError` if it has no scene, or none that anybody meant."""
    link, *rest = line.split(maxsplit=1)
    query = link.partition("?")[2] if "?" in link else link
    if len(query) > MAX_SCENE_CHARACTERS:
        raise UserError("A scene may have at most {limit} characters.", limit=MAX_SCENE_CHARACTERS)
    parts = parse_qsl(query.partition("#")[0])
    question, choices = read_question("".join(rest))
    if lesson := dict(parts).get(LESSON_PARAMETER):
        return PlaylistEntry(read_lesson_scene(lesson), question or "", choices, lesson), ()
    scene, faults = assemble_scene(parts)
    for fault in () if is_kept else faults:
        if fault.text.startswith("surface=") or (fault.text.startswith("run=") and not scene.runs):
            raise UserError(fault.reason)
    scene = scene.with_presentation(is_lecture=False)
    if question is None:
        return PlaylistEntry(scene), faults
    return PlaylistEntry(scene.without_step(), question, choices), faults


def read_question(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Read the text after a link: the question and its choices. A single choice is none, but part of the question."""
    if not text.isprintable():
        raise UserError("A question must be one line of plain text.")
    question, *choices = (part.strip() for part in text.split(CHOICE_SEPARATOR))
    if len(choices) < 2 or not all((question, *choices)):
        question, choices = text, []
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise UserError("A question may have at most {limit} characters.", limit=MAX_QUESTION_CHARACTERS)
    if len(choices) > MAX_CHOICES:
        raise UserError("A question may have at most {limit} choices.", limit=MAX_CHOICES)
    if any(len(choice) > MAX_CHOICE_CHARACTERS for choice in choices):
        raise UserError("A choice may have at most {limit} characters.", limit=MAX_CHOICE_CHARACTERS)
    return ("" if question == PREDICT_KEYWORD else question) if question else None, tuple(choices)


def read_lesson_scene(name: str) -> Scene:
    if name not in LESSONS:
        raise UserError("There is no lesson called “{name}”.", name=shorten(name))
    lesson = LESSONS[name]
    if not isinstance(lesson, RaceLesson):
        raise UserError("The lesson “{name}” shows no race, and a playlist shows races.", name=shorten(name))
    return lesson.parse_scene_of(lesson.first_scene).without_step()


def write_line(entry: PlaylistEntry) -> str:
    """Write an entry as the query of its link and its question."""
    has_question_of_lesson = entry.lesson != "" and entry.question == ""
    parts = list_parts(entry.scene.with_presentation(is_lecture=False))
    query = encode_query([(LESSON_PARAMETER, entry.lesson)] if entry.lesson else parts)
    question = {None: "", "": "" if has_question_of_lesson else PREDICT_KEYWORD}.get(entry.question, entry.question)
    return f"?{query} {CHOICE_SEPARATOR.join((question or '', *entry.choices))}".rstrip()


def append_scene(text: str, scene: Scene) -> str:
    """Add a scene at the end of a text. Raises `UserError` if the playlist is full."""
    longer_text = f"{text.rstrip()}\n{write_line(PlaylistEntry(scene))}\n".lstrip("\n")
    if len(read_playlist(longer_text).entries) == len(read_playlist(text).entries):
        raise UserError("A playlist may have at most {limit} scenes.", limit=MAX_SCENES)
    return longer_text


def normalize_playlist(text: str) -> str:
    """Write each scene of a text as `write_line` does; comments stay, and lines that cannot be read are left out."""
    playlist = read_playlist(text)
    entries = dict(zip(playlist.lines, playlist.entries, strict=True))

    def is_kept(number: int, line: str) -> bool:
        return not line or line.startswith(COMMENT_SIGN) or number in entries

    lines = enumerate(map(str.strip, text.splitlines()), 1)
    kept = [
        write_line(entries[number]) if number in entries else line for number, line in lines if is_kept(number, line)
    ]
    return "\n".join(kept).strip()


def reorder_scenes(text: str, order: Sequence[int]) -> str:
    """The text with its scenes in another order, given as their indices; what precedes a scene moves with it."""
    lines = text.splitlines()
    ends = read_playlist(text).lines
    if sorted(order) != list(range(len(ends))):
        raise ValueError("not a permutation of the scenes")
    blocks = [lines[begin:end] for begin, end in zip((0, *ends), ends, strict=False)]
    rest = lines[ends[-1] if ends else 0 :]
    return "".join(f"{line}\n" for line in [*(line for index in order for line in blocks[index]), *rest])


def leave_out_scene(text: str, index: int) -> str:
    """The text with the line of a scene made a comment, so that nothing typed is lost."""
    lines = text.splitlines()
    at = read_playlist(text).lines[index] - 1
    lines[at] = f"{COMMENT_SIGN} {lines[at].strip()}"
    return "".join(f"{line}\n" for line in lines)


def pack(text: str) -> str:
    """Compress a text into one word for a link."""
    return pack_text(text)


def unpack(packed: str) -> str:
    """Unpack the text of a playlist, at most `MAX_PLAYLIST_BYTES` long. Raises `UserError`."""
    if len(packed) > MAX_PACKED_CHARACTERS:
        raise UserError("The playlist in this link is too long.")
    try:
        return unpack_text(packed, MAX_PLAYLIST_BYTES)
    except OverflowError as error:
        raise UserError("The playlist in this link is too long.") from error
    except ValueError as error:  # invalid base64, compression or UTF-8
        raise UserError("The playlist in this link is damaged. The link may have been cut off.") from error
