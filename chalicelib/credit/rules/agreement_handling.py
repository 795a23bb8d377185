"""What firm, bank, platform and the clock do to an agreement. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.credit.rules import application_handling, clauses, line_handling
from chalicelib.credit.rules.agreement import (
    ENDS,
    MOST_VERSIONS,
    Agreement,
    AgreementContext,
    DocumentVersion,
    HashNotInForce,
    Party,
    RevisedBeyondAccepted,
    Signature,
    TooManyVersions,
    document,
    seal,
)
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.offer import Offer
from chalicelib.credit.rules.review import ReviewContext
from chalicelib.credit.rules.terms import Terms
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.money import text
from chalicelib.shared.periods import business_date
from chalicelib.shared.state_machine import STAYS, Change, InvalidTransition, StateMachine, Table, Timer, Transition
from chalicelib.shared.texts import say

AgreementChange = Change[Agreement]


class AgreementNotInThisStatus(InvalidTransition):
    code = "agreement_not_in_this_status"
    title = "The agreement does not allow that now."


def _borrower_has_to(agreement: Agreement, context: AgreementContext, actor: str, now: datetime) -> bool:
    return not agreement.has_signed("borrower")


def _platform_has_to(agreement: Agreement, context: AgreementContext, actor: str, now: datetime) -> bool:
    return not agreement.has_signed("platform")


def _bank_has_to(agreement: Agreement, context: AgreementContext, actor: str, now: datetime) -> bool:
    return not agreement.has_signed("bank")


def _never(agreement: Agreement, context: AgreementContext, actor: str, now: datetime) -> bool:
    """A guarantor that has signed is refused as the other parties are."""
    return False


def _guarantors_have_to(agreement: Agreement, context: AgreementContext, actor: str, now: datetime) -> bool:
    return bool(agreement.unsigned_guarantors)


_TO_SIGN: Final = frozenset({"to_sign"})
_SIGNING: Final = frozenset({"to_sign", "signed"})

TABLE: Final = Table[Agreement, AgreementContext](
    kind="agreement",
    error=AgreementNotInThisStatus,
    ends=ENDS,
    payload=lambda was, agreement: {
        "from": was.status,
        "to": agreement.status,
        "member_id": agreement.member_id,
        "bank_id": agreement.bank_id,
        "application_id": agreement.application_id,
        "currency": agreement.terms.currency,
        "document_sha256": agreement.document_sha256,
        **({"guarantor_ids": list(agreement.guarantor_ids)} if agreement.guarantee else {}),
    },
    transitions=(
        Transition("sign", _TO_SIGN, frozenset({"borrower"}), _SIGNING, _borrower_has_to),
        Transition("sign", _TO_SIGN, frozenset({"officer"}), _SIGNING, _platform_has_to),
        Transition("sign", _TO_SIGN, frozenset({"bank"}), _SIGNING, _bank_has_to),
        Transition("sign", _TO_SIGN, frozenset({"guarantor"}), _SIGNING, _guarantors_have_to),
        Transition("sign", _TO_SIGN, frozenset({"guarantor_signed"}), STAYS, _never),
        Transition("revise", _TO_SIGN, frozenset({"bank"}), STAYS),
        Transition("lapse", _TO_SIGN, frozenset({"clock"}), frozenset({"lapsed"})),
    ),
)


def opened(offer: Offer, context: ReviewContext, now: datetime) -> Agreement:
    """The first version, with the first document: what the firm has accepted."""
    blank = Agreement(
        id=agreement_id(offer.application_id),
        application_id=offer.application_id,
        review_id=offer.review_id,
        offer_id=offer.id,
        member_id=offer.member_id,
        bank_id=offer.bank_id,
        product_id=offer.product_id,
        conditions=offer.conditions,
        versions=(),
        status="to_sign",
        version=1,
        created_at=now,
        updated_at=now,
        policy=offer.policy,
        due_at=_sign_by(context, now),
        guarantee=context.application.guarantee,
    )
    return replace(blank, versions=(_version(blank, offer.terms, "", now),))


def sign(
    was: Agreement,
    context: AgreementContext,
    party: Party,
    by: str,
    document_sha256: str,
    now: datetime,
    member_id: str = "",
) -> AgreementChange:
    """A party signs the document in force, of guarantors a member of the group for itself. The last signature seals it, and opens the credit line.

    HashNotInForce for any other document.
    """
    if document_sha256 != was.document_sha256:
        raise HashNotInForce(
            "Another document is in force.", param="document_sha256", document_sha256=was.document_sha256
        )
    signature = Signature(party=party, by=by, sha256=document_sha256, at=now, member_id=member_id)
    after = replace(was, signatures=(*was.signatures, signature))
    payload = {"party": party, **({"guarantor_id": member_id} if member_id else {})}
    if was.guarantee is None:
        payload["by"] = by
    if after.unsigned:
        return TABLE.change(was, "sign", now, event="signature_given", signatures=after.signatures, payload=payload)
    line = _line(was, context, now)
    sealed = seal(after)
    return TABLE.change(
        was,
        "sign",
        now,
        to="signed",
        signatures=after.signatures,
        ended_at=now,
        sealed_sha256=sealed,
        line_id=line.id,
        also=(line, application_handling.sign(context.application, now)),
        payload={**payload, "sealed_sha256": sealed, "line_id": line.id, "amount_minor": was.terms.amount_minor},
    )


def revise(was: Agreement, context: AgreementContext, terms: Terms, reason: str, now: datetime) -> AgreementChange:
    """The bank changes the terms: there is another document, and everybody signs anew."""
    must_have_room(was.versions, MOST_VERSIONS, TooManyVersions)
    accepted = was.versions[0].terms
    if terms.amount_minor > accepted.amount_minor or terms.currency != accepted.currency:
        maximum = text(accepted.amount_minor, accepted.currency)
        raise RevisedBeyondAccepted(
            say("{maximum} {currency} were accepted.", maximum=maximum, currency=accepted.currency),
            param="amount",
            maximum=maximum,
        )
    return TABLE.change(
        was,
        "revise",
        now,
        event="revised",
        versions=(*was.versions, _version(was, terms, reason, now)),
        due_at=_sign_by(context, now),
        payload={"reason": reason, "amount_minor": terms.amount_minor, "rate_bp": terms.rate_bp},
    )


def lapse(was: Agreement, context: AgreementContext, at: datetime) -> AgreementChange:
    """Not all have signed in time."""
    return TABLE.change(
        was,
        "lapse",
        at,
        to="lapsed",
        ended_at=at,
        also=(application_handling.fail_to_sign(context.application, at),),
        payload={"unsigned": list(was.unsigned), "unsigned_guarantors": list(was.unsigned_guarantors)},
    )


def agreement_id(application_id: str) -> str:
    """An application comes to one agreement at most, which bears its characters; so does the line."""
    return f"agr_{application_id.partition('_')[2]}"


def line_id(application_id: str) -> str:
    return f"lin_{application_id.partition('_')[2]}"


def _line(was: Agreement, context: AgreementContext, now: datetime) -> Line:
    return line_handling.opened(
        line_id(was.application_id),
        was.terms,
        member_id=was.member_id,
        application_id=was.application_id,
        agreement_id=was.id,
        guarantee=was.guarantee,
        context=context,
        now=now,
    )


def _version(was: Agreement, terms: Terms, reason: str, now: datetime) -> DocumentVersion:
    in_force = clauses.in_force(business_date(now))
    number = len(was.versions) + 1
    version = DocumentVersion(number=number, terms=terms, clauses=in_force, sha256="", made_at=now, reason=reason)
    return replace(version, sha256=sha256_of(document(was, version)))


def _sign_by(context: ReviewContext, now: datetime) -> datetime:
    return context.business_days_after(now, context.procedure.sign_business_days)


def _who_has_to_sign(agreement: Agreement) -> str:
    return agreement.unsigned[0]


MACHINE: Final = StateMachine[Agreement, AgreementContext](
    table=TABLE,
    timers=(
        Timer("signatures", _TO_SIGN, lambda agreement, context: agreement.due_at, _who_has_to_sign, "lapsed", lapse),
    ),
)
