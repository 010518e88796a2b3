"""The equations of runs, of every optimizer."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from app.browser.equation_messages import EQUATION_LABELS, encode_equations
from app.browser.static_file_routes import APP
from app.compute.cached_simulation import build_optimizer
from app.equations.equation import Equations
from app.equations.run_equations import write_equations
from app.equations.step_recording import record_steps
from app.model.scene import Call, optimizer_call, schedule_call, wrapper_call
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.observers.gradient_noise import noisy
from tests.optimizers.methods.optimizer_cases import CASES
from tests.support.binary_messages import decode_binary_message

Calls = tuple[Call, Call | None]  # an optimizer and its wrapper

PLAIN = [(optimizer_call(word), None) for word in OPTIMIZERS]
OPTIONS = [
    (optimizer_call("adam", bias_correction=False), None),
    (optimizer_call("adagrad", root=False), None),
    (optimizer_call("newton", line_search=True), None),
    (optimizer_call("newton", avoid_saddles=True, damping=0.1), None),
]
WRAPPED = [(optimizer_call(word), wrapper_call(wrapper)) for word in ("sgd", "adam", "lbfgs") for wrapper in WRAPPERS]
ON_SCHEDULE = [(optimizer_call("rmsprop", lr=schedule_call(word)), None) for word in SCHEDULES]
BOTH = [(optimizer_call("momentum", lr=schedule_call("cosine"), mu=schedule_call("linear")), wrapper_call("lookahead"))]
ALL_CALLS = [*PLAIN, *OPTIONS, *WRAPPED, *ON_SCHEDULE, *BOTH]

MATHML = "{http://www.w3.org/1998/Math/MathML}"
PLAYER = (APP / "player" / "base" / "sanitize_mathml.js").read_text(encoding="utf-8")
TAGS, ATTRIBUTES = (set(names.split()) for names in re.findall(r'new Set\(\s*"([^"]+)"', PLAYER))


def format_id(calls: Calls) -> str:
    optimizer, wrapper = calls
    return f"{wrapper.name}({optimizer.name})" if wrapper else optimizer.name


@pytest.mark.parametrize("calls", ALL_CALLS, ids=format_id)
@pytest.mark.parametrize("surface_name, sigma", [("rosenbrock", 0.0), ("himmelblau", 0.0), ("bowl", 0.5)])
def test_recorded_steps_have_the_same_bits(calls: Calls, surface_name: str, sigma: float) -> None:
    surface = SURFACES[surface_name]()
    problem = noisy(surface, sigma, 3)
    optimizer = build_optimizer(*calls)
    path = trajectory(optimizer, problem, surface.start, 60)
    _, recording_optimizer = record_steps(optimizer)
    np.testing.assert_array_equal(trajectory(recording_optimizer, problem, surface.start, 60).x, path.x)


def write_and_simulate(calls: Calls, surface_name: str = "himmelblau", steps: int = 60) -> tuple[Equations, np.ndarray]:
    """The equations and the iterates of a run."""
    surface, optimizer = SURFACES[surface_name](), build_optimizer(*calls)
    setting = optimizer, surface, surface.start, steps
    return write_equations(*setting), trajectory(*setting).x


def find_slots(latex: str) -> list[int]:
    return [int(slot) for slot in re.findall(r"9\d(\d{5})", latex)]


@pytest.mark.parametrize("calls", ALL_CALLS, ids=format_id)
def test_the_last_line_shows_the_iterates(calls: Calls) -> None:
    """In each step, the last executed equation of the point has the bits of the trajectory.

    A step that becomes non-finite is an exception: the trajectory stays at the point before it.
    """
    equations, path = write_and_simulate(calls)
    point = r"\bar{x}_{t}" if calls[1] and calls[1].name in {"polyak", "ema"} else "x_{t}"
    steps = len(equations.columns[0])
    x = np.full((2, steps), np.nan)
    for line in (line for line in equations.lines if line.left == point):
        is_reached = equations.columns[line.reached_slot] > 0 if line.reached_slot is not None else np.arange(steps) > 0
        columns = np.array([equations.columns[slot] for slot in find_slots(line.result)])
        x[:, is_reached] = columns[:, is_reached]
    is_diverged = not np.isfinite(x[:, -1]).all()
    np.testing.assert_array_equal(x[:, 1 : steps - is_diverged], path[:, 1 : steps - is_diverged])
    assert (path[:, steps - 1 :] == path[:, steps - 1 : steps]).all(), "nothing changes after the last column"


@pytest.mark.parametrize("calls", ALL_CALLS, ids=format_id)
def test_every_equation_becomes_mathml_with_all_its_slots(calls: Calls) -> None:
    equations, _ = write_and_simulate(calls)
    header, columns = decode_binary_message(encode_equations(equations))
    assert header["lines"] and list(columns) == [str(slot) for slot in range(len(equations.columns))]
    for sent, line in zip(header["lines"], equations.lines, strict=True):
        texts = [sent["left"], sent["right"], *sent["numbers"], sent["result"]]
        shown_slots = [int(slot) for text in texts for slot in re.findall(r'data-slot="(\d+)"', text)]
        assert shown_slots == find_slots("".join((*line.cases, line.result)))
        assert all(slot < len(columns) for slot in shown_slots)
        for text in filter(None, texts):
            math = ElementTree.fromstring(text)  # noqa: S314 our own text
            assert math.tag == f"{MATHML}math"
            assert {part.tag.removeprefix(MATHML) for part in math.iter()} <= TAGS, "the player would refuse it"
            assert {name for part in math.iter() for name in part.attrib} <= ATTRIBUTES
            leaves = "".join(math.itertext())
            assert "\\" not in leaves and "_" not in leaves, "LaTeX that was not understood"
    assert header["note"] in {"", *(label.removeprefix("rule_") for label in EQUATION_LABELS)}


# The LaTeX that `compute_numbers` understands: arithmetic, roots, fractions, powers.
ARITHMETIC = re.compile(
    r"\\operatorname\{(sign|clip)\}|\\(begin|end)\{bmatrix\}|\\(left|right|frac|sqrt|times|odot)(?![a-z])|\\[ ,\\]"
)


def compute_numbers(latex: str, equations: Equations, k: int) -> np.ndarray | None:
    """The value of an equation's numbers at step k; None if they contain more than arithmetic."""
    if "\\" in ARITHMETIC.sub("", latex) or "&" in latex:
        return None
    text = re.sub(r"\{\\begin\{bmatrix\} (\d+) \\\\ (\d+) \\end\{bmatrix\}\}", r"array([\1, \2])", latex)
    text = re.sub(r"9\d(\d{5})", lambda m: f"(v[{int(m[1])}][k])", text)
    text = text.replace(r"\frac{", "over(").replace(r"\sqrt{", "sqrt(").replace("}{", ")(").replace("^{", "**(")
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1", text)
    text = re.sub(r"\\times|\\odot|\\,", "*", text)
    text = re.sub(r"\\left|\\right|\\ ", "", text).replace("}", ")")
    namespace = {
        "over": lambda a: lambda b: a / b,
        "sqrt": np.sqrt,
        "sign": np.sign,
        "clip": np.clip,
        "array": np.array,
        "v": equations.columns,
        "k": k,
    }
    return eval(text, namespace)  # noqa: S307 our own text


