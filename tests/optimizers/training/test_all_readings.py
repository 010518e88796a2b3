"""Every reading on a real training that has its fault, and the remedy trained from the same weights."""

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from typing import Any

import numpy as np
import pytest

from optimizers.catalogue import OPTIMIZERS, SCHEDULES
from optimizers.training.all_readings import read_training
from optimizers.training.prepared_training import prepare_training
from optimizers.training.reading import Reading, ReadingKind, scale_rate
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop

DIGITS = Training(hidden=(50,), epochs=15)
DEEP = replace(DIGITS, hidden=(30,) * 4, activation="tanh", initialization="too_small")
FAST = Maker("rmsprop", (("lr", 0.1),))
TRIED_WEIGHTS = 6  # at too high a rate a training is chaotic: rounding decides its end; 22 of 24 stood high and shook


def sgd(lr: float) -> Maker:
    return Maker("sgd", (("lr", lr),))


def train(training: Training) -> TrainingCurves:
    loop = TrainingLoop(prepare_training(training))
    for _ in loop.train():
        pass
    return TrainingCurves.from_loop(loop)


def falls(before: TrainingCurves, after: TrainingCurves) -> bool:
    return bool(after.training_loss[-1] < before.training_loss[-1])


def validates(before: TrainingCurves, after: TrainingCurves) -> bool:
    return bool(after.validation_loss[-1] < before.validation_loss[-1])


def is_any(before: TrainingCurves, after: TrainingCurves) -> bool:
    return True


CASES: list[tuple[ReadingKind, Training, Callable[[TrainingCurves, TrainingCurves], bool]]] = [
    (ReadingKind.RATE_LOW, replace(DIGITS, optimizer=sgd(0.003)), falls),
    (ReadingKind.RATE_HIGH, replace(DIGITS, activation="tanh", epochs=30, optimizer=FAST), falls),
    (ReadingKind.EXPLODING, replace(DIGITS, model="softmax", l2=1.0, optimizer=sgd(2.5)), falls),
    (ReadingKind.NOISY, replace(DIGITS, batch_size=2, optimizer=sgd(0.02), epochs=6), is_any),
    (ReadingKind.OVERFITTING, replace(DIGITS, sample_count=100, epochs=60), is_any),
    (ReadingKind.TOO_SMALL, Training(data="spirals", model="softmax", epochs=60), falls),
    (ReadingKind.SATURATED, replace(DIGITS, activation="tanh", initialization="too_large", hidden=(50, 50)), validates),
    (ReadingKind.DEAD, replace(DIGITS, optimizer=sgd(3.2)), falls),
    (ReadingKind.AT_CHANCE, DEEP, falls),
    (ReadingKind.AT_CHANCE, replace(DIGITS, sample_count=200, hidden=(12,), optimizer=sgd(0.002), epochs=6), falls),
    (ReadingKind.UNMOVED, DEEP, falls),
    (ReadingKind.SYMMETRIC, replace(DIGITS, initialization="zero"), falls),
    (ReadingKind.FILE_ORDER, replace(DIGITS, split="file"), validates),
]


def find(kind: ReadingKind, readings: list[Reading]) -> Reading:
    assert kind in {reading.kind for reading in readings}, [str(reading.sentence) for reading in readings]
    return next(reading for reading in readings if reading.kind == kind)


@pytest.mark.parametrize(
    ("kind", "training", "is_mended"), CASES, ids=[f"{k}-{kind}" for k, (kind, _, _) in enumerate(CASES)]
)
def test_a_fault_is_read_with_its_evidence_and_the_remedy_mends_it(
    kind: ReadingKind, training: Training, is_mended: Callable[[TrainingCurves, TrainingCurves], bool]
) -> None:
    for weights_seed in range(TRIED_WEIGHTS) if kind is ReadingKind.RATE_HIGH else [training.weights_seed]:
        training = replace(training, weights_seed=weights_seed)
        curves = train(training)
        readings = read_training(curves)
        if kind in {reading.kind for reading in readings}:
            break
    reading = find(kind, readings)
    assert reading.evidence
    for evidence in reading.evidence:
        assert evidence.curve in {*TrainingCurves._fields, "first_weights"}
        assert 0 <= evidence.first_epoch <= evidence.last_epoch <= training.epochs
    assert reading.remedy is not None
    mended = reading.remedy.mended
    assert mended is not None
    assert mended != training
    assert (mended.seed, mended.weights_seed, mended.data) == (training.seed, training.weights_seed, training.data)
    after = train(mended)
    assert is_mended(curves, after)
    assert kind in {ReadingKind.NOISY, ReadingKind.OVERFITTING, ReadingKind.TOO_SMALL} or kind not in {
        other.kind for other in read_training(after)
    }


def test_a_unit_alone_is_not_the_same_as_others() -> None:
    readings = read_training(train(replace(DIGITS, hidden=(1,), epochs=4)))
    assert ReadingKind.SYMMETRIC not in {reading.kind for reading in readings}


