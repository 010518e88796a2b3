"""The scenes of a lecture, one a line, as a lecturer writes them down, and packed into a link.

    # before the break
    https://there.example/?surface=beale()&run=adam(lr=0.1)
    ?surface=ravine()&run=momentum()&run=nesterov() Which of the two is in the valley first?
    surface=saddle()&run=newton() predict

A line is a link, of which what is behind the question mark matters, or only that. Words behind it are a question: the
scene waits at its start until it is answered. `predict` stands for a question that is always at hand. Lines that begin
with # are the lecturer's own. A link holds the whole text, compressed; what comes out of it is bounded before it is
looked at, and read as any link is.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.model.call_reader import NOTHING, Fault
from app.model.call_syntax import shorten
from app.model.scene import Scene, UserError
from app.scene_text.reader import MAX_SCENE_CHARACTERS, assemble_scene
from app.scene_text.writer import encode_query, list_parts

MAX_SCENES = 30  # that a playlist may have
MAX_PLAYLIST_BYTES = 60_000  # bytes of its text
MAX_QUESTION_CHARACTERS = 200  # characters of a question
MAX_PACKED_CHARACTERS = 60_000  # characters of a text in a link: a text that does not get smaller has no room
LONG_LINK_CHARACTERS = 8_000  # characters that a link should have at most: browsers, mails and chats cut longer ones
PREDICT_KEYWORD = "predict"
COMMENT_SIGN = "#"


class PlaylistEntry(NamedTuple):
    """A scene of a lecture."""

    scene: Scene
    question: str | None = None  # asked at its start; "": the one that is always at hand


class LineFault(NamedTuple):
    """What of a line could not be read."""

    line: int  # from 1
    fault: Fault


class Playlist(NamedTuple):
    """A text, as far as it can be read."""

    entries: tuple[PlaylistEntry, ...]
    damages: tuple[LineFault, ...] = ()


def read_playlist(text: str) -> Playlist:
    """The scenes of a text, with all that could not be read; `UserError` if it is too long to be looked at."""
    if len(text.encode("utf-8", "replace")) > MAX_PLAYLIST_BYTES:
        raise UserError("A playlist has at most {room} characters.", room=MAX_PLAYLIST_BYTES)
    entries: list[PlaylistEntry] = []
    damages: list[LineFault] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith(COMMENT_SIGN):
            continue
        try:
            if len(entries) >= MAX_SCENES:
                raise UserError("A playlist has at most {scenes} scenes.", scenes=MAX_SCENES)
            entry, faults = read_line(said)
        except UserError as error:
            damages.append(LineFault(number, Fault(shorten(said), error.sentence, NOTHING)))
        else:
            entries.append(entry)
            damages += [LineFault(number, fault) for fault in faults]
    return Playlist(tuple(entries), tuple(damages))


def read_line(said: str) -> tuple[PlaylistEntry, tuple[Fault, ...]]:
    """What a line says."""
    link, *rest = said.split(maxsplit=1)
    words = "".join(rest)
    query = link.partition("?")[2] if "?" in link else link
    if len(query) > MAX_SCENE_CHARACTERS:
        raise UserError("A scene has at most {whole} characters.", whole=MAX_SCENE_CHARACTERS)
    scene, faults = assemble_scene(parse_qsl(query.partition("#")[0]))
    scene = replace(scene, lecture=False)
    question = read_question(words)
    if question is None:
        return PlaylistEntry(scene), faults
    return PlaylistEntry(scene.seen(scene.view.playing()), question), faults


def read_question(words: str) -> str | None:
    """The question that words behind a link ask."""
    if len(words) > MAX_QUESTION_CHARACTERS:
        raise UserError("A question has at most {question} characters.", question=MAX_QUESTION_CHARACTERS)
    if not words.isprintable():
        raise UserError("A question is one line of plain text.")
    return ("" if words == PREDICT_KEYWORD else words) if words else None


def write_line(entry: PlaylistEntry) -> str:
    """A scene as a line of a text, without the place where its link leads."""
    query = encode_query(list_parts(replace(entry.scene, lecture=False)))
    words = {None: "", "": f" {PREDICT_KEYWORD}"}.get(entry.question, f" {entry.question}")
    return f"?{query}{words}"


def append_scene(text: str, scene: Scene) -> str:
    """A text with one more scene at its end. Raises `UserError` where there is no room."""
    whole = f"{text.rstrip()}\n{write_line(PlaylistEntry(scene))}\n".lstrip("\n")
    known, now = read_playlist(text), read_playlist(whole)
    if len(now.entries) == len(known.entries):
        raise UserError("A playlist has at most {scenes} scenes.", scenes=MAX_SCENES)
    return whole


def normalize_playlist(text: str) -> str:
    """The same lines, each scene as `write_line` writes it, and so as short as can be; of a text without damage."""

    def tidied(said: str) -> str:
        return said if not said or said.startswith(COMMENT_SIGN) else write_line(read_line(said)[0])

    return "\n".join(tidied(said.strip()) for said in text.strip().splitlines())


def pack(text: str) -> str:
    """A text as one word of a link (RFC 1950, in the alphabet of RFC 4648, section 5, unpadded)."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpack(word: str) -> str:
    """The text of such a word, at most `MAX_PLAYLIST_BYTES` long. Raises `UserError` if it is none."""
    if len(word) > MAX_PACKED_CHARACTERS:
        raise UserError("The playlist of this link is too long.")
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(urlsafe_b64decode(word + "=" * (-len(word) % 4)), MAX_PLAYLIST_BYTES + 1)
        if len(text) <= MAX_PLAYLIST_BYTES and opened.eof and not opened.unused_data:
            return text.decode()
    except (ValueError, zlib.error):  # letters, bytes or characters that are none
        text = b""
    if len(text) > MAX_PLAYLIST_BYTES:
        raise UserError("The playlist of this link is too long.")
    raise UserError("The playlist of this link is damaged: perhaps the link was cut off.")
