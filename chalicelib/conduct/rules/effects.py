"""What changes of sanctions do to what is counted of them. Pure."""

from __future__ import annotations

from chalicelib.conduct.rules.sanction import Measure, Status
from chalicelib.shared.state_machine import Effect


class CountSanctions(Effect, frozen=True, kw_only=True):
    """One more sanction of a measure came to `what` in a month; `ended`: it was in force until then, for `days`."""

    month: str
    measure: Measure
    what: Status
    days: int = 0
    ended: int = 0

    @property
    def target(self) -> str:
        return f"{self.month}:{self.measure}:{self.what}"
