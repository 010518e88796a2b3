"""Every link that ever worked opens what it always opened. `links.json` has the links, written by earlier versions.

A test that fails here has found a link in somebody's slides that is broken: mend the app, not the record. Only the
record of a link that had faults may be changed, by hand, in the commit that changes what it opens, in these cases:

- what a link was refused for is understood, as formula("x^2") was: then it opens what it says;
- a playlist with damaged lines opens the lecture of its good ones, where it opened none, or one that had other scenes
  in the place of the damaged lines;
- the page tells faults of the link that it had passed over.
"""

import json
import re
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from optimizers.methods.momentum import sgd
from tests.links import record
from tests.links.opening import open_link

LINKS = json.loads(Path(__file__).with_name("links.json").read_text(encoding="utf-8"))
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:e[-+]?\d+)?(?![\w.])")
TOLERANCE = 1e-6  # suggested learning rates and starts are computed: other processors round them otherwise


def is_same(opened: Any, recorded: Any) -> bool:
    """Whether two texts differ at most in the rounding of their numbers."""
    if opened == recorded or not isinstance(opened, str) or not isinstance(recorded, str):
        return bool(opened == recorded)
    if NUMBER.sub("#", opened) != NUMBER.sub("#", recorded):
        return False
    numbers = zip(NUMBER.findall(opened), NUMBER.findall(recorded), strict=True)
    return all(isclose(float(one), float(other), rel_tol=TOLERANCE) for one, other in numbers)


@pytest.mark.parametrize("link", LINKS, ids=[f"{n} {link['kind']}" for n, link in enumerate(LINKS)])
def test_a_link_opens_what_it_always_opened(link: dict[str, Any]) -> None:
    opened, recorded = open_link(link["link"]), link["opens"]
    assert opened.keys() == recorded.keys()
    changed = {name: (opened[name], recorded[name]) for name in recorded if not is_same(opened[name], recorded[name])}
    assert not changed, f"{link['link']} opens something else: now, and as it always did"


@pytest.mark.parametrize(
    ("opened", "recorded", "same"),
    [
        ("run = sgd(lr=0.1)", "run = sgd(lr=0.10000000001)", True),
        ("start = -1.5,1e-08", "start = -1.5,1.0000000001e-08", True),
        ("run = sgd(lr=0.1)", "run = sgd(lr=0.1001)", False),
        ("run = sgd(lr=0.1)", "run = adam(lr=0.1)", False),
        ("start = -1.5,1", "start = 1.5,1", False),
        ("run = adam(beta1=0.8)", "run = adam(beta2=0.8)", False),
        ("seed = 1", "steps = 1", False),
        (1, 2, False),
    ],
)
def test_texts_are_the_same_where_only_rounding_differs(opened: Any, recorded: Any, same: bool) -> None:
    assert is_same(opened, recorded) is same


def test_of_a_new_optimizer_only_links_that_name_it_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [kind for kind, _ in record.find_new_links(LINKS) if kind in record.CATALOGUE_KINDS] == []
    monkeypatch.setattr(record, "OPTIMIZERS", {"newcomer": sgd, **record.OPTIMIZERS})
    added = record.find_new_links(LINKS)
    assert [kind for kind, _ in added] == ["surface and optimizer", "defaults"]
    assert all("newcomer(" in link for _, link in added)


def test_an_argument_without_a_value_is_named() -> None:
    with pytest.raises(LookupError, match=r"newcomer .*'speed'.* VALUES of tests/links/record\.py"):
        record.odd_call("newcomer", lambda speed=1.0: None)
