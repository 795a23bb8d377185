"""Profiles as values, in each of their statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.firms.rules import changing, documents, verifying
from chalicelib.firms.rules.firm import Context, Document, Firm, Policy
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.shared import policies
from tests.firms.factories import firm, signer

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTEXT = Context(policy=policies.versions("firms")[0].read_as(Policy))
CHEN = signer("per_chen", "sign", verified_at=None)


def registered() -> Firm:
    bare = firm("mem_1", CHEN, status="registered", created_at=NOW, updated_at=NOW)
    return changing.registered(bare, CONTEXT).state


def verified() -> Firm:
    return verifying.verify(registered(), CONTEXT, NOW).state


def changed() -> Firm:
    return changing.changed(verified(), CONTEXT, {"size": "large"}, NOW).state


def returned() -> Firm:
    return verifying.send_back(registered(), CONTEXT, ["Another firm's licence."], NOW).state


def expired() -> Firm:
    return later(returned(), NOW + 30 * DAY)


def with_document(was: Firm, retained_until: date, document_id: str = "doc_1", **fields: Any) -> Firm:
    given: dict[str, Any] = {"kind": "other", "status": "kept", "media_type": "a/b", "sha256": document_id, "size": 1}
    document = Document(id=document_id, announced_at=NOW, retained_until=retained_until, **given | fields)
    return replace(was, documents=(*was.documents, document))


def later(was: Firm, now: datetime) -> Firm:
    """The profile after everything that fell due."""
    for change in MACHINE.overdue(was, CONTEXT, now):
        was = change.state
    return was


def announced(was: Firm, number: int, now: datetime) -> Firm:
    document = Document(
        id=f"doc_{number}",
        kind="other",
        media_type="a/b",
        sha256=f"{number}",
        size=1,
        announced_at=now,
        retained_until=now.date() + timedelta(days=CONTEXT.policy.retention_days),
    )
    return documents.announced(was, CONTEXT, document, now).state
