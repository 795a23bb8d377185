"""Consents, as the firm and officers see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.credit.rules.consent import MACHINE, MOST_BANKS, Actor, Consent, Context, DataClass, Purpose, Status
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of

BankId = Annotated[str, Meta(pattern="^[a-z]{2,16}$")]


class ConsentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`credit` is for the banks named; `pre_offers` and `publish_integrity` for none. The last day, `until`, is covered."""

    purpose: Purpose
    """What the consent is for."""
    data_classes: Annotated[list[DataClass], Meta(min_length=1, max_length=9)]
    """What may be seen. Pre-offers take `exports`, a published level takes `integrity`."""
    until: ContractDay
    bank_ids: Annotated[list[BankId], Meta(max_length=MOST_BANKS)] = []
    """The banks that may see it."""


class ConsentsQuery(Waiting, frozen=True, kw_only=True):
    """An officer names the firm; a firm sees its own."""

    firm_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The firm, by its member id."""
    status: Status | None = None
    """Only those in this status."""


class ConsentView(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm allows. `given_by` and `withdrawn_by` are its persons; `ended_at` is when it was withdrawn or its time was over."""

    id: str
    version: int
    firm_id: str
    status: Status
    purpose: Purpose
    bank_ids: list[str]
    data_classes: list[DataClass]
    until: date
    given_by: str
    withdrawn_by: str | None
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(consent: Consent, context: Context, actor: Actor, now: datetime) -> ConsentView:
    return view_of(ConsentView, consent, **MACHINE.offer(consent, actor, context, now))
