"""A visitor's own data on the page, in texts, links and files, without a browser."""

from dataclasses import replace
from itertools import product
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import app.session.race_url_sync
from app.compute import cached_simulation
from app.compute.suited_learning_rates import move_to_surface
from app.compute.surface_source_registry import SURFACE_SOURCES
from app.figures.landscape_figure import make_landscape
from app.figures.scatter_and_schedule_svg import draw_scatter
from app.model.data_source import (
    DATA,
    DATA_EXAMPLES,
    MODEL_NAMES,
    build_data_surface,
    change_data_argument,
    data_call,
    get_editable_rows,
    get_example_call,
    get_fit,
    read_pasted_table,
)
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Call, Run, UserError, optimizer_call
from app.panels.data_fields import EXAMPLE_KEY, FILE_KEY, MODEL_KEY, STANDARDIZED_KEY, TEXT_KEY, decode_file
from app.scene_text.reader import assemble_scene, parse_scene, read_scene
from app.scene_text.writer import MAX_LINK_CHARACTERS, list_link_parts, list_parts, write_query, write_scene
from optimizers.catalogue import OPTIMIZERS
from surfaces.datasets.table_parser import MAX_TABLE_CHARACTERS, rows_to_lines
from surfaces.datasets.table_surface import CLASSIFIERS, MODELS
from tests.support.app_pages import get_scene, make_long_data_call, open_popover, read_player_header, unfold, visit
from tests.support.app_pages import read_captions as captions
from tests.support.hostile_formulas import FIRST_OF_EACH_TRICK, HOSTILE, LARGE, is_as_quick_as, measure_peak_memory
from tests.support.hostile_tables import HOSTILE as TABLES
from tests.support.sampling import ONE_A_FAMILY, sample


@pytest.fixture
def data_page(page: AppTest) -> AppTest:
    page.selectbox("surface").set_value(DATA).run()
    assert not page.exception
    return page


def pastes(page: AppTest, text: str) -> None:
    page.text_area(TEXT_KEY).set_value(text).run()
    assert not page.exception


# ---- the page


def test_it_begins_with_an_example_and_a_place_to_paste(data_page: AppTest) -> None:
    assert get_scene(data_page).surface == get_example_call("line")
    assert data_page.text_area(TEXT_KEY).value.startswith("speed,distance\n4,2\n")
    assert "50 rows" in captions(data_page) and "condition number there is 2572" in captions(data_page)
    assert read_player_header(data_page)["surface"] == "Your own data"
    assert all(run["length"] > 10 for run in read_player_header(data_page)["runs"])


@pytest.mark.parametrize("which", range(len(DATA_EXAMPLES)))
def test_every_example_runs_and_is_what_its_text_and_its_link_say(data_page: AppTest, which: int) -> None:
    data_page.selectbox(EXAMPLE_KEY).set_value(which).run()
    now = get_scene(data_page)
    assert now.surface["model"] == DATA_EXAMPLES[which].model == data_page.selectbox(MODEL_KEY).value
    assert parse_scene(write_scene(now)) == now
    assert assemble_scene(parse_qsl(write_query(now))) == (now, ())
    assert all(run["length"] > 10 for run in read_player_header(data_page)["runs"])


def test_what_is_pasted_is_fitted_and_stays_as_it_was_typed(data_page: AppTest) -> None:
    typed = "# mine\nu; v\n1;2,5\n3;4\n\n4; 4,5\n"
    pastes(data_page, typed)
    assert get_scene(data_page).surface["rows"] == "u,v;1,2.5;3,4;4,4.5"
    assert data_page.text_area(TEXT_KEY).value == typed
    assert "3 rows" in captions(data_page) and "“v” = w · “u” \\+ b" in captions(data_page)
    before = get_scene(data_page)
    pastes(data_page, "u,v\n1,2.5\n3,4\n4,4.5 ")
    assert get_scene(data_page) == before, "the same data are no change"
    data_page.button("undo").click().run()
    assert get_scene(data_page).surface == get_example_call("line")
    assert data_page.text_area(TEXT_KEY).value == get_editable_rows(get_example_call("line"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("1,2\n3,4\n5,abc", "Line 3\\: “abc” is not a number"), ("", "no data yet"), ("1,nan\n2,3", "“nan”"),
     ("3,1\n3,2", "All rows have the same x"), ("1,2\n" * 2001, "more than 2,000 rows"),
     ("x" * 250_000, "200,000 characters"), ("\x00", "does not occur in text"), ("1,2,no\n2,3,yes\n0,1,no", "3 cells")],
)  # fmt: skip
def test_an_invalid_table_is_reported_and_nothing_is_lost(data_page: AppTest, typed: str, sentence: str) -> None:
    before = get_scene(data_page)
    pastes(data_page, typed)
    assert get_scene(data_page) == before
    assert data_page.text_area(TEXT_KEY).value == typed
    assert sentence in captions(data_page) and ":red[" in captions(data_page)
    unfold(data_page, "more")
    unfold(data_page, DATA)
    assert data_page.text_area(TEXT_KEY).value == typed, "though it was folded away"
    assert sentence in captions(data_page)
    pastes(data_page, "1,2\n3,5")
    assert get_scene(data_page).surface["rows"] == "1,2;3,5"
    assert ":red[" not in captions(data_page)


