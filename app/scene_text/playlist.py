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

from app.model.scene import Rejected, Scene
from app.scene_text.scene_text import WHOLE, Fault, assembled, encoded, parts
from surfaces.translatable import Sentence

SCENES = 30  # that a playlist may have
ROOM = 60_000  # bytes of its text
QUESTION = 200  # characters of a question
PACKED = 60_000  # characters of a text in a link: a text that does not get smaller has no room
LONG = 8_000  # characters that a link should have at most: browsers, mails and chats cut longer ones
PREDICT = "predict"
COMMENT = "#"
SHOWN = 60  # characters of a line that are repeated


class Entry(NamedTuple):
    """A scene of a lecture."""

    scene: Scene
    question: str | None = None  # asked at its start; "": the one that is always at hand


class Damage(NamedTuple):
    """What of a line could not be read."""

    line: int  # from 1
    fault: Fault


class Playlist(NamedTuple):
    """A text, as far as it can be read."""

    entries: tuple[Entry, ...]
    damages: tuple[Damage, ...] = ()


def read(text: str) -> Playlist:
    """The scenes of a text, with all that could not be read; `Rejected` if it is too long to be looked at."""
    if len(text.encode("utf-8", "replace")) > ROOM:
        raise Rejected("A playlist has at most {room} characters.", room=ROOM)
    entries: list[Entry] = []
    damages: list[Damage] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith(COMMENT):
            continue
        shown = said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"
        try:
            if len(entries) >= SCENES:
                raise Rejected("A playlist has at most {scenes} scenes.", scenes=SCENES)
            entry, faults = scene_of(said)
        except Rejected as reason:
            damages.append(Damage(number, Fault(shown, reason.sentence, Sentence("nothing"))))
        else:
            entries.append(entry)
            damages += [Damage(number, fault) for fault in faults]
    return Playlist(tuple(entries), tuple(damages))


def scene_of(said: str) -> tuple[Entry, tuple[Fault, ...]]:
    """What a line says."""
    link, *rest = said.split(maxsplit=1)
    words = "".join(rest)
    query = link.partition("?")[2] if "?" in link else link
    if len(query) > WHOLE:
        raise Rejected("A scene has at most {whole} characters.", whole=WHOLE)
    scene, faults = assembled(parse_qsl(query.partition("#")[0]))
    scene = replace(scene, lecture=False)
    question = asked(words)
    if question is None:
        return Entry(scene), faults
    return Entry(scene.seen(scene.view.playing()), question), faults


def asked(words: str) -> str | None:
    """The question that words behind a link ask."""
    if len(words) > QUESTION:
        raise Rejected("A question has at most {question} characters.", question=QUESTION)
    if not words.isprintable():
        raise Rejected("A question is one line of plain text.")
    return ("" if words == PREDICT else words) if words else None


def line(entry: Entry) -> str:
    """A scene as a line of a text, without the place where its link leads."""
    query = encoded(parts(replace(entry.scene, lecture=False)))
    words = {None: "", "": f" {PREDICT}"}.get(entry.question, f" {entry.question}")
    return f"?{query}{words}"


def added(text: str, scene: Scene) -> str:
    """A text with one more scene at its end. Raises `Rejected` where there is no room."""
    whole = f"{text.rstrip()}\n{line(Entry(scene))}\n".lstrip("\n")
    known, now = read(text), read(whole)
    if len(now.entries) == len(known.entries):
        raise Rejected("A playlist has at most {scenes} scenes.", scenes=SCENES)
    return whole


def tidy(text: str) -> str:
    """The same lines, each scene as `line` writes it, and so as short as can be; of a text without damage."""

    def tidied(said: str) -> str:
        return said if not said or said.startswith(COMMENT) else line(scene_of(said)[0])

    return "\n".join(tidied(said.strip()) for said in text.strip().splitlines())


def pack(text: str) -> str:
    """A text as one word of a link (RFC 1950, in the alphabet of RFC 4648, section 5, unpadded)."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpack(word: str) -> str:
    """The text of such a word; `Rejected` if it is none. No more than `ROOM` bytes of it are ever made."""
    if len(word) > PACKED:
        raise Rejected("The playlist of this link is too long.")
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(urlsafe_b64decode(word + "=" * (-len(word) % 4)), ROOM + 1)
        if len(text) <= ROOM and opened.eof and not opened.unused_data:
            return text.decode()
    except (ValueError, zlib.error):  # letters, bytes or characters that are none
        text = b""
    if len(text) > ROOM:
        raise Rejected("The playlist of this link is too long.")
    raise Rejected("The playlist of this link is damaged: perhaps the link was cut off.")
