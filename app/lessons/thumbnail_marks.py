"""What the small pictures of lessons have in common: the grey of lines and signs, and a question mark."""

from PIL import ImageDraw, ImageFont

MARK_COLOUR = (120, 128, 138, 255)  # between the two themes
QUESTION_MARK_SIZE = 64  # pixels


def draw_question_mark(pen: ImageDraw.ImageDraw, at: tuple[float, float], anchor: str = "mm") -> None:
    """Draw what stands in the picture of a lesson that the visitor has not seen; `anchor` as in Pillow."""
    pen.text(at, "?", fill=MARK_COLOUR, font=ImageFont.load_default(QUESTION_MARK_SIZE), anchor=anchor)
