"""Claims of the laboratories about trainings on the digits hold, with margins for other seeds and processors."""

from dataclasses import replace

import numpy as np
import pytest

from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Maker, Training
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.update_ratios import DEFINITIONS

DIGITS = Training()  # 64-100-10, batch 32, 20 epochs
ADAM = replace(DIGITS, optimizer=Maker("adam", (("lr", 0.003),)))
SOFTMAX = replace(DIGITS, model="softmax", optimizer=Maker("sgd", (("lr", 0.5),)), epochs=30)
SEEDS = range(3)


def train(training: Training, is_recorded: bool = True) -> TrainingLoop:
    loop = TrainingLoop(prepare_training(training), is_recorded)
    for _ in loop.train():
        pass
    return loop


def validate(training: Training) -> float:
    loop = train(training, is_recorded=False)
    part = loop.prepared.split.validation
    return float((loop.prepared.network.forward(loop.x, part.inputs).scores.argmax(axis=-1) == part.classes).mean())


def late_ratios(loop: TrainingLoop) -> np.ndarray:
    """The median over the second half of the training, of the first matrix: (3,)."""
    ratios = loop.record.update_ratios
    return np.median(ratios[len(ratios) // 2 :, :, 0], axis=0)


def test_update_ratios_around_the_rule_of_thumb() -> None:
    """A ratio near 1e-3 is an order of magnitude: a good rate has some thousandths, and a low rate learns less.

    The three definitions are of one order. Those by mean absolute values and by norms are the same for normal weights
    and updates; updates with heavier tails have a smaller one by mean absolute values.
    """
    good, low = (train(replace(DIGITS, optimizer=Maker("sgd", (("lr", lr),)))) for lr in (0.5, 0.02))
    norms, absolutes, deviations = late_ratios(good)
    assert len(DEFINITIONS) == 3
    assert 1e-3 < norms < 2e-2
    assert deviations == pytest.approx(norms, rel=0.1)
    assert 0.3 * norms < absolutes < norms
    assert late_ratios(low)[0] < 0.5 * norms
    assert good.record.epochs[-1].validation.accuracy > low.record.epochs[-1].validation.accuracy


def test_at_a_rate_of_three_all_relus_are_dead() -> None:
    """Ratio exactly 0, and a loss of 2.33: a little above chance, for the last bias still moves."""
    loop = train(replace(DIGITS, optimizer=Maker("sgd", (("lr", 3.2),))))
    last = loop.record.epochs[-1]
    assert last.dead.tolist() == [100]
    assert (loop.record.update_ratios[-10:, 0, 0] == 0).all()
    assert last.training.loss == pytest.approx(2.33, abs=0.06)


def test_the_split_makes_more_difference_than_the_model() -> None:
    """Random: softmax .969 ± .006 and a network with Adam .980 ± .005; the last fifth in file order: .900 and .914."""
    random = {
        name: np.mean([validate(replace(training, split_seed=seed, seed=seed)) for seed in SEEDS])
        for name, training in (("softmax", SOFTMAX), ("network", ADAM))
    }
    by_file = {name: validate(replace(training, split="file")) for name, training in
               (("softmax", SOFTMAX), ("network", ADAM))}  # fmt: skip
    assert 0.945 < random["softmax"] < 0.985
    assert 0.965 < random["network"] < 0.995
    assert 0.87 < by_file["softmax"] < 0.935
    assert 0.88 < by_file["network"] < 0.955
    for name, accuracy in random.items():
        assert accuracy - by_file[name] > 0.03


def test_the_standard_error_of_360_validation_images() -> None:
    """About 0.8 points at an accuracy of .975."""
    last = train(ADAM).record.epochs[-1].validation
    assert last.accuracy_error == pytest.approx(np.sqrt(last.accuracy * (1 - last.accuracy) / 360), abs=0.002)
    assert 0.004 < last.accuracy_error < 0.012
