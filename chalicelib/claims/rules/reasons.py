"""The reasons for which a buyer can claim, and how they belong together. Source: protection.md 3."""

from __future__ import annotations

from typing import Final, Literal, get_args

Reason = Literal[
    "not_shipped",
    "late_shipment",
    "quality_pre_shipment",
    "quality_mismatch",
    "quantity_short",
    "wrong_item",
    "counterfeit",
    "not_received",
    "damaged_in_transit",
    "missing_documents",
]
PartyName = Literal["buyer", "supplier"]
Ending = Literal["settled", "determined"]
"""How a claim was lost: by the supplier's own agreement, or by a determination."""

REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
PARTIES: Final[tuple[PartyName, ...]] = get_args(PartyName)

ABOUT_GOODS: Final[frozenset[Reason]] = frozenset(
    {"quality_pre_shipment", "quality_mismatch", "quantity_short", "wrong_item", "counterfeit", "damaged_in_transit"}
)
"""What a designated inspector can look at."""
