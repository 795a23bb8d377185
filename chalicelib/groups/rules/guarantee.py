"""Who stands for a loan, and how far: what a credit line and each loan on it keep of the group's rule sheet. Pure.

A guarantor answers for loans that were drawn while it was sealed in, under the rule sheet of that day, whatever the group agrees later
(credit.md P8). So the terms are copied, and a call reads them where they are kept.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.shared.bounds import most

MOST_GUARANTORS: Final = 9
"""A group has ten members at most, and one of them is the debtor."""


class Guarantor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One who answers: its seat in the group, its own limit, and what it answers for at most over all calls of the group."""

    seat: int
    member_id: str
    limit_minor: int
    cap_minor: int | None = None


class Guarantee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The group's terms for one debtor, which has `seat`. `sheet_sha256` is the hash of the rule sheet that all members signed.

    The guarantors answer until `until_months` after the last instalment falls due. A share is to be paid in `due_business_days`, and its
    guarantor has failed `grace_business_days` later. `reserve_minor` is what the group keeps for calls, `pool_id` the pool that pays its
    part of what the guarantors cannot.
    """

    group_id: str
    seat: int
    sheet_version: int
    sheet_sha256: str
    mode: LiabilityMode
    weight_basis: WeightBasis
    guarantors: Annotated[tuple[Guarantor, ...], most(MOST_GUARANTORS)]
    until_months: int
    due_business_days: int
    grace_business_days: int
    reserve_minor: int = 0
    pool_id: str = ""

    @property
    def binds(self) -> bool:
        """Whether anybody answers: a group may also stand together without liability."""
        return self.mode != "none" and bool(self.guarantors)

    @property
    def seats(self) -> list[int]:
        """The seats of the guarantors."""
        return [each.seat for each in self.guarantors]
