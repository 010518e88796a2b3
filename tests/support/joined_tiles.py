"""The tiles of a sweep as one, to be compared with a batch of all runs."""

from collections.abc import Iterator

from optimizers.batch_run_outcomes import RunOutcomes, join_lanes
from optimizers.parallel_batch import TileResult


def join_tiles(parts: Iterator[TileResult], lanes: int) -> RunOutcomes:
    """The parts of a sweep of so many lanes as one; raises `ValueError` if it was stopped before its end."""
    found = sorted(parts, key=lambda part: part.lanes.start)
    if sum(part.outcomes.final_loss.size for part in found) != lanes:
        raise ValueError("the sweep was stopped before its end")
    return join_lanes([part.outcomes for part in found])
