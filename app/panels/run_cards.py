"""The cards of the runs, with a slider for every argument of their optimizers."""

from functools import partial
from typing import Any

import streamlit as st

from app.compute.suited_learning_rates import with_suited_lr
from app.model import display_names
from app.model.hyperparameter_table import get_range
from app.model.scene import Call, Run, Scene, get_argument_range, inspect_parameters, make_call, optimizer_call
from app.panels.changed_learning_rates import show_changed_learning_rates
from app.panels.reusable_scene_widgets import name_for, show_expander, show_selectbox, show_slider
from app.panels.run_actions import add_run, duplicate_run
from app.panels.run_menu import show_run_menu
from app.panels.schedule_curve import show_schedule_curve
from app.session.race_scene_and_undo import get_scene
from app.session.session_state import get_session
from app.session.widget_notes import escape_markdown, show_note
from app.translation import get_punctuation, translate
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS

SHOW_CARD = """<script>
document.querySelector(".st-key-card{slot}").scrollIntoView({{ block: innerWidth < 768 ? "start" : "nearest" }});
</script>"""


def show_cards() -> None:
    """Show a card for each run; a folded card is a single line."""
    show_changed_learning_rates()
    for run in get_scene().runs:
        show_card(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="adding"):
        st.button(translate("Add a run"), icon=":material/add:", key="add", type="tertiary", on_click=add_run)
        st.button(
            translate("Duplicate the last run"),
            key="duplicate",
            type="tertiary",
            on_click=duplicate_run,
            disabled=not get_scene().runs,
        )
    show_note("add")


def show_card(run: Run) -> None:
    state = "" if run.is_on else f" :gray[{translate('off')}]"
    title = f"**{display_names.format_title(run)}**"
    body = show_expander(
        run.slot, f"{title}{state}", f"{title} :gray[{display_names.format_settings(run, get_scene().runs)}]{state}"
    )
    if not body:
        return

    def change(scene: Scene, name: str) -> Scene:
        return scene.change_run(run.slot, optimizer=change_optimizer(scene, scene.find_run(run.slot), name))

    with body:
        # Below the heading, which must stay as it is while a slider moves: another one would be another card
        if differences := display_names.format_differences(run, get_scene().runs):
            st.caption(escape_markdown(differences))
        show_selectbox(
            f"{run.slot}.optimizer",
            name_for(translate("Optimizer"), get_owner(run)),
            OPTIMIZERS,
            run.optimizer.name,
            change,
            is_label_hidden=True,
        )
        for name, parameter in inspect_parameters(OPTIMIZERS[run.optimizer.name]).items():
            show_hyperparameter(run, name, parameter.default)
        if run.wrapper:
            show_wrapper(run)
        show_run_menu(run)
        if get_session().added_slot == run.slot:
            get_session().added_slot = None
            st.html(SHOW_CARD.format(slot=run.slot), unsafe_allow_javascript=True)


def get_owner(run: Run) -> str:
    """The name of a run, by which a screen reader tells its widgets from those of the others."""
    runs, title = get_scene().runs, display_names.format_title(run)
    if [display_names.format_title(other) for other in runs].count(title) == 1:
        return title
    return translate("{run}, run {number}", run=title, number=runs.index(run) + 1)


def change_optimizer(scene: Scene, run: Run, optimizer_name: str) -> Call:
    """The call of another optimizer: shared hyperparameters keep their values, the learning rate becomes suitable."""
    optimizer = (
        with_suited_lr(scene, optimizer_name) if optimizer_name in OPTIMIZERS else optimizer_call(optimizer_name)
    )
    for name, value in run.optimizer.arguments:
        if name != "lr" and name in dict(optimizer.arguments):
            optimizer = optimizer.with_argument(name, value)
    return optimizer


def show_hyperparameter(run: Run, name: str, default: Any) -> None:
    """Show the slider of a hyperparameter, or the sliders of its schedule."""
    value, slot = run.optimizer[name], run.slot

    def change(scene: Scene, new: Any, argument: str = "") -> Scene:
        optimizer = scene.find_run(slot).optimizer
        new = optimizer[name].with_argument(argument, new) if argument else new
        arguments = dict(optimizer.arguments) | {name: new}
        return scene.change_run(slot, optimizer=make_call(OPTIMIZERS, optimizer.name, arguments))

    if not isinstance(value, Call):
        label = display_names.format_parameter_label(name)
        owner = get_owner(run)
        show_slider(f"{slot}.{name}", get_range(name), value, default, change, label=label, owner=owner)
        return
    st.caption(
        f"{translate(get_range(name).label)}{get_punctuation().colon}{display_names.get_name_in_text(value.name)}"
    )
    show_schedule_curve(name, value, get_scene().steps)
    for argument, parameter in inspect_parameters(SCHEDULES[value.name]).items():
        show_slider(
            f"{slot}.{name}.{argument}",
            get_argument_range(argument, parameter.default, get_range(name)),
            value[argument],
            parameter.default,
            partial(change, argument=argument),
            owner=get_owner(run),
            leaves_panel=False,  # the curve above shows the value
        )


def show_wrapper(run: Run) -> None:
    """Show the sliders of a run's wrapper."""
    wrapper, slot = run.wrapper.name, run.slot
    st.caption(
        f"{display_names.get_display_name(wrapper)}{get_punctuation().colon}{display_names.get_summary(WRAPPERS[wrapper])}"
    )
    for name, parameter in inspect_parameters(WRAPPERS[wrapper]).items():

        def change(scene: Scene, value: Any, name: str = name) -> Scene:
            arguments = dict(scene.find_run(slot).wrapper.arguments) | {name: value}
            return scene.change_run(slot, wrapper=make_call(WRAPPERS, wrapper, arguments))

        show_slider(
            f"{slot}.wrapper.{name}",
            get_range(name),
            run.wrapper[name],
            parameter.default,
            change,
            owner=get_owner(run),
        )
