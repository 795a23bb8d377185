"""How somebody comes to see each refusal: a request that was really sent and its answer, recorded from tests (`make error-examples`).

`error_examples.json` has them by code:

    method, path, headers   what was sent, but for the token
    as, duties              the role that asked: `member`, `bank`, `agency`, `officer`, with an officer's duties; `nobody` sent no token,
                            `somebody` one that cannot be read
    body, or text           what stood in the body: JSON, or what is none (or is too long, and cut)
    given                   what stood before, in a sentence
    status, answer          what came back; its `doc_url` without this service's address. Of a bank's event, which is taken in before it is
                            refused: what the event says of itself, its `reason` being the code
    shown_by                the test that shows it, whenever it runs
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "error_examples.json"


@lru_cache(maxsize=1)
def every() -> dict[str, dict[str, Any]]:
    """The examples by code."""
    examples: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return examples


def page_of(code: str) -> str:
    """Where a code is explained, on this service."""
    return f"/docs/errors/{code}"
