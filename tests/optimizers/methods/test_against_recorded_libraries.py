"""Our trajectories and schedules against other libraries', recorded in tests/references."""

import json
from pathlib import Path

import numpy as np
import pytest

from optimizers.catalogue import SCHEDULES
from tests.references import deviation
from tests.references.cases import OPTAX, STEPS, TORCH

RECORDINGS = deviation.recordings()
TORCH_FILE = Path(deviation.__file__).with_name("torch.npz")
with np.load(TORCH_FILE) as recorded:
    RATES = {
        word: (arguments, recorded[f"schedule/{word}"])
        for word, arguments in json.loads(str(recorded["about"]))["schedules"].items()
    }


def name(recording):
    return f"{recording.library}-{recording.word}-{recording.surface}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=name)
def test_all_steps_agree_with_the_other_library(recording):
    """Relative to each coordinate, or to 0.001 where a coordinate is smaller, as the minimum of the bowl is at 0.

    Rounding alone makes differences up to 1e-12 here: the runs were chosen not to be chaotic.
    """
    assert recording.x.shape == (2, STEPS + 1)
    assert deviation.deviation(recording) < 1e-9


def test_the_recorded_libraries_and_optimizers_are_those_of_the_table():
    words = {(r.library, r.word) for r in RECORDINGS}
    assert words == {("torch.optim", case.word) for case in TORCH} | {("optax", case.word) for case in OPTAX}
    assert len(RECORDINGS) == 4 * len(words)
    assert all(r.version for r in RECORDINGS)


@pytest.mark.parametrize("recording", RECORDINGS, ids=name)
def test_a_recorded_run_goes_somewhere_and_stays_finite(recording):
    """A run that hardly moves, or that the other library lost, would compare nothing."""
    assert np.isfinite(recording.x).all()
    assert np.linalg.norm(recording.x[:, -1] - recording.x[:, 0]) > 0.1


def test_greatest_deviations_are_the_maximum_over_the_surfaces():
    greatest = deviation.greatest_deviations()
    for recording in RECORDINGS:
        assert deviation.deviation(recording) <= greatest[recording.library, recording.word] < 1e-9


@pytest.mark.parametrize("word", RATES)
def test_schedules_agree_with_torch(word):
    """Step t uses what PyTorch calls the learning rate after t - 1 scheduler steps.

    PyTorch computes most of them by multiplying the last value on, so rounding adds up over 100 steps.
    """
    arguments, rates = RATES[word]
    ours = [SCHEDULES[word](**arguments)(t) for t in range(1, len(rates) + 1)]
    np.testing.assert_allclose(ours, rates, rtol=1e-11)
