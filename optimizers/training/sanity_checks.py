"""Checks before a training, after the CS231n notes: each with the number that is expected, where it comes from, and
how far it may be off; and whether the first weights or the code are to blame where it is."""

from dataclasses import replace
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.training.prepared_training import PreparedTraining
from surfaces.base import Array
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.entry_check import check_entries
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.gradient_check.verdict import judge
from surfaces.models.classification_data import ClassificationData
from surfaces.models.classification_losses import Classes
from surfaces.models.data_split_and_standardization import DataSplit
from surfaces.models.network import Network
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.seeded_bugs import read_fields
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS, initialize_weights
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

# With the same seed, draw 0 has the random numbers of the minibatches of epoch 6 (see `Minibatches`), and draw 2 those
# of the dropout of step 6: no check goes so far.
CHECK_STREAM = 6
FEW_SAMPLES = 20  # that must be learned by heart
OVERFIT_STEPS = 400
OVERFIT_LOSS = 0.1  # times the loss at chance: what is left at most
OVERFIT_RATE = 0.01  # of Adam
CHANCE_TOLERANCE = 0.05  # relative: what weights of 1e-3 leave of a difference is a tenth of that
STANDARD_ERRORS = 4.0  # an accuracy at chance is this far off in one of 16,000 checks
GRADIENT_SAMPLES = 20  # few data have few kinks
GRADIENT_ENTRIES = 120
WARM_UP_RATE = 0.1
WARM_UP_STEPS = 20  # the gradient is checked at a characteristic point, where no bias is 0
SHUFFLED_SAMPLES = 150  # of validation; of training twice as many
STRONG_L2 = 10.0  # times the ordinary: what the penalty is raised to
LEAST_L2 = 1e-2


class Check(StrEnum):
    """The checks, in the order in which they are made; a page and the translations know these words."""

    CHANCE = "chance"
    REGULARIZATION = "regularization"
    GRADIENT = "gradient"
    FEW_SAMPLES = "few_samples"
    RANDOM_INPUTS = "random_inputs"
    SHUFFLED_LABELS = "shuffled_labels"


class Blame(StrEnum):
    """The part at fault where a check fails."""

    NOTHING = ""
    INITIALIZATION = "initialization"
    CODE = "code"
    MODEL = "model"  # it has too few weights for this
    DATA = "data"  # the split is not one


class CheckResult(NamedTuple):
    """The result of a check: the number, beside the one that is expected."""

    check: Check
    has_passed: bool
    measured: float
    expected: float
    tolerance: float  # how far from the expected number is still well
    derivation: Translatable  # where the expected number comes from
    sentence: Translatable  # what was found
    blame: Blame = Blame.NOTHING


def check_chance_loss(prepared: PreparedTraining) -> CheckResult:
    r"""The data loss at the first weights: $\ln C$ for softmax, $C - 1$ for the Weston-Watkins SVM.

    Equal scores have that loss whatever the classes are. If it is missed, the same is computed with weights so small
    that the scores are equal: a loss at chance there says that the initialization is the cause, and not the code.
    """
    network, expected = without_penalty(prepared.network), chance_loss(prepared.network)
    measured = data_loss(network, prepared, prepared.start)
    small = data_loss(network, prepared, draw_small_weights(prepared))
    tolerance = CHANCE_TOLERANCE * expected
    passed = abs(measured - expected) <= tolerance
    code_is_right = abs(small - expected) <= tolerance
    derivation = describe_chance(network)
    numbers = {"measured": format_number(measured, 4), "expected": format_number(expected, 4)}
    if passed:
        sentence = Translatable("The data loss begins at {measured}, and guessing gives {expected}.", **numbers)
        return CheckResult(Check.CHANCE, True, measured, expected, tolerance, derivation, sentence)
    if code_is_right:
        sentence = Translatable(
            "The data loss begins at {measured} instead of {expected}. With weights of {size} it is {small}: the code "
            "is right, and the first weights are so large that the model begins confident and wrong.",
            **numbers, size=format_number(STANDARD_DEVIATIONS["too_small"](1, 1)), small=format_number(small, 4),
        )  # fmt: skip
        return CheckResult(
            Check.CHANCE, False, measured, expected, tolerance, derivation, sentence, Blame.INITIALIZATION
        )
    sentence = Translatable(
        "The data loss begins at {measured} instead of {expected}, and with equal scores it is {small}: the loss "
        "itself is computed wrongly.", **numbers, small=format_number(small, 4),
    )  # fmt: skip
    return CheckResult(Check.CHANCE, False, measured, expected, tolerance, derivation, sentence, Blame.CODE)


