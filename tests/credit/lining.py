"""Credit lines, as values in each of their statuses and as they stand in the tables; and what draws do to them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.credit.aggregate.contexts import context_of
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import line_handling, products
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.pack import Pack, sealed
from chalicelib.credit.rules.terms import Terms
from chalicelib.credit.service import exposure
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared import clock, ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change, Effect

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
MS, DAY = timedelta(milliseconds=1), timedelta(days=1)
ENDS_ON = date(2027, 3, 1)
END = datetime(2027, 3, 1, 16, tzinfo=UTC)
POLICY = products.offered(NOW.date()).hash
CONTEXT = context_of("boc-revolving", POLICY)
TERMS = Terms(amount_minor=100_000_000, rate_bp=1140, day_count="ACT/360", method="monthly_interest", months=6)
_numbers = itertools.count(1)


def opened(
    line_id: str = "lin_1",
    member_id: str = "mem_1",
    *,
    terms: Terms = TERMS,
    now: datetime = NOW,
    product_id: str = "boc-revolving",
    guarantee: Guarantee | None = None,
) -> Line:
    return line_handling.opened(
        line_id,
        terms,
        member_id=member_id,
        application_id="app_1",
        agreement_id="agr_1",
        guarantee=guarantee,
        context=context_of(product_id, POLICY),
        now=now,
    )


def active(limit_minor: int = 100_000_000, now: datetime = NOW) -> Line:
    return line_handling.activate(opened(now=now), CONTEXT, limit_minor, ENDS_ON, now).state


def frozen(now: datetime = NOW) -> Line:
    return line_handling.freeze(active(now=now), "officer", "A doubt.", None, now).state


def closed() -> Line:
    return line_handling.close(active(), "borrower", "Not needed.", NOW).state


def drawn(line: Line, *, pending: int = 0, outstanding: int = 0) -> Line:
    return replace(line, position=replace(line.position, pending_minor=pending, outstanding_minor=outstanding))


def data_pack(pack_id: str) -> Pack:
    """A pack of which only the names count."""
    return sealed(
        pack_id, "mem_1", "cns_1", ("exports",), NOW.date(), "{}", kid="key", statement="head.body.signature", now=NOW
    )


def later(line: Line, now: datetime) -> Line:
    """The line after everything that fell due."""
    for change in MACHINE.overdue(line, CONTEXT, now):
        line = change.state
    return line


def plant(
    member_id: str,
    limit_minor: int,
    *,
    limit_of_firm: int | None = None,
    is_active: bool = True,
    product_id: str = "boc-revolving",
    guarantee: Guarantee | None = None,
    fee_minor: int = 0,
) -> str:
    """A line as the last signature leaves it, and the bank's activation; the firm's limit over all banks is as large where none is told."""
    now = clock.now()
    terms = replace(TERMS, amount_minor=limit_minor, fee_minor=fee_minor)
    line = opened(ids.new_id("lin", now), member_id, terms=terms, now=now, product_id=product_id, guarantee=guarantee)
    line = replace(line, seq=1)
    facts = {"to": line.status, "member_id": member_id, "bank_id": line.bank_id, "currency": line.currency}
    first = Change(state=line, event=Event("line.opened", facts, policy=line.policy), at=now)
    request = RequestContext(caller=CLOCK, now=now, request_id="test", key=line.id, digest="test")
    LINES.create(first, context_of(product_id, POLICY), request)
    exposure.set_limit(member_id, limit_minor if limit_of_firm is None else limit_of_firm, asked())
    if is_active:
        apply(line.id, lambda was, context: line_handling.activate(was, context, limit_minor, ENDS_ON, now))
    return line.id


def apply(line_id: str, decide: Any) -> None:
    """As a bank's event does."""
    assert LINES.apply(line_id, RequestContext(caller=CLOCK, now=clock.now(), request_id="test"), decide) is not None


def asked() -> RequestContext:
    """A request with a key of its own."""
    return RequestContext(caller=CLOCK, now=clock.now(), request_id="test", key=f"test-{next(_numbers)}", digest="test")


def do(*effects: Effect) -> None:
    """What a loan's commit does to its line and to the exposure: an entry that books it, and the guarded updates."""
    loan_id = ids.derived_id("lin", f"a loan {next(_numbers)}")
    booked = tuple(posting for effect in effects for posting in effect.postings)
    entry = journal.entry(asked(), Event("loan.changed", {}, booked), aggregate_id=loan_id, seq=1, prev=journal.GENESIS)
    commit(entry, *(exposure.EFFECTS[type(effect)](effect.target, [effect]) for effect in effects))
