"""Logs as other programs write them: their columns are recognised, and what cannot be read is said."""

import json
import re

import numpy as np
import pytest

from optimizers.training import log_reader
from optimizers.training.all_readings import read_training
from optimizers.training.log_columns import recognize_column
from optimizers.training.log_reader import MAX_LOG_BYTES, TrainingLog, read_log
from optimizers.training.reading import ReadingKind
from surfaces.datasets.table_parser import DataError
from tests.support.hostile_tables import HOSTILE

KERAS = "epoch,accuracy,loss,val_accuracy,val_loss\n" + "\n".join(
    f"{k},{1 - 0.5**k:.4f},{2 * 0.6**k:.4f},{0.9 - 0.5**k:.4f},{2 * 0.7**k:.4f}" for k in range(10)
)
EUROPEAN = KERAS.replace(",", ";").replace(".", ",")
HUGGING_FACE = "\n".join(
    line
    for k in range(1, 9)
    for line in (
        *(json.dumps({"loss": 2 / (k + j / 5), "epoch": k - 1 + j / 5, "step": 5 * (k - 1) + j}) for j in range(1, 6)),
        json.dumps({"eval_loss": 2.5 / k, "eval_accuracy": 0.1 * k, "epoch": float(k), "step": 5 * k}),
    )
)
ALL = {"epoch", "training_loss", "validation_loss", "training_accuracy", "validation_accuracy"}


@pytest.mark.parametrize("text", [KERAS, EUROPEAN, KERAS.replace(",", "\t"), KERAS.replace(",", "  "),
                                  "\ufeff" + KERAS, KERAS.replace("\n", "\r\n"), "# a comment\n" + KERAS],
                         ids=["commas", "decimal commas", "tabs", "blanks", "mark", "CRLF", "comment"])  # fmt: skip
def test_the_same_log_in_other_spellings(text: str) -> None:
    log = read_log(text)
    assert set(log.assignment) == ALL
    assert log.notes == ()
    curves = log.curves()
    assert curves.epochs.tolist() == list(range(10))
    np.testing.assert_allclose(curves.training_loss, [round(2 * 0.6**k, 4) for k in range(10)])
    np.testing.assert_allclose(curves.validation_accuracy, [round(0.9 - 0.5**k, 4) for k in range(10)])
    assert read_log(text.encode()).assignment == log.assignment
    assert ReadingKind.OVERFITTING in {reading.kind for reading in read_training(curves)}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("epoch", "epoch"), ("Epoch", "epoch"), ("global_step", "step"), ("iteration", "step"),
        ("loss", "training_loss"), ("trainLoss", "training_loss"), ("train/loss", "training_loss"),
        ("Training cost", "training_loss"), ("val_loss", "validation_loss"), ("eval/loss", "validation_loss"),
        ("validation.cross_entropy", "validation_loss"), ("test-nll", "validation_loss"),
        ("acc", "training_accuracy"), ("Train Accuracy (%)", "training_accuracy"), ("valid acc", "validation_accuracy"),
        ("val_acc1", "validation_accuracy"), ("update_ratio", "update_ratio"), ("update:weight ratio", "update_ratio"),
        ("验证损失", "validation_loss"), ("训练准确率", "training_accuracy"), ("轮次", "epoch"),
        ("lr", None), ("time", None), ("lossless", None), ("", None),
    ],
)  # fmt: skip
def test_columns_are_recognised_by_their_names(name: str, role: str | None) -> None:
    assert recognize_column(name) == role


