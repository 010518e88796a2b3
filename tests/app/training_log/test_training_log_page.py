"""The page of a visitor's own log: what it draws and says, which column is what, and what it refuses."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.session.visit_backup import COMPONENT_KEY as VISIT
from app.training_log.log_scene import LogScene
from app.training_log.sidebar_fields import SAMPLE_FILE
from optimizers.training.log_reader import MAX_LOG_BYTES, MAX_ROWS
from surfaces.datasets.table_parser import DataError
from tests.support.app_pages import HOME, find_component, open_page, read_captions, switch_page
from tests.support.binary_messages import decode_binary_message
from tests.support.hostile_tables import HOSTILE

GOOD = "epoch,loss,val_loss,acc\n" + "".join(
    f"{k},{2 / k:.4f},{2.2 / k:.4f},{100 - 50 / k:.2f}\n" for k in range(1, 13)
)
STEPS = "".join(json.dumps({"step": 10 * k, "loss": 2 / k, "update_ratio": 1e-3 / k}) + "\n" for k in range(1, 40))


def open_log(text: str = "") -> AppTest:
    page = open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "training-log")
    return paste(page, text) if text else page


def paste(page: AppTest, text: str) -> AppTest:
    page.text_area(key="log.text").set_value(text).run()
    assert not page.exception
    return page


def read_message(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    header, arrays = decode_binary_message(find_component(page, "descent_trainings").bytes)
    return header, arrays


def has_picture(page: AppTest) -> bool:
    return any(e.proto.component_name.endswith("descent_trainings") for e in page.get("bidi_component"))


def find_refusals(page: AppTest) -> str:
    """The red sentences, without the one that a style sheet hides unless the browser refuses a file."""
    red = [caption.value.replace("\\", "") for caption in page.caption if caption.value.startswith(":red[")]
    return " ".join(text for text in red if "at most 2\N{NO-BREAK SPACE}MB. Keep" not in text)


def test_before_there_is_a_log_the_page_says_what_to_do_and_that_nothing_is_kept() -> None:
    page = open_log()
    assert not has_picture(page) and "try the sample" in read_captions(page)
    assert any("not stored, not sent anywhere, and not in the link" in text.value for text in page.markdown)


@pytest.mark.parametrize("button", ["log.sample", "log.sample_here"])
def test_one_click_shows_the_sample_and_what_its_curves_say(button: str) -> None:
    """In the panel, and where the picture will be: on a phone the panel is out of sight."""
    page = open_log()
    page.button(key=button).click().run()
    header, arrays = read_message(page)
    rows = [line.split(",") for line in SAMPLE_FILE.read_text(encoding="utf-8").splitlines()[1:]]
    np.testing.assert_array_equal(arrays["epoch0"], np.arange(1, 61))
    np.testing.assert_allclose(arrays["training_loss0"], [float(row[1]) for row in rows], rtol=1e-6)
    np.testing.assert_allclose(arrays["validation_accuracy0"], [100 * float(row[4]) for row in rows], rtol=1e-6)
    fault = next(reading["sentence"] for reading in header["readings"] if reading["fault"])
    assert "12.2 points higher on training than on validation. How sure" in fault, "a log has no standard errors"
    assert any(reading["thin"] and "minibatches are missing" in reading["sentence"] for reading in header["readings"])
    assert not any(reading["can_mend"] for reading in header["readings"])
    assert header["epochs"] == 60 and header["record"] and header["state"] == "done"
    assert "ratios" not in arrays and "step_loss0" not in arrays


def test_the_lines_of_an_epoch_are_drawn_beside_their_mean() -> None:
    text = "epoch,loss\n" + "".join(f"{e},{3 / e + 0.1 * (k - 2):.3f}\n" for e in range(1, 6) for k in range(5))
    header, arrays = read_message(open_log(text))
    assert header["labels"]["loss_help"].startswith("Thin: each line of the log.")
    np.testing.assert_allclose(arrays["training_loss0"], [3 / e for e in range(1, 6)], atol=1e-3)
    assert len(arrays["step_loss0"]) == 25 and arrays["step_epoch0"][-1] == pytest.approx(4.8)


def test_a_log_by_steps_has_an_axis_of_steps_and_its_ratios() -> None:
    header, arrays = read_message(open_log(STEPS))
    assert header["labels"]["epochs"] == "steps" and header["epochs"] == 390
    np.testing.assert_allclose(arrays["ratios"], [1e-3 / k for k in range(1, 40)], rtol=1e-6)
    assert header["definitions"] == 1 and len(header["blocks"]) == 1
    assert "validation_loss0" not in arrays and "training_accuracy0" not in arrays


def test_a_column_can_be_given_another_role_or_none_and_that_is_undone() -> None:
    page = open_log(GOOD.replace("val_loss", "fehler"))
    assert page.selectbox(key="log.role.validation_loss").value == ""
    assert "validation_loss0" not in read_message(page)[1]
    page.selectbox(key="log.role.validation_loss").set_value("fehler").run()
    np.testing.assert_allclose(read_message(page)[1]["validation_loss0"], [2.2 / k for k in range(1, 13)], atol=1e-4)
    page.selectbox(key="log.role.training_loss").set_value("").run()
    assert "training_loss0" not in read_message(page)[1]
    page.button(key="undo").click().run()
    assert "training_loss0" in read_message(page)[1]
    for role in ("training_loss", "validation_loss", "training_accuracy"):
        page.selectbox(key=f"log.role.{role}").set_value("").run()
    assert not has_picture(page) and "No column of this log is a loss or an accuracy" in find_refusals(page)
    page.selectbox(key="log.role.validation_accuracy").set_value("acc").run()
    np.testing.assert_allclose(read_message(page)[1]["validation_accuracy0"][0], 50.0)


BAD = {
    "words": ("This is my log.\nIt has no numbers.\n", "No column of this log has a number"),
    "one line": ("epoch,loss\n", "no line of numbers"),
    "no numbers": ("epoch,loss\na,b\nc,d\n", "No column of this log has a number"),
    "only nan": ("epoch,loss\nnan,nan\nnan,nan\n", "No column of this log has a number"),
    "commas as points": ("epoch,loss\n1,0,5\n2,0,4\n3,0,3\n", "A comma as the decimal point needs semicolons"),
    "torn JSON": ('{"epoch": 1,\n{"epoch": 2,\n{"epo\n', "each line must be one object"),
    "an array that is none": ("[1, 2", "begins like a JSON array"),
    "too many lines": ("loss\n" + "1\n" * (MAX_ROWS + 1), f"at most {MAX_ROWS:,} lines"),
    "zeros": ("a\x00b", "This is not text"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_at_its_field_and_the_picture_stays(name: str) -> None:
    text, reason = BAD[name]
    page = open_log(GOOD)
    before = read_message(page)[0]["job_id"]
    paste(page, text)
    assert reason in find_refusals(page)
    assert read_message(page)[0]["job_id"] == before and page.session_state["training_log"].scene.text == GOOD
    paste(page, GOOD.replace("2.0000", "1.9"))
    assert not find_refusals(page) and read_message(page)[0]["job_id"] != before


@pytest.mark.parametrize(
    "text, note, refusal",
    [
        ("epoch,loss,loss\n1,2,3\n2,1,2\n", "Two columns have the name “loss”", ""),
        ("epoch;loss\n1;0,5\n2;0,4\n", "", ""),
        ("epoch,loss\n1,2.5\n2,nan\n3,1.5\n", "", ""),
        ("epoch,loss,acc\n1,2.5,55%\n2,2.4,60%\n", "“acc” is read as a percentage", ""),
        ("loss\n2.5\n", "There is no column of epochs", ""),
        ("1,2\n2,3\n", "the columns have no names", "assign one of"),
        ("epoch,loss\n1,2\n2,3,4\n3,1\n", "Line 3 has 3 cells, but the first line has 2", ""),
    ],
)  # fmt: skip
def test_what_is_odd_is_read_with_a_note(text: str, note: str, refusal: str) -> None:
    page = open_log(text)
    assert refusal in find_refusals(page) if refusal else not find_refusals(page)
    assert note in read_captions(page).replace("\\", "")
    page.run()
    assert page.session_state["training_log"].scene.text == text


def test_a_file_is_read_and_a_bad_one_leaves_the_log_as_it_is() -> None:
    page = open_log(GOOD)
    page.file_uploader(key="log.file").set_value([("mine.jsonl", STEPS.encode(), "text/plain")]).run()
    header, _ = read_message(page)
    assert header["trainings"][0]["name"] == "mine.jsonl" and "39 lines" in header["title"]
    page.file_uploader(key="log.file").set_value([("photo.csv", b"\x89PNG\x00\x00", "image/png")]).run()
    assert "This is not text" in find_refusals(page)
    assert read_message(page)[0]["trainings"][0]["name"] == "mine.jsonl"


def test_a_file_that_is_too_long_is_refused_with_its_limit() -> None:
    with pytest.raises(DataError, match="at most 2 MB"):
        LogScene().with_text("1,2\n" * (MAX_LOG_BYTES // 4 + 1))


def test_the_log_is_neither_in_the_address_nor_in_the_browsers_copy() -> None:
    page = open_log(GOOD)
    assert "language" not in page.query_params and not dict(page.query_params)
    sent = [e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith("descent_visit")]
    assert sent and "val_loss" not in sent[0].json and VISIT
    switch_page(page, "about").run()
    switch_page(page, "training-log").run()
    assert has_picture(page), "it is there as long as the visit lasts"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_text_is_a_sentence_or_a_picture(text: str) -> None:
    scene = LogScene()
    try:
        report = scene.with_text(text).report
    except DataError:
        return
    assert (report.curves is None) == (report.fault is not None)
    assert str(report.fault).strip() if report.fault else len(report.curves.epochs) > 0
