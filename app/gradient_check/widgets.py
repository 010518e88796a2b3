"""The widgets of the panel: each shows a value of the scene, and edits it when the visitor changes it."""

from app.gradient_check.check_scene import RANGES, WHOLE
from app.gradient_check.check_state import apply_edit, try_edit
from app.panels.setting_widgets import SettingWidgets

WIDGETS = SettingWidgets(apply_edit, try_edit, RANGES, WHOLE)
show_segments, show_selectbox, show_slider = WIDGETS.show_segments, WIDGETS.show_selectbox, WIDGETS.show_slider
show_text_field, show_toggle = WIDGETS.show_text_field, WIDGETS.show_toggle