def test_lines_of_steps_and_of_epochs_in_one_log() -> None:
    curves = read_log(HUGGING_FACE).curves()
    assert curves.epochs.tolist() == list(range(1, 9))
    assert len(curves.step_loss) == 40
    assert curves.step_epochs[-1] == 8
    np.testing.assert_allclose(curves.validation_loss, [2.5 / k for k in range(1, 9)])
    assert curves.training_loss[0] == pytest.approx(np.mean([2 / (1 + j / 5) for j in range(1, 6)]))
    nested = '{"epoch": 1, "train": {"loss": 2, "acc": "45 %"}}\n{"epoch": 2, "train": {"loss": 1.5, "acc": "55%"}}'
    log = read_log(nested)
    assert log.assignment["training_loss"] == "train.loss"
    assert log.curves().training_accuracy.tolist() == [0.45, 0.55]
    assert "read as a percentage" in log.notes[0]
    assert read_log(f"[{nested.replace(chr(10), ',')}]").curves().epochs.tolist() == [1, 2]


def test_a_torn_last_line_is_left_out() -> None:
    log = read_log("\n".join(f'{{"step": {k}, "loss": {1 / k}}}' for k in range(1, 30)) + '\n{"step": 30, "lo')
    assert len(log.columns["loss"]) == 29
    assert any("line 30" in note for note in log.notes)
    assert any("no column of epochs" in note for note in log.notes)


JSON_LINES = [f'{{"step": {k}, "loss": {1 / k}}}' for k in range(1, 30)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("epoch,loss\n1,2\n2,1,7\n3,1", 3),
        ("1,2\n2,1,7\n3,1", 2),  # without names
        ("# run 7\n\nepoch,loss\n# warm\n1,2\n\n2,1,7\n3,1", 7),
        ("\n\n\nepoch,loss\r\n1,2\r\n2,1,7\r\n3,1", 6),
        ('epoch,loss,"a\nname"\n1,2,3\n2,1\n3,1,2', 4),
        ("\n\n" + "\n\n".join(JSON_LINES) + "\n{torn", 60),
    ],
    ids=["plain", "no names", "comments", "blank lines first", "a cell of two lines", "JSON"],
)
def test_a_note_has_the_number_that_the_line_has_in_the_text(text: str, line: int) -> None:
    assert ("torn" if "torn" in text else "2,1") in text.splitlines()[line - 1]
    notes = read_log(text).notes
    assert any(re.search(rf"[Ll]ine {line}\b", note) for note in notes), notes


def test_a_line_that_stops_the_reading_is_named_by_its_number_in_the_text() -> None:
    with pytest.raises(DataError, match="Line 4 is not JSON"):
        read_log('\n{"loss": 1}\n\nloss: 2\nloss: 3')


def test_two_columns_of_one_name_are_told_apart() -> None:
    log = read_log("epoch,loss,loss,loss\n1,2,3,4\n2,1,2,3")
    assert list(log.columns) == ["epoch", "loss", "loss (2)", "loss (3)"]
    assert len(log.notes) == 2
    assert "“loss (2)”" in log.notes[0]
    assert log.curves().training_loss.tolist() == [2, 1]
    assigned = log.assign({"training_loss": "loss (3)", "validation_loss": "loss (2)"})
    assert assigned.curves().training_loss.tolist() == [4, 3]
    assert assigned.curves().validation_loss.tolist() == [3, 2]
    assert "training_loss" not in log.assign({"training_loss": ""}).assignment
    with pytest.raises(DataError, match="no column “cost”"):
        log.assign({"training_loss": "cost"})


def test_a_log_without_names_is_assigned() -> None:
    log = read_log("1 2.5\n2 2.0\n3 1.5")
    assert list(log.columns) == ["column 1", "column 2"]
    with pytest.raises(DataError, match="No column of this log is a loss"):
        log.curves()
    curves = log.assign({"epoch": "column 1", "training_loss": "column 2"}).curves()
    assert curves.training_loss.tolist() == [2.5, 2.0, 1.5]


def test_gaps_and_infinite_losses_are_kept_as_they_are() -> None:
    log = read_log("epoch,loss,val_loss\n1,2.0,\n2,1.5,1.8\n3,inf,nan\n4,nan,")
    assert np.isnan(log.columns["val_loss"]).tolist() == [True, False, False, True]
    curves = log.curves()
    assert curves.training_loss.tolist() == [2.0, 1.5, np.inf, np.inf]
    assert curves.validation_loss.tolist() == [1.8, 1.8, np.inf, np.inf]
    assert ReadingKind.EXPLODING in {reading.kind for reading in read_training(curves)}


