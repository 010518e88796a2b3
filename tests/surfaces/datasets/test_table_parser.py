"""Pasted tables are read in many spellings, or refused with the line and the cell."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surfaces.datasets.table_parser import (
    LARGEST_NUMBER,
    MAX_ROWS,
    MAX_TABLE_CHARACTERS,
    SMALLEST_NUMBER,
    DataError,
    Table,
    TableLimits,
    parse_table,
    rows_to_lines,
    serialize_table,
)
from tests.support.hostile_formulas import is_as_quick_as
from tests.support.hostile_tables import HOSTILE

PLAIN = "1,2.5;3,4"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2.5\n3,4", PLAIN),
        ("1, 2.5\r\n3, 4\r\n", PLAIN),
        ("1;2,5\n3;4", PLAIN),
        ("1\t2,5\n3\t4", PLAIN),
        ("1\t2.5\r3\t4", PLAIN),
        ("  1   2.5\n3 4  ", PLAIN),
        ("\ufeff# measured\n\n1,2.5\n  # and later\n3,4\n\n", PLAIN),
        ('"1","2.5"\n"3",4', PLAIN),
        ("+1,.25e1\n3.,4", PLAIN),
        ("1,−2\n3,-4", "1,-2;3,-4"),
        ("-0,0\n1,1e-400", "0,0;1,0"),
        ("speed,dist\n1,2.5\n3,4", f"speed,dist;{PLAIN}"),
        ('"speed, km/h";"dist"\n1;2,5\n3;4', f"speed km/h,dist;{PLAIN}"),
        ("a;\n1;2,5\n3;4", f"a,_2;{PLAIN}"),
        ("'\t#\n1\t2.5\n3\t4", PLAIN),
        ("'5'\tb\n1\t2.5\n3\t4", f"_5,b;{PLAIN}"),
    ],
)
def test_one_table_is_spelled_in_many_ways(text: str, said: str) -> None:
    table = parse_table(text, (2,))
    assert serialize_table(table) == said
    assert parse_table(rows_to_lines(said), (2,)) == table


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("66,0\n70,1", "66,0;70,1"),
        ("66,1.0\n70,0", "66,1;70,0"),
        ("66,yes\n70,no", "_1,0 no 1 yes;66,1;70,0"),
        ("t,sick\n66,5\n70,2", "t,sick 0 2 1 5;66,1;70,0"),
        ("1,2,b\n3,4,a", "_1,_2,0 a 1 b;1,2,1;3,4,0"),
        ("u;v;k\n1,5;2;x\n3;4;7", "u,v,k 0 7 1 x;1.5,2,1;3,4,0"),
    ],
)
def test_two_classes_are_told_by_any_two_words(text: str, said: str) -> None:
    table = parse_table(text, (2, 3), has_classes=True)
    assert serialize_table(table) == said
    assert parse_table(rows_to_lines(said), (2, 3), has_classes=True) == table


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There are no data yet"),
        ("# nothing\n\n", "There are no data yet"),
        ("1,2", "too few rows"),
        ("a,b\n1,2", "too few rows"),
        ("1,2\n" * (MAX_ROWS + 1), "more than 2,000 rows"),
        ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), "more than 2,000 rows"),
        ("x,y\n" * 5, "Line 2: “x” is not a number"),
        ("1,2\n" * 6 + "3,abc", "Line 7: “abc” is not a number."),
        ("# a\n\n1,2\n3,abc", "Line 4: “abc”"),
        ("abc,2\n3,4", "Line 1: “abc”"),
        ("1,2\n3,nan", "“nan” is not a number"),
        ("1,2\n3,-inf", "“-inf” is not a number"),
        ("1,2\n3,0x10", "“0x10” is not a number"),
        ("1,2\n3,1_000", "“1_000” is not a number"),
        ("1,2\n3,١", "“١” is not a number"),
        ("1,2\n3,x*y", "“x\\*y” is not a number"),
        ("1;2\n3;1.000,5", "“1.000,5” is not a number"),
        ("1,2\n3,1e13", "Line 2: “1e13” is no number of ordinary size"),
        ("1,2\n3,1e-13", "ordinary size"),
        ("1,2\n3,1e999", "ordinary size"),
        ("1,2\n3,", "Line 2: a cell is empty"),
        ("1,2\n3", "Line 2: there is only one cell"),
        ("12", "Line 1: there is only one cell"),
        ("1,2,3\n4,5,6", "Line 1: here are 3 cells, but 2 columns are needed"),
        ("1,2\n3,4,5", "Line 2: here are 3 cells, but 2 in the lines before"),
        ('1,"2\n3,4', "Line 1: a quotation mark"),
        ('1,"2"3\n3,4', "Line 1: a quotation mark"),
        ("1,2\n3,\x00", "Line 2 has a character that does not occur in text"),
        ("1,2\n3,4\x1b[31m", "Line 2 has a character"),
        ("1," + "9" * 50 + "\n3,4", "Line 1: “9999999999999999999…” is not a number"),
    ],
)
def test_what_is_no_table_is_refused_at_its_place(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why.replace("(", r"\(")) as caught:
        parse_table(text, (2,))
    assert str(caught.value) == caught.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,a\n2,a", "All rows belong to the class “a”"),
        ("1,a\n2,b\n3,c", "Line 3: “c” is a third class"),
        ("1,a\n2,", "Line 2: a cell is empty"),
        ("abc,1\n60,0\n70,1", "Line 1: “abc” is not a number"),
        ("1,2,3,4\n1,2,3,4", "here are 4 cells, but 2 or 3 columns"),
    ],
)
def test_what_has_not_two_classes_is_refused(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parse_table(text, (2, 3), has_classes=True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1，2\n3，4", "Line 1: write , for “，”."),
        ("1；2\n3；4", "Line 1: write ; for “；”."),
        ("1,2\n3，4", "Line 2: write , for “，”."),
        ("1、2\n3、4", "Line 1: write , for “、”."),
        ("1,2\n3.5,４.５", "Line 2: write 4 for “４”."),
        ("1,2\n3,4．5", "Line 2: write . for “．”."),
        ("1,2\n3,–4", "Line 2: write - for “–”."),
        ("1,2\n3,＋4", "Line 2: write + for “＋”."),
        ("1,2\n3,ａ", "Line 2: “ａ” is not a number."),
        ("1,2\n3,x×2", "Line 2: “x×2” is not a number."),
    ],
)
def test_a_character_that_looks_like_ours_is_named_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_table(text, (2,))
    assert str(caught.value) == why


def test_as_many_rows_as_there_may_be() -> None:
    assert len(parse_table("a,b\n" + "1.5,2\n" * MAX_ROWS, (2,)).rows) == MAX_ROWS


@pytest.mark.parametrize("text", ["1,2\n3,4", "1\r;2", "1\t2"])
def test_in_a_scene_rows_are_separated_by_semicolons_alone(text: str) -> None:
    with pytest.raises(DataError):
        rows_to_lines(text)


NUMBERS = st.just(0.0) | st.floats(SMALLEST_NUMBER, LARGEST_NUMBER) | st.floats(-LARGEST_NUMBER, -SMALLEST_NUMBER)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30), st.tuples(st.text(), st.text()))
def test_a_table_is_what_its_spelling_says(rows, names) -> None:
    """Whatever the columns are called: of names that a text cannot hold it keeps what it can."""
    cells = ['"{}"'.format(name.replace('"', '""')) for name in names]
    plain = Table(("", ""), tuple(rows))
    assert parse_table(rows_to_lines(serialize_table(plain)), (2,)) == plain
    try:
        table = parse_table(",".join(cells) + "\n" + serialize_table(plain).replace(";", "\n"), (2,))
    except DataError:
        return  # numbers, control characters, more than a line
    said = serialize_table(table)
    assert parse_table(rows_to_lines(said), (2,)) == table
    assert not set(said) & set("\"'\\#\n=")


@pytest.mark.no_cover
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_at_once(name: str) -> None:
    """As quickly as 68 common formulas are prepared, and without much memory."""

    def is_refused() -> None:
        with pytest.raises(DataError):
            parse_table(HOSTILE[name], (2, 3), has_classes=name == "classes")

    tracemalloc.start()
    is_refused()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert is_as_quick_as(2 * 34, is_refused)
    assert peak < 100 * MAX_TABLE_CHARACTERS


def test_as_many_characters_as_there_may_be() -> None:
    longest = "1,2\n3,4".ljust(TableLimits().characters)
    assert len(parse_table(longest, (2,)).rows) == 2
    with pytest.raises(DataError, match="at most"):
        parse_table(longest + " ", (2,))