def test_another_model_takes_the_data_that_it_can_use(data_page: AppTest) -> None:
    data_page.selectbox(MODEL_KEY).set_value("logistic").run()
    assert get_scene(data_page).surface == get_example_call("logistic"), "distances are no classes"
    data_page.selectbox(MODEL_KEY).set_value("svm").run()
    assert get_scene(data_page).surface["rows"] == get_example_call("logistic")["rows"]
    data_page.selectbox(MODEL_KEY).set_value("line").run()
    pastes(data_page, "1,2,no\n2,3,yes\n0,1,no\n4,1,yes")
    assert "3 cells" in captions(data_page)
    data_page.selectbox(MODEL_KEY).set_value("logistic").run()
    assert get_scene(data_page).surface["rows"] == "_1,_2,0 no 1 yes;1,2,0;2,3,1;0,1,0;4,1,1", "what was typed fits now"
    assert ":red[" not in captions(data_page)
    data_page.selectbox(MODEL_KEY).set_value("line").run()
    pastes(data_page, "1,2\nabc,3")
    data_page.selectbox(MODEL_KEY).set_value("neuron").run()
    assert "“abc”" in captions(data_page) and data_page.text_area(TEXT_KEY).value == "1,2\nabc,3"


def test_standardizing_is_a_choice_and_is_described(data_page: AppTest) -> None:
    data_page.toggle(STANDARDIZED_KEY).set_value(True).run()
    assert get_scene(data_page).surface["standardized"] is True
    assert "condition number there is 1\\." in captions(data_page)
    assert "In the units of the table\\: “distance” = 3\\.932 · “speed” \\+ −17\\.58" in captions(data_page)
    pastes(data_page, "year,t\n1990,14.1\n1991,14.2\n1992,14.2")
    assert get_scene(data_page).surface["standardized"] is True, "as they are they make no picture"
    data_page.toggle(STANDARDIZED_KEY).set_value(False).run()
    pastes(data_page, "1000000,1\n1000001,2\n1000003,3")
    assert get_scene(data_page).surface["standardized"] is True
    before = get_scene(data_page)
    data_page.toggle(STANDARDIZED_KEY).set_value(False).run()
    assert get_scene(data_page) == before and "differ too much for a picture" in captions(data_page)


def test_minibatches_have_a_slider_and_epochs(data_page: AppTest) -> None:
    unfold(data_page, "more", DATA)
    data_page.slider("surface.batch_size").set_value(10).run()
    assert get_scene(data_page).surface["batch_size"] == 10
    assert read_player_header(data_page)["epoch"] == 5
    pastes(data_page, "1,2\n3,4\n5,7")
    assert get_scene(data_page).surface["batch_size"] == 10, "it is kept"
    data_page.slider("surface.seed").set_value(3).run()
    assert parse_scene(write_scene(get_scene(data_page))) == get_scene(data_page)


def test_separable_classes_are_reported(data_page: AppTest) -> None:
    data_page.selectbox(MODEL_KEY).set_value("logistic").run()
    pastes(data_page, "1,no\n2,no\n3,yes\n4,yes")
    assert "its minimum is at infinity" in captions(data_page)
    assert not build_data_surface(get_scene(data_page).surface).minima
    data_page.selectbox(MODEL_KEY).set_value("svm").run()
    assert "the loss is 0 in a whole region" in captions(data_page)


@pytest.mark.parametrize(
    "content", [b"a;b\n1;2,5\n3;4", b"\xef\xbb\xbfa;b\r\n1;2,5\r\n3;4\r\n", "a\tb\n1\t2,5\n3\t4".encode("utf-16"),
                "gr\u00f6\u00dfe;b\n1;2,5\n3;4".encode("latin-1")],
)  # fmt: skip
def test_a_file_is_read_as_spreadsheets_write_it(data_page: AppTest, content: bytes) -> None:
    data_page.file_uploader(FILE_KEY).upload("mine.csv", content, "text/csv").run()
    assert not data_page.exception
    assert get_scene(data_page).surface["rows"].endswith(",b;1,2.5;3,4")