def check_regularization(prepared: PreparedTraining) -> CheckResult:
    r"""A larger λ raises the first loss, by exactly $(\lambda' - \lambda) \sum \lVert W \rVert^2 / 2$."""
    network, p = prepared.network, prepared.start
    weak, strong = network.l2, STRONG_L2 * max(network.l2, LEAST_L2)
    squares = sum(float(np.vdot(W, W)) for name, W in network.layout.unpack(p).items() if name.startswith("W"))
    expected = (strong - weak) / 2 * squares
    X, y = draw_samples(prepared, FEW_SAMPLES)
    losses = [float(replace(network, l2=l2).value(p, X, y)) for l2 in (weak, strong)]
    measured = losses[1] - losses[0]
    tolerance = 1e-9 * max(abs(losses[1]), expected)
    passed = bool(abs(measured - expected) <= tolerance and measured > 0)
    derivation = Translatable("(λ′ − λ)/2 · Σ ‖W‖², with λ raised from {weak} to {strong}",
                              weak=format_number(weak), strong=format_number(strong))  # fmt: skip
    if not squares:
        sentence = Translatable("All weights are 0, and so is the penalty.")
        return CheckResult(
            Check.REGULARIZATION, False, measured, expected, tolerance, derivation, sentence, Blame.INITIALIZATION
        )
    sentence = Translatable("With more regularization the first loss rises by {measured}; the expected rise is "
                            "{expected}.",
                            measured=format_number(measured, 4), expected=format_number(expected, 4))  # fmt: skip
    blame = Blame.NOTHING if passed else Blame.CODE
    return CheckResult(Check.REGULARIZATION, passed, measured, expected, tolerance, derivation, sentence, blame)


def check_gradient(prepared: PreparedTraining) -> CheckResult:
    """The gradient check of this very model: with its penalty and its dropout masks, on few samples, at a point where
    no bias is 0, some entries of every block."""
    network = prepared.network
    X, y = draw_samples(prepared, GRADIENT_SAMPLES)
    loss = NetworkLoss(network, X, y, network.draw_masks(len(y), prepared.training.seed, 1))
    p = warm_up(loss, prepared.start)
    function = from_network_loss(loss)
    entries = sample_entries(network.layout, GRADIENT_ENTRIES, prepared.training.seed, at_least=12)
    *_, last = check_entries(function, p, entries)
    verdict = judge(function, last.check)
    derivation = Translatable("a relative error below {limit}: difference quotients come that close to a correct "
                              "gradient",
                              limit=format_number(1e-4 if function.has_kinks else 1e-7))  # fmt: skip
    limit = 1e-4 if function.has_kinks else 1e-7
    blame = Blame.NOTHING if verdict.passed else Blame.CODE
    return CheckResult(Check.GRADIENT, verdict.passed, verdict.error, 0.0, limit, derivation, verdict.sentence, blame)


def check_few_samples(prepared: PreparedTraining) -> CheckResult:
    """Twenty samples are learned by heart, without regularization."""
    rows = draw_rows(prepared, FEW_SAMPLES)
    part = prepared.split.training.subset(rows)
    derivation = Translatable("nearly 0: {weights:,} weights can tell {samples} samples apart",
                              weights=prepared.network.layout.size, samples=len(rows))  # fmt: skip
    return overfit(Check.FEW_SAMPLES, prepared, part, derivation)


def check_random_inputs(prepared: PreparedTraining) -> CheckResult:
    """Twenty samples of random features are learned by heart as well: passing proves less than it seems to."""
    rows = draw_rows(prepared, FEW_SAMPLES)
    part = prepared.split.training.subset(rows)
    rng = np.random.default_rng((prepared.training.seed, CHECK_STREAM, 1))
    X = prepared.split.training.inputs
    noise = rng.uniform(X.min(axis=0), X.max(axis=0), size=(len(rows), X.shape[1]))
    derivation = Translatable("nearly 0 as well, on features that mean nothing: a model that passes may still learn "
                              "nothing about new data, as it would if the features were read from the wrong "
                              "place")  # fmt: skip
    return overfit(Check.RANDOM_INPUTS, prepared, replace(part, inputs=noise), derivation)


