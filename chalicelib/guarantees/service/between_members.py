"""How claims between members follow from a call and from one another: made, raised, lowered and let fall, each by its own name.

A call has up to ninety pairs of seats, so this is a process of many small commits: it reads the call and all its claims, works out what each
should be, and changes those that are not. It may stop anywhere, and run twice or late: whoever runs it next goes on. The entries of the call
and of every payment run it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import permutations

from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS, context_of
from chalicelib.guarantees.rules import member_claim
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.between_members import CallFacts, Owed, Pair, owed_between
from chalicelib.guarantees.rules.call import Call
from chalicelib.guarantees.service.member_claims import adjust
from chalicelib.shared import policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

BETWEEN_GUARANTORS: tuple[member_claim.Kind, ...] = ("contribution", "recourse")


def claims_of(call: Call) -> dict[str, member_claim.MemberClaim]:
    """All claims that a call has made so far, by id, as they are now."""
    return MEMBER_CLAIMS.repository.load_all(member_claim.id_of(call.id, *name) for name in _names(call))


@retry_on_conflict
def follow(call: Call, now: datetime) -> None:
    """Bring the claims of a call in line with what it says, and with what members have paid one another."""
    known = claims_of(call)
    in_force = policies.in_force("member-claims", business_date(call.created_at))
    least_minor = in_force.read_as(member_claim.Policy).least_minor
    without_pool = replace(call.engine, net=call.engine.net - call.pool_minor)
    facts = CallFacts(call=without_pool, caps=call.caps, debtor_seat=call.debtor_seat)
    owed = {member_claim.id_of(call.id, *each[:3]): each for each in owed_between(facts, _settled(known), least_minor)}
    is_payable = is_satisfied(call)
    for claim_id, each in owed.items():
        if claim_id not in known:
            _open(claim_id, call, each, in_force.hash, is_payable, now)
    for claim_id, claim in known.items():
        adjust(claim, owed[claim_id].minor if claim_id in owed else 0, is_payable=is_payable, now=now)


def is_satisfied(call: Call) -> bool:
    """Whether the bank has all that it asks for, or can have, of a call: members come after it (article 519)."""
    return not call.is_open and not call.due_minor and not call.uncovered_minor


def _names(call: Call) -> Iterator[tuple[int, int, member_claim.Kind]]:
    """Every claim that there can be of a call."""
    seats = [share.seat for share in call.shares]
    for debtor, creditor in permutations(seats, 2):
        for kind in BETWEEN_GUARANTORS:
            yield debtor, creditor, kind
    for seat in seats:
        yield call.debtor_seat, seat, "debtor_recourse"
        yield seat, call.debtor_seat, "restitution"


def _settled(claims: dict[str, member_claim.MemberClaim]) -> Counter[Pair]:
    """What each seat has paid each other."""
    settled: Counter[Pair] = Counter()
    for claim in claims.values():
        settled[claim.debtor.seat, claim.creditor.seat] += claim.paid_minor
    return settled


def _open(claim_id: str, call: Call, owed: Owed, policy_hash: str, is_payable: bool, now: datetime) -> None:
    """Its first version. WriteConflict where somebody else has made it: by other facts, perhaps."""
    context = context_of(policy_hash)
    claim = member_claim.MemberClaim(
        id=claim_id,
        kind=owed.kind,
        loan_id=call.loan_id,
        group_id=call.group_id,
        bank_id=call.bank_id,
        call_id=call.id,
        debtor=_party(call, owed.debtor),
        creditor=_party(call, owed.creditor),
        currency=call.currency,
        minor=owed.minor,
        status="held",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    change = handling.opened(claim, is_payable=is_payable, context=context)
    MEMBER_CLAIMS.create(change, context, RequestContext(caller=CLOCK, now=now, request_id="between members"))


def _party(call: Call, seat: int) -> member_claim.Party:
    share = call.share(seat)
    return member_claim.Party(seat, share.member_id if share else call.debtor_id)
