"""The message that shows a log in the picture of the trainings, as one training that has ended."""

from typing import Any

import numpy as np
import streamlit as st

from app.browser.binary_message import Arrays, narrow_floats
from app.browser.job_progress_labels import PROGRESS_LABELS
from app.figures.palette import PALETTE
from app.panels.undo_redo_buttons import make_history_handler
from app.session.polled_jobs import make_job_id
from app.session.widget_notes import escape_markdown
from app.training.labels import LABELS
from app.training.layer_arrays import make_finite
from app.training.training_component import describe_readings, mount_trainings
from app.training_log.log_scene import LogScene
from app.training_log.log_state import get_scene, redo, undo
from app.training_log.sidebar_fields import show_sample_button
from app.translation import translate, translate_table
from optimizers.training.training_curves import TrainingCurves
from surfaces.translatable import Translatable

COMPONENT_KEY = "training_log"
LOG_LABELS = LABELS | {
    "loss_help": Translatable("Thick: training. Dashed: validation."),
    "ratio": Translatable("Update : weights"),
    "ratio_help": Translatable("The length of a step relative to that of the weights that it changes. The line is 1 : "
                               "1000."),
    "column_training": Translatable("log"), "readings": Translatable("What the curves say"),
    "table": Translatable("At this epoch"),
}  # fmt: skip
STEP_LABELS = {
    "epochs": Translatable("steps"), "counter": Translatable("step {k} / {n}"), "scrub": Translatable("Step"),
    "first": Translatable("To the first step"), "back": Translatable("One step back"),
    "forward": Translatable("One step on"), "table": Translatable("At this step"),
}  # fmt: skip
LINE_LABELS = {
    "loss_help": Translatable("Thin: each line of the log. Thick: training, by epoch. Dashed: validation."),
}  # fmt: skip


def show_log() -> None:
    """Show the curves of the log with their readings; or the fault in it, or how to enter one."""
    scene = get_scene()
    report = scene.report
    if report.fault:
        st.caption(f":red[{escape_markdown(translate(report.fault))}]")
    elif report.curves is None:
        st.caption(translate("Paste or upload a log in the panel, or try the sample."))
        show_sample_button("log.sample_here")  # on a phone the panel is out of sight
    else:
        header, arrays = describe_log(scene, report.curves)
        mount_trainings(
            COMPONENT_KEY,
            {**header, "readings": describe_readings(report.readings)},
            arrays,
            {},
            on_undone_change=make_history_handler(COMPONENT_KEY, undo, redo),
        )


def describe_log(scene: LogScene, curves: TrainingCurves) -> tuple[dict[str, Any], Arrays]:
    """Describe the curves for the picture of the trainings; without those that the log does not have."""
    log = scene.log
    has_epochs = log is not None and "epoch" in log.assignment
    labels = LOG_LABELS | ({} if has_epochs else STEP_LABELS) | (LINE_LABELS if len(curves.step_loss) else {})
    rows = len(next(iter(log.columns.values()))) if log else 0
    last = float(curves.epochs[-1]) if len(curves.epochs) else 0.0
    arrays: Arrays = {"epoch0": curves.epochs.astype(np.float32)}
    for part in ("training", "validation"):
        for name, scale in (("loss", 1), ("accuracy", 100)):
            values = getattr(curves, f"{part}_{name}")
            if len(values):
                arrays[f"{part}_{name}0"] = narrow_floats(scale * values)
    if len(curves.step_loss):
        arrays["step_loss0"] = narrow_floats(curves.step_loss)
        arrays["step_epoch0"] = curves.step_epochs.astype(np.float32)
    if curves.ratios:
        arrays["ratios"] = np.concatenate([curves.ratios[name] for name in curves.ratios]).astype(np.float32)
        arrays["ratio_epochs"] = curves.ratio_epochs.astype(np.float32)
    name = scene.name or translate("Your log")
    header = {
        "id": COMPONENT_KEY, **PALETTE, "labels": translate_table(PROGRESS_LABELS | labels), "record": True,
        "title": translate("{name}: {rows:,} lines", name=name, rows=rows),
        "epochs": max(1.0, np.ceil(make_finite(last))), "selected": 0, "definitions": 1,
        "blocks": [translate("update : weights")] if curves.ratios else [],
        "trainings": [{"name": name, "changes": [], "done": make_finite(last), "diverged": None}],
        "job_id": make_job_id(scene.text, scene.assignment), "number": 1, "fraction": 1, "state": "done",
    }  # fmt: skip
    return header, arrays
