"""The journal's stream: each new entry is handed to those who draw consequences from it.

Records come at least once, in the order of their thing, and may come late. A follower's effect is named after the entry it comes of, so
doing it again changes nothing.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chalicelib.shared import batches, observe
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.store_errors import is_transient

Follower = Callable[[Entry], Any]


def follow(records: Iterable[dict[str, Any]], followers: Sequence[Follower]) -> dict[str, Any]:
    """Hand the entries of a batch to all followers. Answers, as Lambda asks, which records have to come again.

    A follower that fails keeps neither the others nor the entries after it from being served.
    """
    new = [record for record in records if record["eventName"] == "INSERT"]
    return batches.serve(
        new, lambda record: _serve(record["dynamodb"]["NewImage"], followers), failure="entry not followed"
    )


def entry_of(image: dict[str, dict[str, Any]]) -> Entry:
    """The entry of a record's image: Lambda hands bytes over in base 64."""
    plain = {
        name: {"B": b64decode(value["B"])} if isinstance(value.get("B"), str) else value
        for name, value in image.items()
    }
    return JournalRow.from_raw_data(plain).entry()


def _serve(image: dict[str, dict[str, Any]], followers: Sequence[Follower]) -> None:
    """All followers; then the last failure, if one failed. A store that is silent to one is silent to all."""
    failure: Exception | None = None
    for follower in followers:
        try:
            follower(entry_of(image))
        except Exception as failed:
            told = {"entry_id": image["entry_id"]["S"], "follower": f"{follower.__module__}.{follower.__name__}"}
            observe.logger.exception("entry not followed by one", extra=told)
            observe.count("EntryNotFollowed")
            failure = failed
            if is_transient(failed):
                break
    if failure is not None:
        raise failure
