"""The panel of the gradient check: what is checked, and how."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from app.check_scenes.check_link import SURFACE_NAMES, choose_surface, is_linkable, make_formula_target
from app.check_scenes.check_scene import (
    CHECK_RANGES,
    OWN_DATA,
    WHOLE,
    CheckScene,
    Entries,
    FormulaTarget,
    GradientFault,
    ModelTarget,
    SurfaceTarget,
)
from app.check_scenes.checked_problem import check_point, get_problem
from app.check_scenes.choice_titles import ENTRIES_TITLES, METHOD_TITLES, PRECISION_TITLES, WORD_TITLES
from app.gradient_check.check_state import LECTURE, apply_edit, get_scene, get_state, settle, try_edit
from app.model.typed_numbers import parse_number
from app.panels.classification_table_fields import ClassificationTableFields
from app.panels.reusable_setting_widgets import SettingWidgets
from app.translation import translate
from surfaces.formula.formula_reader import MAX_TYPED_CHARACTERS
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.catalogue import DATA_SETS, MODELS
from surfaces.translatable import Translatable

WIDGETS = SettingWidgets(apply_edit, try_edit, CHECK_RANGES, WHOLE)
show_segments, show_selectbox, show_slider = WIDGETS.show_segments, WIDGETS.show_selectbox, WIDGETS.show_slider
show_text_field, show_toggle = WIDGETS.show_text_field, WIDGETS.show_toggle
TARGETS: dict[str, tuple[str, type]] = {
    "model": (Translatable("Model"), ModelTarget),
    "surface": (Translatable("Surface"), SurfaceTarget),
    "formula": (Translatable("Your own"), FormulaTarget),
}
FORMULA_LABELS = {"f": "f(x, y)", "dx": "∂f/∂x", "dy": "∂f/∂y"}
FORMULA_KEYS = tuple(f"check.{name}" for name in FORMULA_LABELS)
EXAMPLE_TABLE = "length,width,kind\n1.2,0.4,a\n0.9,0.5,a\n2.1,1.3,b\n2.4,1.1,b\n"
TABLE_FIELDS = ClassificationTableFields(
    "check", apply_edit, try_edit, lambda scene, table: scene.with_model(data=OWN_DATA, table=table)
)


def show_panel_fields() -> None:
    target = get_scene().target
    st.markdown(f"**{translate('What is checked')}**")
    kind = next(name for name, (_, made) in TARGETS.items() if isinstance(target, made))
    titles = {name: title for name, (title, _) in TARGETS.items()}
    show_segments("check.what", Translatable("What is checked"), titles, kind, change_kind, is_label_hidden=True)
    match target:
        case ModelTarget():
            show_model(target)
        case SurfaceTarget():
            show_selectbox("check.surface", Translatable("Surface"), SURFACE_NAMES, {}, target.surface.name,
                           lambda scene, name: replace(scene, target=choose_surface(name)))  # fmt: skip
            show_point(target.point)
        case FormulaTarget():
            show_formula(target)
    st.markdown(f"**{translate('How')}**")
    show_method()


def change_kind(scene: CheckScene, kind: Any) -> CheckScene:
    """Another kind of target, as it was left last, else its example."""
    if kind not in TARGETS:
        return scene
    made = TARGETS[kind][1]
    left = next((old.target for old in reversed(get_state().past) if isinstance(old.target, made)), None)
    return replace(scene, target=left or (choose_surface("rosenbrock") if made is SurfaceTarget else made()), trap="")


# ---- a model


def show_model(target: ModelTarget) -> None:
    def choose(name: str) -> Any:
        return lambda scene, value: scene.with_model(**{name: value})

    show_selectbox("check.data", Translatable("Data"), (*DATA_SETS, OWN_DATA), WORD_TITLES, target.data, change_data)
    if target.data == OWN_DATA:
        TABLE_FIELDS.show(target.table, is_linkable=is_linkable(get_scene()))
    show_selectbox("check.kind", Translatable("Model"), MODELS, WORD_TITLES, target.kind, choose("kind"))
    names = ("depth", "width") if target.kind == "network" else ()
    for name in names:
        show_slider(f"check.{name}", name, getattr(target, name), choose(name))
    if target.kind == "network":
        words = ("tanh", "sigmoid", "relu", "leaky_relu")
        show_selectbox("check.activation", Translatable("Activation"), words, WORD_TITLES, target.activation,
                       choose("activation"))  # fmt: skip
    words = ("zero", "too_small", "lecun", "glorot", "he", "too_large")
    show_selectbox("check.initialization", Translatable("First weights (variance)"), words, WORD_TITLES,
                   target.initialization, choose("initialization"))  # fmt: skip
    for name in ("samples", "warmup", "l2"):
        show_slider(f"check.{name}", name, getattr(target, name), choose(name))
    if target.kind == "network":
        show_slider("check.dropout", "dropout", target.dropout, choose("dropout"))
        if target.dropout:
            show_toggle("check.fixed_mask", Translatable("Seeded mask"), target.fixed_mask, choose("fixed_mask"))
    if LECTURE.is_waiting():
        return  # the audience is to find the fault
    faults = [fault for fault in GradientFault if fault is not GradientFault.MARGIN or target.kind == "svm"]
    show_selectbox("check.fault", Translatable("Fault in the gradient"), faults, WORD_TITLES, target.fault,
                   choose("fault"))  # fmt: skip


def change_data(scene: CheckScene, data: Any) -> CheckScene:
    """Other data; one's own begin with a small example."""
    return scene.with_model(data=data, **({"table": EXAMPLE_TABLE} if data == OWN_DATA else {}))


