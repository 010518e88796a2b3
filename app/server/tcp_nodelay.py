"""Switch Nagle's algorithm off, so that the parts of an answer are sent at once.

asyncio does that only for a socket that was created with TCP's protocol number, and Streamlit leaves the number open.
So every second part (the body after the headers, the second message of a run) waited for the client's acknowledgement
of the first, which is delayed by 40 ms.
"""

import gc
import socket
from contextlib import suppress


def disable_nagle() -> None:
    """Set TCP_NODELAY on the listening sockets of this process; accepted sockets inherit it.

    Streamlit does not expose its socket, so it is looked up among the objects of the garbage collector.
    """
    for candidate in gc.get_objects():
        if type(candidate) is socket.socket and is_listening(candidate):
            with suppress(OSError):  # everything works without it, only more slowly
                candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def is_listening(candidate: socket.socket) -> bool:
    """Whether this is an open TCP socket that accepts connections."""
    tcp = candidate.family in (socket.AF_INET, socket.AF_INET6) and candidate.type == socket.SOCK_STREAM
    return tcp and candidate.fileno() >= 0 and bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
