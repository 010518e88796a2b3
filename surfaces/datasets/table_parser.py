"""Read a pasted table of numbers, or refuse it with the line and the cell that are wrong.

Nothing is evaluated here: a cell is a number by its spelling, and whatever else is refused. Cells are separated by
tabs, semicolons, commas or blanks, the first of these that is there; where it is no comma, a comma may be the decimal
point. A first line without any number names the columns.
"""

import csv
import re
from collections.abc import Container, Iterator
from itertools import islice
from typing import NamedTuple

from surfaces.spelling_suggestions import BLANK, find_plain_character
from surfaces.translatable import Translatable, UserError

MAX_TABLE_CHARACTERS = 200_000  # characters of a table with two or three columns
MAX_ROWS = 2000  # rows of such a table
MAX_NUMBER_CHARACTERS = 40  # characters of a number
MAX_SHOWN_CHARACTERS = 20  # characters of a cell that are repeated to the visitor
LARGEST_NUMBER, SMALLEST_NUMBER = 1e12, 1e-12  # sizes of a number that is not 0
MAX_NAME_CHARACTERS = 60  # characters that the name of a column may have
MAX_LINE_CHARACTERS = 1000  # characters of a line of such a table

NUMBER_PATTERN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
FORBIDDEN_IN_NAMES = re.compile(r"""["'\\,;#`=\s]+""")  # replaced by a blank: it would end the name or its surroundings
SEPARATORS = "\t;,"


class DataError(UserError):
    """A text is not a table, or no model can be fitted to it."""


class TableLimits(NamedTuple):
    """The largest text that is read."""

    characters: int = MAX_TABLE_CHARACTERS
    rows: int = MAX_ROWS
    line_characters: int = MAX_LINE_CHARACTERS


class Table(NamedTuple):
    """Rows of numbers, and the names of the columns ("" for none)."""

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


class Line(NamedTuple):
    """A line of the text that is no comment, by its number from 1, in cells."""

    number: int
    cells: list[str]


def parse_table(text: str, widths: tuple[int, ...], has_classes: bool = False) -> Table:
    """Parse a table whose number of columns is one of `widths`.

    `has_classes`: the last column says, in two different words or numbers, to which of two classes a row belongs; in
    the table these are 0, the first of them in alphabetical or numerical order, and 1.

    Any other text is a `DataError`, and no other exception.
    """
    lines, comma = read_lines(text)
    width = find_width(lines, widths, Translatable("2 or 3") if len(widths) > 1 else Translatable("2"))
    names = [""] * width
    inputs = width - 1 if has_classes else width
    if is_header(lines, width - 1 if has_classes else None, comma):
        names = [column_name(cell) for cell in lines[0].cells]
        names = ["" if name == _default_name(k) else name for k, name in enumerate(names)]
        lines = lines[1:]
    check_row_count(lines)
    columns = [[parse_number(line.cells[k], line.number, comma) for line in lines] for k in range(inputs)]
    if has_classes:
        column, meaning = _parse_two_classes(lines, comma)
        columns.append(column)
        names[-1] = column_name(f"{names[-1]} {meaning}")
    return Table(tuple(names), tuple(zip(*columns, strict=True)))


def serialize_table(table: Table) -> str:
    """The shortest text that is parsed as this table: rows separated by semicolons, cells by commas."""
    head = [",".join(name or _default_name(k) for k, name in enumerate(table.names))] if any(table.names) else []
    return ";".join((*head, *(",".join(repr(cell).removesuffix(".0") for cell in row) for row in table.rows)))


def rows_to_lines(text: str) -> str:
    """A serialized table in the format of `parse_table`: one line per row."""
    if "\n" in text or "\r" in text or "\t" in text:
        raise DataError("Rows are separated by semicolons here, and cells by commas.")
    return text.replace(";", "\n")


