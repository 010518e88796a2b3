"""Every block has its entries in a sample, which the flat vector does not promise."""

from collections import Counter

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import find_block, name_entry
from surfaces.gradient_check.entry_sampling import (
    count_by_block,
    find_missed_blocks,
    list_all_entries,
    probability_of_missing,
    sample_entries,
    sample_flat_vector,
)
from surfaces.models.parameter_blocks import ParameterLayout

LAYOUT = ParameterLayout.from_shapes({"W1": (64, 100), "b1": (100,), "W2": (100, 10), "b2": (10,), "scale": ()})


@pytest.mark.parametrize(("count", "at_least"), [(0, 3), (50, 3), (300, 20), (10_000, 5), (7511, 1)])
def test_every_block_has_at_least_so_many(count: int, at_least: int) -> None:
    entries = sample_entries(LAYOUT, count, seed=1, at_least=at_least)
    sizes = [block.stop - block.start for block in LAYOUT.blocks]
    drawn = count_by_block(LAYOUT, entries)
    assert (drawn >= np.minimum(at_least, sizes)).all()
    assert len(entries) == min(LAYOUT.size, max(count, np.minimum(at_least, sizes).sum()))
    assert (np.diff(entries) > 0).all() and entries[0] >= 0 and entries[-1] < LAYOUT.size
    assert find_missed_blocks(LAYOUT, entries) == []


def test_a_sample_is_that_of_its_seed_and_in_proportion() -> None:
    first = sample_entries(LAYOUT, 1000, seed=4)
    assert first.tolist() == sample_entries(LAYOUT, 1000, seed=4).tolist()
    assert first.tolist() != sample_entries(LAYOUT, 1000, seed=5).tolist()
    assert 700 < count_by_block(LAYOUT, first)[0] < 950  # W1 has 6400 of 7511, 847 are expected
    assert list_all_entries(3).tolist() == [0, 1, 2]


def test_the_flat_vector_forgets_a_small_block_as_often_as_computed() -> None:
    """b2 has 10 of 7511 entries; of 100 drawn none is among them 87 times in 100. 400 draws: to 4 standard errors."""
    missed = Counter(
        block.name for seed in range(400) for block in find_missed_blocks(LAYOUT, sample_flat_vector(7511, 100, seed))
    )
    expected = probability_of_missing(10, 7511, 100)
    assert expected == pytest.approx(0.874, abs=1e-3)
    assert missed["b2"] / 400 == pytest.approx(expected, abs=0.07)
    assert missed["W1"] == 0
    assert probability_of_missing(10, 20, 11) == 0


@pytest.mark.parametrize(
    ("i", "name"), [(0, "W1[0, 0]"), (317, "W1[3, 17]"), (6400, "b1[0]"), (6511, "W2[1, 1]"), (7510, "scale")]
)
def test_an_entry_has_the_name_that_numpy_gives_it(i: int, name: str) -> None:
    assert name_entry(LAYOUT, i) == name
    assert name.startswith(find_block(LAYOUT, i).name)
    assert name_entry(None, i) == f"x[{i}]"
