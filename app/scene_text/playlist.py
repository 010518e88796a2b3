"""Read, write and pack playlists: the scenes of a lecture, races, gradient checks and trainings, one per line.

    # before the break
    https://there.example/?surface=beale()&run=adam(lr=0.1)
    ?surface=ravine()&run=momentum()&run=nesterov() Which of the two is in the valley first?
    surface=saddle()&run=newton() predict
    ?surface=bowl()&run=sgd()&run=adam() Which one is first? | SGD | Adam | Neither
    https://there.example/gradient-check?trap=kink Is this gradient right?
    https://there.example/training?train=network(initialization=zero) predict
    https://there.example/lessons?lesson=ball

A line is a link, or the part of a link after the question mark; by its parameters it is a race, a gradient check or a
training.
The text after it is a question: the scene waits at its start until the question is answered. `predict` stands for a
default question. After ` | ` there may be choices. The link of a lesson stands for its first scene with its question
and choices. Lines that begin with # are comments. A line that cannot be read, or whose surface or all of whose runs
cannot be read, or what a check is of, or a training's data or all its trainings, is left out, and the others are a
playlist all the same. The link of a playlist contains its text, compressed; its unpacked length is checked before it is
read.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.check_scenes import check_link
from app.check_scenes.check_scene import CheckScene
from app.lessons.catalogue import CHECK_LESSONS, LESSONS
from app.lessons.lesson import RaceLesson, TrainingLesson
from app.model.call_reader import NOTHING, Fault
from app.model.call_syntax import shorten
from app.model.scene import Scene, UserError
from app.scene_text.packed_text import pack_text, unpack_text
from app.scene_text.reader import MAX_SCENE_CHARACTERS, assemble_scene
from app.scene_text.url_parameters_by_name import group_parameters
from app.scene_text.writer import encode_query, list_parts
from app.training_scenes import training_link
from app.training_scenes.training_scene import TrainingScene
from surfaces.models.classification_table import LIMITS

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
CHECK_PATH, HUNT_PATH, TRAINING_PATH = "gradient-check", "bug-hunt", "training"  # end the path of a link
PATHS = (CHECK_PATH, HUNT_PATH, TRAINING_PATH)
CHECK_SIGNS = {"of", "how", "trap"}  # parameters of which every link to a gradient check has one
TRAINING_SIGNS = {"data", "train"}  # the same for trainings
RACE_SIGNS = {"surface", "start", "run"}  # and these are of a race, whatever else is there

Parts = list[tuple[str, str]]  # of a link: names and values
PlaylistScene = Scene | CheckScene | TrainingScene


class PlaylistEntry(NamedTuple):
    scene: PlaylistScene
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


@lru_cache(maxsize=256)  # a text is read several times in a run of a page, and each training splits its data anew
def read_line(line: str, is_kept: bool = False) -> tuple[PlaylistEntry, tuple[Fault, ...]]:
    """Read the entry of a line, and its faults. Raises `UserError` if it has no scene, or none that anybody meant."""
    link, *rest = line.split(maxsplit=1)
    path, query = split_link(link)
    if path == HUNT_PATH:
        raise UserError("The bug hunt is a game for one player and cannot be part of a lecture.")
    if len(query) > MAX_SCENE_CHARACTERS:
        raise UserError("A scene may have at most {limit} characters.", limit=MAX_SCENE_CHARACTERS)
    parts = parse_qsl(query)
    question, choices = read_question("".join(rest))
    if lesson := dict(parts).get(LESSON_PARAMETER):
        return PlaylistEntry(read_lesson_scene(lesson), question or "", choices, lesson), ()
    scene, faults = read_scene(path, parts, is_kept)
    return PlaylistEntry(scene if question is None else at_start(scene), question, choices), faults


def split_link(link: str) -> tuple[str, str]:
    """The last word of a link's path, and its query; what has no question mark is a query, but for a bare address."""
    address, mark, query = link.partition("?")
    path = address.partition("#")[0].rstrip("/").rpartition("/")[2]
    is_address = mark or ("://" in address and path in PATHS)
    return (path, query.partition("#")[0]) if is_address else ("", link.partition("#")[0])


