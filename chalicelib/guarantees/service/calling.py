"""What the journal says that concerns calls on guarantors: of the loan they are about, of the group's other calls.

Everything here may run twice, late and in any order: a call is worked out from what is known now, each effect is named after its entry, and
what was applied before is not applied again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Final

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import living
from chalicelib.groups.rules.group import Context as GroupContext
from chalicelib.groups.rules.group import Group, SeatStatus
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.groups.rules.transitions import GroupChange
from chalicelib.guarantees.aggregate.calls import CALLS, context_of, open_claims, with_facts
from chalicelib.guarantees.records import calls as records
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.call import Call, Certified, Context
from chalicelib.guarantees.rules.call_transitions import CallChange
from chalicelib.guarantees.rules.loan_facts import call_id_of
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import calls as loan_calls
from chalicelib.loans.rules.loan import Context as LoanContext
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.loan import Status as LoanStatus
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.loans.service import reading as loans_reading
from chalicelib.shared import policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

OF_LOAN: Final = frozenset(
    {
        "loan.repayment_received",
        "loan.repayment_reversed",
        "loan.recovery_received",
        "loan.interest_charged",
        "loan.penalty_charged",
        "loan.hardship_granted",
        "loan.hardship_ended",
        "loan.default_declared",
        "loan.default_revoked",
        "loan.call_requested",
        "loan.call_confirmed",
        "loan.call_withdrawn",
    }
)
"""Entries of a loan in a group from which something may follow for calls."""
OF_CALL: Final = "guarantee_call."
IN_DEFAULT: Final[frozenset[LoanStatus]] = frozenset(
    {"defaulted", "called", "in_recovery", "settled_by_guarantors", "written_off"}
)
"""Statuses of a loan whose debtor is in no call on the group."""


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    if entry.event.kind in OF_LOAN and entry.event.payload.get("group_id"):
        _follow_loan(entry, now)
    elif entry.event.kind.startswith(OF_CALL):
        _follow_call(entry, now)


def follow_claim(call_id: str, entry: Entry, now: datetime) -> None:
    """A claim that the call has made has ended: it may have been the last one."""
    call = CALLS.repository.load(call_id)
    if call is not None and call.status == "closed":
        _note_loan(call, entry, now)


def _follow_loan(entry: Entry, now: datetime) -> None:
    """Open the call that was requested; bring the calls on the loan up to date, and all of the group where a member's default begins or ends."""
    payload = entry.event.payload
    loaded = LOANS.load(entry.aggregate_id, now)
    assert loaded is not None, "a loan stays"
    loan = loaded.state
    named = call_id_of(loan.id, payload["requested_ref"]) if "requested_ref" in payload else ""
    if entry.event.kind == "loan.call_requested":
        _open(named, loan, entry, now)
    is_moved = (payload["from"] in IN_DEFAULT) != (payload["to"] in IN_DEFAULT)
    if is_moved:
        _note_debtor(loan, entry, now)
    known = records.REPOSITORY.load_all({*_ids(loan.guarantee), *filter(None, (named,))})
    for call in sorted(known.values(), key=lambda each: (each.created_at, each.id)):
        if is_moved or call.loan_id == loan.id:
            recompute(call.id, entry, now)


@retry_on_conflict
def recompute(call_id: str, entry: Entry, now: datetime) -> None:
    """Bring a call in line with what is known now. Once for each call and entry, and nothing where nothing changes."""

    def decide(was: Call, context: Context) -> CallChange | None:
        return handling.recompute(was, with_facts(was, context, now), now)

    CALLS.apply(call_id, _request(call_id, entry, now), decide)


def _open(call_id: str, loan: Loan, entry: Entry, now: datetime) -> None:
    """Draw up the call that the bank has requested, once, as of when its request counted."""
    if CALLS.load(call_id, now) is not None:
        return
    guarantee, payload, at = loan.guarantee, entry.event.payload, entry.at
    assert guarantee is not None, "only guaranteed loans are called"
    in_force = policies.in_force("guarantee-calls", business_date(at))
    context = context_of(in_force.hash)
    cut_off = date.fromisoformat(str(payload["cut_off"]))
    call = handling.drawn_up(
        call_id,
        loan_id=loan.id,
        bank_id=loan.bank_id,
        debtor_id=loan.member_id,
        call_ref=payload["call_id"],
        currency=loan.currency,
        guarantee=guarantee,
        certified=Certified(cut_off=cut_off, ours_minor=payload["ours_minor"], **payload["certified"]),
        weights=_weights(guarantee, cut_off, now),
        unbound={each.seat: each.minor for each in loan.released},
        context=context,
        policy_hash=in_force.hash,
        now=at,
    )
    context = with_facts(call, context, now)
    CALLS.create(handling.opened(call, context), context, RequestContext.of_clock(call_id, 1, now))


