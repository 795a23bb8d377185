"""Showing what is sealed to others than the firm: to officers with a reason, to banks with the firm's consent. Each time is an entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules import verifying
from chalicelib.firms.rules.firm import Actor, Context, Firm
from chalicelib.firms.rules.transitions import FirmChange
from chalicelib.firms.service.reading import keys_of
from chalicelib.firms.service.uploads import links
from chalicelib.firms.views.firm import DisclosedView, DisclosureView, SealedView, opened
from chalicelib.firms.views.requests import DisclosureRequest
from chalicelib.shared import journal
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

READ_WITHIN: Final = timedelta(minutes=15)
"""So long after the entry its officer may read."""


def disclose(member_id: str, body: DisclosureRequest, request: RequestContext) -> StoredResponse:
    """An officer's reason, kept. What it opens is no part of the answer, which is kept too: see `read`."""

    def decide(was: Firm, context: Context, actor: Actor) -> FirmChange:
        to = {"disclosed_to": "officer", "reason": body.reason}
        return verifying.disclosed(was, context, to, request.caller.sub, request.now)

    def respond(firm: Firm, context: Context, actor: Actor) -> DisclosureView:
        return DisclosureView(
            id=request.entry_id,
            member_id=member_id,
            reason=body.reason,
            at=request.now,
            expires_at=request.now + READ_WITHIN,
        )

    return FIRMS.execute(member_id, request, "disclose", decide, status=201, respond=respond)


def read(member_id: str, disclosure_id: str, request: RequestContext) -> DisclosedView:
    """What is sealed and links to documents, for the officer whose reason is the entry, until READ_WITHIN is over. NotFound else."""
    firm = FIRMS.read(member_id, request)[0].state
    entry = journal.read(disclosure_id)
    if entry is None or not _opens(entry, firm, request):
        raise NotFound(
            say("There is no disclosure {disclosure_id!r:.60} that you may read now.", disclosure_id=disclosure_id)
        )
    return DisclosedView(opened=opened(firm, keys_of(firm).show), documents=links(firm))


def _opens(entry: Entry, firm: Firm, request: RequestContext) -> bool:
    is_own = entry.by.role == request.caller.role and entry.by.sub == request.caller.sub
    is_of_it = entry.aggregate_id == FIRMS.machine.table.aggregate_id(firm) and entry.event.kind == "firm.disclosed"
    return is_own and is_of_it and request.now < entry.at + READ_WITHIN


@retry_on_conflict
def to_bank(member_id: str, bank_id: str, consent_id: str, request: RequestContext) -> SealedView | None:
    """What is sealed, for a bank whose consent the slice above has found live just now; None where there is no profile.

    An entry for each reading, written before anything is opened, names the bank and the consent.
    """
    to = {"disclosed_to": bank_id, "consent_id": consent_id}
    reading = request.each_time("firm.disclosed", member_id)
    FIRMS.apply(member_id, reading, lambda was, context: verifying.disclosed(was, context, to, "", request.now))
    firm = REPOSITORY.load(member_id)
    return opened(firm, keys_of(firm).show) if firm else None
