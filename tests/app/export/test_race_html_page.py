"""The HTML file of a race: its content, its security policy, and its size."""

import base64
import json
import re
from hashlib import sha256
from posixpath import normpath

import pytest
from plotly.offline import get_plotlyjs

from app.browser.static_file_routes import page_files
from app.compute.cached_simulation import get_run_equations, simulate_run
from app.export import race_html_page
from app.export.race_html_page import MAX_PAGE_BYTES, make_page, make_page_without_equations
from app.model.presets import PRESETS
from app.model.scene import Scene, UserError
from app.scene_text.reader import parse_scene
from app.translation import use_language
from optimizers.catalogue import OPTIMIZERS
from tests.support.binary_messages import decode_binary_message
from tests.support.saved_html_pages import ParsedPage

HOSTILE = "</pre></script><script>window.hacked=1</script><!--\u2028\"'&<img src=x onerror=alert(1)>"
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "div", "details", "summary", "pre", "script"}
FAMILY = PRESETS["The Adam family"]
SIX_OPTIMIZERS = ("adam", "nadam", "rmsprop", "nesterov", "trust_region", "yogi")  # L-BFGS searches long in noise


def read_race(scene: Scene) -> tuple[dict, dict]:
    """The message to the player in the page of `scene`, and the header of its runs."""
    race = json.loads(ParsedPage(make_page(scene)).unpack("race"))
    return race, decode_binary_message(base64.b64decode(race["runs"]))[0]


@pytest.mark.parametrize("name", PRESETS)
def test_the_page_contains_the_player_and_its_message(name: str) -> None:
    scene = PRESETS[name]
    page = ParsedPage(make_page(scene))
    assert page.unpack("plotly") == get_plotlyjs()
    modules = json.loads(page.unpack("modules"))
    assert {file: code.encode() for file, code in modules.items()} == {
        file: code for file, code in page_files("race").items() if file.endswith(".js")
    }
    for file, code in page_files("race").items():
        assert not file.endswith(".css") or code.decode() in page.get_text("style")
    race, header = read_race(scene)
    assert header["fixed"] is True
    assert "feed" not in header
    assert {*race["rules"]} == {str(run.slot) for run in scene.runs}
    for run, sent in zip(scene.runs, header["runs"], strict=True):
        assert sent["columns"] == sent["has"] == list(simulate_run(scene, run).columns)
    assert page.get_text("pre").strip() == race_html_page.write_scene(scene).strip()


def test_every_optimizer_fits() -> None:
    for first in range(0, len(OPTIMIZERS), 6):
        runs = "".join(f"run={word}()\n" for word in list(OPTIMIZERS)[first : first + 6])
        text = make_page(parse_scene(f"surface=rosenbrock()\nsteps=500\n{runs}"))
        assert len(text.encode()) <= MAX_PAGE_BYTES
        assert len(json.loads(ParsedPage(text).unpack("race"))["rules"]) == runs.count("run=")


def test_six_noisy_runs_fit_with_their_equations() -> None:
    runs = "".join(f"run={word}()\n" for word in SIX_OPTIMIZERS)
    race, _ = read_race(parse_scene(f"surface=himmelblau()\nsteps=500\nnoise=5\n{runs}"))
    assert len(race["rules"]) == 6


@pytest.fixture(name="bare_size")
def _bare_size() -> int:
    """The bytes of the page of `FAMILY` without its equations."""
    return len(make_page_without_equations(FAMILY).encode())


def test_equations_that_do_not_fit_are_left_out(monkeypatch: pytest.MonkeyPatch, bare_size: int) -> None:
    assert "There was no room" not in make_page(FAMILY)
    assert not read_race(FAMILY)[1]["unruled"]
    monkeypatch.setattr(race_html_page, "MAX_PAGE_BYTES", bare_size)
    text = make_page(FAMILY)
    assert len(text.encode()) == bare_size
    race, header = read_race(FAMILY)
    assert race["rules"] == {}
    assert header["unruled"] is True
    assert "There was no room" in text


