"""The small picture of a lesson about trainings: the training losses over the epochs, on a logarithmic axis.

Before the visitor has seen the lesson it has only the epochs that the lesson shows before the question, and a question
mark.
"""

from PIL import Image, ImageDraw

from app.compute.thumbnail_loss_curves import list_losses, place_losses
from app.figures.palette import THEMES, choose_run_style
from app.lessons.lesson import TrainingLesson, train_scene
from app.lessons.thumbnail_marks import MARK_COLOUR, draw_question_mark

MARGIN = 16  # pixels


def draw_trainings(lesson: TrainingLesson, size: tuple[int, int], is_seen: bool) -> Image.Image:
    """The picture of the lesson's first scene."""
    trained = train_scene(lesson.parse_trainings_of(lesson.first_scene))
    picture = Image.new("RGBA", size)
    pen = ImageDraw.Draw(picture)
    left, bottom = MARGIN, size[1] - MARGIN
    pen.line((left, MARGIN, left, bottom, size[0] - MARGIN, bottom), fill=MARK_COLOUR, width=3)
    last_epoch = trained.scene.epochs if is_seen else lesson.epochs_before
    curves = [list_losses(snapshot.epochs) for snapshot in trained.trainings]
    for k, placed in enumerate(place_losses(curves, trained.scene.epochs)):
        points = [
            (left + (size[0] - 2 * MARGIN) * x, bottom - (size[1] - 2 * MARGIN) * y)
            for (epoch, _), (x, y) in zip(curves[k], placed, strict=True)
            if epoch <= last_epoch
        ]
        if len(points) > 1:
            pen.line(points, fill=THEMES["light"]["runs"][choose_run_style(k)[0]], width=6, joint="curve")
    if not is_seen:
        draw_question_mark(pen, (size[0] / 2, size[1] / 2))
    return picture
