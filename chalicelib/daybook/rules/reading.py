"""Facts out of strings, as files and feeds bring them: every value is judged, and the first that will not do is named. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.daybook.rules.trades import Status, TradeFact
from chalicelib.members.rules import id_of
from chalicelib.shared.errors import Malformed
from chalicelib.shared.iso_codes import COUNTRIES
from chalicelib.shared.money import UnknownCurrency, parse_minor
from chalicelib.shared.text import fold, unreadable

Reference = Annotated[str, Meta(pattern=r"\A[\x21-\x7d][\x21-\x7e]{0,63}\Z")]
"""1 to 64 visible ASCII characters, the first not a tilde, with which keys begin that stand beside the trades (`BESIDE_TRADES`)."""
Country = Annotated[str, Meta(pattern=r"\A[A-Z]{2}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]

L = TypeVar("L")

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
MOST_CHARACTERS: Final = 64


class TradeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A trade as a file or feed brings it: the columns by name."""

    trade_id: Reference
    supplier_ref: Reference
    buyer_ref: Reference
    supplier_country: Country
    buyer_country: Country
    category: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]
    currency: str
    amount: str
    ordered_at: Moment
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    shipped_at: Moment | None = None
    promised_by: Moment | None = None
    delivered_at: Moment | None = None
    status: Status


COLUMNS: Final = TradeLine.__struct_fields__
REQUIRED: Final = tuple(field.name for field in msgspec.structs.fields(TradeLine) if field.required)
_INSTANTS: Final = ("ordered_at", "paid_at", "ship_by", "shipped_at", "promised_by", "delivered_at")
_DAYS: Final = ("submitted_on", "released_on", "tax_refund_paid_on", "returned_on")
_REASONS: Final = {
    "trade_id": "bad_reference",
    "supplier_ref": "bad_reference",
    "buyer_ref": "bad_reference",
    "member_ref": "bad_reference",
    "activity_id": "bad_reference",
    "thread_id": "bad_reference",
    "declaration_no": "bad_reference",
    "exporter_ref": "bad_reference",
    "order_ref": "bad_reference",
    "supplier_country": "bad_country",
    "buyer_country": "bad_country",
    "category": "bad_category",
    "currency": "unknown_currency",
    "amount": "bad_amount",
    "returned_amount": "bad_amount",
    "status": "unknown_status",
    **dict.fromkeys(_INSTANTS, "bad_date"),
    **dict.fromkeys(_DAYS, "bad_day"),
}


class Unreadable(Exception):
    """A value that will not do: its column, and a stable code for what is wrong with it."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


def trade_fact(values: Mapping[str, str], source: str) -> TradeFact:
    """The fact in a line's values by column; a column that is absent did not happen. Unreadable names the first that will not do."""
    if given := values.get("category"):
        values = {**values, "category": fold(given)}
    line = read_line(values, TradeLine)
    if unreadable(line.category):
        raise Unreadable("category", _reason("category", line.category))
    must_be_country(line.supplier_country, "supplier_country")
    must_be_country(line.buyer_country, "buyer_country")
    return TradeFact(
        member_id=member_id(line.supplier_ref),
        trade_id=line.trade_id,
        buyer_ref=line.buyer_ref,
        supplier_country=line.supplier_country,
        buyer_country=line.buyer_country,
        category=line.category,
        currency=line.currency,
        amount_minor=amount_minor(line.amount, line.currency),
        ordered_at=_instant(line.ordered_at, "ordered_at"),
        paid_at=_instant_or_none(line.paid_at, "paid_at"),
        ship_by=_instant_or_none(line.ship_by, "ship_by"),
        shipped_at=_instant_or_none(line.shipped_at, "shipped_at"),
        promised_by=_instant_or_none(line.promised_by, "promised_by"),
        delivered_at=_instant_or_none(line.delivered_at, "delivered_at"),
        status=line.status,
        source=source,
    )


def read_line(values: Mapping[str, str], form: type[L]) -> L:
    """The values of a line in their form by column. Unreadable names the first that will not do."""
    try:
        return msgspec.convert(values, form)
    except msgspec.ValidationError as wrong:
        raise _unreadable(str(wrong), values) from None


def moment(text: str, column: str) -> datetime:
    """An instant out of RFC 3339 text, in UTC and whole milliseconds."""
    try:
        return _instant(msgspec.convert(text, Moment), column)
    except msgspec.ValidationError:
        raise Unreadable(column, "bad_date") from None


def reference(text: str, column: str) -> str:
    try:
        return msgspec.convert(text, Reference)
    except msgspec.ValidationError:
        raise Unreadable(column, _reason(column, text) if text else "missing_value") from None


@lru_cache(maxsize=16_384)
def member_id(supplier_ref: str) -> str:
    return id_of(supplier_ref)


def must_be_country(country: str, column: str) -> None:
    if country not in COUNTRIES:
        raise Unreadable(column, "bad_country")


def must_be_day(day: date, column: str) -> None:
    """A date of the years in which things can happen."""
    if not EARLIEST.year <= day.year < LATEST.year:
        raise Unreadable(column, "bad_day")


def amount_minor(amount: str, currency: str, column: str = "amount") -> int:
    """Minor units of a decimal string of the currency."""
    try:
        return parse_minor(amount, currency)
    except UnknownCurrency:
        raise Unreadable("currency", "unknown_currency") from None
    except Malformed:
        raise Unreadable(column, _reason(column, amount)) from None


def _instant_or_none(at: datetime | None, column: str) -> datetime | None:
    return None if at is None else _instant(at, column)


def _instant(at: datetime, column: str) -> datetime:
    if not EARLIEST.year <= at.year < LATEST.year:
        raise Unreadable(column, "bad_date")
    utc = at.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000) if utc.microsecond else utc


_AT: Final = re.compile(r"at `\$\.(\w+)`|required field `(\w+)`")


def _unreadable(message: str, values: Mapping[str, str]) -> Unreadable:
    place = _AT.search(message)
    column = (place[1] or place[2]) if place else ""
    value = values.get(column)
    return Unreadable(column, "missing_value" if value is None else _reason(column, value))


def _reason(column: str, value: str) -> str:
    """What is wrong with a value: of its bytes first, then of its length, then of what the column takes."""
    if "\0" in value:
        return "nul_byte"
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return "not_utf8"
    if len(value) > MOST_CHARACTERS:
        return "too_long"
    if _REASONS.get(column) == "bad_amount" and value.startswith("-"):
        return "negative_amount"
    return _REASONS.get(column, "bad_value")
