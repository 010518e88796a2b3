"""Training: networks learn from data, side by side, and what there is to see of it."""

from functools import partial

from app.panels.laboratory_page import LaboratoryPage
from app.session import lecture_state
from app.training import training_lecture, training_state
from app.training.panel import show_panel_fields
from app.training.picture import show_trainings
from app.translation import translate


def show_picture() -> None:
    if training_lecture.is_on():
        lecture_state.show_exit_button(partial(training_lecture.set_mode, False))
    show_trainings()


LaboratoryPage(
    training_state.apply_url,
    training_state.update_url,
    lambda: translate(
        "A network learns from real data, epoch by epoch. Add another training to see what one change makes of it."
    ),
    training_state.get_state,
    training_state.undo,
    training_state.redo,
    show_picture,
    show_panel_fields,
    is_lecture=training_lecture.is_on,
).show()