def test_a_file_with_a_mistake_can_be_mended_in_the_field(data_page: AppTest) -> None:
    before = get_scene(data_page)
    data_page.file_uploader(FILE_KEY).upload("mine.csv", b"1,2\n3,x\n", "text/csv").run()
    assert get_scene(data_page) == before
    assert data_page.text_area(TEXT_KEY).value == "1,2\n3,x\n"
    assert "Line 2\\: “x” is not a number" in captions(data_page)
    pastes(data_page, "1,2\n3,4\n")
    assert get_scene(data_page).surface["rows"] == "1,2;3,4"


@pytest.mark.parametrize("content", [b"\x00" * 1000, b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b""])
def test_a_file_that_is_no_text_is_refused(data_page: AppTest, content: bytes) -> None:
    before = get_scene(data_page)
    data_page.file_uploader(FILE_KEY).upload("mine.csv", content, "text/csv").run()
    assert not data_page.exception
    assert get_scene(data_page) == before and ":red[" in captions(data_page)
    assert isinstance(decode_file(content), str)


@pytest.mark.parametrize(
    ("word", "model"),
    sample(product(OPTIMIZERS, MODELS), lambda word, model: model == "line" or word in ONE_A_FAMILY),
)
def test_every_optimizer_runs_on_it(word: str, model: str) -> None:
    there = replace(
        move_to_surface(DEFAULT_SCENE, change_data_argument(get_example_call(model), "batch_size", 5)), steps=8
    )
    ran = cached_simulation.simulate_run(there, Run(0, optimizer_call(word)))
    assert ran.verdict.sentence
    assert make_landscape(build_data_surface(there.surface))["box"]


# ---- texts, links and files


@st.composite
def calls(draw: st.DrawFn) -> Call:
    model = draw(st.sampled_from(sorted(MODELS)))
    number = st.floats(-1, 1) | st.integers(-1, 1).map(float)
    inputs = draw(st.integers(1, 2)) if model in CLASSIFIERS else 1
    rows = draw(st.lists(st.tuples(*[number] * (inputs + 1)), min_size=2, max_size=9))
    rows = [(*row[:-1], float(k % 2)) for k, row in enumerate(rows)] if model in CLASSIFIERS else rows
    names = draw(st.just("") | st.sampled_from(["a,b\n", "gr\u00f6\u00dfe & co,100 %\n", "x|y,<b>\n", "速度,距离\n"]))
    head = names if inputs == 1 else names.replace("\n", ",kind\n")
    try:
        small = ((0.0 if abs(cell) < 1e-9 else cell for cell in row) for row in rows)
        call = read_pasted_table(model, head + "\n".join(",".join(map(repr, row)) for row in small))
        return change_data_argument(
            change_data_argument(call, "batch_size", draw(st.integers(0, 200))), "seed", draw(st.integers(0, 99))
        )
    except UserError:
        return get_example_call(model)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls(), st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
def test_a_scene_with_data_is_what_its_text_and_its_link_say(call, start):
    now = replace(DEFAULT_SCENE, surface=call, start=start)
    assert parse_scene(write_scene(now)) == now
    assert list_link_parts(now) == list_parts(now)
    assert parse_scene(f"https://example.org/descent/?{write_query(now)}#top") == now
    assert assemble_scene(parse_qsl(write_query(now))) == (now, ())


def test_two_thousand_rows_are_in_the_text_and_not_in_the_link():
    table = "\n".join(f"{1 / (k + 3)!r},{-1 / (k + 7)!r}" for k in range(2000))
    now = replace(DEFAULT_SCENE, surface=read_pasted_table("line", table))
    assert parse_scene(write_scene(now)) == now
    assert len(write_query(now)) < 200 < MAX_LINK_CHARACTERS < len(write_scene(now))
    other, faults = read_scene(f"?{write_query(now)}")
    assert [fault.replacement for fault in faults] == ["an example"]
    assert "too long for this link" in faults[0].reason and other.surface == get_example_call("line")


def test_data_of_the_longest_spelling_have_room():
    table = "\n".join(f"{-1 / (k + 3) ** 3!r},{-1 / (k + 7) ** 3!r},{k % 2}" for k in range(2000))
    now = replace(DEFAULT_SCENE, surface=read_pasted_table("logistic", table))
    assert len(now.surface["rows"]) < MAX_TABLE_CHARACTERS
    assert parse_scene(write_scene(now)) == now


