"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

TERMS: Final[dict[str, Any]] = {
    "currency": "USD",
    "items": [
        {
            "name": "Oak chair, natural oil",
            "quantity": 100,
            "unit": "piece",
            "unit_price": {"amount": "50.00", "currency": "USD"},
        }
    ],
    "instalments": [
        {"name": "deposit", "money": {"amount": "1500.00", "currency": "USD"}},
        {"name": "balance", "money": {"amount": "3500.00", "currency": "USD"}},
    ],
    "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
    "cover": "deposit",
    "quality": "post_delivery",
    "transport": "sea",
    "incoterm": "FOB",
    "specification": "Moisture of the oak at most 10 %; seat height 45 cm, give or take 5 mm.",
}
ORDER: Final[dict[str, Any]] = {
    "buyer_id": "mem_01JQ4Z8N0V7K3M5P9R2T4W6Y8A",
    "supplier_id": "mem_7ZFR3W1X5C9D2E4G6H8J0K1M3N",
    "terms": TERMS,
}
QUOTE: Final[dict[str, Any]] = {"supplier_id": ORDER["supplier_id"], "terms": TERMS}
SHIPMENT: Final[dict[str, Any]] = {
    "carrier": "COSCO",
    "tracking_number": "COSU6100200300",
    "documents": [{"kind": "bill_of_lading", "reference": "COSU6100200300-1"}],
}
DELIVERY: Final[dict[str, Any]] = {"reference": "POD-88121"}
AMENDMENT: Final[dict[str, Any]] = {"terms": TERMS | {"incoterm": "CIF"}}
MORE: Final[dict[str, Any]] = {
    "terms": TERMS
    | {
        "items": [TERMS["items"][0] | {"quantity": 120}],
        "instalments": [
            {"name": "deposit", "money": {"amount": "1800.00", "currency": "USD"}},
            {"name": "balance", "money": {"amount": "4200.00", "currency": "USD"}},
        ],
    }
}
LATER: Final[dict[str, Any]] = {"ship_by": {"kind": "fixed", "date": "2026-06-30", "zone": "Asia/Shanghai"}}
CHANNEL_ORDER: Final[dict[str, Any]] = {
    "quote_id": "qot_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "lines": [
        {"listing_id": "lst_01JV8QZ7N4K3T5W6X8Y9ABCDEF", "quantity": 6},
        {"listing_id": "lst_01JV8QZ7N4K3T5W6X8Y9ABCDEF", "quantity": 4},
    ],
    "methods": ["wallet"],
}
CARRIED: Final[dict[str, Any]] = {"tracking_number": "EMS-77120", "step": "cleared", "reference": "KR-2026-03-09-1"}
BACK: Final[dict[str, Any]] = {"line": 1, "quantity": 1}
