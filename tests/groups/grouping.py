"""Groups as values, in each of their statuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.groups.rules import forming, living, proposing, vetting
from chalicelib.groups.rules.group import Context, Group, Policy, Seat, Status
from chalicelib.groups.rules.rule_sheet import SheetSignature
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.shared import calendars, policies

NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY: Final = timedelta(days=1)
POLICY: Final = policies.versions("guarantee-groups")[0]
CONTEXT: Final = Context(policy=POLICY.read_as(Policy), calendar=calendars.calendar("CN"), owed=frozenset())
H1: Final = "1" * 64


def founded(**other: Any) -> Group:
    given: dict[str, Any] = {"context": CONTEXT, "policy_hash": POLICY.hash, "now": NOW} | other
    return forming.founded("grp_1", "ccb", "ccb-joint", "Lamps of Ningbo", "mem_1", **given).state


def with_invited(group: Group, *numbers: int, now: datetime = NOW) -> Group:
    for number in numbers:
        group = forming.invite(group, CONTEXT, f"inv_{number}", f"mem_{number}", now).state
    return group


def formed(members: int = 4, now: datetime = NOW) -> Group:
    """A founder, and others who have accepted."""
    group = with_invited(founded(now=now), *range(2, members + 1), now=now)
    for seat in group.seats[1:]:
        group = forming.accept(group, seat, now).state
    return group


def vetting_group(members: int = 4, now: datetime = NOW) -> Group:
    return drafted(forming.freeze(formed(members, now), CONTEXT, now).state)


def drafted(group: Group, sha256: str = H1) -> Group:
    """With a sheet that can be signed."""
    return replace(group, draft_version=group.draft_version + 1, draft_sha256=sha256)


def signed(group: Group, *numbers: int) -> Group:
    for number in numbers:
        signature = SheetSignature(
            seat=number, by="per_1", sha256=group.draft_sha256, at=NOW, worst_minor=0, sales_minor=0
        )
        group = replace(group, seats=group.seats_with(replace(seat(group, number), signature=signature)))
    return group


def attested(group: Group, *numbers: int, now: datetime = NOW) -> Group:
    """Those seats have attested everybody."""
    for number in numbers:
        for of in group.unattested.get(number, ()):
            group = vetting.attest(group, CONTEXT, seat(group, number), of, ["books"], now).state
    return group


def sealed(members: int = 4, now: datetime = NOW) -> Group:
    numbers = range(1, members + 1)
    return attested(signed(vetting_group(members, now), *numbers), *numbers, now=now)


def active(members: int = 4) -> Group:
    return living.activate(sealed(members), NOW).state


def suspended() -> Group:
    return living.suspend(active(), "officer", "Two are late.", NOW).state


def called(members: int = 4) -> Group:
    change = living.call(active(members), "gcl_1", NOW)
    assert change is not None
    return change.state


def voted(group: Group, proposal_id: str = "prp_1") -> Group:
    """Winding down by more than half."""
    group = proposing.wind_down(group, CONTEXT, group.seats[0], proposal_id, NOW).state
    for each in group.bound[1 : len(group.bound) // 2 + 1]:
        group = proposing.consent(group, CONTEXT, each, proposal_id, (), NOW).state
    return group


def winding_down() -> Group:
    return voted(active())


def dissolved() -> Group:
    return later(winding_down(), NOW + 400 * DAY)


def lapsed() -> Group:
    return later(founded(), NOW + 31 * DAY)


IN: Final[dict[Status, Any]] = {
    "forming": formed,
    "vetting": vetting_group,
    "sealed": sealed,
    "active": active,
    "suspended": suspended,
    "called": called,
    "winding_down": winding_down,
    "dissolved": dissolved,
    "lapsed": lapsed,
}


def seat(group: Group, number: int) -> Seat:
    known = group.seat(number)
    assert known is not None
    return known


def later(group: Group, now: datetime, context: Context = CONTEXT) -> Group:
    """The group after everything that fell due."""
    for change in MACHINE.overdue(group, context, now):
        group = change.state
    return group


def statuses(group: Group) -> list[str]:
    return [each.status for each in group.seats]
