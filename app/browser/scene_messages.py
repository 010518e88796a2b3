"""A scene as the player is told of it: its runs as tracks, or waiting at the start; and the rule that is looked at."""

from typing import Any

from app.browser.player_component import RunPayload, encode_message, get_focused_slot, mount_equations
from app.compute.cached_simulation import RunResult, get_run_equations, get_steps_per_epoch, simulate_run
from app.model import display_names
from app.model.scene import Run, Scene
from app.scene_text.writer import list_parts
from app.translation import translate


def encode_race(key: str, now: Scene, **said: Any) -> bytes:
    """The message to the player `key` of the race of a scene; `said` is passed on to `encode_message`."""
    return encode_scene_runs(
        key,
        now,
        [make_run_payload(racer, simulate_run(now, racer)) for racer in now.runs if racer.on],
        now.steps,
        **said,
    )


def encode_waiting_race(key: str, now: Scene, verdict: str, **said: Any) -> bytes:
    """The same scene with its runs at the start and nothing of what they will do: a race of no steps."""
    tracks = [
        make_run_payload(racer, ran)._replace(
            columns={name: values[:1] for name, values in ran.columns.items()},
            verdict=verdict, kind="running", end=0, at=0,
        )
        for racer, ran in ((racer, simulate_run(now, racer)) for racer in now.runs if racer.on)
    ]  # fmt: skip
    return encode_scene_runs(key, now, tracks, 0, **said)


def make_run_payload(racer: Run, ran: RunResult) -> RunPayload:
    verdict = ran.verdict
    return RunPayload(
        display_names.format_title(racer),
        display_names.format_settings(racer),
        racer.slot,
        ran.columns,
        translate(verdict.sentence),
        verdict.kind,
        ran.end,
        verdict.step,
        racer.optimizer.word,
    )


def encode_scene_runs(key: str, now: Scene, tracks: list[RunPayload], steps: int, **said: Any) -> bytes:
    return encode_message(key, tracks, steps=steps, **describe_scene(now), **said)


def describe_scene(now: Scene) -> dict[str, Any]:
    """What the player is told of a scene besides its runs and their steps."""
    return {
        "start": [float(v) for v in now.start],
        "racers": len(now.runs),
        "surface": display_names.get_display_name(now.surface.word),
        "scene": [pair for pair in list_parts(now) if pair[0] != "view"],
        "epoch": get_steps_per_epoch(now.surface),
        "hypers": {
            f"hyper_{name}": label
            for racer in now.runs
            for name, label in display_names.get_schedule_labels(racer).items()
        },
    }


def mount_focused_equations(key: str, now: Scene) -> None:
    """Under the player `key`, the rule of the run that the visitor looks at."""
    looked_at = next((racer for racer in now.runs if racer.on and racer.slot == get_focused_slot(key)), None)
    if looked_at:
        mount_equations(key, get_run_equations(now, looked_at), looked_at.slot)
