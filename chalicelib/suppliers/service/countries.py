"""What a member's country decides about it as a supplier. Documents it asks for are kept in the firm's profile, as all that proves something of a firm is."""

from __future__ import annotations

from chalicelib.firms.rules.firm import Document
from chalicelib.firms.service import reading as firms
from chalicelib.members.rules import Member
from chalicelib.shared import fx
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules.coverage import CoverPosition
from chalicelib.suppliers.rules.jurisdictions import Jurisdiction, in_currency
from chalicelib.suppliers.service import jurisdictions
from chalicelib.suppliers.views.programme import EnrolmentDocumentView, JurisdictionView


def must_let_in(member: Member, request: RequestContext) -> dict[str, str]:
    """The SHA-256 of each document that its country asks for, by kind. NoJurisdiction, EnrolmentDocumentsMissing."""
    jurisdiction = jurisdictions.in_force(request.now).must_join(member.country)
    there = _on_file(member, jurisdiction)
    jurisdiction.must_be_on_file(there)
    return {kind: there[kind].sha256 for kind in jurisdiction.enrolment_documents}


def shown(member: Member, position: CoverPosition, request: RequestContext) -> JurisdictionView | None:
    """With a supplier's limit in its country's currency; None where the country has no entry."""
    known = jurisdictions.in_force(request.now).countries.get(member.country)
    if known is None:
        return None
    quote = fx.quote(known.limit_currency, business_date(request.now))
    there = _on_file(member, known)
    return JurisdictionView(
        country=member.country,
        joins=known.joins,
        limit=Money.of(in_currency(position.limit_minor, quote), quote.of),
        available=Money.of(in_currency(position.available_minor, quote), quote.of),
        rate_as_of=quote.as_of,
        zone=known.zone,
        calendar=known.calendar,
        documents=list(known.documents),
        enrolment_documents=[_document(kind, there.get(kind)) for kind in known.enrolment_documents],
    )


def _on_file(member: Member, jurisdiction: Jurisdiction) -> dict[str, Document]:
    """What is kept in the profile, the newest of each kind. Not read where nothing is asked for."""
    profile = firms.profile(member.id) if jurisdiction.enrolment_documents else None
    return {each.kind: each for each in profile.documents if each.status == "kept"} if profile else {}


def _document(kind: str, kept: Document | None) -> EnrolmentDocumentView:
    return EnrolmentDocumentView(kind=kind, document_id=kept.id if kept else None, sha256=kept.sha256 if kept else None)
