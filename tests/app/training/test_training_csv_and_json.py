"""Trainings saved as data: every recorded number is read back, by pandas, NumPy and JSON."""

import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from app.compute.training_job import PieceTrainer, take_snapshot
from app.training.training_csv_and_json import RecordedTraining, as_csv, as_json
from optimizers.training.all_readings import read_training
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop

LINK = [("data", "xor(epochs=3)"), ("train", "network(width=6)")]
SPECIFICATIONS = {
    "tanh & <b>, \"quoted\"; =1+1": Training(
        data="xor", hidden=(6, 4), activation="tanh", epochs=3, l2=0.01, dropout=0.2,
        optimizer=Maker("adam", (("lr", Maker("cosine", (("peak", 0.01),))),)), changes=(Change(1, "batch_size", 16),),
    ),
    "diverges": Training(data="xor", hidden=(8,), l2=10.0, optimizer=Maker("sgd", (("lr", 10.0),)), epochs=30),
    "a linear model": Training(data="xor", model="softmax", hidden=(), epochs=2),
}  # fmt: skip


def train(training: Training) -> PieceTrainer:
    trainer = PieceTrainer(TrainingLoop(prepare_training(training)))
    while not trainer.loop.is_finished:
        trainer.train()
    return trainer


TRAINERS = {name: train(training) for name, training in SPECIFICATIONS.items()}
LOOPS = {name: trainer.loop for name, trainer in TRAINERS.items()}
RECORDED = [
    RecordedTraining(
        name, take_snapshot(trainer)._replace(readings=tuple(read_training(TrainingCurves.from_loop(trainer.loop))))
    )
    for name, trainer in TRAINERS.items()
]
TEXT = as_csv(LINK, RECORDED)


def test_pandas_reads_every_step_and_epoch_to_the_last_digit() -> None:
    table = pd.read_csv(io.StringIO(TEXT), comment="#")
    assert table["training"].unique().tolist() == [1, 2, 3]
    for number, loop in enumerate(LOOPS.values(), 1):
        mine, record = table[table["training"] == number].set_index("t"), loop.record
        losses = record.step_losses
        assert mine.index.tolist() == list(range(losses.shape[1] + 1))
        finite = np.where(np.isfinite(losses), losses, np.nan)
        np.testing.assert_array_equal(mine["minibatch_loss"].to_numpy(np.float32)[1:], finite[0])
        np.testing.assert_array_equal(mine["minibatch_penalty"].to_numpy(np.float32)[1:], finite[1])
        for epoch in record.epochs:
            row = mine.loc[epoch.t]
            assert row["epoch"] == epoch.epoch
            assert row["seconds"] == TRAINERS[[*LOOPS][number - 1]].seconds[epoch.epoch]
            for part in ("training", "validation"):
                for name, value in getattr(epoch, part)._asdict().items():
                    np.testing.assert_array_equal(row[f"{part}_{name}"], value if np.isfinite(value) else np.nan)
            for j, dead in enumerate(epoch.dead, 1):
                assert row[f"dead_{j}"] == dead and row[f"saturated_{j}"] == pytest.approx(epoch.saturated[j - 1])
                assert row[f"activation_mean_{j}"] == epoch.activations[j - 1].mean
        ratio = next(record for record in record.ratios if np.isfinite(record.ratios).all())
        names = [block.name for block in loop.prepared.network.layout.blocks]
        row = mine.loc[ratio.t]
        found = [[row[f"ratio_{kind}_{name}"] for name in names]
                 for kind in ("norms", "mean_absolute_values", "standard_deviations")]  # fmt: skip
        np.testing.assert_array_equal(np.array(found, dtype=np.float32), ratio.ratios)


def test_numpy_reads_it_as_the_file_says() -> None:
    skip = re.search(r"skip_header=(\d+)", TEXT)
    assert skip
    table = np.genfromtxt(io.StringIO(TEXT), delimiter=",", names=True, skip_header=int(skip[1]))
    assert table.dtype.names[:4] == ("training", "t", "epoch", "minibatch_loss")
    assert len(table) == sum(loop.record.step_losses.shape[1] + 1 for loop in LOOPS.values())
    assert np.isnan(table["minibatch_loss"][0]) and table["training_loss"][0] > 0


def test_the_remarks_describe_every_column_and_training_and_no_cell_is_a_formula() -> None:
    lines = TEXT.splitlines()
    remarks = [line for line in lines if line.startswith("#")]
    names = lines[len(remarks)].split(",")
    assert [re.match(r"# (\w+) \[", line)[1] for line in remarks if re.match(r"# \w+ \[", line)] == names
    said = "\n".join(remarks)
    assert all(f"Training {k}: {name[:6]}" in said for k, name in enumerate(SPECIFICATIONS, 1))
    assert "training?data=xor(epochs=3)&train=network(width=6)" in said and "Diverged in step" in said
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))
    assert re.search(r'"changes": \[\[1,\s+"batch_size",\s+16\]\]', said)


def test_json_has_all_that_was_recorded_and_the_specification() -> None:
    found = json.loads(as_json(LINK, RECORDED))
    assert found["scene"] == "training?data=xor(epochs=3)&train=network(width=6)" and found["versions"]["NumPy"]
    for (name, training), read, loop in zip(SPECIFICATIONS.items(), found["trainings"], LOOPS.values(), strict=True):
        assert read["name"] == name and read["specification"]["epochs"] == training.epochs
        assert read["specification"]["optimizer"][0] == training.optimizer.name
        assert len(read["epochs"]) == len(loop.record.epochs) and read["readings"]
        losses = [v if v is not None else np.nan for v in read["steps"]["minibatch_loss"]]
        np.testing.assert_array_equal(np.array(losses, dtype=np.float32)[:9], loop.record.step_losses[0][:9])
        last, kept = read["epochs"][-1], loop.record.epochs[-1]
        assert last["validation_predictions"] == kept.predictions.tolist()
        assert last["gradients"][0]["counts"] == kept.gradients[0].counts.tolist()
        assert (read["diverged"] is None) == (loop.divergence is None)
    assert found["trainings"][1]["diverged"]["cause"] == LOOPS["diverges"].divergence.cause  # type: ignore[union-attr]
