"""A partner bank, played by the sandbox: signs an event with the bank's newest key and sends it to our own endpoint."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.banks.rules import inbox as banks_inbox_rules
from chalicelib.banks.rules.inbox import Status
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.views.inbox import BankEventAccepted
from chalicelib.shared import clock, ids, webhooks
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import encode
from chalicelib.shared.periods import wire
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


class BankEventRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An event for the bank to send."""

    type: Annotated[str, msgspec.Meta(max_length=100)]
    """The type of the event, such as `payment.received`."""
    data: dict[str, Any] = {}
    """What the bank says, in the form of the type."""
    timestamp: BookMoment | None = None
    """When it happened; now, where it is left out."""
    id: Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x2d\x2f-\x7e]{1,255}$(?!\n)")] | None = None
    """The bank's own name for it: visible ASCII without a full stop. The same again is the same event again."""


class BankEventSent(msgspec.Struct, frozen=True, kw_only=True):
    """What our endpoint answered: the event's `id` here, and `webhook_id`, the bank's name for it."""

    id: str
    webhook_id: str
    status: Status


def send(bank_id: str, to_send: BankEventRequest, request: RequestContext) -> StoredResponse:
    """Sign the event and send it as the bank does. Answers as our endpoint did."""
    keys = banks_inbox.keys(bank_id, request.now)
    if not keys:
        raise NotFound(say("There is no partner bank {bank_id!r:.60} with a key in this stage.", bank_id=bank_id))
    webhook_id = to_send.id or ids.new_id("msg", request.now)
    happened_at = to_send.timestamp or _told_at(bank_id, webhook_id) or request.now
    body = encode({"type": to_send.type, "timestamp": wire(happened_at), "data": to_send.data})
    taken = banks_inbox.receive(bank_id, webhooks.sign(keys[:1], webhook_id, clock.real(), body), body, request)
    event = msgspec.json.decode(taken.body, type=BankEventAccepted)
    return StoredResponse(encode(BankEventSent(id=event.id, webhook_id=webhook_id, status=event.status)), taken.status)


class _Message(msgspec.Struct):
    timestamp: datetime


def _told_at(bank_id: str, webhook_id: str) -> datetime | None:
    """When the bank said this happened, where it has sent it before: repeated, the message must be the same to the byte."""
    try:
        _, raw = banks_inbox.find(banks_inbox_rules.name_of(bank_id, webhook_id))
    except NotFound:
        return None
    return msgspec.json.decode(raw, type=_Message).timestamp
