"""The page that the benchmarks compare with runs: they themselves are run by hand."""

from pathlib import Path

from streamlit.testing.v1 import AppTest


def test_the_page_beside_which_a_slider_is_measured_has_picture_verdicts_and_panel() -> None:
    page = AppTest.from_file(str(Path(__file__).parent / "same_page.py"), default_timeout=60).run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1
    assert len(page.table[0].value) == 2
    assert page.text_input(key="steps").value == "149"
