"""A race as one HTML file, as it is written: what is in it, what may run in it, and how large it is."""

import base64
import gzip
import json
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from posixpath import normpath

import pytest
from plotly.offline import get_plotlyjs

from app.browser.browser_assets import race_files
from app.compute.cached_simulation import get_run_equations, simulate_run
from app.export import html_page as made
from app.export.html_page import MAX_BYTES, make_page, make_page_without_equations
from app.model.presets import PRESETS
from app.model.scene import Scene, UserError
from app.scene_text.reader import parse_scene
from app.translation import use_language
from optimizers.catalogue import OPTIMIZERS
from tests.support.binary_messages import decode_binary_message

HOSTILE = "</pre></script><script>window.hacked=1</script><!--\u2028\"'&<img src=x onerror=alert(1)>"
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "div", "details", "summary", "pre", "script"}
SIX = ("adam", "nadam", "rmsprop", "nesterov", "trust_region", "lbfgs")


class Read(HTMLParser):
    """The elements of a page, with what is in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.within = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append("")
        self.within = True

    def handle_endtag(self, tag: str) -> None:
        self.within = False

    def handle_data(self, data: str) -> None:
        if self.within:
            self.texts[-1] += data

    def text(self, tag: str, **attributes: str) -> str:
        (text,) = (
            text
            for (name, attrs), text in zip(self.found, self.texts, strict=True)
            if name == tag and attributes.items() <= attrs.items()
        )
        return text

    def packed(self, name: str) -> str:
        return gzip.decompress(base64.b64decode(self.text("script", id=name))).decode()


def racing(scene: Scene) -> tuple[dict, dict]:
    """What the player in the page of `scene` is told, and the header of its runs."""
    race = json.loads(Read(make_page(scene)).packed("race"))
    return race, decode_binary_message(base64.b64decode(race["runs"]))[0]


@pytest.mark.parametrize("name", PRESETS)
def test_the_page_has_all_that_its_player_is_told(name: str) -> None:
    scene = PRESETS[name]
    read = Read(make_page(scene))
    assert read.packed("plotly") == get_plotlyjs()
    modules = json.loads(read.packed("modules"))
    assert {file: code.encode() for file, code in modules.items()} == {
        file: code for file, code in race_files().items() if file.endswith(".js")
    }
    for file, code in race_files().items():
        assert not file.endswith(".css") or code.decode() in read.text("style")
    race, header = racing(scene)
    assert header["fixed"] is True
    assert "feed" not in header
    assert {*race["rules"]} == {str(one.slot) for one in scene.runs}
    for one, sent in zip(scene.runs, header["runs"], strict=True):
        assert sent["columns"] == sent["has"] == list(simulate_run(scene, one).columns)
    assert read.text("pre").strip() == made.write_scene(scene).strip()


def test_every_kind_of_run_fits() -> None:
    for first in range(0, len(OPTIMIZERS), 6):
        runs = "".join(f"run={word}()\n" for word in list(OPTIMIZERS)[first : first + 6])
        text = make_page(parse_scene(f"surface=rosenbrock()\nsteps=500\n{runs}"))
        assert len(text.encode()) <= MAX_BYTES
        assert len(json.loads(Read(text).packed("race"))["rules"]) == runs.count("run=")


def test_six_runs_under_noise_that_never_rest_fit_with_their_rules() -> None:
    runs = "".join(f"run={word}()\n" for word in SIX)
    race, _ = racing(parse_scene(f"surface=himmelblau()\nsteps=500\nnoise=5\n{runs}"))
    assert len(race["rules"]) == 6


@pytest.fixture(scope="module", name="many")
def _many() -> Scene:
    return parse_scene(
        "surface=linear_svm(batch_size=5)\nsteps=900\n" + "".join(f"run=adam(lr=0.{i})\n" for i in range(11, 27))
    )


def test_where_there_is_no_room_the_rules_are_left_out_and_not_offered(many: Scene) -> None:
    text = make_page(many)
    assert len(text.encode()) <= MAX_BYTES
    race, header = racing(many)
    assert race["rules"] == {}
    assert header["unruled"] is True
    assert "there was no room" in text
    assert "there was no room" not in make_page(PRESETS["The Adam family"])
    assert not racing(PRESETS["The Adam family"])[1]["unruled"]


def test_too_many_runs_are_refused_with_the_numbers(many: Scene) -> None:
    with pytest.raises(
        UserError, match=r"one file of 3 MB: 0\.\d+ MB of them have no room\. Fewer runs or fewer steps"
    ):
        make_page_without_equations(replace(many, steps=2000))


def test_nothing_that_was_typed_is_more_than_text(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = PRESETS["Newton or L-BFGS"]
    usual = [tag for tag, _ in Read(make_page(scene)).found]
    monkeypatch.setattr(made, "write_scene", lambda _: HOSTILE)
    monkeypatch.setattr(made.display_names, "format_title", lambda _: HOSTILE)
    text = make_page(scene)
    read = Read(text)
    assert [tag for tag, _ in read.found] == usual
    assert {*usual} == TAGS
    assert read.text("pre").strip() == HOSTILE
    assert HOSTILE in read.text("title")
    assert "hacked=1</script>" not in text


def test_a_formula_is_in_the_page_as_text() -> None:
    scene = parse_scene('surface=formula("max(x,-y) + x**2",x=(-1,2),y=(-1,2))\nsteps=9\nrun=sgd(lr=0.1)\n')
    read = Read(make_page(scene))
    assert 'formula("max(x,-y) + x**2"' in read.text("pre")
    assert "Your own function" in read.text("title")


def test_a_language_that_is_markup_is_text() -> None:
    with use_language("xss"):
        read = Read(make_page(PRESETS["Too long a step"]))
    assert {tag for tag, _ in read.found} == TAGS
    assert "<img" in read.text("title")


def test_only_its_own_script_may_run_and_nothing_may_be_fetched() -> None:
    text = make_page(PRESETS["Too long a step"])
    read = Read(text)
    scripts = [attrs for tag, attrs in read.found if tag == "script"]
    assert [attrs.get("type") for attrs in scripts] == ["text/plain"] * 3 + ["module"]
    policy = next(attrs["content"] for _, attrs in read.found if attrs.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = base64.b64encode(sha256(read.text("script", type="module").encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}' blob:"
    assert not any("http" in rule or "*" in rule or "unsafe-eval" in rule for rule in rules.values())
    assert not [attrs for _, attrs in read.found if {"src", "href"} & {*attrs}]


def test_modules_import_each_other_as_the_page_can_follow() -> None:
    """Only by `from` and a relative path, and never in a ring: each gets its address after those that it imports."""
    modules = {name: code.decode() for name, code in race_files().items() if name.endswith(".js")}
    needs = {
        name: [normpath(f"{name}/../{other}") for other in re.findall(r' from "(\.[\w./-]+)"', code)]
        for name, code in modules.items()
    }
    for name, code in modules.items():
        assert len(re.findall(r"^import\b", code, re.MULTILINE)) == len(needs[name]), name
        assert not re.search(r"import\(\s*[\"'`]", code), name
    done: list[str] = []
    while ready := [name for name in needs if name not in done and {*needs[name]} <= {*done}]:
        done += ready
    assert {*done} == {*modules}


def test_a_scene_without_runs_is_a_page_too() -> None:
    read = Read(make_page(parse_scene("surface=beale()\nrun=none\n")))
    assert read.text("h1") == "Beale"


def test_the_page_speaks_the_language_that_it_is_made_in() -> None:
    with use_language("zh"):
        text = make_page(PRESETS["Too long a step"])
    assert '<html lang="zh">' in text
    assert json.loads(json.loads(Read(text).packed("race"))["stage"])["labels"]["play"] != "Play"


def test_rules_are_the_ones_of_the_race_page() -> None:
    scene = PRESETS["Newton or L-BFGS"]
    race, _ = racing(scene)
    for one in scene.runs:
        sent = base64.b64decode(race["rules"][str(one.slot)])
        assert sent == made.encode_equations(get_run_equations(scene, one), id=made.PLAYER_ID, slot=one.slot)
