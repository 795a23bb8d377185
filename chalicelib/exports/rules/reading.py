"""Declarations out of strings, as files and feeds bring them: every value is judged, and the first that will not do is named. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from chalicelib.daybook.rules import reading
from chalicelib.exports.rules.days import Origin
from chalicelib.exports.rules.declaration import Channel, DeclarationFact, Return, Status
from chalicelib.shared.views import view_of


class DeclarationLine(msgspec.Struct, frozen=True, kw_only=True):
    """A declaration as a file or feed brings it: the columns by name. At most one return in each telling."""

    declaration_no: reading.Reference
    exporter_ref: reading.Reference
    order_ref: reading.Reference
    buyer_ref: reading.Reference
    buyer_country: reading.Country
    currency: str
    amount: str
    channel: Channel
    origin: Origin
    related_party: Literal["yes", "no"]
    status: Status
    submitted_on: date
    released_on: date | None = None
    tax_refund_paid_on: date | None = None
    returned_on: date | None = None
    returned_amount: str | None = None


COLUMNS: Final = DeclarationLine.__struct_fields__
REQUIRED: Final = tuple(field.name for field in msgspec.structs.fields(DeclarationLine) if field.required)
_DATES: Final = ("submitted_on", "released_on", "tax_refund_paid_on", "returned_on")


def declaration_fact(values: Mapping[str, str], source: str) -> DeclarationFact:
    """The fact in a line's values by column; a column that is absent did not happen. Unreadable names the first that will not do."""
    line = reading.read_line(values, DeclarationLine)
    reading.must_be_country(line.buyer_country, "buyer_country")
    for name in _DATES:
        if (day := getattr(line, name)) is not None:
            reading.must_be_day(day, name)
    returns = _returns(line)
    return view_of(
        DeclarationFact,
        line,
        member_id=reading.member_id(line.exporter_ref),
        amount_minor=reading.amount_minor(line.amount, line.currency),
        is_related=line.related_party == "yes",
        status="returned" if returns and line.status != "cancelled" else line.status,
        returns=returns,
        source=source,
    )


def _returns(line: DeclarationLine) -> tuple[Return, ...]:
    """A date and an amount, or neither."""
    if line.returned_on is None and line.returned_amount is None:
        return ()
    if line.returned_on is None:
        raise reading.Unreadable("returned_on", "missing_value")
    if line.returned_amount is None:
        raise reading.Unreadable("returned_amount", "missing_value")
    return (Return(line.returned_on, reading.amount_minor(line.returned_amount, line.currency, "returned_amount")),)
