"""Consumers of streams, each by itself: what they write of one entry of every kind that other stories left, of one event, of one member's days."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from benchmarks.floors.stage import FOLLOWED, Stage
from benchmarks.trades import completed
from chalicelib import consumers
from chalicelib.daybook.service import recording
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.monitoring import jobs as monitoring_jobs
from chalicelib.office import jobs as office_jobs
from chalicelib.shared import clock
from chalicelib.shared.settings import settings
from chalicelib.shared.stream import Consumer, Record

FOLLOWERS: Final = {ledger_jobs.BOOKS.name: ledger_jobs.book, **consumers.SUBSCRIBERS}
DAYS: Final = {deposit_jobs.DAYS: "deposits", monitoring_jobs.DAYS: "watches"}
"""Those who are told of a member's days, and the table in which they note them."""
MOMENTS: Final = ("ordered_at", "paid_at", "shipped_at", "delivered_at")
EVENTS: Final = 20
"""So many events of banks."""


def play(stage: Stage) -> None:
    """Each entry at its own time. What has a command of its own is left out here."""
    now = stage.time.at
    for entry in sorted(stage.left.values(), key=lambda entry: entry.written_at):
        stage.time.at = entry.written_at
        for name, follow in FOLLOWERS.items():
            own = (name, entry.event.kind) in FOLLOWED
            stage.followed("" if own else f"stream: {name}", name, partial(follow, entry))
    stage.time.at = now
    for image in _some(stage, "bank-events", EVENTS):
        _told(stage, office_jobs.BANK_EVENTS, image["event_id"]["S"], image)
    for consumer, table in DAYS.items():
        [noted] = _some(stage, table, 1)
        member_id = noted["member_id"]["S"]
        recording.record([replace(completed(1, 0), member_id=member_id, **dict.fromkeys(MOMENTS, now))])
        _told(stage, consumer, member_id)


def _told(stage: Stage, consumer: Consumer, key: str, image: dict[str, Any] | None = None) -> None:
    record = Record(key=key, written_at=clock.real(), image=image or {})
    stage.followed(f"stream: {consumer.name}", consumer.name, partial(consumer.consume, record))


def _some(stage: Stage, table: str, most: int) -> list[dict[str, Any]]:
    """Items of a table as they are."""
    items: list[dict[str, Any]] = stage.meter.client.scan(TableName=settings().name(table), Limit=most)["Items"]
    return items
