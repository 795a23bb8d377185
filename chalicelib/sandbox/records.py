"""The sandbox's own table: how far its clock runs ahead."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError

from chalicelib.shared.columns import WholeNumber
from chalicelib.shared.tables import Row, table_name

CLOCK = "clock"


class SandboxRow(Row):
    class Meta:
        table_name = table_name("sandbox")

    name = UnicodeAttribute(hash_key=True)
    offset_ms = WholeNumber(default=0)


def offset_ms() -> int | None:
    """How far the clock runs ahead, or None where nobody has set it yet."""
    row = SandboxRow.find(CLOCK)
    return row.offset_ms if row else None


def begin(milliseconds: int) -> None:
    """Set the clock for the first time; where somebody has, theirs stands."""
    try:
        SandboxRow(CLOCK, offset_ms=milliseconds).save(condition=SandboxRow.name.does_not_exist())
    except PutError as failure:
        if failure.cause_response_code != "ConditionalCheckFailedException":
            raise


def move(milliseconds: int) -> None:
    """Set the clock further ahead; where it is further ahead already, it stays there."""
    ahead = SandboxRow.name.does_not_exist() | (SandboxRow.offset_ms <= milliseconds)
    try:
        SandboxRow(CLOCK).update(actions=[SandboxRow.offset_ms.set(milliseconds)], condition=ahead)
    except UpdateError as failure:
        if failure.cause_response_code != "ConditionalCheckFailedException":
            raise
