"""A claim as a value: what a buyer asks for of an order that was covered, and everything that was said and decided about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, TypeVar, get_args

import msgspec

from chalicelib.claims.rules.reasons import PartyName, Reason
from chalicelib.claims.rules.verdict.book import Outcome, Verdict
from chalicelib.claims.rules.verdict.case import Case, Finding
from chalicelib.orders.rules.order import Side
from chalicelib.orders.rules.terms import LineNumber
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.state_machine import Versioned

T = TypeVar("T")
Status = Literal[
    "negotiating",
    "agreed",
    "escalated",
    "evidence",
    "inspection",
    "review",
    "determined",
    "appealed",
    "payable",
    "paid",
    "rejected",
    "withdrawn",
    "lapsed",
    "closed_no_payment",
]
Kind = Literal["full", "partial", "discount", "return_and_refund", "replace", "none"]
"""What an offer or a settlement is about. `none` is the supplier's outright refusal."""
OfferStatus = Literal["open", "accepted", "declined", "superseded"]
FileStatus = Literal["awaited", "staged", "submitted", "refused", "removed"]
Visibility = Literal["both", "platform"]
Condition = Literal["received", "damaged", "empty", "missing"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"paid", "rejected", "withdrawn", "lapsed", "closed_no_payment"})
IN_CASE: Final[frozenset[Status]] = frozenset({"escalated", "evidence", "inspection", "review"})
"""With an officer, before the determination."""
GOODS_BACK: Final[frozenset[Kind]] = frozenset({"return_and_refund"})
NO_MONEY: Final[frozenset[Kind]] = frozenset({"replace", "none"})
MOST_OFFERS: Final = 8
"""Of each side."""
MOST_FILES: Final = 40
"""Of each party, those that were removed or refused among them."""
MOST_EXCLUDED_REVIEWERS: Final = 50
MOST_REPRESENTATIVES: Final = 4
"""Of one side. Each stays on the claim for good."""
INTERIM_PAYMENT: Final = "interim_payment"
"""The purpose of what is paid while an appeal runs; what the final decision adds has none."""
FEE: Final = "fee"
"""The purpose of an inspection's fee that goes back unused: it is no part of what the claim is worth."""


class TooManyOffers(NoRoom):
    code = "too_many_offers"
    title = "You have made as many offers as a claim holds."
    fix = "Accept an offer of the other side's, sign a settlement, or escalate."


class TooManyAnnounced(NoRoom):
    code = "too_many_files_announced"
    title = "You have announced as many files as a claim holds, those that you removed among them."
    fix = "Submit those that are there; put several pages into one file."


class TooManyRecused(NoRoom):
    code = "too_many_recused"
    title = "So many officers have recused themselves from the claim that one more cannot be noted."
    fix = "Assign another officer instead."


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One side's proposal. It can be accepted until, and not at, `expires_at`."""

    id: str
    by: Side
    kind: Kind
    amount_minor: int
    at: datetime
    expires_at: datetime
    note: Annotated[str, characters(500)] = ""
    status: OfferStatus = "open"

    def is_live(self, now: datetime) -> bool:
        return self.status == "open" and now < self.expires_at


class Settlement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What both sides agreed on, or a determination ordered: `hash` names its text. `signed_by` are those who have signed so far."""

    kind: Kind
    amount_minor: int
    note: Annotated[str, characters(500)]
    hash: str
    signed_by: Annotated[tuple[str, ...], most(2, why="each side once")]
    at: datetime
    returned_at: datetime | None = None
    return_tracking: Annotated[str, characters(401)] = ""
    condition: Condition | None = None
    confirmed_by: Annotated[tuple[Side, ...], most(2, why="each side once")] = ()


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file of evidence. Its bytes are in the bucket under a name that says claim and file; here is what was promised of it."""

    id: str
    by: Side
    code: str
    name: Annotated[str, characters(100)]
    media_type: str
    size: int
    sha256: str
    visibility: Visibility
    at: datetime
    round: int = 1
    carried_from: str = ""
    """The claim it was handed in for, where that ended undecided and this one is about the same. Its bytes are kept under that one."""
    status: FileStatus = "awaited"
    arrived_at: datetime | None = None
    object_version: str = ""
    """The upload that arrived first, as the bucket names it: a later one under the same key is another version and never looked at."""
    submitted_at: datetime | None = None
    why: str = ""


