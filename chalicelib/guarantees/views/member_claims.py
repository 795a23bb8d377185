"""A claim between members, as its two sides and officers see it, and what they send about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.guarantees.rules import member_claim
from chalicelib.guarantees.rules.member_claim_timers import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class PartyView(msgspec.Struct, frozen=True, kw_only=True):
    seat: int
    member_id: str


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer. `excess` came beyond what was left, and goes back."""

    bank_id: str
    bank_ref: str
    money: Money
    excess: Money
    at: datetime


class MemberClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """What `debtor` owes `creditor` for what that one paid a bank in its place. `reference` is what a transfer has to name.

    `owed` is what is owed in all, `paid` what of it came, `remaining` what is still to be paid. A claim is `held` until the bank has what
    the call asks for; money for it that comes before is kept in suspense, as is money for one that has ended.
    """

    id: str
    version: int
    kind: member_claim.Kind
    status: member_claim.Status
    reference: str
    loan_id: str
    group_id: str
    call_id: str | None
    instalment: int | None
    debtor: PartyView
    creditor: PartyView
    owed: Money
    paid: Money
    remaining: Money
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    policy: str
    payable_at: datetime | None
    lapses_at: datetime | None
    receipts: list[ReceiptView]
    disputed_at: datetime | None
    dispute: str | None
    decision: member_claim.Decision | None
    decision_text: str | None
    ended_at: datetime | None
    why: member_claim.Why | None
    """What ended it."""


def view(
    claim: member_claim.MemberClaim, context: member_claim.Context, actor: member_claim.Actor, now: datetime
) -> MemberClaimView:
    return view_of(
        MemberClaimView,
        claim,
        reference=claim.id,
        instalment=claim.instalment or None,
        owed=Money.of(claim.minor, claim.currency),
        receipts=[view_of(ReceiptView, each, claim.currency) for each in claim.receipts],
        **MACHINE.offer(claim, actor, context, now),
    )


class MemberClaimsQuery(Waiting, frozen=True, kw_only=True):
    """A member sees what it is owed, or with `as=debtor` what it owes. Officers name the member, or the loan."""

    as_: Literal["creditor", "debtor"] = msgspec.field(name="as", default="creditor")
    """Which side of them the caller is on."""
    status: member_claim.Status | None = None
    """Only those in this status."""
    member_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The member, by its id."""
    loan_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The loan, by its id."""


class DisputeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, prose(member_claim.MOST_CHARACTERS, least=1)]
    """Why it is not owed."""


class DecideDisputeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    decision: member_claim.Decision
    """Whether the claim stands."""
    text: Annotated[str, prose(member_claim.MOST_CHARACTERS, least=1)]
    """The decision in words that both sides read."""


class RescueRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So much a guarantor offers to lend at most. What the instalment comes to it is not told: the bank takes what is unpaid."""

    money: Money
    """How much is offered at most."""
