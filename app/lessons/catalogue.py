"""The chapters, and every lesson by its name in links, in the order of the course."""

from app.lessons.chapters import (
    adaptive_rates,
    gradient_check,
    gradient_noise,
    momentum,
    saddle_points,
    second_order_methods,
    step_size,
    training,
)
from app.lessons.lesson import CheckLesson, Lesson, RaceLesson, TrainingLesson

CHAPTERS: dict[str, tuple[Lesson, ...]] = {
    "steps": step_size.LESSONS,
    "momentum": momentum.LESSONS,
    "noise": gradient_noise.LESSONS,
    "curvature": second_order_methods.LESSONS,
    "adaptive": adaptive_rates.LESSONS,
    "saddles": saddle_points.LESSONS,
    "checks": gradient_check.LESSONS,
    "training": training.LESSONS,
}

LESSONS: dict[str, Lesson] = {lesson.name: lesson for chapter in CHAPTERS.values() for lesson in chapter}
RACE_LESSONS = {name: lesson for name, lesson in LESSONS.items() if isinstance(lesson, RaceLesson)}
CHECK_LESSONS = {name: lesson for name, lesson in LESSONS.items() if isinstance(lesson, CheckLesson)}
TRAINING_LESSONS = {name: lesson for name, lesson in LESSONS.items() if isinstance(lesson, TrainingLesson)}
