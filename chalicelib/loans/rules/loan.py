"""A loan, as a value: one draw of a credit line, from the request on. Pure.

Statuses:

    draw_requested  the bank has been asked to disburse
    draw_closed     it did not: failed, cancelled or too late
    current         disbursed, and nothing of weight is overdue
    in_arrears      one day past due or more
    paused          hardship: days do not count and bear no penalty
    defaulted       the bank has declared it
    called          and has asked the guarantors for what is owed
    in_recovery     they did not pay it all: the rest is the bank's to enforce
    settled_by_guarantors
                    nothing is owed to the bank; the guarantors have claims against the debtor
    repaid          nothing is owed
    written_off     the bank has given up the rest; what still comes is a recovery
    closed          the bank has closed its file

The bank lends and keeps the books; a loan here mirrors them. It keeps facts, not balances of each day: what was scheduled, paid, reversed,
charged and paused. `position.py` works out from them what is owed as of any day, so facts may come late and in any order. When a list of
facts is full, those that no bank may change any more are folded into the `portions` it begins with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import accumulate
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.banks.rules.protocol import MinorOrNone
from chalicelib.credit.rules.products import Method, Product, ProductKind
from chalicelib.credit.rules.schedule import Instalment
from chalicelib.groups.rules.guarantee import MOST_GUARANTORS, Guarantee
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.ranges import BankDay
from chalicelib.shared.state_machine import Versioned

Status = Literal[
    "draw_requested",
    "draw_closed",
    "current",
    "in_arrears",
    "paused",
    "defaulted",
    "called",
    "in_recovery",
    "settled_by_guarantors",
    "repaid",
    "written_off",
    "closed",
]
Actor = Literal["borrower", "bank", "officer"]
Guarantor = Literal["guarantor", "guarantor_consented"]
"""Who is asked to consent to a heavier schedule, and who has."""
Payer = Literal["debtor", "guarantor", "pool", "collateral", "receivable"]
Cause = Literal["dpd", "unlikely_to_pay"]
ChargeKind = Literal["interest", "penalty"]
Outcome = Literal["open", "confirmed", "exhausted"]
"""Of a call on the guarantors: it runs, the bank has all, or nobody is left who could pay."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
FOR_THE_DEBTOR: Final[frozenset[Payer]] = frozenset({"guarantor", "pool"})
"""Who pays what the debtor owes, and has a claim against it."""
ENDS: Final[frozenset[Status]] = frozenset({"draw_closed", "closed"})
OWING: Final[frozenset[Status]] = frozenset({"current", "in_arrears", "paused", "defaulted", "called", "in_recovery"})
"""Disbursed and not repaid: it bears interest and takes payments."""
MOST_INSTALMENTS: Final = 60
MOST_RECEIVABLES: Final = 5
"""So many that a draw is one commit: loan, entry, line, exposure and they."""
MOST_PORTIONS: Final = 150
"""Those of the schedule in force, what earlier ones left, and one for all that is settled."""
MOST_REPAYMENTS: Final = 64
MOST_CHANGES: Final = 4
MOST_CHARGES: Final = 64
MOST_PAUSES: Final = 12
MOST_SUMS: Final = 20
"""Of what guarantors paid: one for each seat in the call that runs, one for each before it, and one for what has no seat."""
NO_SEAT: Final = 0


class TooManyFacts(NoRoom):
    code = "too_many_facts_of_a_loan"
    title = "The loan takes no more of that now."
    fix = "Wait until what is older than 30 days is folded, or let an officer see to it."


