"""A visitor's log of a training made elsewhere: its text, what its columns are taken for, and what is read from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.server.visitor_presence import stop_if_abandoned
from optimizers.training.all_readings import read_training
from optimizers.training.log_columns import Role
from optimizers.training.log_reader import TrainingLog, read_log
from optimizers.training.reading import Reading
from optimizers.training.training_curves import TrainingCurves
from surfaces.datasets.table_parser import DataError
from surfaces.translatable import Translatable


class LogReport(NamedTuple):
    """The curves of a log and what they say; or why there are none."""

    curves: TrainingCurves | None
    readings: tuple[Reading, ...]
    fault: Translatable | None


@dataclass(frozen=True)
class LogScene:
    """A log and the roles of its columns. It is in no link: it is kept in the visit alone, until that ends."""

    name: str = ""  # of the file, if it was uploaded
    text: str = ""  # "" before there is a log
    assignment: tuple[tuple[Role, str], ...] = ()  # roles that the visitor gave to columns; "" takes a role away

    @cached_property
    def log(self) -> TrainingLog | None:
        """The columns of the text. Raises `DataError`."""
        if not self.text:
            return None
        return read_log(self.text, stop_if_abandoned).assign(dict(self.assignment))

    @cached_property
    def report(self) -> LogReport:
        log = self.log
        if log is None:
            return LogReport(None, (), None)
        try:
            curves = log.curves()
        except DataError as error:  # no column has a role that is drawn
            return LogReport(None, (), error.message)
        stop_if_abandoned()
        return LogReport(curves, tuple(read_training(curves)), None)

    def with_text(self, text: str, name: str = "") -> "LogScene":
        """Another log, whose columns are recognised anew. Raises `DataError`."""
        scene = LogScene(name, text)
        _ = scene.log  # refuses what is no log
        return scene

    def with_role(self, role: Role, column: str) -> "LogScene":
        """The same log with another column for a role, or none for "". Raises `DataError`."""
        scene = LogScene(self.name, self.text, tuple({**dict(self.assignment), role: column}.items()))
        if self.log is not None:
            scene.__dict__["log"] = self.log.assign({role: column})  # without reading the text again
        return scene
