"""Every lesson by the word that names it in a link, in the order of a course; and the chapters."""

from app.lessons import adaptive, curvature, momentum, noise, saddles, steps
from app.lessons.lesson import Lesson

CHAPTERS: dict[str, tuple[Lesson, ...]] = {
    "steps": steps.LESSONS,
    "momentum": momentum.LESSONS,
    "noise": noise.LESSONS,
    "curvature": curvature.LESSONS,
    "adaptive": adaptive.LESSONS,
    "saddles": saddles.LESSONS,
}

LESSONS: dict[str, Lesson] = {lesson.word: lesson for chapter in CHAPTERS.values() for lesson in chapter}
