"""Playlists: written and read back without loss; damaged or hostile texts become faults."""

import tracemalloc
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.check_scenes.check_link import read_parameters
from app.check_scenes.check_scene import CheckScene, ModelTarget
from app.lessons.catalogue import LESSONS, TRAINING_LESSONS
from app.lessons.lesson import CheckLesson
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import Scene, UserError
from app.model.view_options import View
from app.scene_text.playlist import (
    LONG_LINK_CHARACTERS,
    MAX_PLAYLIST_BYTES,
    MAX_QUESTION_CHARACTERS,
    MAX_SCENES,
    PlaylistEntry,
    append_scene,
    leave_out_scene,
    list_scene_parts,
    normalize_playlist,
    pack,
    read_playlist,
    reorder_scenes,
    unpack,
    write_line,
)
from app.scene_text.url_parameters_by_name import group_parameters
from app.scene_text.writer import write_query
from app.training_scenes import training_link
from app.training_scenes.training_scene import TrainingScene
from tests.support.hostile_formulas import HOSTILE
from tests.support.scene_strategies import scenes

WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=MAX_QUESTION_CHARACTERS).map(
    lambda text: " ".join(text.split()).replace("|", "/")
)


@st.composite
def make_entries(draw: st.DrawFn) -> PlaylistEntry:
    scene, question = draw(scenes()).with_presentation(is_lecture=False), draw(st.none() | WORDS)
    choices = (
        draw(st.lists(WORDS.map(lambda text: text[:99].strip() or "?"), min_size=2, max_size=9)) if question else ()
    )
    return PlaylistEntry(scene if question is None else scene.without_step(), question, tuple(choices))


def normalize_question(entry: PlaylistEntry) -> PlaylistEntry:
    """Replace the keyword of the default question."""
    return entry._replace(question="") if entry.question == "predict" else entry


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(make_entries(), max_size=5))
def test_a_playlist_is_read_back_from_its_text_and_link(entries: list[PlaylistEntry]) -> None:
    text = "".join(f"{write_line(entry)}\n" for entry in entries)
    playlist = read_playlist(unpack(pack(text)))
    assert playlist == (tuple(map(normalize_question, entries)), (), tuple(range(1, len(entries) + 1)))
    assert read_playlist(normalize_playlist(text)) == playlist


def test_a_line_is_a_link_or_its_query_and_an_optional_question() -> None:
    newton = write_query(PRESETS["Newton or L-BFGS"])
    text = f"""
      # a comment, with a link: https://there.example/?surface=beale()
    https://there.example/descent/?{newton}&embed=true#top
    ?{newton}&mode=lecture predict

    {newton}   Which one,  and why? = & #
    \t?surface=beale()&run=adam()\tTabs too
    """
    playlist = read_playlist(text)
    assert playlist.faults == ()
    assert [entry.question for entry in playlist.entries] == [None, "", "Which one,  and why? = & #", "Tabs too"]
    assert {entry.scene for entry in playlist.entries[:3]} == {PRESETS["Newton or L-BFGS"]}
    assert playlist.entries[3].scene.surface.name == "beale"


@pytest.mark.parametrize(
    ("text", "question", "choices"),
    [
        ("Which? | SGD | Momentum, lr 1 | neither", "Which?", ("SGD", "Momentum, lr 1", "neither")),
        ("predict | SGD | Adam", "", ("SGD", "Adam")),
        ("What is |x|? And a|b|c?", "What is |x|? And a|b|c?", ()),
        ("One | only", "One | only", ()),
        ("An empty | | one", "An empty | | one", ()),
        (f"Nine{' | c' * 9}", "Nine", ("c",) * 9),
    ],
)
def test_a_question_has_choices_after_bars(text: str, question: str, choices: tuple[str, ...]) -> None:
    (entry,) = read_playlist(f"?surface=bowl() {text}").entries
    assert (entry.question, entry.choices) == (question, choices)
    assert read_playlist(write_line(entry)).entries == (entry,)


def test_the_link_of_a_lesson_is_its_first_scene_with_its_question() -> None:
    text = "https://there.example/descent/lessons?lesson=ball&language=zh\n?lesson=ball Why? | a | b\n?lesson=nosuch\n"
    playlist = read_playlist(text)
    scene = LESSONS["ball"].parse_scene_of(next(iter(LESSONS["ball"].scenes)))
    assert playlist.entries == (
        PlaylistEntry(scene.without_step(), "", (), "ball"),
        PlaylistEntry(scene.without_step(), "Why?", ("a", "b"), "ball"),
    )
    assert [(fault.line, fault.fault.reason) for fault in playlist.faults] == [
        (3, "There is no lesson called “nosuch”.")
    ]
    assert normalize_playlist(text) == "?lesson=ball\n?lesson=ball Why? | a | b"
    assert normalize_playlist("?lesson=ball predict | a | b | c") == "?lesson=ball predict | a | b | c"


