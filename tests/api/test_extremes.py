"""Dates, instants and amounts at their ends, in every place where a request holds one: never a fault of ours, now or later.

The places come from the forms of the endpoints themselves. What was taken in is read again, and a year passes over it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, get_type_hints

import msgspec
import pytest
from msgspec import inspect as forms

from chalicelib.registry import MACHINES
from chalicelib.shared import clock, observe, ranges
from chalicelib.shared.http import Endpoint
from chalicelib.shared.money import MOST_MINOR, Money
from chalicelib.webhooks.declared import DELIVERIES
from tests.api.api_requests import (
    ApiRequest,
    ApiUnderTest,
    endpoints,
    example_body,
    example_query,
    must_be_documented,
    name,
    operation,
)
from tests.api.seeds import Seeds
from tests.api.test_examples import SUPPLIERS
from tests.world import Reply, StandingClock

Place = tuple[str, ...]
"""The names that lead to a value; `[]` stands for every item of a list."""

DAYS: Final = (
    "0001-01-01",
    "1969-12-31",
    "1999-12-31",
    "2000-01-01",
    "2000-02-29",
    "2024-02-29",
    "2028-02-29",
    "2038-01-19",
    "2099-12-31",
    "2100-01-01",
    "2100-02-29",
    "9999-12-31",
)
INSTANTS: Final = (
    *(f"{day}T00:00:00Z" for day in DAYS),
    *(f"{day}T00:00:00+14:00" for day in ("0001-01-01", "2000-01-01", "2028-02-29")),
    *(f"{day}T23:59:59.999999-12:00" for day in ("1999-12-31", "2099-12-31", "9999-12-31")),
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "2026-03-02T00:00:00",
    "2026-03-02T23:59:60Z",
    "2026-03-02T24:00:00Z",
)
AMOUNTS: Final = (
    ("0.00", "USD"),
    ("0.01", "USD"),
    (f"{MOST_MINOR // 100 - 1}.99", "USD"),
    (f"{MOST_MINOR // 100}.00", "USD"),
    ("92233720368547758.07", "USD"),
    ("92233720368547758.08", "USD"),
    ("999999999999999999.99", "USD"),
    ("9" * 38, "KRW"),
    (str(MOST_MINOR - 1), "KRW"),
    (f"{MOST_MINOR // 1000 - 1}.999", "KWD"),
)


def places_of(form: Any) -> Iterator[tuple[Place, str]]:
    """Where a form holds a day, an instant or an amount."""
    if form is not None:
        yield from _places(forms.type_info(form), ())


def _places(form: forms.Type, above: Place) -> Iterator[tuple[Place, str]]:
    match form:
        case forms.Metadata(type=inner):
            yield from _places(inner, above)
        case forms.UnionType(types=choices):
            for choice in choices:
                yield from _places(choice, above)
        case forms.ListType(item_type=inner) | forms.VarTupleType(item_type=inner):
            yield from _places(inner, (*above, "[]"))
        case forms.StructType(cls=cls) if cls is Money:
            yield above, "amount"
        case forms.StructType(fields=fields):
            for field in fields:
                yield from _places(field.type, (*above, field.encode_name))
        case forms.DateType():
            yield above, "day"
        case forms.DateTimeType():
            yield above, "instant"
        case _:
            pass


WITH_BODY: Final = [endpoint for endpoint in endpoints() if not endpoint.headers and any(places_of(endpoint.request))]
WITH_QUERY: Final = [endpoint for endpoint in endpoints() if not endpoint.headers and any(places_of(endpoint.query))]


def with_value(value: Any, place: Place, new: Any) -> bool:
    """Put a value at a place, in every item of a list on the way. False where the example does not lead there."""
    first, *rest = place
    if first == "[]":
        return isinstance(value, list) and [with_value(each, tuple(rest), new) for each in value].count(True) > 0
    if not isinstance(value, dict):
        return False
    if not rest:
        value[first] = new
        return True
    return first in value and with_value(value[first], tuple(rest), new)


def extremes(kind: str) -> tuple[Any, ...]:
    if kind == "amount":
        return tuple({"amount": amount, "currency": currency} for amount, currency in AMOUNTS)
    return DAYS if kind == "day" else INSTANTS


def test_every_date_and_instant_of_a_request_states_its_range() -> None:
    unstated = [
        f"{name(endpoint)}: {'.'.join(place)}"
        for endpoint in (*WITH_BODY, *WITH_QUERY)
        for form in (endpoint.request, endpoint.query)
        for place, kind in places_of(form)
        if kind != "amount" and not _is_ranged(form, place)
    ]
    assert unstated == []


def test_the_document_states_every_range() -> None:
    described = operation(next(endpoint for endpoint in endpoints() if name(endpoint) == "GET /v1/deposit-rulebooks"))
    [on] = [parameter for parameter in described["parameters"] if parameter.get("name") == "on"]
    assert "From 2000-01-01 until 731 days after today." in on["description"]


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_no_body_with_an_extreme_is_a_fault_of_ours_now_or_later(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[str] = []
    monkeypatch.setattr(observe.logger, "exception", lambda message, **more: faults.append(f"{message} {more}"))
    taken = []
    for place, kind in dict.fromkeys(places_of(endpoint.request)):
        for extreme in extremes(kind):
            body = _parties(example_body(endpoint), seeds)
            if with_value(body, place, extreme):
                reply = _answer(under_test, seeds, endpoint, body)
                taken += [reply] if reply.status < 300 else []
    _read_again(under_test, seeds, taken)
    assert faults == []


@pytest.mark.parametrize("endpoint", WITH_QUERY, ids=name)
def test_no_query_with_an_extreme_is_a_fault_of_ours(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    for place, kind in places_of(endpoint.query):
        for extreme in extremes(kind):
            query = {**example_query(endpoint), place[0]: extreme}
            text = "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in query.items())
            reply = under_test.send(ApiRequest(endpoint, by=_token(endpoint, seeds), ids=seeds.ids, query=text))
            assert reply.status < 500, (text, reply.body)
            must_be_documented(endpoint, reply)


def test_a_year_passes_over_all_that_was_taken(
    under_test: ApiUnderTest, seeds: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last in this file: what the tests above brought in falls due."""
    faults: list[str] = []
    monkeypatch.setattr(observe.logger, "exception", lambda message, **more: faults.append(f"{message} {more}"))
    later = clock.now() + timedelta(days=370)
    clock.use(StandingClock(later))
    failed = {machine.name: machine.sweep(later, here=True).failed for machine in MACHINES if machine is not DELIVERIES}
    assert [*filter(None, failed.values()), *faults] == []
    for endpoint in endpoints():
        if endpoint.method == "GET" and not endpoint.headers:
            reply = under_test.send(ApiRequest(endpoint, by=_token(endpoint, seeds), ids=seeds.ids))
            assert reply.status in (200, 404), (name(endpoint), reply.body)


