"""The profile of a firm: what a lender must know of a member, as a value. Pure.

Statuses:

    registered  an officer has to verify it for the first time
    verified    an officer has seen that it is so; it holds until a day
    changed     it was verified, and something has changed since: an officer has to look again
    returned    an officer says what is wrong: the firm has to change it
    expired     it was not verified, or not again, in time; the firm can hand it in anew

What is personal of people is sealed with a key for each person, what is the firm's own secret (accounts) with the firm's. Who was verified as a
signer stays one while other things of the profile change; who is new or has changed waits for an officer.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import characters, most
from chalicelib.shared.sealed import Sealed

Status = Literal["registered", "verified", "changed", "returned", "expired"]
Power = Literal["consent", "apply", "sign", "draw"]
"""What a signer may do for the firm: let data out, apply for credit, sign contracts, draw money."""
Size = Literal["micro", "small", "medium", "large"]
PersonalField = Literal["name", "id_number", "phone", "email", "address"]
PersonKind = Literal["person", "company"]
DocumentKind = Literal["business_licence", "articles", "identity", "accounts", "personal_guarantee", "other"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
POWERS: Final[tuple[Power, ...]] = get_args(Power)
MOST_PEOPLE: Final = 20
MOST_ACCOUNTS: Final = 10
MOST_DOCUMENTS: Final = 40
MOST_REASONS: Final = 10
WHOLE_BP: Final = 10_000


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of a firm's people, or a company that holds or controls it. A signer is a person with `powers`, until a day where there is one.

    `share_bp` is the part of the capital. `verified_at` is when an officer saw that all of this is so.
    """

    id: str
    kind: PersonKind = "person"
    personal: Annotated[tuple[Sealed, ...], most(5, why="one for each field")]
    powers: Annotated[tuple[Power, ...], most(4, why="each once")] = ()
    powers_until: date | None = None
    is_legal_representative: bool = False
    is_controller: bool = False
    share_bp: int = 0
    added_at: datetime
    verified_at: datetime | None = None


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the firm is paid, and pays from: the number is sealed with the firm's own key."""

    id: str
    bank_name: Annotated[str, characters(100)]
    currency: str
    number: Sealed
    added_at: datetime
    verified_at: datetime | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that proves something, of the firm or of one of its people; it is removed after `retained_until`."""

    id: str
    kind: DocumentKind
    person_id: str = ""
    media_type: str
    sha256: str
    size_bytes: int
    object_version: Annotated[str, characters(100)] = ""
    uploaded_at: datetime
    retained_until: date


class Firm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One profile; `id` is the member's. `due_at` is when whoever has to do something has to have done it.

    `reasons` are those of an officer who returned it. `escalated_at`: no officer has verified it in time, and a supervisor has to.
    """

    id: str
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None = None
    name: Annotated[str, characters(200)]
    registration_no: Annotated[str, characters(40)]
    industry: Annotated[str, characters(10)]
    region: Annotated[str, characters(10)]
    size: Size
    currency: str
    paid_in_capital_minor: int
    founded_on: date
    people: Annotated[tuple[Person, ...], most(MOST_PEOPLE)] = ()
    accounts: Annotated[tuple[Account, ...], most(MOST_ACCOUNTS)] = ()
    documents: Annotated[tuple[Document, ...], most(MOST_DOCUMENTS)] = ()
    verified_at: datetime | None = None
    verified_until: datetime | None = None
    escalated_at: datetime | None = None
    reasons: Annotated[tuple[Annotated[str, characters(200)], ...], most(MOST_REASONS)] = ()

    @property
    def seq(self) -> int:
        return self.version

    def person(self, person_id: str) -> Person | None:
        return next((person for person in self.people if person.id == person_id), None)


def missing(firm: Firm) -> tuple[str, ...]:
    """What a lender needs and the profile has not, in the order in which it is asked for. Empty: it is complete."""
    return tuple(what for what, is_there in _needed(firm) if not is_there)


def _needed(firm: Firm) -> tuple[tuple[str, bool], ...]:
    return (
        ("legal_representative", any(person.is_legal_representative for person in firm.people)),
        ("controller", any(person.is_controller for person in firm.people)),
        *((f"signer_{power}", any(power in person.powers for person in firm.people)) for power in POWERS),
        ("settlement_account", bool(firm.accounts)),
        ("business_licence", any(document.kind == "business_licence" for document in firm.documents)),
        ("verification", firm.status == "verified"),
    )
