"""Trainings as scripts: where they end, which have none, and what a visitor's data become in them."""

import ast
import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.export.training_repository_script import TABLE_FILE_NAME, NamedTraining, is_short, make_training_script
from app.export.training_torch_script import make_training_torch_script
from app.model.scene import UserError
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_loop import TrainingLoop
from surfaces.models.classification_data import digits
from surfaces.models.classification_table import parse_classification_table
from tests.references.exported_trainings import OWN_TABLE, TORCH_WORDS, list_exported_trainings, make_optimizer, small
from tests.references.record_training_scripts import (
    FILE,
    find_samples,
    fingerprint,
    run_script,
    summarize,
    write_script,
)

ROOT = Path(__file__).parents[3]
TRAININGS = list_exported_trainings()
RECORDED = json.loads(FILE.read_text(encoding="utf-8"))
# Every kind of state that an optimizer has: none, a vector, several, a schedule's, pairs of L-BFGS, a wrapper's.
REPOSITORY = {
    **{name: TRAININGS[name] for name in ("sgd on digits", "changes in the middle", "schedules", "mu in the middle",
                                          "diverges", "own data", "dropout in two layers", "support vectors")},
    "L-BFGS": small("lbfgs", epochs=2, batch_size=0),
    "averaged": small("sgd", wrappers=(Maker("ema", (("decay", 0.9),)),)),
    "a split by file, from other first weights": small("lion", split="file", weights_seed=5, is_standardized=True),
}  # fmt: skip


def train(training: Training) -> TrainingLoop:
    loop = TrainingLoop(prepare_training(training, find_samples(training)))
    for _ in loop.train():
        pass
    return loop


def unpack(loop: TrainingLoop) -> dict[str, np.ndarray]:
    return loop.prepared.network.layout.unpack(loop.x)