def overfit(
    check: Check, prepared: PreparedTraining, part: ClassificationData, derivation: Translatable
) -> CheckResult:
    """Train on these samples alone; where that fails, again with a right backward pass and with Glorot's weights."""
    limit = OVERFIT_LOSS * chance_loss(prepared.network)
    measured, accuracy = learn_by_heart(prepared, part, prepared.training.initialization)
    values = {"steps": OVERFIT_STEPS, "count": len(part.classes), "loss": format_number(measured)}
    if measured <= limit:
        sentence = Translatable("After {steps} steps the loss on {count} samples is {loss}. The model is right for "
                                "{accuracy} % of the validation samples.",
                                **values, accuracy=format_number(100 * accuracy))  # fmt: skip
        return CheckResult(check, True, measured, 0.0, limit, derivation, sentence)
    right = prepared.with_network(remove_bug(prepared.network))
    if learn_by_heart(right, part, prepared.training.initialization)[0] <= limit:
        blame = Blame.CODE
        sentence = Translatable("After {steps} steps the loss on {count} samples is still {loss}. With a correct "
                                "gradient they are learned: the code is the cause.", **values)  # fmt: skip
    elif learn_by_heart(right, part, "glorot")[0] <= limit:
        blame = Blame.INITIALIZATION
        sentence = Translatable("After {steps} steps the loss on {count} samples is still {loss}. From other first "
                                "weights they are learned: the initialization is the cause.", **values)  # fmt: skip
    else:
        blame = Blame.MODEL
        sentence = Translatable(
            "After {steps} steps the loss on {count} samples is still {loss}, from other first weights too: this model "
            "is too small for them, or learns too slowly.", **values,
        )  # fmt: skip
    return CheckResult(check, False, measured, 0.0, limit, derivation, sentence, blame)


def check_shuffled_labels(prepared: PreparedTraining) -> CheckResult:
    r"""With the classes shuffled there is nothing to learn, and validation is at chance, $\sum_c p_c q_c$.

    Some training samples are learned by heart; equal samples keep equal classes, so that an accuracy above chance says
    that validation samples are among those of training. p and q are the classes' shares of the validation samples and
    of the predictions: a guess without knowledge is right that often.
    """
    part = shuffle_labels(prepared)
    loop_weights = descend_on(prepared, part.training, prepared.training.initialization)
    found = prepared.network.forward(loop_weights, part.validation.inputs).scores.argmax(axis=-1)
    n, count = len(part.validation.classes), prepared.class_count
    p, q = (np.bincount(classes, minlength=count) / n for classes in (part.validation.classes, found))
    expected = float(p @ q)
    tolerance = STANDARD_ERRORS * sqrt(max(expected * (1 - expected), 1 / n) / n)
    measured = float((found == part.validation.classes).mean())
    passed = measured <= expected + tolerance
    derivation = Translatable("Σ p q over the classes, with their shares p of the validation samples and q of the "
                              "predictions; tolerance: {errors:g} standard errors", errors=STANDARD_ERRORS)  # fmt: skip
    numbers = {"measured": format_number(100 * measured), "expected": format_number(100 * expected)}
    if passed:
        sentence = Translatable("Trained on shuffled classes, the model is right for {measured} % of the validation "
                                "samples, and guesses are right for {expected} %.", **numbers)  # fmt: skip
        return CheckResult(Check.SHUFFLED_LABELS, True, measured, expected, tolerance, derivation, sentence)
    sentence = Translatable("Trained on shuffled classes, the model is right for {measured} % of the validation "
                            "samples, where guesses are right for {expected} %: some validation samples are among the "
                            "training samples.", **numbers)  # fmt: skip
    return CheckResult(Check.SHUFFLED_LABELS, False, measured, expected, tolerance, derivation, sentence, Blame.DATA)


