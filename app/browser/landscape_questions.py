"""A player's questions about its landscape, and the answers: the part in a window, f and its gradient at a point.

The questions come by the player's websocket, so no script of Streamlit's is run for them. Of those that wait only the
newest of each kind is answered, and only so often; those of all visitors are computed one after another in one thread.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from app.browser.player_protocol import decode_coordinates, decode_window, is_serial
from app.browser.value_digest import digest_values
from app.compute.cached_simulation import build_surface
from app.figures.landscape_figure import encode_float32, make_piece
from app.model.plane_window import Window, clamp_window
from app.model.scene import Call
from surfaces.base import Box

log = logging.getLogger(__name__)

MAX_LETTERS = 300  # of a question; longer ones are not read
PAUSE_SECONDS = {"window": 0.1, "place": 0.03}  # after an answer of each kind, before the next
MAX_PIECES = 64  # that are kept for all visitors, 140 kB each

executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="landscape")


class LandscapeQuestion(NamedTuple):
    kind: str  # "window" or "place"
    value: Any  # a window, or a point
    serial: int  # by which the player knows the answer


def decode_question(text: object) -> LandscapeQuestion | None:
    """The question in a message of the browser; None for anything else."""
    if not isinstance(text, str) or len(text) > MAX_LETTERS:
        return None
    with suppress(ValueError, RecursionError):
        message = json.loads(text)
        if isinstance(message, dict) and is_serial(serial := message.get("n")):
            if (window := decode_window(message.get("window"))) is not None:
                return LandscapeQuestion("window", window, serial)
            if (point := decode_coordinates(message.get("place"))) is not None:
                return LandscapeQuestion("place", point, serial)
    return None


def name_surface(surface: Call) -> str:
    """A short name, by which a player knows whether an answer is about the surface that it shows."""
    return digest_values(surface)


def answer_question(surface: Call, question: LandscapeQuestion) -> str:
    """The answer as JSON."""
    if question.kind == "place":
        answer = json.dumps(evaluate_at(surface, question.value), allow_nan=False)
    else:
        answer = encode_piece(surface, clamp_window(question.value, build_surface(surface).box))
    return f'{{"n": {question.serial}, "surface": "{name_surface(surface)}", "{question.kind}": {answer}}}'


@lru_cache(maxsize=MAX_PIECES)
def encode_piece(surface: Call, window: Window) -> str:
    """The landscape in a window, as JSON."""
    return json.dumps(make_piece(build_surface(surface), Box(*window)), allow_nan=False, default=encode_float32)


def evaluate_at(surface: Call, point: tuple[float, float]) -> dict[str, Any]:
    """f and its gradient, without noise; what is not finite is None."""
    f, x = build_surface(surface), np.array(point)
    with np.errstate(all="ignore"):
        numbers = [float(f.value(x)), *(float(part) for part in f.grad(x))]
    loss, *gradient = (number if isfinite(number) else None for number in numbers)
    return {"at": list(point), "loss": loss, "gradient": gradient}


async def compute_answer(surface: Call, question: LandscapeQuestion) -> str | None:
    """The answer, computed in the thread that all visitors share; None (and a line in the log) if that fails."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(executor, answer_question, surface, question)
    except Exception:
        log.exception("no answer about a landscape")
        return None


class QuestionQueue:
    """The questions of one player that wait."""

    def __init__(self, get_surface: Callable[[], Call | None], send: Callable[[str], Awaitable[None]]) -> None:
        self.get_surface, self.send = get_surface, send
        self.waiting: dict[str, LandscapeQuestion] = {}  # the newest of each kind
        self.has_some = asyncio.Event()

    def put(self, text: object) -> None:
        question = decode_question(text)
        if question:
            self.waiting[question.kind] = question
            self.has_some.set()

    async def answer_all(self) -> None:
        """Answer the questions as they come, for ever."""
        while True:
            await self.has_some.wait()
            kind = min(self.waiting)  # a point is quicker
            question = self.waiting.pop(kind)
            if not self.waiting:
                self.has_some.clear()
            surface = self.get_surface()
            if surface is not None and (answer := await compute_answer(surface, question)):
                await self.send(answer)
            await asyncio.sleep(PAUSE_SECONDS[kind])
