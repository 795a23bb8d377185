"""What a supplier owes for a claim that the platform advanced, as a value, and the figures that follow from it. Pure.

    left      = advanced - received                     in the order's currency
    repaid    = cover x received // advanced            US cents of the limit that are free again; the last receipt brings the rest

Statuses (source: protection.md 2.5):

    open         the advance is known; nothing was asked of the supplier yet
    demanded     a debit of the supplier's account is under way, or waits for an account
    setoff       the debit did not bring it in time: what becomes free of the supplier's balance is taken
    suspended    30 days have passed: the supplier takes no new cover until it has paid
    instalments  an officer accepted a plan, and the supplier keeps it

    debited      the first debit brought all that was left   recovered    all was paid, later or in another way
    written_off  an officer gave it up; the limit stays as low as it is, and what still comes is taken

Which money brought the last of it is `why`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import NoRoom, most
from chalicelib.shared.state_machine import Versioned
from chalicelib.suppliers.rules.balance import Balance

Status = Literal["open", "demanded", "setoff", "suspended", "instalments", "debited", "recovered", "written_off"]
Means = Literal["debit", "setoff", "manual"]
"""How money came: the bank collected it, it was taken from the supplier's balance, an officer recorded it."""
Why = Means | Literal["written_off"]
"""What ended a recovery: the money that brought the last of it, or that an officer gave it up."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"debited", "recovered", "written_off"})
ASKED: Final[frozenset[Status]] = frozenset({"demanded", "setoff", "suspended"})
"""All of what is left is due, and a plan may still be agreed on."""


MOST_RECEIPTS: Final = 400
MOST_MANUAL: Final = 200
"""Receipts that officers record: the rest is left for banks and for what is set off."""
MOST_SET_OFF: Final = 20
"""So many of the last amounts that were set off are named. The sum of all is in `received_minor`, each is in the timeline."""


class TooManyReceipts(NoRoom):
    code = "too_many_receipts"
    title = "A recovery holds no more receipts that officers record."
    fix = "Collect what comes and record it as one receipt, under the bank's reference of the last payment."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of recoveries: `chalicelib/policies/recoveries/`. Days are 24 hours but for business days.

    `debit_days_beyond_calendar`: so long the banks are given where the calendar does not know the days yet; it is more than the longest holidays take.
    """

    calendar: str
    debit_business_days: int
    debit_days_beyond_calendar: int
    suspend_after_days: int
    write_off_after_days: int
    most_instalments: int
    instalments_within_days: int
    answer_plan_days: int


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform paid a buyer in the supplier's place: the amount, and how much of the supplier's cover it took, in US cents.

    A claim may be paid twice: `purpose` says for which payment it was. Where a buyer's bank took back a card or wallet payment that its
    supplier had had, `claim_id` is that payment's, and `purpose` the acquirer's name for the chargeback.
    """

    claim_id: str
    order_id: str
    supplier_id: str
    amount_minor: int
    currency: str
    usd_minor: int
    purpose: str = ""


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the supplier's bank is asked to debit."""

    bank_id: str
    account: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money that came. `source` names it: the bank's instruction, a draw, a bank's reference.

    `excess_minor` was collected above what was owed, and went to the supplier's balance, but for `made_good_minor`, which took the place of what
    went there and was charged back. `seq` is the place of the bank's word in the
    chain of its instruction; `charged_back_at` where a later word was that the money went back.
    """

    by: Means
    source: str
    amount_minor: int
    at: datetime
    usd_minor: int = 0
    excess_minor: int = 0
    made_good_minor: int = 0
    seq: int = 0
    charged_back_at: datetime | None = None


class Instalment(msgspec.Struct, frozen=True, kw_only=True):
    """Part of what is left. Called for at `due_at`, the beginning of its day; the plan ends if it is not there at `missed_at`."""

    on: date
    amount_minor: int
    due_at: datetime
    missed_at: datetime


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Instalments that add up to what was left when `received_minor` had come. What comes early counts for the first of them."""

    instalments: Annotated[tuple[Instalment, ...], most(24)]
    received_minor: int
    asked_at: datetime
    answer_due_at: datetime
    called: int = 0


