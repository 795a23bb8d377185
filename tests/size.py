"""How much random, stopping and scale tests try: `make test` a part of it, `make test-all` everything.

SURETY_TEST_SIZE=full .venv/bin/python -m pytest tests/properties
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

IS_FULL: Final = os.environ.get("SURETY_TEST_SIZE", "small") == "full"


def at_size(full: int, small: int) -> int:
    """A number of examples, months or rows."""
    return full if IS_FULL else small


def share(cases: Sequence[T], of: str, small: int) -> Sequence[T]:
    """So many of the cases for the one of that name, others for another, so that all ask everything between them; at full size each asks all."""
    if IS_FULL or len(cases) <= small:
        return cases
    first = zlib.crc32(of.encode())
    return [cases[(first + number) % len(cases)] for number in range(small)]
