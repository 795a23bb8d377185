"""Policy files are what the matrix says, fit into a role, and name functions that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

import app
from chalicelib.consumers import DOCUMENTS
from chalicelib.orders import records as orders
from chalicelib.shared import files, queues
from chalicelib.shared.uploads import Uploads
from infra import permissions, templates
from tests.permits import acting_as
from tests.trade import Trade
from tests.world import Api

ROOT: Final = Path(permissions.__file__).parent
MOST_CHARACTERS: Final = 10_240
"""Of all policies that stand in a role, without blanks."""
LONG: Final = {
    "${AWS::Partition}": "aws-us-gov",
    "${AWS::Region}": "ap-southeast-1",
    "${AWS::AccountId}": "123456789012",
    "${AWS::StackName}": "surety-application-prod",
    "${Stage}": "a-stage-with-long-nam",
}


@pytest.mark.parametrize("function", permissions.MATRIX)
def test_a_policy_file_is_what_the_matrix_says(function: str) -> None:
    file = permissions.FOLDER / f"policy-{function}.json"
    assert file.read_text() == permissions.written(function), "make policies"


@pytest.mark.parametrize("function", permissions.MATRIX)
def test_a_policy_fits_into_its_role(function: str) -> None:
    text = json.dumps(permissions.policy(function), separators=(",", ":"))
    for name, value in LONG.items():
        text = text.replace(name, value)
    assert len(text.replace('{"Fn::Sub":', "").replace("}", "")) < MOST_CHARACTERS


def test_the_matrix_has_every_function_and_no_other() -> None:
    names = {source.name for source in app.app.event_sources} | {one.name for one in app.app.builtin_auth_handlers}
    assert set(permissions.MATRIX) == names | {"api_handler"}
    assert {file.name for file in permissions.FOLDER.glob("policy-*.json")} == {
        f"policy-{function}.json" for function in permissions.MATRIX
    }


def test_the_authorizer_may_touch_nothing_but_its_log() -> None:
    [log] = permissions.policy("signed_in")["Statement"]
    assert log["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_the_key_of_persons_is_used_where_people_are_read_and_nowhere_else() -> None:
    """Under the alias that the stage's settings name, of a key that is turned over each year and outlives the code."""
    may = {function for function in permissions.MATRIX if "kms:" in permissions.written(function)}
    assert may == {"api_handler"}
    [statement] = [one for one in permissions.policy("api_handler")["Statement"] if "Condition" in one]
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    alias = {"Fn::Sub": "alias/surety-${Stage}-persons"}
    assert statement["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}
    assert (
        templates.read(ROOT / "merge.yaml")["Globals"]["Function"]["Environment"]["Variables"]["SURETY_PERSONS_KEY"]
        == alias
    )
    kept = templates.read(ROOT / "tables.yaml")["Resources"]
    assert kept["PersonsName"]["Properties"]["AliasName"] == alias
    assert kept["PersonsName"]["Properties"]["TargetKeyId"] == {"Ref": "Persons"}
    assert (kept["Persons"]["DeletionPolicy"], kept["Persons"]["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert kept["Persons"]["Properties"]["EnableKeyRotation"] is True


def test_whoever_asks_for_more_than_is_granted_fails_the_test(api: Api, trade: Trade) -> None:
    order_id = trade.propose()["id"]
    with acting_as("orders_due"):
        orders.OrderRow.find(order_id)
    with (
        pytest.raises(AssertionError, match=r"webhooks_due is not granted dynamodb:GetItem on orders"),
        acting_as("webhooks_due"),
    ):
        orders.OrderRow.find(order_id)
    with (
        pytest.raises(AssertionError, match=r"orders_due is not granted sqs:GetQueueUrl on webhooks"),
        acting_as("orders_due"),
    ):
        queues.url.__wrapped__("webhooks")


@pytest.mark.parametrize("function", [name for name, grants in permissions.MATRIX.items() if "destroy" in grants.files])
@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.prefix)
def test_who_removes_documents_may_remove_those_of_every_kind(
    aws: None, kind: Uploads[Any, Any], function: str
) -> None:
    """Where one kind is left out its files stay for ever, whatever the retention says: the removal fails each time it is tried."""
    key = kind.key_of("own_1", "doc_1")
    for content in (b"first", b"second"):
        files.put(key, content, "application/pdf")
    with acting_as(function):
        kind.destroy("own_1", ["doc_1"])
    assert key not in files.keys(kind.prefix)
