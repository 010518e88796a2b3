"""The weights of trainings against PyTorch's, step by step."""

from pathlib import Path

import numpy as np
import pytest

from optimizers.training.prepared_training import prepare_training
from optimizers.training.training_loop import TrainingLoop
from tests.references import training_cases
from tests.references.training_cases import KEPT_STEPS, STEPS, TrainingCase, list_cases, summarize_blocks

CASES = list_cases()
with np.load(Path(training_cases.__file__).with_name("torch_trainings.npz")) as file:
    RECORDED = {case.key: file[case.key] for case in CASES}


def train_and_keep(case: TrainingCase) -> np.ndarray:
    """The blocks at the kept steps: (steps, blocks, numbers)."""
    loop = TrainingLoop(prepare_training(case.training), is_recorded=False)
    kept = []
    for t in range(1, STEPS + 1):
        loop.advance(1)
        assert loop.t == t
        if t in KEPT_STEPS:
            kept.append(summarize_blocks(loop.prepared.network.layout.unpack(loop.x)))
    return np.array(kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_two_hundred_minibatch_steps_agree_with_torch(case: TrainingCase) -> None:
    """To 1e-9 of each block's largest kept number; rounding in another order made at most 4e-15 of it."""
    ours, theirs = train_and_keep(case), RECORDED[case.key]
    scale = np.abs(theirs).max(axis=-1, keepdims=True)
    assert (np.abs(ours - theirs) / scale).max() < 1e-9
    assert np.abs(theirs[-1] - theirs[0]).max() > 0.01  # it went somewhere
