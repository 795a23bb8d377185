"""How a bank's messages come wrong. Each way is drawn from a seed, so that what went wrong once goes wrong again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from infra.local.fake_bank.core import Event

WAYS: Final = ("late", "twice", "shuffled", "contradictory", "silent")
"""`late`: some come behind the others. `twice`: each comes again. `shuffled`: in any order. `contradictory`: some come again under another
name with another amount. `silent`: none come until the bank speaks again."""


def order(events: Sequence[Event], ways: Iterable[str], seed: int) -> list[tuple[str, Event]]:
    """Names and events as they are sent: what belongs in a sequence may come in any order, and more than once."""
    lottery, chosen = random.Random(seed), frozenset(ways)
    if unknown := chosen - set(WAYS):
        raise ValueError(f"no such mischief: {', '.join(sorted(unknown))}; there are {', '.join(WAYS)}")
    if "silent" in chosen:
        return []
    sent = [(event.name, event) for event in events]
    if "contradictory" in chosen:
        sent += [
            (f"{event.name}-other", _other(event))
            for event in events
            if event.data.keys() & {"amount", "money"} and lottery.random() < 0.5
        ]
    if "twice" in chosen:
        sent += sent
    if "late" in chosen:
        late = {name for name, _ in sent if lottery.random() < 0.3}
        sent = [each for each in sent if each[0] not in late] + [each for each in sent if each[0] in late]
    if "shuffled" in chosen:
        lottery.shuffle(sent)
    return sent


def _other(event: Event) -> Event:
    """The same happening, told with a fen more: banks tell whole minor units of credit, acquirers money."""
    if "amount" in event.data:
        return replace(event, data={**event.data, "amount": event.data["amount"] + 1})
    money = event.data["money"]
    more = Decimal(money["amount"]) + Decimal(1).scaleb(Decimal(money["amount"]).as_tuple().exponent)  # type: ignore[arg-type]
    return replace(event, data={**event.data, "money": {**money, "amount": str(more)}})
