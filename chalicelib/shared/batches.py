"""The one loop over what a queue or a stream delivers, and the partial answer Lambda asks for.

What failed comes again, and ends in a dead-letter queue. One record that fails keeps no other from being served; but where the store is
silent or throttles, the rest is not tried at all: each try would only wait as long as the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.shared import observe
from chalicelib.shared.store_errors import is_transient

Record = Mapping[str, Any]
Response = dict[str, list[dict[str, str]]]


def serve(records: Iterable[Record], work: Callable[[Any], object], *, failure: str, metric: str = "") -> Response:
    """Do `work` with each record. `failure` is what the log says of one that failed, `metric` counts them."""
    waiting = list(records)
    failed = []
    for place, record in enumerate(waiting):
        try:
            work(record)
        except Exception as reason:
            observe.logger.exception(failure, extra={"record": id_of(record)})
            if metric:
                observe.count(metric)
            if is_transient(reason):
                failed += waiting[place:]
                break
            failed.append(record)
    return come_again(map(id_of, failed))


def come_again(ids: Iterable[str]) -> Response:
    return {"batchItemFailures": [{"itemIdentifier": name} for name in ids]}


def id_of(record: Record) -> str:
    """The name under which Lambda wants to hear of a record: a message's id, or a place in a stream."""
    name: str = record["messageId"] if "messageId" in record else record["dynamodb"]["SequenceNumber"]
    return name
