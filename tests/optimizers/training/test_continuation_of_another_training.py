"""Going on from an epoch of another training: to the bit the training that began at the start."""

from dataclasses import replace

import pytest

from optimizers.training.continuation_of_another_training import TrainingHistory, continue_training, find_common_epochs
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from tests.support.training_loops import ADAM, SMALL, assert_same, finish, start

COSINE = Maker("momentum", (("lr", Maker("cosine", (("peak", 0.3), ("steps", 20)))),))
EARLY, LATE = Change(2, "lr", 0.3), Change(4, "l2", 0.1)


@pytest.mark.parametrize(
    ("old", "new", "epochs"),
    [
        (SMALL, SMALL, 6),
        (SMALL, replace(SMALL, epochs=9), 6),
        (replace(SMALL, epochs=9), SMALL, 6),
        (SMALL, replace(SMALL, changes=(LATE,)), 4),
        (replace(SMALL, changes=(EARLY, LATE)), replace(SMALL, changes=(EARLY,)), 4),
        (replace(SMALL, changes=(EARLY,)), replace(SMALL, changes=(EARLY._replace(value=0.2),)), 2),
        (SMALL, replace(SMALL, changes=(Change(0, "lr", 0.3),)), 0),
        (SMALL, replace(SMALL, optimizer=ADAM), 0),
        (SMALL, replace(SMALL, seed=1), 0),
        (SMALL, replace(SMALL, l2=0.1), 0),
    ],
)
def test_trainings_agree_up_to_the_first_change_that_one_of_them_makes(
    old: Training, new: Training, epochs: int
) -> None:
    assert find_common_epochs(old, new) == find_common_epochs(new, old) == epochs


@pytest.mark.parametrize("base", [replace(SMALL, optimizer=ADAM, dropout=0.2), replace(SMALL, optimizer=COSINE)])
@pytest.mark.parametrize("change", [EARLY, LATE, Change(3, "batch_size", 7)], ids=lambda change: change.name)
def test_it_ends_where_the_unbroken_training_ends(base: Training, change: Change) -> None:
    old = finish(start(base))
    new = replace(base, changes=(change,), epochs=8)
    loop = continue_training(prepare_training(new), TrainingHistory.from_loop(old))
    assert (loop.epoch, loop.t) == (change.epoch, 5 * change.epoch)  # these epochs are not trained again
    assert loop.record.epoch_numbers[-1] == change.epoch
    assert_same(finish(loop), finish(start(new)))
    assert_same(finish(start(base)), old)  # the old one is as it was


def test_one_that_has_nothing_in_common_begins_at_the_start() -> None:
    old = finish(start(SMALL))
    new = replace(SMALL, optimizer=ADAM)
    loop = continue_training(prepare_training(new), TrainingHistory.from_loop(old))
    assert loop.t == 0
    assert_same(finish(loop), finish(start(new)))


def test_lengths_whose_records_are_thinned_differently_have_nothing_in_common() -> None:
    old = start(replace(SMALL, epochs=300))
    for _ in range(3):
        old.train_epoch()
    new = replace(SMALL, epochs=250)
    assert continue_training(prepare_training(new), TrainingHistory.from_loop(old)).t == 0
