"""Export a training as a script that needs only PyTorch and NumPy, where PyTorch takes the same steps."""

from collections.abc import Iterator
from textwrap import fill

from app.export.python_literals import format_literal, format_numbers
from app.export.source_extraction import Dependencies, add_function, sort_imports
from app.export.torch_script import check_arguments, write_constructor, write_entry_updates, write_schedules
from app.model import display_names
from app.model.scene import Call, UserError, wrapper_call
from app.model.training_optimizer_conversion import to_call
from optimizers.catalogue import SCHEDULES, TRAITS
from optimizers.method_traits import TorchOptimizer
from optimizers.training.prepared_training import PreparedTraining, prepare_training
from optimizers.training.specification import MODEL_CHANGES, Maker, Training
from surfaces.models.activations import LEAK
from surfaces.models.catalogue import DATA_SETS
from surfaces.models.classification_data import DARKEST_PIXEL, ClassificationData
from surfaces.models.data_split_and_standardization import SPLIT_STREAM
from surfaces.models.network import DROPOUT_STREAM
from surfaces.models.weight_initialization import INITIALIZATION_STREAM, STANDARD_DEVIATIONS
from surfaces.translatable import Translatable

FILE_NAME = "training_torch.py"
MAX_NUMBERS = 12_000  # of data that are written into a script: about 200 kB
ACTIVATION_CODE = {
    "relu": "torch.relu(h)",
    "tanh": "torch.tanh(h)",
    "sigmoid": "torch.sigmoid(h)",
    "leaky_relu": f"torch.nn.functional.leaky_relu(h, {LEAK})",
}
LOSS_CODE = {
    "softmax": "torch.nn.functional.cross_entropy(scores, y)",
    # The right class has the margin 1 too: it is taken off again.
    "svm": "(torch.relu(scores - scores.gather(1, y[:, None]) + 1).sum(dim=1) - 1).mean()",
}

SCRIPT_TEMPLATE = '''\
"""{title}, with PyTorch.

Run it where {libraries} are installed.
NumPy draws {draws} as Descent does. The script ends at
the weights of the same training in Descent, to 1e-9 of the largest of each layer, unless rounding errors grow in it:
where the loss jumps about, they may. It saves the weights to weights.npz.
"""

{imports}

torch.set_default_dtype(torch.float64)

{data}
{split}
X, y = torch.tensor(inputs[rows]), torch.tensor(classes[rows])
X_validation, y_validation = torch.tensor(inputs[others]), torch.tensor(classes[others])

{functions}
def draw(k, n_in, n_out, deviation):
    normal = np.random.default_rng(({weights_seed}, k, {weights_stream})).standard_normal((n_in, n_out))
    return torch.tensor(deviation * normal, requires_grad=True)


# W1, b1, W2, ...: a matrix has a row for each input.
weights = [
{weights}]


def compute_scores(weights, X{masks_argument}):
    h = X
    for k in range(0, len(weights), 2):
        h = h @ weights[k] + weights[k + 1]
        if k + 2 < len(weights):
            h = {activation}
{dropped}    return h


def compute_loss(scores, y):
    return {loss}


{variables}optimizer = torch.optim.{optimizer}
t, diverged = 0, False
for epoch in range({epochs}):
{changes}    order = np.arange(len(y))
    if batch_size < len(y):
        order = np.random.default_rng(({seed}, epoch)).permutation(len(y))
    for start in range(0, len(y), batch_size):
        batch = order[start : start + batch_size]
        t += 1
{updates}{masks}        loss = compute_loss(compute_scores(weights, X[batch]{masks_passed}), y[batch])
{penalty}        optimizer.zero_grad()
        loss.backward()
{gradient}        before = [w.detach().clone() for w in weights]
        optimizer.step()
        if not (loss.isfinite() and all(w.isfinite().all(){no_nan} for w in weights)):
            print(f"diverged in step {{t}}")
            weights, diverged = before, True  # as they were before that step
            break
    if diverged:
        break
    with torch.no_grad():
        scores = compute_scores(weights, X_validation)
        value, right = compute_loss(scores, y_validation), (scores.argmax(dim=1) == y_validation).double().mean()
    print(f"epoch {{epoch + 1}}: validation loss {{value:.6g}}, accuracy {{right:.2%}}")

names = [f"{{kind}}{{k // 2 + 1}}" for k, kind in enumerate("Wb" * (len(weights) // 2))]
np.savez("weights.npz", **{{name: w.detach().numpy() for name, w in zip(names, weights)}})
'''