def parse_number(cell: str, line: int, decimal_comma: bool = False) -> float:
    """A cell of numbers, where `decimal_comma` may be the decimal point. Raises `DataError`."""
    if not cell:
        raise DataError("Line {line}: a cell is empty.", line=line)
    if not _is_number(cell, decimal_comma):
        plainly = "".join(map(_plain_form, cell))
        if (odd := next(_find_lookalikes(cell, ".0123456789-+eE"), None)) and _is_number(plainly, decimal_comma):
            raise _lookalike_error(line, odd)
        raise DataError("Line {line}: “{cell}” is not a number.", line=line, cell=shorten(cell))
    value = float(_normalize_number(cell, decimal_comma))
    if value and not SMALLEST_NUMBER <= abs(value) <= LARGEST_NUMBER:
        raise DataError(
            "Line {line}: “{cell}” is no number of ordinary size: that is 0, or from {smallest:g} to {largest:g}.",
            line=line, cell=shorten(cell), smallest=SMALLEST_NUMBER, largest=LARGEST_NUMBER,
        )  # fmt: skip
    return value + 0.0  # turns -0.0 into 0.0


def read_lines(text: str, limits: TableLimits = TableLimits()) -> tuple[list[Line], bool]:
    """Split a text into lines of cells; also return whether a comma may be the decimal point. Raises `DataError`."""
    if len(text) > limits.characters:
        raise DataError("The data may have at most {longest:,} characters; these have {length:,}.",
                        longest=limits.characters, length=len(text))  # fmt: skip
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    stripped = ((n, line.strip()) for n, line in enumerate(lines, 1))
    kept = list(islice(((n, line) for n, line in stripped if line and line[0] != "#"), limits.rows + 2))
    if len(kept) > limits.rows + 1:
        raise _too_many_rows_error(limits)
    if not kept:
        raise DataError("There are no data yet: paste lines of numbers, like 1,2.")
    unquoted = re.sub(r'"[^"\n]*"', "", "\n".join(line for _, line in kept))
    separator = next((mark for mark in SEPARATORS if mark in unquoted), " ")
    return [Line(n, _split_cells(n, line, separator, limits)) for n, line in kept], separator != ","


def check_row_count(lines: list[Line], limits: TableLimits = TableLimits()) -> None:
    """Refuse too many or too few lines after the header."""
    if len(lines) > limits.rows:
        raise _too_many_rows_error(limits)
    if len(lines) < 2:
        raise DataError("There are too few rows: at least 2 are needed.")


def _too_many_rows_error(limits: TableLimits) -> DataError:
    return DataError("There are more than {most:,} rows, which is the limit.", most=limits.rows)


def _split_cells(n: int, line: str, separator: str, limits: TableLimits) -> list[str]:
    if len(line) > limits.line_characters:
        raise DataError("Line {line} is too long for a row of numbers.", line=n)
    if odd := re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]", line):
        raise DataError("Line {line} has a character that does not occur in text: {character!r}.",
                        line=n, character=odd[0])  # fmt: skip
    try:
        (cells,) = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
    except csv.Error:
        raise DataError("Line {line}: a quotation mark is in the wrong place, or one is missing.", line=n) from None
    return [cell.strip() for cell in cells]


def find_width(lines: list[Line], widths: Container[int], wanted: str) -> int:
    """How many cells every line has: one of `widths`, which `wanted` says in words. Raises `DataError`."""
    first = lines[0]
    if alone := next((line for line in lines if len(line.cells) == 1), None):
        if odd := next(_find_lookalikes(alone.cells[0], SEPARATORS), None):
            raise _lookalike_error(alone.number, odd)
        raise DataError(
            "Line {line}: there is only one cell. Cells are separated by commas, semicolons, tabs or blanks.",
            line=alone.number,
        )
    if len(first.cells) not in widths:
        raise DataError("Line {line}: here are {count:,} cells, but {wanted} columns are needed.",
                        line=first.number, count=len(first.cells), wanted=wanted)  # fmt: skip
    for line in lines:
        if len(line.cells) != len(first.cells):
            raise DataError("Line {line}: here are {count:,} cells, but {wanted} in the lines before.",
                            line=line.number, count=len(line.cells), wanted=len(first.cells))  # fmt: skip
    return len(first.cells)


