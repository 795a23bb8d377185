"""A loan, as it is shown: its terms, its schedule, and where it stands on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.credit.rules.products import DayCount, Method, ProductKind
from chalicelib.loans.rules.arrears import AssetClass, Bucket, Stage, asset_class, bucket, probation_until, stage
from chalicelib.loans.rules.loan import Actor, Context, Loan, Outcome, PlannedInstalment, Portion, Restructuring, Status
from chalicelib.loans.rules.position import Position, next_due, position_on
from chalicelib.loans.rules.servicing import agreed_fee
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class InstalmentView(msgspec.Struct, frozen=True, kw_only=True):
    """`interest` is the bank's figure, `interest_borne` what of it the days so far have brought, and `unpaid` what is owed of it by now."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    interest_borne: Money
    penalty: Money
    principal_paid: Money
    interest_paid: Money
    fee_paid: Money
    penalty_paid: Money
    unpaid: Money


class PauseView(msgspec.Struct, frozen=True, kw_only=True):
    """`to_on` is the first day after it."""

    from_on: date
    to_on: date


class HardshipView(msgspec.Struct, frozen=True, kw_only=True):
    """What the firm asked for and the bank has not answered: it lapses at `due_at`."""

    from_on: date
    to_on: date
    reason: str
    asked_at: datetime
    due_at: datetime


class HeavierView(msgspec.Struct, frozen=True, kw_only=True):
    """`more` than the schedule in force asks for in all, and whether it ends later."""

    more: Money
    is_later: bool


class RestructuringView(msgspec.Struct, frozen=True, kw_only=True):
    """Another schedule that is proposed. It binds once the firm has signed its `hash`, and counts once the bank has put it in force.

    Where a group stands for the loan and it is `heavier`, the seats in `unbound_seats` have not consented: they would not answer for what is
    heavier.
    """

    id: str
    hash: str
    schedule: list[PlannedInstalment]
    reason: str
    proposed_by: str
    proposed_at: datetime
    due_at: datetime
    signed_at: datetime | None
    heavier: HeavierView | None
    unbound_seats: list[int]


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """What a guarantor is asked to consent to: another schedule of a member's loan, which is heavier than the one in force. Nothing else of it."""

    loan_id: str
    group_id: str
    debtor_seat: int
    version: int
    id: str
    hash: str
    schedule: list[PlannedInstalment]
    reason: str
    due_at: datetime
    heavier: HeavierView
    unbound_seats: list[int]
    allowed_actions: list[str]


