"""Gradient checks: every entry of a network beside PyTorch's own check of it, and how often a sample is checked."""

from collections.abc import Iterator
from time import process_time

import numpy as np
import torch

from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.entry_check import EntryCheck, check_entries
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.gradient_check.verdict import judge
from surfaces.models.catalogue import build_classifier
from tests.benchmarks.table import Row, in_turn

DIGITS = build_classifier("digits", hidden=(100,), activation="tanh", sample_count=20)
FUNCTION = from_network_loss(DIGITS.full_loss)
EVERY_ENTRY = np.arange(DIGITS.layout.size)
SAMPLE = sample_entries(DIGITS.layout, 300, seed=0)


def rows() -> Iterator[Row]:
    torch.set_num_threads(1)
    ours, theirs = in_turn(5, lambda: check(EVERY_ENTRY), check_by_torch, clock=process_time)
    yield Row(
        f"every entry of a gradient checked: {EVERY_ENTRY.size:,} of 64-100-10, 20 samples, centred",
        f"{ours:.2f} s of one processor",
        f"torch.autograd.gradcheck, slow mode, {theirs:.2f} s: {theirs / ours:.1f} x",
        "at most 1.5 s, and a fifth of PyTorch's time",
        ours <= 1.5 and 5 * ours <= theirs,
    )
    (seconds,) = in_turn(9, lambda: judge(FUNCTION, check(SAMPLE)), clock=process_time)
    yield Row(
        f"{SAMPLE.size} entries of it checked and judged, as for a picture at another h",
        f"{1 / seconds:.0f} a second",
        f"every entry {1 / ours:.1f} a second",
        "at least 10 a second",
        seconds <= 0.1,
    )


def check(entries: np.ndarray) -> EntryCheck:
    *_, last = check_entries(FUNCTION, DIGITS.start, entries)
    return last.check


def check_by_torch() -> None:
    """The same network, data and parameters in float64; a list of blocks, as PyTorch's users have them."""
    X, y = torch.from_numpy(DIGITS.data.inputs), torch.from_numpy(DIGITS.data.classes)
    blocks = DIGITS.layout.unpack(DIGITS.start.copy()).values()

    def loss(W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(torch.tanh(X @ W1 + b1) @ W2 + b2, y)

    assert torch.autograd.gradcheck(loss, [torch.from_numpy(block).requires_grad_() for block in blocks])
