"""Whether a bank may still hear of a firm's profile when a message is sent: consent holds for retries and replays, too (credit.md 17)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.credit.service import consents

PROFILE: Final = "profile.changed"


class _Data(msgspec.Struct, frozen=True):
    bank_id: str
    member_id: str


class _Message(msgspec.Struct, frozen=True):
    data: _Data


def may_be_told(kind: str, body: bytes, now: datetime) -> bool:
    """Of any other message: yes."""
    if kind != PROFILE:
        return True
    data = msgspec.json.decode(body, type=_Message).data
    return consents.live(data.member_id, data.bank_id, "profile", now) is not None
