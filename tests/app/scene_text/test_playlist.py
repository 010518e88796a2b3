"""A playlist and its text, back and forth without loss; what is damaged or hostile is said and does no harm."""

import tracemalloc
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.compute.scene_presets import FIRST
from app.compute.scene_presets import SCENES as PREPARED
from app.model.scene import Rejected
from app.model.view_options import View
from app.scene_text.playlist import LONG, QUESTION, ROOM, SCENES, Entry, added, line, pack, read, tidy, unpack
from app.scene_text.scene_text import parts, query
from tests.app.scene_text.test_scene_text import scenes
from tests.support.hostile_formulas import HOSTILE

WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=QUESTION).map(
    lambda text: " ".join(text.split())
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    scene, question = replace(draw(scenes()), lecture=False), draw(st.none() | WORDS)
    return Entry(scene if question is None else scene.seen(scene.view.playing()), question)


def usual(entry: Entry) -> Entry:
    """What is meant by the word that stands for the question at hand."""
    return entry._replace(question="") if entry.question == "predict" else entry


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(entries(), max_size=5))
def test_a_playlist_is_what_its_text_says_and_what_its_link_says(listed: list[Entry]) -> None:
    text = "".join(f"{line(entry)}\n" for entry in listed)
    found = read(unpack(pack(text)))
    assert found == (tuple(usual(entry) for entry in listed), ())
    assert read(tidy(text)) == found


def test_each_line_is_a_link_or_what_is_behind_its_question_mark_with_words_for_a_question() -> None:
    newton = query(PREPARED["Newton or L-BFGS"])
    text = f"""
      # a comment, with a link: https://there.example/?surface=beale()
    https://there.example/descent/?{newton}&embed=true#top
    ?{newton}&mode=lecture predict

    {newton}   Which one,  and why? = & #
    \t?surface=beale()&run=adam()\tTabs too
    """
    found = read(text)
    assert found.damages == ()
    assert [entry.question for entry in found.entries] == [None, "", "Which one,  and why? = & #", "Tabs too"]
    assert {entry.scene for entry in found.entries[:3]} == {PREPARED["Newton or L-BFGS"]}
    assert found.entries[3].scene.surface.word == "beale"


def test_a_scene_with_a_question_begins_at_its_start() -> None:
    scene = FIRST.seen(View("space", step=40.0))
    assert read(f"?{query(scene)}").entries[0].scene.view.step == 40
    assert read(f"?{query(scene)} predict").entries[0].scene.view == View("space")


def test_what_is_damaged_is_said_with_its_line_and_the_rest_stands() -> None:
    found = read("# one\n?surface=beale()&run=adam(lr=1e9)\nhello\n\n?run=foo() Why?\nsurface = beale()\n")
    assert [(damage.line, damage.fault.said) for damage in found.damages] == [
        (2, "lr=1e9"), (3, "hello"), (5, "run=foo()"), (6, "surface = beale()"),
    ]  # fmt: skip
    assert [entry.scene.surface.word for entry in found.entries] == ["beale", "ravine"]
    assert "This is not a scene" in found.damages[1].fault.why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("?surface=beale() " + "w" * (QUESTION + 1), "at most 200"),
        ("?surface=beale() \u202eback", "A question is one line of plain text."),
        ("?surface=beale() a\x00b", "A question is one line of plain text."),
        ("?surface=" + "x" * 20_001, "at most 20000"),
    ],
)
def test_a_line_is_bounded(said: str, why: str) -> None:
    found = read(said)
    assert found.entries == ()
    assert why in found.damages[0].fault.why
    assert len(found.damages[0].fault.said) <= 60


def test_there_is_room_for_so_many_scenes_and_no_more() -> None:
    text = "?surface=beale()\n" * SCENES
    assert len(read(text).entries) == SCENES
    more = read(text + "?surface=bowl()")
    assert (len(more.entries), [damage.line for damage in more.damages]) == (SCENES, [SCENES + 1])
    with pytest.raises(Rejected, match="at most 30 scenes"):
        added(text, FIRST)
    with pytest.raises(Rejected, match="at most 60000"):
        read("#" * (ROOM + 1))


def test_a_scene_is_added_below_what_is_there() -> None:
    text = added("# mine\n?surface=beale() predict", replace(FIRST, lecture=True))
    assert text == f"# mine\n?surface=beale() predict\n?{query(FIRST)}\n"
    assert added("", FIRST) == f"?{query(FIRST)}\n"


def test_thirty_scenes_of_six_runs_fit_into_a_link() -> None:
    six = PREPARED["The Adam family"].added(FIRST.runs[0])
    text = "".join(f"?{query(replace(six, steps=100 + k))} What happens in scene {k}?\n" for k in range(SCENES))
    assert len(pack(text)) < LONG / 4


def test_a_link_of_a_text_is_the_same_whatever_host_it_was_written_for() -> None:
    one, two = (f"# x\n{host}?{query(FIRST)} Why?\n" for host in ("https://there.example/", "http://localhost:8501/"))
    assert tidy(one) == tidy(two) == f"# x\n?{query(FIRST)} Why?"


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
    "too long a text": compressed(b"#" * (ROOM + 1)),
    "a bomb": urlsafe_b64encode(BOMB).decode(),
    "a bomb in a bomb": compressed(BOMB),
}


@pytest.mark.parametrize("word", HOSTILE_WORDS.values(), ids=HOSTILE_WORDS)
def test_a_hostile_link_is_refused_with_memory_flat(word: str) -> None:
    tracemalloc.start()
    with pytest.raises(Rejected, match=r"too long|damaged|at most"):
        read(unpack(word))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_text_of_just_that_length_has_room() -> None:
    assert read(unpack(pack("#" * ROOM))) == ((), ())


def test_hostile_lines_are_damage_or_words() -> None:
    for said in (text[:300] for _, text in HOSTILE):
        found = read(f'{said}\n?surface=beale() {said}\n?surface=formula("{said}")')
        for entry in found.entries:
            assert entry.question is None or entry.question.isprintable(), said
            assert parts(entry.scene), said
