"""The engine the tests stand on answers as moto answers without our short ways: the same calls both ways, the same answers, the same items."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.shared.aws import client as aws_client
from chalicelib.shared.settings import settings as settings_of
from chalicelib.shared.tables import engine
from infra.local import memory
from tests.machine import REGION, machine, stored
from tests.size import at_size

PLAIN, RANGED = "plain", "ranged"
KEYS = {PLAIN: ["id"], RANGED: ["id", "at"]}
INDEXES = [
    {
        "IndexName": "due",
        "KeySchema": [
            {"AttributeName": "shard", "KeyType": "HASH"},
            {"AttributeName": "due_at", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    },
    {
        "IndexName": "beside",
        "KeySchema": [{"AttributeName": "shard", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "B", "due_at"]},
    },
]

numbers = st.integers(-3, 12).map(lambda number: {"N": str(number)})
values = st.one_of(
    numbers,
    st.sampled_from(["", "a", "B", "日"]).map(lambda text: {"S": text}),
    st.sampled_from([b"B", b"\x00\xff"]).map(lambda held: {"B": held}),
    st.sets(st.sampled_from(["x", "y", "z"]), min_size=1).map(lambda some: {"SS": sorted(some)}),
    st.booleans().map(lambda flag: {"BOOL": flag}),
    st.just({"NULL": True}),
    st.lists(numbers, max_size=3).map(lambda some: {"L": some}),
    st.dictionaries(st.sampled_from(["B", "m"]), numbers, max_size=2).map(lambda some: {"M": some}),
)
names = st.sampled_from(["a", "B", "size", "version", "shard", "due_at"])
shards = st.sampled_from(["s0", "s0", "s1"]).map(lambda text: {"S": text})


@st.composite
def keys(draw: st.DrawFn, table: str) -> dict[str, Any]:
    key: dict[str, Any] = {"id": {"S": draw(st.sampled_from(["one", "two"]))}}
    return key | ({"at": {"N": draw(st.sampled_from(["1", "2", "10"]))}} if table == RANGED else {})


@st.composite
def put_actions(draw: st.DrawFn, table: str) -> dict[str, Any]:
    item = draw(keys(table)) | draw(st.dictionaries(names, values, max_size=3))
    if draw(st.booleans()):
        item |= {"shard": draw(shards), "due_at": draw(numbers)}
    return {"TableName": table, "Item": item, **draw(conditions(table))}


UPDATES = (
    "SET #a = :a",
    "SET #a = :a, #b = #b + :n",
    "SET #a = if_not_exists(#a, :n) - :n",
    "SET #a = list_append(#a, :l)",
    "SET #a.m = :n",
    "SET #a[1] = :n",
    "SET #a = :a REMOVE #b",
    "ADD #a :n",
    "ADD #a :s",
    "DELETE #a :s",
    "REMOVE #a[0]",
    "REMOVE #a SET #b = :n ADD #c :n",
    "SET #a == :n",
    "SET shard = :s0",
    "SET due_at = :n",
    "REMOVE shard",
)
CONDITIONS = (
    "attribute_not_exists (#a)",
    "#a = :a",
    "(#a = :a AND attribute_exists (#b))",
    "((#a < :n) OR (NOT #b IN (:a, :n)))",
    "size (#a) > :n",
    "begins_with (#a, :t)",
    "contains (#a, :t)",
    "#a BETWEEN :n AND :a",
    "attribute_type (#a, :t)",
    "((#a = :a))",
    "#a = :missing",
    "#a <",
)


@st.composite
def placeholders(draw: st.DrawFn, *expressions: str) -> dict[str, Any]:
    """Names and values for what stands in expressions."""
    drawn = {":a": draw(values), ":n": draw(numbers), ":t": {"S": draw(st.sampled_from(["a", "S", "x"]))}}
    drawn |= {":l": {"L": [draw(values)]}, ":s": {"SS": draw(st.sampled_from([["x"], ["x", "y"]]))}}
    drawn |= {":s0": draw(shards)}
    text = " ".join(expressions)
    used = {"ExpressionAttributeNames": {f"#{name}": draw(names) for name in "abc" if f"#{name}" in text}}
    words = set(re.findall(r":\w+", text))
    used["ExpressionAttributeValues"] = {name: value for name, value in drawn.items() if name in words}
    return {part: held for part, held in used.items() if held}


@st.composite
def conditions(draw: st.DrawFn, table: str) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    condition = draw(st.sampled_from(CONDITIONS))
    shown = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if draw(st.booleans()) else {}
    return {"ConditionExpression": condition, **draw(placeholders(condition)), **shown}


@st.composite
def update_actions(draw: st.DrawFn, table: str) -> dict[str, Any]:
    update = draw(st.sampled_from(UPDATES))
    action = {"TableName": table, "Key": draw(keys(table)), "UpdateExpression": update}
    if draw(st.booleans()):
        return action | draw(placeholders(update))
    condition = draw(st.sampled_from(CONDITIONS))
    return action | {"ConditionExpression": condition, **draw(placeholders(update, condition))}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    table = draw(st.sampled_from([PLAIN, RANGED]))
    kind = draw(
        st.sampled_from(
            ["put", "put", "put", "update", "update", "delete", "get", "query", "due", "beside", "scan", "many", "all"]
        )
    )
    match kind:
        case "put":
            return "put_item", draw(put_actions(table)) | {"ReturnValues": draw(st.sampled_from(["NONE", "ALL_OLD"]))}
        case "update":
            shown = draw(st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_NEW"]))
            return "update_item", draw(update_actions(table)) | {"ReturnValues": shown}
        case "delete":
            return "delete_item", {"TableName": table, "Key": draw(keys(table)), **draw(conditions(table))}
        case "get":
            some = draw(
                st.sampled_from([{}, {"ProjectionExpression": "id, #s", "ExpressionAttributeNames": {"#s": "size"}}])
            )
            return "get_item", {"TableName": table, "Key": draw(keys(table)), **some}
        case "query":
            body = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "one"}}}
            return "query", {
                "TableName": RANGED,
                "ScanIndexForward": draw(st.booleans()),
                **body,
                **draw(pages(RANGED)),
            }
        case "due":
            body = {"KeyConditionExpression": "shard = :s AND due_at <= :n", "IndexName": "due"}
            held = {"ExpressionAttributeValues": {":s": {"S": "s0"}, ":n": draw(numbers)}}
            return "query", {"TableName": table, **body, **held, **draw(pages_of_index(table, "due"))}
        case "beside":
            body = {"KeyConditionExpression": "shard = :s", "IndexName": "beside"}
            held = {"ExpressionAttributeValues": {":s": {"S": "s0"}}}
            return "query", {"TableName": table, **body, **held, **draw(pages_of_index(table, "beside"))}
        case "scan":
            return "scan", {"TableName": table, **draw(pages(table))}
        case "many":
            wanted = draw(st.lists(keys(table), min_size=1, max_size=3))
            return "batch_get_item", {"RequestItems": {table: {"Keys": wanted, "ConsistentRead": True}}}
        case _:
            actions: list[Any] = [
                ("Put", put_actions(table)),
                ("Update", update_actions(PLAIN)),
                ("Put", put_actions(RANGED)),
            ]
            chosen = draw(st.lists(st.sampled_from(actions), min_size=1, max_size=3))
            return "transact_write_items", {"TransactItems": [{name: draw(action)} for name, action in chosen]}


@st.composite
def pages(draw: st.DrawFn, table: str) -> dict[str, Any]:
    limited = {"Limit": draw(st.integers(1, 2))} if draw(st.booleans()) else {}
    return limited | ({"ExclusiveStartKey": draw(keys(table))} if draw(st.booleans()) else {})


@st.composite
def pages_of_index(draw: st.DrawFn, table: str, index: str) -> dict[str, Any]:
    page = draw(pages(table)) | {"ScanIndexForward": draw(st.booleans())}
    if "ExclusiveStartKey" in page:
        page["ExclusiveStartKey"] |= {"shard": {"S": "s0"}} | ({"due_at": draw(numbers)} if index == "due" else {})
    return page


@pytest.fixture
def client(aws: None) -> Any:
    """A client of the engine, with a table of either kind."""
    made: Any = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
    kinds = {"id": "S", "at": "N", "shard": "S", "due_at": "N"}
    for table, key in KEYS.items():
        made.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": n, "KeyType": kind} for n, kind in zip(key, ("HASH", "RANGE"), strict=False)],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kinds[name]} for name in (*key, "shard", "due_at")
            ],
            GlobalSecondaryIndexes=INDEXES,
        )
    return made


KEYS_UNDER_S0: list[tuple[str, dict[str, Any]]] = [
    (PLAIN, {"id": {"S": "one"}}),
    (PLAIN, {"id": {"S": "two"}}),
    *((RANGED, {"id": {"S": "one"}, "at": {"N": at}}) for at in ("1", "2", "10")),
]
FIRST = [
    ("put_item", {"TableName": table, "Item": {**key, "shard": {"S": "s0"}, "due_at": {"N": "5"}}})
    for table, key in KEYS_UNDER_S0
]
UNDER_S0 = [
    (
        "query",
        {
            "TableName": table,
            "IndexName": "beside",
            "KeyConditionExpression": "shard = :s",
            "ExpressionAttributeValues": {":s": {"S": "s0"}},
        },
    )
    for table in KEYS
]
"""Asked at first, so that tables keep from then on what is under the index, and at last."""


@given(st.lists(calls(), min_size=5, max_size=25).map(lambda drawn: [*FIRST, *UNDER_S0, *drawn, *UNDER_S0]))
@settings(max_examples=at_size(400, 30), suppress_health_check=list(HealthCheck))
def test_every_call_is_answered_as_moto_answers_it(client: Any, made: list[tuple[str, dict[str, Any]]]) -> None:
    empty = machine().snapshot()
    short, items = [_answer(client, *call) for call in made], machine().snapshot().items()
    machine().restore(empty)
    with as_it_comes():
        long = [_answer(client, *call) for call in made]
        for call, shortly, at_length in zip(made, short, long, strict=True):
            assert shortly == at_length, call
        assert items == machine().snapshot().items()
    machine().restore(empty)


def test_a_queue_says_of_itself_what_moto_says(aws: None) -> None:
    sqs: Any = aws_client("sqs")
    url = sqs.get_queue_url(QueueName=settings_of().name("work"))["QueueUrl"]
    for delay in (0, 0, 60):
        sqs.send_message(QueueUrl=url, MessageBody="said", DelaySeconds=delay)
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]) == 1
    short = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    counts = [short[f"ApproximateNumberOfMessages{which}"] for which in ("", "NotVisible", "Delayed")]
    with as_it_comes():
        assert short == sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts == ["1", "1", "1"]


def test_an_item_that_was_replaced_is_kept_nowhere(aws: None) -> None:
    """A process that puts for an hour holds what is in its tables, and not everything that ever was."""
    client: Any = engine().client
    put = {"TableName": settings_of().name("sandbox"), "Item": {"name": {"S": "clock"}}}
    client.put_item(**put)
    [(item, _)] = stored("sandbox")
    was = weakref.ref(item)
    del item
    client.put_item(**put)
    assert was() is None


def _answer(client: Any, name: str, body: dict[str, Any]) -> Any:
    try:
        told = getattr(client, name)(**body)
    except ClientError as error:
        told = error.response
    except Exception as failure:  # moto breaks where it does not say no
        return type(failure), str(failure)
    return {part: held for part, held in told.items() if part != "ResponseMetadata"}


@contextmanager
def as_it_comes() -> Iterator[None]:
    """moto and botocore as they are installed."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, original in memory.AS_IT_COMES:
            if original is None:
                patch.delattr(owner, name)
            else:
                patch.setattr(owner, name, original)
        yield


def test_what_can_name_nothing_is_refused_as_dynamodb_refuses_it(aws: None) -> None:
    client: Any = aws_client("dynamodb")
    table = settings_of().name("orders")
    nameless = {"order_id": {"S": ""}}
    of_index = {
        "TableName": table,
        "IndexName": "by_buyer",
        "KeyConditionExpression": "buyer_id = :buyer",
        "ExpressionAttributeValues": {":buyer": {"S": ""}},
    }
    backwards = of_index | {
        "KeyConditionExpression": "buyer_id = :buyer AND order_id BETWEEN :first AND :last",
        "ExpressionAttributeValues": {":buyer": {"S": "b"}, ":first": {"S": "b"}, ":last": {"S": "a"}},
    }
    with pytest.raises(ClientError, match="upper bound"):
        client.query(**backwards)
    for name, asked in (
        ("get_item", {"TableName": table, "Key": nameless}),
        ("batch_get_item", {"RequestItems": {table: {"Keys": [nameless]}}}),
        ("query", of_index),
    ):
        with pytest.raises(ClientError, match="empty string"):
            getattr(client, name)(**asked)
