"""The table of peers: what of each firm is compared in a month, and what its groups come to.

Firms are in parts by their names, so that a month is read part by part; the groups of a month are one part more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.peers import Compared, Group
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import AT_ONCE, Row, table

PARTS: Final = 16


class PeerRow(Row):
    Meta = table("score-peers")
    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    firm = Packed(Compared, null=True)
    group = Packed(Group, null=True)


def keep(period: str, member_id: str, compared: Compared) -> None:
    """What of a firm is compared in a month. Once or many times: it is worked out from days that are over."""
    PeerRow(_part(period, member_id), member_id, firm=compared).save()


def compared(period: str) -> Iterator[Compared]:
    """What of every firm is compared in a month."""
    for number in range(PARTS):
        for row in PeerRow.query(f"{period}#{number:02d}", consistent_read=True, page_size=AT_ONCE * 10):
            yield row.firm


def keep_groups(period: str, groups: Mapping[str, Group]) -> None:
    for name, group in groups.items():
        PeerRow(period, name, group=group).save()


def load(periods: Iterable[str], member_id: str, names: Iterable[str]) -> tuple[Compared | None, list[Group]]:
    """The firm's own figures and its groups, the narrowest first, of the first month that has any: one round trip."""
    wanted, names = list(periods), list(names)
    keys = [(period, name) for period in wanted for name in names]
    keys += [(_part(period, member_id), member_id) for period in wanted]
    rows = {(row.part, row.name): row for row in PeerRow.find_many(keys)}
    for period in wanted:
        groups = [rows[period, name].group for name in names if (period, name) in rows]
        if groups:
            own = rows.get((_part(period, member_id), member_id))
            return own.firm if own else None, groups
    return None, []


def _part(period: str, member_id: str) -> str:
    return f"{period}#{int.from_bytes(hashlib.sha256(member_id.encode()).digest()[:4]) % PARTS:02d}"
