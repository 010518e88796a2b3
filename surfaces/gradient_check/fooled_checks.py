"""For each seeded bug, code that has it, and a naive check that lets it pass."""

from typing import NamedTuple

from surfaces.gradient_check.buggy_network_check import CAREFUL, CheckSetting, CodeUnderTest, EntryChoice

THIS = "this laboratory"  # the verdict of `run_check`; the other names are those of `CHECKERS`
TORCH, TORCH_FAST = "torch.autograd.gradcheck", "torch.autograd.gradcheck(fast_mode=True)"
JAX, ASSIGNMENTS = "jax.test_util.check_grads", "CS231n assignments"


class FooledCheck(NamedTuple):
    """A checker that says in a naive setting that wrong code is right."""

    code: CodeUnderTest
    setting: CheckSetting
    fooled: tuple[str, ...]


ONE_SAMPLE = CAREFUL._replace(sample_count=1)
AT_THE_START = CAREFUL._replace(steps=0)
SMALL_WEIGHTS = AT_THE_START._replace(initialization="too_small")
ZERO_WEIGHTS = AT_THE_START._replace(initialization="zero")
UNREGULARIZED = CAREFUL._replace(l2=0.0)
WITHOUT_DROPOUT = CAREFUL._replace(has_dropout=False)
FLAT = CAREFUL._replace(entries=EntryChoice.FLAT, entry_count=20)

FOOLED_CHECKS = {
    "missing_mean": FooledCheck(
        CodeUnderTest(bug="missing_mean"), ONE_SAMPLE, (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS)
    ),
    "next_class": FooledCheck(CodeUnderTest(bug="next_class"), ONE_SAMPLE, (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS)),
    "last_row": FooledCheck(
        CodeUnderTest(bug="last_row", hidden=(6,)), SMALL_WEIGHTS._replace(sample_count=0, l2=0.0), (TORCH_FAST,)
    ),
    "shared_pull": FooledCheck(
        CodeUnderTest(bug="shared_pull", activation="tanh", loss="svm"),
        CAREFUL._replace(data="two_moons", sample_count=15),
        (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS),
    ),
    "forgotten_transpose": FooledCheck(
        CodeUnderTest(bug="forgotten_transpose"), ZERO_WEIGHTS, (TORCH, TORCH_FAST, JAX)
    ),
    "slope_at_z": FooledCheck(CodeUnderTest(bug="slope_at_z"), SMALL_WEIGHTS, (TORCH, TORCH_FAST, JAX)),
    "cut_leak": FooledCheck(CodeUnderTest(bug="cut_leak", activation="leaky_relu"), SMALL_WEIGHTS, (TORCH_FAST,)),
    "redrawn_mask": FooledCheck(
        CodeUnderTest(bug="redrawn_mask", activation="sigmoid", dropout=0.25),
        WITHOUT_DROPOUT,
        (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS),
    ),
    "first_sample_bias": FooledCheck(CodeUnderTest(bug="first_sample_bias", layer=3), FLAT, (THIS, TORCH, ASSIGNMENTS)),
    "unregularized_block": FooledCheck(
        CodeUnderTest(bug="unregularized_block"), UNREGULARIZED, (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS)
    ),
    "regularized_bias": FooledCheck(
        CodeUnderTest(bug="regularized_bias"), AT_THE_START, (THIS, TORCH, TORCH_FAST, JAX, ASSIGNMENTS)
    ),
    "single_precision": FooledCheck(CodeUnderTest(bug="single_precision"), CAREFUL, (TORCH, TORCH_FAST, JAX)),
}
