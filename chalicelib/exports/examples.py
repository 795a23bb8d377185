"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

DECLARATION: Final[dict[str, Any]] = {
    "declaration_no": "222920260000118",
    "exporter_ref": "lantern-works",
    "order_ref": "T-2026-000118",
    "buyer_ref": "acme-gmbh",
    "buyer_country": "DE",
    "currency": "USD",
    "amount": "12000.00",
    "channel": "self_service",
    "origin": "platform",
    "related_party": "no",
    "status": "released",
    "submitted_on": "2026-01-12",
    "released_on": "2026-01-15",
}
DECLARATIONS: Final[dict[str, Any]] = {"items": [DECLARATION]}
RETURNED: Final[dict[str, Any]] = {
    "items": [DECLARATION | {"status": "returned", "returned_on": "2026-02-20", "returned_amount": "2000.00"}]
}
CORRECTION: Final[dict[str, Any]] = {
    "reason": "Customs confirmed 11,000.00 after a second count.",
    "exporter_ref": "lantern-works",
    "order_ref": "T-2026-000118",
    "buyer_ref": "acme-gmbh",
    "buyer_country": "DE",
    "money": {"amount": "11000.00", "currency": "USD"},
    "channel": "self_service",
    "origin": "platform",
    "is_related": False,
    "status": "released",
    "submitted_on": "2026-01-12",
    "released_on": "2026-01-15",
}
