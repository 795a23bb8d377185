"""Why a row of a file or a fact of a feed is refused: every code there is, in words. The API document tells them all."""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, str]] = {
    "bad_amount": "not a decimal string with exactly the currency's digits",
    "bad_category": "a category has 1 to 64 printable characters",
    "bad_country": "not a code of ISO 3166-1",
    "bad_csv": "the record's quotes do not match",
    "bad_date": "not an instant of RFC 3339 with an offset, from the year 2000 on",
    "bad_reference": "a reference has 1 to 64 visible ASCII characters, the first not a tilde",
    "bad_value": "not what the column takes",
    "before_the_order": "it would have happened, or been promised, before the trade was ordered",
    "contradicts_earlier": "the same trade or activity was told otherwise before",
    "delivered_before_shipped": "delivered more than three days before it was shipped",
    "in_the_future": "it has not happened yet",
    "missing_for_status": "the status cannot have been reached without this",
    "missing_value": "a value that every row has is missing",
    "negative_amount": "an amount below zero",
    "no_exchange_rate": "there is no table rate for the currency at that time",
    "not_utf8": "the bytes are not UTF-8",
    "nul_byte": "the text holds a NUL",
    "own_trade": "buyer and supplier are the same member",
    "too_far_ahead": "planned more than ten years ahead of the order",
    "too_long": "longer than a value, a line or a record may be",
    "too_many_inquiries": "as many inquiries as are kept one by one were told of that date",
    "too_many_replies": "too many replies wait for an inquiry that was not told",
    "unknown_currency": "not a currency of ISO 4217 that one can pay in",
    "unknown_member": "there is no such member",
    "unknown_status": "not a status of a trade",
    "wrong_number_of_fields": "the record has not as many fields as the header",
    "zero_amount": "a trade is worth more than nothing",
}
