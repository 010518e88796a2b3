"""Numbers are read as people type them, and nothing typed is evaluated."""

from unicodedata import normalize

import pytest

from app.model.scene import UserError
from app.model.typed_numbers import MAX_CHARACTERS, parse_number

READ = {
    "0.0123": 0.0123, " 12 ": 12, ".5": 0.5, "5.": 5, "+3": 3, "-2": -2, "−2": -2, "1e-3": 1e-3, "1E−8": 1e-8,
    "1/3": 1 / 3, "-1/4": -0.25, "1e-3/2": 5e-4, "0,5": 0.5, "−0,25": -0.25, "1,5/3": 0.5, "10^-3": 1e-3,
    "2*10^-3": 2e-3, "2,5·10^3": 2500, "1×10^−2": 0.01, "0,001": 0.001, "０．５": 0.5, "1 / 3": 1 / 3,
}  # fmt: skip
REFUSED = (
    "", " ", "abc", "nan", "inf", "1e999", "1/0", "1/2/3", "1,2,3", "1.000,5", "--1", "1e", "0x10", "1_0", "2**3",
    "__import__('os')", "9" * 4000, "1/" * 2000, "(" * 2000, "10^", "10^99999",
)  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_typed_number_is_read(text: str) -> None:
    assert parse_number(text, "1") == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_number_is_refused_and_no_more_of_it_is_read_than_a_number_has(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every expression is matched against what was normalized: so the work is bounded, however long the text is."""
    normalized: list[str] = []

    def record(form: str, part: str) -> str:
        normalized.append(part)
        return normalize(form, part)

    monkeypatch.setattr("app.model.typed_numbers.unicodedata.normalize", record)
    with pytest.raises(UserError):
        parse_number(text, "1")
    assert all(len(part) <= MAX_CHARACTERS for part in normalized)


def test_a_comma_that_could_mean_two_things_is_asked_about() -> None:
    with pytest.raises(UserError, match=r"“1,000” could be 1000 or 1\.000"):
        parse_number("1,000", "1")
