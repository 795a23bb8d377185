"""Many items at once, in the engine's own words: for jobs that read and write millions of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError

from chalicelib.shared.commit import Put
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.store_errors import is_transient
from chalicelib.shared.tables import engine, transact


def commit_together(changes: Sequence[tuple[Entry, Put]]) -> None:
    """Changes of several things that have nothing to do with each other, each with its journal entry: all or nothing.

    WriteConflict where one of them cannot be made as it is; then commit them one by one.
    """
    try:
        is_new = JournalRow.entry_id.does_not_exist()
        transact(
            [
                action
                for entry, put in changes
                for action in (JournalRow.of(entry).put_action(is_new), put.row.put_action(put.guard))
            ]
        )
    except TransactWriteError as failure:
        if is_transient(failure):
            raise
        raise WriteConflict("One of the changes cannot be made together with the others.") from failure


def answer(operation: str, parameters: dict[str, Any]) -> bytes:
    """What the engine says to a call that reads many items, as it comes.

    botocore goes through a large answer value by value and PynamoDB once more; msgspec reads it at once into what is wanted of it.
    """
    _listen(engine().client)
    token = _as_it_comes.set(True)
    try:
        body: bytes = engine().dispatch(operation, parameters)[_BODY]
    finally:
        _as_it_comes.reset(token)
    return body


@lru_cache(maxsize=1)
def _listen(client: Any) -> None:
    client.meta.events.register("before-parse.dynamodb", _take_out)


_as_it_comes: ContextVar[bool] = ContextVar("as_it_comes", default=False)
_BODY: Final = "Body"


def _take_out(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Hand on the body of a success in the place of what would be made of it."""
    if _as_it_comes.get() and response_dict["status_code"] < 300:
        customized_response_dict[_BODY], response_dict["body"] = bytes(response_dict["body"]), b"{}"