def run_in_folder(text: str, folder: Path) -> str:
    """Run the script by itself, as a visitor would, with its files in a folder, and return what it prints."""
    (folder / "training.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "training.py"], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_script_ends_at_the_weights_of_the_page_bit_for_bit(tmp_path: Path) -> None:
    """All trainings run in one script, but those on own data, which have another one."""
    listed = {name: training for name, training in REPOSITORY.items() if training.data != "own"}
    said = run_in_folder(make_training_script("Some", [NamedTraining(*pair) for pair in listed.items()]), tmp_path)
    for number, (name, training) in enumerate(listed.items(), 1):
        loop = train(training)
        with np.load(tmp_path / f"weights_{number}.npz") as saved:
            for block, weights in unpack(loop).items():
                assert saved[block].tobytes() == weights.tobytes(), (name, block)
        last = loop.record.epochs[-1]
        assert f"{name}: loss {last.training.loss:.6g}, in validation {last.validation.loss:.6g}" in said
    assert "Diverged in step" in said


@pytest.mark.parametrize("is_long", [False, True])
def test_the_visitors_data_are_in_the_script_or_in_a_file_beside_it(tmp_path: Path, is_long: bool) -> None:
    table = OWN_TABLE + "1.00,0.50,a\n" * (2000 if is_long else 0)
    assert is_short(table) != is_long
    training = replace(REPOSITORY["own data"], epochs=1)
    text = make_training_script("Own", [NamedTraining("one", training)], table)
    assert ("0.90,0.30,a" in text) != is_long and (TABLE_FILE_NAME in text) == is_long
    if is_long:
        (tmp_path / TABLE_FILE_NAME).write_text(table, encoding="utf-8")
    run_in_folder(text, tmp_path)
    loop = TrainingLoop(prepare_training(training, parse_classification_table(table)))
    loop.train_epoch()
    with np.load(tmp_path / "weights_1.npz") as saved:
        assert all(saved[name].tobytes() == weights.tobytes() for name, weights in unpack(loop).items())


@pytest.mark.parametrize("hostile", ['"""', "'''", "\\", '");import os;("', "{x}", "\n# x\n", "a\tb"])
def test_nothing_that_a_visitor_typed_is_code(hostile: str) -> None:
    """Names and data are string literals of a script that can be parsed."""
    training = replace(small(), data="own")
    tree = ast.parse(make_training_script("T", [NamedTraining(hostile, training)], f"a,b\n1,{hostile}\n2,y\n"))
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert hostile in literals and f"a,b\n1,{hostile}\n2,y\n" in literals
    assert not any(isinstance(node, ast.Name) and node.id == "os" for node in ast.walk(tree))


def test_a_specification_that_is_written_is_read_as_the_same() -> None:
    for training in (*TRAININGS.values(), *REPOSITORY.values()):
        text = make_training_script("T", [NamedTraining("one", training)], OWN_TABLE)
        value = next(node.value for node in ast.parse(text).body
                     if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TRAININGS")  # fmt: skip
        names = {"Training": Training, "Maker": Maker, "Change": Change}
        assert eval(compile(ast.Expression(value), "", "eval"), names) == [("one", training)]  # noqa: S307


# ---- PyTorch


@pytest.mark.parametrize("name", TRAININGS)
def test_a_torch_script_is_the_recorded_one_and_ended_at_our_weights(name: str) -> None:
    """To 1e-9 of each block's largest.

    After an intended change run: python -m tests.references.record_training_scripts
    """
    recorded = RECORDED["trainings"][name]
    assert fingerprint(write_script(TRAININGS[name])) == recorded["script"]
    theirs, ours = recorded["weights"], summarize(unpack(train(TRAININGS[name])))
    for theirs_of_block, ours_of_block in zip(theirs, ours, strict=True):
        scale = max(theirs_of_block[0], np.finfo(float).tiny)
        np.testing.assert_allclose(
            np.array(ours_of_block) / scale, np.array(theirs_of_block) / scale, atol=1e-9, rtol=0
        )


def test_every_optimizer_of_torch_is_recorded_and_no_two_trainings_end_alike() -> None:
    assert RECORDED["trainings"].keys() == TRAININGS.keys() and RECORDED["version"]
    assert {training.optimizer.name for training in TRAININGS.values()} == TORCH_WORDS
    ends = [tuple(found["weights"][0]) for found in RECORDED["trainings"].values()]
    assert len({*ends}) >= len(ends) - 1, "only the two signs of momentum take the same path"


@pytest.mark.parametrize("name", TRAININGS)
def test_a_torch_script_ends_at_our_weights(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not needed by the app; its ends are recorded")
    pytest.importorskip("sklearn")
    saved = run_script(write_script(TRAININGS[name]))
    for block, weights in unpack(train(TRAININGS[name])).items():
        assert np.abs(saved[block] - weights).max() <= 1e-9 * max(np.abs(weights).max(), np.finfo(float).tiny)


def test_the_digits_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets", reason="the script takes its digits from there")
    theirs, ours = datasets.load_digits(), digits()
    assert (theirs.data / 16).tobytes() == ours.inputs.tobytes()
    assert (theirs.target == ours.classes).all()


@pytest.mark.parametrize(
    "training, reason",
    [
        (small("newton", hidden=(2,)), "for another library"),
        (small("lion"), "for another library"),
        (small("momentum", changes=(Change(1, "lr", 0.1),)), "units of the gradient"),
        (small("nesterov", optimizer=make_optimizer("nesterov", lr=Maker("cosine"))), "units of the gradient"),
        (small("momentum", changes=(Change(1, "mu", 0.0),)), "μ is 0"),
        (small("nesterov", optimizer=make_optimizer("nesterov", mu=0.0), changes=(Change(1, "mu", 0.5),)), "μ is 0"),
        (small(optimizer=make_optimizer("adam", bias_correction=False)), "bias correction"),
        (small(optimizer=make_optimizer("adagrad", root=False)), "square root"),
        (small(wrappers=(Maker("polyak"),)), "“Polyak average” around"),
    ],
)  # fmt: skip
def test_a_training_with_other_steps_is_refused_with_what_differs(training: Training, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        make_training_torch_script("T", training)


def test_data_that_are_too_many_for_a_script_are_refused() -> None:
    table = "".join(f"{k}.5,{k % 7},{'ab'[k % 2]}\n" for k in range(4999))
    samples = parse_classification_table(table)
    training = replace(small(), data="own")
    assert "1.5, " in make_training_torch_script("T", training, samples)
    wide = parse_classification_table("".join(f"{','.join(['1.5'] * 9)},{'ab'[k % 2]}\n" for k in range(4999)))
    with pytest.raises(UserError, match="44,991 numbers"):
        make_training_torch_script("T", training, wide)


def test_a_script_says_in_words_what_it_is() -> None:
    text = make_training_torch_script("Adam on Handwritten digits", small(dropout=0.2))
    said = ast.get_docstring(ast.parse(text)) or ""
    assert said.startswith("Adam on Handwritten digits, with PyTorch.") and "dropout masks" in said
    with contextlib.redirect_stdout(io.StringIO()):
        compile(text, "exported", "exec")