def test_the_link_of_a_check_lesson_is_its_first_check_with_its_question() -> None:
    lesson = LESSONS["kinks"]
    assert isinstance(lesson, CheckLesson)
    (entry,) = read_playlist("https://there.example/lessons?lesson=kinks").entries
    assert entry == PlaylistEntry(lesson.parse_check_of(lesson.first_scene), "", (), "kinks")
    assert write_line(entry) == "?lesson=kinks"


SMALL = "of=network(data=xor,samples=8,width=4)"


@pytest.mark.parametrize(
    ("line", "parameters", "question"),
    [
        (f"https://there.example/gradient-check?{SMALL}&mode=lecture&language=zh#top", SMALL, None),
        (f"?{SMALL} Is it right?", SMALL, "Is it right?"),
        ("trap=kink predict", "trap=kink", ""),
        ("?how=forward(h=0.001)", "how=forward(h=0.001)", None),
        ("https://there.example/descent/gradient-check", "", None),
        ("https://there.example/descent/gradient-check/? Why?", "", "Why?"),
        ("?of=network()", "", None),
        ("?of=formula&f=x**3&dx=3*x**2&dy=0&at=1,2", "of=formula&f=x**3&dx=3*x**2&dy=0&at=1,2", None),
        ("https://there.example/gradient-check?of=bowl()&surface=beale()", "of=bowl()", None),
    ],
)
def test_a_line_may_be_a_gradient_check(line: str, parameters: str, question: str | None) -> None:
    expected = PlaylistEntry(read_parameters({name: [value] for name, value in parse_qsl(parameters)}).scene, question)
    assert read_playlist(line) == ((expected,), (), (1,))
    assert read_playlist(write_line(expected)) == ((expected,), (), (1,)), "also where all is at its default"


def test_races_and_checks_stand_in_one_playlist_and_are_moved_and_left_out_alike() -> None:
    text = f"?surface=beale()\n?{SMALL} Why?\n?surface=bowl()\n?trap=kink\n"
    kinds = [type(entry.scene) for entry in read_playlist(unpack(pack(text))).entries]
    assert kinds == [Scene, CheckScene, Scene, CheckScene]
    assert normalize_playlist(text).splitlines()[1::2] == [f"?{SMALL} Why?", "?trap=kink"]
    assert reorder_scenes(text, (3, 1, 0, 2)).splitlines()[0] == "?trap=kink"
    assert leave_out_scene(text, 1).splitlines()[1] == f"# ?{SMALL} Why?"


def test_parameters_of_a_race_make_it_one_whatever_else_a_link_has() -> None:
    (entry,) = read_playlist("?surface=bowl()&run=adam()&how=mailed&of=mine").entries
    assert isinstance(entry.scene, Scene)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("?of=transformer()", "transformer"),
        ("?of=network(data=own)", ""),
        ("?of=formula&f=x%2B*y&dx=1&dy=1", ""),
        ("?of=formula&f=__import__('os')&dx=1&dy=1", ""),
        ("?trap=door", "door"),
        ("https://there.example/bug-hunt?hunt=3", "cannot be part of a lecture"),
        ("https://there.example/bug-hunt", "cannot be part of a lecture"),
        (f"?of=network()&table={'1' * 20_000}", "at most 20000"),
    ],
)
def test_a_bad_check_is_refused_with_a_sentence_and_leaves_the_good_lines(line: str, reason: str) -> None:
    playlist = read_playlist(f"?surface=bowl()\n{line} Why?\n?trap=kink\n")
    assert playlist.lines == (1, 3)
    assert {fault.line for fault in playlist.faults} == {2}
    assert reason in playlist.faults[0].fault.reason and playlist.faults[0].fault.reason


TRAINING = "data=xor(epochs=4)&train=network(width=6)"


