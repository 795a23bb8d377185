"""Messages of banks in any form: what they add is ignored, and money that can be read is read."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.bank_events import rules
from chalicelib.bank_events.parsing import parse_leniently, read_money
from chalicelib.banks.rules import bank_api
from chalicelib.banks.rules.instruction import StatusReport
from chalicelib.banks.views.inbox import Envelope
from chalicelib.shared import money
from chalicelib.shared.http import read_json

FIELDS: dict[str, Any] = {
    "bank_ref": "R-1",
    "seq": 1,
    "order_id": "ord_1",
    "claim_id": "clm_1",
    "member_claim_id": "mcl_1",
    "seller_id": "mem_1",
    "attempt_id": "att_1",
    "account": "TA-USD-01",
    "value_date": "2026-03-02",
    "money": {"amount": "1500.00", "currency": "USD"},
    "fees": {"amount": "2.00", "currency": "USD"},
}


@pytest.mark.parametrize("kind", rules.FORMS)
@pytest.mark.parametrize("where", ["envelope", "data", "money", "fees"])
def test_a_field_that_is_not_known_changes_nothing_wherever_it_stands(kind: str, where: str) -> None:
    form = rules.FORMS[kind]
    data = {name: value for name, value in FIELDS.items() if name in form.__struct_fields__}
    more: dict[str, Any] = {"envelope": {}, "data": {}, "money": {}, "fees": {}} | {where: {"their_own": {"deep": [1]}}}
    fields = {
        name: value | more[name] if name in more and isinstance(value, dict) else value for name, value in data.items()
    }
    message = {"type": kind, "timestamp": "2026-03-02T02:15:00Z", "data": fields | more["data"]} | more["envelope"]
    envelope = read_json(json.dumps(message).encode(), Envelope)
    assert msgspec.convert(envelope.data, form) == msgspec.convert(data, form)
    moves = kind in rules.INCOMING | rules.OUTGOING
    assert (rules.movement_of(*parse_leniently(json.dumps(message).encode())) is not None) == moves


def test_a_banks_answer_may_hold_more_than_is_asked_for() -> None:
    asked = money.Money.of(150_000, "USD")
    for status in ("settled", "failed"):
        body = {"status": status, "seq": 1, "their_own": 1, "money": {"amount": "1500.00", "currency": "USD", "x": 2}}
        told = bank_api.read_inquiry_result(200, json.dumps(body).encode(), asked)
        assert isinstance(told, StatusReport)
        assert (told.outcome, told.moved_minor) == (status, 150_000 if status == "settled" else 0)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ('"1500.00"', "USD", 150_000),
        ('"1500"', "USD", 150_000),
        ('" 1500.5 "', "usd", 150_050),
        ("1500", "USD", 150_000),
        ("1500.10", "USD", 150_010),
        ("0.30000000", "USD", 30),
        ('"1500.00"', "KRW", 1500),
        ('"1500.50"', "KRW", None),
        ('"1.005"', "USD", None),
        ('"1,500.00"', "USD", None),
        ('"-1500.00"', "USD", None),
        ("-1500", "USD", None),
        ('"1.5e3"', "USD", None),
        ("1e3", "USD", None),
        ("NaN", "USD", None),
        ("true", "USD", None),
        ("null", "USD", None),
        ('"0.00"', "USD", None),
        ('"1500.00"', "XXX", None),
        ('"9999999999999999.00"', "USD", None),
    ],
)
def test_an_amount_is_read_where_it_can_mean_one_thing_only(amount: str, currency: str, minor: int | None) -> None:
    raw = f'{{"type": "t", "data": {{"money": {{"amount": {amount}, "currency": "{currency}"}}}}}}'
    read = read_money(parse_leniently(raw.encode())[1])
    assert read == ((minor, currency.upper()) if minor else None)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ('{"type": "t", "data": {"money": {"amount": "1.00", "currency": "USD", "amount": "1.00"}}}', (100, "USD")),
        ('{"type": "t", "data": {"money": {"amount": "1.00", "currency": "USD", "amount": "2.00"}}}', None),
        ('{"type": "t", "data": {"x": 1, "x": 2, "money": {"amount": "1.00", "currency": "USD"}}}', (100, "USD")),
        ('{"type": "t", "data": {"x": NaN, "money": {"amount": "1.00", "currency": "USD"}}}', (100, "USD")),
        ('{"type": "t", "data": {"x": "\\ud800", "money": {"amount": "1.00", "currency": "USD"}}}', (100, "USD")),
        ('{"type": "t", "type": "u", "data": {"money": {"amount": "1.00", "currency": "USD"}}}', None),
        ('{"data": {"money": {"amount": "1.00", "currency": "USD"}}}', None),
        ('[{"money": {"amount": "1.00", "currency": "USD"}}]', None),
        ("{", None),
    ],
)
def test_what_stands_twice_counts_where_it_says_one_thing(raw: str, read: tuple[int, str] | None) -> None:
    assert read_money(parse_leniently(raw.encode())[1]) == read


def test_bytes_that_are_no_text_do_not_hide_the_money() -> None:
    raw = b'{"type": "t", "data": {"remitter": "\xff\xfe", "money": {"amount": "1.00", "currency": "USD"}}}'
    assert read_money(parse_leniently(raw)[1]) == (100, "USD")


@given(minor=some.integers(1, money.MOST_MINOR - 1), currency=some.sampled_from(["USD", "KRW", "KWD", "CNY"]))
def test_whatever_the_strict_form_takes_is_read_as_the_same_amount(minor: int, currency: str) -> None:
    told = money.Money.of(minor, currency)
    assert read_money({"money": msgspec.to_builtins(told)}) == (minor, currency)


@given(
    some.recursive(
        some.none() | some.text(max_size=5) | some.integers(),
        lambda inner: (
            some.lists(inner)
            | some.dictionaries(some.sampled_from(["type", "data", "money", "amount", "currency"]), inner)
        ),
    )
)
def test_no_message_is_too_strange_to_be_looked_at(message: Any) -> None:
    read = read_money(parse_leniently(json.dumps(message).encode())[1])
    assert read is None or read[0] > 0
