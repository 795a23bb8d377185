"""How a feed of facts is taken in: each judged alone, all answered together, the answer kept. Kinds of feeds differ in a few functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.reading import Unreadable
from chalicelib.daybook.views.feeds import CountsView, FactView, FeedView
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import StoredResponse, commit, find_replay
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext

A = TypeVar("A", bound=msgspec.Struct)
F = TypeVar("F")


@dataclass(frozen=True, kw_only=True)
class Feed(Generic[A, F]):
    """A kind of feed.

    `event` names the entry of the journal. `judge` makes a fact of what was sent and the name of its telling, or raises Unreadable. `admit`
    says which facts' members may be told of, and registers those that become members. `record` records facts, each once. `fact_id` is what
    the sender calls a fact, `own_id` what we call it, where it has a name of ours.
    """

    event: str
    judge: Callable[[A, str], F]
    admit: Callable[[Sequence[A], list[F | Outcome], RequestContext], list[F | Outcome]]
    record: Callable[[Sequence[F]], list[Outcome]]
    fact_id: Callable[[A], str]
    own_id: Callable[[str], str] = lambda fact_id: ""

    def take(self, items: Sequence[A], request: RequestContext) -> StoredResponse:
        """Facts go in first, then the answer: a repetition after a fall in between finds each fact as this telling left it."""
        first = find_replay(request.entry_id, request.digest)
        if first is not None:
            return first
        judged = [self._judged(one, f"{request.entry_id}:{place}") for place, one in enumerate(items)]
        view = self._view(items, self._recorded(self.admit(items, judged, request)), request)
        event = Event(self.event, {"feed": view.id, **msgspec.structs.asdict(view.counts)})
        return commit(
            journal.entry(request, event, aggregate_id=view.id, seq=1, prev=journal.GENESIS, response=encode(view))
        )

    def _judged(self, one: A, source: str) -> F | Outcome:
        try:
            return self.judge(one, source)
        except Unreadable as wrong:
            return Outcome("refused", wrong.reason, wrong.column)

    def _recorded(self, judged: Sequence[F | Outcome]) -> list[Outcome]:
        outcomes = iter(self.record([fact for fact in judged if not isinstance(fact, Outcome)]))
        return [one if isinstance(one, Outcome) else next(outcomes) for one in judged]

    def _view(self, items: Sequence[A], outcomes: Sequence[Outcome], request: RequestContext) -> FeedView:
        counts = Counter[str](outcome.result for outcome in outcomes)
        return FeedView(
            id=ids.derived_id("fed", request.entry_id),
            version=1,
            status="recorded",
            counts=CountsView(**counts),
            items=[self._shown(one, outcome) for one, outcome in zip(items, outcomes, strict=True)],
            created_at=request.now,
            updated_at=request.now,
            allowed_actions=[],
            deadlines=[],
        )

    def _shown(self, one: A, outcome: Outcome) -> FactView:
        fact_id = self.fact_id(one)
        own_id = self.own_id(fact_id) if outcome.result != "refused" else ""
        return FactView(
            fact_id=fact_id[:100], id=own_id, result=outcome.result, column=outcome.column, reason=outcome.reason
        )


def values_of(one: msgspec.Struct) -> Mapping[str, str]:
    """What was sent by column, without what is empty."""
    return {name: value for name, value in msgspec.structs.asdict(one).items() if value}
