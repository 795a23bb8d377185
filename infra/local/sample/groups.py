"""Firms that stand for each other, as the demo has them: three seal a rule sheet, one draws and defaults, and its bank calls on the others."""

from __future__ import annotations

from infra.local.demo import guarantee
from infra.local.demo.guarantee import Group
from infra.local.demo.stage import quietly
from infra.local.sample.bank import SampleBank
from infra.local.sample.world import World


def stand_together(world: World, bank: SampleBank) -> Group:
    """Until one of them has drawn."""
    group = Group(world, world.officer, bank)
    with quietly():
        guarantee.meet(group)
        guarantee.agree(group)
        guarantee.expose(group)
        guarantee.borrow(group)
        guarantee.lend(group, group.members[0], guarantee.LIMIT)
    return group


def call(group: Group) -> None:
    """Its instalment is not paid, and the bank does not expect it to be."""
    with quietly():
        guarantee.default(group, group.members[0].loans[0])
