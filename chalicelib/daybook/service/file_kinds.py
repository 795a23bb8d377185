"""What an import can hold: a kind of file says how its rows become facts, and who records those. All else is one for all kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chalicelib.daybook.rules import reading
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.imports import Kind
from chalicelib.daybook.rules.reading import COLUMNS, REQUIRED
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service.coverage import record_told
from chalicelib.daybook.service.recorder import OfFile
from chalicelib.shared.request import Caller

F = TypeVar("F", bound=OfFile)


@dataclass(frozen=True, kw_only=True)
class FileKind(Generic[F]):
    """A kind of file.

    Rows of one `reference`, which names a member, are worked on in the order of the file; members that are not known yet are registered,
    of the country that `country_of` says, if it says one. `read` makes a fact of a row's values by column and the name of its telling, or raises Unreadable.
    """

    name: Kind
    columns: Sequence[str]
    required: Sequence[str]
    reference: str
    fact: type[F]
    read: Callable[[Mapping[str, str], str], F]
    country_of: Callable[[F], str] | None = None
    record: Callable[[Sequence[F], Caller], list[Outcome]]


TRADE_HISTORY: Final = FileKind[TradeFact](
    name="trade_history",
    columns=COLUMNS,
    required=REQUIRED,
    reference="supplier_ref",
    fact=TradeFact,
    read=reading.trade_fact,
    country_of=lambda fact: fact.supplier_country,
    record=lambda facts, by: record_told(facts),
)