class CertifiedCallView(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank has asked of the guarantors. `outcome` is open while they are to pay, then confirmed, or exhausted."""

    call_id: str
    requested_on: date
    cut_off: date
    principal: Money
    interest: Money
    penalty: Money
    outcome: Outcome


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantor that answers for `money` less than the loan has become: it has not consented to what made it heavier."""

    seat: int
    money: Money


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    """A loan on a day, penalties and fees among it. `overdue` was to be paid before that day; `payoff` would pay all.

    `stage` is that of IFRS 9, `asset_class` that of China's banks. Until `probation_until` a loan that was cured or restructured is watched.
    """

    on: date
    principal: Money
    interest: Money
    penalty: Money
    fees: Money
    payoff: Money
    overdue: Money
    dpd: int
    overdue_since: date | None
    bucket: Bucket
    stage: Stage
    asset_class: AssetClass
    worst_dpd: int
    probation_until: date | None
    next_due_on: date | None
    schedule: list[InstalmentView]


class LoanView(msgspec.Struct, frozen=True, kw_only=True):
    """One draw of a credit line, from the request on. `standing` is null until the bank has disbursed it.

    The bank keeps the books; this is their mirror, by what it has reported until now. `group_id` is the group that stands for it, until
    `guaranteed_until`, the last day on which the bank may call on it.
    """

    id: str
    version: int
    status: Status
    line_id: str
    member_id: str
    bank_id: str
    product_id: str
    kind: ProductKind
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    amount: Money
    method: Method
    months: int
    rate_bp: int
    fee: Money
    """What is taken of the amount when it is disbursed, as agreed; from then on what the bank has taken."""
    day_count: DayCount
    value_on: date | None
    reason: str | None
    schedule_version: int
    bank_seq: int
    """The number of the bank's last event about it: its next one has the number behind it."""
    standing: StandingView | None
    group_id: str | None
    guaranteed_until: date | None
    call: CertifiedCallView | None
    released: list[ReleaseView]
    pauses: list[PauseView]
    hardship: HardshipView | None
    restructuring: RestructuringView | None
    restructured_on: date | None
    cured_on: date | None
    defaulted_on: date | None
    written_off_on: date | None
    repaid_on: date | None
    repaid_on_time: bool | None


def view(loan: Loan, context: Context, actor: Actor, now: datetime) -> LoanView:
    return view_on(loan, context, actor, now, business_date(now))


def view_on(loan: Loan, context: Context, actor: Actor, now: datetime, on: date) -> LoanView:
    """The loan now, with its figures of a day."""
    return view_of(
        LoanView,
        loan,
        **MACHINE.offer(loan, actor, context, now),
        amount=Money.of(loan.amount_minor, loan.currency),
        fee=Money.of(agreed_fee(loan, context), loan.currency),
        day_count=context.product.day_count,
        standing=standing_view(loan, context, on),
        group_id=loan.guarantee.group_id if loan.guarantee else None,
        pauses=[view_of(PauseView, pause) for pause in loan.pauses],
        restructuring=_restructuring(loan),
    )


def standing_view(loan: Loan, context: Context, on: date) -> StandingView | None:
    """None until it is disbursed, and on days before."""
    if loan.folded_on is None or on < loan.folded_on:
        return None
    position = position_on(loan, context.product, on)
    due, dpd = next_due(position), position.dpd
    return StandingView(
        on=on,
        **{
            name: Money.of(minor, loan.currency)
            for name, minor in {
                "principal": position.principal_minor,
                "interest": position.interest_minor,
                "penalty": position.penalty_minor,
                "fees": position.fee_minor,
                "payoff": position.payoff_minor,
                "overdue": position.overdue_minor,
            }.items()
        },
        dpd=dpd,
        overdue_since=position.overdue_since,
        bucket=bucket(dpd),
        stage=stage(loan, dpd, on, context.policy.probation_days),
        asset_class=asset_class(loan, dpd),
        worst_dpd=position.worst_dpd,
        probation_until=probation_until(loan, context.policy.probation_days),
        next_due_on=due.due_on if due else None,
        schedule=[_instalment(each, position, loan.currency) for each in position.portions if each.number],
    )


def _instalment(portion: Portion, position: Position, currency: str) -> InstalmentView:
    bearing = position.bearing
    return view_of(
        InstalmentView,
        portion,
        currency,
        interest_borne=Money.of(bearing.interest_minor(portion), currency),
        penalty=Money.of(bearing.penalty_minor(portion), currency),
        unpaid=Money.of(position.owed_minor(portion), currency),
    )


def _restructuring(loan: Loan) -> Any:
    proposed = loan.restructuring
    if proposed is None:
        return None
    return view_of(
        RestructuringView,
        proposed,
        schedule=list(proposed.planned),
        heavier=_heavier(proposed, loan.currency),
        unbound_seats=loan.unconsented,
    )


def proposal_view(loan: Loan, context: Context, actor: str, now: datetime) -> ProposalView:
    """What is proposed, for a guarantor. There is something: else nobody is a guarantor here."""
    proposed, terms = loan.restructuring, loan.guarantee
    assert proposed is not None, "a proposal makes somebody a guarantor of it"
    assert terms is not None, "a group stands for it"
    heavier = _heavier(proposed, loan.currency)
    assert heavier is not None, "it is heavier"
    return view_of(
        ProposalView,
        proposed,
        loan_id=loan.id,
        group_id=terms.group_id,
        debtor_seat=terms.seat,
        version=loan.version,
        schedule=list(proposed.planned),
        heavier=heavier,
        unbound_seats=loan.unconsented,
        allowed_actions=MACHINE.table.allowed(loan, actor, context, now),
    )


def _heavier(proposed: Restructuring, currency: str) -> HeavierView | None:
    more = proposed.heavier
    return HeavierView(more=Money.of(more.minor, currency), is_later=more.is_later) if more else None
