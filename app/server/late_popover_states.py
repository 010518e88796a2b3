"""Leave a popover as its visitor has left it since the server was asked for its content.

The browser opens or closes a popover at once, and then asks the server to run the script. Streamlit's answer says
whether the popover was open when the browser asked, and the browser obeys: if the visitor had closed it meanwhile, it
opened again, or it closed over what was being typed in it. Now the answer says this only where the browser does not
know it: in the first run of a popover, and where the script itself has opened or closed it.

The menus of runs are told always: what is chosen there changes the card around, and a slow browser, which draws an
answer piece by piece, makes the menu anew, closed.
"""

from typing import Any

from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.Block_pb2 import Block
from streamlit.runtime.scriptrunner import get_script_run_ctx

RUN_MENU = ".more"  # ends the keys of the menus of runs, and so Streamlit's IDs of them
original_add = DeltaGenerator._block


def leave_popovers_to_browser() -> None:
    """Replace the method with which Streamlit adds a container to the page."""
    DeltaGenerator._block = add_container  # type: ignore[method-assign]


def add_container(parent: DeltaGenerator, block_proto: Block | None = None, *rest: Any, **named: Any) -> DeltaGenerator:
    if block_proto is not None and block_proto.HasField("popover") and is_known_to_browser(block_proto.popover):
        block_proto.popover.ClearField("open")
    return original_add(parent, block_proto, *rest, **named)


def is_known_to_browser(popover: Block.Popover) -> bool:
    """Has the browser's request the same state of the popover, which stays where it is?"""
    context = get_script_run_ctx()
    if context is None or popover.id.endswith(RUN_MENU):
        return False
    return bool(context.session_state._state._new_widget_state.get(popover.id) == popover.open)
