"""Messages about a scene to the player: its runs, complete or waiting at the start, and the equations of one run."""

from typing import Any

from app.browser.landscape_questions import name_surface
from app.browser.player_component import get_focused_slot, get_requested_columns, mount_equations
from app.browser.player_protocol import RunPayload, encode_runs
from app.browser.run_delivery import get_feed_token
from app.browser.websocket_push import feed_path
from app.compute.cached_simulation import RunResult, get_run_equations, get_steps_per_epoch, simulate_run
from app.model import display_names
from app.model.scene import Run, Scene
from app.scene_text.writer import list_parts
from app.translation import translate
from optimizers.catalogue import TRAITS


def encode_race(key: str, scene: Scene, **fields: Any) -> bytes:
    """Encode the race of a scene for the player `key`; `fields` go into the header."""
    return encode_scene_runs(
        key,
        scene,
        [make_run_payload(scene, run, simulate_run(scene, run)) for run in scene.runs if run.is_on],
        scene.steps,
        **fields,
    )


def encode_waiting_race(key: str, scene: Scene, verdict: str, **fields: Any) -> bytes:
    """Encode the race as one of no steps: the runs wait at the start, and nothing of their future is sent."""
    payloads = [
        make_run_payload(scene, run, result)._replace(
            columns={name: values[:1] for name, values in result.columns.items()},
            verdict=verdict, verdict_kind="running", last_step=0, verdict_step=0,
        )
        for run, result in ((run, simulate_run(scene, run)) for run in scene.runs if run.is_on)
    ]  # fmt: skip
    return encode_scene_runs(key, scene, payloads, 0, **fields)


def make_run_payload(scene: Scene, run: Run, result: RunResult) -> RunPayload:
    verdict, shown = result.verdict, [other for other in scene.runs if other.is_on]
    return RunPayload(
        display_names.format_name(run, shown),
        display_names.format_detail(run, shown),
        run.slot,
        result.columns,
        translate(verdict.sentence),
        verdict.kind,
        result.last_step,
        verdict.step,
        TRAITS[run.optimizer.name].iterates_ahead,
    )


def encode_scene_runs(
    key: str, scene: Scene, payloads: list[RunPayload], steps: int, note: str = "", **fields: Any
) -> bytes:
    """`note` is a sentence above the curves."""
    fields |= {"id": key, "feed": feed_path(get_feed_token(key)), "steps": steps, "note": note}
    fields["landscape"] = name_surface(scene.surface)
    return encode_runs(payloads, get_requested_columns(key), **describe_scene(scene) | fields)


def describe_scene(scene: Scene) -> dict[str, Any]:
    """Describe a scene for the player, besides its runs and their steps."""
    return {
        "start": [float(v) for v in scene.start],
        "run_count": len(scene.runs),
        "surface": display_names.get_display_name(scene.surface.name),
        "picture_title": display_names.format_surface_title(scene.surface),  # of a saved picture
        "scene": [pair for pair in list_parts(scene) if pair[0] != "view"],
        "epoch": get_steps_per_epoch(scene.surface),  # steps in an epoch, where there is data
        "hypers": {  # names of the columns of hyperparameters that follow a schedule
            f"hyper_{name}": label
            for run in scene.runs
            for name, label in display_names.get_schedule_labels(run).items()
        },
    }


def mount_focused_equations(key: str, scene: Scene) -> None:
    """Under the player `key`, the rule of the run that the visitor looks at."""
    focused = next((run for run in scene.runs if run.is_on and run.slot == get_focused_slot(key)), None)
    if focused:
        mount_equations(key, get_run_equations(scene, focused), focused.slot)
