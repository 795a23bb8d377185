"""Facts and the items they are kept in: which item a fact belongs to, what it makes of it, what an item counts for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.daybook.rules import activity, claims, trades
from chalicelib.daybook.rules.activity import Activity, Inquiry, Login, OfferChange, ProfileChange, Reply, Sign, Thread
from chalicelib.daybook.rules.claims import Claim, ClaimFact
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.judging import wrong_with
from chalicelib.daybook.rules.trades import QuoteFor, Trade, TradeFact
from chalicelib.shared.fx import NoRate

Fact = TradeFact | Activity | ClaimFact
Item = Trade | Sign | Thread | Claim
BESIDE_TRADES: Final = "~"
"""Keys of items that are not trades begin with this; a trade's id never does."""
CLAIMS: Final = f"{BESIDE_TRADES}claim#"


def key_of(fact: Fact) -> str:
    """The item a fact belongs to, among its member's."""
    match fact:
        case TradeFact():
            return fact.trade_id
        case Login():
            return f"{BESIDE_TRADES}login#{fact.activity_id}"
        case ProfileChange():
            return f"{BESIDE_TRADES}profile#{fact.activity_id}"
        case OfferChange():
            return f"{BESIDE_TRADES}offer#{fact.activity_id}"
        case Inquiry() | Reply():
            return f"{BESIDE_TRADES}inquiry#{fact.thread_id}"
        case ClaimFact():
            return f"{CLAIMS}{fact.claim_id}"


def tell(item: Item | None, fact: Fact, quote: QuoteFor, now: datetime) -> tuple[Item | None, Outcome]:
    """The item after one more telling, and what became of the telling. An item that did not change is the same object.

    What cannot be true is refused: by itself, so that the order of tellings does not matter, and of a trade with all that was told of it.
    """
    if not isinstance(fact, ClaimFact) and (wrong := wrong_with(fact, now)) is not None:
        return item, wrong
    if isinstance(fact, TradeFact):
        try:
            after, outcome = trades.tell(item if isinstance(item, Trade) else None, fact, quote)
        except NoRate as error:
            return item, Outcome("refused", error.code, "currency")
        together = after.fact if after is not None and after is not item else fact
        wrong = wrong_with(together, now) if together is not fact else None
        return (item, wrong) if wrong else (after, outcome)
    if isinstance(fact, ClaimFact):
        return claims.tell_claim(item if isinstance(item, Claim) else None, fact)
    if isinstance(fact, Inquiry | Reply):
        return activity.tell_thread(item if isinstance(item, Thread) else None, fact)
    return activity.tell_sign(item if isinstance(item, Sign) else None, fact)


def days_of(item: Item | None) -> tuple[DayRow, ...]:
    """The parts of day rows an item accounts for."""
    match item:
        case Trade():
            return trades.days_of(item)
        case Thread():
            return activity.days_of_thread(item)
        case Sign():
            return activity.days_of_sign(item)
        case Claim():
            return claims.days_of_claim(item)
        case None:
            return ()