@pytest.mark.parametrize(
    "training",
    [DIGITS, replace(DIGITS, optimizer=Maker("adam", (("lr", 0.001),))), replace(DIGITS, model="softmax", epochs=25)],
    ids=["sgd", "adam", "softmax"],
)
def test_a_good_training_has_no_fault(training: Training) -> None:
    readings = read_training(train(training))
    assert [reading.kind for reading in readings] == [ReadingKind.RATE_GOOD]


@pytest.mark.parametrize(
    "training",
    [
        replace(DIGITS, optimizer=Maker("adam", (("lr", 0.003),)), changes=(Change(4, "lr", 10.0),)),
        replace(DIGITS, optimizer=Maker("adam", (("lr", 10.0),))),
        replace(DIGITS, changes=(Change(4, "lr", 10.0),)),
    ],
    ids=["adam, after a change", "adam", "sgd, after a change"],
)
def test_dead_units_are_told_with_the_rate_that_killed_them(training: Training) -> None:
    reading = find(ReadingKind.DEAD, read_training(train(training)))
    assert "the learning rate is too high" in reading.sentence
    assert reading.remedy is not None
    assert reading.remedy.mended is not None


def test_units_that_are_dead_from_the_start_are_not_blamed_on_the_rate() -> None:
    training = replace(DIGITS, epochs=4)
    curves = train(training)
    dead = np.full_like(curves.dead, 0.9)
    reading = find(ReadingKind.DEAD, read_training(curves._replace(dead=dead)))
    assert "from the start" in reading.sentence
    assert "learning rate" not in reading.sentence


def test_dropout_makes_validation_better_than_training() -> None:
    readings = read_training(train(replace(DIGITS, dropout=0.5)))
    reading = find(ReadingKind.VALIDATION_BETTER, readings)
    assert "dropout" in reading.sentence
    assert not reading.is_fault
    assert ReadingKind.VALIDATION_BETTER not in {r.kind for r in read_training(train(DIGITS))}


