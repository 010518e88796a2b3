"""The gradient check that a visitor takes home, run as a visitor runs it."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.export.gradient_checker_script import FILE_NAME, IMPORTS_MARK, RULES_MARK, make_gradient_check_script
from surfaces.gradient_check.buggy_network_check import CAREFUL, find_wrong_blocks
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.entry_check import check_entries
from surfaces.gradient_check.fooled_checks import FOOLED_CHECKS
from surfaces.gradient_check.verdict import judge
from surfaces.models.catalogue import build_classifier

MODELS = {
    **{activation: {"activation": activation, "hidden": (6, 6)} for activation in ("tanh", "sigmoid", "relu")},
    "leaky_relu": {"activation": "leaky_relu", "hidden": (6, 6), "loss": "svm"},
    "softmax": {"model": "softmax"},
    "svm": {"model": "svm"},
    "deep": {"activation": "tanh", "hidden": (4,) * 9},
    "regularized": {"activation": "tanh", "hidden": (6, 6), "l2": 0.1},
}


# A visitor's program: each seeded bug, and the same code without it, checked by the file beside it.
CHECK_TWELVE_BUGS = """
import json
from dataclasses import replace
from gradient_check import check
from surfaces.gradient_check.buggy_network_check import CAREFUL, build_loss_at_point
from surfaces.gradient_check.fooled_checks import FOOLED_CHECKS

