"""The environment, read once and typed. Nothing else reads `os.environ`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple


class Settings(NamedTuple):
    """What a stage says. Every variable is `SURETY_` and the field's name in capitals.

    No msgspec here: the authorizer reads its settings too, and starts in half the time without it.
    """

    stage: str = "local"
    """Names the deployment; prefixes every table, queue, bucket and parameter."""
    sandbox: bool = False
    """Whether the sandbox's endpoints exist here: tokens, clock, jobs, bank events."""
    sandbox_start: datetime | None = None
    """Where the sandbox's business time begins when its clock is first read (RFC 3339); real time where it is left out."""
    jwks: str = '{"keys": []}'
    """The public keys tokens are signed with: a JSON Web Key Set, as text."""
    issuer: str = "https://identity.surety.invalid"
    """Whose tokens are believed: the `iss` they bear."""
    audience: str = "surety"
    """What the `aud` of a token must be, or hold among others."""
    sub_claim: str = "sub"
    """The claim that names the caller: a member's id, or an officer."""
    role_claim: str = "role"
    """The claim that says what the caller is: member, bank, agency or officer."""
    duties_claim: str = "duties"
    """The claim that lists an officer's duties."""
    token_leeway: int = 60
    """Seconds by which `iat` and `nbf` may lie ahead of our clock: those of two machines are never quite the same."""
    expiry_leeway: int = 0
    """Seconds a token is believed beyond its `exp`."""
    partner_certificates: bool = False
    """Whether banks' and acquirers' messages are taken only through the domain that asks for a client certificate."""
    persons_key: str = ""
    """The key of KMS under which data keys of persons are, by its alias; the parameter `persons-key` where it is left out."""
    console_client_id: str = ""
    """What the identity provider calls the officers' console; without it nobody signs in there, but in a sandbox."""
    authorize_url: str = ""
    """Where the console sends officers to sign in (OAuth 2.0, authorization code with PKCE)."""
    token_url: str = ""
    """Where it then fetches the token."""
    base_url: str = ""
    """Where clients reach the API; links in answers start with it."""
    uploads_url: str = ""
    """Where presigned uploads and downloads go, where that is not the engine's own address."""
    account: str = "123456789012"
    """The cloud account of the stage: the bucket of files is named after both."""
    most_actions: int = 10
    """Actions in one transaction of a commit: the cloud takes a hundred, DynamoDB Local ten."""
    bulk_actions: int = 10
    """Actions in one transaction of a bulk load: the cloud takes a hundred, DynamoDB Local ten."""
    answers_kept_days: int = 400
    """Days after which the daily close removes first answers from the journal; what moved money keeps them for ever."""
    store_seconds: float = 0.8
    """How long one call to DynamoDB, S3, SQS or the parameter store may stay without an answer. Jobs are given longer than the API."""
    loopback_callbacks: bool = False
    """Whether a sandbox may send webhooks to its own machine, and without TLS: for receivers under development."""

    def name(self, resource: str) -> str:
        """`surety-<stage>-<resource>`: what a table, queue or bucket is called."""
        return f"surety-{self.stage}-{resource}"

    def stream(self, table: str) -> str:
        """Stands for a table's stream where a handler is declared; `infra/merge.yaml` puts in the deployed one."""
        return f"arn:aws:dynamodb:us-east-1:123456789012:table/{self.name(table)}/stream/latest"


@lru_cache(maxsize=1)
def settings() -> Settings:
    given = {field: os.environ.get(f"SURETY_{field.upper()}") for field in Settings._fields}
    return Settings(**{field: _READ.get(field, str)(text) for field, text in given.items() if text is not None})


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"a setting that is true or false says {text!r}")
    return text == "true"


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "sandbox": _flag,
    "loopback_callbacks": _flag,
    "partner_certificates": _flag,
    "most_actions": int,
    "bulk_actions": int,
    "answers_kept_days": int,
    "store_seconds": float,
    "token_leeway": int,
    "expiry_leeway": int,
    "sandbox_start": datetime.fromisoformat,
}
