"""The rule with its numbers, of every optimizer."""

import numpy as np
import pytest

from app.rule.replay import replayed
from app.runs import optimizer
from app.scene import Call, schedule, wrapper
from app.scene import optimizer as racing
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.noise import noisy

PLAIN = [(racing(word), None) for word in OPTIMIZERS]
OPTIONS = [
    (racing("adam", bias_correction=False), None),
    (racing("adagrad", root=False), None),
    (racing("newton", line_search=True), None),
    (racing("newton", avoid_saddles=True, damping=0.1), None),
]
WRAPPED = [(racing(word), wrapper(around)) for word in ("sgd", "adam", "lbfgs") for around in WRAPPERS]
ON_SCHEDULE = [(racing("rmsprop", lr=schedule(word)), None) for word in SCHEDULES]
BOTH = [(racing("momentum", lr=schedule("cosine"), mu=schedule("linear")), wrapper("lookahead"))]
RACERS = [*PLAIN, *OPTIONS, *WRAPPED, *ON_SCHEDULE, *BOTH]


def name(racer: tuple[Call, Call | None]) -> str:
    call, around = racer
    return f"{around.word}({call.word})" if around else call.word


@pytest.mark.parametrize("racer", RACERS, ids=name)
@pytest.mark.parametrize("place, sigma", [("rosenbrock", 0.0), ("himmelblau", 0.0), ("bowl", 0.5)])
def test_the_replayed_steps_are_the_steps(racer: tuple[Call, Call | None], place: str, sigma: float) -> None:
    """Bit for bit: a rule whose numbers come from a slightly different run would be a lie."""
    surface = SURFACES[place]()
    problem = noisy(surface, sigma, 3)
    run = optimizer(*racer)
    path = trajectory(run, problem, surface.start, 60)
    _, replaying = replayed(run)
    np.testing.assert_array_equal(trajectory(replaying, problem, surface.start, 60).x, path.x)
