"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

TO_ORDER: Final[dict[str, Any]] = {"order_id": "ord_01KJP3ZQ4GT5H2W8N6VXRD0BCE"}
TO_DEPOSIT: Final[dict[str, Any]] = {"seller_id": "mem_0123456789ABCDEFGHJKMNPQRS"}
TO_INSURER: Final[dict[str, Any]] = TO_DEPOSIT | {"insurance_id": "sub_01KJP3ZQ4GT5H2W8N6VXRD0BCE"}
TO_RECOVERY: Final[dict[str, Any]] = {"recovery_id": "rcv_01KJP3ZQ4GT5H2W8N6VXRD0BCE"}
TO_PAYMENT: Final[dict[str, Any]] = TO_ORDER | {"bank_ref": "R-778"}