def read_scene(path: str, parts: Parts, is_kept: bool) -> tuple[PlaylistScene, tuple[Fault, ...]]:
    """The scene of a link, whose kind is told by the end of its path, else by the names of its parameters."""
    names = {name for name, _ in parts}
    if path == CHECK_PATH or (path != TRAINING_PATH and names & CHECK_SIGNS and not names & RACE_SIGNS):
        return read_check(parts, is_kept)
    if path == TRAINING_PATH or (names & TRAINING_SIGNS and not names & RACE_SIGNS):
        return read_trainings(parts, is_kept)
    return read_race(parts, is_kept)


def read_race(parts: Parts, is_kept: bool) -> tuple[Scene, tuple[Fault, ...]]:
    scene, faults = assemble_scene(parts)
    for fault in () if is_kept else faults:
        if fault.text.startswith("surface=") or (fault.text.startswith("run=") and not scene.runs):
            raise UserError(fault.reason)
    return scene.with_presentation(is_lecture=False), faults


def read_check(parts: Parts, is_kept: bool) -> tuple[CheckScene, tuple[Fault, ...]]:
    scene, faults = check_link.read_parameters({name: [value] for name, value in parts})
    for fault in () if is_kept else faults:
        if fault.text.startswith(("of=", "data=", "trap=")):
            raise UserError(fault.reason)
    return scene, faults


def read_trainings(parts: Parts, is_kept: bool) -> tuple[TrainingScene, tuple[Fault, ...]]:
    scene, faults = training_link.read_parameters(group_parameters(parts))
    lost = [fault for fault in faults if fault.text.startswith("train=")]
    has_none = len(lost) >= max(1, sum(name == "train" for name, _ in parts))
    for fault in () if is_kept else faults:
        if fault.text.startswith("data=") or (fault in lost and has_none):
            raise UserError(fault.reason)
    return scene, faults


def at_start(scene: PlaylistScene) -> PlaylistScene:
    """The scene before anything of it is shown."""
    return scene.without_step() if isinstance(scene, Scene) else scene


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


def read_lesson_scene(name: str) -> PlaylistScene:
    if name not in LESSONS:
        raise UserError("There is no lesson called “{name}”.", name=shorten(name))
    lesson = LESSONS[name]
    if isinstance(lesson, RaceLesson):
        return at_start(lesson.parse_scene_of(lesson.first_scene))
    if isinstance(lesson, TrainingLesson):
        return lesson.parse_trainings_of(lesson.first_scene)
    return CHECK_LESSONS[name].parse_check_of(lesson.first_scene)


def write_line(entry: PlaylistEntry) -> str:
    """Write an entry as the query of its link and its question."""
    has_question_of_lesson = entry.lesson != "" and entry.question == "" and not entry.choices
    parts = [(LESSON_PARAMETER, entry.lesson)] if entry.lesson else list_scene_parts(entry.scene)
    query = encode_query(parts)
    question = {None: "", "": "" if has_question_of_lesson else PREDICT_KEYWORD}.get(entry.question, entry.question)
    return f"?{query} {CHOICE_SEPARATOR.join((question or '', *entry.choices))}".rstrip()


def list_scene_parts(scene: PlaylistScene) -> Parts:
    """The parameters of a scene's line, with all its data."""
    if isinstance(scene, CheckScene):
        return check_link.write_named_parameters(scene, LIMITS.characters)
    if isinstance(scene, TrainingScene):
        return training_link.write_named_parameters(scene, LIMITS.characters)
    return list_parts(scene.with_presentation(is_lecture=False))


def append_scene(text: str, scene: PlaylistScene) -> str:
    """Add a scene at the end of a text. Raises `UserError` if its line is too long, or the playlist is full."""
    line = write_line(PlaylistEntry(scene))
    read_line(line)
    longer_text = f"{text.rstrip()}\n{line}\n".lstrip("\n")
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
