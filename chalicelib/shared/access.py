"""Who may call an endpoint: roles, and the duties of which an officer needs one.

An access is declared on the route and nowhere else. It is checked before anything of the request is read, and the API document shows it:

    @routes.command("/v1/bank-events/{event_id}/return", …, by=OFFICER.with_duty("payments"))
    @routes.read("/v1/orders/{order_id}", …, by=MEMBER | OFFICER.with_duty(*ANY_DUTY))

`OFFICER` alone says nothing of a duty: a route declared so does not start (`UndeclaredDuty`). Whose thing it is, is asked by the use-case.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

ROLES: Final = frozenset({"member", "bank", "agency", "officer"})
ADMIN: Final = "admin"
"""Opens what any other duty opens."""
ANY_DUTY: Final = ("claims", "deposits", "risk", "payments")
"""The duties of people who work on cases: each of them may look at every case."""
LEGAL: Final = "legal"
"""Lawyers: of those who approve a grave sanction, one has it."""
CHANNELS: Final = "channels"
"""Country channels: who is checked, who stays in, and what may be published."""
FEEDS: Final = "feeds"
"""Members and trade facts: what a marketplace's systems send."""
ACT: Final = "act"
"""Acts for members, and opens nothing by itself. No other duty includes it: it has to be given by name."""
DUTIES: Final = frozenset({*ANY_DUTY, CHANNELS, LEGAL, FEEDS, ADMIN, ACT})
"""What the duties of a token can be. `payments` is suspended money, banks' instructions and the books."""


class UndeclaredDuty(TypeError):
    """A fault of ours: a route is open to officers, and does not say which duty they need."""


class Access(NamedTuple):
    """The roles that may call. `duties` are those of which an officer needs one; empty where none is needed, None where that was not said."""

    roles: frozenset[str] = frozenset()
    duties: frozenset[str] | None = None

    def __or__(self, other: Access) -> Access:
        named = [duties for duties in (self.duties, other.duties) if duties is not None]
        return Access(self.roles | other.roles, frozenset[str]().union(*named) if named else None)

    def with_duty(self, duty: str, *others: str) -> Access:
        """For officers with one of these duties."""
        duties = frozenset({duty, *others})
        if unknown := duties - DUTIES:
            raise ValueError(f"there is no duty {sorted(unknown)}")
        return Access(self.roles, duties)

    @property
    def is_complete(self) -> bool:
        return "officer" not in self.roles or self.duties is not None

    def admits(self, role: str, duties: tuple[str, ...]) -> bool:
        return role in self.roles and (role != "officer" or not self.duties or holds(duties, self.duties))

    def in_words(self) -> list[str]:
        """Each of those who may call, in words."""
        needed = " or ".join(f"`{duty}`" for duty in sorted(self.duties or ()))
        return [
            f"{role} with the duty {needed}" if role == "officer" and needed else role for role in sorted(self.roles)
        ]


def fit_together(duties: Collection[str]) -> bool:
    """Nobody acts for members and decides about them: `act` stands alone, or beside `feeds`."""
    return ACT not in duties or {ACT, FEEDS}.issuperset(duties)


def holds(duties: tuple[str, ...], wanted: frozenset[str]) -> bool:
    """Whether one of the duties is wanted."""
    return ADMIN in duties or not wanted.isdisjoint(duties)


MEMBER: Final = Access(frozenset({"member"}))
BANK: Final = Access(frozenset({"bank"}))
AGENCY: Final = Access(frozenset({"agency"}))
OFFICER: Final = Access(frozenset({"officer"}))
ANYONE: Final = Access(ROLES, frozenset())
"""Whoever has a token, with or without a duty."""
NOBODY: Final = Access()
