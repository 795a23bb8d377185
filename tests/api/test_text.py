"""Every text of every request that a person reads has one form, and holds nothing that cannot be seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from msgspec import inspect

from chalicelib.shared.http import Endpoint
from chalicelib.shared.text import UnreadableText, is_text, read_fields
from tests.api.api_requests import (
    ApiRequest,
    ApiUnderTest,
    endpoints,
    example_body,
    has_a_protocol_of_its_own,
    name,
    token_of,
)

NAMES: Final = frozenset(
    {
        *(
            "id",
            "ids[]",
            "aggregate_id",
            "job",
            "officer",
            "owner",
            "bank",
            "channel_id",
            "quote_id",
            "lines[].listing_id",
            "offer.pictures[]",
            "supplier",
            "receivables[].id",
            "channel_id",
            "agency_id",
            "product",
            "product_ids[]",
            "document_ids[]",
            "offer_ids[]",
            "application",
            "reasons[].code",
            "other_product",
            "exports[].buyer_ref",
            "buyer_id",
            "member_id",
            "bank_id",
            "loan_id",
            "group_id",
            "product_id",
            "pool_id",
            "subject_id",
            "customer_id",
            "subject_id",
            "unsealing_id",
            "about.id",
            "about",
            "inspector",
            "cites[]",
            "evidence[]",
            "evidence_ids[]",
            "kinds[]",
            "consumers[]",
        ),
        *("order_id", "firm_id", "seller_id", "supplier_id", "payee_id", "risk_id", "endpoint_id"),
        *(
            "call_id",
            "seat",
            "objection_id",
            "claim_id",
            "member_claim_id",
            "instruction_id",
            "recovery_id",
            "insurance_id",
            "bank_id",
            "loan_id",
        ),
        *(
            "zone",
            "ship_by.zone",
            "terms.ship_by.zone",
            "media_type",
            "url",
            "cursor",
            "pay",
            "from",
            "to",
            "next[].reason",
        ),
    }
)
"""Fields that name something of ours, or follow a form of their own without a pattern: nobody reads them as text."""
ROWS: Final = ("POST /v1/trades", "POST /v1/activity", "POST /v1/exports")
"""Their items are judged one by one, as the lines of a file are: `daybook/rules/reading.py`."""

Path = tuple[str | int, ...]


def _strings(form: inspect.Type, where: str = "", path: Path = ()) -> Iterator[tuple[str, Path, inspect.Type]]:
    """Fields of a form that take any text, with the path to each."""
    inner = form.type if isinstance(form, inspect.Metadata) else form
    if isinstance(inner, inspect.StrType) and inner.pattern is None:
        yield where, path, form
    elif isinstance(inner, inspect.StructType):
        for field in inner.fields:
            yield from _strings(field.type, f"{where}.{field.encode_name}".lstrip("."), (*path, field.encode_name))
    elif isinstance(inner, (inspect.ListType, inspect.VarTupleType)):
        yield from _strings(inner.item_type, f"{where}[]", (*path, 0))
    elif isinstance(inner, inspect.UnionType):
        for one in inner.types:
            yield from _strings(one, where, path)


def _forms(endpoint: Endpoint) -> list[Any]:
    if has_a_protocol_of_its_own(endpoint) or name(endpoint) in ROWS:
        return []
    return [form for form in (endpoint.request, endpoint.query) if form is not None]


TEXTS: Final = [
    pytest.param(form, path, id=f"{name(endpoint)} {where}")
    for endpoint in endpoints()
    for form in _forms(endpoint)
    for where, path, told in _strings(inspect.type_info(form))
    if is_text(told)
]


def test_every_field_of_every_request_says_whether_it_is_text() -> None:
    unsaid = {
        f"{name(endpoint)} {where}"
        for endpoint in endpoints()
        for form in _forms(endpoint)
        for where, _, told in _strings(inspect.type_info(form))
        if not is_text(told) and where not in NAMES
    }
    assert unsaid == set()
    assert len(TEXTS) > 40


@pytest.mark.parametrize(("form", "path"), TEXTS)
def test_a_text_is_folded_and_what_nobody_can_see_in_it_is_refused(form: Any, path: Path) -> None:
    assert _at(read_fields(_with(path, "\u00a0e\u0301lan\u3000\u2003x "), form), path) == "élan x"
    with pytest.raises(UnreadableText, match=r"U\+202E RIGHT-TO-LEFT OVERRIDE") as raised:
        read_fields(_with(path, "a\u202eb"), form)
    assert raised.value.param == "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


@pytest.mark.parametrize(
    "endpoint", [endpoint for endpoint in endpoints() if endpoint.request is not None and _forms(endpoint)], ids=name
)
def test_a_request_with_a_text_that_nobody_can_see_is_refused_by_the_field(
    under_test: ApiUnderTest, endpoint: Endpoint
) -> None:
    for _, path, told in _strings(inspect.type_info(endpoint.request)):
        body = example_body(endpoint)
        if not is_text(told) or not _put(body, path, "a\u202eb"):
            continue
        role = sorted(endpoint.by.roles)[-1]
        reply = under_test.send(ApiRequest(endpoint, by=token_of(role), body=json.dumps(body).encode()))
        assert (reply.status, reply["code"]) == (400, "text_unreadable"), (path, reply.body)


def _with(path: Path, value: Any) -> Any:
    """The smallest body with a value at that path."""
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return value


def _at(body: Any, path: Path) -> Any:
    for part in path:
        body = body[part]
    return body


def _put(body: Any, path: Path, value: Any) -> bool:
    """Put a value into a body where the path leads to; False where nothing stands there."""
    *before, last = path
    try:
        inner = _at(body, tuple(before))
        if inner[last] is None:
            return False
        inner[last] = value
    except (KeyError, IndexError, TypeError):
        return False
    return True