def is_header(lines: list[Line], class_column: int | None, decimal_comma: bool) -> bool:
    """Are the first line's cells names? Not if one is a number, nor if its class is that of another row."""
    first, *others = (line.cells for line in lines)
    if any(_is_number(cell, decimal_comma) for k, cell in enumerate(first) if k != class_column):
        return False
    if class_column is None:
        return True
    return class_label(first[class_column], decimal_comma) not in {
        class_label(cells[class_column], decimal_comma) for cells in others
    }


def find_classes(lines: list[Line], column: int, decimal_comma: bool) -> tuple[list[float | str], list[float | str]]:
    """The class of each line, and all classes in the order in which they come, two or more. Raises `DataError`."""
    labels = [class_label(line.cells[column], decimal_comma) for line in lines]
    classes = list(dict.fromkeys(labels))
    if empty := next((line for line in lines if not line.cells[column]), None):
        raise DataError("Line {line}: a cell is empty.", line=empty.number)
    if len(classes) == 1:
        raise DataError("All rows belong to the class “{label}”: rows of another class are needed.",
                        label=shorten(classes[0]))  # fmt: skip
    return labels, classes


def class_label(cell: str, decimal_comma: bool) -> float | str:
    """A class: by its number, so that 1 and 1.0 are one, or by its word."""
    return float(_normalize_number(cell, decimal_comma)) if _is_number(cell, decimal_comma) else cell


def sort_classes(classes: list[float | str]) -> list[float | str]:
    """Numbers in their order, then words in theirs."""
    return sorted(classes, key=lambda label: (isinstance(label, str), label))


def _parse_two_classes(lines: list[Line], decimal_comma: bool) -> tuple[list[float], str]:
    """The last column as 0 and 1, and what these stand for where that must be said."""
    labels, classes = find_classes(lines, -1, decimal_comma)
    if len(classes) > 2:
        raise DataError("Line {line}: “{label}” is a third class. The last column says to which of two a row belongs.",
                        line=lines[labels.index(classes[2])].number, label=shorten(classes[2]))  # fmt: skip
    low, high = sort_classes(classes)
    meaning = "" if (low, high) == (0.0, 1.0) else f"0 {clean_name(shorten(low))} 1 {clean_name(shorten(high))}"
    return [float(label == high) for label in labels], meaning


def shorten(cell: float | str) -> str:
    """A cell as it is repeated to the visitor."""
    word = cell if isinstance(cell, str) else f"{cell:g}"
    return word if len(word) <= MAX_SHOWN_CHARACTERS else f"{word[: MAX_SHOWN_CHARACTERS - 1]}…"


def _normalize_number(cell: str, decimal_comma: bool) -> str:
    cell = cell.replace("−", "-")
    return cell.replace(",", ".") if decimal_comma and cell.count(",") == 1 and "." not in cell else cell


def _find_lookalikes(cell: str, allowed: str) -> Iterator[str]:
    """The characters of a cell that look like one of `allowed`, such as a comma of full width."""
    return (
        character
        for character in cell
        if find_plain_character(character) not in {None, BLANK} and _plain_form(character) in allowed
    )


def _plain_form(character: str) -> str:
    return find_plain_character(character) or character


def _lookalike_error(line: int, odd: str) -> DataError:
    return DataError(
        "Line {line}: write {instead} for “{character}”.", line=line, instead=find_plain_character(odd), character=odd
    )


def _is_number(cell: str, decimal_comma: bool) -> bool:
    return len(cell) <= MAX_NUMBER_CHARACTERS and bool(NUMBER_PATTERN.fullmatch(_normalize_number(cell, decimal_comma)))


def column_name(cell: str) -> str:
    """A name that stands in a scene's text as it is, and is no number there."""
    name = clean_name(cell)
    return f"_{name}" if _is_number(name, decimal_comma=True) else name


def clean_name(cell: str) -> str:
    """A name without what would end it in a scene's text."""
    printed = "".join(c if c.isprintable() else " " for c in cell)
    return FORBIDDEN_IN_NAMES.sub(" ", printed).strip()[:MAX_NAME_CHARACTERS].strip()


def _default_name(column: int) -> str:
    """The name of a column that has none where others have one."""
    return f"_{column + 1}"
