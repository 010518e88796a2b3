"""A small training without a page: start it, finish it, and compare two of them."""

import pickle

import numpy as np

from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Maker, Training
from optimizers.training.training_loop import TrainingLoop

SMALL = Training(data="two_moons", hidden=(6,), activation="tanh", initialization="glorot", batch_size=32, epochs=6)
ADAM = Maker("adam", (("lr", 0.02),))


def start(training: Training, is_recorded: bool = True) -> TrainingLoop:
    return TrainingLoop(prepare_training(training), is_recorded)


def finish(loop: TrainingLoop) -> TrainingLoop:
    for _ in loop.train():
        pass
    return loop


def assert_same(loop: TrainingLoop, other: TrainingLoop) -> None:
    """Weights, state and everything recorded, to the bit."""
    assert (loop.t, loop.epoch) == (other.t, other.epoch)
    assert pickle.dumps(tuple(loop.checkpoint())) == pickle.dumps(tuple(other.checkpoint()))
    for name in ("step_losses", "step_epochs", "update_ratios", "ratio_epochs", "epoch_numbers"):
        np.testing.assert_array_equal(getattr(loop.record, name), getattr(other.record, name), err_msg=name)
    assert pickle.dumps(loop.record.epochs) == pickle.dumps(other.record.epochs)
