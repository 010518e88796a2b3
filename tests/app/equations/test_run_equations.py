"""The rule with its numbers, of every optimizer."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from app.browser.browser_assets import APP
from app.browser.equation_messages import EQUATION_LABELS, encode_equations
from app.compute.cached_simulation import build_optimizer
from app.equations.equation import Equations
from app.equations.run_equations import write_equations
from app.equations.step_recording import record_steps
from app.model.scene import Call, schedule_call, wrapper_call
from app.model.scene import optimizer_call as racing
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.observers.gradient_noise import noisy
from tests.optimizers.methods.optimizer_cases import CASES
from tests.support.binary_messages import decode_binary_message

PLAIN = [(racing(word), None) for word in OPTIMIZERS]
OPTIONS = [
    (racing("adam", bias_correction=False), None),
    (racing("adagrad", root=False), None),
    (racing("newton", line_search=True), None),
    (racing("newton", avoid_saddles=True, damping=0.1), None),
]
WRAPPED = [(racing(word), wrapper_call(around)) for word in ("sgd", "adam", "lbfgs") for around in WRAPPERS]
ON_SCHEDULE = [(racing("rmsprop", lr=schedule_call(word)), None) for word in SCHEDULES]
BOTH = [(racing("momentum", lr=schedule_call("cosine"), mu=schedule_call("linear")), wrapper_call("lookahead"))]
RACERS = [*PLAIN, *OPTIONS, *WRAPPED, *ON_SCHEDULE, *BOTH]

MATHML = "{http://www.w3.org/1998/Math/MathML}"
PLAYER = (APP / "player" / "panels" / "equation_view.js").read_text(encoding="utf-8")
TAGS, ATTRIBUTES = (set(found.split()) for found in re.findall(r'new Set\(\s*"([^"]+)"', PLAYER))


def name(racer: tuple[Call, Call | None]) -> str:
    call, around = racer
    return f"{around.name}({call.name})" if around else call.name


@pytest.mark.parametrize("racer", RACERS, ids=name)
@pytest.mark.parametrize("place, sigma", [("rosenbrock", 0.0), ("himmelblau", 0.0), ("bowl", 0.5)])
def test_the_replayed_steps_are_the_steps(racer: tuple[Call, Call | None], place: str, sigma: float) -> None:
    """Bit for bit: a rule whose numbers come from a slightly different run would be a lie."""
    surface = SURFACES[place]()
    problem = noisy(surface, sigma, 3)
    run = build_optimizer(*racer)
    path = trajectory(run, problem, surface.start, 60)
    _, replaying = record_steps(run)
    np.testing.assert_array_equal(trajectory(replaying, problem, surface.start, 60).x, path.x)


def told(racer: tuple[Call, Call | None], place: str = "himmelblau", steps: int = 60) -> tuple[Equations, np.ndarray]:
    surface = SURFACES[place]()
    run = build_optimizer(*racer)
    return write_equations(run, surface, surface.start, steps), trajectory(run, surface, surface.start, steps).x


def slots(latex: str) -> list[int]:
    return [int(slot) for slot in re.findall(r"9\d(\d{5})", latex)]


@pytest.mark.parametrize("racer", RACERS, ids=name)
def test_the_last_line_shows_the_iterates(racer: tuple[Call, Call | None]) -> None:
    """Of the lines that a step came to, the last that names the point gives the trajectory's, bit for bit.

    But for the step that left the finite world: the trajectory stays where it was before.
    """
    found, path = told(racer)
    point = r"\bar{x}_{t}" if racer[1] and racer[1].name in {"polyak", "ema"} else "x_{t}"
    steps = len(found.columns[0])
    x = np.full((2, steps), np.nan)
    for line in (line for line in found.lines if line.left == point):
        came = found.columns[line.reached_slot] > 0 if line.reached_slot is not None else np.arange(steps) > 0
        columns = np.array([found.columns[slot] for slot in slots(line.result)])
        x[:, came] = columns[:, came]
    left = not np.isfinite(x[:, -1]).all()
    np.testing.assert_array_equal(x[:, 1 : steps - left], path[:, 1 : steps - left])
    assert (path[:, steps - 1 :] == path[:, steps - 1 : steps]).all(), "nothing changes after the last column"


@pytest.mark.parametrize("racer", RACERS, ids=name)
def test_every_line_becomes_mathml_with_all_its_slots(racer: tuple[Call, Call | None]) -> None:
    found, _ = told(racer)
    header, columns = decode_binary_message(encode_equations(found))
    assert header["lines"] and list(columns) == [str(slot) for slot in range(len(found.columns))]
    for sent, line in zip(header["lines"], found.lines, strict=True):
        texts = [sent["left"], sent["right"], *sent["numbers"], sent["result"]]
        shown = [int(slot) for text in texts for slot in re.findall(r'data-slot="(\d+)"', text)]
        assert shown == slots("".join((*line.cases, line.result)))
        assert all(slot < len(columns) for slot in shown)
        for text in filter(None, texts):
            math = ElementTree.fromstring(text)  # noqa: S314 our own text
            assert math.tag == f"{MATHML}math"
            assert {part.tag.removeprefix(MATHML) for part in math.iter()} <= TAGS, "the player would refuse it"
            assert {name for part in math.iter() for name in part.attrib} <= ATTRIBUTES
            leaves = "".join(math.itertext())
            assert "\\" not in leaves and "_" not in leaves, "LaTeX that was not understood"
    assert header["note"] in {"", *(label.removeprefix("rule_") for label in EQUATION_LABELS)}


# What the numbers of a line may hold so that they can be worked out here: arithmetic, roots, fractions, powers.
ARITHMETIC = re.compile(
    r"\\operatorname\{(sign|clip)\}|\\(begin|end)\{bmatrix\}|\\(left|right|frac|sqrt|times|odot)(?![a-z])|\\[ ,\\]"
)


def worked_out(latex: str, found: Equations, k: int) -> np.ndarray | None:
    """The value of a line's numbers at step k, None where they are more than arithmetic."""
    if "\\" in ARITHMETIC.sub("", latex) or "&" in latex:
        return None
    text = re.sub(r"\{\\begin\{bmatrix\} (\d+) \\\\ (\d+) \\end\{bmatrix\}\}", r"array([\1, \2])", latex)
    text = re.sub(r"9\d(\d{5})", lambda m: f"(v[{int(m[1])}][k])", text)
    text = text.replace(r"\frac{", "over(").replace(r"\sqrt{", "sqrt(").replace("}{", ")(").replace("^{", "**(")
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1", text)
    text = re.sub(r"\\times|\\odot|\\,", "*", text)
    text = re.sub(r"\\left|\\right|\\ ", "", text).replace("}", ")")
    known = {
        "over": lambda a: lambda b: a / b,
        "sqrt": np.sqrt,
        "sign": np.sign,
        "clip": np.clip,
        "array": np.array,
        "v": found.columns,
        "k": k,
    }
    return eval(text, known)  # noqa: S307 our own text