def make_training_torch_script(title: str, training: Training, samples: ClassificationData | None = None) -> str:
    """The script of a training, of the visitor's own `samples` if there are any.

    Raises `UserError` with what differs if PyTorch takes other steps.
    """
    first = training.settings_after(0)
    optimizer = to_call(first.optimizer)
    counterpart = TRAITS[optimizer.name].counterpart
    if not isinstance(counterpart, TorchOptimizer):
        raise UserError(
            "There is no script of {optimizer} for another library: {reason}.",
            optimizer=Translatable(display_names.get_english_name(optimizer.name)),
            reason=counterpart if isinstance(counterpart, Translatable) else Translatable("PyTorch does not have it"),
        )
    gradient = "".join(map(write_gradient_change, reversed(training.wrappers)))  # the innermost comes last
    later = [change for change in training.changes if 0 < change.epoch < training.epochs]
    changed = tuple(dict.fromkeys(change.name for change in later))
    prepared = prepare_training(training, samples)
    check_arguments(optimizer, training.epochs * count_most_steps(prepared), changed)
    rates = [change.value for change in later if change.name == "mu"]
    if rates and 0 in (*rates, dict(optimizer.arguments)["mu"]):
        raise UserError("PyTorch discards its velocity when μ is 0.")
    variables = tuple(name for name in changed if name not in MODEL_CHANGES)
    has_dropout = prepared.network.depth > 1 and has_value(training, "dropout")
    data, imports, libraries = write_data(training, samples)
    needs = Dependencies()
    for _, value in optimizer.arguments:
        if isinstance(value, Call):
            add_function(SCHEDULES[value.name], needs)
    return SCRIPT_TEMPLATE.format(
        title=title,
        libraries=libraries,
        draws=f"the split, the first weights, the batches{' and the dropout masks' if has_dropout else ''}",
        imports=sort_imports({*imports, *needs.imports, "import numpy as np", "import torch"}),
        data=data,
        split=write_split(prepared),
        functions="".join(f"\n{source}\n" for source in needs.functions.values()),
        weights_seed=format_literal(training.first_weights_seed),
        weights_stream=INITIALIZATION_STREAM,
        weights="".join(write_first_weights(prepared)),
        masks_argument=", masks=()" if has_dropout else "",
        activation=ACTIVATION_CODE[prepared.network.activation],
        dropped="            h = h * masks[k // 2] if masks else h\n" if has_dropout else "",
        loss=LOSS_CODE[prepared.network.loss],
        variables=write_variables(first, prepared, optimizer, variables),
        optimizer=write_constructor(optimizer, counterpart, "weights", variables),
        epochs=format_literal(training.epochs),
        changes="".join(write_changes(training, optimizer, prepared)),
        seed=format_literal(training.seed),
        updates=write_entry_updates(optimizer, counterpart, variables, " " * 8),
        masks=write_masks(prepared) if has_dropout else "",
        masks_passed=", masks" if has_dropout else "",
        penalty=PENALTY if has_value(training, "l2") else "",
        gradient=gradient,
        no_nan=" and not w.grad.isnan().any()" if counterpart.takes_signs else "",
    )


PENALTY = "        loss = loss + l2 / 2 * sum(W.square().sum() for W in weights[::2])\n"


def write_gradient_change(wrapper: Maker) -> str:
    """The lines that change the gradient as a wrapper does. Raises `UserError` for one that does something else."""
    arguments = dict(wrapper_call(wrapper.name, **dict(wrapper.arguments)).arguments)  # type: ignore[arg-type]
    if wrapper.name == "weight_decayed":
        rate = format_literal(arguments["rate"])
        return f"        for w in weights:\n            w.grad += {rate} * w.detach()  # weight decay\n"
    if wrapper.name == "clipped":
        norm = format_literal(arguments["norm"])
        return (
            "        length = sum(w.grad.square().sum() for w in weights).sqrt()\n"
            f"        for w in weights:\n            w.grad *= {norm} / length.clamp(min={norm})  # clipped\n"
        )
    raise UserError("There is no script for PyTorch with “{wrapper}” around the optimizer.",
                    wrapper=Translatable(display_names.get_english_name(wrapper.name)))  # fmt: skip


