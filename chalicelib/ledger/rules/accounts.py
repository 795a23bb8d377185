"""Accounts: who may see them, what they stand at, whether they balance. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from chalicelib.ledger.rules import chart
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Posting, imbalance
from chalicelib.shared.request import Caller
from chalicelib.shared.texts import say

OWN: Final = frozenset(
    {
        chart.SUPPLIER_BALANCE,
        chart.PAYOUTS_PAYABLE,
        chart.COLLECTED,
        chart.ADVANCES_RECEIVABLE,
        chart.COVER_GRANTED,
        chart.COVER_AVAILABLE,
        chart.COVER_RESERVED,
        chart.COVER_ADVANCED,
        chart.DEPOSITS_HELD,
        chart.DEPOSITS_FROZEN,
        chart.DEPOSIT_ADVANCES,
        chart.SUBSIDIES,
        chart.SUBSIDIES_PAYABLE,
        chart.SUBSIDIES_RECEIVABLE,
        chart.EXPOSURE_GRANTED,
        chart.EXPOSURE_AVAILABLE,
        chart.EXPOSURE_PENDING,
        chart.EXPOSURE_OUTSTANDING,
        chart.EXPOSURE_ELSEWHERE,
    }
)
"""The accounts a member may read by name, where they are its own."""
FAMILIES: Final = {
    "cover": (chart.COVER_GRANTED, chart.COVER_AVAILABLE, chart.COVER_RESERVED, chart.COVER_ADVANCED),
    "deposits": (chart.DEPOSITS_HELD, chart.DEPOSITS_FROZEN),
    "exposure": (
        chart.EXPOSURE_GRANTED,
        chart.EXPOSURE_AVAILABLE,
        chart.EXPOSURE_PENDING,
        chart.EXPOSURE_OUTSTANDING,
        chart.EXPOSURE_ELSEWHERE,
    ),
    "group": (chart.GROUP_PENDING, chart.GROUP_OUTSTANDING, chart.GROUP_DRAWN),
    "line": (chart.LINE_GRANTED, chart.LINE_AVAILABLE, chart.LINE_PENDING, chart.LINE_OUTSTANDING, chart.LINE_REPAID),
}
"""Accounts of one party that most of their postings move between: their months are kept together. More are added at the end of a family."""
_PLACES: Final = {
    code: (family, f"{place}") for family, codes in FAMILIES.items() for place, code in enumerate(codes, start=1)
}
CASES: Final = ("order", "claim", "bank event", "loan")
"""What comes and goes. An account of one has a handful of lines, and needs no totals."""
Book = Literal["money", "memorandum", "mirror"]
BOOKS: Final[tuple[Book, ...]] = get_args(Book)
"""What the platform holds and owes, what it has promised, and what banks have lent: each balances by itself."""
MOST_SHARDS: Final = 8
MOST_LEGS: Final = 4


class NoSuchAccount(NotFound):
    code = "no_such_account"
    title = "The chart of accounts has no such account."
    fix = "Name a code of the chart, or a code and whose account it is: held, supplier_balance:mem_…"


class Turnover(msgspec.Struct, frozen=True):
    """What was debited and credited. Both only grow."""

    debit_minor: int = 0
    credit_minor: int = 0

    def __add__(self, more: Turnover) -> Turnover:
        return Turnover(self.debit_minor + more.debit_minor, self.credit_minor + more.credit_minor)


class BookedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One posting as it stands on a statement, or a whole day; `total` is all that was ever booked, this line included."""

    at: datetime
    turnover: Turnover
    total: Turnover
    event: str
    position: str
    aggregate_id: str | None = None
    seq: int | None = None
    entry_id: str | None = None


def key_of(code: str, of: str) -> str:
    """`supplier_balance:mem_…`: the name of one party's account."""
    return f"{code}:{of}"


def named(account: str) -> tuple[str, str]:
    """`(code, of)` of an account's name; `of` is empty for a whole code. NoSuchAccount where the chart has no such code."""
    code, _, of = account.partition(":")
    if code not in chart.CHART or (":" in account and not of) or len(account) > 200:
        raise NoSuchAccount(say("There is no account {account!r:.60}.", account=account))
    return code, of


def may_see(account: str, caller: Caller) -> bool:
    """Officers see every account; a member sees what was released to it, what it owes, and its own cover."""
    code, of = named(account)
    return caller.is_officer or (code in OWN and caller.is_member(of))


def balance_minor(code: str, turnover: Turnover) -> int:
    """The difference on the account's normal side: positive where it is as it should be."""
    difference = turnover.debit_minor - turnover.credit_minor
    return difference if chart.CHART[code].normal == "debit" else -difference


def book_of(code: str) -> Book:
    """Money is what is neither promised nor another's."""
    kind = chart.CHART[code].kind
    return "memorandum" if kind == "memorandum" else "mirror" if kind == "mirror" else "money"


def of_book(book: Book, totals: Mapping[tuple[str, str], Turnover]) -> dict[tuple[str, str], Turnover]:
    """The part of totals by (code, currency) that stands in one book."""
    return {key: total for key, total in totals.items() if book_of(key[0]) == book}


def keeps_months(code: str, of: str) -> bool:
    """Whether an account has monthly totals of its own: a member's or a bank's has, that of one order or case has not."""
    return of.startswith("mem_") or code not in chart.CHART or not any(case in chart.CHART[code].of for case in CASES)


def kept_under(code: str, of: str) -> tuple[str, str]:
    """Under which name the months of an account are kept, and which of those that are kept together it is."""
    return _PLACES.get(code, (code, "")) if of else (code, "")


def shards(code: str, of: str) -> int:
    """In how many parts the totals of an account are kept: what every order touches must not be one item."""
    return MOST_SHARDS if not of or (code in chart.CHART and chart.CHART[code].of == "bank") else 1


def sums(totals: Mapping[tuple[str, str], Turnover]) -> dict[str, Turnover]:
    """Debits and credits of accounts, given by (code, currency), added up by currency."""
    turnovers: dict[str, Turnover] = {}
    for (_, currency), turnover in sorted(totals.items()):
        turnovers[currency] = turnovers.get(currency, Turnover()) + turnover
    return turnovers


def balances(totals: Mapping[tuple[str, str], Turnover]) -> bool:
    """Whether debits equal credits in every currency, in each book on its own."""
    return all(
        turnover.debit_minor == turnover.credit_minor
        for book in BOOKS
        for turnover in sums(of_book(book, totals)).values()
    )


def legs(postings: Sequence[Posting]) -> list[list[int]]:
    """The postings of an entry, by place, in groups of at most four, which hold those together that balance, where they can.

    The totals of four postings, and what says that they are counted, are nine actions of one transaction, ten where they came late; balanced
    groups keep the trial balance even between the transactions of one entry.
    """
    groups: list[list[int]] = []
    apart: list[int] = []
    for place in range(len(postings)):
        apart.append(place)
        is_last = place == len(postings) - 1
        if is_last or len(apart) == MOST_LEGS or not imbalance(postings[index] for index in apart):
            if not groups or len(groups[-1]) + len(apart) > MOST_LEGS:
                groups.append([])
            groups[-1] += apart
            apart = []
    return groups
