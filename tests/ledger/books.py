"""What the tests of the books share: entries written as a use-case writes them, and the stream that tells of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.dead_letters import jobs as dead_letters
from chalicelib.ledger import jobs
from chalicelib.shared import clock, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Entry, Event, JournalRow, Posting
from chalicelib.shared.request import Caller, RequestContext
from tests.letters import waiting

CLERK = Caller(sub="officer-1", role="officer")


class Chains:
    """Writes entries, each on the end of its thing's chain."""

    def __init__(self) -> None:
        self._tips: dict[str, Entry] = {}

    def write(self, aggregate_id: str, kind: str, *postings: Posting, at: datetime | None = None) -> Entry:
        tip = self._tips.get(aggregate_id)
        seq, prev = (tip.seq + 1, tip.entry_hash) if tip else (1, journal.GENESIS)
        request = RequestContext(caller=CLERK, now=clock.now(), request_id="r", key=f"{aggregate_id}-{seq}", digest="d")
        entry = journal.entry(
            request, Event(kind, {}, postings), aggregate_id=aggregate_id, seq=seq, prev=prev, response=b"{}", at=at
        )
        commit(entry)
        self._tips[aggregate_id] = entry
        return entry


def raw_journal() -> list[dict[str, Any]]:
    """The journal's items as they are stored."""
    items: list[dict[str, Any]] = JournalRow._get_connection().scan(consistent_read=True)["Items"]
    return items


def stream(items: Sequence[dict[str, Any]], *, event_name: str = "INSERT") -> list[dict[str, Any]]:
    """The journal's items as the records that Lambda gets of them."""
    return [
        {
            "eventID": str(number),
            "eventName": event_name,
            "dynamodb": {
                "SequenceNumber": str(number),
                "Keys": {"entry_id": item["entry_id"]},
                "ApproximateCreationDateTime": 1_772_000_000,
                "NewImage": {
                    name: {"B": b64encode(value["B"]).decode()} if "B" in value else value
                    for name, value in item.items()
                },
            },
        }
        for number, item in enumerate(items)
    ]


def project(content: list[dict[str, Any]]) -> None:
    """Hand records of the journal's stream to the books."""
    jobs.measure(content)
    assert dead_letters.consume(content, [jobs.BOOKS]) == {"batchItemFailures": []}


def project_all() -> None:
    """Let the books catch up with the journal."""
    project(stream(raw_journal()))
    assert waiting() == []


def entries_of(aggregate_id: str) -> list[Entry]:
    """What changed a thing: its own entries and those of other things, oldest first."""
    entries = (row.entry() for row in JournalRow.scan(consistent_read=True))
    found = [
        entry for entry in entries if aggregate_id in (entry.aggregate_id, *(other.aggregate for other in entry.also))
    ]
    return sorted(found, key=lambda entry: (entry.at, entry.seq))


def tamper(entry_id: str, **columns: Any) -> None:
    """Change stored columns of an entry behind everybody's back: values in the engine's own form."""
    table = JournalRow._get_connection()
    dynamodb: Any = table.connection.client
    dynamodb.update_item(
        TableName=table.table_name,
        Key={"entry_id": {"S": entry_id}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in columns),
        ExpressionAttributeNames={f"#{name}": name for name in columns},
        ExpressionAttributeValues={f":{name}": value for name, value in columns.items()},
    )


def delete(entry_id: str) -> None:
    table = JournalRow._get_connection()
    dynamodb: Any = table.connection.client
    dynamodb.delete_item(TableName=table.table_name, Key={"entry_id": {"S": entry_id}})