@pytest.mark.parametrize("racer", RACERS, ids=name)
def test_the_numbers_shown_give_the_result_shown(racer: tuple[Call, Call | None]) -> None:
    """To rounding: the order of multiplications may differ where parentheses are left out."""
    found, _ = told(racer)
    checked = 0
    for line in found.lines:
        for k in (1, 2, len(found.columns[0]) - 1):
            if (
                (line.reached_slot is not None and not found.columns[line.reached_slot][k])
                or not line.cases
                or not line.result
            ):
                continue
            numbers = line.cases[int(found.columns[line.case_slot][k]) if line.case_slot is not None else 0]
            value = worked_out(numbers, found, k) if numbers else None
            if value is None:
                continue
            result = [found.columns[slot][k] for slot in slots(line.result)]
            np.testing.assert_allclose(value, np.squeeze(result), rtol=1e-12, err_msg=f"{line.left} at {k}")
            checked += 1
    assert (checked > 0) == CASES[racer[0].name].has_arithmetic


def test_a_rule_has_the_letters_of_the_field() -> None:
    found, _ = told((racing("adam"), None))
    assert [f"{line.left} {line.relation} {line.right}" for line in found.lines] == [
        r"g_{t} = \nabla f\left(x_{t-1}\right)",
        r"m_{t} = \beta_{1}\,m_{t-1} + \left(1 - \beta_{1}\right)\,g_{t}",
        r"v_{t} = \beta_{2}\,v_{t-1} + \left(1 - \beta_{2}\right)\,g_{t}^{2}",
        r"\hat{m}_{t} = \frac{m_{t}}{1 - \beta_{1}^{t}}",
        r"\hat{v}_{t} = \frac{v_{t}}{1 - \beta_{2}^{t}}",
        r"x_{t} = x_{t-1} - \frac{\alpha\,\hat{m}_{t}}{\sqrt{\hat{v}_{t}} + \epsilon}",
    ]


def test_the_branch_of_a_hyperparameter_is_the_only_one_shown() -> None:
    found, _ = told((racing("adam", bias_correction=False), None))
    assert r"\hat{m}_{t} = m_{t}" in [f"{line.left} {line.relation} {line.right}" for line in found.lines]


def test_a_schedule_is_shown_by_its_value_at_t() -> None:
    found, _ = told((racing("rmsprop", lr=schedule_call("linear", start=0.1, end=0.0, steps=50)), None))
    line = found.lines[0]
    assert (line.left, line.right) == (r"\alpha_{t}", r"\operatorname{linear}\left(t\right)")
    np.testing.assert_allclose(found.columns[slots(line.result)[0]][1:4], [0.1, 0.098, 0.096])


def test_a_diverging_run_ends_with_the_step_that_left_the_numbers() -> None:
    found, path = told((racing("sgd", lr=1.0), None), "rosenbrock")
    last = [found.columns[slot][-1] for slot in slots(found.lines[-1].result)]
    assert not np.isfinite(last).all()
    assert np.isfinite(path).all() and len(found.columns[0]) < 20
    assert encode_equations(found)
