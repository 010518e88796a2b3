"""Trainings whose scripts for PyTorch are run and recorded: every optimizer that it has, and everything else once."""

from optimizers.catalogue import TRAITS
from optimizers.method_traits import TorchOptimizer
from optimizers.training.specification import Change, Maker, Training

TORCH_WORDS = {word for word, traits in TRAITS.items() if isinstance(traits.counterpart, TorchOptimizer)}
RATES = {"sgd": 0.1, "momentum": 0.02, "momentum_subtracted": 0.02, "nesterov": 0.02, "adagrad": 0.05}
LOW_RATE = 0.003
TANH = {"hidden": (12, 8), "activation": "tanh", "initialization": "glorot"}
OWN_TABLE = "length,width,kind\n" + "".join(
    f"{0.9 + 0.13 * k:.2f},{0.3 + 0.07 * (k % 4):.2f},a\n{1.6 + 0.12 * k:.2f},{0.8 + 0.06 * (k % 5):.2f},b\n"
    for k in range(12)
)


def make_optimizer(word: str, **arguments: float | Maker) -> Maker:
    rate = {} if word in {"adadelta", "rprop"} else {"lr": RATES.get(word, LOW_RATE)}
    return Maker(word, tuple({**rate, **arguments}.items()))


def small(word: str = "adam", **options: object) -> Training:
    """Three epochs of 200 digits in batches of 32, the last of them of 8."""
    arguments = {"sample_count": 200, "epochs": 3, "hidden": (12,), "seed": 3, "split_seed": 2}
    return Training(**{"optimizer": make_optimizer(word), **arguments, **options})  # type: ignore[arg-type]


def list_exported_trainings() -> dict[str, Training]:
    ramp = Maker("linear", (("start", 0.5), ("end", 0.95), ("steps", 15)))
    decay = Maker("cosine", (("peak", 0.01), ("steps", 18)))
    return {
        **{f"{word} on digits": small(word) for word in sorted(TORCH_WORDS)},
        "three layers of tanh, L2, file order": small("nesterov", **TANH, l2=0.01, split="file", weights_seed=7),
        "dropout in two layers": small("momentum", hidden=(20, 10), dropout=0.4),
        "sigmoid": small(activation="sigmoid", data="rings", sample_count=0, validation_fraction=0.3),
        "leaky ReLU on all samples at once": small("rprop", activation="leaky_relu", data="spirals", batch_size=0),
        "softmax": small("adagrad", model="softmax", hidden=(), l2=0.001),
        "support vectors": small("sgd", model="svm", hidden=(), initialization="zero", data="two_moons"),
        "changes in the middle": small(
            dropout=0.3, epochs=6, changes=(
                Change(0, "eps", 1e-6), Change(2, "lr", 0.01), Change(3, "batch_size", 50), Change(3, "beta1", 0.8),
                Change(4, "dropout", 0.0), Change(5, "l2", 0.01), Change(9, "lr", 1.0),
            ),
        ),
        "mu in the middle": small("momentum", changes=(Change(1, "mu", 0.5), Change(2, "batch_size", 0))),
        "schedules": small(optimizer=make_optimizer("adamw", lr=decay), changes=(Change(2, "lr", 0.001),)),
        "mu on a ramp": small(optimizer=make_optimizer("nesterov", mu=ramp)),
        "clipped": small("momentum", wrappers=(Maker("clipped", (("norm", 0.5),)),)),
        "weights that decay, and are clipped": small(
            wrappers=(Maker("clipped"), Maker("weight_decayed", (("rate", 0.05),)))
        ),
        "diverges": small(
            optimizer=make_optimizer("sgd", lr=10.0), data="xor", hidden=(8,), l2=10.0, epochs=30, sample_count=0,
        ),
        "own data": small("rmsprop", data="own", is_standardized=True, batch_size=5),
    }  # fmt: skip
