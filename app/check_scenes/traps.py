"""The traps of a gradient check: for each a scene that falls into it, the scene that avoids it, and what is seen."""

from dataclasses import replace
from typing import NamedTuple

from app.check_scenes.check_scene import CheckScene, Entries, GradientFault, ModelTarget, Precision
from surfaces.gradient_check.difference_quotients import Method
from surfaces.translatable import Translatable


class Trap(NamedTuple):
    title: str
    text: str  # what is seen, and why
    scene: CheckScene
    mended: CheckScene  # the same without the trap
    remedy: str  # on the button that shows it


PLAIN = CheckScene()
RELU = CheckScene(ModelTarget(activation="relu", initialization="he"))
MANY_KINKS = RELU.with_model(samples=2000)
SHRUNKEN = replace(PLAIN.with_model(fault=GradientFault.HALF), scale=1e-10)
DROWNED = replace(RELU.with_model(samples=100, l2=10_000, fault=GradientFault.HALF), h=1e-4, seed=2)
FORGOTTEN = replace(PLAIN.with_model(fault=GradientFault.BIAS), entries=Entries.FLAT)
UNTRAINED = CheckScene(ModelTarget(kind="svm", samples=50, initialization="too_small", fault=GradientFault.MARGIN))
NOISY = PLAIN.with_model(dropout=0.5, fixed_mask=False)
DEEP = PLAIN.with_model(depth=10, activation="sigmoid")

TRAPS = {
    "forward": Trap(
        Translatable("Forward instead of centred"),
        Translatable(
            "The gradient is right, but the error falls only with slope 1 and never comes below about 10⁻⁷. A forward "
            "difference has an error of order h; in a centred one that term cancels, and h² remains."
        ),
        replace(PLAIN, method=Method.FORWARD),
        PLAIN,
        Translatable("Take centred differences"),
    ),
    "single": Trap(
        Translatable("Single precision"),
        Translatable(
            "The gradient is right, and yet its error is about 1: at h = 10⁻⁵ the loss changes by less than float32 "
            "can resolve. Its round-off line lies nine decades above that of float64."
        ),
        replace(PLAIN, precision=Precision.SINGLE),
        PLAIN,
        Translatable("Compute in float64"),
    ),
    "small_h": Trap(
        Translatable("h too small"),
        Translatable(
            "A smaller h is not better: here the error is rounding alone, which grows as 1/h. By the rule of thumb the "
            "best h of centred differences is the cube root of the machine precision, 6·10⁻⁶; the star marks the best "
            "h in theory, for this loss."
        ),
        replace(PLAIN, h=1e-12),
        PLAIN,
        Translatable("Take h = 10⁻⁵"),
    ),
    "tiny": Trap(
        Translatable("Values near 10⁻¹⁰"),
        Translatable(
            "The weights' gradient is half as large as it should be, and the loss is multiplied by 10⁻¹⁰, so that its "
            "raw values are tiny. Some checkers let it pass: their absolute tolerance accepts any gradient as small as "
            "this, even zeros."
        ),
        SHRUNKEN,
        replace(SHRUNKEN, scale=1.0),
        Translatable("Scale the loss"),
    ),
    "kink": Trap(
        Translatable("A kink within h"),
        Translatable(
            "The gradient is right, but between x − h and x + h a ReLU switches on or off, and the difference mixes "
            "the slopes of both sides. The marked entries are those whose step crosses a kink, counted exactly."
        ),
        replace(RELU.with_model(samples=50), h=1e-2),
        replace(RELU.with_model(samples=50), h=1e-6),
        Translatable("Take a smaller h"),
    ),
    "data": Trap(
        Translatable("More data, more kinks"),
        Translatable(
            "The same network on all samples: each of them adds kinks of its own, so far more steps cross one. A check "
            "needs few samples: a gradient that is right for ten of them is hardly ever wrong for others."
        ),
        replace(MANY_KINKS, h=1e-3),
        replace(RELU.with_model(samples=10), h=1e-3),
        Translatable("Take ten samples"),
    ),
    "moment": Trap(
        Translatable("Checked at initialization"),
        Translatable(
            "This gradient is wrong, and the check finds no fault: its code counts every margin as violated, and with "
            "small first weights every margin is violated. After some training some margins are met, and the fault "
            "shows."
        ),
        UNTRAINED,
        UNTRAINED.with_model(warmup=200),
        Translatable("Train for 200 steps first"),
    ),
    "regularization": Trap(
        Translatable("Regularization drowns the data"),
        Translatable(
            "The data's gradient is half as large as it should be, and the check passes: the penalty λ is so strong "
            "that it makes up nearly all of the weights' gradient. Check the data's gradient with λ = 0 first."
        ),
        DROWNED,
        DROWNED.with_model(l2=0.0),
        Translatable("Set λ = 0"),
    ),
    "dropout": Trap(
        Translatable("Dropout without a seed"),
        Translatable(
            "Every evaluation drops different units, so the two values of a difference belong to two networks, and "
            "their difference does not go to 0 with h. Seed the mask for the check, or switch dropout off."
        ),
        NOISY,
        NOISY.with_model(fixed_mask=True),
        Translatable("Seed the mask"),
    ),
    "forgotten": Trap(
        Translatable("A block is forgotten"),
        Translatable(
            "The gradient of the last biases is wrong, and the check did not notice: its entries were drawn from the "
            "whole vector, where ten biases are easily missed. Draw some from every block."
        ),
        FORGOTTEN,
        replace(FORGOTTEN, entries=Entries.SAMPLE),
        Translatable("Sample every block"),
    ),
    "deep": Trap(
        Translatable("A deeper network"),
        Translatable(
            "Ten layers of sigmoid units: the gradient is right, and yet its errors are large. From layer to layer the "
            "gradient shrinks, so that in the first layers the rounding of the loss matters as much as the gradient. A "
            "limit that suits a shallow network is too strict here."
        ),
        DEEP,
        DEEP.with_model(depth=2),
        Translatable("Two layers"),
    ),
}


def set_trap(name: str) -> CheckScene:
    """The scene that falls into a trap."""
    return replace(TRAPS[name].scene, trap=name)


def mend_trap(name: str) -> CheckScene:
    """The scene of a trap that does not fall into it."""
    return replace(TRAPS[name].mended, trap=name)
