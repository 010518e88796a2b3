"""Which entries of a gradient are checked, when there is no time for all of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import Block, BlockLayout, Entries


def list_all_entries(size: int) -> Entries:
    return np.arange(size)


def sample_entries(layout: BlockLayout, count: int, seed: int, at_least: int = 5) -> Entries:
    """Draw about `count` entries, but `at_least` so many of every block, or all where it has fewer; sorted.

    The rest is drawn in proportion to what is left of the blocks. Biases are blocks of their own, and so never missed.
    """
    spans = [(block.start, block.stop) for block in layout.blocks]
    return draw_from_spans(spans, count, at_least, seed)


def draw_from_spans(spans: Sequence[tuple[int, int]], count: int, at_least: int, seed: int) -> Entries:
    """Draw `at_least` so many indices of every span (start, stop), and the rest of `count` from all that is left."""
    rng = np.random.default_rng(seed)
    drawn = [start + rng.permutation(stop - start)[:at_least] for start, stop in spans]
    rest = np.setdiff1d(np.concatenate([np.arange(start, stop) for start, stop in spans]), np.concatenate(drawn))
    more = max(0, count - sum(map(len, drawn)))
    return np.sort(np.concatenate([*drawn, rng.permutation(rest)[:more]]))


def sample_flat_vector(size: int, count: int, seed: int) -> Entries:
    """The trap: draw from the flat vector, in which a small block is easily forgotten."""
    return np.sort(np.random.default_rng(seed).permutation(size)[:count])


def find_missed_blocks(layout: BlockLayout, entries: Entries) -> list[Block]:
    """The blocks of which no entry is checked."""
    return [block for block, count in zip(layout.blocks, count_by_block(layout, entries), strict=True) if not count]


def count_by_block(layout: BlockLayout, entries: Entries) -> NDArray[np.int64]:
    """How many entries of each block are checked."""
    return np.array([np.count_nonzero((block.start <= entries) & (entries < block.stop)) for block in layout.blocks])


def probability_of_missing(block_size: int, size: int, count: int) -> float:
    r"""How likely `count` entries drawn from a flat vector are all outside a block.

    $$ \prod_{k=0}^{b-1} \frac{n - c - k}{n - k} $$

    for a block of b among n entries, of which c are drawn.
    """
    k = np.arange(block_size)
    return float(np.prod(np.maximum(0, size - count - k) / (size - k)))
