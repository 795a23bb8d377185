"""What is sent to the engine is what botocore would send of the same parameters, and what it answers is read as botocore would."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.config import Config
from botocore.session import get_session

from chalicelib.shared import bodies, bulk, retries

KEY = {"name": {"S": "é"}, "part": {"N": "3"}}
ITEM = KEY | {"body": {"B": b"\x00\xff"}, "days": {"SS": ["a", "b"]}, "open": {"BOOL": True}}
ASKED: dict[str, dict[str, Any]] = {
    "BatchGetItem": {"RequestItems": {"things": {"Keys": [KEY], "ConsistentRead": True}}},
    "BatchWriteItem": {"RequestItems": {"things": [{"PutRequest": {"Item": ITEM}}]}},
    "DeleteItem": {"TableName": "things", "Key": KEY},
    "GetItem": {"TableName": "things", "Key": KEY, "ReturnConsumedCapacity": "TOTAL"},
    "PutItem": {"TableName": "things", "Item": ITEM},
    "Query": {"TableName": "things", "Limit": 7, "ExpressionAttributeValues": {":0": {"B": b"\xff"}}},
    "TransactWriteItems": {"TransactItems": [{"Put": {"TableName": "things", "Item": ITEM}}]},
    "UpdateItem": {"TableName": "things", "Key": KEY, "UpdateExpression": "ADD #0 :0"},
}


TOLD = {
    "name": {"S": "é"},
    "part": {"N": "3"},
    "body": {"B": "AP8="},
    "days": {"SS": ["a"]},
    "sums": {"NS": ["1", "2"]},
    "parts": {"BS": ["AA==", "/w=="]},
    "deep": {"M": {"list": {"L": [{"BOOL": False}, {"NULL": True}, {"B": "AP8="}]}}},
}
UNITS = {"TableName": "things", "CapacityUnits": 1, "Table": {"CapacityUnits": 0.5}}
UNITS |= {"GlobalSecondaryIndexes": {"due": {"WriteCapacityUnits": 2.0}}}
SAID: list[tuple[str, dict[str, Any]]] = [
    ("GetItem", {"Item": TOLD, "ConsumedCapacity": UNITS, "New": 1}),
    ("GetItem", {}),
    ("GetItem", {"Item": None}),
    ("Query", {"Items": [TOLD, {}], "Count": 2, "ScannedCount": 3, "LastEvaluatedKey": TOLD}),
    (
        "BatchGetItem",
        {
            "Responses": {"things": [TOLD]},
            "UnprocessedKeys": {"things": {"Keys": [TOLD], "ConsistentRead": True}},
            "ConsumedCapacity": [UNITS],
        },
    ),
    ("PutItem", {"Attributes": TOLD}),
]


class Wire:
    """A client whose calls are heard and answered: once by a service that is busy, where it is told to be."""

    def __init__(self, *, busy: bool = False, content: bytes = b"{}") -> None:
        self.sent: list[dict[str, Any]] = []
        self._said = content
        self._busy = busy
        session: Any = get_session()
        self.client = session.create_client(
            "dynamodb",
            "us-east-1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
            endpoint_url="http://127.0.0.1:1",
            config=Config(parameter_validation=False),
        )
        self.client.meta.events.register("before-send.dynamodb", self._answer)

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        self.sent.append(json.loads(request.body))
        is_busy = self._busy and len(self.sent) == 1
        content = b'{"__type": "x#ThrottlingException"}' if is_busy else self._said

        class Body:
            def stream(self, **_: Any) -> Any:
                return iter((content,))

        return AWSResponse(request.url, 400 if is_busy else 200, HTTPHeaders(), Body())


@pytest.mark.parametrize("operation", bodies.OPERATIONS)
def test_a_body_says_what_botocores_own_does_and_leaves_the_parameters_alone(operation: str) -> None:
    ours, theirs = Wire(), Wire()
    bodies.make(ours.client.meta.events)
    body = dict(ASKED[operation])
    ours.client._make_api_call(operation, body)
    assert body == ASKED[operation]
    theirs.client._make_api_call(operation, body)
    tokens = [wire.sent[0].pop("ClientRequestToken", None) for wire in (ours, theirs)]
    assert ours.sent == theirs.sent
    assert [token is not None for token in tokens] == [operation == "TransactWriteItems"] * 2


def test_a_transaction_that_is_sent_once_more_bears_the_token_it_was_sent_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    wire = Wire(busy=True)
    bodies.make(wire.client.meta.events)
    retries.govern(wire.client.meta.events)
    wire.client._make_api_call("TransactWriteItems", dict(ASKED["TransactWriteItems"]))
    first, second = wire.sent
    assert first == second
    assert first["ClientRequestToken"]


@pytest.mark.parametrize(("operation", "said"), SAID)
def test_an_answer_is_read_as_botocore_reads_it(operation: str, said: dict[str, Any]) -> None:
    ours, theirs = (Wire(content=json.dumps(said).encode()) for _ in range(2))
    bodies.make(ours.client.meta.events)
    answer, expected = (wire.client._make_api_call(operation, dict(ASKED[operation])) for wire in (ours, theirs))
    assert answer == expected


def test_what_is_taken_out_of_an_answer_before_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.dumps({"Items": [TOLD], "Count": 1}).encode()
    wire = Wire(content=said)
    bodies.make(wire.client.meta.events)
    monkeypatch.setattr(
        bulk, "engine", lambda: SimpleNamespace(client=wire.client, dispatch=wire.client._make_api_call)
    )
    monkeypatch.setattr(bulk, "_listen", bulk._listen.__wrapped__)
    assert bulk.answer("Query", dict(ASKED["Query"])) == said