def count_most_steps(prepared: PreparedTraining) -> int:
    """The steps of an epoch with the smallest of the training's batches."""
    count = len(prepared.split.training.classes)
    sizes = [prepared.training.batch_size, *(c.value for c in prepared.training.changes if c.name == "batch_size")]
    return max(-(-count // (int(size) if 0 < size < count else count)) for size in sizes)


def has_value(training: Training, name: str) -> bool:
    """Whether a number of the model is above 0 at the start or after a change."""
    return getattr(training, name) > 0 or any(c.name == name and c.value > 0 for c in training.changes)


def write_data(training: Training, samples: ClassificationData | None) -> tuple[str, set[str], str]:
    """The lines that have `inputs` and `classes`, their imports, and the libraries that the script needs."""
    if training.data == "digits":
        lines = (
            "digits = load_digits()  # the images of Descent, in the same order\n"
            f"inputs, classes = digits.data / {DARKEST_PIXEL}, digits.target.astype(np.int64)\n"
        )
        return lines, {"from sklearn.datasets import load_digits"}, "PyTorch, NumPy and scikit-learn (for its digits)"
    data = samples if samples is not None else DATA_SETS[training.data]()
    count = data.inputs.size
    if count > MAX_NUMBERS:
        raise UserError("These data have {count:,} numbers; a script that carries its data has at most {most:,}.",
                        count=count, most=MAX_NUMBERS)  # fmt: skip
    numbers = format_numbers(data.inputs.ravel())
    classes = fill(", ".join(str(int(c)) for c in data.classes), 100)
    lines = f"inputs = np.array({numbers}).reshape(-1, {data.inputs.shape[1]})\nclasses = np.array([\n{classes}\n])\n"
    return lines, set(), "PyTorch and NumPy"


def write_split(prepared: PreparedTraining) -> str:
    """The lines that have `rows` and `others`, the samples of training and validation; both scaled if they are."""
    training, split = prepared.training, prepared.split
    last = len(split.validation.classes)
    if training.split == "random":
        seed = format_literal(training.split_seed)
        draw = f"np.random.default_rng(({seed}, {SPLIT_STREAM})).permutation(len(classes))"
    else:
        draw = "np.arange(len(classes))  # in the order of the file"
    lines = [
        f"order = {draw}",
        f"rows, others = order[:-{last}], order[-{last}:]",
    ]
    if training.sample_count:
        lines.append(f"rows = rows[:{format_literal(training.sample_count)}]")
    if training.is_standardized:
        lines += [
            "mean, deviation = inputs[rows].mean(axis=0), inputs[rows].std(axis=0)",
            "inputs = (inputs - mean) / np.where(deviation > 0, deviation, 1.0)",
        ]
    return "\n".join(lines)


def write_first_weights(prepared: PreparedTraining) -> Iterator[str]:
    """A line for each block; the drawing of a matrix depends on its number among the blocks."""
    deviation = STANDARD_DEVIATIONS[prepared.training.initialization]
    for k, (_, shape, _, _) in enumerate(prepared.network.layout.blocks):
        if len(shape) == 2:
            yield f"    draw({k}, {shape[0]}, {shape[1]}, {format_literal(float(deviation(*shape)))}),\n"
        else:
            yield f"    torch.zeros({shape[0]}, requires_grad=True),\n"


def write_variables(first: Training, prepared: PreparedTraining, optimizer: Call, variables: tuple[str, ...]) -> str:
    """Lines for everything that the loop reads: the batch size, regularization, schedules, what is changed later."""
    lines = f"batch_size = {write_batch_size(first.batch_size, prepared)}\n"
    training = prepared.training
    for name in ("l2", "dropout"):
        if has_value(training, name):
            lines += f"{name} = {format_literal(float(getattr(first, name)))}\n"
    given = dict(optimizer.arguments)
    for name in variables:
        if not isinstance(given[name], Call):
            lines += f"{name} = {format_literal(given[name])}\n"
    return lines + write_schedules(optimizer)


def write_batch_size(size: float, prepared: PreparedTraining) -> str:
    count = len(prepared.split.training.classes)
    return format_literal(int(size)) if 0 < size < count else "len(y)"


def write_changes(training: Training, optimizer: Call, prepared: PreparedTraining) -> Iterator[str]:
    """The lines that give something another value when an epoch begins."""
    given = dict(optimizer.arguments)
    for change in sorted(training.changes, key=lambda change: change.epoch):
        if not 0 < change.epoch < training.epochs:
            continue
        value = format_literal(change.value)
        if change.name == "batch_size":
            value = write_batch_size(change.value, prepared)
        elif isinstance(given.get(change.name), Call):
            value = f"lambda t: {value}"
        yield f"    if epoch == {change.epoch}:\n        {change.name} = {value}\n"


def write_masks(prepared: PreparedTraining) -> str:
    """The lines that draw the dropout masks of step t: hidden units that stay are scaled up."""
    widths = ", ".join(map(str, prepared.network.layer_sizes[1:-1]))
    seed = format_literal(prepared.training.seed)
    return (
        f"        rng = np.random.default_rng(({seed}, t, {DROPOUT_STREAM}))\n"
        f"        draws = [rng.random((len(batch), width)) for width in ({widths},)]\n"
        "        masks = [torch.tensor((u < 1 - dropout) / (1 - dropout)) for u in draws] if dropout else []\n"
    )
