"""How much random, stopping and scale tests try: `make test` a part of it, `make test-all` everything.

SURETY_TEST_SIZE=full .venv/bin/python -m pytest tests/properties
"""

from __future__ import annotations

import os
from typing import Final

IS_FULL: Final = os.environ.get("SURETY_TEST_SIZE", "small") == "full"


def at_size(full: int, small: int) -> int:
    """A number of examples, months or rows."""
    return full if IS_FULL else small