def _weights(guarantee: Guarantee, cut_off: date, now: datetime) -> dict[int, int]:
    """What each guarantor's share is reckoned by."""
    by_basis: dict[str, Callable[[Guarantor], int]] = {
        "limit": lambda each: each.limit_minor,
        "outstanding": lambda each: _outstanding(each.member_id, guarantee.group_id, cut_off, now),
        "equal": lambda each: 1,
    }
    return {each.seat: by_basis[guarantee.weight_basis](each) for each in guarantee.guarantors}


def _outstanding(member_id: str, group_id: str, on: date, now: datetime) -> int:
    """The principal that a member owed in a group at the end of a day."""
    loans = LOANS.load_many(loans_reading.ids_of_member(member_id), now).values()
    return sum(
        position_on(each.state, each.context.product, on).principal_minor
        for each in loans
        if _is_of(each.state, group_id) and each.state.value_on is not None and each.state.value_on <= on
    )


def _follow_call(entry: Entry, now: datetime) -> None:
    """Let the clock write what is due at once; then bring group, loan and the group's other calls in line with the call as it is now."""
    loaded = CALLS.catch_up(entry.aggregate_id, now)
    assert loaded is not None, "a call stays"
    call = loaded.state
    _note_group(call, entry, now)
    _note_loan(call, entry, now)
    for name in records.ids("by_group", call.group_id, None) if call.caps else ():
        if name != call.id:
            recompute(name, entry, now)


def _note_group(call: Call, entry: Entry, now: datetime) -> None:
    """Nobody leaves a group while a call is open; who failed is no good member until it has paid what it bears in the end."""
    if call.is_open:
        _apply_to_group(call.group_id, entry, now, lambda was, context: living.call(was, call.id, now))
    if call.failed:
        calls = records.REPOSITORY.load_all({*records.ids("by_group", call.group_id, None), call.id}).values()
        failing = {share.seat for each in calls for share in each.shares if share.status == "failed"}
        for seat in sorted(call.failed):
            if seat in failing:
                _note_seat(call.group_id, seat, "failed_call", {"sealed_in", "cured"}, entry, now)
            else:
                _note_seat(call.group_id, seat, "cured", {"failed_call"}, entry, now)
    if not call.is_open:
        _apply_to_group(call.group_id, entry, now, lambda was, context: living.settle(was, context, call.id, now))


def _note_loan(call: Call, entry: Entry, now: datetime) -> None:
    """A loan whose guarantors cannot pay goes to the bank's recovery; one that they settled is closed when nobody has a claim any more."""
    is_cleared = call.status == "closed" and not open_claims(call)

    def decide(was: Loan, context: LoanContext) -> LoanChange | None:
        is_its = was.call is not None and call_id_of(was.id, was.call.requested_ref) == call.id
        if is_its and call.status == "exhausted" and was.status == "called":
            return loan_calls.exhaust(was, context, now)
        if is_its and is_cleared and was.status == "settled_by_guarantors":
            return loan_calls.clear_claims(was, now)
        return None

    if not call.is_open:
        retry_on_conflict(LOANS.apply)(call.loan_id, _request(call.loan_id, entry, now), decide)


def _note_debtor(loan: Loan, entry: Entry, now: datetime) -> None:
    """Whether the debtor's seat is that of a member in default: it is while any of its loans in the group is."""
    assert loan.guarantee is not None, "it is in a group"
    others = LOANS.load_many(loans_reading.ids_of_member(loan.member_id), now).values()
    is_in_default = any(
        each.state.status in IN_DEFAULT for each in others if _is_of(each.state, loan.guarantee.group_id)
    )
    of = (loan.guarantee.group_id, loan.guarantee.seat)
    if is_in_default:
        _note_seat(*of, "debtor_default", {"sealed_in", "cured", "failed_call"}, entry, now)
    else:
        _note_seat(*of, "cured", {"debtor_default"}, entry, now)


def _note_seat(
    group_id: str, seat: int, status: SeatStatus, sources: Collection[SeatStatus], entry: Entry, now: datetime
) -> None:
    """A member's standing in its group, where it is one of `sources`: default outranks a call that failed."""

    def decide(was: Group, context: GroupContext) -> GroupChange | None:
        known = was.seat(seat)
        return living.note_seat(was, seat, status, now) if known and known.status in sources else None

    _apply_to_group(group_id, entry, now, decide, f":{seat}")


@retry_on_conflict
def _apply_to_group(
    group_id: str,
    entry: Entry,
    now: datetime,
    decide: Callable[[Group, GroupContext], GroupChange | None],
    part: str = "",
) -> None:
    GROUPS.apply(group_id, _request(f"{group_id}{part}", entry, now), decide)


def _request(target: str, entry: Entry, now: datetime) -> RequestContext:
    """Once for each target and entry."""
    return RequestContext(
        caller=CLOCK, now=now, request_id=entry.request_id, key=f"{target}:{entry.entry_id}", digest="followed"
    )


def _ids(guarantee: Guarantee | None) -> Iterable[str]:
    return records.ids("by_group", guarantee.group_id, None) if guarantee else ()


def _is_of(loan: Loan, group_id: str) -> bool:
    return loan.guarantee is not None and loan.guarantee.group_id == group_id
