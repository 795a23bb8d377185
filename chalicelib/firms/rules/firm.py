"""The profile of a firm: what a lender must know of a member, as a value. Pure.

Statuses:

    registered  an officer has to verify it for the first time
    verified    an officer has seen that it is so; it holds until a day
    changed     it was verified, and something has changed since: an officer has to look again
    returned    an officer says what is wrong: the firm mends it and confirms
    expired     it was not verified, not mended or not confirmed again in time; the firm may still confirm it

What is personal of people is sealed with a key for each person, what is the firm's own secret (accounts) with the firm's. Who was verified as a
signer stays one while other things of the profile change; who is new or has changed waits for an officer.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import documents
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import Conflict
from chalicelib.shared.regions import region
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.state_machine import Versioned

Actor = Literal["firm", "officer"]
Status = Literal["registered", "verified", "changed", "returned", "expired"]
Power = Literal["consent", "apply", "sign", "draw"]
"""What a signer may do for the firm: let data out, apply for credit, sign contracts, draw money."""
Size = Literal["micro", "small", "medium", "large"]
PersonalField = Literal["name", "id_number", "phone", "email", "address"]
PersonKind = Literal["person", "company"]
DocumentKind = Literal[
    "business_licence",
    "tax_registration",
    "export_licence",
    "articles",
    "identity",
    "accounts",
    "personal_guarantee",
    "other",
]
TaxGrade = Literal["D", "C", "M", "B", "A"]
WhyExpired = Literal["not_verified", "not_mended", "not_confirmed"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
TAX_GRADES: Final[tuple[TaxGrade, ...]] = get_args(TaxGrade)
"""Of the tax office's yearly notice, the worst first; M are new firms."""
POWERS: Final[tuple[Power, ...]] = get_args(Power)
ENDS: Final[frozenset[Status]] = frozenset({"expired"})
MOST_PEOPLE: Final = 20
MOST_ACCOUNTS: Final = 10
MOST_DOCUMENTS: Final = 40
MOST_REASONS: Final = 10
MOST_REASON_CHARACTERS: Final = 200
WHOLE_BP: Final = 10_000
HOLDER_BP: Final = 2_500
"""Who has so much of the capital has to be registered, and ties firms together."""
ACCOUNT_NUMBER: Final = "account_number"
"""The field under which an account's number is sealed with the firm's key."""


class TooManyPeople(NoRoom):
    code = "too_many_people"
    title = "A firm's profile holds no more people."
    fix = "Remove those who are with the firm no longer."


class TooManyAccounts(NoRoom):
    code = "too_many_settlement_accounts"
    title = "A firm's profile holds no more settlement accounts."
    fix = "Remove those that are not used."


class SettlementAccountKnown(Conflict):
    code = "settlement_account_known"
    title = "The account stands in the firm's profile already."
    fix = "Use `account_id`; remove it first where its bank is named wrongly."


class TooManyFirmDocuments(NoRoom):
    code = "too_many_firm_documents"
    title = "A firm's profile holds no more documents."
    fix = "Remove those that never arrived or were refused; kept ones go when their retention ends."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of firms' profiles: `chalicelib/policies/firms/`. Hours and days by the clock, holidays among them."""

    verify_hours: int
    supervisor_hours: int
    mend_days: int
    valid_days: int
    remind_days: int
    upload_hours: int
    retention_days: int
    seek_days: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a profile is decided on: the policy it pinned."""

    policy: Policy


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of a firm's people, or a company that holds or controls it. A signer is a person with `powers`, until a day where there is one.

    `share_bp` is the part of the capital. `verified_at` is when an officer saw that all of this is so. `marks` are keyed hashes by which firms
    are compared, `email_mark` is one by which it is seen that the address has changed and nothing else: they go with the person.
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
    marks: Annotated[tuple[str, ...], most(3, why="one of identity, phone and address each")] = ()
    email_mark: str = ""

    @property
    def known(self) -> list[str]:
        """Which personal fields are kept."""
        return [sealed.field for sealed in self.personal]

    def may(self, power: Power, today: date) -> bool:
        """Whether the person has the power, and has it still."""
        return power in self.powers and (self.powers_until is None or today <= self.powers_until)


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the firm is paid, and pays from: the number is sealed with the firm's own key, and `mark` is its keyed hash."""

    id: str
    bank_name: Annotated[str, characters(100)]
    currency: str
    number: Sealed
    mark: str = ""
    added_at: datetime
    verified_at: datetime | None = None


class Document(documents.Document, frozen=True, kw_only=True, omit_defaults=True):
    """A file that proves something, of the firm or of one of its people."""

    kind: DocumentKind
    person_id: str = ""


class Registers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What public registers say of the firm, as an officer saw them on a day. None: not looked up, or not in them."""

    seen_on: date
    tax_grade: TaxGrade | None = None
    on_court_list: bool | None = None


class Firm(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One profile; `id` is the member's. `due_at` is when whoever has to do something has to have done it.

    Until `seeks_until` founders of groups are shown the firm: its name, industry, region and size. `reasons` are those of an officer who returned it. `escalated_at`: no officer has looked in time, and a supervisor was told.
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
    founded_year: int
    people: Annotated[tuple[Person, ...], most(MOST_PEOPLE)] = ()
    settlement_accounts: Annotated[tuple[Account, ...], most(MOST_ACCOUNTS)] = ()
    documents: Annotated[tuple[Document, ...], most(MOST_DOCUMENTS)] = ()
    verified_at: datetime | None = None
    verified_until: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    reasons: Annotated[
        tuple[Annotated[str, characters(MOST_REASON_CHARACTERS)], ...],
        most(MOST_REASONS, why="as many as a request has"),
    ] = ()
    why_expired: WhyExpired | None = None
    seeks_until: datetime | None = None
    registers: Registers | None = None

    def __post_init__(self) -> None:
        """One that was kept with the number of its province is read with the letters."""
        msgspec.structs.force_setattr(self, "region", region(self.region))

    def person(self, person_id: str) -> Person | None:
        return next((person for person in self.people if person.id == person_id), None)


def missing(firm: Firm, today: date) -> tuple[str, ...]:
    """What a lender needs and the profile has not, in the order in which it is asked for. Empty: it is complete."""
    people, kinds = firm.people, {document.kind for document in firm.documents if document.status == "kept"}
    needed = {
        "legal_representative": any(person.is_legal_representative for person in people),
        "controller": any(person.is_controller for person in people),
        **{f"signer_{power}": any(person.may(power, today) for person in people) for power in POWERS},
        "settlement_account": bool(firm.settlement_accounts),
        "business_licence": "business_licence" in kinds,
        "verification": firm.status == "verified",
    }
    return tuple(what for what, is_there in needed.items() if not is_there)
