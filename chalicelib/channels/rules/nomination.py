"""A nomination: an agency names a supplier for a channel and vouches for it, as a value. Pure.

Statuses:

    draft      the agency writes it
    nominated  an officer has to check it; late, it is escalated, and it never lapses silently
    returned   with reasons; the agency mends it and submits it again
    checked    in order; the supplier is not a member of the marketplace yet
    invited    the supplier has to accept or decline
    joined     it has accepted, by itself: its membership is issued
    declined   by the supplier
    withdrawn  by the agency
    expired    nobody went on with it in time

A name is kept in its one form (NFC), in the local script and romanised; it is looked for by `search_key`, in which compatibility forms,
case and blanks make no difference. A supplier is told from another by its registration number, by `registration_key`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import documents
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.state_machine import Versioned
from chalicelib.shared.text import compared

Status = Literal["draft", "nominated", "returned", "checked", "invited", "joined", "declined", "withdrawn", "expired"]
Actor = Literal["agency", "officer", "supplier"]
DocumentKind = Literal[
    "business_registration", "tax_registration", "export_licence", "origin_certificate", "product_safety", "other"
]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"joined", "declined", "withdrawn", "expired"})
MOST_DOCUMENTS: Final = 10
MOST_CATEGORIES: Final = 20
MOST_CHARACTERS: Final = 2_000
MOST_IN_A_KEY: Final = 250
"""Characters of a name as it is looked for. One in its compatibility form may become eighteen, and a key of the store has 2,048 bytes."""


class TooManyNominationDocuments(NoRoom):
    code = "too_many_nomination_documents"
    title = "A nomination holds no more documents."
    fix = "Put several pages into one file."


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Where the firm is reached on business: a mailbox and a telephone of its office, and of nobody by name."""

    mailbox: Annotated[str, characters(254)]
    telephone: Annotated[str, characters(40)] = ""


class Document(documents.Document, frozen=True, kw_only=True, omit_defaults=True):
    """What proves something about the supplier."""

    kind: DocumentKind


class Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agency says of a supplier. `member_id` is the supplier where it is a member already."""

    legal_name: Annotated[str, characters(200)]
    romanised_name: Annotated[str, characters(200)]
    registration_number: Annotated[str, characters(60)]
    categories: Annotated[tuple[str, ...], most(MOST_CATEGORIES, why="the request says so")]
    office: Office
    vouching: Annotated[str, characters(MOST_CHARACTERS)]
    member_id: str = ""


class Nomination(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One nomination. `until` is when it expires while it waits for the agency or the supplier."""

    id: str
    channel_id: str
    agency_id: str
    country: str
    details: Details
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    until: datetime
    check_due_at: datetime | None = None
    escalated_at: datetime | None = None
    member_id: str = ""
    membership_id: str = ""
    reason: Annotated[str, characters(MOST_CHARACTERS)] = ""
    documents: Annotated[tuple[Document, ...], most(MOST_DOCUMENTS)] = ()

    @property
    def is_over(self) -> bool:
        return self.status in ENDS


def search_key(name: str) -> str:
    """A name as it is looked for, without its blanks."""
    return "".join(compared(name).split())[:MOST_IN_A_KEY]


def registration_key(number: str) -> str:
    """A registration number by its letters and digits."""
    return "".join(each for each in compared(number).upper() if each.isalnum())[:MOST_IN_A_KEY]
