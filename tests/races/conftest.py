"""A real engine for the tests that race: DynamoDB Local, one for the session, fresh tables for each test.

Parameters, queues and files stay with moto; only DynamoDB's calls go to the engine. Where it cannot run, every test that needs it is
skipped by name, with what is missing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import boto3
import pytest

from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine as connection
from infra.local import resources
from infra.local.engine import DynamoDBLocal, NoEngine
from infra.local.gateway import Gateway
from tests.world import Api, Reply, StandingClock

T = TypeVar("T")


@pytest.fixture(scope="session")
def real_engine() -> Iterator[str]:
    """Where DynamoDB Local listens."""
    try:
        with DynamoDBLocal.found() as running:
            yield running.url
    except NoEngine as reason:
        pytest.skip(f"RACES NOT RUN, no DynamoDB Local: {reason}")


@pytest.fixture
def tables(real_engine: str, aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The engine with the tables of `infra/tables.yaml`, empty; the application speaks to it. Gives its client."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", real_engine)
    connection.cache_clear()
    assert settings().bulk_actions == settings().most_actions == 10, "it takes ten actions in one transaction"
    client: Any = boto3.Session().client("dynamodb")
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    resources.create_tables(client, settings().stage)
    yield client
    connection.cache_clear()


class ParallelApi(Api):
    """The application behind the local gateway, which many threads may call at once."""

    def __init__(self) -> None:
        import app

        self._gateway = Gateway(app.app)
        self._keys = itertools.count(1)

    def _send(self, method: str, path: str, by: str | None, body: Any, headers: dict[str, str]) -> Reply:
        sent = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        if by is not None:
            sent["authorization"] = f"Bearer {by}"
        answer = self._gateway.answer(method, path, sent, b"" if body is None else json.dumps(body).encode())
        return Reply(
            answer.status,
            json.loads(answer.body),
            {name: str(value) for name, value in answer.headers.items()},
            answer.body,
        )


@pytest.fixture
def api(tables: Any) -> ParallelApi:
    return ParallelApi()


def at_once(threads: int, call: Callable[[int], T]) -> list[T]:
    """`call(0)` … `call(threads - 1)`, each in a thread of its own, started together."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(call, range(threads)))
