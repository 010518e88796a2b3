"""Check a gradient that you derived by hand. Needs NumPy and Python 3.10 or newer.

    from gradient_check import check

    result = check(f, grad, x, blocks={"W1": (64, 100), "b1": (100,), "W2": (100, 10), "b2": (10,)})
    assert result.passed, result.worst

f(x) is a number and grad(x) an array like x, a flat array of one dimension. f must give the same value whenever it is
asked: seed dropout and whatever else is random. `blocks` names the parts of x with their shapes, in their order; some
entries of each are checked. Check data loss and regularization apart, in double precision, with few samples if there
are kinks (ReLU, hinge), and after some steps of training as well.

The procedure is that of Descent's gradient check: centred differences with h = eps^(1/3), relative errors
|a - n| / max(|a|, |n|), judged by the rules of CS231n's notes. An entry does not count where the numerical derivative
is worth nothing: if both values are below 1e-10, if rounding alone explains the error, or if there is a kink within h.
Run this file for an example: python gradient_check.py
"""

# IMPORTS
from math import prod
from typing import NamedTuple

import numpy as np

from app.export.gradient_checker_script import (
    classify_error,
    divide,
    draw_from_spans,
    explain_errors,
    is_off_parabola,
    is_tiny,
    relative_error,
    relative_rounding_error,
    root_step,
    slopes_differ,
)


class Result(NamedTuple):
    """The result of a check; every array has a value for each checked entry."""

    passed: bool
    verdict: str
    worst: str  # the name of the entry with the largest relative error that counts
    error: float  # its relative error
    names: list
    analytic: np.ndarray
    numeric: np.ndarray
    relative_error: np.ndarray
    excuses: np.ndarray  # why an error does not count; "" where it does
    h: float
    remarks: list

    def __str__(self):
        return format_result(self)


def check(f, grad, x, blocks=None, count=300, at_least=5, h=None, has_kinks=None, depth=1, seed=0, report=True):
    """Check about `count` entries of grad at x (0: all), `at_least` so many of every block, and print a `report`.

    `h` is by default the cube root of the precision, which is that of float32 if x or f is. `has_kinks=None` finds out.
    `depth` is the number of layers: errors add up, and from ten on up to 1e-2 may be fine.
    """
    x = np.asarray(x)
    x = x.copy() if x.dtype == np.float32 else x.astype(np.float64)
    if x.ndim != 1:
        raise ValueError(f"x has {x.ndim} dimensions: make it a flat array, and name its parts by `blocks`")
    g = np.asarray(grad(x.copy()), dtype=np.float64)
    if g.shape != x.shape:
        raise ValueError(f"the gradient has shape {g.shape}, and x {x.shape}")
    blocks = dict(blocks or {"x": x.shape})
    if sum(map(prod, blocks.values())) != x.size:
        raise ValueError(f"the blocks have {sum(map(prod, blocks.values()))} entries, and x {x.size}")
    value = float(f(x.copy()))
    if not np.isfinite(value):
        raise ValueError(f"f is {value} at x, and not a finite number")
    if float(f(x.copy())) != value:
        raise ValueError("f is not the same twice at the same point: seed what is random in it, such as dropout")
    with np.errstate(all="ignore"):
        is_single = x.dtype == np.float32 or computes_in_single(f, x)
    eps = float(np.finfo(np.float32 if is_single else np.float64).eps)
    h = root_step(eps, 2) if h is None else h
    spans = find_spans(blocks)
    entries = np.arange(x.size) if not count or count >= x.size else draw_from_spans(spans, count, at_least, seed)
    with np.errstate(all="ignore"):
        found = [check_entry(f, x, i, h, value, eps) for i in entries.tolist()]
    numeric, kinked, steps = (np.array(column) for column in zip(*found, strict=True))
    names = [name_entry(blocks, i) for i in entries.tolist()]
    errors = relative_error(g[entries], numeric)
    rounding = relative_rounding_error(g[entries], numeric, eps * abs(value) / steps)
    excuses = explain_errors(errors, is_tiny(g[entries], numeric), kinked, rounding)
    has_kinks = bool(kinked.any()) if has_kinks is None else has_kinks
    passed, verdict, at = judge(errors, excuses, names, has_kinks, depth)
    if not g[entries].any() and not numeric.any():
        passed, verdict = False, "UNDECIDED: all entries are exactly 0: check at another point, where f changes"
    remarks = list_remarks(excuses, h, is_single)
    result = Result(
        passed, verdict, names[at], float(errors[at]), names, g[entries], numeric, errors, excuses, h, remarks
    )
    if report:
        print(result)
    return result


def check_entry(f, x, i, h, value, eps):
    """The centred difference along entry i, whether there is a kink, and the step that was taken."""
    rounding = 8 * eps * abs(value)
    h = h * max(1.0, abs(float(x[i])))

    def move(s):  # the step that was taken, and the value there
        point = x.copy()
        point[i] += x.dtype.type(s)
        return float(point[i]) - float(x[i]), float(f(point))

    (behind, below), (ahead, above) = move(-h), move(h)
    forward, backward = divide(above - value, ahead), divide(value - below, -behind)
    kinked = slopes_differ(forward, backward, rounding / h) and is_off_parabola(
        np.array([below, move(-h / 2)[1], value, move(h / 2)[1], above]), rounding
    )
    return divide(above - below, ahead - behind), kinked, h


