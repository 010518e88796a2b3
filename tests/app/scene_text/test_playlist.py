"""A playlist and its text, back and forth without loss; what is damaged or hostile is said and does no harm."""

import tracemalloc
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.presets import DEFAULT_SCENE
from app.model.presets import PRESETS as PREPARED
from app.model.scene import UserError
from app.model.view_options import View
from app.scene_text.playlist import (
    LONG_LINK_CHARACTERS,
    MAX_PLAYLIST_BYTES,
    MAX_QUESTION_CHARACTERS,
    MAX_SCENES,
    PlaylistEntry,
    append_scene,
    normalize_playlist,
    pack,
    read_playlist,
    unpack,
    write_line,
)
from app.scene_text.writer import list_parts, write_query
from tests.support.hostile_formulas import HOSTILE
from tests.support.scene_strategies import scenes

WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=MAX_QUESTION_CHARACTERS).map(
    lambda text: " ".join(text.split())
)


@st.composite
def entries(draw: st.DrawFn) -> PlaylistEntry:
    scene, question = draw(scenes()).with_presentation(is_lecture=False), draw(st.none() | WORDS)
    return PlaylistEntry(scene if question is None else scene.without_step(), question)


def usual(entry: PlaylistEntry) -> PlaylistEntry:
    """What is meant by the word that stands for the question at hand."""
    return entry._replace(question="") if entry.question == "predict" else entry


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(entries(), max_size=5))
def test_a_playlist_is_what_its_text_says_and_what_its_link_says(listed: list[PlaylistEntry]) -> None:
    text = "".join(f"{write_line(entry)}\n" for entry in listed)
    found = read_playlist(unpack(pack(text)))
    assert found == (tuple(usual(entry) for entry in listed), ())
    assert read_playlist(normalize_playlist(text)) == found


def test_each_line_is_a_link_or_what_is_behind_its_question_mark_with_words_for_a_question() -> None:
    newton = write_query(PREPARED["Newton or L-BFGS"])
    text = f"""
      # a comment, with a link: https://there.example/?surface=beale()
    https://there.example/descent/?{newton}&embed=true#top
    ?{newton}&mode=lecture predict

    {newton}   Which one,  and why? = & #
    \t?surface=beale()&run=adam()\tTabs too
    """
    found = read_playlist(text)
    assert found.faults == ()
    assert [entry.question for entry in found.entries] == [None, "", "Which one,  and why? = & #", "Tabs too"]
    assert {entry.scene for entry in found.entries[:3]} == {PREPARED["Newton or L-BFGS"]}
    assert found.entries[3].scene.surface.name == "beale"


def test_a_scene_with_a_question_begins_at_its_start() -> None:
    scene = DEFAULT_SCENE.with_presentation(view=View("space", step=40.0))
    assert read_playlist(f"?{write_query(scene)}").entries[0].scene.view.step == 40
    assert read_playlist(f"?{write_query(scene)} predict").entries[0].scene.view == View("space")


def test_what_is_damaged_is_said_with_its_line_and_the_rest_stands() -> None:
    found = read_playlist("# one\n?surface=beale()&run=adam(lr=1e9)\nhello\n\n?run=foo() Why?\nsurface = beale()\n")
    assert [(damage.line, damage.fault.text) for damage in found.faults] == [
        (2, "lr=1e9"), (3, "hello"), (5, "run=foo()"), (6, "surface = beale()"),
    ]  # fmt: skip
    assert [entry.scene.surface.name for entry in found.entries] == ["beale", "ravine"]
    assert "This is not a scene" in found.faults[1].fault.reason


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("?surface=beale() " + "w" * (MAX_QUESTION_CHARACTERS + 1), "at most 200"),
        ("?surface=beale() \u202eback", "A question must be one line of plain text."),
        ("?surface=beale() a\x00b", "A question must be one line of plain text."),
        ("?surface=" + "x" * 20_001, "at most 20000"),
    ],
)
def test_a_line_is_bounded(said: str, why: str) -> None:
    found = read_playlist(said)
    assert found.entries == ()
    assert why in found.faults[0].fault.reason
    assert len(found.faults[0].fault.text) <= 60


