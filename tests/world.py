"""Fixtures: an engine with the tables of `infra/tables.yaml`, a clock that stands still, and a client that speaks as anybody."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import jwt
import pytest
from chalice.test import Client
from moto import mock_aws

from chalicelib.shared import clock, secrets
from chalicelib.shared.aws import client as aws_client
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine
from infra.local import resources
from tests.conftest import PARAMETERS, TOKEN_KEY

START = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


class StandingClock:
    """Business time in tests: it moves only when told."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str]
    raw: bytes

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Api:
    """Speaks to the application as a client does. `by` is a token: see `token`."""

    def __init__(self) -> None:
        import app

        self._http = Client(app.app, stage_name="dev").http
        self._keys = itertools.count(1)

    def get(self, path: str, by: str | None = None, **headers: str) -> Reply:
        return self._send("GET", path, by, None, headers)

    def post(
        self, path: str, body: Any = None, by: str | None = None, *, key: str | None = None, **headers: str
    ) -> Reply:
        headers.setdefault("Idempotency-Key", key or f"key-{next(self._keys)}")
        return self._send("POST", path, by, body, headers)

    def _send(self, method: str, path: str, by: str | None, body: Any, headers: dict[str, str]) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is not None:
            sent["Authorization"] = f"Bearer {by}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
        got = self._http.request(method, path, headers=sent, body=raw)
        told = json.loads(got.body) if "json" in got.headers.get("Content-Type", "") else got.body
        return Reply(got.status_code, told, dict(got.headers), got.body)


def token(role: str, sub: str, *duties: str) -> str:
    """A token as the marketplace's identity provider would sign it."""
    now = int(clock.real().timestamp())
    claims = {
        "iss": settings().issuer,
        "aud": settings().audience,
        "sub": sub,
        "role": role,
        "nbf": now - 60,
        "exp": now + 3600,
    }
    return jwt.encode(
        claims | ({"duties": list(duties)} if duties else {}), TOKEN_KEY, algorithm="ES256", headers={"kid": "test-1"}
    )


@contextmanager
def empty_engine() -> Iterator[None]:
    """An engine with empty tables, queues and a bucket, and with this house's secrets."""
    with mock_aws():
        _forget_clients()
        session = botocore.session.get_session()
        stage = settings().stage
        resources.create_tables(session.create_client("dynamodb"), stage)
        resources.create_queues(session.create_client("sqs"), stage)
        resources.create_bucket(session.create_client("s3"), stage)
        store: Any = session.create_client("ssm")
        for name, value in PARAMETERS.items():
            store.put_parameter(Name=f"/surety/{stage}/{name}", Value=value, Type="SecureString")
        yield
    _forget_clients()


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty engine."""
    with empty_engine():
        yield


@pytest.fixture
def time() -> Iterator[StandingClock]:
    standing = StandingClock(START)
    clock.use(standing)
    yield standing
    clock.use(clock.real)


@pytest.fixture
def api(aws: None, time: StandingClock) -> Api:
    return Api()


@pytest.fixture
def officer() -> str:
    return token("officer", "officer-1", "admin")


def _forget_clients() -> None:
    engine.cache_clear()
    aws_client.cache_clear()
    secrets._store.cache_clear()
    secrets.forget()
