"""The table of alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple, cast

from pynamodb.attributes import UnicodeAttribute

from chalicelib.monitoring.rules.alert import Alert
from chalicelib.monitoring.rules.finding import Level, Rule
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import AT_ONCE, index, table


class AlertRow(AggregateRow):
    Meta = table("alerts")
    alert_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute(null=True)
    bank_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    started = UnicodeAttribute()
    subject_id = UnicodeAttribute()
    rule = UnicodeAttribute()
    level = UnicodeAttribute()
    closed_on = UnicodeAttribute(null=True)
    digest_on = UnicodeAttribute(null=True)
    body = Packed(Alert)

    by_member = index(member_id, started)
    """By the day on which they began, and id, as the next two."""
    by_bank = index(bank_id, started)
    by_digest = index(bank_id, digest_on, rule, level, member_id)
    """By bank and the day whose digest counts it, with which rule it is, how grave, and of which firm."""
    by_status = index(status, started)
    by_subject = index(subject_id, started, rule, closed_on)
    """By what they are about, with which rule it is, and when the episode was over, if it is."""


REPOSITORY: Final = Repository[Alert](
    AlertRow,
    lambda alert: {
        "member_id": alert.member_id or None,
        "bank_id": alert.bank_id or None,
        "status": alert.status,
        "started": f"{alert.started_on}#{alert.id}",
        "subject_id": alert.about.id,
        "rule": alert.rule,
        "level": alert.level,
        "closed_on": alert.closed_on.isoformat() if alert.closed_on else None,
        "digest_on": alert.digest_on.isoformat() if alert.digest_on else None,
    },
)


def ends(subject_id: str, rule: Rule) -> list[date]:
    """When episodes of a rule were over for a loan, group or feed."""
    rows = AlertRow.by_subject.query(subject_id, page_size=AT_ONCE)
    return [date.fromisoformat(row.closed_on) for row in rows if row.rule == rule and row.closed_on]


def ids(
    subject_id: str, member_id: str, bank_id: str, status: str, before: str, started_on: date | None
) -> Iterator[tuple[str, str]]:
    """Alerts, those that began last first: the place of each, and its id. Through the narrowest index; of one day, where it is named."""
    indexes = (
        (AlertRow.by_subject, subject_id),
        (AlertRow.by_member, member_id),
        (AlertRow.by_bank, bank_id),
        (AlertRow.by_status, status),
    )
    index, value = next(each for each in indexes if each[1])
    first, last = (f"{started_on}#", f"{started_on}$") if started_on else ("0", "~")
    between = AlertRow.started.between(first, before or last)
    rows = index.query(value, between, scan_index_forward=False, page_size=AT_ONCE)
    return ((row.started, row.alert_id) for row in rows if row.started != before)


class Counted(NamedTuple):
    """An alert as a digest counts it; `member_id` is empty where it is about no firm."""

    rule: Rule
    level: Level
    member_id: str


def in_digest(bank_id: str, day: date) -> Iterator[Counted]:
    """A bank's alerts that the digest of a day counts, as the index has it."""
    rows = AlertRow.by_digest.query(bank_id, AlertRow.digest_on == day.isoformat())
    return (Counted(cast(Rule, row.rule), cast(Level, row.level), row.member_id or "") for row in rows)


class History(NamedTuple):
    """Of a loan, group or feed: the alerts whose episode lasts, by id, and when the last episode of each rule was over."""

    lasting: tuple[str, ...]
    ended: Mapping[Rule, date]


def history(subject_id: str) -> History:
    """As the index has it: as many as there ever were, a few for most and none for nearly all."""
    rows = list(AlertRow.by_subject.query(subject_id, page_size=AT_ONCE))
    ended = {
        rule: date.fromisoformat(on) for on, rule in sorted((row.closed_on, row.rule) for row in rows if row.closed_on)
    }
    return History(tuple(row.alert_id for row in rows if not row.closed_on), cast(Mapping[Rule, date], ended))
