"""Every event by its exact name, as tests were seen to bring it about (`make event-examples`; `tests/events.py` says how).

`event_examples.json` has them by name:

    sides           who was told besides the platform, each as the side it is on: `buyer`, `supplier`, `borrower` …
    told_to         the side that the message is told to, or `platform`
    message         what was sent: the shortest of those whose payload says most
    fields          what payloads hold, by path (`terms.amount`, `parts[].id`): the forms that values were seen in
    sometimes       the paths that some payloads leave out
    shown_by        the file of tests that brought it about
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "event_examples.json"


@lru_cache(maxsize=1)
def every() -> dict[str, dict[str, Any]]:
    """The examples by the names of events."""
    examples: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return examples