def test_a_loss_that_is_exactly_zero_is_read() -> None:
    loss = np.array([1e7, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    readings = read_training(TrainingCurves(np.arange(8.0), training_loss=loss))
    assert readings and all(str(reading.sentence) for reading in readings)


def test_thin_evidence_says_what_is_missing() -> None:
    empty = read_training(TrainingCurves(np.zeros(0)))
    assert {reading.kind for reading in empty} == {ReadingKind.THIN_EVIDENCE}
    assert len(empty) == 5
    short = read_training(train(replace(DIGITS, epochs=2)))
    assert [reading.kind for reading in short] == [ReadingKind.THIN_EVIDENCE]
    assert "(3)" in short[0].sentence
    epochs = np.arange(1.0, 9)
    alone = read_training(TrainingCurves(epochs, training_loss=2 * 0.6**epochs))
    assert alone[0].kind == ReadingKind.RATE_GOOD
    assert len(alone) == 5  # validation, accuracies, ratios and minibatches are missing


def test_a_log_without_a_specification_is_read_by_the_same_rules() -> None:
    epochs = np.arange(20.0)
    line = TrainingCurves(epochs, training_loss=2.3 - 0.03 * epochs)
    reading = find(ReadingKind.RATE_LOW, read_training(line))
    assert reading.remedy is not None
    assert reading.remedy.mended is None
    turned = TrainingCurves(epochs, training_loss=2 * 0.8**epochs, validation_loss=1 + 0.01 * (epochs - 6) ** 2)
    reading = find(ReadingKind.OVERFITTING, read_training(turned))
    assert reading.evidence[0].first_epoch == 6
    rising = TrainingCurves(epochs, training_loss=2 * 1.2**epochs)
    find(ReadingKind.EXPLODING, read_training(rising))
    rng = np.random.default_rng(0)
    stuck = TrainingCurves(epochs, training_loss=1 + np.exp(-epochs) + 0.1 * rng.uniform(-1, 1, 20))
    find(ReadingKind.RATE_HIGH, read_training(stuck))


def test_a_loss_that_ends_above_its_beginning_is_not_called_falling() -> None:
    rose = [2.3, 2.4, 2.6, 2.9, 2.9, 2.8, 2.65, 2.5]
    flat = 2.3 + 0.001 * np.arange(8)
    fell = [2.3, 2.4, 2.6, 2.9, 2.9, 2.6, 2.4, 2.2]  # the last third by more than from the beginning to the end
    for loss in (rose, flat):
        curves = TrainingCurves(np.arange(8.0), training_loss=np.array(loss))
        assert ReadingKind.RATE_LOW not in {reading.kind for reading in read_training(curves)}
        steps: dict[str, Any] = {"ratio_epochs": np.arange(8.0), "ratios": {"update": np.full(8, 1e-5)}}
        sentence = find(ReadingKind.RATE_LOW, read_training(curves._replace(**steps))).sentence
        assert "the updates are 10⁻⁵ of the weights" in sentence
        assert "fall" not in sentence and "%" not in sentence
    curves = TrainingCurves(np.arange(8.0), training_loss=np.array(fell))
    assert "100 % of its fall" in find(ReadingKind.RATE_LOW, read_training(curves)).sentence


def test_long_steps_are_too_long_only_where_the_loss_stands() -> None:
    """Updates of 2 % of the weights: of a loss that goes on falling nothing can be said."""
    epochs = np.arange(6.0)
    steps: dict[str, Any] = {"ratio_epochs": epochs, "ratios": {"W1": np.full(6, 0.02)}}
    falls = TrainingCurves(epochs, training_loss=0.7 - 0.07 * epochs, **steps)
    assert {ReadingKind.RATE_HIGH, ReadingKind.RATE_LOW}.isdisjoint(reading.kind for reading in read_training(falls))
    stands = TrainingCurves(epochs, training_loss=0.4 + 0.3 * np.exp(-3 * epochs), **steps)
    find(ReadingKind.RATE_HIGH, read_training(stands))


def test_a_rate_is_scaled_in_schedules_and_changes_too() -> None:
    schedule = Maker("momentum", (("mu", 0.9), ("lr", Maker("cosine", (("peak", 0.2), ("steps", 50))))))
    scaled = scale_rate(replace(DIGITS, optimizer=schedule).with_change(3, "lr", 0.1), 0.1)
    assert scaled is not None
    assert dict(scaled.optimizer.arguments) == {"mu": 0.9, "lr": Maker("cosine", (("peak", 0.02), ("steps", 50)))}
    assert scaled.changes[0].value == pytest.approx(0.01)
    assert scale_rate(replace(DIGITS, optimizer=Maker("nonlinear_cg")), 0.1) is None
    assert scale_rate(None, 0.1) is None


@pytest.mark.parametrize("name", [name for name, make in OPTIMIZERS.items() if "lr" in signature(make).parameters])
def test_a_default_rate_is_scaled_as_if_it_were_given(name: str) -> None:
    default = signature(OPTIMIZERS[name]).parameters["lr"].default
    scaled = scale_rate(replace(DIGITS, optimizer=Maker(name)), 10)
    assert scaled is not None
    assert dict(scaled.optimizer.arguments) == {"lr": pytest.approx(10 * default)}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_with_its_defaults_is_scaled_at_all_its_levels(name: str) -> None:
    scaled = scale_rate(replace(DIGITS, optimizer=Maker("sgd", (("lr", Maker(name)),))), 10)
    assert scaled is not None
    made = dict(scaled.optimizer.arguments)["lr"]
    assert isinstance(made, Maker)
    schedule, plain = SCHEDULES[name](**dict(made.arguments)), SCHEDULES[name]()
    for t in (1, 2, 15, 30, 100, 150, 250, 1000):
        assert schedule(t) == pytest.approx(10 * plain(t))  # of all levels, or only some of its points are right


def test_a_divergence_is_read_and_mended() -> None:
    curves = train(replace(DIGITS, model="softmax", l2=1.0, optimizer=sgd(15.0), epochs=20))
    assert curves.divergence is not None
    reading = read_training(curves)[0]
    assert reading.kind == ReadingKind.EXPLODING
    assert reading.sentence == curves.divergence.sentence
    assert reading.remedy is not None
    assert reading.remedy.mended is not None
    assert dict(reading.remedy.mended.optimizer.arguments) == {"lr": 1.5}


def test_a_small_network_is_told_from_a_large_one() -> None:
    """Three hidden units for spirals: both parts alike, and at rest."""
    epochs = np.arange(20.0)
    flat = TrainingCurves(
        epochs,
        training_loss=0.8 + 0.4 * 0.5**epochs,
        validation_loss=0.8 + 0.4 * 0.5**epochs,
        training_accuracy=np.full(20, 0.6),
        validation_accuracy=np.full(20, 0.59),
        training=replace(DIGITS, hidden=(3,)),
    )
    reading = find(ReadingKind.TOO_SMALL, read_training(flat))
    assert reading.remedy is not None
    assert reading.remedy.mended == replace(DIGITS, hidden=(12,))
    unknown = find(ReadingKind.TOO_SMALL, read_training(flat._replace(training=None)))
    assert unknown.remedy is not None
    assert unknown.remedy.mended is None


def test_validation_below_training_in_a_log_may_have_several_reasons() -> None:
    epochs = np.arange(1.0, 11)
    curves = TrainingCurves(epochs, training_loss=2 * 0.7**epochs, validation_loss=1.5 * 0.7**epochs)
    assert "penalty" in find(ReadingKind.VALIDATION_BETTER, read_training(curves)).sentence
    known = curves._replace(training=DIGITS)
    assert "easier" in find(ReadingKind.VALIDATION_BETTER, read_training(known)).sentence
