"""One training in the background: the record as far as it has come."""

from collections.abc import Iterator
from concurrent.futures import Executor
from time import thread_time
from typing import NamedTuple

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.training.prepared_data import prepare
from optimizers.training.all_readings import read_training
from optimizers.training.decision_regions import ClassifiedPlane, EpochRegions
from optimizers.training.divergence import Divergence
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.reading import Reading
from optimizers.training.recorder import EpochRecord, RatioRecord, StepRecord
from optimizers.training.specification import Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.training_path import TrainingPath, is_kept, keep_path

PIECE_SECONDS = 0.015  # of training between two moments at which another visitor may come first


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
    plane: ClassifiedPlane | None = None  # of samples with two features
    regions: tuple[EpochRegions, ...] = ()  # in that plane
    path: TrainingPath | None = None  # of the weights, once it has ended and if they are not too many


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


class RegionRecorder:
    """Classifies the plane of samples with two features, from the checkpoints of a training."""

    def __init__(self, loop: TrainingLoop) -> None:
        self.loop = loop
        self.plane = ClassifiedPlane(loop.prepared) if ClassifiedPlane.fits(loop.prepared) else None
        self.regions: tuple[EpochRegions, ...] = ()

    def classify(self) -> None:
        """Add the last epoch that is complete, unless it is there or is not shown."""
        loop, plane = self.loop, self.plane
        known = self.regions[-1].epoch if self.regions else -1
        if plane is None or loop.step_in_epoch or loop.epoch <= known or not plane.is_shown(loop.epoch):
            return
        self.regions = (*self.regions, plane.classify(loop.epoch, loop.prepared.network, loop.x))

    def add_to(self, snapshot: TrainingSnapshot) -> TrainingSnapshot:
        return snapshot._replace(plane=self.plane, regions=self.regions)


def compute_training(request: TrainingRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a `TrainingSnapshot` after each piece that ended an epoch."""
    trainer: PieceTrainer | None = None
    for found in run_tasks(queue, iter([("begin", lambda: PieceTrainer(TrainingLoop(prepare(*request))))])):
        trainer = found[1] if found else trainer
        yield Progress(0.0, None)
    if trainer is None:
        return
    loop, seen = trainer.loop, -1
    regions = RegionRecorder(loop)

    def train_piece() -> None:
        trainer.train()
        regions.classify()

    regions.classify()  # the first weights
    progress = Progress(0.0, take_snapshot(loop))
    while not loop.is_finished:
        for found in run_tasks(queue, iter([("piece", train_piece)])):
            if found and loop.epoch > seen:
                seen = loop.epoch
                progress = Progress(seen / loop.training.epochs, regions.add_to(take_snapshot(loop)))
            yield progress
    snapshot = regions.add_to(take_snapshot(loop))._replace(path=keep_path(loop) if is_kept(loop) else None)
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
