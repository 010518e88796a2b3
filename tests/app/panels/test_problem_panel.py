"""The list of surfaces: grouped by kind, the visitor's own first, and found by what people call them."""

import pytest
from streamlit.testing.v1 import AppTest

from app.compute.surface_source_registry import OFFERED_SURFACES, SURFACE_SOURCES
from app.panels.problem_panel import format_surface_option
from app.translation import use_language
from surfaces.catalogue import SURFACES, find_kind

SEARCHES = {
    "en": {
        "formula": "formula", "equation": "formula", "banana": "rosenbrock", "noisy": "linear_svm",
        "real data": "data", "csv": "data", "egg box": "rastrigin", "neural network": "tanh_neuron",
        "valley": "rosenbrock", "local minimum": "two_wells", "quadratic": "bowl",
    },
    "zh": {
        "公式": "formula", "香蕉": "rosenbrock", "噪声": "linear_svm", "真实数据": "data", "神经网络": "tanh_neuron",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "search"), [(language, word) for language in SEARCHES for word in SEARCHES[language]]
)
def test_a_surface_is_found_by_what_people_call_it(language: str, search: str) -> None:
    with use_language(language):
        found = [name for name in OFFERED_SURFACES if search in format_surface_option(name).lower()]
    assert SEARCHES[language][search] in found
    assert len(found) <= 12


def test_the_menu_has_every_surface_the_visitors_own_first_and_the_others_by_kind(page: AppTest) -> None:
    assert page.selectbox("surface").options == [format_surface_option(name) for name in OFFERED_SURFACES]
    assert sorted(OFFERED_SURFACES) == sorted(SURFACE_SOURCES)
    own, kinds = OFFERED_SURFACES[:3], [find_kind(name) for name in OFFERED_SURFACES[3:]]
    assert own == ("formula", "data", "network_loss")
    assert len([kind for kind, last in zip(kinds, ["", *kinds], strict=False) if kind != last]) == len({*kinds})
    assert {*OFFERED_SURFACES[3:]} == {*SURFACES}
