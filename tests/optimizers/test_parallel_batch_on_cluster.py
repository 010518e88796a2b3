"""A sweep on a Dask cluster: two worker processes, one of which is killed in the middle, and nothing is lost."""

import os
import signal

import numpy as np
import pytest
from distributed import Client, LocalCluster

from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.parallel_batch import join_tiles, run_tiles
from surfaces.functions.multimodal import himmelblau


@pytest.mark.filterwarnings("ignore")  # Dask says that a worker was lost
def test_a_worker_that_is_killed_takes_nothing_with_it():
    x0, steps, tile = np.random.default_rng(1).uniform(-5, 5, (2, 20_000)), 100, 500
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        workers = client.run(os.getpid)
        assert len(set(workers.values())) == 2
        parts, killed = [], False
        for part in run_tiles(
            adam, himmelblau(), x0, steps, tile_lanes=tile, workers=4, executor=client.get_executor()
        ):
            parts.append(part)
            if len(parts) == 5:
                os.kill(next(iter(workers.values())), signal.SIGKILL)
                killed = True
        left = set(client.run(os.getpid).values())
    assert killed
    assert left != set(workers.values())
    together = join_tiles(run_tiles(adam, himmelblau(), x0, steps), x0.shape[1])
    np.testing.assert_array_equal(join_tiles(iter(parts), x0.shape[1]).x, together.x)
