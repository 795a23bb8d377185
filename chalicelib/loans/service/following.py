"""What the journal says that concerns loans: receivables that are free again, or that pay; cards that were paid with; consents withdrawn; what
groups hear.

Everything here may run twice, late and in any order: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from typing import Final

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import products
from chalicelib.credit.rules.consent import DataClass
from chalicelib.credit.service import consents, exposure, histories
from chalicelib.groups.service import following as groups
from chalicelib.loans import records
from chalicelib.loans.aggregate import LOANS, context_of
from chalicelib.loans.rules import cards, draws
from chalicelib.loans.rules.arrears import Bucket
from chalicelib.loans.rules.loan import Context as LoanContext
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.standing import past_of
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.orders.aggregate import ORDERS
from chalicelib.receivables.aggregate import RECEIVABLES
from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Context, Receivable, id_of_order
from chalicelib.receivables.rules.transitions import ReceivableChange
from chalicelib.shared import fx, ids
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.commit import NOTHING_ELSE, Joined, retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.tables import AT_ONCE

FREES = {"draw_closed": "draw_closed", "repaid": "loan_repaid", "closed": "loan_closed"}
"""Statuses of a loan in which what it was drawn against is free, and why."""
PAYING = {"order.completed": "released_minor", "order.paid_out_early": "amount_minor"}
"""Entries by which an order pays its supplier, and where they say how much."""
FIRST_BAND: Final[Bucket] = "1-30"
"""Who is late so long draws no less; from then on nobody in the group does, until an officer resumes (credit.md 3.4)."""
CLASS: Final[DataClass] = "exports"
"""The class of data without a consent to which no bank is drawn on."""
ORDER_ENDS = frozenset({"cancelled", "expired", "refunded"})


def pays_a_loan(entry: Entry, now: datetime) -> bool:
    """Whether a loan is drawn against the order that pays its supplier."""
    loaded = RECEIVABLES.load(id_of_order(entry.aggregate_id), now)
    return loaded is not None and loaded.state.status == "pledged"


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    kind, payload = entry.event.kind, entry.event.payload
    if kind.startswith("loan.") and "worst_dpd" in payload:
        histories.tell(payload["member_id"], past_of(entry))
    if kind == "line.card_charged":
        _draw_by_card(entry, now)
    elif kind == "loan.draw_disbursed" and "group_id" in payload:
        groups.activate(payload["group_id"], now)
    elif kind == "loan.group_told_of_arrears":
        _tell_of_arrears(entry, now)
    elif kind == "loan.restructuring_proposed" and "unbound_seats" in payload:
        facts = {"loan_id": entry.aggregate_id, "seat": payload["seat"]}
        groups.tell(payload["group_id"], "schedule_to_consent", facts, entry, now)
    elif kind == "consent.withdrawn" and entry.aggregate_id.startswith("cns_") and CLASS in payload["data_classes"]:
        _stop_draws(entry, now)
    elif kind.startswith("loan.") and (payload.get("from") in FREES) != (payload.get("to") in FREES):
        _secure(entry, now)
    elif kind in PAYING:
        _pay(entry, payload[PAYING[kind]], now, is_last=kind == "order.completed")
    elif kind.startswith("order.") and payload.get("to") in ORDER_ENDS:
        _apply(id_of_order(entry.aggregate_id), entry, now, lambda was, context: _lapsed(was, now))


def _tell_of_arrears(entry: Entry, now: datetime) -> None:
    """Who is late and in which band of days stands in the group's timeline; beyond the first band nobody draws any more."""
    payload = entry.event.payload
    facts = {"seat": payload["seat"], "days_late": payload["days_late"]}
    groups.tell(payload["group_id"], "member_late", facts, entry, now)
    if payload["days_late"] != FIRST_BAND:
        groups.suspend(payload["group_id"], "A member is late by more than 30 days.", now)


def _stop_draws(entry: Entry, now: datetime) -> None:
    """What was asked of banks that may not see any more what the limit follows from, unless they have approved it. Repayments go on."""
    firm_id = entry.event.payload["firm_id"]
    if not exposure.of(firm_id).position.pending_minor:
        return
    banks = {
        bank_id for bank_id in entry.event.payload["bank_ids"] if consents.live(firm_id, bank_id, CLASS, now) is None
    }
    names = records.ids("by_member", firm_id, None)
    while some := list(islice(names, AT_ONCE)):
        for loaded in LOANS.load_many(some, now).values():
            if loaded.state.bank_id in banks and loaded.state.status == "draw_requested":
                _stop(loaded.state.id, entry, now)


@retry_on_conflict
def _stop(loan_id: str, entry: Entry, now: datetime) -> None:
    def stop(was: Loan, context: LoanContext) -> LoanChange | None:
        is_asked = was.status == "draw_requested" and was.approved_at is None
        return draws.cancel(was, now, "consent_withdrawn") if is_asked else None

    LOANS.apply(loan_id, RequestContext(caller=CLOCK, now=now, request_id=entry.request_id), stop)


