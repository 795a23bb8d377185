"""Banks' references: each is booked once, by whichever slice books it, in the commit that books it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.banks.rules import references as rules
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.shared import uniques
from chalicelib.shared.commit import Update
from chalicelib.shared.errors import DomainError
from chalicelib.shared.uses import Use


def take_reference(bank_id: str, bank_ref: str, use: Use) -> Update:
    """For a commit that books money a bank moved under a reference. ReferenceUsed where it was booked before, whatever as."""
    name = rules.name_of(bank_id, bank_ref)
    return uniques.take(name, use, lambda first: ReferenceUsed(bank_id, bank_ref, first))


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
