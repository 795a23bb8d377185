"""The most memory that this process had."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Of its own: what `getrusage` tells on Linux is never less than what the process had that started it."""
    if sys.platform == "linux" and (match := re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())):
        return int(match[1]) / 1024
    kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kept / (1024 * 1024 if sys.platform == "darwin" else 1024)
