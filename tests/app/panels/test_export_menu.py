"""The Export popover: what it offers of the scene that is shown, without a browser."""

import pytest

from app.export import race_html_page
from app.export.repository_script import make_script
from app.export.torch_or_scipy_script import make_standalone_script
from app.model.presets import PRESETS
from app.model.scene import UserError
from app.scene_text.writer import list_parts
from tests.support.app_pages import Page, get_scene, open_popover, visit


def export(*pairs: tuple[str, str], kind: str = "Python") -> Page:
    page = visit(*pairs)
    page.session_state["export"] = True
    page.session_state["export_as"] = kind
    page.run()
    assert not page.exception
    return page


def captions(page: Page) -> str:
    return " ".join(caption.value for caption in page.caption)


def codes(page: Page) -> list[str]:
    return [f"{code.value}\n" for code in page.code]


def test_nothing_is_made_while_it_is_closed():
    assert not codes(visit())


def test_what_runs_alone_is_offered_first_and_what_needs_descents_code_says_so():
    page = visit(("run", "adam()"))
    open_popover(page, "export")
    assert codes(page) == [make_standalone_script(get_scene(page), get_scene(page).runs[0]).text]
    assert "ask whoever runs this page" in captions(export(kind="Python"))


def test_the_script_of_the_scene_is_there_to_copy_and_to_save_and_follows_its_changes():
    page = export()
    assert codes(page) == [make_script(get_scene(page))]
    page.session_state["export"] = True
    page.text_input(key="steps").set_value("77").run()
    open_popover(page, "export")
    assert get_scene(page).steps == 77
    assert codes(page) == [make_script(get_scene(page))]


def test_the_second_script_is_of_the_run_that_is_chosen():
    page = export(("run", "adam()"), ("run", "look(scipy_lbfgsb(),colour=9)"), kind="PyTorch or SciPy")
    now = get_scene(page)
    assert codes(page) == [make_standalone_script(now, now.runs[0]).text]
    assert "PyTorch" in captions(page)
    assert "chaotic" not in captions(page)
    page.session_state["export"] = True
    page.session_state["export_as"] = "PyTorch or SciPy"
    page.selectbox(key="export_run").set_value(8).run()
    assert codes(page) == [make_standalone_script(now, now.runs[1]).text]
    assert "SciPy" in captions(page)


def test_a_run_that_is_chosen_and_then_removed_is_the_first_again():
    page = export(("run", "adam()"), ("run", "sgd()"), kind="PyTorch or SciPy")
    now = get_scene(page)
    for key in ("export", "export_as", "export_run"):
        page.session_state[key] = {"export": True, "export_as": "PyTorch or SciPy", "export_run": 1}[key]
    page.run()
    assert codes(page) == [make_standalone_script(now, now.runs[1]).text]
    page.session_state["session"].scene = now.remove_run(1)
    page.session_state["export_as"] = "PyTorch or SciPy"
    open_popover(page, "export")
    assert not page.exception
    assert codes(page) == [make_standalone_script(now, now.runs[0]).text]


@pytest.mark.parametrize(
    "run, told",
    [
        ("newton()", "neither PyTorch nor SciPy"),
        ("none", "There is no run yet"),
        ("momentum(lr=cosine())", "units of the gradient"),
    ],
)
def test_where_there_is_no_second_script_it_says_why(run, told):
    page = export(("run", run), kind="PyTorch or SciPy")
    assert not codes(page)
    assert told in captions(page).replace("\\", "")


def test_a_chaotic_run_is_reported_to_end_elsewhere():
    page = export(
        ("surface", "rosenbrock()"), ("steps", "200"), ("run", "rmsprop(decay_rate=0.97,eps=1e-4,lr=0.03)"),
        kind="PyTorch or SciPy",
    )  # fmt: skip
    assert codes(page)
    assert "chaotic" in captions(page)


def test_corners_ordered_by_rounding_are_reported_to_end_elsewhere():
    scene_of = (("surface", "mccormick()"), ("run", "nelder_mead()"))
    assert "rounding errors decide" in captions(export(*scene_of, ("steps", "140"), kind="PyTorch or SciPy"))
    assert "rounding errors" not in captions(export(*scene_of, ("steps", "20"), kind="PyTorch or SciPy"))


@pytest.mark.parametrize("word", PRESETS)
def test_every_prepared_scene_has_its_script_and_a_second_one_or_the_reason_why_not(word):
    page = export(*list_parts(PRESETS[word]))
    now = get_scene(page)
    assert codes(page) == [make_script(now)]
    page = export(*list_parts(PRESETS[word]), kind="PyTorch or SciPy")
    try:
        text, told = [make_standalone_script(now, now.runs[0]).text], "it ends at the same point"
    except UserError as reason:
        text, told = [], str(reason)
    assert codes(page) == text
    assert told in captions(page).replace("\\", "")


def files(page: Page) -> list[str]:
    return [button.label for button in page.get("download_button")]


def test_data_and_a_page_are_offered_and_made_only_when_they_are_asked_for(monkeypatch):
    made = []
    for maker in ("csv_and_json.as_csv", "csv_and_json.as_json", "race_html_page.make_page"):
        monkeypatch.setattr(f"app.panels.download_buttons.{maker}", lambda _, maker=maker: made.append(maker))
    assert files(export(kind="Data")) == ["Save as race.csv", "Save as race.json"]
    assert files(export(kind="Web page")) == ["Save as race.html"]
    assert not made


def test_where_no_run_is_on_there_are_no_numbers_but_a_page():
    off = ("run", "look(adam(),on=False)")
    page = export(off, kind="Data")
    assert not files(page)
    assert "No run is on" in captions(page)
    assert files(export(off, kind="Web page")) == ["Save as race.html"]


def test_a_race_too_long_for_a_page_is_reported(monkeypatch):
    monkeypatch.setattr(race_html_page, "MAX_PAGE_BYTES", 1_000_000)  # less than Plotly takes
    page = export(("surface", "bowl()"), ("steps", "7"), kind="Web page")
    assert not files(page)
    assert "Use fewer runs or fewer steps" in captions(page).replace("\\", "")


@pytest.mark.parametrize("word", PRESETS)
def test_every_prepared_scene_can_be_kept(word):
    assert len(files(export(*list_parts(PRESETS[word]), kind="Data"))) == 2
    assert len(files(export(*list_parts(PRESETS[word]), kind="Web page"))) == 1
