"""The panel of a bug hunt: which hunt, and the settings of the next check."""

from typing import Any

import streamlit as st

from app.bug_hunt.hunt_scene import HUNT_RANGES, WHOLE, HuntScene
from app.bug_hunt.hunt_state import apply_edit, get_scene, try_edit
from app.check_scenes.check_scene import Precision
from app.check_scenes.choice_titles import METHOD_TITLES, PRECISION_TITLES, WORD_TITLES
from app.model.typed_numbers import parse_number
from app.panels.reusable_setting_widgets import SettingWidgets
from app.translation import translate
from surfaces.gradient_check.bug_hunt import get_network
from surfaces.gradient_check.buggy_network_check import EntryChoice
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.catalogue import DATA_SETS
from surfaces.translatable import Translatable

WIDGETS = SettingWidgets(apply_edit, try_edit, HUNT_RANGES, WHOLE)
ENTRY_TITLES = {
    EntryChoice.SOME_OF_EVERY_BLOCK: Translatable("some of every block"),
    EntryChoice.FLAT: Translatable("some of the whole vector"),
    EntryChoice.ALL: Translatable("all entries"),
}


def show_panel_fields() -> None:
    scene = get_scene()
    code, setting = scene.code, scene.setting
    WIDGETS.show_text_field("hunt.number", translate(HUNT_RANGES["hunt"].label), str(scene.number), change_number,
                            max_chars=12)  # fmt: skip
    st.markdown(f"**{translate('The point')}**")
    WIDGETS.show_slider("hunt.steps", "steps", setting.steps, choose("steps"))
    words = ("zero", "too_small", "lecun", "glorot", "he", "too_large")
    WIDGETS.show_selectbox("hunt.weights", Translatable("First weights (variance)"), words, WORD_TITLES,
                           setting.initialization, choose("weights"))  # fmt: skip
    WIDGETS.show_slider("hunt.seed", "seed", setting.seed, choose("seed"))
    st.markdown(f"**{translate('The loss')}**")
    WIDGETS.show_selectbox("hunt.data", Translatable("Data"), tuple(DATA_SETS), WORD_TITLES, setting.data or code.data,
                           choose("data"))  # fmt: skip
    WIDGETS.show_slider("hunt.samples", "samples", setting.sample_count, choose("samples"))
    WIDGETS.show_slider("hunt.l2", "l2", setting.l2, choose("l2"))
    if code.dropout:
        WIDGETS.show_toggle("hunt.dropout", Translatable("Dropout, with the same mask in every evaluation"),
                            setting.has_dropout, choose("dropout"))  # fmt: skip
    st.markdown(f"**{translate('The check')}**")
    methods = {m: title for m, title in METHOD_TITLES.items()
               if get_network(code).is_analytic or m is not Method.COMPLEX_STEP}  # fmt: skip
    WIDGETS.show_segments("hunt.method", Translatable("Difference"), methods, setting.method, HuntScene.with_method)
    WIDGETS.show_segments("hunt.precision", Translatable("Precision"), PRECISION_TITLES,
                          Precision.SINGLE if setting.is_single else Precision.DOUBLE, choose("precision"))  # fmt: skip
    WIDGETS.show_slider("hunt.h", "h", setting.h, choose("h"))
    WIDGETS.show_selectbox("hunt.entries", Translatable("Entries"), tuple(EntryChoice), ENTRY_TITLES, setting.entries,
                           choose("entries"))  # fmt: skip
    if setting.entries is not EntryChoice.ALL:
        WIDGETS.show_slider("hunt.count", "count", setting.entry_count, choose("count"))


def choose(name: str) -> Any:
    return lambda scene, value: scene.with_choice(name, value)


def change_number(scene: HuntScene, text: Any) -> HuntScene:
    return scene.with_number(parse_number(text, "7"))
