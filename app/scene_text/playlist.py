"""The scenes of a lecture, one a line, as a lecturer types them, and packed into a link.

    # before the break
    https://there.example/?surface=beale()&run=adam(lr=0.1)
    ?surface=ravine()&run=momentum()&run=nesterov() Which of the two is in the valley first?
    surface=saddle()&run=newton() predict

A line is a link, or the part of one behind the question mark. Text after it is a question: the scene waits at its start
until the question is answered. `predict` stands for a default question. Lines that begin with # are comments. A link
holds the whole text, compressed; the length of what is unpacked is checked before it is read like any link.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.model.call_syntax import shorten
from app.model.call_validation import NOTHING, Fault
from app.model.scene import Scene, UserError
from app.scene_text.reader import MAX_SCENE_CHARACTERS, assemble_scene
from app.scene_text.writer import encode_query, list_parts

MAX_SCENES = 30  # of a playlist
MAX_PLAYLIST_BYTES = 60_000  # of its text
MAX_QUESTION_CHARACTERS = 200
MAX_PACKED_CHARACTERS = 60_000  # of a packed text: a text that compression does not shorten is refused
LONG_LINK_CHARACTERS = 8_000  # browsers, mails and chats may cut longer links
PREDICT_KEYWORD = "predict"
COMMENT_SIGN = "#"


class PlaylistEntry(NamedTuple):
    """A scene of a lecture."""

    scene: Scene
    question: str | None = None  # asked at its start; "": the default question


class LineFault(NamedTuple):
    """A part of a line that could not be read."""

    line: int  # from 1
    fault: Fault


class Playlist(NamedTuple):
    """A text, as far as it can be read."""

    entries: tuple[PlaylistEntry, ...]
    faults: tuple[LineFault, ...] = ()


def read_playlist(text: str) -> Playlist:
    """The scenes of a text, and its faults. Raises `UserError` if it is too long."""
    if len(text.encode("utf-8", "replace")) > MAX_PLAYLIST_BYTES:
        raise UserError("A playlist has at most {room} characters.", room=MAX_PLAYLIST_BYTES)
    entries: list[PlaylistEntry] = []
    damages: list[LineFault] = []
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith(COMMENT_SIGN):
            continue
        try:
            if len(entries) >= MAX_SCENES:
                raise UserError("A playlist has at most {scenes} scenes.", scenes=MAX_SCENES)
            entry, faults = read_line(line)
        except UserError as error:
            damages.append(LineFault(number, Fault(shorten(line), error.message, NOTHING)))
        else:
            entries.append(entry)
            damages += [LineFault(number, fault) for fault in faults]
    return Playlist(tuple(entries), tuple(damages))


def read_line(line: str) -> tuple[PlaylistEntry, tuple[Fault, ...]]:
    """The entry of a line, and its faults. Raises `UserError` if it holds no scene."""
    link, *rest = line.split(maxsplit=1)
    words = "".join(rest)
    query = link.partition("?")[2] if "?" in link else link
    if len(query) > MAX_SCENE_CHARACTERS:
        raise UserError("A scene has at most {whole} characters.", whole=MAX_SCENE_CHARACTERS)
    scene, faults = assemble_scene(parse_qsl(query.partition("#")[0]))
    scene = scene.with_presentation(is_lecture=False)
    question = read_question(words)
    if question is None:
        return PlaylistEntry(scene), faults
    return PlaylistEntry(scene.without_step(), question), faults


def read_question(words: str) -> str | None:
    """The question in the text behind a link."""
    if len(words) > MAX_QUESTION_CHARACTERS:
        raise UserError("A question has at most {question} characters.", question=MAX_QUESTION_CHARACTERS)
    if not words.isprintable():
        raise UserError("A question is one line of plain text.")
    return ("" if words == PREDICT_KEYWORD else words) if words else None


def write_line(entry: PlaylistEntry) -> str:
    """An entry as a line: its link without the address of the server, and its question."""
    query = encode_query(list_parts(entry.scene.with_presentation(is_lecture=False)))
    words = {None: "", "": f" {PREDICT_KEYWORD}"}.get(entry.question, f" {entry.question}")
    return f"?{query}{words}"


def append_scene(text: str, scene: Scene) -> str:
    """A text with one more scene at its end. Raises `UserError` if the playlist is full."""
    whole = f"{text.rstrip()}\n{write_line(PlaylistEntry(scene))}\n".lstrip("\n")
    known, now = read_playlist(text), read_playlist(whole)
    if len(now.entries) == len(known.entries):
        raise UserError("A playlist has at most {scenes} scenes.", scenes=MAX_SCENES)
    return whole


def normalize_playlist(text: str) -> str:
    """The same lines, each scene as short as `write_line` writes it; for a text without faults."""

    def normalize(line: str) -> str:
        return line if not line or line.startswith(COMMENT_SIGN) else write_line(read_line(line)[0])

    return "\n".join(normalize(line.strip()) for line in text.strip().splitlines())


def pack(text: str) -> str:
    """Compress a text into one word for a link (RFC 1950, in the alphabet of RFC 4648, section 5, unpadded)."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpack(packed: str) -> str:
    """The text of a packed playlist, at most `MAX_PLAYLIST_BYTES` long. Raises `UserError`."""
    if len(packed) > MAX_PACKED_CHARACTERS:
        raise UserError("The playlist of this link is too long.")
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), MAX_PLAYLIST_BYTES + 1)
        if len(text) <= MAX_PLAYLIST_BYTES and opened.eof and not opened.unused_data:
            return text.decode()
    except (ValueError, zlib.error):  # invalid base64, compression or UTF-8
        text = b""
    if len(text) > MAX_PLAYLIST_BYTES:
        raise UserError("The playlist of this link is too long.")
    raise UserError("The playlist of this link is damaged: perhaps the link was cut off.")
