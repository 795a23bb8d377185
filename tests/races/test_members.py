"""Many at once on one member."""

from __future__ import annotations

from typing import Any

import pytest

from tests.races.conftest import ParallelApi, at_once

ACME = {"external_ref": "acme-1", "name": "ACME GmbH", "country": "DE"}
MANY = 16

pytestmark = pytest.mark.engine


def test_of_many_registrations_of_one_reference_one_succeeds(api: ParallelApi, officer: str, tables: Any) -> None:
    replies = at_once(MANY, lambda _: api.post("/v1/members", ACME, officer))
    statuses = sorted(reply.status for reply in replies)
    assert statuses == [201] + [409] * (MANY - 1)
    assert len({reply["id"] for reply in replies}) == 1
    assert count(tables, "members") == count(tables, "journal") == 1


def test_one_request_sent_by_many_at_once_is_carried_out_once_and_answered_to_all(
    api: ParallelApi, officer: str, tables: Any
) -> None:
    replies = at_once(MANY, lambda _: api.post("/v1/members", ACME, officer, key="one-key"))
    assert {(reply.status, reply.raw) for reply in replies} == {(201, replies[0].raw)}
    assert sum("Idempotent-Replayed" not in reply.headers for reply in replies) == 1
    assert count(tables, "members") == count(tables, "journal") == 1


def count(tables: Any, table: str) -> int:
    counted: int = tables.scan(TableName=f"surety-test-{table}", Select="COUNT", ConsistentRead=True)["Count"]
    return counted
