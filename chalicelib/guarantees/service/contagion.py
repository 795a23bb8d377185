"""How failures would spread in groups: worked out every night for each bank, and looked at by risk officers and banks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

from msgspec.structs import replace

from chalicelib.exports.service import reading as exports_reading
from chalicelib.firms.service import marks
from chalicelib.groups.rules.group import Group
from chalicelib.groups.service import reading as groups_reading
from chalicelib.groups.service import sales, standing
from chalicelib.guarantees.records import contagion as records
from chalicelib.guarantees.rules import contagion as rules
from chalicelib.guarantees.rules.contagion import GroupStress, Night, Policy, RelatedGroup, Standing
from chalicelib.guarantees.views.contagion import ContagionQuery, GroupStressView, view
from chalicelib.loans.service import portfolios
from chalicelib.shared import pages, policies
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date, months_before
from chalicelib.shared.request import RequestContext

TOGETHER: Final = 10
"""Groups whose firms are compared in one round trip."""


def policy(on: date) -> Policy:
    return policies.in_force("contagion", on).read_as(Policy)


def look_at(group_id: str, on: date, now: datetime) -> GroupStress | None:
    """One group as it stands. None of one that is not bound, or owes nothing."""
    group = groups_reading.load(group_id, now)
    stands = standing.of_group(group) if group and group.is_sealed else None
    if group is None or stands is None:
        return None
    in_force = policy(on)
    members = list(_members(group, stands, in_force, now))
    failures = rules.stress(members, stands.sheet.mode, stands.sheet.weight_basis, in_force)
    if not failures:
        return None
    since = months_before(on, in_force.buyer_months)
    exported = {seat.number: exports_reading.days(seat.member_id, since, on) for seat in group.bound}
    return GroupStress(
        group_id=group.id,
        owed_minor=sum(member.owed_minor for member in members),
        failures=failures,
        buyers=rules.shared_buyers(exported, in_force),
    )


def keep_worst(bank_id: str, on: date, looked_at: Iterable[GroupStress], portion: int) -> None:
    """Add groups to a bank's night, of which only the worst stay."""
    night = records.load(bank_id, on)
    records.keep(rules.with_groups(night, looked_at, policy(on)), portion)


def relate(on: date, now: datetime) -> None:
    """Say of the worst groups of all banks which have members that are related. Once or many times."""
    nights = [records.load(bank_id, on) for bank_id in portfolios.banks(now)]
    bank_of = {group.group_id: night.bank_id for night in nights for group in night.worst}
    related = rules.related_groups(dict(_marks(bank_of, now)))
    for night in nights:
        worst = tuple(
            replace(
                group,
                related=tuple(
                    RelatedGroup(bank_id=bank_of[other], group_id=other) for other in related.get(group.group_id, ())
                ),
            )
            for group in night.worst
        )
        if worst:
            records.keep(replace(night, worst=worst), LAST)


LAST: Final = 10**9
"""The portion of a night that is whole."""


def listed(query: ContagionQuery, request: RequestContext) -> Page[GroupStressView]:
    """The hundred worst of the last night up to a date: of a bank its own, of an officer of all banks or one."""
    caller = request.caller
    bank_id = caller.bank_id or query.bank_id
    if query.bank_id not in (None, bank_id):
        return Page(items=[])
    of = f"contagion:{bank_id}:{query.on}"
    until, after = pages.decode_cursor(query.cursor, caller, of) if query.cursor else (None, 0)
    on = date.fromisoformat(until) if until else query.on or business_date(request.now)
    banks = [bank_id] if bank_id else portfolios.banks(request.now)
    nights = [night for bank in banks if (night := records.latest(bank, on))]
    worst = islice(_ranked(nights), rules.MOST_GROUPS)
    shown = (
        ((on.isoformat(), place), view(night, group, caller.bank_id or None))
        for place, (night, group) in enumerate(worst, 1)
        if place > after
    )
    return pages.fill(shown, lambda item: item, query.limit, caller=caller, of=of)


def _ranked(nights: Iterable[Night]) -> Iterator[tuple[Night, GroupStress]]:
    groups = [(night, group) for night in nights for group in night.worst]
    groups.sort(key=lambda each: (each[1].severity(policy(each[0].on).ranked_by), each[1].group_id), reverse=True)
    return iter(groups)


def _members(group: Group, stands: standing.Standing, in_force: Policy, now: datetime) -> Iterator[Standing]:
    """Those who are bound and on the sheet in force, with what each owes, may owe, answers for and sold."""
    terms = {each.seat: each for each in stands.sheet.seats}
    for seat in group.bound:
        if its_terms := terms.get(seat.number):
            yield Standing(
                seat=seat.number,
                owed_minor=stands.position.seat(seat.number).outstanding_minor,
                limit_minor=its_terms.limit_minor,
                cap_minor=its_terms.cap_minor,
                sales_minor=sales.of_member(seat.member_id, in_force.sales_months, now).minor,
            )


def _marks(group_ids: Iterable[str], now: datetime) -> Iterator[tuple[str, frozenset[str]]]:
    """What ties a group's firms to others, as keyed hashes; nothing of it is kept."""
    names = iter(group_ids)
    while some := list(islice(names, TOGETHER)):
        groups = groups_reading.load_many(some, now).values()
        of_firms = marks.of_firms(seat.member_id for group in groups for seat in group.bound)
        for group in groups:
            its = (of_firms.get(seat.member_id, frozenset[str]()) for seat in group.bound)
            yield group.id, frozenset[str]().union(*its)
