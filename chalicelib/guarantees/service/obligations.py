"""What a member owes because of its groups, or may have to: shares of calls, claims of others, loans that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any, Final

from chalicelib.groups.service import reading as groups_reading
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS
from chalicelib.guarantees.records import member_claims as claim_records
from chalicelib.guarantees.rules.call import Call
from chalicelib.guarantees.rules.member_claim import MemberClaim
from chalicelib.guarantees.service import calls
from chalicelib.guarantees.views.obligations import ObligationView, of_call, of_claim, of_loan
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.service import reading as loans_reading
from chalicelib.members import service as members
from chalicelib.shared import ids, pages
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

SHARES: Final = "shares"
CLAIMS: Final = "claims"


def obligations(member_id: str, query: Paging, request: RequestContext) -> Page[ObligationView]:
    """For the member itself and officers: what is called first, then what other members are owed, then loans, debtor by debtor."""
    members.find(member_id, request.caller)
    of = f"obligations:{member_id}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    groups = [SHARES, CLAIMS, *_fellows(member_id, request)]
    if after and after[0] not in groups:
        groups.append(after[0])
    return pages.filtered(
        pages.in_groups(groups, after, partial(_ids, member_id)),
        partial(_load, request=request),
        lambda loaded: _shown(loaded, member_id, request),
        query,
        request,
        of,
    )


def _fellows(member_id: str, request: RequestContext) -> list[str]:
    """The members that ever shared a group with this one, in one order: any of them may be the debtor of a loan it stands for."""
    groups = groups_reading.load_many(groups_reading.ids_of(member_id), request.now).values()
    seats = chain.from_iterable(group.seats for group in groups if group.sealed_at)
    return sorted({seat.member_id for seat in seats} - {member_id})


def _ids(member_id: str, group: str, after: str | None) -> Iterator[str]:
    if group == SHARES:
        return calls.ids_of("by_member", member_id, after)
    if group == CLAIMS:
        return claim_records.ids("by_debtor", member_id, after)
    return loans_reading.ids_of_member(group, after)


def _load(names: list[str], request: RequestContext) -> dict[str, Loaded[Any, Any]]:
    """As they stand now."""
    loaded: dict[str, Loaded[Any, Any]] = {}
    for prefix, aggregate in (("gcl", CALLS), ("mcl", MEMBER_CLAIMS), ("lon", LOANS)):
        of_kind = [name for name in names if ids.is_id(name, prefix)]
        loaded |= aggregate.load_many(of_kind, request.now) if of_kind else {}
    return loaded


def _shown(loaded: Loaded[Any, Any], member_id: str, request: RequestContext) -> ObligationView | None:
    state = loaded.state
    if isinstance(state, Call):
        return of_call(CALLS.preview_at(loaded, request.now).state, member_id)
    if isinstance(state, MemberClaim):
        return of_claim(MEMBER_CLAIMS.preview_at(loaded, request.now).state)
    return of_loan(LOANS.preview_at(loaded, request.now).state, loaded.context, member_id, business_date(request.now))