def test_too_many_runs_are_refused(monkeypatch: pytest.MonkeyPatch, bare_size: int) -> None:
    monkeypatch.setattr(race_html_page, "MAX_PAGE_BYTES", bare_size - 120_000)
    with pytest.raises(UserError, match=r"one file of \d\.\d+ MB: it would be 0\.12 MB too large\. Use fewer runs or"):
        make_page_without_equations(FAMILY)


def test_typed_text_cannot_become_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = PRESETS["Newton or L-BFGS"]
    tags = [tag for tag, _ in ParsedPage(make_page(scene)).elements]
    monkeypatch.setattr(race_html_page, "write_scene", lambda _: HOSTILE)
    monkeypatch.setattr(race_html_page.display_names, "format_title", lambda _: HOSTILE)
    text = make_page(scene)
    page = ParsedPage(text)
    assert [tag for tag, _ in page.elements] == tags
    assert {*tags} == TAGS
    assert page.get_text("pre").strip() == HOSTILE
    assert HOSTILE in page.get_text("title")
    assert "hacked=1</script>" not in text


def test_a_formula_is_in_the_page_as_text() -> None:
    scene = parse_scene('surface=formula("max(x,-y) + x**2",x=(-1,2),y=(-1,2))\nsteps=9\nrun=sgd(lr=0.1)\n')
    page = ParsedPage(make_page(scene))
    assert 'formula("max(x,-y) + x**2"' in page.get_text("pre")
    assert "Your own function" in page.get_text("title")


def test_a_language_cannot_become_markup() -> None:
    with use_language("xss"):
        page = ParsedPage(make_page(PRESETS["Too long a step"]))
    assert {tag for tag, _ in page.elements} == TAGS
    assert "<img" in page.get_text("title")


def test_the_policy_allows_only_its_own_script_and_no_requests() -> None:
    text = make_page(PRESETS["Too long a step"])
    page = ParsedPage(text)
    scripts = [attrs for tag, attrs in page.elements if tag == "script"]
    assert [attrs.get("type") for attrs in scripts] == ["text/plain"] * 3 + ["module"]
    policy = next(
        attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = base64.b64encode(sha256(page.get_text("script", type="module").encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}' blob:"
    assert not any("http" in rule or "*" in rule or "unsafe-eval" in rule for rule in rules.values())
    assert not [attrs for _, attrs in page.elements if {"src", "href"} & {*attrs}]


def test_modules_can_be_loaded_in_order_of_their_imports() -> None:
    """By `from` and relative paths, without cycles: a module gets its URL after those that it imports."""
    modules = {name: code.decode() for name, code in page_files("race").items() if name.endswith(".js")}
    imports = {
        name: [normpath(f"{name}/../{other}") for other in re.findall(r' from "(\.[\w./-]+)"', code)]
        for name, code in modules.items()
    }
    for name, code in modules.items():
        stated = re.findall(r"^(?:import\b|export \{.* from )", code, re.MULTILINE)
        assert len(stated) == len(imports[name]), name
        assert not re.search(r"import\(\s*[\"'`]", code), name
    loaded: list[str] = []
    while ready := [name for name in imports if name not in loaded and {*imports[name]} <= {*loaded}]:
        loaded += ready
    assert {*loaded} == {*modules}


def test_a_scene_without_runs_has_a_page() -> None:
    page = ParsedPage(make_page(parse_scene("surface=beale()\nrun=none\n")))
    assert page.get_text("h1") == "Beale"


def test_the_page_is_in_the_visitors_language() -> None:
    with use_language("zh"):
        text = make_page(PRESETS["Too long a step"])
    assert '<html lang="zh">' in text
    stage = decode_binary_message(base64.b64decode(json.loads(ParsedPage(text).unpack("race"))["stage"]))[0]
    assert stage["labels"]["play"] != "Play"


def test_the_equations_are_those_of_the_race_page() -> None:
    scene = PRESETS["Newton or L-BFGS"]
    race, _ = read_race(scene)
    for run in scene.runs:
        sent = base64.b64decode(race["rules"][str(run.slot)])
        equations = get_run_equations(scene, run)
        assert sent == race_html_page.encode_equations(equations, id=race_html_page.PLAYER_ID, slot=run.slot)
