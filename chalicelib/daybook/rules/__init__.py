"""What is known of trade and activity, and what it adds up to by member and day. Pure.

`trades`    a trade fact, how a later telling of it may differ, what it counts for
`activity`  logins, profile changes, inquiries and their replies
`claims`    a claim fact: filed, closed, lost
`days`      the day row, and sums of day rows
`reading`   facts out of strings, as files and feeds bring them
"""

from __future__ import annotations

from chalicelib.daybook.rules.activity import (
    Activity,
    Inquiry,
    Login,
    ProfileChange,
    Reply,
    Sign,
    Thread,
)
from chalicelib.daybook.rules.claims import Claim, ClaimFact
from chalicelib.daybook.rules.days import MOST_INQUIRIES, DayRow, amended, combined, merged, page_of, total
from chalicelib.daybook.rules.facts import Outcome, Result
from chalicelib.daybook.rules.items import Fact, Item, days_of, key_of, tell
from chalicelib.daybook.rules.trades import QuoteFor, Status, Trade, TradeFact

__all__ = [
    "MOST_INQUIRIES",
    "Activity",
    "Claim",
    "ClaimFact",
    "DayRow",
    "Fact",
    "Inquiry",
    "Item",
    "Login",
    "Outcome",
    "ProfileChange",
    "QuoteFor",
    "Reply",
    "Result",
    "Sign",
    "Status",
    "Thread",
    "Trade",
    "TradeFact",
    "amended",
    "combined",
    "days_of",
    "key_of",
    "merged",
    "page_of",
    "tell",
    "total",
]
