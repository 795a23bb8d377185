"""Risk pools: opened and closed by officers, drawn on by calls, looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.guarantees.aggregate.pools import POOLS, context_of
from chalicelib.guarantees.records import pools as records
from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.rules.pool import Contributor, RiskPool, Shortfall
from chalicelib.guarantees.views.pools import OpenPoolRequest, PoolsQuery, RiskPoolView
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import ids, pages, policies
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

Place = tuple[str, str]
"""Where a list goes on: a bank, and the id of the last pool looked at."""


class NamedTwice(RuleViolation):
    code = "contributor_named_twice"
    title = "A contributor is named once."
    fix = "Name each contributor once: what each pays in is added up."


def open_pool(body: OpenPoolRequest, request: RequestContext) -> StoredResponse:
    """By an officer: a pool begins empty, and its bank reports what is paid in. NotAPartner, CurrencyNotPayable, NamedTwice."""
    banks_inbox.must_be_partner(body.bank_id, request.now, pays=body.currency)
    if len(set(body.contributors)) < len(body.contributors):
        raise NamedTwice("Two contributors have one name.", param="contributors")
    in_force = policies.in_force("risk-pools", business_date(request.now))
    pool = RiskPool(
        id=ids.new_id("pol", request.now),
        name=body.name,
        bank_id=body.bank_id,
        currency=body.currency,
        share_bp=body.share_bp,
        contributors=tuple(Contributor(name=name) for name in body.contributors),
        status="open",
        version=1,
        created_at=request.now,
        updated_at=request.now,
        policy=in_force.hash,
    )
    return POOLS.create(pool_handling.opened(pool), context_of(pool.policy), request, "officer")


def close(pool_id: str, request: RequestContext) -> StoredResponse:
    return POOLS.execute(pool_id, request, "close", lambda was, context, actor: pool_handling.close(was, request.now))


@retry_on_conflict
def ask(pool_id: str, shortfall: Shortfall, now: datetime) -> None:
    """Ask a pool for its share of what the guarantors of a call cannot be made to pay: once for each call."""
    key = f"{pool_id}:{shortfall.call_id}"
    request = RequestContext(caller=CLOCK, now=now, request_id="call", key=key, digest="followed")
    POOLS.apply(pool_id, request, lambda was, context: pool_handling.ask(was, shortfall, context, now))


pool = partial(POOLS.shown, RiskPoolView)
timeline = partial(ledger_timelines.of_aggregate, POOLS, currency=lambda state: state.currency)


def listed(query: PoolsQuery, request: RequestContext) -> Page[RiskPoolView]:
    """A bank's own; an officer's of one bank, or of all."""
    bank_id = request.caller.sub if request.caller.role == "bank" else query.bank_id
    if query.bank_id not in (None, bank_id):
        return Page(items=[])
    of = f"risk-pools:{bank_id}:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    places = _places([bank_id] if bank_id else _banks(request.now), after)
    return POOLS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def _places(banks: list[str], after: Place | None) -> Iterator[tuple[Place, str]]:
    return pages.in_groups(banks, after, records.ids_of)


def _banks(now: datetime) -> list[str]:
    return [partner.id for partner in banks_inbox.policy(now).partners]