@pytest.mark.parametrize("calls", ALL_CALLS, ids=format_id)
def test_the_numbers_of_an_equation_give_its_result(calls: Calls) -> None:
    """Up to rounding: the order of multiplications may differ where parentheses are left out."""
    equations, _ = write_and_simulate(calls)
    checked = 0
    for line in equations.lines:
        for k in (1, 2, len(equations.columns[0]) - 1):
            if (
                (line.reached_slot is not None and not equations.columns[line.reached_slot][k])
                or not line.cases
                or not line.result
            ):
                continue
            numbers = line.cases[int(equations.columns[line.case_slot][k]) if line.case_slot is not None else 0]
            value = compute_numbers(numbers, equations, k) if numbers else None
            if value is None:
                continue
            result = [equations.columns[slot][k] for slot in find_slots(line.result)]
            np.testing.assert_allclose(value, np.squeeze(result), rtol=1e-12, err_msg=f"{line.left} at {k}")
            checked += 1
    assert (checked > 0) == CASES[calls[0].name].has_arithmetic


def test_equations_have_the_usual_symbols() -> None:
    equations, _ = write_and_simulate((optimizer_call("adam"), None))
    assert [f"{line.left} {line.relation} {line.right}" for line in equations.lines] == [
        r"g_{t} = \nabla f\left(x_{t-1}\right)",
        r"m_{t} = \beta_{1}\,m_{t-1} + \left(1 - \beta_{1}\right)\,g_{t}",
        r"v_{t} = \beta_{2}\,v_{t-1} + \left(1 - \beta_{2}\right)\,g_{t}^{2}",
        r"\hat{m}_{t} = \frac{m_{t}}{1 - \beta_{1}^{t}}",
        r"\hat{v}_{t} = \frac{v_{t}}{1 - \beta_{2}^{t}}",
        r"x_{t} = x_{t-1} - \frac{\alpha\,\hat{m}_{t}}{\sqrt{\hat{v}_{t}} + \epsilon}",
    ]


def test_only_the_branch_of_a_hyperparameter_is_shown() -> None:
    equations, _ = write_and_simulate((optimizer_call("adam", bias_correction=False), None))
    assert r"\hat{m}_{t} = m_{t}" in [f"{line.left} {line.relation} {line.right}" for line in equations.lines]


def test_a_schedule_is_shown_with_its_value_at_t() -> None:
    equations, _ = write_and_simulate(
        (optimizer_call("rmsprop", lr=schedule_call("linear", start=0.1, end=0.0, steps=50)), None)
    )
    line = equations.lines[0]
    assert (line.left, line.right) == (r"\alpha_{t}", r"\operatorname{linear}\left(t\right)")
    np.testing.assert_allclose(equations.columns[find_slots(line.result)[0]][1:4], [0.1, 0.098, 0.096])


def test_a_diverging_run_ends_with_its_first_non_finite_step() -> None:
    equations, path = write_and_simulate((optimizer_call("sgd", lr=1.0), None), "rosenbrock")
    last = [equations.columns[slot][-1] for slot in find_slots(equations.lines[-1].result)]
    assert not np.isfinite(last).all()
    assert np.isfinite(path).all() and len(equations.columns[0]) < 20
    assert encode_equations(equations)