for bug, (code, *_) in FOOLED_CHECKS.items():
    wrong, x = build_loss_at_point(code, CAREFUL)
    right = replace(wrong, network=wrong.network.right)
    blocks = {block.name: block.shape for block in wrong.network.layout.blocks}
    for kind, loss in (("wrong", wrong), ("right", right)):
        result = check(loss.value, loss.grad, x, blocks, depth=loss.network.depth, report=False)
        print(json.dumps([bug, kind, bool(result.passed), result.worst, result.verdict]))
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("home") / FILE_NAME
    path.write_text(make_gradient_check_script(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def script(file):
    spec = importlib.util.spec_from_file_location("gradient_check_of_a_visitor", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(name: str):
    classifier = build_classifier("two_moons", sample_count=20, initialization="glorot", seed=3, **MODELS[name])
    return classifier, {block.name: block.shape for block in classifier.layout.blocks}


def change_block(classifier, name: str, change):
    """The gradient with one block changed."""

    def grad(p):
        parts = classifier.layout.unpack(classifier.grad(p).copy())
        parts[name] = change(parts[name], classifier.layout.unpack(p)[name])
        return classifier.layout.pack(parts)

    return grad


def test_it_runs_with_numpy_alone(file) -> None:
    text = file.read_text(encoding="utf-8")
    imported = {node.names[0].name if isinstance(node, ast.Import) else node.module
                for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)}  # fmt: skip
    assert imported == {"numpy", "math", "typing"}
    assert IMPORTS_MARK not in text and RULES_MARK not in text and "Descent" in text
    run = subprocess.run([sys.executable, "-I", FILE_NAME], cwd=file.parent, capture_output=True, text=True, check=True)
    right, wrong = run.stdout.split("\n\n")
    assert right.startswith("NO FAULT FOUND (") and wrong.startswith("WRONG (")
    assert "analytic" in right and not run.stderr


@pytest.mark.parametrize("name", MODELS)
def test_right_gradients_pass(name: str, script, capsys) -> None:
    classifier, blocks = build(name)
    result = script.check(classifier.value, classifier.grad, classifier.start, blocks)
    assert result.passed, str(result)
    assert str(result) == capsys.readouterr().out.strip()
    assert {name.partition("[")[0] for name in result.names} == set(blocks)


@pytest.mark.parametrize(
    ("name", "block", "change"),
    [
        ("tanh", "W2", lambda g, w: g.T),  # square: the forgotten transpose fits
        ("relu", "W1", lambda g, w: 20 * g),  # the mean's 1/n is missing
        ("sigmoid", "b2", lambda g, w: -g),
        ("relu", "b1", lambda g, w: 0 * g),
        ("leaky_relu", "b3", lambda g, w: g + 1 / 20),  # off by one sample
        ("regularized", "W2", lambda g, w: g - 0.1 * w),  # no regularization of one block
        ("regularized", "W1", lambda g, w: g + 0.1 * w),  # twice
        ("softmax", "b1", lambda g, w: np.roll(g, 1)),
        ("svm", "W1", lambda g, w: 1.001 * g),
        ("deep", "W1", lambda g, w: 0.5 * g),
        ("deep", "b10", lambda g, w: g * [1, 1.05]),
        ("tanh", "W3", lambda g, w: np.where(np.arange(12).reshape(6, 2) == 7, 0, g)),  # a single entry
    ],
)
def test_wrong_gradients_fail_and_the_block_is_named(name: str, block: str, change, script) -> None:
    classifier, blocks = build(name)
    grad = change_block(classifier, block, change)
    result = script.check(classifier.value, grad, classifier.start, blocks, report=False)
    assert not result.passed and result.worst.startswith(f"{block}["), str(result)


def test_it_is_right_24_times_of_24(file) -> None:
    """Twelve seeded bugs are found, with a block in which they are, and twelve right gradients pass."""
    program = file.with_name("check_twelve_bugs.py")
    program.write_text(CHECK_TWELVE_BUGS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    run = subprocess.run([sys.executable, program.name], cwd=file.parent, env=environment, capture_output=True,
                         text=True, check=True)  # fmt: skip
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert [bug for bug, *_ in results] == [bug for bug in FOOLED_CHECKS for _ in range(2)]
    for bug, kind, passed, worst, verdict in results:
        assert passed == (kind == "right"), (bug, kind, verdict)
        if not passed:
            assert not verdict.startswith("UNDECIDED")
            assert worst.partition("[")[0] in find_wrong_blocks(FOOLED_CHECKS[bug].code, CAREFUL)


@pytest.mark.parametrize("name", MODELS)
def test_it_is_the_check_of_this_repository(name: str, script) -> None:
    """The same values, where |x| < 1; an entry beyond takes a longer step there."""
    classifier, blocks = build(name)
    x = np.clip(classifier.start, -0.99, 0.99)
    result = script.check(classifier.value, classifier.grad, x, blocks, count=0, report=False)
    function = from_network_loss(classifier.full_loss)
    *_, last = check_entries(function, x, np.arange(x.size), h=result.h)
    verdict = judge(function, last.check)
    rounding = 4 * last.check.precision * last.check.value / result.h  # arrays in other places may round otherwise
    np.testing.assert_allclose(result.numeric, last.check.numeric, rtol=0, atol=rounding)
    assert result.passed and verdict.passed


@pytest.mark.parametrize("casts_inside", [False, True])
def test_single_precision_is_recognised(casts_inside: bool, script) -> None:
    classifier, blocks = build("tanh")

    def f(p):
        return classifier.value(p.astype(np.float32))

    x = classifier.start if casts_inside else classifier.start.astype(np.float32)
    result = script.check(f, lambda p: classifier.grad(p.astype(np.float32)), x, blocks, report=False)
    assert result.h == pytest.approx(4.92e-3, rel=1e-2)
    assert any("single precision" in remark for remark in result.remarks)
    wrong = script.check(f, lambda p: 1.5 * classifier.grad(p), x, blocks, report=False)
    assert not wrong.passed and wrong.verdict == "WRONG"


def test_a_kink_in_the_step_is_suspected(script) -> None:
    result = script.check(
        lambda p: np.maximum(0, p).sum() + (p**2).sum(), lambda p: (p > 0) + 2 * p, np.array([1e-7, 0.5, -0.3]),
        report=False,
    )  # fmt: skip
    assert result.passed and result.excuses.tolist() == ["kinks_crossed", "", ""]
    assert any("kink" in remark for remark in result.remarks)
    alone = script.check(lambda p: np.maximum(0, p).sum(), lambda p: 1.0 * (p > 0), np.array([1e-7]), report=False)
    assert not alone.passed and alone.verdict.startswith("UNDECIDED")


def test_tiny_and_constant_functions(script) -> None:
    tiny = script.check(lambda p: 1e-12 * p.sum(), lambda p: np.full_like(p, 7e-12), np.ones(3), report=False)
    assert not tiny.passed and any("multiply the loss" in remark for remark in tiny.remarks)
    for f, grad, x in ((lambda p: 3.0, np.zeros_like, np.ones(3)), (lambda p: abs(p[0]), np.sign, np.zeros(1))):
        nothing = script.check(f, grad, x, report=False)
        assert not nothing.passed and nothing.verdict.startswith("UNDECIDED: all entries are exactly 0")


@pytest.mark.parametrize(
    ("f", "grad", "x", "blocks", "said"),
    [
        (np.sum, lambda p: p[:1], np.ones(3), None, "the gradient has shape"),
        (np.sum, np.ones_like, np.ones((3, 2)), None, "2 dimensions"),
        (np.sum, np.ones_like, np.ones(3), {"W": (2,)}, "the blocks have 2 entries, and x 3"),
        (lambda p: np.nan, np.ones_like, np.ones(3), None, "not a finite number"),
        (lambda p: np.random.default_rng().random(), np.ones_like, np.ones(3), None, "seed what is random"),
    ],
)
def test_what_cannot_be_checked_is_said(f, grad, x, blocks, said: str, script) -> None:
    with pytest.raises(ValueError, match=said):
        script.check(f, grad, x, blocks)


def test_values_that_are_not_finite_are_the_worst(script) -> None:
    result = script.check(lambda p: np.log(p).sum(), lambda p: 1 / p, np.array([1e-9, 1.0]), report=False)
    assert not result.passed and result.worst == "x[0]"