def judge(errors, excuses, names, has_kinks, depth):
    """Whether the worst error that counts passes, the verdict, and where it is; undecided if none of a block counts."""
    counts = excuses == ""
    ranked = np.where(np.isnan(errors), np.inf, errors)
    at = int(np.argmax(np.where(counts, ranked, -1) if counts.any() else ranked))
    passed, verdict = decide(ranked[at] if counts.any() else 0.0, has_kinks, depth)
    of_block = np.array([name.partition("[")[0] for name in names])
    unknown = [block for block in dict.fromkeys(of_block.tolist()) if not counts[of_block == block].any()]
    if passed and unknown:
        return False, f"UNDECIDED: of {', '.join(unknown)} no entry can be judged, see below", at
    return passed, verdict, at


def decide(error, has_kinks, depth):
    """Whether a relative error passes, and the verdict of the notes in words."""
    match classify_error(error):
        case "good":
            return True, "NO FAULT FOUND"
        case "between" if has_kinks:
            return True, "NO FAULT FOUND: such an error is fine for a function with kinks"
        case "between":
            return False, "TOO LARGE for a function without kinks, where 1e-7 can be reached"
        case "suspicious" if depth >= 10:
            return True, "NO CLEAR FAULT: over ten layers errors add up"
        case "suspicious":
            return False, "SUSPICIOUS"
    return False, "WRONG"


def list_remarks(excuses, h, is_single):
    """List what limits the verdict, and what to do about it."""
    tiny, kinked, rounded = ((excuses == reason).sum() for reason in ("tiny", "kinks_crossed", "round_off"))
    remarks = {
        "f computes in single precision: check it in double precision, or errors of 1e-2 mean nothing": is_single,
        f"{tiny} entries are below 1e-10: multiply the loss by a constant for the check": tiny,
        f"{kinked} steps cross a kink: use fewer samples, or a smaller h than {h:.1e}": kinked,
        f"{rounded} entries differ by no more than rounding explains, at h = {h:.1e}": rounded,
    }
    return [remark for remark, applies in remarks.items() if applies]


def format_result(result):
    """The verdict, the worst entries as a table, and the remarks."""
    ranked = np.argsort(-np.where(np.isnan(result.relative_error), np.inf, result.relative_error), kind="stable")
    width = max(map(len, result.names))
    lines = [f"{result.verdict} ({result.worst}: relative error {result.error:.1e}; {len(result.names)} entries)"]
    lines += [f"{'entry':{width}}  {'analytic':>13}  {'numerical':>13}  {'error':>8}"]
    for k in ranked[:8]:
        a, n, e = result.analytic[k], result.numeric[k], result.relative_error[k]
        lines += [f"{result.names[k]:{width}}  {a:13.6e}  {n:13.6e}  {e:8.1e}  {result.excuses[k]}".rstrip()]
    return "\n".join(lines + result.remarks)


def find_spans(blocks):
    """The first index of each block, and the one after its last."""
    stops = np.cumsum([prod(shape) for shape in blocks.values()]).tolist()
    return list(zip([0, *stops[:-1]], stops, strict=True))


def name_entry(blocks, i):
    """The name of an entry as in NumPy: W1[3, 17]."""
    for (name, shape), (start, stop) in zip(blocks.items(), find_spans(blocks), strict=True):
        if start <= i < stop:
            index = ", ".join(str(int(k)) for k in np.unravel_index(i - start, shape))
            return f"{name}[{index}]" if index else name
    raise IndexError(i)


def computes_in_single(f, x):
    """Whether f has the digits of single precision only, though x has more: so at eight points nearby."""
    rng = np.random.default_rng(0)
    values = [float(f(x + 1e-2 * rng.standard_normal(x.shape))) for _ in range(8)]
    return all(np.isfinite(values)) and all(float(np.float32(v)) == v for v in values) and len(set(values)) > 1


# RULES


def example():
    """Softmax regression on random data: a right gradient, and one without the 1/n of its mean."""
    rng = np.random.default_rng(0)
    inputs, classes, l2 = rng.standard_normal((20, 5)), rng.integers(0, 3, 20), 0.01

    def unpack(p):
        return p[:15].reshape(5, 3), p[15:]

    def f(p):
        W, b = unpack(p)
        scores = inputs @ W + b
        scores -= scores.max(axis=1, keepdims=True)
        log_likelihood = scores[np.arange(20), classes] - np.log(np.exp(scores).sum(axis=1))
        return -log_likelihood.mean() + 0.5 * l2 * (W * W).sum()

    def grad(p, n=20):
        W, b = unpack(p)
        scores = inputs @ W + b
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        probabilities[np.arange(20), classes] -= 1
        return np.concatenate([(inputs.T @ probabilities / n + l2 * W).ravel(), probabilities.sum(axis=0) / n])

    x, blocks = 0.1 * rng.standard_normal(18), {"W": (5, 3), "b": (3,)}
    check(f, grad, x, blocks)
    print()
    check(f, lambda p: grad(p, n=1), x, blocks)


if __name__ == "__main__":
    example()
