"""A firm's application for credit, to one bank, several or all, as a value. Pure.

Statuses:

    draft         the firm has not handed it in; it lapses after a while
    submitted     an officer has to screen it
    with_banks    each bank that was asked reviews it: see `review.py`
    accepted      the firm has accepted an offer; its agreement is being signed
    signed        all have signed: the credit line goes on from here
    screened_out  an officer found that no bank need look at it, with reasons
    withdrawn     the firm took it back
    unsuccessful  no bank that was asked gives credit, or the firm took no offer
    lapsed        nobody handed it in, or not all signed, in time

What becomes of it at each bank stands in `parts`, as the reviews say it: an approval, which ends the right to withdraw, and each review's end.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.procedure import Procedure
from chalicelib.credit.rules.products import Method
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.documents import Document
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import Calendar

Status = Literal[
    "draft", "submitted", "with_banks", "accepted", "signed", "screened_out", "withdrawn", "unsuccessful", "lapsed"
]
Actor = Literal["applicant", "officer", "bank"]
PartStatus = Literal["chosen", "open", "approved", "ended"]
"""Of one bank: chosen by the firm, reviewing, approved and not ended, ended."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"signed", "screened_out", "withdrawn", "unsuccessful", "lapsed"})
MOST_BANKS: Final = 7
MOST_CHARACTERS: Final = 1_000
MOST_REASONS: Final = 8
MOST_DOCUMENTS: Final = 30


class AmountOutsideProduct(RuleViolation):
    code = "amount_outside_product"
    title = "A chosen product does not lend that."
    fix = "Choose an amount, a currency, a term and a method that every chosen product has: GET /v1/credit-products."


class BankChosenTwice(RuleViolation):
    code = "bank_chosen_twice"
    title = "A bank reviews one product of an application."
    fix = "Choose one product of each bank."


class ApplicationIncomplete(RuleViolation):
    code = "application_incomplete"
    title = "Something that banks need is missing."
    fix = "See to everything in `missing`, then submit again: the firm's profile under /v1/firms, one consent for all the banks under /v1/consents."


class AppliedTooSoon(Conflict):
    code = "applied_too_soon"
    title = "An application was screened out not long ago."
    fix = "Apply again at `from` or later."


class ReasonsNeeded(RuleViolation):
    code = "reasons_needed"
    title = "Who is turned down is told why."
    fix = "Name at least one reason."


class TooManyApplicationDocuments(NoRoom):
    code = "too_many_application_documents"
    title = "An application holds no more documents."
    fix = "Put several pages into one file; what never arrived or was refused goes by itself within a day."


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the policy `credit-reasons`, and what whoever gave it adds in words."""

    code: Annotated[str, characters(64)]
    text: Annotated[str, characters(MOST_CHARACTERS)] = ""


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """An officer's decision whether banks are asked."""

    passed: bool
    reasons: Annotated[tuple[Reason, ...], most(MOST_REASONS)] = ()
    by: Annotated[str, characters(100)]
    at: datetime


class BankPart(msgspec.Struct, frozen=True, kw_only=True):
    """One bank that is asked, for one of its products, by the review of that number."""

    bank_id: str
    product_id: str
    review_id: str
    status: PartStatus = "chosen"


class ApplicationDocument(Document, frozen=True, kw_only=True, omit_defaults=True):
    """What the firm hands in with an application. `bank_id` where it is for one of the banks alone."""

    name: Annotated[str, characters(100)]
    bank_id: str = ""

    def is_for(self, bank_id: str) -> bool:
        """Whether that bank may read it."""
        return self.status == "kept" and self.bank_id in ("", bank_id)


class Application(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One application. `seq` counts its own entries, `version` also what reviews and the agreement bring about.

    `guarantee`: who stands for the firm, under the group's rule sheet of the day on which it was handed in.
    `submitted_by` is a person of the firm; `pack_id` the data pack that banks decide on. `due_at` is when whoever has to do something has to
    have done it.
    """

    id: str
    member_id: str
    amount_minor: int
    currency: str
    months: int
    method: Method
    purpose: Annotated[str, characters(MOST_CHARACTERS)]
    parts: Annotated[tuple[BankPart, ...], most(MOST_BANKS, why="one for each bank")]
    status: Status
    version: int
    seq: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None
    reminders: int = 0
    submitted_at: datetime | None = None
    submitted_by: str = ""
    pack_id: str = ""
    documents: Annotated[tuple[ApplicationDocument, ...], most(MOST_DOCUMENTS)] = ()
    screening: Screening | None = None
    guarantee: Guarantee | None = None
    agreement_id: str = ""
    accepted_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def bank_ids(self) -> list[str]:
        return [part.bank_id for part in self.parts]

    @property
    def over_at(self) -> datetime | None:
        """When there was nothing more for banks to do: an offer was accepted, or the firm took the application back."""
        return self.accepted_at or self.ended_at

    @property
    def is_approved(self) -> bool:
        """Whether a bank's approval stands."""
        return any(part.status == "approved" for part in self.parts)

    def part_of(self, review_id: str) -> BankPart:
        return next(part for part in self.parts if part.review_id == review_id)


class ApplicationContext(msgspec.Struct, frozen=True, kw_only=True):
    """What an application is decided on: the procedure that it pinned, the calendar of business days, and how long files are waited for and kept."""

    procedure: Procedure
    calendar: Calendar
    upload_hours: int
    retention_days: int


def review_id(application_id: str, number: int) -> str:
    """The review by one bank bears the application's characters and a number."""
    return f"rvw_{application_id.partition('_')[2]}_{number:02d}"


def application_id_of(name: str) -> str:
    """The application whose characters a review or an agreement bears."""
    return f"app_{name.partition('_')[2].partition('_')[0]}"