@pytest.mark.parametrize(
    ("value", "fault", "why", "instead"),
    [
        ('data("line","1,2;2,x")', 'surface=data("line","1,2;2,x")', "Line 2: “x” is not a number.", "ravine()"),
        ('data("tree","1,2;2,3")', 'surface=data("tree","1,2;2,3")', "A model is one of", "ravine()"),
        ('data("line")', 'surface=data("line")', "Data are written like", "ravine()"),
        ("data()", "surface=data()", "Data are written like", "ravine()"),
        ("data", "surface=data", "Data are written like", "ravine()"),
        ('data("line","1,2;2,3",7)', 'surface=data("line","1,2;2,3",7)', "named arguments only", "ravine()"),
        ('data("line","1,2;2,3",batch_size=999)', "batch_size=999", "from 0 to 200", "batch_size=0"),
        ('data("line","1,2;2,3",standardized=1)', "standardized=1", "either on or off", "standardized=False"),
        ('data("line","1,2;2,3",foo=1)', "foo=1", "data has no “foo”", "nothing"),
        ("data(line,rows=9,mark=1)", "surface=data(line,rows=9,mark=1)", "too long for this link", "an example"),
    ],
)
def test_damaged_data_are_reported_and_a_default_is_shown(value, fault, why, instead):
    now, faults = assemble_scene([("surface", value), ("seed", "3")])
    assert [(f.text, f.replacement) for f in faults] == [(fault, instead)]
    assert why in faults[0].reason and now.seed == 3
    assert parse_scene(write_scene(now)) == now


PLACES = ('data("line","{}")', 'data("logistic","{}")', 'data("{}","1,2;3,4")', 'data("line","1,2;3,4",{})', "data({})",
          'data("line","{},b;1,2;3,4")', 'data("line","1,2;3,{}")')  # fmt: skip


@pytest.mark.parametrize(
    "hostile", sample([code for _, code in HOSTILE], FIRST_OF_EACH_TRICK.__contains__) + list(TABLES.values())
)
def test_hostile_tables_are_faults_or_plain_text(hostile):
    """In every place of the data: as quickly as 34 common formulas, with memory flat, and the rest stands."""
    value = hostile.replace("\n", ";").replace("\r", " ")

    def is_read() -> None:
        for place in PLACES:
            now, _ = assemble_scene([("surface", place.replace("{}", value)), ("seed", "3")])
            assert now.seed == 3
            assert parse_scene(write_scene(now)) == now

    if len(hostile) > LARGE:
        assert measure_peak_memory(is_read) < 2e7, "a text of a million characters is looked at, not copied many times"
    assert is_as_quick_as(len(PLACES) * 34, is_read)


@pytest.mark.parametrize("said", ["surface=data(" + "1" * 300_000, "a=b\n" * 9000 + 'surface=data("line","1,2;2,3")'])
def test_only_data_may_be_longer_than_a_scene(said):
    with pytest.raises(UserError, match="20000 characters"):
        read_scene(said)


def test_data_too_long_for_the_link_are_reported_and_found_again(monkeypatch):
    page = visit(("surface", SURFACE_SOURCES[DATA].write(get_example_call("line"))))
    page.session_state["session"].scene = now = replace(move_to_surface(DEFAULT_SCENE, make_long_data_call()), steps=33)
    page.run()
    address = [(name, value) for name, value in page.query_params.items()]
    assert dict(address)["surface"][0].startswith("data(line,rows=400,mark=")
    open_popover(page, "share")
    assert "it leaves them out" in captions(page)
    page.session_state["share"] = True
    assert page.text_area(key="scene_text").value == write_scene(now)
    monkeypatch.setattr(app.session.race_url_sync, "is_history_navigation", lambda: True)
    page.session_state["session"].scene = DEFAULT_SCENE
    page.session_state["session"].past = (now,)
    page.session_state["session"].urls["race"] = {}
    page.run()
    assert get_scene(page) == now, "back in the same visit the data are there"
    again = visit(*list_link_parts(now))
    assert "too long for this link" in " ".join(markdown.value for markdown in again.markdown)
    assert get_scene(again).surface == get_example_call("line")


def test_the_picture_has_text_as_text():
    found = get_fit(read_pasted_table("line", '"<img src=x onerror=alert(1)>";b&c\n1;2\n3;4'))
    x, y = zip(*found.table.rows, strict=True)
    html = draw_scatter(
        np.array(x), np.array(y), np.array([False, True]), np.array((x, y)), found.table.names, "<a> & b"
    )
    assert "<img" not in html and "&lt;img" in html and 'aria-label="&lt;a&gt; &amp; b"' in html
    assert html.count("<i ") == 3 and "nan" not in html


def test_every_model_has_a_name_and_an_example():
    assert MODEL_NAMES.keys() == MODELS.keys() == {each.model for each in DATA_EXAMPLES}
    for each in DATA_EXAMPLES:
        assert data_call(each.model, each.rows)["rows"] == each.rows
        assert read_pasted_table(each.model, rows_to_lines(each.rows))["rows"] == each.rows
