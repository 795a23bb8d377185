"""An agreement of firm, bank and platform, as a value. Pure.

Statuses:

    to_sign  all three have to sign one document; where a group stands for it, every guarantor too
    signed   they have: it is sealed, and the bank has to activate the line
    lapsed   not all signed in time

What is signed is a document's SHA-256. The document is one canonical text, made of the parties, the terms and the hash of the clauses in force; anybody
can make it again from the agreement and compare. A signature belongs to one hash: where the bank changes the terms there is another document,
every signature is given anew, and those before stay in the history and count for nothing (credit.md 17, case CR-2).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules import clauses
from chalicelib.credit.rules.review import MOST_CONDITIONS, MOST_TEXT, ReviewContext
from chalicelib.credit.rules.terms import Terms
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.errors import Conflict

Status = Literal["to_sign", "signed", "lapsed"]
Actor = Literal["borrower", "officer", "bank", "guarantor", "guarantor_signed"]
"""A guarantor that has signed the document in force looks, and does nothing."""
Party = Literal["borrower", "bank", "platform", "guarantor"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
PARTIES: Final[tuple[Party, ...]] = ("borrower", "bank", "platform")
"""Of every agreement."""
GUARANTORS: Final[frozenset[Actor]] = frozenset({"guarantor", "guarantor_signed"})
ENDS: Final[frozenset[Status]] = frozenset({"signed", "lapsed"})
MOST_VERSIONS: Final = 10
MOST_SIGNATURES: Final = 120
PLATFORM: Final = "surety"


class HashNotInForce(Conflict):
    code = "document_not_in_force"
    title = "That is not the document that is being signed."
    fix = "Read the agreement, and sign the document whose hash is `document_sha256`."


class TooManyVersions(NoRoom):
    code = "too_many_agreement_versions"
    title = "An agreement is not changed again."
    fix = "Sign what is there, or let it lapse and make another offer."


class RevisedBeyondAccepted(Conflict):
    code = "agreement_revised_beyond_offer"
    title = "A changed agreement is not for more than the accepted offer."
    fix = "Change rate, fee, term or method; for another amount make another offer."


class DocumentVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of the document: its terms, which clauses it is made with, and the hash of the whole. `reason` is the bank's for changing it."""

    number: int
    terms: Terms
    clauses: str
    sha256: str
    made_at: datetime
    reason: Annotated[str, characters(MOST_TEXT)] = ""


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`by` is a person of the firm, an officer, or the bank's own reference; of a guarantor `member_id` says whose person it is."""

    party: Party
    by: Annotated[str, characters(100)]
    sha256: str
    at: datetime
    member_id: str = ""


class Agreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agreement. The last of `versions` is in force. Its first version is made by the entry of the accepted offer."""

    id: str
    application_id: str
    review_id: str
    offer_id: str
    member_id: str
    bank_id: str
    product_id: str
    conditions: Annotated[tuple[Annotated[str, characters(MOST_TEXT)], ...], most(MOST_CONDITIONS)] = ()
    versions: Annotated[tuple[DocumentVersion, ...], most(MOST_VERSIONS)]
    signatures: Annotated[
        tuple[Signature, ...], most(MOST_SIGNATURES, why="three and nine guarantors for each version")
    ] = ()
    status: Status
    version: int
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    due_at: datetime
    guarantee: Guarantee | None = None
    sealed_sha256: str = ""
    line_id: str = ""
    ended_at: datetime | None = None

    @property
    def in_force(self) -> DocumentVersion:
        return self.versions[-1]

    @property
    def document_sha256(self) -> str:
        return self.in_force.sha256

    @property
    def terms(self) -> Terms:
        return self.in_force.terms

    def has_signed(self, party: Party, member_id: str = "") -> bool:
        """Whether a party, of guarantors that member, has signed the document in force."""
        signed = ((each.party, each.member_id) for each in self.signatures if each.sha256 == self.document_sha256)
        return (party, member_id) in signed

    @property
    def contracts(self) -> list[str]:
        """Which contracts are one document."""
        return ["three_party_cooperation", "loan", *(["joint_guarantee"] if self.guarantee else [])]

    @property
    def guarantor_ids(self) -> tuple[str, ...]:
        return tuple(each.member_id for each in self.guarantee.guarantors) if self.guarantee else ()

    @property
    def unsigned_guarantors(self) -> tuple[str, ...]:
        """The members of the group that have still to sign."""
        return tuple(each for each in self.guarantor_ids if not self.has_signed("guarantor", each))

    @property
    def unsigned(self) -> tuple[Party, ...]:
        parties = (party for party in PARTIES if not self.has_signed(party))
        return (*parties, *(("guarantor",) if self.unsigned_guarantors else ()))


AgreementContext = ReviewContext
"""What an agreement is decided on: the product, the procedure, and the application."""


def document(agreement: Agreement, version: DocumentVersion) -> dict[str, Any]:
    """What is signed: the cooperation of all three and the loan between firm and bank, in one document; with it the guarantee of a group."""
    guarantee, contracts = agreement.guarantee, agreement.contracts
    return {
        **({"guarantee": msgspec.to_builtins(guarantee)} if guarantee else {}),
        "schema": 1,
        "contracts": contracts,
        "clauses": clauses.reference(version.clauses, contracts),
        "agreement_id": agreement.id,
        "application_id": agreement.application_id,
        "number": version.number,
        "parties": {"borrower": agreement.member_id, "bank": agreement.bank_id, "platform": PLATFORM},
        "product_id": agreement.product_id,
        "policy": agreement.policy,
        "terms": msgspec.to_builtins(version.terms),
        "conditions": list(agreement.conditions),
    }


def seal(agreement: Agreement) -> str:
    """The hash over the document and every signature on it."""
    signed = [each for each in agreement.signatures if each.sha256 == agreement.document_sha256]
    return sha256_of({"document_sha256": agreement.document_sha256, "signatures": msgspec.to_builtins(signed)})
