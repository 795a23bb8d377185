"""A call on guarantors as it stands in the tables, without the bank's events that led to it."""

from __future__ import annotations

from chalicelib.groups.records.groups import GroupSeatRow
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.guarantees.aggregate.calls import CALLS, context_of, with_facts
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.call import Certified
from chalicelib.guarantees.rules.loan_facts import call_id_of
from chalicelib.shared import clock, ids
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from tests.guarantees.calling import IN_FORCE
from tests.loans.lending import plant_loan


def plant_call(debtor_id: str, *guarantor_ids: str, minor: int = 100_000_00) -> str:
    """A bank has requested it just now; the guarantors have equal limits, from seat 2 on."""
    now, loan_id = clock.now(), plant_loan(debtor_id, minor)
    guarantee = Guarantee(
        group_id=ids.new_id("grp", now),
        seat=1,
        sheet_version=1,
        sheet_sha256="0" * 64,
        mode="joint_capped",
        weight_basis="equal",
        guarantors=tuple(
            Guarantor(seat=seat, member_id=name, limit_minor=minor) for seat, name in enumerate(guarantor_ids, 2)
        ),
        until_months=6,
        due_business_days=10,
        grace_business_days=5,
    )
    for member_id in (debtor_id, *guarantor_ids):
        GroupSeatRow(member_id, guarantee.group_id).save()
    context = context_of(IN_FORCE.hash)
    call = handling.drawn_up(
        call_id_of(loan_id, "B-1"),
        loan_id=loan_id,
        bank_id="boc",
        debtor_id=debtor_id,
        call_ref="C-1",
        currency="CNY",
        guarantee=guarantee,
        certified=Certified(
            cut_off=business_date(now), principal_minor=minor, interest_minor=0, penalty_minor=0, ours_minor=minor
        ),
        weights=dict.fromkeys(guarantee.seats, 1),
        context=context,
        policy_hash=IN_FORCE.hash,
        now=now,
    )
    context = with_facts(call, context, now)
    CALLS.create(handling.opened(call, context), context, RequestContext.of_clock(call.id, 1, now))
    return call.id
