"""An item that makes its work fail, among many that do not: whose fault that is, and how the reason is told.

What is the item's own fault sets the item aside, and the others go on. What passes (a lost race, the store's own trouble) is no item's: all
of the work comes again.
"""

from __future__ import annotations

from typing import Final

from chalicelib.shared.errors import Unavailable, WriteConflict
from chalicelib.shared.store_errors import is_of_store

MOST_REASON: Final = 200


def is_item_failure(failure: Exception) -> bool:
    """Whether the item is at fault, so that trying again would only fail again."""
    return not (isinstance(failure, (Unavailable, WriteConflict)) or is_of_store(failure))


def reason_of(failure: Exception, most: int = MOST_REASON) -> str:
    """Why an item was set aside, for who reads the run."""
    return f"{type(failure).__name__}: {failure}"[:most]
