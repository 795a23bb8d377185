"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

OPEN: Final[dict[str, Any]] = {
    "kind": "complaint",
    "about": {"kind": "order", "id": "ord_01JV8QZ7N4K3T5W6X8Y9ABCDEF"},
    "subject": "Nobody answers about the missing boxes",
    "text": "Two of ten boxes did not arrive. I wrote to the supplier three times.",
}
REPLY: Final[dict[str, Any]] = {"text": "The carrier confirms eight boxes. Which two are missing?"}
TAKE: Final[dict[str, Any]] = {}
ASSIGN: Final[dict[str, Any]] = {"owner": "officer-7"}
ESCALATE: Final[dict[str, Any]] = {"text": "That does not answer my question."}
RESOLVE: Final[dict[str, Any]] = {
    "outcome": "upheld",
    "text": "You are right: the supplier sends the two boxes until Friday.",
}
REOPEN: Final[dict[str, Any]] = {"text": "It is Friday, and there are no boxes."}
