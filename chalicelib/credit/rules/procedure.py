"""How long what takes: the numbers of applications, agreements and lines that are no bank's own, as the policy `credit-products` has them. Pure.

What a bank has to do, and in how many business days, stands in its product (`products.ServiceLevel`).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

from chalicelib.credit.rules.products import POLICY, Product
from chalicelib.shared import policies
from chalicelib.shared.periods import Calendar, business_days_after


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """`*_business_days` are China's banks'; `*_days` are of 24 hours. After `answer_business_days` all banks should have answered.

    A bank that does not answer in time is chased every `chaser_business_days`, `most_chasers` times. What a line that has ended still owes is
    looked at after `look_days`, then less and less often.
    """

    draft_days: int
    screen_business_days: int
    reapply_days: int
    answer_business_days: int
    supply_business_days: int
    sign_business_days: int
    chaser_business_days: int
    most_chasers: int
    look_days: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank's part is decided on: its product and the procedure as they were pinned, and the calendar of business days."""

    product: Product
    procedure: Procedure
    calendar: Calendar

    def business_days_after(self, start: datetime, days: int) -> datetime:
        return business_days_after(start, days, self.calendar)


@lru_cache(maxsize=16)
def procedure(policy: str) -> Procedure:
    """The numbers of the policy's version with that hash."""
    return msgspec.convert(policies.pinned(POLICY, policy).values["procedure"], Procedure)
