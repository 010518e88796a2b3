"""A training of the digits, everything recorded, beside PyTorch's and scikit-learn's of the same network.

64-100-10 with ReLU, batches of 32, 20 epochs of 1,437 images in double precision, each in one thread. Libraries that
are not installed are left out: `python -m tests.benchmarks.trainings` prints the rows alone.
"""

import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from time import process_time

from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Maker, Training
from optimizers.training.training_loop import TrainingLoop
from tests.benchmarks.table import Row, in_turn, markdown

OPTIMIZERS = {"sgd": 0.1, "adam": 0.001}
REPEATS = 7


def rows() -> Iterator[Row]:
    for name, lr in OPTIMIZERS.items():
        yield from compare(name, lr)


def compare(name: str, lr: float) -> Iterator[Row]:
    prepared = prepare_training(Training(optimizer=Maker(name, (("lr", lr),))))
    X, y = prepared.split.training.inputs, prepared.split.training.classes
    epochs, size = prepared.training.epochs, prepared.training.batch_size

    def train(is_recorded: bool) -> None:
        for _ in TrainingLoop(prepared, is_recorded).train():
            pass

    def train_torch() -> None:
        import torch  # noqa: PLC0415 -- where it is installed

        inputs, classes = torch.from_numpy(X), torch.from_numpy(y)
        model = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10)).double()
        make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name]
        optimizer, loss = make(model.parameters(), lr), torch.nn.CrossEntropyLoss()
        for _ in range(epochs):
            order = torch.randperm(len(classes))
            for start in range(0, len(classes), size):
                batch = order[start : start + size]
                optimizer.zero_grad()
                loss(model(inputs[batch]), classes[batch]).backward()
                optimizer.step()

    def train_sklearn() -> None:
        from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 -- where it is installed

        model = MLPClassifier((100,), solver=name, batch_size=size, max_iter=epochs, learning_rate_init=lr,
                              momentum=0.0, alpha=0.0, n_iter_no_change=epochs, random_state=0)  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y)

    others: dict[str, Callable[[], None]] = {}
    if find_spec("torch"):
        import torch  # noqa: PLC0415 -- where it is installed

        torch.set_num_threads(1)
        others["torch"] = train_torch
    if find_spec("sklearn"):
        others["sklearn"] = train_sklearn
    recorded, plain, *theirs = in_turn(
        REPEATS, lambda: train(True), lambda: train(False), *others.values(), clock=process_time
    )
    found = dict(zip(others, theirs, strict=True))
    what = f"64-100-10 on the digits, batch 32, 20 epochs, {name}, everything recorded"
    yield Row(
        what,
        f"{recorded * 1e3:.0f} ms",
        f"the same with nothing recorded {plain * 1e3:.0f} ms: {recorded / plain:.2f} of it",
        "at most 1.25 of it",
        recorded <= 1.25 * plain,
    )
    for library, limit, title in (
        ("torch", 0.8, "PyTorch eager, nothing recorded"),
        ("sklearn", 0.5, "scikit-learn's MLPClassifier"),
    ):
        if library in found:
            share = recorded / found[library]
            yield Row(
                what,
                f"{recorded * 1e3:.0f} ms",
                f"{title}, {found[library] * 1e3:.0f} ms: {share:.2f} of it",
                f"at most {limit} of it",
                share <= limit,
            )


if __name__ == "__main__":
    print(markdown(rows()))
