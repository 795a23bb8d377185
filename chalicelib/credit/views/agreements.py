"""An agreement, as its three parties see it, and what is sent to sign it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.credit.rules import clauses
from chalicelib.credit.rules.agreement import Actor, Agreement, AgreementContext, Party, Signature, Status, document
from chalicelib.credit.rules.agreement_handling import MACHINE
from chalicelib.credit.views.terms import TermsView, terms_view
from chalicelib.shared.encoding import canonical
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class SignatureView(msgspec.Struct, frozen=True, kw_only=True):
    """`counts` where it is one on the document in force; signatures on earlier ones stay in the history."""

    party: Party
    member_id: str | None
    """The guarantor's, of a member of the group."""
    by: str | None
    """A person of the firm, for the firm and officers; the bank's own reference. Of a guarantor's person the others hear nothing."""
    document_sha256: str
    at: datetime
    counts: bool


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the document: its terms and its hash; `reason` is the bank's for changing it."""

    number: int
    terms: TermsView
    sha256: str
    made_at: datetime
    reason: str | None


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """What firm, bank and platform sign. `document_sha256` is the SHA-256 of the bytes of `document`: whoever signs compares, and sends it back."""

    id: str
    version: int
    status: Status
    application_id: str
    offer_id: str
    member_id: str
    bank_id: str
    product_id: str
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    document: str
    document_sha256: str
    versions: list[DocumentView]
    signatures: list[SignatureView]
    unsigned: list[Party]
    """Who has still to sign the document in force."""
    group_id: str | None
    unsigned_guarantors: list[str]
    """The members of the group that have still to sign."""
    sealed_sha256: str | None
    line_id: str | None
    ended_at: datetime | None


def view(agreement: Agreement, context: AgreementContext, actor: Actor, now: datetime) -> AgreementView:
    return view_of(
        AgreementView,
        agreement,
        **MACHINE.offer(agreement, actor, context, now),
        document=canonical(document(agreement, agreement.in_force)).decode(),
        unsigned=list(agreement.unsigned) if agreement.status == "to_sign" else [],
        group_id=agreement.guarantee.group_id if agreement.guarantee else None,
        unsigned_guarantors=list(agreement.unsigned_guarantors) if agreement.status == "to_sign" else [],
        versions=[view_of(DocumentView, each, terms=terms_view(each.terms)) for each in agreement.versions],
        signatures=[
            SignatureView(
                party=each.party,
                member_id=each.member_id or None,
                by=each.by if _is_shown(each, actor) else None,
                document_sha256=each.sha256,
                at=each.at,
                counts=each.sha256 == agreement.document_sha256,
            )
            for each in agreement.signatures
        ],
    )


def _is_shown(signature: Signature, actor: Actor) -> bool:
    """Who signed for another firm than one's own is that firm's matter."""
    if actor == "officer" or signature.party == "bank":
        return True
    return actor == "borrower" and signature.party != "guarantor"


class ClauseView(msgspec.Struct, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN"}):
    """One clause in both languages."""

    id: str
    zh_cn: str
    en: str


class ClausesView(msgspec.Struct, frozen=True, kw_only=True):
    """The clauses of the document in force, by contract. `sha256`, which stands in the document, is that of the JSON of `prevails` and `contracts`
    with its keys in order and no blanks.
    """

    agreement_id: str
    policy: str
    sha256: str
    prevails: str
    """The language that counts where the two say otherwise."""
    contracts: dict[str, list[ClauseView]]


def clauses_view(agreement: Agreement) -> ClausesView:
    policy, contracts = agreement.in_force.clauses, agreement.contracts
    texts = clauses.reference(policy, contracts) | clauses.texts(policy, contracts)
    return msgspec.convert({"agreement_id": agreement.id, **texts}, ClausesView)


class SignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The hash of the document that is signed."""

    document_sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of the document that was read, 64 hexadecimal digits: who signs signs exactly that."""
