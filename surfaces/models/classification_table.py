"""A visitor's own samples: a table of features and a class, read or refused with the line that is wrong."""

from functools import lru_cache

import numpy as np

from surfaces.datasets.table_parser import (
    DataError,
    Line,
    TableLimits,
    check_row_count,
    class_label,
    clean_name,
    column_name,
    find_classes,
    find_width,
    is_header,
    parse_number,
    read_lines,
    shorten,
    sort_classes,
)
from surfaces.models.classification_data import ClassificationData
from surfaces.translatable import Translatable

LIMITS = TableLimits(characters=500_000, rows=5_000, line_characters=2_000)
MAX_FEATURES = 100
MAX_CLASSES = 20
CLASS_COLUMNS = ("class", "label", "target", "species", "y", "类别", "标签")  # names of the column of classes


@lru_cache(maxsize=16)  # a page asks for the same table again and again
def parse_classification_table(text: str) -> ClassificationData:
    """Parse a table of numbers with a class in the column that has one of the names `CLASS_COLUMNS`, or in the last.

    Cells are separated and spelled as in `surfaces.datasets.table_parser`. Classes are words or numbers, and sorted.
    Any other text is a `DataError`, and no other exception.
    """
    lines, comma = read_lines(text, LIMITS)
    wanted = Translatable("2 to {most}", most=MAX_FEATURES + 1)
    width = find_width(lines, range(2, MAX_FEATURES + 2), wanted)
    column, has_header = find_class_column(lines, comma)
    header = lines[0].cells if has_header else [""] * width
    lines = lines[1:] if has_header else lines
    check_row_count(lines, LIMITS)
    features = [k for k in range(width) if k != column]
    inputs = [[parse_number(line.cells[k], line.number, comma) for k in features] for line in lines]
    labels, classes = find_classes(lines, column, comma)
    if len(classes) > MAX_CLASSES:
        extra = classes[MAX_CLASSES]
        raise DataError(
            "Line {line}: “{label}” is one class more than the {most} that are possible. The class is read from the "
            "column named {names}, or else from the last one.",
            line=lines[labels.index(extra)].number, label=shorten(extra), most=MAX_CLASSES,
            names=", ".join(CLASS_COLUMNS),
        )  # fmt: skip
    numbers = {label: number for number, label in enumerate(sort_classes(classes))}
    return ClassificationData(
        np.array(inputs),
        np.array([numbers[label] for label in labels]),
        tuple(clean_name(shorten(label)) or f"_{k}" for label, k in numbers.items()),
        tuple(column_name(header[k]) or f"x{place}" for place, k in enumerate(features, 1)),
    )


def find_class_column(lines: list[Line], decimal_comma: bool) -> tuple[int, bool]:
    """The column of the classes, and whether the first line is a header.

    Before the last column, y may be a coordinate and not the class: see `is_coordinate`.
    """
    first = [cell.lower() for cell in lines[0].cells]
    last = len(first) - 1
    named = next((first.index(name) for name in CLASS_COLUMNS if name in first), last)
    if named != last and first[named] == "y" and "x" in first and is_coordinate(lines[1:], named, decimal_comma):
        named = last
    if is_header(lines, named, decimal_comma):
        return named, True
    return last, is_header(lines, last, decimal_comma)


def is_coordinate(lines: list[Line], column: int, decimal_comma: bool) -> bool:
    """Whether the y of a table with x, y and more is no class: it has fractions, or the last column has words."""
    labels = [class_label(line.cells[column], decimal_comma) for line in lines]
    has_fractions = any(isinstance(label, float) and label % 1 != 0 for label in labels)
    return has_fractions or any(isinstance(class_label(line.cells[-1], decimal_comma), str) for line in lines)
