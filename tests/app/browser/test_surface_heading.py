"""The name and the formula of a surface, as a lecture shows them."""

import re
from xml.etree import ElementTree

import pytest

from app.browser.surface_heading import find_surface_formula, make_surface_heading
from app.compute.surface_source_registry import find_source
from app.model.formula_source import formula_call
from app.model.scene import make_call
from surfaces.catalogue import SURFACES
from tests.support.server_and_browser import ROOT

MATHML_MODULE = (ROOT / "app/player/base/sanitize_mathml.js").read_text(encoding="utf-8")
ELEMENTS, ATTRIBUTES = (set(words.split()) for words in re.findall(r'"(math [^"]+|display [^"]+)"', MATHML_MODULE))
WITHOUT_FORMULA = {"goldstein_price", "eggholder"}  # theirs takes several lines


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_a_formula_that_the_browser_accepts(name: str) -> None:
    heading = make_surface_heading(make_call(SURFACES, name, {}))
    assert heading["name"]
    assert (heading["formula"] == "") == (name in WITHOUT_FORMULA)
    if heading["formula"]:
        check_mathml(heading["formula"])


def check_mathml(text: str) -> None:
    for element in ElementTree.fromstring(text).iter():  # noqa: S314 - made here
        assert element.tag.rpartition("}")[2] in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    assert 'displaystyle="true"' not in text.partition(">")[0]


def test_the_values_of_the_letters_stand_behind_the_formula() -> None:
    heading = make_surface_heading(make_call(SURFACES, "rosenbrock", {"b": 10.0}))
    assert (heading["name"], heading["values"]) == ("Rosenbrock", "a 1 · b 10")
    assert find_surface_formula(make_call(SURFACES, "rosenbrock", {})) == r"f(x, y) = (a - x)^2 + b\,(y - x^2)^2"
    batches = make_call(SURFACES, "least_squares_line", {"batch_size": 10, "seed": 3})
    assert make_surface_heading(batches)["values"] == "batch size 10"  # which batches is no part of the function


def test_a_visitors_own_formula_is_shown_and_a_table_has_its_name_alone() -> None:
    slot_like = make_surface_heading(formula_call("9000001 x^2 + y^2"))["formula"]
    assert "9000001" in slot_like and "data-slot" not in slot_like
    heading = make_surface_heading(formula_call("x^2 + 3 y^2"))
    assert heading["name"] == "Your own function"
    check_mathml(heading["formula"])
    assert "".join(ElementTree.fromstring(heading["formula"]).itertext()).replace(" ", "").startswith("f(x,y)=")  # noqa: S314
    assert make_surface_heading(formula_call("where(x>0, x^2, y^2)"))["formula"] == ""  # it takes lines
    assert make_surface_heading(find_source("data").make_first_call())["formula"] == ""
