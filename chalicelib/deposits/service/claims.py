"""What a seller's deposit gives for a claim it lost: one of the sources the claims' waterfall draws on.

`DEPOSITS.catch_up` is the read and `deducting.given` the decision; the claim's commit brings the deposit's next version.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.rules.deducting import Leg, given
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Posting


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a deposit gives: `taken_minor` in the claim's currency for `fen` of its own; nothing where `update` is None.

    `insured_minor` is the part of `taken_minor` that insurers pay.
    """

    taken_minor: int = 0
    insured_minor: int = 0
    fen: int = 0
    postings: tuple[Posting, ...] = ()
    update: Put | None = None

    @property
    def changes(self) -> tuple[Put, ...]:
        return (self.update,) if self.update else ()


def deduct(seller_id: str, currency: str, most_minor: int, cause: str, *, credit_to: Leg, now: datetime) -> Taken:
    """The most a deposit can give towards `most_minor` of a claim's currency, and the change that takes it."""
    loaded = DEPOSITS.catch_up(seller_id, now)
    if loaded is None:
        return Taken()
    gift = given(loaded.state, loaded.context, currency, most_minor, cause, credit_to, now)
    if gift.deposit is None:
        return Taken()
    due_at = DEPOSITS.machine.next_due(gift.deposit, loaded.context)
    return Taken(
        taken_minor=gift.taken_minor,
        insured_minor=gift.insured_minor,
        fen=gift.deposit_minor,
        postings=gift.postings,
        update=DEPOSITS.repository.put(gift.deposit, due_at),
    )
