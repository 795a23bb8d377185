"""Telling banks: a message is one more entry of the bank's feed, which webhooks deliver to the bank's endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from chalicelib.banks.records.feeds import REPOSITORY
from chalicelib.banks.rules import feed
from chalicelib.banks.rules.feed import BankFeed
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change

FEEDS: Final = Aggregate[BankFeed, tuple[()], Literal["bank"]](
    name="bank-feeds",
    machine=feed.MACHINE,
    repository=REPOSITORY,
    context=lambda feeds, now: [()] * len(feeds),
    actor_of=lambda state, caller: None,
    view=lambda state, context, actor, now: state,
)


@retry_on_conflict
def tell(bank_id: str, name: str, data: Mapping[str, Any], *, of: str, at: datetime, now: datetime) -> None:
    """Tell a bank of what happened `at`, once for each `of` and `name`."""
    request = RequestContext(caller=CLOCK, now=now, request_id=of).derived(bank_id, f"{of}:{name}", bank_id)

    def decide(was: BankFeed, context: tuple[()]) -> Change[BankFeed]:
        return feed.message(was, name, data, at)

    if FEEDS.apply(feed.name_of(bank_id), request, decide) is None:
        FEEDS.create(decide(feed.empty(bank_id, now), ()), (), request)
