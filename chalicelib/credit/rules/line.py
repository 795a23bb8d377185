"""A bank's credit line for a firm, as a value. Pure.

Statuses:

    awaiting_activation  all have signed; the bank has to activate it
    active               may be drawn on
    frozen               no new draws; what is outstanding is repaid as agreed
    closed               ended: nothing is outstanding, or it never became active

A line is frozen while any freeze stands: the bank's, an officer's, or the clock's once its time is over and something is still owed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.position import Position
from chalicelib.credit.rules.terms import Terms
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say, term

Status = Literal["awaiting_activation", "active", "frozen", "closed"]
Actor = Literal["borrower", "officer", "bank"]
FrozenBy = Literal["bank", "officer", "clock"]
Why = Literal["not_activated", "closed_by_borrower", "closed_by_officer", "closed_by_bank", "expired"]
"""What ended a line."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
MOST_CHARACTERS: Final = 500


class LineNotActive(Conflict):
    code = "credit_line_not_active"
    title = "The credit line takes no draws at present."
    fix = "Read the line: `freezes` says why and by whom, `status` what it waits for."


class LineExceeded(Conflict):
    code = "credit_line_exceeded"
    title = "The credit line does not suffice."
    fix = "Draw at most `maximum`, or repay first."


class LineInUse(Conflict):
    code = "credit_line_in_use"
    title = "The credit line is not closed while anything of it is drawn."
    fix = "Repay what is outstanding, and let draws under way be disbursed or cancelled."


class NotAsAgreed(Conflict):
    code = "credit_line_not_as_agreed"
    title = "The bank tells of a line otherwise than it was agreed."
    fix = "Activate at most the agreed amount, to an end that lies ahead; a change is told as line.changed."


class FreezeOver(RuleViolation):
    code = "freeze_over"
    title = "A freeze ends on a day that lies ahead."
    fix = "Name today or a later day as `until`, or none."


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """Why there are no new draws, and by whom. It ends with a release by whoever set it, or at `until`."""

    by: FrozenBy
    reason: Annotated[str, characters(MOST_CHARACTERS)]
    at: datetime
    until: datetime | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. `position` is what columns of its own hold, which draws and repayments change without a version of the line.

    `agreed_minor` of `terms` is what was signed, the position's limit what the bank has activated. `bank_seq` is the number of the last event of the bank.
    `statement_on` is the day of the next statement, where its product has one. `pack_id` is the data pack by which its renewal was last asked for. `guarantee` is the group's, as all its members signed it; each draw is
    made under the rule sheet that is in force then.
    The first version is made by the entry of its agreement that bears the last signature.
    """

    id: str
    member_id: str
    bank_id: str
    product_id: str
    application_id: str
    agreement_id: str
    terms: Terms
    revolves: bool
    status: Status
    version: int
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    position: Position = Position()
    freezes: Annotated[tuple[Freeze, ...], most(3, why="one by each")] = ()
    due_at: datetime | None = None
    chasers: int = 0
    activated_at: datetime | None = None
    expires_at: datetime | None = None
    renewal_at: datetime | None = None
    statement_on: date | None = None
    renewal_offered_at: datetime | None = None
    renewal_requested_at: datetime | None = None
    pack_id: str = ""
    guarantee: Guarantee | None = None
    closed_at: datetime | None = None
    why: Why | None = None

    @property
    def currency(self) -> str:
        return self.terms.currency

    @property
    def has_expired(self) -> bool:
        return any(freeze.by == "clock" for freeze in self.freezes)

    def is_frozen_by(self, by: FrozenBy) -> bool:
        return any(freeze.by == by for freeze in self.freezes)


def refuse_draw(line_id: str, status: str | None, position: Position, minor: int, currency: str) -> Conflict:
    """Why a draw could not be had, from the line as it was at that moment."""
    if status != "active":
        return LineNotActive(
            say(
                "The credit line {line_id} is {status}.",
                line_id=line_id,
                status=term("status", status or "not_there"),
            ),
            line_status=status,
        )
    maximum = position.drawable_minor
    return LineExceeded(
        say(
            "On the credit line {amount} {currency} are free.",
            amount=Money.of(maximum, currency).grouped,
            currency=currency,
        ),
        shortfall=_money(minor - maximum, currency),
        maximum=_money(maximum, currency),
    )


def in_use(line: Line) -> LineInUse:
    return LineInUse(
        "Draws under way or principal stand against the line.",
        pending=_money(line.position.pending_minor, line.currency),
        outstanding=_money(line.position.outstanding_minor, line.currency),
    )


def _money(minor: int, currency: str) -> Any:
    return msgspec.to_builtins(Money.of(minor, currency))
