"""The small picture of a lesson about trainings: the training losses over the epochs, on a logarithmic axis.

Before the visitor has seen the lesson it has only the epochs that the lesson shows before the question, and a question
mark.
"""

from math import isfinite, log10

from PIL import Image, ImageDraw, ImageFont

from app.figures.palette import THEMES, choose_run_style
from app.lessons.lesson import TrainedScene, TrainingLesson, train_scene

LINE_COLOUR = (120, 128, 138, 255)
LETTER = 64  # pixels
MARGIN = 16  # pixels


def draw_trainings(lesson: TrainingLesson, size: tuple[int, int], is_seen: bool) -> Image.Image:
    """The picture of the lesson's first scene."""
    trained = train_scene(lesson.parse_trainings_of(lesson.first_scene))
    picture = Image.new("RGBA", size)
    pen = ImageDraw.Draw(picture)
    left, bottom = MARGIN, size[1] - MARGIN
    pen.line((left, MARGIN, left, bottom, size[0] - MARGIN, bottom), fill=LINE_COLOUR, width=3)
    low, high = find_decades(trained)
    last_epoch = trained.scene.epochs if is_seen else lesson.epochs_before
    for k, losses in enumerate(list_losses(trained)):
        points = [
            (
                left + (size[0] - 2 * MARGIN) * epoch / trained.scene.epochs,
                bottom - (size[1] - 2 * MARGIN) * (log10(loss) - low) / (high - low),
            )
            for epoch, loss in losses
            if epoch <= last_epoch
        ]
        if len(points) > 1:
            pen.line(points, fill=THEMES["light"]["runs"][choose_run_style(k)[0]], width=6, joint="curve")
    if not is_seen:
        font = ImageFont.load_default(LETTER)
        pen.text((size[0] / 2, size[1] / 2), "?", fill=LINE_COLOUR, font=font, anchor="mm")
    return picture


def list_losses(trained: TrainedScene) -> list[list[tuple[int, float]]]:
    """For each training its epochs with a finite loss above zero."""
    found = [[(epoch.epoch, epoch.training.loss) for epoch in snapshot.epochs] for snapshot in trained.trainings]
    return [[(epoch, loss) for epoch, loss in losses if isfinite(loss) and loss > 0] for losses in found]


def find_decades(trained: TrainedScene) -> tuple[float, float]:
    """The exponents between which all losses are; at least one decade, so that noise does not fill the picture."""
    decades = [log10(loss) for losses in list_losses(trained) for _, loss in losses]
    middle = (min(decades) + max(decades)) / 2
    half = max(0.5, (max(decades) - min(decades)) / 2)
    return middle - half, middle + half