# ---- a point, a formula


def show_point(point: tuple[float, float]) -> None:
    with st.container(horizontal=True, gap="small", key="check_point"):
        for index, label in enumerate("xy"):
            show_text_field(f"check.at{label}", label, f"{point[index]:.7g}", partial(change_point, index=index),
                            max_chars=24)  # fmt: skip


def change_point(scene: CheckScene, text: Any, index: int) -> CheckScene:
    if isinstance(scene.target, ModelTarget):
        return scene
    point = list(scene.target.point)
    point[index] = check_point(parse_number(text, "0.5"))
    return replace(scene, target=scene.target._replace(point=(point[0], point[1])))


def show_formula(target: FormulaTarget) -> None:
    typed = get_state().typed or {}
    for name, label in FORMULA_LABELS.items():
        show_text_field(f"check.{name}", label, typed.get(name, getattr(target, name)), change_formula, *FORMULA_KEYS,
                        max_chars=2 * MAX_TYPED_CHARACTERS)  # fmt: skip
    show_point(target.point)
    st.caption(translate("Type a function and what you believe to be its gradient: the wrong component is named."))


def change_formula(scene: CheckScene, _: Any) -> CheckScene:
    """Read all three fields, since they are changed together: the last valid formula stays until all can be read."""
    if not isinstance(scene.target, FormulaTarget):
        return scene
    typed = {name: str(st.session_state.get(f"check.{name}", "")) for name in FORMULA_LABELS}
    get_state().typed = typed
    changed = settle(replace(scene, target=make_formula_target(typed, scene.target.point)))
    get_state().typed = None
    return changed


# ---- how


def show_method() -> None:
    scene = get_scene()

    def choose(name: str) -> Any:
        return lambda scene, value: scene.with_choice(name, value)

    is_analytic = get_problem(scene).function.is_analytic
    methods = {m: title for m, title in METHOD_TITLES.items() if is_analytic or m is not Method.COMPLEX_STEP}
    show_segments("check.method", Translatable("Difference"), methods, scene.method, choose("method"))
    show_segments("check.precision", Translatable("Precision"), PRECISION_TITLES, scene.precision, choose("precision"))
    show_slider("check.h", "h", scene.h, choose("h"))
    if isinstance(scene.target, ModelTarget):
        show_selectbox("check.entries", Translatable("Entries"), tuple(Entries), ENTRIES_TITLES, scene.entries,
                       choose("entries"))  # fmt: skip
    show_slider("check.scale", "scale", scene.scale, choose("scale"))
    if isinstance(scene.target, ModelTarget):
        show_slider("check.seed", "seed", scene.seed, choose("seed"))
