"""What a bank tells of an aggregate in a sequence: each event once, in its order, in one transaction with its effect.

The aggregate's entry bears the event's own name, as that of every other effect; in the same commit the aggregate keeps the number that
counted and the second key is taken, so that a happening told again under another webhook-id is known. What cannot be is refused by an entry
of the aggregate too: its number has counted, and what comes behind it need not wait.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.bank_events.service import suspending
from chalicelib.banks.rules import protocol, suspense
from chalicelib.banks.rules import protocol as rules
from chalicelib.banks.rules.event_transitions import EventChange, by_another
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service.messages import Inbound
from chalicelib.shared import observe, uniques
from chalicelib.shared.commit import Joined, StoredResponse, Update
from chalicelib.shared.errors import DomainError, Unavailable, WriteConflict
from chalicelib.shared.journal import Also
from chalicelib.shared.periods import business_date
from chalicelib.shared.quarantine import ChainBroken
from chalicelib.shared.ranges import must_lie_in_range
from chalicelib.shared.request import RequestContext
from chalicelib.shared.state_machine import Change
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use

TRIED_AGAIN: Final = (WriteConflict, Unavailable, ChainBroken)
"""Errors that say nothing about the event."""

Decide = Callable[[Any, Any], Change[Any]]


class Notice:
    """One event of a bank about one aggregate, now."""

    def __init__(
        self,
        event: BankEvent,
        raw: bytes,
        inbound: Inbound[Any, Any, Any],
        message: rules.BankMessage,
        request: RequestContext,
    ) -> None:
        self.event, self.raw, self.inbound, self.message, self.request = event, raw, inbound, message, request
        self.target = inbound.type.named(message)
        self.key = protocol.second_key(event.bank_id, inbound.type.name, message.bank_ref, self.target)
        self.content = protocol.content_of(message)

    def settle(self) -> bool:
        """Make its effect, park it, or refuse it. Whether another event that waits may go on now."""
        try:
            return self._settle()
        except TRIED_AGAIN:
            raise
        except rules.TooEarly as early:
            self._await_earlier(early.expected)
        except rules.TargetUnknown as unknown:
            self._await_target(unknown)
        except rules.SeqSpent as spent:
            self._told_late(spent)
            return self.event.status == "parked"
        return False

    def _settle(self) -> bool:
        try:
            self._count(self._effect, self._as_applied())
        except (*TRIED_AGAIN, rules.TooEarly, rules.TargetUnknown, rules.SeqSpent):
            raise
        except DomainError as why:
            self._count_without_effect(why)
        return True

    def _count_without_effect(self, why: DomainError) -> None:
        """It was told of before, or cannot be: its number counts all the same."""
        first = uniques.find(self.key)
        known = self._known(first) if first else why
        if isinstance(known, rules.ToldBefore):
            self._count(self._noted({"told_before_as": known.detail}), self._as_applied(), takes_key=False)
            return
        try:
            self._count(self._refused(known), self._as_not_taken(known), takes_key=first is None)
        except ReferenceUsed as used:  # its money would lie in suspense under a reference that was booked before
            self._count(self._refused(known), self._as_not_taken(used), takes_key=first is None)

    def _effect(self, state: Any, context: Any) -> Change[Any]:
        """Decided on dates that can be meant, so that arithmetic on them never leaves the calendar."""
        must_lie_in_range(self.message, self.inbound.type.form, lambda: business_date(self.request.now))
        change = self.inbound.decide(state, context, self.message, self.event.bank_id, self.request.now)
        return change or self._noted({})(state, context)

    def _count(self, decide: Decide, joined: Joined, *, takes_key: bool = True) -> None:
        """Commit what is decided with the number that counts: the aggregate's next one, of its own bank."""

        def counted(state: rules.Numbered, context: Any) -> Change[Any]:
            protocol.require_next(state, self.event.bank_id, self.message.seq)
            change = decide(state, context)
            after = self.inbound.in_suspense(change.state, self.event.id) if change.aside else change.state
            return replace(change, state=replace(after, bank_seq=self.message.seq))

        taken = (self._taken(),) if takes_key else ()

        def together(change: Change[Any]) -> Joined:
            own = self._aside(change.aside) if change.aside else joined
            return replace(own, changes=(*own.changes, *taken))

        if self._apply(counted, together) is None and (not self._begin() or self._apply(counted, together) is None):
            raise rules.TargetUnknown(say("There is no {target!r:.60} here.", target=self.target))

    def _apply(self, decide: Decide, joined: Callable[[Change[Any]], Joined]) -> StoredResponse | None:
        funded = self.inbound.funded
        return self.inbound.aggregate.apply(self.target, self.request, decide, funded=funded, joined=joined)

    def _begin(self) -> bool:
        """Make the aggregate of a bank's first event, where events make one; once, whoever is first."""
        begin, bank_id, now = self.inbound.begin, self.event.bank_id, self.request.now
        if begin is None:
            return False
        change = begin(self.message, bank_id, now)
        if change.state.id == self.target:
            self.inbound.aggregate.create(change, (), RequestContext.of_clock(self.target, 1, now))
        return True

    def _refused(self, why: DomainError) -> Decide:
        if isinstance(why, rules.ToldOtherwise):
            observe.count("BankEventContradicts")
        return self._note(protocol.REFUSED, {"reason": why.code, "detail": why.detail[:300]})

    def _noted(self, payload: dict[str, Any]) -> Decide:
        return self._note(protocol.NOTED, payload)

    def _note(self, name: str, payload: dict[str, Any]) -> Decide:
        """The number counts, and nothing else changes."""
        table, message = self.inbound.aggregate.machine.table, self.message
        facts = {
            "bank_id": self.event.bank_id,
            "type": self.inbound.type.name,
            "bank_ref": message.bank_ref,
            "seq": message.seq,
            **payload,
        }
        return lambda state, context: table.note(state, name, self.request.now, payload=facts)

    def _taken(self) -> Update:
        """The second key, for ever. ToldBefore or ToldOtherwise where it was taken."""
        use = Use(by=self.event.id, at=self.request.now, named=(self.target, self.content))
        return uniques.take(self.key, use, self._known)

    def _known(self, first: Use) -> DomainError:
        if self.content in first.named:
            return rules.ToldBefore(first.by)
        return rules.ToldOtherwise(
            say(
                "{bank_ref!r} of {target} was told of by {by}, and otherwise.",
                bank_ref=self.message.bank_ref,
                target=self.target,
                by=first.by,
            )
        )

    def _told_late(self, spent: rules.SeqSpent) -> None:
        """A number that has counted. What is known is done; what is not known has never counted: its money lies in suspense, and what moved none
        is refused."""
        first = uniques.find(self.key)
        if first and first.by == self.event.id:
            return
        why = self._known(first) if first else spent
        if isinstance(why, rules.ToldBefore):
            self._write(lambda was: suspense.applied(was, self.request.now, payload={"told_before_as": why.detail}))
        elif suspending.moves_money(self.raw):
            suspending.to_suspense(self.event, self.raw, why)
        else:
            about = {"aggregate_id": self.target, "type": self.inbound.type.name}
            self._write(lambda was: suspense.refused(was, why, self.request.now, about=about))

    def _await_earlier(self, expected: int) -> None:
        """Keep it for later. Its change in the inbox brings it here once more, in case the gap was filled meanwhile."""
        policy, now = banks_inbox.policy(self.request.now), self.request.now
        self._wait(
            suspense.parked(
                self.event,
                self.target,
                self.message.seq,
                expected=expected,
                wait=policy.parked,
                now=now,
                **policy.deadlines(now),
            )
        )

    def _await_target(self, unknown: rules.TargetUnknown) -> None:
        wait, now = banks_inbox.policy(self.request.now).unknown, self.request.now
        self._wait(suspense.parked_for(self.event, self.target, self.message.seq, unknown, wait=wait, now=now))

    def _wait(self, change: EventChange) -> None:
        if (self.event.status, self.event.reason) != ("parked", change.state.reason):
            self._write(lambda was: change)

    def _write(self, decide: Callable[[BankEvent], EventChange]) -> None:
        own = suspending.own(self.event, self.request.now)
        suspending.write(self.event, own, lambda was, raw: decide(was))

    def _as_applied(self) -> Joined:
        """An event that waited says that it was applied; one that did not says so by the entry that bears its name."""
        return (
            self._joined(suspense.applied(self.event, self.request.now)) if self.event.status == "parked" else Joined()
        )

    def _as_not_taken(self, why: DomainError) -> Joined:
        """Money that has moved goes to suspense, where it was not booked before; what moved none is refused."""
        now, is_booked = self.request.now, isinstance(why, ReferenceUsed)
        if isinstance(why, ReferenceUsed) and not suspending.is_known(self.event, self.raw, why):
            why, is_booked = ReferenceReused(why.detail), False
        if not is_booked and suspending.moves_money(self.raw):
            return suspending.suspense_for(self.event, self.raw, now)(why)
        return self._joined(suspense.refused(self.event, why, now))

    def _aside(self, why: DomainError) -> Joined:
        """What the aggregate has read, and does not take: an item that goes back at once, by its default."""
        return suspending.suspense_for(self.event, self.raw, self.request.now, wait=timedelta(0))(why)

    def _joined(self, change: EventChange) -> Joined:
        after = by_another(change, self.event)
        return Joined(changes=(banks_inbox.changed(after),), also=(Also(after.id, after.version),))
