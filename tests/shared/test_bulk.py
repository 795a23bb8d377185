from fractions import Fraction
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.exceptions import TransactWriteError

from chalicelib.shared import money, retries, tables
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.tables import engine

TABLE = "surety-test-trades"


def put(number: int, **guard: Any) -> dict[str, Any]:
    item = {"member_id": {"S": "m"}, "trade_id": {"S": f"{number:03}"}, "body": {"B": b"\x00\xff"}}
    return {"TableName": TABLE, "Item": item, **guard}


def key(number: int) -> dict[str, dict[str, Any]]:
    return {"member_id": {"S": "m"}, "trade_id": {"S": f"{number:03}"}}


def test_what_is_put_together_is_read_again_with_its_bytes(aws: None) -> None:
    for start in range(0, 120, 10):
        tables.transact([put(number) for number in range(start, start + 10)])
    found = list(tables.get_many(TABLE, [key(number) for number in range(150)]))
    assert sorted(item["trade_id"]["S"] for item in found) == [f"{number:03}" for number in range(120)]
    assert found[0]["body"] == {"B": b"\x00\xff"}


def test_one_guard_that_fails_stops_all(aws: None) -> None:
    tables.transact([put(1)])
    with pytest.raises(TransactWriteError) as failure:
        tables.transact([put(2), put(1, ConditionExpression="attribute_not_exists(member_id)")])
    assert [reason and reason.code for reason in failure.value.cancellation_reasons] == [None, "ConditionalCheckFailed"]
    assert list(tables.get_many(TABLE, [key(2)])) == []


def test_keys_that_were_not_processed_are_asked_for_again(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter([{TABLE: {"Keys": [key(2)], "ConsistentRead": True}}, {}])
    answers = iter([[key(1)], [key(2)]])

    def dispatch(operation: str, body: Any) -> dict[str, Any]:
        return {"Responses": {TABLE: next(answers)}, "UnprocessedKeys": next(left)}

    monkeypatch.setattr(engine(), "dispatch", dispatch)
    assert list(tables.get_many(TABLE, [key(1), key(2)])) == [key(1), key(2)]


def test_a_store_that_never_keeps_up_is_busy(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    waited: list[float] = []

    def dispatch(operation: str, _: Any) -> dict[str, Any]:
        asked.append(operation)
        return {"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [key(1)]}}}

    monkeypatch.setattr(engine(), "dispatch", dispatch)
    monkeypatch.setattr("time.sleep", waited.append)
    with pytest.raises(Unavailable):
        list(tables.get_many(TABLE, [key(1)]))
    assert len(asked) == len(waited) + 1 < 200
    assert sum(waited) <= retries.CALL_SECONDS


def test_a_table_that_is_not_there_is_an_error_of_the_engine(aws: None) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        list(tables.get_many("surety-test-nothing", [key(1)]))


@given(
    st.integers(0, 10**15), st.sampled_from(["JPY", "BRL", "KWD"]), st.sampled_from(["0.3125", "0.008500", "9", "3.26"])
)
def test_conversion_is_exact_and_rounded_once(minor: int, of: str, rate: str) -> None:
    exact = Fraction(minor) * Fraction(rate) * Fraction(10 ** money.digits_of("USD"), 10 ** money.digits_of(of))
    assert money.convert(minor, of=of, to="USD", rate=rate) == round(exact)
    assert money.convert(minor, of=of, to="USD", rate=rate, rounding="up") == -(-exact.numerator // exact.denominator)
