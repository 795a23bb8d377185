"""Subsidies: booked and reversed as declarations say, paid to the account that an exporter has named, shown line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.exports import records
from chalicelib.exports.rules import subsidy
from chalicelib.exports.rules.declaration import Declaration
from chalicelib.exports.rules.subsidy import POLICY, Account, Line, Payee, Policy
from chalicelib.exports.views import subsidies as views
from chalicelib.exports.views.subsidies import SubsidiesQuery, SubsidiesView, SubsidyAccountRequest
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.members import service as members
from chalicelib.shared import clock, journal, pages, policies, timelines
from chalicelib.shared.commit import Put, StoredResponse, commit, retry_on_conflict
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.journal import Event
from chalicelib.shared.kept import Kept
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.tables import guarded
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry


@retry_on_conflict
def settle(declaration_id: str) -> None:
    """Bring the subsidy of a declaration to what follows from what is known of it. Once or many times.

    For its exporter, and for those it was taken to be of before a correction.
    """
    known = records.DECLARATIONS.load([(declaration_id,)]).get((declaration_id,))
    if known is None:
        return
    for member_id in (known.content.fact.member_id, *known.content.former):
        _settle(member_id, known.content, clock.now())


def name_account(member_id: str, body: SubsidyAccountRequest, request: RequestContext) -> StoredResponse:
    """Where an exporter's subsidies are paid; what waits is paid there at once. NotFound for anybody else, NotAPartner, CurrencyNotPayable."""
    members.find(member_id, request.caller)
    was = _account(member_id, request.now)
    request.expects(was.version)
    banks_inbox.must_be_partner(body.bank_id, request.now, pays=was.content.currency)
    after, event = subsidy.with_payee(was.content, Payee(body.bank_id, body.account))
    return _commit(was, after, event, request, response=encode(views.account_view(after)))


def show(member_id: str, query: SubsidiesQuery, request: RequestContext) -> SubsidiesView:
    """An exporter's subsidies line by line, for its own eyes or an officer's. NotFound for anybody else."""
    members.find(member_id, request.caller)
    account = _account(member_id, request.now).content
    of = f"subsidies:{member_id}:{query.start}:{query.end}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = records.places(member_id, query.start, query.end, after)
    lines = pages.filtered(
        places,
        lambda names: _lines(member_id, names),
        lambda line: views.line_view(line, account.currency),
        query,
        request,
        of,
    )
    return views.view(account, lines)


def timeline(member_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that was booked, reversed and named of an exporter's subsidies, oldest first. NotFound for anybody else."""
    members.find(member_id, request.caller)
    account = _account(member_id, request.now).content
    return ledger_timelines.timeline(
        account, query, request, lambda entry: timelines.entry(entry, None, account.currency)
    )


def _settle(member_id: str, declaration: Declaration, now: datetime) -> None:
    was = _account(member_id, now)
    line = records.LINES.load([(member_id, declaration.id)]).get((member_id, declaration.id))
    refund_on = declaration.fact.tax_refund_paid_on
    policy = (
        policies.pinned(POLICY, line.content.policy)
        if line
        else policies.in_force(POLICY, refund_on or business_date(now))
    )
    settlement = subsidy.settle(
        was.content,
        line.content if line else None,
        declaration,
        policy.read_as(Policy),
        policy.hash,
        now,
        business_date(now),
    )
    if settlement is None:
        return
    put = records.put_line(member_id, settlement.line, line.version + 1 if line else 1)
    request = RequestContext.of_clock(was.content.chain, settlement.account.version, now)
    if settlement.event is None:
        is_first = guarded(lambda: put.row.save(condition=put.guard))
    else:
        is_first = not _commit(was, settlement.account, settlement.event, request, put).replayed
    if not is_first:
        raise WriteConflict(say("Somebody else settled a subsidy of {member_id}.", member_id=member_id))


def _commit(
    was: Kept[Account], after: Account, event: Event, request: RequestContext, *changes: Put, response: bytes = b""
) -> StoredResponse:
    """The account in its next version, its entry, and what goes with it."""
    entry = journal.entry(
        request, event, aggregate_id=after.chain, seq=after.version, prev=was.content.entry_hash, response=response
    )
    kept = Kept(was.key, after.version, replace(after, entry_hash=entry.entry_hash))
    return commit(entry, records.ACCOUNTS.change(kept), *changes)


def _account(member_id: str, now: datetime) -> Kept[Account]:
    """An exporter's subsidies as they are; nothing yet, in the currency of today's policy."""
    known = records.ACCOUNTS.load([(member_id,)]).get((member_id,))
    if known is not None:
        return known
    policy = policies.in_force(POLICY, business_date(now)).read_as(Policy)
    return Kept((member_id,), 0, Account(member_id=member_id, currency=policy.currency))


def _lines(member_id: str, names: Sequence[str]) -> Mapping[str, Line]:
    known = records.LINES.load((member_id, name) for name in names)
    return {key[1]: line.content for key, line in known.items()}
