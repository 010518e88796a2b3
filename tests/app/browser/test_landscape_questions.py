"""Questions about the landscape: nothing but a window or a place is read, and what is answered is true."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from app.browser import landscape_questions
from app.browser.landscape_questions import (
    MAX_LETTERS,
    LandscapeQuestion,
    answer_question,
    decode_question,
    name_surface,
)
from app.browser.player_component import encode_stage
from app.compute.cached_simulation import build_surface
from app.model.plane_window import MAX_WINDOW_FRACTION, MIN_WINDOW_FRACTION, WINDOW_LIMITS, clamp_window
from app.model.scene import surface_call
from tests.support.binary_messages import decode_binary_message

ROSENBROCK = surface_call("rosenbrock")
FULL = ((-2.0, 2.0), (-1.0, 3.0))
NO_QUESTIONS = [
    None, 3, b"{}", "", "{", "[]", "null", "x" * 1000, "[" * 290, '{"n": 1}', '{"n": 1, "window": 3}',
    '{"window": [[0, 1], [0, 1]]}', '{"n": -1, "window": [[0, 1], [0, 1]]}', '{"n": 1.5, "place": [0, 1]}',
    '{"n": 1, "window": [[1, 0], [0, 1]]}', '{"n": 1, "window": [[0, 0], [0, 1]]}', '{"n": 1, "window": [[0, 1]]}',
    '{"n": 1, "window": [[0, NaN], [0, 1]]}', '{"n": 1, "window": [[0, Infinity], [0, 1]]}',
    '{"n": 1, "window": [[0, 1e9], [0, 1]]}', '{"n": 1, "window": [[0, true], [0, 1]]}',
    '{"n": 1, "place": [0]}', '{"n": 1, "place": ["0", 1]}', '{"n": 1, "place": [0, 1e400]}',
    '{"n": 1, "place": {"0": 1}}', '{"n": true, "place": [0, 1]}',
    '{"n": 1, "place": [0, 1], "more": "' + "x" * MAX_LETTERS + '"}',
]  # fmt: skip


@pytest.mark.parametrize("text", NO_QUESTIONS, ids=lambda text: repr(text)[:40])
def test_what_is_no_question_is_not_read(text: Any) -> None:
    assert decode_question(text) is None


def test_a_question_is_a_window_or_a_place_with_its_number() -> None:
    assert decode_question('{"n": 4, "window": [[0, 1.5], [-2, 3]]}') == LandscapeQuestion(
        "window", ((0.0, 1.5), (-2.0, 3.0)), 4
    )
    assert decode_question('{"n": 5, "place": [0, -1]}') == LandscapeQuestion("place", (0.0, -1.0), 5)


@pytest.mark.parametrize("window", [((-6.0, 6.0), (-9.0, 1.0)), ((0.9, 1.1), (0.9, 1.1))], ids=["far", "near"])
def test_the_piece_is_the_surface_in_the_window(window: Any) -> None:
    answer = json.loads(answer_question(ROSENBROCK, LandscapeQuestion("window", window, 7)))
    assert (answer["n"], answer["surface"]) == (7, name_surface(ROSENBROCK))
    piece = answer["window"]
    assert [tuple(side) for side in piece["box"]] == list(window)
    (contour,) = piece["figure"]["data"]
    shape = [int(size) for size in contour["z"]["shape"].split(",")]
    heights = np.frombuffer(b64decode(contour["z"]["bdata"]), dtype="<f4").astype(float).reshape(shape)
    x = contour["x0"] + contour["dx"] * np.arange(heights.shape[1])
    y = contour["y0"] + contour["dy"] * np.arange(heights.shape[0])
    values = build_surface(ROSENBROCK).value(np.array(np.meshgrid(x, y)))
    if piece["scale"] == "log":
        heights = piece["levels"]["bottom"] + 10.0**heights - piece["levels"]["softest"]
    np.testing.assert_allclose(heights, values, rtol=1e-4, atol=1e-6 * np.ptp(values))


def test_a_window_is_clamped_and_rounded_so_that_like_questions_are_computed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed = []
    make = landscape_questions.make_piece
    monkeypatch.setattr(
        landscape_questions, "make_piece", lambda *asked: computed.append(asked[1]) or make(*asked, grid_size=3)
    )
    landscape_questions.encode_piece.cache_clear()
    for nudge in (0, 1e-9, -1e-9):
        answer_question(ROSENBROCK, LandscapeQuestion("window", ((-3.0 + nudge, 3.0), (-2.0, 4.0 + nudge)), 1))
    assert len(computed) == 1
    answer_question(ROSENBROCK, LandscapeQuestion("window", ((-1e6, 1e6), (0.0, 1e-7)), 1))
    (left, right), (bottom, top) = computed[-1]
    assert right - left == pytest.approx(MAX_WINDOW_FRACTION * 4) and top - bottom == pytest.approx(4e-6)
    landscape_questions.encode_piece.cache_clear()


@pytest.mark.parametrize("width", [1e-9, 1e-3, 1.0, 1e3, 1e6])
def test_a_clamped_window_is_within_its_limits_around_the_same_middle(width: float) -> None:
    for (low, high), (wide_low, wide_high) in zip(clamp_window(((1.0, 1.0 + width),) * 2, FULL), FULL, strict=True):
        whole = wide_high - wide_low
        assert 0.999 * MIN_WINDOW_FRACTION * whole <= high - low <= 1.001 * MAX_WINDOW_FRACTION * whole
        assert (low + high) / 2 == pytest.approx(1 + width / 2, abs=1e-3 * (high - low))


def test_the_player_is_told_how_far_it_may_zoom() -> None:
    header, _ = decode_binary_message(encode_stage("a", ROSENBROCK, {}))
    assert header["stage"]["window_limits"] == list(WINDOW_LIMITS) == [MIN_WINDOW_FRACTION, MAX_WINDOW_FRACTION]


def test_f_and_its_gradient_are_those_of_the_surface() -> None:
    answer = json.loads(answer_question(ROSENBROCK, LandscapeQuestion("place", (-1.2, 1.0), 9)))
    assert answer["place"]["at"] == [-1.2, 1.0]
    assert answer["place"]["loss"] == pytest.approx(24.2)
    assert answer["place"]["gradient"] == pytest.approx([-215.6, -88.0])


def test_what_is_not_finite_is_said_so() -> None:
    surface = surface_call("rosenbrock").with_argument("b", 1e308)
    answer = json.loads(answer_question(surface, LandscapeQuestion("place", (1e6, 0.0), 1)))
    assert answer["place"]["loss"] is None and None in answer["place"]["gradient"]
