"""A training of the digits, everything recorded, beside PyTorch's and scikit-learn's of the same network.

64-100-10 with ReLU, batches of 32, 20 epochs of 1,437 images in double precision, by processor time: in one thread,
and beside scikit-learn in two as well. Libraries that are not installed are left out; `python -m
tests.benchmarks.trainings` prints the rows alone. Each works once before it is measured: in a new process the first
trainings of an optimizer take their steps by NumPy, until compiling them pays.
"""

import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any, NamedTuple

from optimizers.training.prepared_training import PreparedTraining, prepare_training
from optimizers.training.specification import Maker, Training
from optimizers.training.training_loop import TrainingLoop
from tests.benchmarks.table import Row, print_table, time_in_turn


class Rival(NamedTuple):
    """An optimizer here, in PyTorch and in scikit-learn."""

    maker: Maker
    torch: tuple[str, dict[str, Any]]
    sklearn: dict[str, Any]


RIVALS = {
    "sgd": Rival(
        Maker("sgd", (("lr", 0.1),)),
        ("SGD", {"lr": 0.1}),
        {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0.0},
    ),
    "momentum": Rival(
        Maker("momentum", (("lr", 0.02), ("mu", 0.9))),
        ("SGD", {"lr": 0.02, "momentum": 0.9}),
        {"solver": "sgd", "learning_rate_init": 0.02, "momentum": 0.9, "nesterovs_momentum": False},
    ),
    "nesterov": Rival(
        Maker("nesterov", (("lr", 0.02), ("mu", 0.9))),
        ("SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
        {"solver": "sgd", "learning_rate_init": 0.02, "momentum": 0.9, "nesterovs_momentum": True},
    ),
    "adam": Rival(
        Maker("adam", (("lr", 0.001),)), ("Adam", {"lr": 0.001}), {"solver": "adam", "learning_rate_init": 0.001}
    ),
}
REPEATS = 7
LIMITS = {"torch": ("PyTorch eager, nothing recorded", 0.8), "sklearn": ("scikit-learn's MLPClassifier", 0.5)}


class Share(NamedTuple):
    """How much of another's time something takes, over the repeats."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, ours: list[float], theirs: list[float]) -> "Share":
        shares = [a / b for a, b in zip(ours, theirs, strict=True)]
        return cls(median(shares), min(shares), max(shares))

    def __str__(self) -> str:
        return f"{self.middle:.2f} of it ({self.least:.2f} to {self.most:.2f})"


def rows() -> Iterator[Row]:
    for name, rival in RIVALS.items():
        yield from compare(name, rival)


def compare(name: str, rival: Rival) -> Iterator[Row]:
    prepared = prepare_training(Training(optimizer=rival.maker))
    others: dict[str, Callable[[], None]] = {}
    if find_spec("torch"):
        others["torch"] = lambda: train_torch(prepared, rival)
    if find_spec("sklearn"):
        others["sklearn"] = lambda: train_sklearn(prepared, rival)
    times = measure(prepared, others, 1)
    recorded, plain = times["recorded"], times["plain"]
    cost = Share.of(recorded, plain)
    what = f"64-100-10 on the digits, batch 32, 20 epochs, {name}, everything recorded"
    measured = f"{median(recorded) * 1e3:.0f} ms"
    yield Row(
        what, measured, f"the same with nothing recorded {median(plain) * 1e3:.0f} ms: {cost}", "at most 1.25 of it",
        cost.middle <= 1.25,
    )  # fmt: skip
    for library, train in others.items():
        title, limit = LIMITS[library]
        shares = [Share.of(recorded, times[library])]
        beside = f"{title}, {median(times[library]) * 1e3:.0f} ms: {shares[0]}"
        if library == "sklearn":
            again = measure(prepared, {library: train}, 2)
            shares.append(Share.of(again["recorded"], again[library]))
            beside += f"; with two threads each {shares[1]}"
        yield Row(what, measured, beside, f"at most {limit} of it", max(share.middle for share in shares) <= limit)


def measure(prepared: PreparedTraining, others: dict[str, Callable[[], None]], threads: int) -> dict[str, list[float]]:
    """Seconds of the processor of all trainings, in turn, with so many threads for each."""

    def train(is_recorded: bool) -> None:
        for _ in TrainingLoop(prepared, is_recorded).train():
            pass

    works = {"recorded": lambda: train(True), "plain": lambda: train(False), **others}
    with limit_threads(threads):
        return dict(zip(works, time_in_turn(REPEATS, *works.values(), clock=process_time), strict=True))


def limit_threads(threads: int) -> Any:
    """A context in which NumPy's and scikit-learn's libraries have so many threads, and PyTorch from now on."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- comes with scikit-learn

    if find_spec("torch"):
        import torch  # noqa: PLC0415 -- where it is installed

        torch.set_num_threads(threads)
    return threadpool_limits(threads)


def train_torch(prepared: PreparedTraining, rival: Rival) -> None:
    import torch  # noqa: PLC0415 -- where it is installed

    part, size = prepared.split.training, prepared.training.batch_size
    inputs, classes = torch.from_numpy(part.inputs), torch.from_numpy(part.classes)
    model = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10)).double()
    maker, options = rival.torch
    optimizer, loss = getattr(torch.optim, maker)(model.parameters(), **options), torch.nn.CrossEntropyLoss()
    for _ in range(prepared.training.epochs):
        order = torch.randperm(len(classes))
        for start in range(0, len(classes), size):
            batch = order[start : start + size]
            optimizer.zero_grad()
            loss(model(inputs[batch]), classes[batch]).backward()
            optimizer.step()


def train_sklearn(prepared: PreparedTraining, rival: Rival) -> None:
    """It evaluates nothing but the loss of each batch, and does not stop early."""
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 -- where it is installed

    part, epochs = prepared.split.training, prepared.training.epochs
    model = MLPClassifier((100,), batch_size=prepared.training.batch_size, max_iter=epochs, alpha=0.0, tol=0.0,
                          n_iter_no_change=epochs + 1, random_state=0, **rival.sklearn)  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(part.inputs, part.classes)
    if model.n_iter_ != epochs:
        raise ValueError(f"scikit-learn trained {model.n_iter_} epochs instead of {epochs}")


if __name__ == "__main__":
    print_table(rows())
