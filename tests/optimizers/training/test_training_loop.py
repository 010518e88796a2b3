"""The loop: the steps of the library's other loop, pausing, rewinding and changing to the bit, and ends."""

import pickle
import sys
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from optimizers.catalogue import OPTIMIZERS
from optimizers.compiler.coordinate_steps import compile_counter
from optimizers.simulate import endpoint
from optimizers.training import training_loop
from optimizers.training.optimizer_steps import CompiledSteps
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_loop import TrainingLoop
from surfaces.models.catalogue import build_classifier
from surfaces.models.network_loss import NetworkLoss
from surfaces.translatable import UserError
from tests.support.training_loops import ADAM, SMALL, assert_same, finish, start


@pytest.mark.parametrize(("name", "dropout"), [("sgd", 0.0), ("momentum", 0.3), ("adam", 0.0), ("lion", 0.2)])
def test_it_takes_the_steps_of_the_loop_of_the_race(name: str, dropout: float) -> None:
    """To rounding: there all samples of a step are copied in another way."""
    training = replace(SMALL, optimizer=Maker(name, (("lr", 0.01),)), dropout=dropout, l2=0.01)
    loop = finish(start(training))
    f = build_classifier(
        loop.prepared.split.training, "network", (6,), "tanh", "softmax", "glorot", 0.01, dropout, 0, 32, 0
    )
    assert loop.t == 6 * 5
    expected = endpoint(OPTIMIZERS[name](lr=0.01), f, f.start, loop.t).x
    np.testing.assert_allclose(loop.x, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains_and_goes_on_from_a_checkpoint(name: str) -> None:
    training = replace(SMALL, optimizer=Maker(name), epochs=2, batch_size=80)
    whole = finish(start(training))
    loop = start(training)
    loop.train_epoch()
    kept = pickle.loads(pickle.dumps(loop.checkpoint()))  # noqa: S301, its own bytes
    other = start(training)
    other.restore(kept)
    np.testing.assert_array_equal(finish(other).x, whole.x)
    assert np.isfinite(whole.x).all()


@pytest.mark.parametrize(
    "training",
    [
        replace(SMALL, optimizer=ADAM, dropout=0.2),
        replace(SMALL, optimizer=Maker("momentum", (("lr", Maker("cosine", (("peak", 0.3), ("steps", 20)))),))),
        replace(SMALL, optimizer=ADAM, wrappers=(Maker("clipped", (("norm", 0.1),)), Maker("lookahead"))),
        replace(SMALL, changes=(Change(2, "lr", 0.01), Change(3, "batch_size", 7), Change(4, "dropout", 0.5))),
    ],
    ids=["dropout", "schedule", "wrappers", "changes"],
)
def test_rewinding_and_going_on_repeats_the_unbroken_training(training: Training) -> None:
    whole = finish(start(training))
    for epoch in (0, 2, 3, 6):
        loop = finish(start(training))
        loop.rewind(epoch)
        assert (loop.epoch, loop.record.epoch_numbers[-1]) == (epoch, epoch)
        assert_same(finish(loop), whole)


def finish_compiled(training: Training, monkeypatch: pytest.MonkeyPatch, least: int = 0) -> TrainingLoop:
    """In machine code from the start, or once `least` numbers have been stepped."""
    monkeypatch.setattr(compile_counter, "least", least)
    compile_counter.counts.clear()
    loop = finish(start(training))
    assert isinstance(loop._steps, CompiledSteps)
    return loop


@pytest.mark.parametrize(
    "training",
    [
        *(replace(SMALL, optimizer=Maker(name, (("lr", 0.02),))) for name in ("sgd", "momentum", "nesterov", "nadam")),
        replace(SMALL, optimizer=ADAM, dropout=0.2, l2=0.01),
        replace(SMALL, optimizer=Maker("momentum", (("lr", Maker("cosine", (("peak", 0.3), ("steps", 20)))),))),
        replace(SMALL, optimizer=ADAM, wrappers=(Maker("weight_decayed", (("rate", 0.1),)),)),
        replace(
            SMALL, optimizer=ADAM, changes=(Change(2, "lr", 0.01), Change(3, "batch_size", 7), Change(4, "l2", 0.5))
        ),
    ],
    ids=["sgd", "momentum", "nesterov", "nadam", "adam", "schedule", "wrapper", "changes"],
)
def test_machine_code_trains_to_the_same_bits(training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all steps are compiled, only the later ones, or none; and after a rewind."""
    monkeypatch.setattr(compile_counter, "least", sys.maxsize)
    by_numpy = finish(start(training))
    assert not isinstance(by_numpy._steps, CompiledSteps)
    for least in (0, 3 * 5 * by_numpy.x.size):
        loop = finish_compiled(training, monkeypatch, least)
        assert_same(loop, by_numpy)
        loop.rewind(3)
        assert_same(finish(loop), by_numpy)


def test_what_was_given_out_is_not_changed_by_later_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machine code steps in place."""
    monkeypatch.setattr(compile_counter, "least", 0)
    loop = start(replace(SMALL, optimizer=ADAM))
    loop.train_epoch()
    x, checkpoint = loop.x, loop.checkpoint()
    kept = pickle.dumps((x, tuple(checkpoint)))
    finish(loop)
    assert pickle.dumps((x, tuple(checkpoint))) == kept


def test_a_pause_in_the_middle_of_an_epoch_changes_nothing() -> None:
    whole, loop = finish(start(SMALL)), start(SMALL)
    while not loop.is_finished:
        loop.advance(3)
    assert_same(loop, whole)


def test_rewinding_finds_epochs_whose_checkpoints_were_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = finish(start(SMALL))
    monkeypatch.setattr(training_loop, "MAX_CHECKPOINT_NUMBERS", 100)  # of 32 each
    loop = finish(start(SMALL))
    assert len(loop.checkpoints) <= 4
    assert {0, 6} <= set(loop.checkpoints)
    for epoch in (5, 3, 1):
        loop.rewind(epoch)
        assert loop.epoch == epoch
    assert_same(finish(loop), whole)


@pytest.mark.parametrize(("name", "value"), [("lr", 0.5), ("l2", 0.1), ("dropout", 0.4), ("batch_size", 16)])
def test_a_change_in_the_middle_is_in_the_specification(name: str, value: float) -> None:
    """A training that is changed after two epochs is the one whose specification has the change."""
    loop = start(SMALL)
    for _ in islice(loop.train(), 2):
        pass
    loop.change(name, value)
    finish(loop)
    assert loop.training.changes == (Change(2, name, value),)
    assert_same(loop, finish(start(replace(SMALL, changes=(Change(2, name, value),)))))
    unchanged = finish(start(SMALL))
    np.testing.assert_array_equal(loop.checkpoints[2].weights, unchanged.checkpoints[2].weights)
    assert (loop.x != unchanged.x).any()


def test_a_later_change_replaces_those_after_it() -> None:
    training = SMALL.with_change(1, "lr", 0.2).with_change(4, "lr", 0.3)
    assert training.with_change(2, "lr", 0.1).changes == (Change(1, "lr", 0.2), Change(2, "lr", 0.1))
    assert training.settings_after(0).optimizer == SMALL.optimizer
    assert dict(training.settings_after(3).optimizer.arguments)["lr"] == 0.2
    assert dict(training.settings_after(4).optimizer.arguments)["lr"] == 0.3


def test_a_change_ends_a_schedule_and_keeps_the_velocity() -> None:
    schedule = Maker("momentum", (("lr", Maker("constant", (("value", 0.05),))),))
    plain = replace(SMALL, optimizer=Maker("momentum", (("lr", 0.05),)), changes=(Change(3, "lr", 0.01),))
    scheduled = finish(start(replace(plain, optimizer=schedule)))
    np.testing.assert_array_equal(scheduled.x, finish(start(plain)).x)


def test_an_epoch_sees_every_sample_once_and_the_last_batch_is_smaller() -> None:
    """160 samples in batches of 32; with 50, in four of which the last has 10."""
    for size, steps in ((32, 5), (50, 4), (0, 1), (1000, 1)):
        loop = start(replace(SMALL, batch_size=size, epochs=1))
        assert finish(loop).t == steps


def test_trainings_from_the_same_weights() -> None:
    one, other = prepare_training(SMALL), prepare_training(replace(SMALL, seed=5, weights_seed=0))
    np.testing.assert_array_equal(one.start, other.start)
    assert (prepare_training(replace(SMALL, seed=5)).start != one.start).any()
    loops = [TrainingLoop(one), TrainingLoop(other)]
    for _ in range(6):  # an epoch of each in turn
        for loop in loops:
            loop.train_epoch()
    assert_same(loops[0], finish(start(SMALL)))


DIVERGING = {
    "loss": replace(SMALL, activation="relu", hidden=(6, 6), optimizer=Maker("sgd", (("lr", 1e100),))),
    "weights": replace(SMALL, l2=10.0, initialization="too_large", optimizer=Maker("sgd", (("lr", 1.7e308),))),
}


@pytest.mark.parametrize("is_compiled", [False, True], ids=["numpy", "compiled"])
@pytest.mark.parametrize("cause", DIVERGING)
def test_a_divergence_is_named_and_what_came_before_it_is_kept(
    cause: str, is_compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile_counter, "least", 0 if is_compiled else sys.maxsize)
    loop = finish(start(DIVERGING[cause]))
    found = loop.divergence
    assert found is not None
    assert found.cause == cause
    assert found.block in {block.name for block in loop.prepared.network.layout.blocks}
    assert f"step {found.t:,}" in found.sentence
    assert isinstance(loop._steps, CompiledSteps) == is_compiled
    assert np.isfinite(loop.x).all()
    assert loop.t == found.t - 1 == loop.record.step_losses.shape[1]
    assert loop.record.epoch_numbers.tolist() == [0]
    assert loop.is_finished
    loop.rewind(0)
    loop.change("lr", 0.1)
    assert finish(loop).divergence is None


def test_a_gradient_that_is_not_finite_is_named() -> None:
    prepared = prepare_training(SMALL)
    p, part = prepared.start, prepared.split.training
    samples, gradient = NetworkLoss(prepared.network, part.inputs, part.classes), np.full(p.size, np.inf)
    found = training_loop.find_divergence(samples, gradient, p, np.full(p.size, np.nan), 1.0, 3, 1)
    assert found is not None
    assert (found.cause, found.block, found.t) == ("gradient", "W1", 3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "own"}, "paste or upload"),
        ({"data": "cifar"}, "is not one of"),
        ({"optimizer": Maker("adamm")}, "is not one of"),
        ({"optimizer": Maker("adam", (("mu", 0.9),))}, "mu"),
        ({"optimizer": Maker("sgd", (("lr", Maker("cosin")),))}, "The schedule"),
        ({"wrappers": (Maker("clip"),)}, "The wrapper"),
        ({"epochs": 0}, "1 to 10,000 epochs"),
        ({"batch_size": -1}, "not below 0"),
        ({"seed": -1}, "not below 0"),
        ({"dropout": 1.0}, "less than 1"),
        ({"changes": (Change(2, "mu", 0.5),)}, "mu cannot"),
        ({"changes": (Change(2, "dropout", 1.5),)}, "less than 1"),
        ({"changes": (Change(-1, "lr", 0.5),)}, "before the first step"),
        ({"changes": (Change(1, "lr", float("nan")),)}, "cannot be changed to nan"),
        ({"validation_fraction": 0.0}, "between 0 and 1"),
        ({"validation_fraction": 0.9999}, "none would be left"),
        ({"sample_count": 1}, "nothing to tell apart"),
        ({"hidden": (5000, 5000)}, "at most 250,000"),
        ({"optimizer": Maker("newton"), "hidden": (400,)}, "The Hessian of"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(options: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        start(replace(SMALL, **options), is_recorded=False).train_epoch()


def test_a_feature_that_is_no_number_is_refused_with_its_place() -> None:
    data = prepare_training(SMALL).split.training
    data.inputs[3, 1] = np.nan
    with pytest.raises(UserError, match="Sample 4 has no number as its feature y"):
        prepare_training(replace(SMALL, data="own"), data)
