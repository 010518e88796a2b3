"""What is sent in several parts goes at once.

asyncio switches Nagle's algorithm off only for a socket that was made for the protocol TCP by number, and Streamlit
makes its own with the number left open. So every second part (the body after the headers, the second message of a
run) waited until the client had acknowledged the first, which it puts off for 40 ms.
"""

import gc
import socket
from contextlib import suppress


def disable_nagle() -> None:
    """Set TCP_NODELAY on the sockets on which this process listens: those that they accept inherit it.

    Streamlit hands its socket to nobody; the garbage collector knows every object.
    """
    for found in gc.get_objects():
        if type(found) is socket.socket and is_listening(found):
            with suppress(OSError):  # without it everything works, and waits
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def is_listening(candidate: socket.socket) -> bool:
    """Whether this is an open TCP socket that accepts connections."""
    tcp = candidate.family in (socket.AF_INET, socket.AF_INET6) and candidate.type == socket.SOCK_STREAM
    return tcp and candidate.fileno() >= 0 and bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