def _is_ranged(form: Any, place: Place) -> bool:
    """Whether what judges a form looks at a place: an impossible date there is found."""
    seen: list[Place] = []
    _ranged(form, (), seen)
    return place in seen


def _ranged(form: Any, above: Place, seen: list[Place]) -> None:
    origin, parts = getattr(form, "__origin__", None), list(getattr(form, "__args__", ()))
    if hasattr(form, "__metadata__"):
        if ranges.judge_of(form) is not None and not (isinstance(origin, type) and issubclass(origin, msgspec.Struct)):
            seen.append(above)
        _ranged(origin, above, seen)
    elif isinstance(form, type) and issubclass(form, msgspec.Struct):
        hints = get_type_hints(form, include_extras=True)
        for field in msgspec.structs.fields(form):
            _ranged(hints[field.name], (*above, field.encode_name), seen)
    elif origin in (list, tuple):
        _ranged(parts[0], (*above, "[]"), seen)
    else:
        for part in parts:
            _ranged(part, above, seen)


def _parties(body: dict[str, Any] | None, seeds: Seeds) -> dict[str, Any]:
    """The example with the members and orders that are there."""
    told = body or {}
    there = {
        "buyer_id": seeds.ids["buyer_id"],
        "supplier_id": seeds.ids["member_id"],
        **{key: seeds.ids[key] for key in ("order_id", "member_id", "loan_id")},
    }
    return {key: there.get(key, value) for key, value in told.items()}


def _answer(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, body: dict[str, Any]) -> Reply:
    reply = under_test.send(
        ApiRequest(endpoint, by=_token(endpoint, seeds), ids=seeds.ids, body=json.dumps(body).encode())
    )
    assert reply.status < 500, (name(endpoint), body, reply.body)
    must_be_documented(endpoint, reply)
    return reply


def _read_again(under_test: ApiUnderTest, seeds: Seeds, taken: list[Reply]) -> None:
    """What was answered with an id can be read where such things are read."""
    for told in taken:
        for endpoint in endpoints():
            known = isinstance(told.body, dict) and str(told.body.get("id", ""))
            if known and endpoint.method == "GET" and endpoint.path.count("{") == 1 and endpoint.path.endswith("}"):
                kind = endpoint.path[endpoint.path.index("{") + 1 : -1]
                if known[:4] == str(seeds.ids.get(kind, "?"))[:4]:
                    reply = under_test.send(
                        ApiRequest(endpoint, by=_token(endpoint, seeds), ids={**seeds.ids, kind: known})
                    )
                    assert reply.status in (200, 404), (name(endpoint), known, reply.body)


def _token(endpoint: Endpoint, seeds: Seeds) -> str | None:
    if endpoint.public:
        return None
    return seeds.supplier if name(endpoint) in SUPPLIERS else seeds.token_for(endpoint.by.roles)