def test_there_is_room_for_so_many_scenes_and_no_more() -> None:
    text = "?surface=beale()\n" * MAX_SCENES
    assert len(read_playlist(text).entries) == MAX_SCENES
    more = read_playlist(text + "?surface=bowl()")
    assert (len(more.entries), [damage.line for damage in more.faults]) == (MAX_SCENES, [MAX_SCENES + 1])
    with pytest.raises(UserError, match="at most 30 scenes"):
        append_scene(text, DEFAULT_SCENE)
    with pytest.raises(UserError, match="at most 60000"):
        read_playlist("#" * (MAX_PLAYLIST_BYTES + 1))


def test_a_scene_is_added_below_what_is_there() -> None:
    text = append_scene("# mine\n?surface=beale() predict", DEFAULT_SCENE.with_presentation(is_lecture=True))
    assert text == f"# mine\n?surface=beale() predict\n?{write_query(DEFAULT_SCENE)}\n"
    assert append_scene("", DEFAULT_SCENE) == f"?{write_query(DEFAULT_SCENE)}\n"


def test_thirty_scenes_of_six_runs_fit_into_a_link() -> None:
    six = PREPARED["The Adam family"].add_run(DEFAULT_SCENE.runs[0])
    text = "".join(
        f"?{write_query(replace(six, steps=100 + k))} What happens in scene {k}?\n" for k in range(MAX_SCENES)
    )
    assert len(pack(text)) < LONG_LINK_CHARACTERS / 4


def test_a_link_of_a_text_is_the_same_whatever_host_it_was_written_for() -> None:
    one, two = (
        f"# x\n{host}?{write_query(DEFAULT_SCENE)} Why?\n"
        for host in ("https://there.example/", "http://localhost:8501/")
    )
    assert normalize_playlist(one) == normalize_playlist(two) == f"# x\n?{write_query(DEFAULT_SCENE)} Why?"


def compressed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content, 9)).decode()


BOMB = zlib.compress(bytes(40_000_000), 9)
HOSTILE_WORDS = {
    "nothing": "",
    "no letters": "é" * 40,
    "no code": "====",
    "random": "QUJDREVG" * 9,
    "cut off": pack("?surface=beale()\n" * 9)[:-7],
    "changed": pack("?surface=beale()")[:6] + "AAAA" + pack("?surface=beale()")[10:],
    "more behind": urlsafe_b64encode(zlib.compress(b"x") + b"more").decode(),
    "no text": compressed(b"\xff\xfe"),
    "too long a word": "A" * 60_001,
    "too long a text": compressed(b"#" * (MAX_PLAYLIST_BYTES + 1)),
    "a bomb": urlsafe_b64encode(BOMB).decode(),
    "a bomb in a bomb": compressed(BOMB),
}


@pytest.mark.parametrize("word", HOSTILE_WORDS.values(), ids=HOSTILE_WORDS)
def test_a_hostile_link_is_refused_with_memory_flat(word: str) -> None:
    tracemalloc.start()
    with pytest.raises(UserError, match=r"too long|damaged|at most"):
        read_playlist(unpack(word))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_text_of_just_that_length_has_room() -> None:
    assert read_playlist(unpack(pack("#" * MAX_PLAYLIST_BYTES))) == ((), ())


def test_hostile_lines_are_damage_or_words() -> None:
    for said in (text[:300] for _, text in HOSTILE):
        found = read_playlist(f'{said}\n?surface=beale() {said}\n?surface=formula("{said}")')
        for entry in found.entries:
            assert entry.question is None or entry.question.isprintable(), said
            assert list_parts(entry.scene), said