class Inspection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An inspection that was ordered: who, for which fee, and what came of it."""

    inspector: str
    fee_minor: int
    ordered_by: str
    ordered_at: datetime
    fee_due_at: datetime
    paid_at: datetime | None = None
    bank_id: str = ""
    bank_ref: str = ""
    report_due_at: datetime | None = None
    reported_at: datetime | None = None
    report_sha256: str = ""
    finding: Finding | None = None
    fee_returned: bool = False

    @property
    def is_paid_for(self) -> bool:
        """Whether its fee has come, and its report is awaited."""
        return self.paid_at is not None and self.reported_at is None and not self.fee_returned


class Appeal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`concedes_minor` is what a supplier that appeals does not contest."""

    by: Side
    grounds: Annotated[str, characters(3000)]
    files: Annotated[tuple[str, ...], most(MOST_FILES)]
    at: datetime
    concedes_minor: int = 0


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A determination: the case as it stood, what the rules made of it, what was decided, by whom. It can be computed again at any time.

    `case_hash` names case and policy. Where the officers decide otherwise than the rules, `reasoning` says why.
    """

    number: int
    case: Case
    case_hash: str
    drafted: Verdict
    verdict: Verdict
    reasoning: Annotated[str, characters(3000)]
    cites: Annotated[tuple[str, ...], most(80)]
    by: Annotated[tuple[str, ...], most(2, why="at most two officers decide")]
    at: datetime
    final: bool = False
    default: bool = False


class OfficerDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer decides. `forged_by` and `proven_shipped_at` are findings of fact; the rest may follow the draft or not."""

    outcome: Outcome
    approved_minor: int
    supplier_fault_percent: int
    reasoning: Annotated[str, characters(3000)] = ""
    cites: Annotated[tuple[str, ...], most(80)] = ()
    forged_by: PartyName | None = None
    proven_shipped_at: datetime | None = None


RefundStatus = Literal["in_flight", "failed_and_retried", "needs_account", "with_officer"]
REFUND_STATUSES: Final[tuple[RefundStatus, ...]] = get_args(RefundStatus)
"""Who has something to do, the later the worse: the bank, again; the buyer, who is asked for another account; an officer."""


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What one officer wants to decide where two are needed: the second one confirms it or proposes something else."""

    by: str
    decision: OfficerDecision
    at: datetime


class RefundException(msgspec.Struct, frozen=True, kw_only=True):
    """Where a part of the refund stands that did not arrive at the first try. `seq` is the place of the word in its instruction's journal."""

    instruction: str
    seq: int
    status: RefundStatus


