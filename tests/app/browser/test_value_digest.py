"""Digests of values: other values have another one, equal ones the same."""

from app.browser.value_digest import digest_values
from app.model.scene import make_call
from surfaces.catalogue import SURFACES


def test_minus_one_is_not_minus_two() -> None:
    assert hash(-1.0) == hash(-2.0)  # why `hash` will not do
    first, second, again = (make_call(SURFACES, "rosenbrock", {"a": a}) for a in (-1.0, -2.0, -1.0))
    assert digest_values(first) != digest_values(second)
    assert digest_values(first) == digest_values(again)