@pytest.mark.parametrize(
    "text",
    [
        "epoch,loss,acc\n1,2.0,.1\n2,1.5,.2\n3,nan,.1\n4,NaN,.1\n5,nan,.1",
        '{"epoch": 1, "loss": 2.0}\n{"epoch": 2, "loss": 1.5}\n{"epoch": 3, "loss": NaN}\n{"epoch": 4, "loss": "nan"}',
    ],
)
def test_a_loss_that_ends_as_nan_has_diverged(text: str) -> None:
    """The last finite value does not go on as if nothing had been."""
    curves = read_log(text).curves()
    assert curves.training_loss[:2].tolist() == [2.0, 1.5]
    assert np.isinf(curves.training_loss[2:]).all()
    (found,) = [reading for reading in read_training(curves) if reading.kind is ReadingKind.EXPLODING]
    assert found.sentence == "Diverged: from 3 on, the loss is not finite. Before that, at 2, it was 1.5."
    assert (found.evidence[0].first_epoch, found.evidence[0].last_epoch) == (2, curves.epochs[-1])


def test_nan_between_numbers_is_a_gap() -> None:
    """As in a log whose lines of training and of validation have NaN for each other's columns."""
    curves = read_log("epoch,loss,val_loss\n1,2.0,nan\n1,nan,2.1\n2,1.5,nan\n2,nan,1.8\n3,1.2,nan\n3,nan,1.6").curves()
    assert curves.training_loss.tolist() == [2.0, 1.5, 1.2]
    assert curves.validation_loss.tolist() == [2.1, 1.8, 1.6]