def shuffle_labels(prepared: PreparedTraining) -> DataSplit:
    """Some samples of both parts with shuffled classes, the same one for equal samples; in the training part those
    that are in the other part too come first."""
    rng = np.random.default_rng((prepared.training.seed, CHECK_STREAM, 2))
    training, validation = prepared.split
    some = rng.permutation(len(validation.classes))[:SHUFFLED_SAMPLES]
    inputs = np.concatenate((validation.inputs[some], training.inputs))
    _, identity = np.unique(inputs, axis=0, return_inverse=True)
    identity = identity.ravel()
    mine, theirs = identity[: len(some)], identity[len(some) :]
    order = rng.permutation(len(theirs))
    is_shared = np.isin(theirs[order], mine)
    rows = np.concatenate((order[is_shared], order[~is_shared]))[: 2 * SHUFFLED_SAMPLES]
    drawn = rng.choice(training.classes, size=int(identity.max()) + 1)
    return DataSplit(
        replace(training.subset(rows), classes=drawn[theirs[rows]]),
        replace(validation.subset(some), classes=drawn[mine]),
    )


# ---- what they share


def chance_loss(network: Network) -> float:
    """The loss of a sample where all scores are equal."""
    return network.sample_loss.at_chance(network.layer_sizes[-1])


def describe_chance(network: Network) -> Translatable:
    count = network.layer_sizes[-1]
    if network.loss == "softmax":
        return Translatable("ln {count} = {loss}: every class has the probability 1/{count}",
                            count=count, loss=format_number(chance_loss(network), 4))  # fmt: skip
    return Translatable("{count} − 1 = {loss}: each margin of 1 to a wrong class is violated by 1",
                        count=count, loss=format_number(chance_loss(network), 4))  # fmt: skip


def without_penalty(network: Network) -> Network:
    return replace(network, l2=0.0, dropout=0.0)


def remove_bug(network: Network) -> Network:
    """The network as `surfaces.models.network` has it."""
    return Network(**read_fields(network))


def data_loss(network: Network, prepared: PreparedTraining, p: Array) -> float:
    part = prepared.split.training
    with np.errstate(all="ignore"):
        return float(network.data_loss(network.forward(p, part.inputs), part.classes))


def draw_small_weights(prepared: PreparedTraining) -> Array:
    return initialize_weights(prepared.network.layout, "too_small", prepared.training.first_weights_seed)


def draw_rows(prepared: PreparedTraining, count: int) -> NDArray[np.int64]:
    """Some rows of the training part, drawn once."""
    rng = np.random.default_rng((prepared.training.seed, CHECK_STREAM, 0))
    return rng.permutation(len(prepared.split.training.classes))[:count]


def draw_samples(prepared: PreparedTraining, count: int) -> tuple[Array, Classes]:
    part = prepared.split.training.subset(draw_rows(prepared, count))
    return part.inputs, part.classes


def descend_on(prepared: PreparedTraining, part: ClassificationData, initialization: str) -> Array:
    """The weights after `OVERFIT_STEPS` steps of Adam on all of these samples at once, without regularization."""
    network = without_penalty(prepared.network)
    x = initialize_weights(network.layout, initialization, prepared.training.first_weights_seed)
    optimizer = adam(lr=OVERFIT_RATE)
    loss, state = NetworkLoss(network, part.inputs, part.classes), optimizer.init(x)
    with np.errstate(all="ignore"):
        for t in range(1, OVERFIT_STEPS + 1):
            x, state = optimizer.step(loss, x, state, t)
    return x


def learn_by_heart(prepared: PreparedTraining, part: ClassificationData, initialization: str) -> tuple[float, float]:
    """The data loss of these samples after `descend_on`, and the accuracy on validation."""
    x = descend_on(prepared, part, initialization)
    network, validation = without_penalty(prepared.network), prepared.split.validation
    with np.errstate(all="ignore"):
        loss = float(network.data_loss(network.forward(x, part.inputs), part.classes))
        found = network.forward(x, validation.inputs).scores.argmax(axis=-1)
    return loss, float((found == validation.classes).mean())


def warm_up(loss: NetworkLoss, p: Array) -> Array:
    """A point a little way downhill, where no bias is 0."""
    with np.errstate(all="ignore"):
        for _ in range(WARM_UP_STEPS):
            after = p - WARM_UP_RATE / (1 + loss.network.l2) * loss.grad(p)
            if not np.isfinite(after).all():
                break
            p = after
    return p
