"""The copy of a visit that the browser keeps: read it from a page, and give one back to another session."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.app_pages import find_component


def read_visit_message(page: AppTest) -> dict[str, Any]:
    """What the browser is told to keep, and the token of the session."""
    return json.loads(find_component(page, "descent_visit").json)


def give_copy_back(page: AppTest, kept: Any) -> None:
    """The browser pulls the trigger, as JSON, beside the state of every other widget."""
    widgets = page._tree.get_widget_states()
    name = f"$$STREAMLIT_INTERNAL_KEY_{find_component(page, 'descent_visit').id}__events"
    widgets.widgets.add(id=name, json_trigger_value=json.dumps([{"event": "resumed", "value": kept}]))
    page._run(widgets)
    assert not page.exception