@pytest.mark.parametrize("cell", ["inf", "nan", "-inf", ""])
@pytest.mark.parametrize("row", range(8))
def test_a_log_with_a_number_that_is_not_finite_is_read(row: int, cell: str) -> None:
    """Anywhere, in the loss, the validation loss or both."""
    for spoilt in ((1,), (2,), (1, 2), (3,)):
        rows = [[f"{k}", f"{3 - 0.1 * k}", f"{3.1 - 0.1 * k}", f"{k / 9}"] for k in range(1, 9)]
        for column in spoilt:
            rows[row][column] = cell
        text = "\n".join(",".join(cells) for cells in [["epoch", "loss", "val_loss", "acc"], *rows])
        assert all(str(reading.sentence) for reading in read_training(read_log(text).curves()))
    few = read_training(read_log("epoch,loss\n1,2.3\n2,inf\n3,1.5\n4,1.2").curves())
    assert few[0].sentence.startswith("Too few points of the loss (3)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The log is empty"),
        ("   \n", "The log is empty"),
        ("epoch,loss", "no line of numbers"),
        ("epoch,loss\na,b\nc,d", "No column of this log has a number"),
        ('{"epoch": 1,\n"loss": 2,\n', "Line 1 is not JSON"),
        ("[1, 2", "begins like a JSON array"),
        ("[1, 2]", "no line of numbers"),
        ("a\x00b", "not text"),
        ("epoch,loss\n1,2,5\n2,2,4\n3,2,3", "A comma as the decimal point"),
        (",".join(f"c{k}" for k in range(300)) + "\n" + "1," * 300, "at most 200 columns"),
        ("x" * (MAX_LOG_BYTES + 1), "at most 2 MB; this one has 3"),
        (b"\xff\xfe\x00\x00", "not text"),
    ],
    ids=range(12),
)
def test_what_cannot_be_read_is_said(text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_log(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_texts_are_read_or_refused(text: str) -> None:
    try:
        log = read_log(text)
    except DataError:
        return
    assert isinstance(log, TrainingLog)


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "MAX_ROWS", 100)
    with pytest.raises(DataError, match="at most 100 lines"):
        read_log("epoch,loss\n" + "1,2\n" * 101)


@pytest.mark.parametrize("form", ["lines", "array"])
def test_objects_as_python_prints_them_are_read(form: str) -> None:
    """As transformers' trainer prints them."""
    lines = [
        "{'loss': 2.3, 'grad_norm': None, 'learning_rate': 5e-05, 'epoch': 1.0}",
        "{'eval_loss': '1.9', 'epoch': 1.0}",
        "{'loss': 1.5, 'epoch': 2.0}",
        "{'eval_loss': '1.6', 'epoch': 2.0}",
        "{'loss': nan, 'epoch': 3.0}",
    ]
    curves = read_log("\n".join(lines) if form == "lines" else f"[{', '.join(lines)}]").curves()
    assert curves.training_loss.tolist() == [2.3, 1.5, np.inf]
    assert curves.validation_loss.tolist() == [1.9, 1.6, 1.6]


def test_steps_of_epochs_that_are_counted_from_zero_lie_within_them() -> None:
    """As Lightning writes them: the first epoch goes from 0 to 1, where its mean is drawn."""
    lines = ["0,49,2.1,", "0,99,1.9,", "0,99,,1.8", "1,149,1.5,", "1,199,1.2,", "1,199,,1.3", "2,249,1.0,", "2,299,.9,"]
    log = read_log("epoch,step,train_loss,val_loss\n" + "\n".join(lines))
    assert any("counted from 0" in note for note in log.notes)
    curves = log.curves()
    assert curves.epochs.tolist() == [1, 2, 3]
    assert curves.training_loss == pytest.approx([2.0, 1.35, 0.95])
    assert curves.step_epochs == pytest.approx([0, 1 / 3, 1, 4 / 3, 2, 2.5])
    before = read_log("epoch,loss\n0,2.3\n1,2.0\n2,1.8")  # epoch 0 is before the first step
    assert before.curves().epochs.tolist() == [0, 1, 2] and not before.notes


def test_a_long_log_of_steps_is_averaged() -> None:
    text = "step,loss\n" + "\n".join(f"{k},{2 + (-1) ** k}" for k in range(1, 2001))
    curves = read_log(text).curves()
    assert len(curves.epochs) == 200
    assert curves.epochs[-1] == 2000
    np.testing.assert_allclose(curves.training_loss, 2)


def test_a_line_without_a_step_is_at_the_last_known_step() -> None:
    curves = read_log("step,loss\n,2.1\n1,2.0\n,1.9\n3,1.8\n,1.7\n5,1.6").curves()
    assert curves.epochs.tolist() == [1, 1, 1, 3, 3, 5]
    text = "step,loss\n" + "\n".join(f"{k if k % 10 else ''},{3 - k / 1000}" for k in range(1, 2001))
    assert read_log(text).curves().epochs[-1] == 1999  # means of ten lines, of which the last has no step


def test_ratios_and_steps_within_whole_epochs() -> None:
    lines = [f"{e},{10 * (e - 1) + k},{3 / (e + k / 10)},{1e-3 * e}" for e in range(1, 6) for k in range(1, 11)]
    curves = read_log("epoch,step,loss,update_ratio\n" + "\n".join(lines)).curves()
    assert curves.epochs.tolist() == [1, 2, 3, 4, 5]
    assert curves.step_epochs[:3].tolist() == pytest.approx([0, 0.1, 0.2])
    assert len(curves.ratios["update"]) == 50


def test_numbers_of_json_that_are_none() -> None:
    huge = "9" * 400
    log = read_log(f'{{"epoch": 1, "loss": {huge}, "ok": true}}\n{{"epoch": 2, "loss": 1.5}}')
    assert list(log.columns) == ["epoch", "loss"]
    assert log.curves().training_loss.tolist() == [1.5, 1.5]
    with pytest.raises(DataError, match="at most 200 columns"):
        read_log(json.dumps({f"c{k}": k for k in range(300)}))
    with pytest.raises(DataError, match="cannot be read as CSV"):
        read_log("epoch,loss\n1," + '"' + "x" * 200_000)