class Recovery(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One recovery. `version` counts its changes, `entry_hash` is that of its last journal entry, `recent` names the last few."""

    id: str
    advance: Advance
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    account: Account | None = None
    debit_due_at: datetime
    debit_minor: int = 0
    """What the bank was told to debit and has not answered yet."""
    received_minor: int = 0
    repaid_usd_minor: int = 0
    written_off_minor: int = 0
    receipts: Annotated[tuple[Receipt, ...], most(MOST_RECEIPTS)] = ()
    proposed: Plan | None = None
    plan: Plan | None = None
    suspended_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def supplier_id(self) -> str:
        return self.advance.supplier_id

    @property
    def currency(self) -> str:
        return self.advance.currency

    @property
    def remaining_minor(self) -> int:
        """What has not come, written off or not."""
        return self.advance.amount_minor - self.received_minor

    @property
    def excess_returned_minor(self) -> int:
        """What went to the supplier's balance, was charged back, and did not come again."""
        gone = sum(receipt.excess_minor for receipt in self.receipts if receipt.charged_back_at)
        return gone - sum(receipt.made_good_minor for receipt in self.receipts)

    @property
    def is_overdue(self) -> bool:
        """Whether the supplier is kept out of the programme for it."""
        return self.status == "suspended" or (self.status == "written_off" and self.suspended_at is not None)

    @property
    def why(self) -> Why | None:
        """What ended it. None while it runs."""
        if self.ended_at is None or self.status == "written_off":
            return "written_off" if self.ended_at else None
        return next(
            receipt.by for receipt in reversed(self.receipts) if receipt.amount_minor and not receipt.charged_back_at
        )

    def has_applied(self, instruction_id: str, seq: int) -> bool:
        """Whether this word of a debit, or a later one, was taken in: words come twice and in any order, the last one counts."""
        return any(receipt.source == instruction_id and receipt.seq >= seq for receipt in self.receipts)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a recovery is decided on: the policy it pinned, and the supplier's balance where that was read for it."""

    policy: Policy
    balance: Balance | None = None


def due_minor(recovery: Recovery, now: datetime) -> int:
    """What the supplier should have paid by now and has not: all of it, or what a plan has called for."""
    if recovery.status in ENDS:
        return 0
    if recovery.status != "instalments" or recovery.plan is None:
        return recovery.remaining_minor
    due = sum(part.amount_minor for part in recovery.plan.instalments if part.due_at <= now)
    return max(0, due - paid_since(recovery, recovery.plan))


def to_set_off_minor(recovery: Recovery, now: datetime) -> int:
    """What may be taken from the supplier's balance: what is due and not just being debited. Nothing is asked for twice."""
    return max(0, due_minor(recovery, now) - recovery.debit_minor)


def paid_since(recovery: Recovery, plan: Plan) -> int:
    """What has come since the plan was proposed."""
    return recovery.received_minor - plan.received_minor


def repaid_usd_after(recovery: Recovery, received_minor: int) -> int:
    """US cents of cover that so much received makes free: in proportion, rounded down, exact at the end."""
    return recovery.advance.usd_minor * received_minor // recovery.advance.amount_minor


def with_receipt(receipts: tuple[Receipt, ...], receipt: Receipt) -> tuple[Receipt, ...]:
    """One receipt more. Of those that were set off, which nobody takes back, only the last are kept."""
    if receipt.by != "setoff":
        return (*receipts, receipt)
    before = [each for each in receipts if each.by == "setoff"]
    gone = before[: max(0, len(before) + 1 - MOST_SET_OFF)]
    return (*(each for each in receipts if each not in gone), receipt)
