"""Hold back the server's messages to a page, as a slow server or connection does."""

from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer

SIDEBAR = RootContainer.SIDEBAR


class SlowServer:
    """Streamlit's connection to a page; what the server says is held from `hold` until `release`."""

    def __init__(self) -> None:
        self.held: list[str | bytes] = []
        self.is_holding = False
        self.begins_to_hold: Callable[[str | bytes], bool] | None = None

    def connect(self, page: Page) -> None:
        page.route_web_socket("**/_stcore/stream", self.route)

    def route(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        server = browser.connect_to_server()
        server.on_message(self.pass_on)

    def pass_on(self, message: str | bytes) -> None:
        self.is_holding = self.is_holding or (self.begins_to_hold is not None and self.begins_to_hold(message))
        if self.is_holding:
            self.held.append(message)
        else:
            self.browser.send(message)

    def hold(self, begins: Callable[[str | bytes], bool] | None = None) -> None:
        """Hold what comes, at once or from the first message of which `begins` is true."""
        self.is_holding, self.begins_to_hold = begins is None, begins

    def count_ended_runs(self) -> int:
        """How many runs of the script have ended without the page's knowledge."""
        return sum(map(is_end_of_run, self.held))

    def release(self) -> None:
        self.is_holding, self.begins_to_hold = False, None
        held, self.held = self.held, []
        for message in held:
            self.browser.send(message)


def is_end_of_run(message: str | bytes) -> bool:
    """Has all that a run of the script draws arrived before this message?"""
    return isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"


def is_part_of_panel(message: str | bytes) -> bool:
    if not isinstance(message, bytes):
        return False
    told = ForwardMsg.FromString(message)
    return told.WhichOneof("type") == "delta" and told.metadata.delta_path[0] == SIDEBAR