def _secure(entry: Entry, now: datetime) -> None:
    """What a loan is drawn against is free while it is over, and pledged while it is not: by how it stands, whichever entry came first."""
    loaded = LOANS.load(entry.aggregate_id, now)
    loan = loaded.state if loaded else None
    if loan is None or not loan.pledged:
        return

    def follow(was: Receivable, context: Context) -> ReceivableChange | None:
        is_its = was.status == "pledged" and was.loan_id == loan.id
        if loan.status in FREES:
            return handling.free(was, FREES[loan.status], now) if is_its else None
        is_there = was.status == "confirmed" and _is_owed(was, now)
        return handling.pledge_again(was, loan.id, loan.bank_id, now) if is_there else None

    for receivable_id in loan.pledged:
        _apply(receivable_id, entry, now, follow)
    if loan.status not in FREES:
        _report_lost(loan, entry, now)


@retry_on_conflict
def _report_lost(loan: Loan, entry: Entry, now: datetime) -> None:
    """Of what the loan is drawn against, what another bank lends on by now, or nobody owes any more: an officer has to see it."""
    known = RECEIVABLES.load_many(loan.pledged, now).values()
    lost = sorted(each.state.id for each in known if each.state.loan_id != loan.id)
    if lost:
        request = RequestContext(caller=CLOCK, now=now, request_id="", key=f"lost:{entry.entry_id}", digest="followed")
        LOANS.apply(loan.id, request, lambda was, context: draws.security_lost(was, lost, now))


def _is_owed(receivable: Receivable, now: datetime) -> bool:
    """Whether its buyer is still going to pay it: an order may have ended while no loan was drawn against it."""
    if receivable.kind == "invoice":
        return True
    order = ORDERS.load(receivable.reference, now)
    try:
        return order is not None and bool(handling.of_order(ORDERS.preview_at(order, now).state, now))
    except handling.ReceivableNotConfirmed:
        return False


def _pay(entry: Entry, released_minor: int, now: datetime, *, is_last: bool) -> None:
    """What an order pays out goes to the bank of the loan that is drawn against it, first. Decided again where the loan changes meanwhile."""
    seen: Loaded[Loan, LoanContext] | None = None

    def pay(was: Receivable, context: Context) -> ReceivableChange | None:
        nonlocal seen
        if was.status != "pledged":
            return None
        seen = LOANS.load(was.loan_id, now)
        owed = owed_minor(was, seen, now) if seen else 0
        return handling.pay(was, context, released_minor, owed, now, is_last=is_last)

    def while_it_owes_that(change: ReceivableChange) -> Joined:
        return Joined(changes=(records.unchanged(seen.state),)) if seen else NOTHING_ELSE

    _apply(id_of_order(entry.aggregate_id), entry, now, pay, funded=True, joined=while_it_owes_that)


def _lapsed(was: Receivable, now: datetime) -> ReceivableChange | None:
    return handling.lapse_with_order(was, now) if was.status in ("confirmed", "pledged") else None


Decide = Callable[[Receivable, Context], ReceivableChange | None]


@retry_on_conflict
def _apply(
    receivable_id: str,
    entry: Entry,
    now: datetime,
    decide: Decide,
    *,
    funded: bool = False,
    joined: Callable[[ReceivableChange], Joined] = lambda change: NOTHING_ELSE,
) -> None:
    """Once for each receivable and entry."""
    request = RequestContext(
        caller=CLOCK, now=now, request_id=entry.request_id, key=f"{receivable_id}:{entry.entry_id}", digest="followed"
    )
    RECEIVABLES.apply(receivable_id, request, decide, funded=funded, joined=joined)


def owed_minor(receivable: Receivable, of: Loaded[Loan, LoanContext], now: datetime) -> int:
    """What the loan still owes in the receivable's currency, less what is on its way to the bank."""
    loan, today = of.state, business_date(now)
    if loan.value_on is None:
        return 0
    payoff = position_on(loan, of.context.product, today).payoff_minor
    siblings = (each.state for each in RECEIVABLES.load_many(loan.pledged, now).values())
    sent = sum(
        _converted(each.paid_minor, each.currency, loan.currency, today) for each in siblings if each.loan_id == loan.id
    )
    owed = max(0, payoff - max(0, sent - loan.receivables_paid_minor))
    return _converted(owed, loan.currency, receivable.currency, today)


def _converted(minor: int, currency: str, into: str, today: date) -> int:
    if currency == into:
        return minor
    return fx.across(minor, fx.quote(currency, today), fx.quote(into, today))


def _draw_by_card(entry: Entry, now: datetime) -> None:
    """Each payment by card is a loan of its own, named after the line and the bank's reference."""
    payload = entry.event.payload
    loaded = LINES.load(entry.aggregate_id, now)
    assert loaded is not None, "a line stays"
    line = loaded.state
    loan_id = ids.derived_id("lon", line.id, payload["bank_ref"])
    if LOANS.load(loan_id, now) is not None:
        return
    context = context_of(line.product_id, line.policy, now)
    change = cards.drawn(
        loan_id,
        line,
        products.pinned(line.product_id, line.policy),
        context,
        minor=payload["amount_minor"],
        bank_ref=payload["bank_ref"],
        on=date.fromisoformat(str(payload["value_on"])),
        now=now,
    )
    LOANS.create(change, context, RequestContext.of_clock(loan_id, 1, now))
