"""A sweep on a Dask cluster loses nothing: not when a worker is killed, nor right after a result has come."""

import os
import signal
import sys
from types import ModuleType

import numpy as np
import pytest
from distributed import Client, LocalCluster

from optimizers.dask_executor import DaskExecutor
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.parallel_batch import run_tiles
from surfaces.functions.multimodal import himmelblau
from tests.support.joined_tiles import join_tiles

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask says that a worker was lost


def test_a_worker_that_is_killed_takes_nothing_with_it(monkeypatch):
    # A new process runs the file of `__main__`; that is a page of the app where an `AppTest` ran before.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    x0, steps, tile = np.random.default_rng(1).uniform(-5, 5, (2, 20_000)), 100, 500
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        DaskExecutor(client) as executor,
    ):
        workers = client.run(os.getpid)
        assert len(set(workers.values())) == 2
        parts, killed = [], False
        for part in run_tiles(adam, himmelblau(), x0, steps, tile_lanes=tile, workers=4, executor=executor):
            parts.append(part)
            if len(parts) == 5:
                os.kill(next(iter(workers.values())), signal.SIGKILL)
                killed = True
        left = set(client.run(os.getpid).values())
    assert killed
    assert left != set(workers.values())
    together = join_tiles(run_tiles(adam, himmelblau(), x0, steps), x0.shape[1])
    np.testing.assert_array_equal(join_tiles(iter(parts), x0.shape[1]).x, together.x)


@pytest.fixture
def client():
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_a_result_whose_worker_dies_right_after_it_came_is_a_result(client, monkeypatch):
    """A case that `client.get_executor()` takes for an error: the future is lost between its result and its status."""
    gather = client._gather

    async def gather_and_lose(futures, *args, **kwargs):
        results = await gather(futures, *args, **kwargs)
        for future in futures:
            future._state.lose()
        return results

    monkeypatch.setattr(client, "_gather", gather_and_lose)
    with DaskExecutor(client, 1) as executor:
        assert executor.submit(divmod, 17, 5).result() == (3, 2)


def test_what_goes_wrong_on_the_cluster_is_told(client):
    with DaskExecutor(client) as executor, pytest.raises(ZeroDivisionError):
        executor.submit(divmod, 17, 0).result()
