"""Makes the sample where it is missing: what happens on its first day, then days go by, then what came of them."""

from __future__ import annotations

from chalicelib.members.rules import id_of
from infra.local.client import Speaks
from infra.local.sample import channel, credit, deposits, groups, house, money, orders, suppliers, watch
from infra.local.sample.world import World


class Sample:
    """The sample's members by reference, the order, and an officer to look at them with.

    Whatever became of an earlier start, what is missing is made: the last thing, a complaint about the order, stands for all of it.
    """

    def __init__(self, client: Speaks) -> None:
        self.world = World(client)
        self.officer, self.ids, self.order_id = self.world.officer, self.world.ids, ""

    def make_small(self) -> None:
        """Only who sells and who buys, and the order that a newcomer begins with."""
        suppliers.register(self.world)
        self.order_id = suppliers.propose(self.world)

    def begin(self) -> None:
        """What is there before anybody looks: the same, and a supplier with orders in every state."""
        if not self._is_whole():
            self._agree()

    def make(self) -> None:
        if self._is_whole():
            return
        claims, world = orders.claim(self.world, self._agree()), self.world
        money.arrive(world)
        deposits.open_shops(world)
        channel.sell(world)
        banks = credit.open_banks(world)
        firms = credit.register(world, banks)
        watch.tell(world, firms[0])
        credit.lend(firms)
        watch.change_account(firms[0])
        group = groups.stand_together(world, banks["ccb"])
        world.banks.clear()
        house.begin(world)
        world.go_on(f"/v1/guarantee-groups/{group.id}")
        money.close_account(world)
        orders.dispute(world, claims)
        money.come_early(world)
        deposits.settle(world)
        credit.repay(banks, firms)
        watch.fall_silent(world, firms[0])
        groups.call(group)
        house.end(world, banks["ccb"], firms)
        house.complain(world, self.order_id)

    def _agree(self) -> dict[str, str]:
        self.make_small()
        orders.prepare(self.world)
        money.pay_short(self.world)
        return orders.agree(self.world)

    def _is_whole(self) -> bool:
        buyer = self.world.known(suppliers.BUYER)
        if not buyer:
            return False
        by = self.world.token("member", buyer["id"])
        orders_, cases = (
            self.world.get(path, by)["items"] for path in ("/v1/orders?as=buyer&limit=100", "/v1/cases?limit=1")
        )
        proposed = [each["id"] for each in orders_ if each["supplier_id"] == id_of(suppliers.LANTERNS)]
        if not (proposed and cases):
            return False
        self.ids[suppliers.BUYER], self.order_id = buyer["id"], proposed[0]
        return True
