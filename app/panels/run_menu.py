"""The menu of a run: formula, schedule, wrapper, colour, and buttons to duplicate and remove it."""

from typing import Any

import streamlit as st

from app.compute.tunable_run_parameters import NO_SCHEDULE, put_on_schedule
from app.model import display_names
from app.model.hyperparameter_table import get_range
from app.model.scene import (
    MAX_RUNS,
    Call,
    Run,
    is_schedulable,
    make_call,
)
from app.panels.reusable_scene_widgets import show_selectbox
from app.panels.run_actions import duplicate_run, recolour_run, remove_run
from app.panels.run_style_sheet import describe_run_style
from app.panels.schedule_curve import show_schedule_curve
from app.session.race_scene_and_undo import apply_edit, get_scene
from app.session.session_state import get_session
from app.session.stale_widget_values import resend_value
from app.session.widget_notes import sync_widget
from app.translation import translate
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS

NO_WRAPPER = "none"  # a choice


def show_run_menu(run: Run) -> None:
    slot = run.slot
    style: dict[str, Any] = {"type": "tertiary", "width": "content"}
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=f"menu{slot}"
    ):
        st.button(
            translate("Formula and code"), key=f"{slot}.formula", on_click=request_explanation, args=(slot,), **style
        )
        st.button(translate("Remove"), key=f"{slot}.remove", on_click=remove_run, args=(slot,), **style)
        popover = st.popover(
            translate("More"),
            help=translate("Schedule, averaging, colour, duplicate"),
            key=f"{slot}.more",
            on_change="rerun",
            **style,
        )
    if not popover.open:
        return
    sync_widget(f"{slot}.on", run.is_on)
    with popover:
        st.toggle(
            translate("Show this run"), key=f"{slot}.on", on_change=apply_edit,
            args=(f"{slot}.on", lambda scene, is_on: scene.change_run(slot, is_on=is_on is True)),
        )  # fmt: skip
        show_schedule_and_wrapper(run)
        st.caption(translate("Colour, dash and marker"))
        show_colours(run)
        st.button(
            translate("Duplicate"),
            icon=":material/content_copy:",
            key=f"{slot}.duplicate",
            on_click=duplicate_run,
            args=(slot,),
        )


def show_schedule_and_wrapper(run: Run) -> None:
    """Show the choice of a schedule, for any hyperparameter that can have one, and of a wrapper."""
    slot = run.slot
    schedulable = [name for name, _ in run.optimizer.arguments if is_schedulable(run.optimizer.name, name)]
    if schedulable:
        key = f"{slot}.scheduled"
        if st.session_state.get(key) not in schedulable:
            scheduled = (name for name in schedulable if isinstance(run.optimizer[name], Call))
            sync_widget(key, next(scheduled, schedulable[0]))
        resend_value(key)
        if len(schedulable) > 1:
            st.selectbox(
                translate("Scheduled hyperparameter"),
                schedulable,
                key=key,
                format_func=lambda name: translate(get_range(name).label),
            )
        name = st.session_state[key] if len(schedulable) > 1 else schedulable[0]
        value = run.optimizer[name]
        show_selectbox(
            f"{slot}.schedule.{name}",
            translate("Schedule for {value}", value=translate(get_range(name).label)),
            SCHEDULES,
            value.name if isinstance(value, Call) else NO_SCHEDULE,
            lambda scene, choice: scene.change_run(
                slot, optimizer=put_on_schedule(scene.find_run(slot).optimizer, name, choice, scene.steps)
            ),
        )
        if isinstance(value, Call):
            show_schedule_curve(name, value, get_scene().steps)
    show_selectbox(
        f"{slot}.wrapper",
        translate("Averaging or clipping"),
        {NO_WRAPPER: None, **WRAPPERS},
        run.wrapper.name if run.wrapper else NO_WRAPPER,
        lambda scene, name: scene.change_run(
            slot, wrapper=None if name == NO_WRAPPER else make_call(WRAPPERS, name, {})
        ),
    )


def show_colours(run: Run) -> None:
    """Show the colours with their dashes and markers; a run that has the chosen one gets this run's in exchange."""
    with st.container(horizontal=True, gap="small", width=220):
        for slot in range(MAX_RUNS):
            with st.container(key=f"swatch{slot}_{run.slot}", width="content"):
                st.button(
                    describe_run_style(slot), key=f"{run.slot}.colour.{slot}", on_click=recolour_run,
                    args=(run.slot, slot), type="primary" if slot == run.slot else "secondary",
                )  # fmt: skip


def request_explanation(slot: int) -> None:
    get_session().explanation_slot = slot


def show_requested_explanation() -> None:
    """Open the dialog of the run whose formula was requested."""
    session = get_session()
    slot, session.explanation_slot = session.explanation_slot, None
    run = next((run for run in get_scene().runs if run.slot == slot), None)
    if run:
        st.dialog(display_names.format_name(run, get_scene().runs), width="large")(show_explanation)(run)


def show_explanation(run: Run) -> None:
    """Show the docstring with the formula, and the code that runs."""
    makers = [OPTIMIZERS[run.optimizer.name]]
    makers += [SCHEDULES[value.name] for _, value in run.optimizer.arguments if isinstance(value, Call)]
    makers += [WRAPPERS[run.wrapper.name]] if run.wrapper else []
    if run.optimizer.arguments:
        st.caption(display_names.describe_values(run))
    for make in makers:
        if len(makers) > 1:
            st.subheader(display_names.get_display_name(make.__name__), anchor=False)
        st.markdown(display_names.format_docstring(make))
        st.code(display_names.get_code(make), language="python")
