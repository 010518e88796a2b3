"""The kernel's numbers of the server's process."""

import os
import re
from pathlib import Path


def megabytes(pid: int, what: str = "VmRSS") -> float:
    """Its memory: `VmRSS` now, `VmHWM` at most."""
    found = re.search(rf"^{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")


def cpu_seconds(pid: int) -> float:
    """The time that its threads have spent on a processor, in the kernel and outside."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