class Refund(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One payment of the refund: where it comes from, in the order's currency, and how much of it banks have settled.

    `charged_back_minor` of it the buyer has through its own bank, which took the payment back before the refund left. `overdue` counts
    how often an officer was told that it is late. `exceptions` are of parts that have not arrived after their first try.
    """

    total_minor: int
    held_minor: int = 0
    balance_minor: int = 0
    deposit_minor: int = 0
    insured_minor: int = 0
    """The part of `deposit_minor` that insurers pay in the deposit's place."""
    advance_minor: int = 0
    not_guaranteed_minor: int = 0
    unpayable_minor: int = 0
    """The part of `not_guaranteed_minor` that no payment of the order stands for."""
    fee_minor: int = 0
    settled_minor: int = 0
    settled: Annotated[tuple[str, ...], most(54, why="one for each payment it goes back to, and our own sources")] = ()
    charged_back_minor: int = 0
    exceptions: Annotated[tuple[RefundException, ...], most(54, why="as settled")] = ()
    overdue: int = 0
    at: datetime

    @property
    def status(self) -> RefundStatus:
        """Where it stands: the worst of its parts."""
        return max(
            (refund_exception.status for refund_exception in self.exceptions),
            key=REFUND_STATUSES.index,
            default="in_flight",
        )

    def with_exception(self, instruction_id: str, seq: int, status: RefundStatus) -> Refund:
        """With what an instruction's journal says of a part."""
        return msgspec.structs.replace(
            self,
            exceptions=(
                *self.without_exception(instruction_id).exceptions,
                RefundException(instruction=instruction_id, seq=seq, status=status),
            ),
        )

    def without_exception(self, instruction_id: str) -> Refund:
        """Nothing stands in the way of that part any more."""
        others = tuple(
            refund_exception for refund_exception in self.exceptions if refund_exception.instruction != instruction_id
        )
        return msgspec.structs.replace(self, exceptions=others)

    @property
    def lacking_minor(self) -> int:
        """What the supplier's own money did not pay."""
        return self.advance_minor + self.not_guaranteed_minor - self.unpayable_minor

    @property
    def is_settled(self) -> bool:
        return self.settled_minor + self.charged_back_minor >= self.total_minor


class Representative(msgspec.Struct, frozen=True):
    """An identity of the platform that has acted for a side of the claim."""

    side: Side
    name: str


class Claim(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One claim. Amounts are minor units of `currency`, the order's. `version` counts its changes: each is one entry of its chain.

    `interim_payment` is what was paid while an appeal ran, because no party contested it; `refund` what the final decision adds.
    """

    id: str
    order_id: str
    buyer_id: str
    supplier_id: str
    currency: str
    reason: Reason
    lines: Annotated[tuple[LineNumber, ...], most(100)]
    requested_minor: int
    statement: Annotated[str, characters(3000)]
    policy: str
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    filed_at: datetime
    updated_at: datetime
    partially_reserved_from_minor: int = 0
    offers: Annotated[tuple[Offer, ...], most(2 * MOST_OFFERS)] = ()
    supplier_answered: bool = False
    supplier_silent: bool = False
    rejected_outright: bool = False
    settlement: Settlement | None = None
    escalated_at: datetime | None = None
    evidence_due_at: datetime | None = None
    complete: Annotated[tuple[Side, ...], most(2, why="each side once")] = ()
    files: Annotated[tuple[File, ...], most(2 * MOST_FILES)] = ()
    inspections: Annotated[tuple[Inspection, ...], most(10, why="each designated inspector once")] = ()
    adverse_to: Side | None = None
    may_ship: bool = False
    """The buyer agreed that the goods leave while this goes on."""
    reviewer: str = ""
    excluded_reviewers: Annotated[tuple[str, ...], most(MOST_EXCLUDED_REVIEWERS)] = ()
    representatives: Annotated[tuple[Representative, ...], most(2 * MOST_REPRESENTATIVES)] = ()
    review_due_at: datetime | None = None
    overdue: int = 0
    proposed: Proposed | None = None
    decisions: Annotated[tuple[Decision, ...], most(2, why="the determination, and that of an appeal")] = ()
    appeal_due_at: datetime | None = None
    appeals: Annotated[tuple[Appeal, ...], most(2, why="each side once")] = ()
    agreed_at: datetime | None = None
    interim_payment: Refund | None = None
    refund: Refund | None = None
    ended_at: datetime | None = None
    why: str = ""
    """Rule and words of an end, or of what is next: what was missed, and what remains to be done."""

    def side_of(self, member_id: str) -> Side | None:
        return {self.buyer_id: "buyer", self.supplier_id: "supplier"}.get(member_id)  # type: ignore[return-value]

    @property
    def is_open(self) -> bool:
        return self.status not in ENDS

    @property
    def inspection(self) -> Inspection | None:
        """The one that runs or ran last."""
        return self.inspections[-1] if self.inspections else None

    @property
    def decision(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def round(self) -> int:
        """Evidence is handed in once for the determination, and once more for an appeal."""
        return 1 + len(self.decisions)

    @property
    def payments(self) -> tuple[Refund, ...]:
        """What the refund is paid in, the first first."""
        return tuple(paid for paid in (self.interim_payment, self.refund) if paid)

    @property
    def interim_payment_minor(self) -> int:
        """What was paid before the decision is final."""
        return self.interim_payment.total_minor if self.interim_payment else 0

    def has_appealed(self, side: str) -> bool:
        return any(appeal.by == side for appeal in self.appeals)

    def live_offer(self, side: Side, now: datetime) -> Offer | None:
        return next((offer for offer in reversed(self.offers) if offer.by == side and offer.is_live(now)), None)

    def submitted(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.status == "submitted")


def existing(value: T | None) -> T:
    """What a claim has in the state it is in."""
    assert value is not None, "its state has it"
    return value


def id_of(order_id: str, number: int) -> str:
    """The order's name and the claim's number on it: so one round trip reads both."""
    return f"clm_{order_id.removeprefix('ord_')}_{number:02}"


def order_of(claim_id: str) -> str:
    return f"ord_{claim_id.removeprefix('clm_').rpartition('_')[0]}"
