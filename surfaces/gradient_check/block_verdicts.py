"""The verdict of a check on each block by itself."""

from typing import NamedTuple

import numpy as np

from surfaces.gradient_check.entry_check import EntryCheck
from surfaces.gradient_check.verdict import GradientVerdict, apply_notes_rule, find_excuses
from surfaces.models.network import Network


class BlockVerdict(NamedTuple):
    """The largest relative error of a block, and what the notes say of it; None for a block that was not checked."""

    name: str
    error: float | None = None
    kind: GradientVerdict | None = None


def judge_blocks(network: Network, check: EntryCheck) -> tuple[BlockVerdict, ...]:
    """The verdicts on all blocks, in their order. Entries that do not count are left out, unless none counts."""
    return tuple(judge_block(network, check, block.name, block.start, block.stop) for block in network.layout.blocks)


def judge_block(network: Network, check: EntryCheck, name: str, start: int, stop: int) -> BlockVerdict:
    part = check.select((check.entries >= start) & (check.entries < stop))
    if not len(part.entries):
        return BlockVerdict(name)
    if not (part.analytic.any() or part.numeric.any()):  # zeros with zeros
        return BlockVerdict(name, 0.0, GradientVerdict.NOTHING_CHECKED)
    excuses = find_excuses(part)
    error = np.where(np.isnan(part.relative_error), np.inf, part.relative_error)
    if (excuses == "").any():
        worst = float(error[excuses == ""].max())
        return BlockVerdict(name, worst, apply_notes_rule(worst, not network.is_analytic, network.depth))
    worst_at = int(np.argmax(error))
    return BlockVerdict(name, float(error[worst_at]), GradientVerdict(str(excuses[worst_at])))
