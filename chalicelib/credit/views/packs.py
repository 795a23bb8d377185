"""The document that banks decide on, and a pack as all concerned read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.credit.rules.consent import DataClass
from chalicelib.credit.rules.pack import Actor, Context, Pack
from chalicelib.credit.views.limits import LimitPart
from chalicelib.credit.views.scores import ScorePart
from chalicelib.shared.encoding import decode
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules.badge import Badge
from chalicelib.suppliers.views.figures import FiguresView

Absent = Literal["not_consented", "not_known", "no_scorecard_yet"]
"""Why a part is not in a pack: the firm's consent leaves it out; nothing is known of it; and of packs that were made
before firms were scored, that they were not."""


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
    founded_year: int
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
    score: ScorePart | None
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
    return view_of(DataPackView, pack, document=decode(pack.document, Document), **own)
