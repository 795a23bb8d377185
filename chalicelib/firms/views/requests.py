"""What firms and officers send about profiles."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.firms.rules import firm
from chalicelib.shared.documents import FileRequest
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import BookDay, TermDay
from chalicelib.shared.text import one_line, prose

Reason = Annotated[str, prose(500, least=1)]
PersonId = Annotated[str, Meta(pattern="^per_[0-9A-HJKMNP-TV-Z]{26}$(?!\n)")]


class FirmRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is registered of a firm."""

    name: Annotated[str, one_line(200)]
    """As it stands in the register."""
    registration_no: Annotated[str, Meta(pattern="^[0-9A-Z-]{4,40}$(?!\n)")]
    """Of the country's register of firms: the unified social credit code in China."""
    industry: Annotated[str, Meta(pattern="^[A-Z]?[0-9]{2,5}$(?!\n)")]
    """The code of the country's classification: GB/T 4754 in China."""
    region: Annotated[str, Meta(pattern="^[A-Z]{2}-[0-9A-Z]{1,3}$(?!\n)")]
    """ISO 3166-2."""
    size: firm.Size
    """The size of the firm, as the statistics office classes it."""
    paid_in_capital: Money
    """The capital that was paid in."""
    founded_year: Annotated[int, Meta(ge=1600, le=2099)]
    """The year in which it was founded."""


class PersonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the firm's people, or a company that holds or controls it. What is personal is kept encrypted with a key of this person alone."""

    name: Annotated[str, one_line(200)]
    """The full name. Kept encrypted, as are phone, email and address."""
    id_number: Annotated[str, one_line(64)] | None = None
    """Of an identity document; a company's registration number."""
    phone: Annotated[str, Meta(pattern="^[+0-9 ()-]{5,40}$(?!\n)")] | None = None
    """A telephone number, with its country code."""
    email: Annotated[str, Meta(pattern="^[!-?A-~]+@[!-?A-~]+$(?!\n)", max_length=200)] | None = None
    """A mailbox."""
    address: Annotated[str, one_line(200)] | None = None
    """Where the person is reached by post."""
    kind: firm.PersonKind = "person"
    """A person, or a company that holds or controls the firm."""
    powers: Annotated[list[firm.Power], Meta(max_length=4)] = []
    """Of a signer: to let data out, to apply for credit, to sign contracts, to draw money."""
    powers_until: TermDay | None = None
    """The last business date on which they hold."""
    is_legal_representative: bool = False
    """Whether this person represents the firm by law. A company does not."""
    is_controller: bool = False
    """Whether this person controls the firm in the end."""
    share_bp: Annotated[int, Meta(ge=0, le=firm.WHOLE_BP)] = 0
    """Its part of the capital in basis points; who has 2500 or more has to be registered."""


class EraseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a person's data is erased: words that name nobody, since they stay."""

    reason: Reason
    """Why the data is erased, naming nobody."""


class AccountRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An account of the firm at a bank. Its number is kept encrypted."""

    bank_name: Annotated[str, one_line(100)]
    """The bank that keeps the account, with its branch."""
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$(?!\n)")]
    """The currency, as ISO 4217 has it, such as `USD`."""
    number: Annotated[str, Meta(pattern="^[0-9A-Z]{4,40}$(?!\n)")]
    """The number of the account: digits and capital letters."""


class DocumentRequest(FileRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to be uploaded: exactly these bytes. `person_id` where it is about one of the firm's people: it is erased with that person."""

    kind: firm.DocumentKind
    """What the document is."""
    person_id: PersonId | None = None
    """The person it is about, by the id in `people`."""


class ReturnRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is wrong with a profile, in words that the firm reads. They stay: they repeat nothing personal."""

    reasons: Annotated[
        list[Annotated[str, one_line(firm.MOST_REASON_CHARACTERS)]], Meta(min_length=1, max_length=firm.MOST_REASONS)
    ]
    """What has to be mended, each in a sentence, naming nobody."""


class RegistersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What public registers say of the firm. What is left out was not looked up, or is not in them: it counts neither for the firm nor against it."""

    seen_on: BookDay
    tax_grade: firm.TaxGrade | None = None
    """Of the tax office's yearly notice; M are new firms."""
    on_court_list: bool | None = None
    """The courts' list of defaulters, of firms."""


class DisclosureRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why an officer has to read what is sealed: the firm reads it too."""

    reason: Reason
    """Why what is sealed has to be read."""


class FirmsQuery(Waiting, frozen=True, kw_only=True):
    """For officers: all profiles, or those of a status. A member sees its own."""

    status: firm.Status | None = None
    """Only those in this status."""
