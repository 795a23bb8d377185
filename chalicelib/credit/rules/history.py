"""What a firm's loans and its shares of calls on guarantors have come to, as the slices that keep them tell. Pure.

One item for each loan and each share, small, and overwritten as it goes on: a newer telling takes the place of an older one, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.shared.periods import months_before

Kind = Literal["loan", "share"]
MONTHS: Final = 24
"""What is older does not count (credit.md 8)."""


class Past(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A loan, or a share of a call, as of the day `on`.

    `late_since`: the day from which its days past due count, while they do. `worst_dpd` was first told on `worst_on`. `is_kept`: the firm repaid it
    with its own money, or paid its share on time; None where that is not decided. `seq` numbers tellings, newer ones higher.
    """

    kind: Kind
    subject_id: str
    seq: int
    on: date
    is_over: bool = False
    is_kept: bool | None = None
    late_since: date | None = None
    worst_dpd: int = 0
    worst_on: date | None = None


def after(was: Past | None, past: Past) -> Past | None:
    """What is kept after one more telling; None where nothing changes. What was as bad before was so from then on,
    and what is over stays as it was decided."""
    if was is not None and was.seq >= past.seq:
        return None
    worst_on = was.worst_on if was and was.worst_dpd == past.worst_dpd else past.on
    is_kept = was.is_kept if was and past.is_over and past.is_kept is None else past.is_kept
    return replace(past, is_kept=is_kept, worst_on=worst_on if past.worst_dpd else None)


def worst_dpd(pasts: Iterable[Past], on: date) -> int | None:
    """The most days past due of any loan in the last months; None where there was none to be late with."""
    since = months_before(on, MONTHS)
    loans = [past for past in pasts if past.kind == "loan" and (not past.is_over or past.on >= since)]
    return max((_worst(past, since, on) for past in loans), default=None)


def kept_share(pasts: Iterable[Past], kind: Kind, since: date | None = None) -> int | None:
    """How many of those that are decided were kept, in hundredths of a percent; None where there is none."""
    decided = [
        past.is_kept
        for past in pasts
        if past.kind == kind and past.is_kept is not None and (since is None or past.on >= since)
    ]
    return sum(decided) * 10_000 // len(decided) if decided else None


def _worst(past: Past, since: date, on: date) -> int:
    late = (on - past.late_since).days if past.late_since and not past.is_over else 0
    return max(late, past.worst_dpd if past.worst_on and past.worst_on >= since else 0)
