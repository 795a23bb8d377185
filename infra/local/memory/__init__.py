"""Makes moto's engine in memory quick enough to test everything on it, and able to bear a real amount of data.

What moto decides stays moto's; what it does needlessly around that is left out:

- `items`: a transaction copies what it changes, and not whole tables; a query is shown the items of its key alone.
- `indexes`: which those are, for the key of an index.
- `expressions`: an expression is read once, and filled with values as often as it comes.
- `calls`: a call about items goes straight to moto's action and its answer straight back.
- `queues`: a message is sent without counting those that are there.

A test asks both ways, the short and moto's own, and compares. One thing is added that S3 does and moto does not: the event of an object
names its version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.s3 import notifications

from infra.local.memory import calls, expressions, items, queues

_event: Final[Callable[..., Any]] = notifications._get_s3_event


def spare() -> None:
    """From now on, and for every engine of this process. May be called twice."""
    for owner, name, quicker in PATCHES:
        setattr(owner, name, quicker)


def _event_with_version(name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
    event: dict[str, Any] = _event(name, bucket, key, notification_id)
    if bucket.is_versioned:
        event["Records"][0]["s3"]["object"]["versionId"] = key.version_id
    return event


PATCHES: Final = (
    *items.PATCHES,
    *expressions.PATCHES,
    *calls.PATCHES,
    *queues.PATCHES,
    (notifications, "_get_s3_event", _event_with_version),
)
AS_IT_COMES: Final = tuple((owner, name, vars(owner).get(name)) for owner, name, _ in PATCHES)
"""What stands in those places in moto and botocore; None where nothing does."""
