"""What describes the platform itself: the API document, health, and the policies in force."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
"""Of the API and of this package; `pyproject.toml` says the same, and a test compares them."""
