"""The document that banks decide on, and a pack as all concerned read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.credit.rules.consent import DataClass
from chalicelib.credit.rules.limit import Leaving, Limit, Reason
from chalicelib.credit.rules.pack import Actor, Context, Pack
from chalicelib.credit.rules.products import LimitTerms
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules.badge import Badge
from chalicelib.suppliers.views.figures import FiguresView

Absent = Literal["not_consented", "not_known", "no_scorecard_yet"]
"""Why a part is not in a pack: the firm's consent leaves it out; nothing is known of it; applications are not scored yet."""


class ConsentPart(msgspec.Struct, frozen=True, kw_only=True):
    """By which consent the pack was made. Which banks it names is theirs and the firm's alone."""

    id: str
    data_classes: list[DataClass]
    until: date


class FirmPart(msgspec.Struct, frozen=True, kw_only=True):
    """The firm as its profile has it; `status` and `verified_at` say whether an officer has seen that it is so."""

    name: str
    registration_no: str
    industry: str
    region: str
    size: str
    founded_on: date
    paid_in_capital: Money
    status: str
    verified_at: datetime | None
    verified_until: datetime | None


class ExportDayPart(msgspec.Struct, frozen=True, kw_only=True):
    """What was released on a Shanghai date, less what came back on it; `related_usd` is the part of `platform_usd` to related parties."""

    on: date
    platform_usd: Money
    elsewhere_usd: Money
    related_usd: Money


class ExportsPart(msgspec.Struct, frozen=True, kw_only=True):
    """The days of the window on which something counted, from `since` up to but not including `until`."""

    since: date
    until: date
    days: list[ExportDayPart]


class DeductionsPart(msgspec.Struct, frozen=True, kw_only=True):
    """What haircuts take off the exports through the platform."""

    related_usd: Money
    one_buyer_usd: Money
    disputes_usd: Money


class LeavingPart(msgspec.Struct, frozen=True, kw_only=True):
    """What the window no longer holds from the date `on` on, and the limit that is left if nothing new is exported."""

    on: date
    platform_usd: Money
    elsewhere_usd: Money
    limit: Money


class LimitPart(msgspec.Struct, frozen=True, kw_only=True):
    """A limit with every step, under the terms it follows from. Products that share terms share it.

    `usd_6m` is held against the threshold of the terms; `limit` is zero where there are `reasons`, and `working` is the arithmetic in words.
    """

    terms: LimitTerms
    since: date
    platform_usd: Money
    deductions: DeductionsPart
    usd_6m: Money
    deals: int
    elsewhere_usd: Money
    raw: Money
    capped: Money
    limit: Money
    missing_usd: Money
    reasons: list[Reason]
    working: list[str]
    leaves: list[LeavingPart]


class DepositPart(msgspec.Struct, frozen=True, kw_only=True):
    """How the seller's deposit stands, and what counts against it: `open_violations` whose amount is required still."""

    status: str
    since: datetime
    required: Money
    held: Money
    arrears: Money
    open_violations: int
    restrictions: list[str]


class ProgrammePart(msgspec.Struct, frozen=True, kw_only=True):
    """The programme of protected trade: each figure with its window, sample and formula."""

    badge: Badge
    newest_fact_on: date | None
    figures: FiguresView


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """All that a bank decides on. A part that is null stands in `absent`, with the reason. Nothing is about a person."""

    schema: Literal[1] = 1
    pack_id: str
    firm_id: str
    made_at: datetime
    as_of: date
    consent: ConsentPart
    firm: FirmPart | None
    exports: ExportsPart | None
    limits: list[LimitPart] | None
    deposit: DepositPart | None
    programme: ProgrammePart | None
    score: None = None
    absent: dict[str, Absent]


class BankReadView(msgspec.Struct, frozen=True, kw_only=True):
    bank_id: str
    times: int
    first_at: datetime
    last_at: datetime


class DataPackView(msgspec.Struct, frozen=True, kw_only=True):
    """A data pack. `statement` is a compact JWS (ES256, keys at /v1/badge-keys) whose payload is the document, byte for byte; `sha256` is
    that of these bytes, in hexadecimal digits. `document` shows the same to people.

    It is the same for every bank. `reads`, which bank has read it, is null for banks.
    """

    id: str
    firm_id: str
    consent_id: str
    as_of: date
    created_at: datetime
    sha256: str
    kid: str
    statement: str
    document: Document
    reads: list[BankReadView] | None


def view(pack: Pack, context: Context, actor: Actor, now: datetime) -> DataPackView:
    own = {"reads": None} if actor == "bank" else {}
    return view_of(DataPackView, pack, document=msgspec.json.decode(pack.document, type=Document), **own)


def limit_part(limit: Limit, terms: LimitTerms, currency: str) -> LimitPart:
    return view_of(
        LimitPart,
        limit,
        currency,
        terms=terms,
        deductions=view_of(DeductionsPart, limit.deductions, "USD"),
        leaves=[_leaving(each, currency) for each in limit.leaves],
        **_in_usd(limit, "platform_usd", "usd_6m", "elsewhere_usd", "missing_usd"),
    )


def _leaving(leaving: Leaving, currency: str) -> LeavingPart:
    return view_of(LeavingPart, leaving, currency, **_in_usd(leaving, "platform_usd", "elsewhere_usd"))


def _in_usd(state: Limit | Leaving, *names: str) -> dict[str, Money]:
    return {name: Money.of(getattr(state, f"{name}_minor"), "USD") for name in names}
