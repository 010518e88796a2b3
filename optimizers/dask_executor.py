"""An executor whose jobs are done by a Dask cluster, for `run_tiles`."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

MAX_JOBS = 64  # sent at a time: each is waited for by a thread that does nothing else

P = ParamSpec("P")
T = TypeVar("T")


class DaskFuture(Protocol):
    def result(self) -> Any: ...


class DaskClient(Protocol):
    """The part of a `distributed.Client` that is used."""

    def submit(self, job: Callable[..., Any], /, *args: Any, pure: bool, **kwargs: Any) -> DaskFuture: ...


class DaskExecutor(ThreadPoolExecutor):
    """Sends each job to the cluster of a `client`, at most `max_jobs` at a time; one whose worker dies is done again.

    `client.get_executor()` of Dask asks for a future's status after it has its result. If the worker dies in between,
    the status is "lost", and the result is taken for an error and unpacked as one: `ValueError: too many values to
    unpack` (distributed 2026.8.0, `_cascade_future` in cfexecutor.py). `result()` of the future itself does not ask.
    """

    def __init__(self, client: DaskClient, max_jobs: int = MAX_JOBS) -> None:
        super().__init__(max_jobs, "dask")
        self.client = client

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The job's future. A job that is cancelled before it is sent is never sent; one that was sent is finished."""
        return super().submit(self.run_on_cluster, fn, *args, **kwargs)

    def run_on_cluster(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        # not `pure`: two equal jobs are two tasks, so that one that is forgotten does not take the other with it
        return self.client.submit(fn, *args, pure=False, **kwargs).result()
