"""The export menu of the training laboratory: trainings as scripts, data or a web page."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.compute.training_job import TrainingRequest, get_training_job, list_requests
from app.export import training_repository_script
from app.export.training_repository_script import NamedTraining, make_training_script
from app.export.training_torch_script import FILE_NAME as TORCH_FILE_NAME
from app.export.training_torch_script import make_training_torch_script
from app.model.scene import UserError
from app.panels.download_buttons import show_save_button
from app.panels.export_menu import show_export_popover, show_script
from app.session.polled_jobs import poll_job
from app.session.stale_widget_values import resend_value
from app.session.widget_notes import escape_markdown
from app.training import saved_page, training_csv_and_json
from app.training.rounding_growth_job import MAX_DIFFERENCE, get_rounding_growth_job
from app.training.training_csv_and_json import RecordedTraining
from app.training.training_state import get_scene
from app.training_scenes.training_link import write_parameters
from app.training_scenes.training_names import describe_title, name_trainings
from app.training_scenes.training_scene import TrainingScene, build_training
from app.translation import DEFAULT_LANGUAGE, fix_language, translate, use_language
from surfaces.models.catalogue import OWN_DATA
from surfaces.models.classification_table import parse_classification_table
from surfaces.translatable import Translatable

WHICH_KEY = "training.export_which"  # the number of a training, or 0 for all of them
CHECK_SECONDS = 0.5


def show_export_menu() -> None:
    show_export_popover("training.export", EXPORT_FORMATS, get_scene())


def choose_training(scene: TrainingScene, *, has_all: bool) -> int:
    """Show the choice of a training, if there are several; return its number from 1, or 0 for all."""
    names = name_trainings(scene.trainings)
    if len(names) == 1:
        return 1
    options = [*((0,) if has_all else ()), *range(1, len(names) + 1)]
    if st.session_state.get(WHICH_KEY) not in options:
        st.session_state[WHICH_KEY] = options[0] if has_all else scene.selected + 1
    resend_value(WHICH_KEY)

    def format_option(number: int) -> str:
        if number > len(names):
            return ""
        return f"{number} · {names[number - 1]}" if number else translate("All trainings")

    number: int = st.selectbox(translate("Training"), options, key=WHICH_KEY, format_func=format_option)
    return number


# ---- scripts


def show_torch_script(scene: TrainingScene) -> None:
    """Show the script of one training for PyTorch, or why there is none, and whether it may end elsewhere."""
    k = choose_training(scene, has_all=False) - 1
    training = build_training(scene, scene.trainings[k])
    samples = parse_classification_table(scene.table) if scene.data == OWN_DATA else None
    try:
        with use_language(DEFAULT_LANGUAGE):  # code is shared by all languages
            text = make_training_torch_script(describe_title(scene, k), training, samples)
    except UserError as reason:
        st.caption(escape_markdown(translate(reason.message)))
        return
    st.caption(translate(
        "This training for PyTorch, without Descent: it ends at the same weights, to 1e-9 of the largest of each layer."
    ))  # fmt: skip
    show_rounding_growth(TrainingRequest(training, scene.table))
    show_script(text, TORCH_FILE_NAME)


def show_rounding_growth(request: TrainingRequest) -> None:
    """Warn of a training that another library cannot repeat: it is trained twice more, in the background."""
    if get_rounding_growth_job(request).status.state in ("done", "failed"):
        warn_of_rounding_growth(request)
    else:
        st.fragment(fix_language(warn_of_rounding_growth), run_every=CHECK_SECONDS)(request)


def warn_of_rounding_growth(request: TrainingRequest) -> None:
    status = poll_job(get_rounding_growth_job, request)
    if status.state == "done" and status.result > MAX_DIFFERENCE:
        st.caption(translate(
            ":red[Not this one:] it is chaotic, and rounding errors decide where it ends. From first weights that "
            "differ by 1e-15 it goes to weights that differ by {difference:.0e}. Use a smaller learning rate or fewer "
            "epochs.",
            difference=status.result,
        ))  # fmt: skip
    elif status.state not in ("done", "failed"):
        st.caption(translate("Checking whether rounding errors grow in it …"))


def show_repository_script(scene: TrainingScene) -> None:
    """Show the script of one training or of all, for Descent's own source code."""
    which = choose_training(scene, has_all=True)
    st.caption(translate(
        "For Descent's own source code: on the same kind of processor each training ends at the same weights, bit for "
        "bit. If you do not have the code, ask whoever runs this page for its folder; the other exports do not need it."
    ))  # fmt: skip
    if scene.data == OWN_DATA and not training_repository_script.is_short(scene.table):
        st.caption(translate("Your data are too long for the script: save them beside it."))
        show_save_button(training_repository_script.TABLE_FILE_NAME, "text/csv", lambda: scene.table)
    show_script(write_repository_script(scene, which), training_repository_script.FILE_NAME)


