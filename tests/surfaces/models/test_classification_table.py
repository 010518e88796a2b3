"""A visitor's table of samples: read however its classes are given, or refused with the line that is wrong."""

import re
from contextlib import suppress

import pytest

from surfaces.datasets.table_parser import DataError
from surfaces.models.classification_table import LIMITS, MAX_CLASSES, MAX_FEATURES, parse_classification_table
from tests.support.hostile_formulas import is_as_quick_as
from tests.support.hostile_tables import HOSTILE

ROWS = [[1.5, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("text", "classes", "class_names", "feature_names"),
    [
        ("1.5,2,a\n3,4,b\n5,6,a", [0, 1, 0], ("a", "b"), ("x1", "x2")),
        ("u,v,kind\n1.5,2,b\n3,4,a\n5,6,c", [1, 0, 2], ("a", "b", "c"), ("u", "v")),
        ("1.5;2;7\n3;4;-1\n5;6;7.0", [1, 0, 1], ("-1", "7"), ("x1", "x2")),
        ("Species,u,v\nsetosa,1.5,2\nvirginica,3,4\nsetosa,5,6", [0, 1, 0], ("setosa", "virginica"), ("u", "v")),
        ("u\tlabel\tv\n1,5\t0\t2\n3\t1\t4\n5\t0\t6", [0, 1, 0], ("0", "1"), ("u", "v")),
        ("u,y,v\n1.5,0,2\n3,1,4\n5,1,6", [0, 1, 1], ("0", "1"), ("u", "v")),
        ("x,y,kind\n1.5,2,b\n3,4,a\n5,6,b", [1, 0, 1], ("a", "b"), ("x", "y")),
        ("y,x,group\n1.5,2,1\n3,4,0\n5,6,1", [1, 0, 1], ("0", "1"), ("y", "x")),
        ("x,y,v\n1.5,0,2\n3,1,4\n5,1,6", [0, 1, 1], ("0", "1"), ("x", "v")),  # y may still be the class
        ("x,v,y\n1.5,2,b\n3,4,a\n5,6,b", [1, 0, 1], ("a", "b"), ("x", "v")),
        ("u,类别,v\n1.5,猫,2\n3,狗,4\n5,猫,6", [1, 0, 1], ("狗", "猫"), ("u", "v")),
        ("1.5,2,y\n3,4,n\n5,6,y", [1, 0, 1], ("n", "y"), ("x1", "x2")),  # "y" is a class here, and no name
        ("u,,target\n1.5,2,10\n3,4,9\n5,6,10", [1, 0, 1], ("9", "10"), ("u", "x2")),
    ],
)
def test_the_class_is_in_the_column_with_its_name_or_in_the_last(
    text: str, classes: list[int], class_names: tuple[str, ...], feature_names: tuple[str, ...]
) -> None:
    data = parse_classification_table(text)
    assert data.inputs.tolist() == ROWS
    assert data.classes.tolist() == classes
    assert (data.class_names, data.feature_names) == (class_names, feature_names)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There are no data yet"),
        ("1,a", "too few rows"),
        ("u,class\n1,a", "too few rows"),
        ("1,a\n2,a", "All rows belong to the class “a”"),
        ("u,class\n1,3\n2,3.0", "All rows belong to the class “3”"),
        ("1,2,a\n3,,b", "Line 2: a cell is empty."),
        ("1,2,a\n3,4,", "Line 2: a cell is empty."),
        ("u,v,class\n1,2,a\n3,red,b", "Line 3: “red” is not a number."),
        ("class,u\na,1\nb,x", "Line 3: “x” is not a number."),
        ("1,nan,a\n3,4,b", "Line 1: “nan” is not a number."),
        ("1,2,a\n3,inf,b", "Line 2: “inf” is not a number."),
        ("1,2,a\n3,1e300,b", "Line 2: “1e300” is no number of ordinary size"),
        ("1,2,a\n3,b", "Line 2: here are 2 cells, but 3 in the lines before."),
        ("1,2,a\nb", "Line 2: there is only one cell."),
        ("1," * (MAX_FEATURES + 1) + "a", "Line 1: here are 102 cells, but 2 to 101 columns are needed."),
        ("1,a\n2，b", "Line 2: write , for “，”."),
        ("\n".join(f"{k},c{k}" for k in range(MAX_CLASSES + 1)), "Line 21: “c20” is one class more than the 20"),
        (
            "u,species\n" + "\n".join(f"1,{k / 7}" for k in range(50)),
            "Line 22: “2.85714” is one class more than the 20",
        ),
        ("1,a\n" * LIMITS.rows + "1,b", "There are more than 5,000 rows"),
        ("u,class\n" + "1,a\n" * LIMITS.rows + "1,b", "There are more than 5,000 rows"),
        ("1,a\n" + "2" * 3000 + ",b", "Line 2 is too long"),
        ("1.5,2.5,a\n" * 1_000_000, "The data may have at most 500,000 characters; these have 10,000,000."),
    ],
)
def test_what_is_no_such_table_is_refused_at_its_place(text: str, why: str) -> None:
    with pytest.raises(DataError, match=re.escape(why)) as caught:
        parse_classification_table(text)
    assert str(caught.value) == caught.value.message


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_or_refused_soon(name: str) -> None:
    def read() -> None:
        with suppress(DataError):
            parse_classification_table(HOSTILE[name])

    assert is_as_quick_as(5000, read)


def test_the_largest_table_is_read() -> None:
    width, rows = 50, 2000
    line = ",".join(["0.5"] * width)
    text = "\n".join(f"{line},{k % MAX_CLASSES}" for k in range(rows))
    data = parse_classification_table(text[: LIMITS.characters])
    assert data.inputs.shape == (rows, width)
    assert len(data.class_names) == MAX_CLASSES
