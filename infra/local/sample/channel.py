"""A country channel as the demo has it, and what waits in it for an officer: a nomination to check, a listing to look at."""

from __future__ import annotations

from infra.local.demo import channel
from infra.local.demo.channel import Korea
from infra.local.demo.stage import quietly
from infra.local.sample.world import World


def sell(world: World) -> None:
    """Exporters are nominated, join and sell; an order is paid by wallet and delivered."""
    korea = Korea(world, world.officer)
    with quietly():
        channel.plan(korea)
        channel.nominate(korea)
        channel.join(korea)
        shirt = channel.list_goods(korea)
        channel.hand_in_listing(korea, 1, "은반지", "银戒指", "Silver ring", "jewellery", "54000")
        order_id, _ = channel.buy(korea, shirt)
        channel.deliver(korea, order_id)
    channel.nominate_firm(korea, "새벽도자기", "Saebyeok Ceramics", "120-81-00004", "cosmetics")
