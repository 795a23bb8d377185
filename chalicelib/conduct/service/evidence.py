"""What a sanction's evidence names is looked up where its kind says where that is kept: nobody answers for a number that leads nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.cases.aggregate import CASES
from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.aggregate.peer_reports import PEER_REPORTS
from chalicelib.conduct.aggregate.sanctions import SANCTIONS
from chalicelib.credit.aggregate.applications import APPLICATIONS
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.loans.aggregate import LOANS
from chalicelib.monitoring.aggregate import ALERTS
from chalicelib.shared import journal
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.errors import NotFound
from chalicelib.shared.texts import say


def _things(aggregate: Aggregate[Any, Any, Any]) -> Callable[[Iterable[str]], set[str]]:
    return lambda names: {*aggregate.repository.load_all(names)}


KNOWN: Final[Mapping[str, Callable[[Iterable[str]], set[str]]]] = {
    "alr": _things(ALERTS),
    "app": _things(APPLICATIONS),
    "cas": _things(CASES),
    "ent": lambda names: {entry.entry_id for entry in journal.read_many(names)},
    "gcl": _things(CALLS),
    "inc": _things(INCENTIVES),
    "lin": _things(LINES),
    "lon": _things(LOANS),
    "rpt": _things(PEER_REPORTS),
    "snc": _things(SANCTIONS),
}
"""By the prefix of an id: which of these there are. Documents and what banks and courts number are for those who approve to look at."""


def require_known(evidence_ids: Sequence[str]) -> None:
    """NotFound names what there is not. A read for each kind."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for name in evidence_ids:
        prefix = name.partition("_")[0]
        if prefix in KNOWN:
            named[prefix].append(name)
    missing = {name for prefix, names in named.items() for name in {*names} - KNOWN[prefix](names)}
    if missing:
        first, *_ = listed = [name for name in evidence_ids if name in missing]
        raise NotFound(say("There is no {evidence_id!r:.60}.", evidence_id=first), param="evidence_ids", missing=listed)