def write_repository_script(scene: TrainingScene, which: int = 0) -> str:
    """The script of the training of this number, or of all of them for 0."""
    with use_language(DEFAULT_LANGUAGE):
        chosen = [k for k in range(len(scene.trainings)) if which in (0, k + 1)]
        names = name_trainings(scene.trainings)
        trainings = [NamedTraining(names[k], build_training(scene, scene.trainings[k])) for k in chosen]
        title = describe_title(scene, *chosen)
    return make_training_script(title, trainings, scene.table)


# ---- data


def show_data_files(scene: TrainingScene) -> None:
    """Offer what was recorded as CSV and as JSON."""
    requests = list_requests(scene)
    if not any(get_training_job(request).status.result for request in requests):
        st.caption(translate("Nothing is recorded yet."))
        return
    st.caption(translate(
        "Everything that was recorded of all trainings: the loss of each minibatch, losses and accuracies with their "
        "standard errors, update : weights and the numbers of each layer. The file also has the specification of each "
        "training, and says what the columns mean. JSON has histograms and predictions too."
    ))  # fmt: skip
    for name, media_type, write in (
        (training_csv_and_json.CSV_FILE_NAME, "text/csv", training_csv_and_json.as_csv),
        (training_csv_and_json.JSON_FILE_NAME, "application/json", training_csv_and_json.as_json),
    ):
        show_save_button(name, media_type, partial(write_data, scene, requests, write))


def write_data(
    scene: TrainingScene,
    requests: list[TrainingRequest],
    write: Callable[[list[tuple[str, str]], list[RecordedTraining]], str],
) -> str:
    """A file of the trainings as far as they have come, in English, as data files are."""
    with use_language(DEFAULT_LANGUAGE):
        results = [get_training_job(request).status.result for request in requests]
        names = name_trainings(scene.trainings)
        recorded = [RecordedTraining(name, found) for name, found in zip(names, results, strict=True) if found]
        return write(write_parameters(scene), recorded)


# ---- a page that plays


def show_web_page(scene: TrainingScene) -> None:
    """Offer the trainings as a single HTML file."""
    requests = list_requests(scene)
    if not all(get_training_job(request).status.result for request in requests):
        st.caption(translate("Nothing is recorded yet."))
        return
    st.caption(translate(
        "One file that plays in a browser without this site or any network, for slides and for sharing: curves, "
        "weights, activations and mistakes under one clock. What needs the server is left out."
    ))  # fmt: skip
    try:
        saved_page.collect_messages(scene)
    except UserError as reason:
        st.caption(escape_markdown(translate(reason.message)))
        return
    show_save_button(saved_page.FILE_NAME, "text/html", lambda: saved_page.make_page(scene))


EXPORT_FORMATS: dict[Translatable, Callable[[TrainingScene], None]] = {  # first what needs nothing of Descent
    Translatable("PyTorch"): show_torch_script,
    Translatable("Data"): show_data_files,
    Translatable("Web page"): show_web_page,
    Translatable("Python"): show_repository_script,
}
