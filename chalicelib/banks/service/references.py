"""Banks' references: each is booked once, by whichever slice books it, in the commit that books it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.banks.rules import references as rules
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.shared import uniques
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.commit import Joined, StoredResponse, Update, idempotent
from chalicelib.shared.errors import DomainError, NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say, term
from chalicelib.shared.uses import Use


def take_reference(bank_id: str, bank_ref: str, use: Use) -> Update:
    """For a commit that books money a bank moved under a reference. ReferenceUsed where it was booked before, whatever as."""
    name = rules.name_of(bank_id, bank_ref)
    return uniques.take(name, use, lambda first: ReferenceUsed(bank_id, bank_ref, first))


def receive(
    aggregate: Aggregate[Any, Any, Any],
    name: str,
    bank_id: str,
    bank_ref: str,
    minor: int,
    currency: str,
    request: RequestContext,
    decide: Callable[[Any, Any], Any],
    joined: Joined | None = None,
) -> StoredResponse:
    """A bank says that a transfer came which names an aggregate. NotFound and what `decide` refuses are the inbox's to deal with.

    With `joined` it comes out of suspense, where its reference was booked.
    """
    use = Use(by=name, at=request.now, amount_minor=minor, currency=currency)
    booked = joined or Joined(changes=(take_reference(bank_id, bank_ref, use),))

    def take() -> StoredResponse:
        response = aggregate.apply(name, request, decide, joined=lambda change: booked)
        if response is None:
            kind = term("kind", aggregate.machine.table.kind)
            raise NotFound(say("There is no {kind} {name!r:.60}.", kind=kind, name=name))
        return response

    return idempotent(request, take)


def allocate_reference(event: BankEvent, target_id: str) -> tuple[Update, ...]:
    """For a commit that allocates suspended money: its reference, if it was booked as this event, stands for the target from now on."""
    first = find_reference(event.bank_id, event.bank_ref)
    if first is None or first.by != event.id:
        return ()
    return (uniques.also_named(rules.name_of(event.bank_id, event.bank_ref), first, target_id),)


def find_reference(bank_id: str, bank_ref: str) -> Use | None:
    """What a bank's reference was booked as, if it was."""
    return uniques.find(rules.name_of(bank_id, bank_ref))


@contextmanager
def reference_first(bank_id: str, bank_ref: str) -> Iterator[None]:
    """Where recording a transfer is refused: ReferenceUsed, if it was recorded before, rather than that it is too much."""
    try:
        yield
    except DomainError:
        first = find_reference(bank_id, bank_ref)
        if first is not None:
            raise ReferenceUsed(bank_id, bank_ref, first) from None
        raise