@pytest.mark.parametrize(
    ("line", "parameters", "question"),
    [
        (f"https://there.example/training?{TRAINING}&mode=lecture&language=zh#top", TRAINING, None),
        (f"training?{TRAINING} Will it learn?", TRAINING, "Will it learn?"),
        (f"?{TRAINING}&train=svm()&show=2 predict", f"{TRAINING}&train=svm()&show=2", ""),
        ("data=xor()", "data=xor()", None),
        ("https://there.example/descent/training", "", None),
        ("https://there.example/descent/training/? Why?", "", "Why?"),
        ("training?train=network()", "", None),
        ("training?how=mailed&surface=beale()", "", None),
        (
            "?train=network(changes=((2,lr,0.001),(7,mu,0.5),))",
            "train=network(changes=((2,lr,0.001),(7,mu,0.5),))",
            None,
        ),
    ],
)
def test_a_line_may_be_a_training(line: str, parameters: str, question: str | None) -> None:
    scene = training_link.read_parameters(group_parameters(parse_qsl(parameters))).scene
    expected = PlaylistEntry(scene, question)
    assert read_playlist(line) == ((expected,), (), (1,))
    assert read_playlist(write_line(expected)) == ((expected,), (), (1,)), "also where all is at its default"


def test_the_link_of_a_training_lesson_is_its_first_scene_with_its_question() -> None:
    lesson = TRAINING_LESSONS["four"]
    (entry,) = read_playlist("https://there.example/lessons?lesson=four").entries
    assert entry == PlaylistEntry(lesson.parse_trainings_of(lesson.first_scene), "", (), "four")
    assert write_line(entry) == "?lesson=four"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("?data=mnist()", "mnist"),
        ("training?data=own()", ""),
        ("?train=transformer()", "transformer"),
        ("?train=transformer()&train=1+1", "transformer"),
        ("?train=network(optimizer=newton())", "all pairs of weights"),
        ("?data=digits(epochs=200)&train=network(width=200,depth=7)", "more than a minute"),
        (f"training?data=own()&table={'1' * 20_000}", "at most 20000"),
    ],
)
def test_a_bad_training_is_refused_with_a_sentence_and_leaves_the_good_lines(line: str, reason: str) -> None:
    playlist = read_playlist(f"?surface=bowl()\n{line} Why?\n?{TRAINING}\n")
    assert playlist.lines == (1, 3)
    assert {fault.line for fault in playlist.faults} == {2}
    assert reason in playlist.faults[0].fault.reason and playlist.faults[0].fault.reason
    kept = read_playlist(f"?{TRAINING}\n{line}", keeps_places=True)
    assert len(kept.entries) == 2 - ("at most 20000" in reason), "links number scenes"


def test_what_can_be_read_of_trainings_is_played() -> None:
    playlist = read_playlist(
        "?train=network(width=-3)&train=transformer()&train=svm()&data=xor(epochs=0,seed=5)&show=9"
    )
    assert [fault.fault.text for fault in playlist.faults] == [
        "epochs=0", "width=-3", "train=transformer()", "show=9",
    ]  # fmt: skip
    (entry,) = playlist.entries
    assert isinstance(entry.scene, TrainingScene)
    assert [chosen.model for chosen in entry.scene.trainings] == ["network", "svm"]
    assert (entry.scene.data, entry.scene.epochs, entry.scene.seed) == ("xor", 20, 5)


def test_all_kinds_stand_in_one_playlist_and_are_moved_and_left_out_alike() -> None:
    text = f"?surface=beale()\n?{TRAINING} Why?\n?trap=kink\ntraining\ntraining?\n"
    assert [type(entry.scene) for entry in read_playlist(text).entries] == [
        Scene, TrainingScene, CheckScene, TrainingScene,
    ]  # fmt: skip
    assert normalize_playlist(text).splitlines()[1:] == [f"?{TRAINING} Why?", "?trap=kink", "?train=network()"]
    assert reorder_scenes(text, (3, 1, 0, 2)).splitlines()[1] == "training?"
    assert leave_out_scene(text, 1).splitlines()[1] == f"# ?{TRAINING} Why?"


def test_parameters_of_a_race_or_check_are_stronger_than_data() -> None:
    race, check = read_playlist("?surface=bowl()&data=xor()\n?of=network()&data=xor()\n").entries
    assert isinstance(race.scene, Scene) and isinstance(check.scene, CheckScene)


def test_a_training_is_appended_with_its_data_or_refused_with_the_reason() -> None:
    assert append_scene("?surface=beale()", TrainingScene()) == "?surface=beale()\n?train=network()\n"
    rows = "x,kind\n" + "".join(f"{k}.5,{'ab'[k % 2]}\n" for k in range(400))
    own = TrainingScene(data="own", table=rows)
    assert not training_link.is_linkable(own)
    (entry,) = read_playlist(append_scene("", own)).entries
    assert entry.scene == own, "a link leaves so many rows out, a playlist does not"
    with pytest.raises(UserError, match="at most 20000 characters"):
        append_scene("", replace(own, table=rows + "1.5,a\n" * 4000))


