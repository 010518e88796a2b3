"""What the server says to a page, held back: as a slow server or connection does it."""

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class SlowServer:
    """Streamlit's connection to a page; what the server says is held from `hold` until `release`."""

    def __init__(self) -> None:
        self.held: list[str | bytes] = []
        self.is_holding = False
        self.waits_for_end = False

    def connect(self, page: Page) -> None:
        page.route_web_socket("**/_stcore/stream", self.route)

    def route(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        server = browser.connect_to_server()
        server.on_message(self.pass_on)

    def pass_on(self, message: str | bytes) -> None:
        self.is_holding = self.is_holding or (self.waits_for_end and is_end_of_run(message))
        if self.is_holding:
            self.held.append(message)
        else:
            self.browser.send(message)

    def hold(self, *, from_end_of_run: bool = False) -> None:
        """Hold what comes; or from the end of the next run of the script on, so that what it has drawn arrives."""
        self.is_holding, self.waits_for_end = not from_end_of_run, from_end_of_run

    def count_ended_runs(self) -> int:
        """How many runs of the script have ended without the page's knowledge."""
        return sum(map(is_end_of_run, self.held))

    def release(self) -> None:
        self.is_holding = self.waits_for_end = False
        held, self.held = self.held, []
        for message in held:
            self.browser.send(message)


def is_end_of_run(message: str | bytes) -> bool:
    return isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
