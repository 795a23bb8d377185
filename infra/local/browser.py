"""The browser that the tests of pages run in: Debian's Chromium, headless.

    python -m infra.local.browser --install

installs it where we may. It never fails: without one, the tests of pages are skipped, and say so.
"""

from __future__ import annotations

import shutil
import sys
from typing import Final

from infra.local import system

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It asks nobody for anything but what a page asks for."""


def path() -> str | None:
    """Where a Chromium is."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Bring one from the system's packages, where there is none yet and we may."""
    if path() is None and not system.install("chromium", "fonts-noto-cjk"):
        print("No Chromium: install the system's package chromium. Tests of pages are skipped.", flush=True)


if __name__ == "__main__" and "--install" in sys.argv[1:]:
    install()
