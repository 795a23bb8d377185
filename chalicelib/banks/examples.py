"""Messages of banks and bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PAYMENT: Final[dict[str, Any]] = {
    "type": "payment.received",
    "timestamp": "2026-03-02T02:15:00Z",
    "data": {
        "bank_ref": "R-778",
        "seq": 1,
        "order_id": "ord_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
        "account": "TA-USD-01",
        "value_date": "2026-03-02",
        "money": {"amount": "1478.00", "currency": "USD"},
        "remitter": "ACME GmbH",
    },
}

REFUNDED: Final[dict[str, Any]] = {
    "type": "refund.settled",
    "timestamp": "2026-03-09T03:00:00Z",
    "data": {
        "attempt_id": "att_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
        "bank_ref": "B-4711",
        "seq": 1,
        "money": {"amount": "1500.00", "currency": "USD"},
    },
}

CAPTURED: Final[dict[str, Any]] = {
    "type": "payment.captured",
    "timestamp": "2026-03-02T02:15:00Z",
    "data": {
        "payment_id": "cpy_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
        "bank_ref": "C-4711",
        "seq": 2,
        "occurred_at": "2026-03-02T02:14:58Z",
        "business_date": "2026-03-02",
        "money": {"amount": "661.19", "currency": "CNY"},
    },
}

ACCOUNT: Final[dict[str, Any]] = {"account": "DE89370400440532013000", "bank": "COBADEFF", "holder": "ACME GmbH"}
BY_HAND: Final[dict[str, Any]] = {"bank_ref": "B-4711"}
THROUGH: Final[dict[str, Any]] = {"bank_ref": "T-2026-0311", "bank_id": "boc"}
