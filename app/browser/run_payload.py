"""A scene as the player is told of it: its runs as tracks, or waiting at the start; and the rule that is looked at."""

from typing import Any

from app.browser.player_component import Track, focus, follow, message
from app.compute.cached_simulation import Ran, epoch, rule_of, run
from app.model import display_names
from app.model.scene import Run, Scene
from app.scene_text.scene_text import parts
from app.translation import say


def racing(key: str, now: Scene, **said: Any) -> bytes:
    """The message to the player `key` of the race of a scene; `said` is passed on to `message`."""
    return told(key, now, [track(racer, run(now, racer)) for racer in now.runs if racer.on], now.steps, **said)


def waiting(key: str, now: Scene, verdict: str, **said: Any) -> bytes:
    """The same scene with its runs at the start and nothing of what they will do: a race of no steps."""
    tracks = [
        track(racer, ran)._replace(
            columns={name: values[:1] for name, values in ran.columns.items()},
            verdict=verdict, kind="running", end=0, at=0,
        )
        for racer, ran in ((racer, run(now, racer)) for racer in now.runs if racer.on)
    ]  # fmt: skip
    return told(key, now, tracks, 0, **said)


def track(racer: Run, ran: Ran) -> Track:
    verdict = ran.verdict
    return Track(
        display_names.title_of(racer),
        display_names.settings(racer),
        racer.slot,
        ran.columns,
        say(verdict.sentence),
        verdict.kind,
        ran.end,
        verdict.step,
        racer.optimizer.word,
    )


def told(key: str, now: Scene, tracks: list[Track], steps: int, **said: Any) -> bytes:
    return message(key, tracks, steps=steps, **facts(now), **said)


def facts(now: Scene) -> dict[str, Any]:
    """What the player is told of a scene besides its runs and their steps."""
    return {
        "start": [float(v) for v in now.start],
        "racers": len(now.runs),
        "surface": display_names.name(now.surface.word),
        "scene": [pair for pair in parts(now) if pair[0] != "view"],
        "epoch": epoch(now.surface),
        "hypers": {
            f"hyper_{name}": label for racer in now.runs for name, label in display_names.scheduled(racer).items()
        },
    }


def look(key: str, now: Scene) -> None:
    """Under the player `key`, the rule of the run that the visitor looks at."""
    looked_at = next((racer for racer in now.runs if racer.on and racer.slot == focus(key)), None)
    if looked_at:
        follow(key, rule_of(now, looked_at), looked_at.slot)
