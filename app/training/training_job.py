"""One training in the background: the record as far as it has come."""

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Executor
from threading import Lock
from time import thread_time
from typing import NamedTuple

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.training.prepared_data import prepare
from optimizers.training.all_readings import read_training
from optimizers.training.continued_training import TrainingHistory, continue_training, find_kept_epoch
from optimizers.training.divergence import Divergence
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.reading import Reading
from optimizers.training.recorder import EpochRecord, RatioRecord, StepRecord
from optimizers.training.specification import Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop

PIECE_SECONDS = 0.015  # of training between two moments at which another visitor may come first
MAX_KEPT_NUMBERS = 8_000_000  # in the checkpoints from which trainings may go on: 64 MB


class TrainingRequest(NamedTuple):
    training: Training
    table: str


class TrainingSnapshot(NamedTuple):
    """What a training has recorded so far; nothing in it changes any more."""

    prepared: PreparedTraining
    epochs: tuple[EpochRecord, ...]
    steps: tuple[StepRecord, ...]
    ratios: tuple[RatioRecord, ...]
    divergence: Divergence | None
    readings: tuple[Reading, ...] = ()  # once it has ended


class KeptHistories:
    """How far the last trainings came, so that one that differs from a later epoch on need not begin at the start."""

    def __init__(self, max_numbers: int = MAX_KEPT_NUMBERS) -> None:
        self.histories: OrderedDict[TrainingRequest, TrainingHistory] = OrderedDict()
        self.max_numbers, self.lock = max_numbers, Lock()

    def keep(self, request: TrainingRequest, loop: TrainingLoop) -> None:
        history = TrainingHistory.from_loop(loop)
        with self.lock:
            self.histories[request] = history
            self.histories.move_to_end(request)
            while sum(kept.numbers for kept in self.histories.values()) > self.max_numbers:
                self.histories.popitem(last=False)

    def begin(self, request: TrainingRequest) -> TrainingLoop:
        """The loop of a training, as far as a kept one has taken the same steps."""
        with self.lock:
            kept = [history for other, history in self.histories.items() if other.table == request.table]
        nearest = max(kept, key=lambda history: find_kept_epoch(history, request.training), default=None)
        prepared = prepare(*request)
        return continue_training(prepared, nearest) if nearest else TrainingLoop(prepared)


kept_histories = KeptHistories()


class PieceTrainer:
    """Trains in pieces of about `PIECE_SECONDS`; which steps a piece has changes no number."""

    def __init__(self, loop: TrainingLoop) -> None:
        self.loop, self.steps = loop, 1

    def train(self) -> None:
        start = thread_time()
        before = self.loop.t
        self.loop.advance(self.steps)
        seconds = max(thread_time() - start, 1e-6)
        taken = max(1, self.loop.t - before)
        self.steps = max(1, min(4 * self.steps, int(PIECE_SECONDS * taken / seconds)))


def compute_training(request: TrainingRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a `TrainingSnapshot` after each piece that ended an epoch."""
    trainer: PieceTrainer | None = None
    for found in run_tasks(queue, iter([("begin", lambda: PieceTrainer(kept_histories.begin(request)))])):
        trainer = found[1] if found else trainer
        yield Progress(0.0, None)
    if trainer is None:
        return
    loop, seen = trainer.loop, -1
    progress = Progress(loop.epoch / loop.training.epochs, take_snapshot(loop))
    while not loop.is_finished:
        for found in run_tasks(queue, iter([("piece", trainer.train)])):
            if found and loop.epoch > seen:
                seen = loop.epoch
                kept_histories.keep(request, loop)
                progress = Progress(seen / loop.training.epochs, take_snapshot(loop))
            yield progress
    snapshot = take_snapshot(loop)
    for found in run_tasks(queue, iter([("readings", lambda: tuple(read_training(TrainingCurves.from_loop(loop))))])):
        snapshot = snapshot._replace(readings=found[1]) if found else snapshot
    yield Progress(1.0, snapshot)


def take_snapshot(loop: TrainingLoop) -> TrainingSnapshot:
    """The record up to the last epoch that is complete, or as far as a training came that diverged."""
    record, divergence = loop.record, loop.divergence
    steps = sum(len(epoch.data_loss) for epoch in record.steps)
    ratios = tuple(ratio for ratio in record.ratios if ratio.t <= steps)
    return TrainingSnapshot(loop.prepared, tuple(record.epochs), tuple(record.steps), ratios, divergence)


get_training_job = make_job_cache(compute_training)
