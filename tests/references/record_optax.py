"""Records optax's trajectories into optax.npz. By hand, where JAX and optax are installed:

python -m tests.references.record_optax
"""

import json
from pathlib import Path

import jax
import numpy as np
import optax

from tests.references.cases import FUNCTIONS, OPTAX, STARTS, STEPS, SURFACE_ARGUMENTS

jax.config.update("jax_enable_x64", True)

MAKE = {
    "lion": lambda lr, beta1, beta2, weight_decay: optax.lion(lr, beta1, beta2, weight_decay=weight_decay),
    "adabelief": lambda lr, beta1, beta2, eps: optax.adabelief(lr, beta1, beta2, eps, eps_root=eps),
    "yogi": lambda lr, beta1, beta2, eps: optax.chain(  # optax.yogi cannot begin at 0
        optax.scale_by_yogi(beta1, beta2, eps, initial_accumulator_value=0.0), optax.scale_by_learning_rate(lr)
    ),
    "adam": lambda lr, beta1, beta2, eps: optax.adam(lr, b1=beta1, b2=beta2, eps=eps),
}


def path(word, surface, hyper):
    optimizer = MAKE[word](**hyper)
    slope = jax.grad(lambda x: FUNCTIONS[surface](x[0], x[1]))

    @jax.jit
    def step(x, state):
        updates, state = optimizer.update(slope(x), state, x)
        return optax.apply_updates(x, updates), state

    x = jax.numpy.array(STARTS[surface], dtype=jax.numpy.float64)
    state, points = optimizer.init(x), [np.array(x)]
    for _ in range(STEPS):
        x, state = step(x, state)
        points.append(np.array(x))
    return np.array(points).T  # (2, STEPS + 1)


if __name__ == "__main__":
    runs = {key: (case.word, surface, hyper) for case in OPTAX for key, surface, hyper in case.runs()}
    about = {
        "library": "optax",
        "version": f"{optax.__version__} on JAX {jax.__version__}",
        "runs": runs,
        "surfaces": SURFACE_ARGUMENTS,
    }
    np.savez_compressed(
        Path(__file__).with_name("optax.npz"),
        about=np.array(json.dumps(about)),
        **{key: path(*run) for key, run in runs.items()},
    )
