"""Whether a message to a bank may still be told when it is sent: consent holds for retries and replays, too (credit.md 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.monitoring.aggregate import ALERTS, is_shared
from chalicelib.monitoring.bank_messages import DIGEST, OUTBOUND
from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.service import digest

TYPES: Final = frozenset(message.name for message in OUTBOUND)


class _Data(msgspec.Struct, frozen=True):
    alert_id: str = ""


class _Message(msgspec.Struct, frozen=True):
    data: _Data


class _DigestData(msgspec.Struct, frozen=True):
    bank_id: str
    day: date
    amber: Mapping[Rule, int]
    red: Mapping[Rule, int]


class _Digest(msgspec.Struct, frozen=True):
    data: _DigestData


def may_be_told(kind: str, body: bytes, now: datetime) -> bool:
    """Whether a bank may hear of the alert that a message is about, now, or of all that a digest counts. Of any other message: yes."""
    if kind == DIGEST:
        data = msgspec.json.decode(body, type=_Digest).data
        return digest.may_be_told(data.bank_id, data.day, Counter(data.amber) + Counter(data.red), now)
    if kind not in TYPES:
        return True
    alert_id = msgspec.json.decode(body, type=_Message).data.alert_id
    loaded = ALERTS.load(alert_id, now) if alert_id else None
    return loaded is None or is_shared(loaded.state, now)
