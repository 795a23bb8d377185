"""What suppliers and buyers send about receivables."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.receivables.rules.receivable import MOST_CHARACTERS, Status
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.text import one_line, prose

MemberId = Annotated[str, Meta(min_length=1, max_length=64)]


class PresentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An invoice of yours that its buyer is to confirm. `document_sha256` is that of the invoice as it was sent, 64 hexadecimal digits."""

    buyer_id: MemberId
    number: Annotated[str, one_line(100)]
    money: Money
    due_on: ContractDay
    document_sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class DeclineRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(MOST_CHARACTERS, least=1)]


class ReceivablesQuery(Waiting, frozen=True, kw_only=True):
    """What you are owed, or with `as=buyer` what you owe. Officers name the member."""

    as_: Literal["supplier", "buyer"] = msgspec.field(name="as", default="supplier")
    status: Status | None = None
    member_id: MemberId | None = None
