"""What one member of a group owes another for what that one paid to a bank in its place, as a value. Pure.

Kinds:

    contribution     a member bore less of a call than its fair share, another one more
    recourse         the same, where the one who owes failed the call
    debtor_recourse  the debtor of the loan owes each guarantor what that one bore for it
    restitution      a guarantor got back more than it bore: the debtor paid it twice
    rescue           a member lent the debtor an instalment before default

Statuses:

    offered    a member offers to lend an instalment, and the bank has not reported the payment yet
    held       it exists, and waits until the bank has what the call asks for
    payable    whoever owes it is to pay
    overdue    it did not in time
    disputed   it says that it does not owe it, and an officer decides

    paid       all that is owed came          waived  who is owed it gave it up
    withdrawn  nothing is owed any more       lapsed  the offer was not paid for in time, or the claim is time-barred

`minor` is owed in all, `paid_minor` what of it came. A claim that ended because nothing was owed, or because all came, is open again when
more is owed; one that was given up, or lapsed, is not. Law: Civil Code, articles 519 and 700 (who paid has recourse, not against the bank's
interest), 188 and 195 (three years, anew from each payment).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.periods import Calendar, business_days_at_most
from chalicelib.shared.state_machine import Versioned

Kind = Literal["contribution", "recourse", "debtor_recourse", "restitution", "rescue"]
Status = Literal["offered", "held", "payable", "overdue", "disputed", "paid", "waived", "withdrawn", "lapsed"]
Actor = Literal["debtor", "creditor", "officer"]
Why = Literal[
    "paid", "waived", "nothing_owed", "offer_withdrawn", "not_owed", "not_lent_in_time", "defaulted", "time_barred"
]
"""What ended it."""
Decision = Literal["stands", "not_owed"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"paid", "waived", "withdrawn", "lapsed"})
MOST_OFFERS: Final = 5
MOST_RECEIPTS: Final = 60
MOST_CHARACTERS: Final = 1_000


class TooManyReceipts(NoRoom):
    code = "too_many_payments_of_a_claim"
    title = "A claim between members holds no more payments."
    fix = "Pay what is left in one transfer; an officer gives back what came beyond."


class TooManyOffers(NoRoom):
    code = "too_many_offers_of_a_rescue"
    title = "That instalment has been offered as often as it may be."
    fix = "Pay it at the bank, as a guarantor of the loan: the debtor owes it to you as if you had offered."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/member-claims/`. `pay_days`, `dispute_days` and `rescue_days` are business days.

    What is less than `least_minor` is not collected. A claim that waits for the bank for `hold_days` waits no longer; who owes is not asked
    any more when `limitation_days` have passed. What a rescue lends is to be paid back in `lend_days`.
    """

    calendar: str
    least_minor: int
    pay_days: int
    dispute_days: int
    hold_days: int
    limitation_days: int
    rescue_days: int
    lend_days: int
    longest_holidays_days: int


class Party(msgspec.Struct, frozen=True):
    """One side of a claim: a member, by its seat in the group."""

    seat: int
    member_id: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A transfer of whoever owes. `excess_minor` came beyond what was left, and goes back."""

    bank_id: str
    bank_ref: str
    amount_minor: int
    at: datetime
    excess_minor: int = 0


class MemberClaim(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One claim. `version` counts its changes, `entry_hash` is that of its last journal entry, `recent` names the last few.

    `due_at` is when whoever has to do something has to have done it, `lapses_at` when the claim is time-barred. A rescue names the
    `instalment` it pays, and by `bank_ref` the repayment that did.
    """

    id: str
    kind: Kind
    loan_id: str
    group_id: str
    bank_id: str
    call_id: str = ""
    debtor: Party
    creditor: Party
    currency: str
    minor: int
    paid_minor: int = 0
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None = None
    payable_at: datetime | None = None
    lapses_at: datetime | None = None
    receipts: Annotated[tuple[Receipt, ...], most(MOST_RECEIPTS)] = ()
    disputed_at: datetime | None = None
    dispute: Annotated[str, characters(MOST_CHARACTERS)] = ""
    decision: Decision | None = None
    decided_by: Annotated[str, characters(100)] = ""
    decision_text: Annotated[str, characters(MOST_CHARACTERS)] = ""
    instalment: int = 0
    bank_ref: str = ""
    why: Why | None = None
    ended_at: datetime | None = None

    @property
    def remaining_minor(self) -> int:
        """What is still owed: nothing of what is only offered, or has ended."""
        return 0 if self.status in ENDS or self.status == "offered" else self.minor - self.paid_minor


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a claim is decided on: the policy it pinned, and its calendar."""

    policy: Policy
    calendar: Calendar

    def payment_due(self, claim_kind: Kind, start: datetime) -> datetime:
        """Until when a claim is to be paid that is payable from `start` on."""
        if claim_kind == "rescue":
            return start + timedelta(days=self.policy.lend_days)
        return self.after(start, self.policy.pay_days)

    def after(self, start: datetime, days: int) -> datetime:
        """So many business days later."""
        return business_days_at_most(start, days, self.calendar, self.policy.longest_holidays_days)

    def time_barred(self, start: datetime) -> datetime:
        return start + timedelta(days=self.policy.limitation_days)


def id_of(call_id: str, debtor_seat: int, creditor_seat: int, kind: Kind) -> str:
    """The one claim of a kind between two seats of a call."""
    return ids.derived_id("mcl", call_id, str(debtor_seat), str(creditor_seat), kind)


def offer_ids(loan_id: str, instalment: int) -> list[str]:
    """The names of all offers to lend an instalment, in their order: the next is made where the one before came to nothing."""
    return [ids.derived_id("mcl", loan_id, str(instalment), str(number)) for number in range(1, MOST_OFFERS + 1)]


def id_of_repayment(loan_id: str, bank_ref: str, kind: Kind) -> str:
    """The one claim of a kind for a repayment that nobody had offered."""
    return ids.derived_id("mcl", loan_id, bank_ref, kind)