def test_what_can_be_read_of_a_check_is_played() -> None:
    playlist = read_playlist("?of=network(depth=99,width=8)&how=centred(h=7)")
    assert [fault.line for fault in playlist.faults] == [1, 1]
    (entry,) = playlist.entries
    assert isinstance(entry.scene, CheckScene) and isinstance(entry.scene.target, ModelTarget)
    assert (entry.scene.target.width, entry.scene.target.depth, entry.scene.h) == (8, 2, 1e-5)


def test_a_scene_with_a_question_starts_at_step_0() -> None:
    scene = DEFAULT_SCENE.with_presentation(view=View("space", step=40.0))
    assert read_playlist(f"?{write_query(scene)}").entries[0].scene.view.step == 40
    assert read_playlist(f"?{write_query(scene)} predict").entries[0].scene.view == View("space")


def test_faults_have_their_lines_and_the_other_lines_are_read() -> None:
    playlist = read_playlist("# one\n?surface=beale()&run=adam(lr=1e9)\nhello\n\n?run=foo() Why?\nsurface = beale()\n")
    assert [(fault.line, fault.fault.text) for fault in playlist.faults] == [
        (2, "lr=1e9"), (3, "hello"), (5, "?run=foo() Why?"), (6, "surface = beale()"),
    ]  # fmt: skip
    assert [entry.scene.surface.name for entry in playlist.entries] == ["beale"]
    assert "This is not a scene" in playlist.faults[1].fault.reason


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("?surface=nosuch()&run=foo(lr=a) what?", None),
        ("?surface=nosuch()&run=adam()", None),
        ("?surface=beale()&run=foo()&run=1+1", None),
        ("?surface=formula(text='import')&run=adam()", None),
        ("?surface=beale()&run=foo()&run=adam()", ["adam"]),
        ("?surface=beale(a=x)&run=adam(lr=a)", ["adam"]),
        ("?surface=beale()&run=none", []),
    ],
)
def test_a_line_without_its_surface_or_any_of_its_runs_is_left_out(line: str, runs: list[str] | None) -> None:
    """A scene is played without its faulty parts, unless that would be another scene than the one that was meant."""
    playlist = read_playlist(f"?surface=bowl()\n{line}\n")
    read = [[run.optimizer.name for run in entry.scene.runs] for entry in playlist.entries[1:]]
    assert read == ([] if runs is None else [runs])
    assert {fault.line for fault in playlist.faults} == ({2} if "none" not in line else set())


def test_a_bad_line_does_not_take_the_good_scenes_away() -> None:
    text = "# mine\n?surface=beale()\nhello\n\n?surface=bowl() Why?\n"
    assert [entry.scene.surface.name for entry in read_playlist(normalize_playlist(text)).entries] == ["beale", "bowl"]
    assert "hello" not in normalize_playlist(text) and normalize_playlist(text).startswith("# mine\n")
    assert read_playlist(normalize_playlist(text)).faults == ()


def test_scenes_are_reordered_with_what_precedes_them_and_nothing_typed_is_lost() -> None:
    text = "# first\n?surface=beale()\nhello\n?surface=bowl() Why?\n?surface=ravine() predict\n# the end"
    assert read_playlist(text).lines == (2, 4, 5)
    moved = reorder_scenes(text, (2, 0, 1))
    assert moved == "?surface=ravine() predict\n# first\n?surface=beale()\nhello\n?surface=bowl() Why?\n# the end\n"
    assert reorder_scenes(moved, (1, 2, 0)) == f"{text}\n"
    for wrong in ((0, 1), (0, 1, 1), (0, 1, 3), (-1, 0, 1), ()):
        with pytest.raises(ValueError, match="permutation"):
            reorder_scenes(text, wrong)
    assert reorder_scenes("# nothing", ()) == "# nothing\n"


def test_a_scene_that_is_left_out_stays_as_a_comment() -> None:
    text = leave_out_scene("?surface=beale()\n  ?surface=bowl() Why?\n", 1)
    assert text == "?surface=beale()\n# ?surface=bowl() Why?\n"
    assert len(read_playlist(text).entries) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("?surface=beale() " + "w" * (MAX_QUESTION_CHARACTERS + 1), "at most 200"),
        (f"?surface=beale() Ten?{' | c' * 10}", "at most 9 choices"),
        (f"?surface=beale() Long? | a | {'b' * 101}", "A choice may have at most 100"),
        ("?surface=beale() \u202eback", "A question must be one line of plain text."),
        ("?surface=beale() a\x00b", "A question must be one line of plain text."),
        ("?surface=" + "x" * 20_001, "at most 20000"),
    ],
)
def test_a_long_or_unprintable_line_is_refused(line: str, reason: str) -> None:
    playlist = read_playlist(line)
    assert playlist.entries == ()
    assert reason in playlist.faults[0].fault.reason
    assert len(playlist.faults[0].fault.text) <= 60


