"""One training in the background: the record as far as it has come."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from threading import Lock
from time import monotonic, thread_time
from typing import NamedTuple

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.thumbnail_loss_curves import kept_loss_curves
from app.training_scenes.training_preparation import prepare
from app.training_scenes.training_scene import TrainingScene, build_training
from optimizers.training.all_readings import read_training
from optimizers.training.continuation_of_another_training import TrainingHistory, continue_training, find_kept_epoch
from optimizers.training.decision_regions import ClassifiedPlane, EpochRegions
from optimizers.training.first_nonfinite_number import Divergence
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.reading import Reading
from optimizers.training.recorder import EpochRecord, RatioRecord, StepRecord
from optimizers.training.specification import Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.training_path import TrainingPath, is_kept, keep_path

PIECE_SECONDS = 0.015  # of training between two moments at which another visitor may come first
NEWS_GROWTH = 1.5  # an epoch is published once there are so many times as many: every message has all the curves anew
NEWS_SECONDS = 0.5  # and after so long at the latest
START_SECONDS = 0.1  # after which the start is published, which is a point and no curve, if the first epoch is slow
MAX_KEPT_NUMBERS = 8_000_000  # in the checkpoints from which trainings may go on: 64 MB


class TrainingRequest(NamedTuple):
    training: Training
    table: str


def list_requests(scene: TrainingScene) -> list[TrainingRequest]:
    """The trainings of a scene."""
    return [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]


class TrainingSnapshot(NamedTuple):
    """The record of a training so far; nothing in it changes any more."""

    prepared: PreparedTraining
    epochs: tuple[EpochRecord, ...]
    steps: tuple[StepRecord, ...]
    ratios: tuple[RatioRecord, ...]
    divergence: Divergence | None
    seconds: Mapping[int, float]  # of computing, up to the end of each epoch
    readings: tuple[Reading, ...] = ()  # once it has ended
    plane: ClassifiedPlane | None = None  # of samples with two features
    regions: tuple[EpochRegions, ...] = ()  # in that plane
    path: TrainingPath | None = None  # of the weights, once it has ended and if they are not too many


class KeptTraining(NamedTuple):
    history: TrainingHistory
    seconds: Mapping[int, float]


class PieceTrainer:
    """Trains in pieces of about `PIECE_SECONDS`; which steps a piece has changes no number."""

    def __init__(self, loop: TrainingLoop, seconds: Mapping[int, float] | None = None) -> None:
        self.loop, self.steps = loop, 1
        self.seconds = {epoch: spent for epoch, spent in (seconds or {0: 0.0}).items() if epoch <= loop.epoch}
        self.spent = self.seconds[loop.epoch]

    def train(self) -> None:
        start = thread_time()
        before = self.loop.t
        self.loop.advance(self.steps)
        seconds = max(thread_time() - start, 1e-6)
        taken = max(1, self.loop.t - before)
        self.steps = max(1, min(4 * self.steps, int(PIECE_SECONDS * taken / seconds)))
        self.spent += seconds
        self.seconds.setdefault(self.loop.epoch, self.spent)


class KeptTrainings:
    """How far the last trainings came, so that one that differs from a later epoch on need not begin at the start."""

    def __init__(self, max_numbers: int = MAX_KEPT_NUMBERS) -> None:
        self.trainings: OrderedDict[TrainingRequest, KeptTraining] = OrderedDict()
        self.max_numbers, self.lock = max_numbers, Lock()

    def keep(self, request: TrainingRequest, trainer: PieceTrainer) -> None:
        kept = KeptTraining(TrainingHistory.from_loop(trainer.loop), dict(trainer.seconds))
        with self.lock:
            self.trainings[request] = kept
            self.trainings.move_to_end(request)
            while sum(each.history.numbers for each in self.trainings.values()) > self.max_numbers:
                self.trainings.popitem(last=False)

    def begin(self, request: TrainingRequest) -> PieceTrainer:
        """A training as far as a kept one has taken the same steps."""
        with self.lock:
            kept = [each for other, each in self.trainings.items() if other.table == request.table]
        prepared = prepare(*request)
        nearest = max(kept, key=lambda each: find_kept_epoch(each.history, request.training), default=None)
        if nearest is None or not find_kept_epoch(nearest.history, request.training):
            return PieceTrainer(TrainingLoop(prepared))
        return PieceTrainer(continue_training(prepared, nearest.history), nearest.seconds)


kept_trainings = KeptTrainings()


class RegionRecorder:
    """Classifies the plane of samples with two features, at the checkpoints of a training."""

    def __init__(self, loop: TrainingLoop) -> None:
        self.loop = loop
        self.plane = ClassifiedPlane(loop.prepared) if ClassifiedPlane.fits(loop.prepared) else None
        self.regions: dict[int, EpochRegions] = {}  # by epoch

    def list_missing(self) -> list[int]:
        """The epochs with a checkpoint that are shown and not yet classified."""
        if self.plane is None:
            return []
        return [e for e in sorted(self.loop.checkpoints) if e not in self.regions and self.plane.is_shown(e)]

    def classify(self, epoch: int) -> None:
        if self.plane is not None:
            weights = self.loop.checkpoints[epoch].weights
            self.regions[epoch] = self.plane.classify(epoch, self.loop.prepared.network, weights)

    def add_to(self, snapshot: TrainingSnapshot) -> TrainingSnapshot:
        regions = tuple(self.regions[epoch] for epoch in sorted(self.regions))
        return snapshot._replace(plane=self.plane, regions=regions)


def compute_training(request: TrainingRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a `TrainingSnapshot` after epochs 1, 2, 3, 5, 8, 12, ..., and of a slow training after others too."""
    trainer: PieceTrainer | None = None
    for found in run_tasks(queue, iter([("begin", lambda: kept_trainings.begin(request))])):
        trainer = found[1] if found else trainer
        yield Progress(0.0, None)
    if trainer is None:
        return
    loop, seen = trainer.loop, trainer.loop.epoch
    regions = RegionRecorder(loop)
    for _ in run_tasks(queue, ((epoch, partial(regions.classify, epoch)) for epoch in regions.list_missing())):
        yield Progress(0.0, None)  # the first weights, and the epochs that were kept

    def train_piece() -> None:
        trainer.train()
        for epoch in regions.list_missing():
            regions.classify(epoch)

    published, published_at = seen, monotonic()
    progress = Progress(seen / loop.training.epochs, regions.add_to(take_snapshot(trainer)) if seen else None)
    while not loop.is_finished:
        for found in run_tasks(queue, iter([("piece", train_piece)])):
            passed = monotonic() - published_at
            if found and loop.epoch > seen:
                seen = loop.epoch
                kept_trainings.keep(request, trainer)
                if seen >= max(published + 1, NEWS_GROWTH * published) or passed > NEWS_SECONDS:
                    published, published_at = seen, monotonic()
                    progress = Progress(seen / loop.training.epochs, regions.add_to(take_snapshot(trainer)))
            elif found and progress.result is None and passed > START_SECONDS:
                progress = Progress(0.0, regions.add_to(take_snapshot(trainer)))
            yield progress
    snapshot = regions.add_to(take_snapshot(trainer))._replace(path=keep_path(loop) if is_kept(loop) else None)
    for found in run_tasks(queue, iter([("readings", lambda: tuple(read_training(TrainingCurves.from_loop(loop))))])):
        snapshot = snapshot._replace(readings=found[1]) if found else snapshot
        yield progress  # so that a job whose visitors have left ends here too
    kept_loss_curves.keep(*request, snapshot.epochs)
    yield Progress(1.0, snapshot)


def take_snapshot(trainer: PieceTrainer) -> TrainingSnapshot:
    """The record up to the last epoch that is complete, or as far as a training came that diverged."""
    loop = trainer.loop
    record, divergence = loop.record, loop.divergence
    steps = sum(len(epoch.data_loss) for epoch in record.steps)
    ratios = tuple(ratio for ratio in record.ratios if ratio.t <= steps)
    return TrainingSnapshot(
        loop.prepared, tuple(record.epochs), tuple(record.steps), ratios, divergence, dict(trainer.seconds)
    )


def train_at_once(training: Training, table: str) -> TrainingSnapshot:
    """The record of a whole training, without a job."""
    trainer = PieceTrainer(TrainingLoop(prepare(training, table)))
    while not trainer.loop.is_finished:
        trainer.train()
    return take_snapshot(trainer)


get_training_job = make_job_cache(compute_training)