class Split(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a payment went to. `surplus` is what nothing was owed for: the bank gives it back."""

    penalty_minor: int = 0
    fee_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0
    surplus_minor: int = 0

    @property
    def total_minor(self) -> int:
        return sum(msgspec.structs.astuple(self))

    def __add__(self, other: Split) -> Split:
        ours, theirs = msgspec.structs.asdict(self), msgspec.structs.asdict(other)
        return Split(**{part: minor + theirs[part] for part, minor in ours.items()})

    def __neg__(self) -> Split:
        return Split(**{part: -minor for part, minor in msgspec.structs.asdict(self).items()})


class Portion(msgspec.Struct, kw_only=True, array_like=True):
    """An instalment and how far it has come. Mutable: `position.py` carries copies forward, a loan's own are never touched.

    `balance_minor` is the principal that its interest was reckoned on. `principal_days`: principal not yet repaid from this instalment on,
    times days of its period. `penalty_days`: what of it is overdue, times days that bear penalty; `paused_days`: times overdue days that bear
    none. `charged_…`: what the bank charged over our figure; `carried_…`: what an earlier schedule left to be paid with it.
    """

    number: int
    from_on: date
    until_on: date
    due_on: date
    principal_minor: int
    interest_minor: int
    fee_minor: int
    balance_minor: int
    principal_paid_minor: int = 0
    interest_paid_minor: int = 0
    fee_paid_minor: int = 0
    penalty_paid_minor: int = 0
    principal_days: int = 0
    penalty_days: int = 0
    paused_days: int = 0
    charged_interest_minor: int = 0
    charged_penalty_minor: int = 0
    carried_interest_minor: int = 0
    carried_penalty_minor: int = 0

    @property
    def unpaid_principal_minor(self) -> int:
        return self.principal_minor - self.principal_paid_minor

    @property
    def unpaid_fee_minor(self) -> int:
        return self.fee_minor - self.fee_paid_minor


def portions_of(schedule: Iterable[Instalment]) -> list[Portion]:
    """The instalments of a schedule, of which nothing has come yet."""
    planned = list(schedule)
    balances = [*accumulate(each.principal_minor for each in reversed(planned))][::-1]
    return [
        Portion(balance_minor=balance, **msgspec.structs.asdict(each))
        for each, balance in zip(planned, balances, strict=True)
    ]


class Repayment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money that a bank has received for a loan. `split` is the bank's own, which stands; `booked` is what the books hold now.

    `reversed_minor` of it were taken back, by the bank's references `reversals`. A guarantor's is for its `seat`, and for the call `call_id`
    where one ran.
    """

    bank_ref: str
    value_on: date
    amount_minor: int
    payer: Payer = "debtor"
    seat: int = NO_SEAT
    call_id: str = ""
    split: Split | None = None
    booked: Split = Split()
    reversed_minor: int = 0
    reversals: Annotated[tuple[str, ...], most(4)] = ()

    @property
    def kept_minor(self) -> int:
        return self.amount_minor - self.reversed_minor

    def with_reversal(self, bank_ref: str, minor: int) -> Repayment:
        """What the bank has taken back of it. How it split what is left it has not said."""
        return msgspec.structs.replace(
            self, reversed_minor=self.reversed_minor + minor, reversals=(*self.reversals, bank_ref), split=None
        )


class GuarantorSum(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a seat has paid, on a call or before any, by payments that are folded or came after a write-off. Pools have NO_SEAT."""

    seat: int
    minor: int
    call_id: str = ""


class CertifiedCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the bank has asked of the guarantors. `call_id` is its name for the call, and the amounts are those it certified for `cut_off`.

    `requested_ref` is the bank's reference of the request, which it uses once. `ours_minor` is what we had as owed on that day, and
    `charged_until` the last day for which the bank has charged interest or penalty since: what accrued later is called with it.
    """

    call_id: str
    requested_ref: str
    requested_on: date
    cut_off: date
    principal_minor: int
    interest_minor: int
    penalty_minor: int
    ours_minor: int
    charged_until: date
    outcome: Outcome = "open"

    @property
    def certified_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.penalty_minor


class ScheduleChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another schedule, from a day on. `restructures`: it also takes over what was overdue."""

    version: int
    on: date
    instalments: Annotated[tuple[Instalment, ...], most(MOST_INSTALMENTS)]
    restructures: bool = False


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank charged until a day, over or under what this side has worked out: the bank's figure stands."""

    kind: ChargeKind
    until_on: date
    over_minor: int


class Pause(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Days of hardship, `to_on` not among them."""

    from_on: date
    to_on: date


class PlannedInstalment(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a bank's schedule: what is to be paid on that day."""

    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    due_date: BankDay
    principal: MinorOrNone
    interest: MinorOrNone
    fee: MinorOrNone = 0


class HardshipRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The borrower asks for a pause. The bank's `hardship.granted` answers it; `due_at` is when it lapses."""

    from_on: date
    to_on: date
    reason: Annotated[str, characters(1_000)]
    asked_at: datetime
    due_at: datetime


class Heavier(msgspec.Struct, frozen=True, kw_only=True):
    """What a schedule asks for beyond the one in force: `minor` more in all, and whether it ends later."""

    minor: int
    is_later: bool


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantor's, to a heavier schedule, by a person of its firm."""

    seat: int
    by: str
    at: datetime


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantor that answers for `minor` less than the loan has become: it has not agreed to what made it heavier."""

    seat: int
    minor: int


class Restructuring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another schedule that is proposed. It binds once the borrower has signed its hash and the bank has put it in force; it lapses at `due_at`.

    Where it is `heavier` it binds those guarantors that have consented.
    """

    id: str
    hash: str
    planned: Annotated[tuple[PlannedInstalment, ...], most(MOST_INSTALMENTS)]
    proposed_by: str
    reason: Annotated[str, characters(1_000)]
    proposed_at: datetime
    due_at: datetime
    signed_by: str = ""
    signed_at: datetime | None = None
    heavier: Heavier | None = None
    consents: Annotated[tuple[Consent, ...], most(MOST_GUARANTORS, why="each guarantor once")] = ()

    @property
    def consented(self) -> list[int]:
        """The seats that have."""
        return [each.seat for each in self.consents]


class Booked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the mirror accounts of a loan hold: all that it ever bore, and all that was ever paid of it."""

    interest_minor: int = 0
    penalty_minor: int = 0
    fee_minor: int = 0
    paid: Split = Split()
    written_off: Split = Split()
    recovered_minor: int = 0


class Introduction(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank owes the platform for the borrower: `fee_bp` of what it disbursed, worked out when it told of that."""

    told_at: datetime
    fee_bp: int
    fee_minor: int


class Loan(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One loan. `version` counts its changes, `bank_seq` is the number of the bank's last event that was applied, or 0.

    `policy` is the hash of the credit products it was drawn under; `revolves`: what is paid back can be drawn again. `amount_minor` is what was asked for, then what was disbursed on
    `value_on` at `rate_bp`. `portions` are its instalments as they stood on `folded_on`, and the facts are all that came since.
    """

    id: str
    line_id: str
    member_id: str
    bank_id: str
    product_id: str
    kind: ProductKind
    revolves: bool = False
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    currency: str
    amount_minor: int
    months: int
    method: Method
    # the draw
    due_at: datetime | None = None
    """Until when the bank is to disburse."""
    closes_at: datetime | None = None
    """When the draw is closed, if it has not."""
    approved_at: datetime | None = None
    reason: Annotated[str, characters(200)] = ""
    pledged: Annotated[tuple[str, ...], most(MOST_RECEIVABLES)] = ()
    """Receivables that it is drawn against, by id."""
    # the loan
    value_on: date | None = None
    told_at: datetime | None = None
    """When the bank told that it had disbursed."""
    rate_bp: int = 0
    fee_minor: int | None = None
    """What is taken when it is disbursed: agreed, then as the bank has taken it. None of draws made before that was kept: the product's."""
    schedule_version: int = 1
    introduced: Introduction | None = None
    folded_on: date | None = None
    portions: Annotated[tuple[Portion, ...], most(MOST_PORTIONS)] = ()
    repayments: Annotated[tuple[Repayment, ...], most(MOST_REPAYMENTS)] = ()
    changes: Annotated[tuple[ScheduleChange, ...], most(MOST_CHANGES)] = ()
    charges: Annotated[tuple[Charge, ...], most(MOST_CHARGES)] = ()
    pauses: Annotated[tuple[Pause, ...], most(MOST_PAUSES)] = ()
    booked: Booked = Booked()
    # the guarantee
    guarantee: Guarantee | None = None
    guaranteed_until: date | None = None
    """The last day on which the bank may call on the guarantors."""
    period_noticed_on: date | None = None
    """When the bank was last told that this day comes near."""
    call: CertifiedCall | None = None
    released: Annotated[tuple[Release, ...], most(MOST_GUARANTORS, why="one for each guarantor")] = ()
    """Guarantors that do not answer for what restructurings made heavier, and for how much."""
    withdrawn_calls: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    """Which calls the bank has withdrawn, by the references of their requests: whoever hears of one late still learns that."""
    call_ids: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    """What the bank has called its calls: a guarantor's payment may cross with the end of one."""
    punctual: int = 0
    """How many instalments the debtor has paid by their due dates, with its own money; kept where a group's draws wait for it."""
    punctual_folded: int = 0
    guarantor_sums: Annotated[tuple[GuarantorSum, ...], most(MOST_SUMS, why="folding adds up what is alike")] = ()
    late_sums: Annotated[tuple[GuarantorSum, ...], most(MOST_SUMS, why="what is alike is added up")] = ()
    late_minor: int = 0
    """What guarantors and pools, and what others, have paid after it was written off."""
    receivables_folded_minor: int = 0
    surplus_folded_minor: int = 0
    helped_folded_on: date | None = None
    """Of payments that are folded: what receivables have paid, what nothing was owed for, and when another paid for the debtor last."""
    # what became of it
    defaulted_on: date | None = None
    written_off_on: date | None = None
    written_off_told_at: datetime | None = None
    cured_on: date | None = None
    restructured_on: date | None = None
    repaid_on: date | None = None
    worst_dpd: int = 0
    hardship: HardshipRequest | None = None
    restructuring: Restructuring | None = None
    repaid_on_time: bool | None = None
    arrears_at: datetime | None = None
    """When, as facts stand, it is one day past due."""
    pause_at: datetime | None = None
    """When a pause begins, or the one that runs ends."""
    remind_at: datetime | None = None
    """When the borrower is reminded next: before an instalment falls due, and soon after."""
    counts_at: datetime | None = None
    """When an instalment that is paid already counts as punctual: on its due date."""
    group_at: datetime | None = None
    """When the group hears of it next: before an instalment falls due, and while it is late."""

    @property
    def pending_minor(self) -> int:
        """What has been asked for and is not disbursed yet."""
        return self.amount_minor if self.status == "draw_requested" else 0

    @property
    def outstanding_minor(self) -> int:
        """What is lent by it, as the books have it: neither paid back nor written off."""
        gone = self.booked.paid.principal_minor + self.booked.written_off.principal_minor
        return self.amount_minor - gone if self.value_on else 0

    @property
    def unconsented(self) -> list[int]:
        """The seats that a heavier schedule, were it put in force now, would not bind."""
        proposed = self.restructuring
        if proposed is None or proposed.heavier is None or self.guarantee is None or not self.guarantee.binds:
            return []
        return [seat for seat in self.guarantee.seats if seat not in proposed.consented]

    @property
    def is_open(self) -> bool:
        """Whether the bank has been asked for it, or something is owed to it."""
        return self.status == "draw_requested" or self.status in OWING

    @property
    def is_called(self) -> bool:
        """Whether a call on the guarantors runs."""
        return self.call is not None and self.call.outcome == "open"

    @property
    def guarantor_payments(self) -> Iterator[GuarantorSum]:
        """What guarantors and pools have paid and the bank has kept, payment by payment where it is not folded."""
        yield from self.guarantor_sums
        for each in self.repayments:
            if each.payer in FOR_THE_DEBTOR and each.kept_minor:
                yield GuarantorSum(seat=each.seat, minor=each.kept_minor, call_id=each.call_id)

    @property
    def helped_on(self) -> list[date]:
        """The days on which another paid for the debtor; of those that are folded the last."""
        folded = [self.helped_folded_on] if self.helped_folded_on else []
        days = (each.value_on for each in self.repayments if each.payer in FOR_THE_DEBTOR and each.kept_minor)
        return [*folded, *days]

    @property
    def receivables_paid_minor(self) -> int:
        """What the bank has told of that came out of receivables."""
        paid = (each.kept_minor for each in self.repayments if each.payer == "receivable")
        return self.receivables_folded_minor + sum(paid)

    def paid_by_seat(self, call_id: str | None = None) -> dict[int, int]:
        """The same by seat; of one call where it is named."""
        paid: Counter[int] = Counter()
        for each in (*self.guarantor_payments, *self.late_sums):
            if call_id in (None, each.call_id):
                paid[each.seat] += each.minor
        return dict(paid)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of all loans: `chalicelib/policies/loans/`, the version of the day on which one was asked for.

    A value date lies `backdated_days` back at most. The borrower is reminded `reminder_days` before an instalment falls due and, when it hears of its arrears
    on the first day past due, `late_reminder_days` past due once more. A group is told of a member that is late after `group_told_days`, a bank of the end of a guarantee period
    `period_notice_days` before. Who never was more than `on_time_days` late has paid on time. For `probation_days` after a
    cure or a restructuring a loan is watched. Pauses are `pause_days` in all at most.
    """

    backdated_days: int
    reminder_days: tuple[int, ...]
    late_reminder_days: tuple[int, ...]
    group_told_days: tuple[int, ...]
    period_notice_days: tuple[int, ...]
    on_time_days: int
    probation_days: int
    pause_days: int
    hardship_answer_days: int
    restructuring_days: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a loan is decided on: its product, as it was when the loan was drawn, and what holds of all loans."""

    product: Product
    policy: Policy
