"""The fields of the selected training's optimizer: its hyperparameters, their schedules, and averaging or clipping."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.tunable_run_parameters import NO_SCHEDULE, put_on_schedule
from app.model import display_names
from app.model.hyperparameter_table import ParameterRange, get_range
from app.model.scene import (
    Call,
    UserError,
    get_argument_range,
    inspect_parameters,
    is_schedulable,
    make_call,
    optimizer_call,
)
from app.panels.reusable_setting_widgets import Edit, SettingWidgets
from app.panels.run_menu import NO_WRAPPER
from app.panels.schedule_curve import show_schedule_curve
from app.session.widget_notes import show_note
from app.training_scenes.training_preparation import count_steps
from app.training_scenes.training_scene import TrainingScene
from app.translation import get_punctuation, translate
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from optimizers.method_traits import USUAL_NETWORK_LR
from surfaces.translatable import Translatable


def show_optimizer(scene: TrainingScene, widgets: SettingWidgets) -> None:
    chosen = scene.chosen
    optimizer = chosen.optimizer
    st.markdown(f"**{translate('Optimizer')}**")
    widgets.show_selectbox("training.optimizer", Translatable("Optimizer"), tuple(OPTIMIZERS), {}, optimizer.name,
                           change_optimizer)  # fmt: skip
    for name, parameter in inspect_parameters(OPTIMIZERS[optimizer.name]).items():
        value = optimizer[name]
        if isinstance(value, Call):
            show_schedule(scene, widgets, name, value)
        else:
            show_argument(widgets, f"training.of.{name}", name, value, parameter.default, get_range(name),
                          change_argument(name))  # fmt: skip
    is_special = chosen.wrapper or any(isinstance(value, Call) for _, value in optimizer.arguments)
    with st.expander(translate("Schedule, averaging"), expanded=bool(is_special), key="training.special"):
        schedulable = [name for name, _ in optimizer.arguments if is_schedulable(optimizer.name, name)]
        for name in schedulable:
            value = optimizer[name]
            widgets.show_selectbox(
                f"training.schedule.{name}", translate("Schedule for {value}", value=translate(get_range(name).label)),
                tuple(SCHEDULES), {}, value.name if isinstance(value, Call) else NO_SCHEDULE, choose_schedule(name),
            )  # fmt: skip
        show_wrapper(widgets, chosen.wrapper)


def show_schedule(scene: TrainingScene, widgets: SettingWidgets, name: str, schedule: Call) -> None:
    """The curve of a hyperparameter over the steps of the training, and the sliders of its schedule."""
    colon = get_punctuation().colon
    st.caption(f"{translate(get_range(name).label)}{colon}{display_names.get_name_in_text(schedule.name)}")
    show_schedule_curve(name, schedule, count_steps(scene))
    for argument, parameter in inspect_parameters(SCHEDULES[schedule.name]).items():
        limits = get_argument_range(argument, parameter.default, get_range(name))
        show_argument(
            widgets, f"training.of.{name}.{argument}", argument, schedule[argument], parameter.default, limits,
            change_argument(name, argument),
        )  # fmt: skip


def show_wrapper(widgets: SettingWidgets, wrapper: Call | None) -> None:
    widgets.show_selectbox(
        "training.wrapper", Translatable("Averaging or clipping"), (NO_WRAPPER, *WRAPPERS), {},
        wrapper.name if wrapper else NO_WRAPPER, change_wrapper,
    )  # fmt: skip
    if wrapper is None:
        return
    st.caption(display_names.get_summary(WRAPPERS[wrapper.name]))
    for name, parameter in inspect_parameters(WRAPPERS[wrapper.name]).items():
        show_argument(widgets, f"training.wrapper.{name}", name, wrapper[name], parameter.default, get_range(name),
                      change_wrapper_argument(name))  # fmt: skip


def show_argument(
    widgets: SettingWidgets, key: str, name: str, value: Any, default: Any, limits: ParameterRange, edit: Edit
) -> None:
    """The slider or the switch of an argument."""
    if isinstance(default, bool):
        widgets.show_toggle(key, display_names.make_switch_label(name), value, edit)
        show_note(key)
        return
    whole = (name,) if isinstance(default, int) else ()
    widgets._replace(ranges={name: limits}, whole=whole).show_slider(key, name, value, edit)


# ---- edits


def change_optimizer(scene: TrainingScene, name: Any) -> TrainingScene:
    """Another optimizer, at a learning rate that suits networks."""
    if name not in OPTIMIZERS:
        raise UserError("There is no “{word}” here.", word=str(name)[:40])
    parameters = inspect_parameters(OPTIMIZERS[name])
    lr = TRAITS[name].network_lr
    if lr is None and "lr" in parameters and parameters["lr"].default < 1:
        lr = USUAL_NETWORK_LR
    made = optimizer_call(name, lr=lr) if lr is not None and "lr" in parameters else optimizer_call(name)
    return scene.with_chosen(scene.chosen.with_optimizer(made))


def change_argument(name: str, of_schedule: str = "") -> Edit:
    """The edit of an argument of the optimizer, or of one of the schedule that it follows."""

    def change(scene: TrainingScene, new: Any) -> TrainingScene:
        optimizer = scene.chosen.optimizer
        value = optimizer[name].with_argument(of_schedule, new) if of_schedule else new
        return with_arguments(scene, {name: value})

    return change


def choose_schedule(name: str) -> Edit:
    return lambda scene, choice: scene.with_chosen(
        scene.chosen.with_optimizer(put_on_schedule(scene.chosen.optimizer, name, choice, count_steps(scene)))
    )


def with_arguments(scene: TrainingScene, arguments: Mapping[str, Any]) -> TrainingScene:
    optimizer = scene.chosen.optimizer
    made = make_call(OPTIMIZERS, optimizer.name, dict(optimizer.arguments) | dict(arguments))
    return scene.with_chosen(scene.chosen.with_optimizer(made))


def change_wrapper(scene: TrainingScene, name: Any) -> TrainingScene:
    wrapper = None if name == NO_WRAPPER else make_call(WRAPPERS, str(name), {})
    return scene.with_chosen(replace(scene.chosen, wrapper=wrapper))


def change_wrapper_argument(name: str) -> Callable[[TrainingScene, Any], TrainingScene]:
    def change(scene: TrainingScene, new: Any) -> TrainingScene:
        wrapper = scene.chosen.wrapper
        if wrapper is None:
            return scene
        made = make_call(WRAPPERS, wrapper.name, dict(wrapper.arguments) | {name: new})
        return scene.with_chosen(replace(scene.chosen, wrapper=made))

    return change