def test_the_number_of_scenes_is_limited() -> None:
    text = "?surface=beale()\n" * MAX_SCENES
    assert len(read_playlist(text).entries) == MAX_SCENES
    longer = read_playlist(text + "?surface=bowl()")
    assert (len(longer.entries), [fault.line for fault in longer.faults]) == (MAX_SCENES, [MAX_SCENES + 1])
    with pytest.raises(UserError, match="at most 30 scenes"):
        append_scene(text, DEFAULT_SCENE)
    with pytest.raises(UserError, match="at most 60000"):
        read_playlist("#" * (MAX_PLAYLIST_BYTES + 1))


def test_a_scene_is_appended() -> None:
    text = append_scene("# mine\n?surface=beale() predict", DEFAULT_SCENE.with_presentation(is_lecture=True))
    assert text == f"# mine\n?surface=beale() predict\n?{write_query(DEFAULT_SCENE)}\n"
    assert append_scene("", DEFAULT_SCENE) == f"?{write_query(DEFAULT_SCENE)}\n"


def test_a_check_is_appended_with_its_data_or_refused_with_the_reason() -> None:
    assert append_scene("?surface=beale()", CheckScene()) == "?surface=beale()\n?of=network()\n"
    rows = "".join(f"{k},{k % 7},{'ab'[k % 2]}\n" for k in range(300))
    own = CheckScene().with_model(data="own", table=rows)
    (entry,) = read_playlist(append_scene("", own)).entries
    assert entry.scene == own, "a link leaves so many rows out, a playlist does not"
    with pytest.raises(UserError, match="at most 20000 characters"):
        append_scene("", own.with_model(table=rows * 15))


def test_thirty_scenes_of_six_runs_fit_into_a_link() -> None:
    six = PRESETS["The Adam family"].add_run(DEFAULT_SCENE.runs[0])
    text = "".join(
        f"?{write_query(replace(six, steps=100 + k))} What happens in scene {k}?\n" for k in range(MAX_SCENES)
    )
    assert len(pack(text)) < LONG_LINK_CHARACTERS / 4


def test_a_normalized_playlist_names_no_host() -> None:
    first, second = (
        f"# x\n{host}?{write_query(DEFAULT_SCENE)} Why?\n"
        for host in ("https://there.example/", "http://localhost:8501/")
    )
    assert normalize_playlist(first) == normalize_playlist(second) == f"# x\n?{write_query(DEFAULT_SCENE)} Why?"


def compress(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content, 9)).decode()


BOMB = zlib.compress(bytes(40_000_000), 9)
HOSTILE_LINKS = {
    "nothing": "",
    "not ASCII": "é" * 40,
    "no base64": "====",
    "random": "QUJDREVG" * 9,
    "cut off": pack("?surface=beale()\n" * 9)[:-7],
    "changed": pack("?surface=beale()")[:6] + "AAAA" + pack("?surface=beale()")[10:],
    "trailing bytes": urlsafe_b64encode(zlib.compress(b"x") + b"more").decode(),
    "no UTF-8": compress(b"\xff\xfe"),
    "too long a link": "A" * 60_001,
    "too long a text": compress(b"#" * (MAX_PLAYLIST_BYTES + 1)),
    "a bomb": urlsafe_b64encode(BOMB).decode(),
    "a bomb in a bomb": compress(BOMB),
}


@pytest.mark.parametrize("link", HOSTILE_LINKS.values(), ids=HOSTILE_LINKS)
def test_a_hostile_link_is_refused_in_little_memory(link: str) -> None:
    tracemalloc.start()
    with pytest.raises(UserError, match=r"too long|damaged|at most"):
        read_playlist(unpack(link))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_the_longest_text_is_read() -> None:
    assert read_playlist(unpack(pack("#" * MAX_PLAYLIST_BYTES))) == ((), (), ())


def test_hostile_lines_are_faults_or_questions() -> None:
    for line in (text[:300] for _, text in HOSTILE):
        playlist = read_playlist(f'{line}\n?surface=beale() {line}\n?surface=formula("{line}")')
        for entry in playlist.entries:
            assert entry.question is None or entry.question.isprintable(), line
            assert list_scene_parts(entry.scene), line
