"""An acquirer, as far as a service of ours can tell: payments of orders in a channel, told of in any order, and the figures that must come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from infra.local.bank_kit.service import WAYS, shown_in_the_end
from infra.local.client import Client, until
from infra.local.demo import channel
from infra.local.demo.channel import Korea
from infra.local.fake_acquirer.core import Acquirer
from infra.local.fake_acquirer.server import FakeAcquirer
from infra.local.fake_bank.core import Event
from infra.local.fake_bank.counter import hash_of
from infra.local.trades import trade

PRICE: Final = "129000"
TRADES: Final = 16
Json = dict[str, Any]


def life(core: Acquirer, payment_id: str, now: datetime) -> list[Event]:
    """What comes of a payment of CNY 661.19: it is taken in two parts, and disputed twice; one dispute is won, one is lost."""
    first, second = (f"CB-{payment_id}-{number}" for number in (1, 2))
    return [
        *core.authorise(payment_id, now),
        *core.capture(payment_id, now, "600.00"),
        *core.capture(payment_id, now, "61.19"),
        *core.dispute(payment_id, first, "100.00", now),
        *core.dispute(payment_id, second, "50.00", now),
        *core.decide(payment_id, first, "won", now),
        *core.decide(payment_id, second, "lost", now),
    ]


def book_shown(payment: Json) -> Json:
    """What the service shows of a payment, as an acquirer keeps it."""
    return {
        "state": payment["status"],
        "captured": int(payment["captured"]["amount"].replace(".", "")),
        "disputes": {
            each["ref"]: "opened" if each["status"] == "open" else each["status"] for each in payment["disputes"]
        },
    }


class Booth:
    """An exporter of the kit's in Korea's channel, its goods, and a buyer who pays by wallet."""

    def __init__(self, client: Client, run: str) -> None:
        self.korea = Korea(client, client.token("officer", f"kit-{run}", "admin"))
        self.korea.channel_id = self._channel()
        self._join(run)
        self.listing = channel.hand_in_listing(self.korea, 0, "셔츠", "衬衫", "Shirt", "clothing", PRICE)
        self.korea.post(f"/v1/listings/{self.listing}/publish")
        self.korea.enter_buyer(f"kit-buyer-{run}")

    def _channel(self) -> str:
        """The one that is open, or else a new one."""
        for each in self.korea.get("/v1/channels")["items"]:
            if (each["country"], each["status"]) == ("KR", "open"):
                return str(each["id"])
        planned: str = self.korea.post("/v1/channels", {"country": "KR"})["id"]
        self.korea.post(f"/v1/channels/{planned}/open")
        return planned

    def _join(self, run: str) -> None:
        korea, ref, firm = self.korea, f"kit-{run}", ("시험상사", "Kit Trading", f"KIT-{run}".upper(), "clothing")
        member = {"external_ref": ref, "name": firm[1], "country": "KR", "zone": "Asia/Seoul"}
        korea.firms.append(korea.post("/v1/members", member)["id"])
        nomination = channel.nominate_firm(korea, *firm)
        korea.post(f"{nomination}/check", {"member_id": korea.firms[0]})
        korea.post(f"{nomination}/accept", None, korea.exporter(0))
        began = korea.client.now()
        shirts = {"supplier_country": "KR", "category": "clothing"}
        sold = [trade(ref, number, began) | shirts | {"amount": f"{300 + 5 * number}.00"} for number in range(TRADES)]
        korea.post("/v1/trades", {"items": sold})
        channel.file_licence(korea, 0, firm)
        korea.post(f"/v1/suppliers/{korea.firms[0]}/enrolment", {}, korea.exporter(0))

    def begin(self) -> str:
        """The id of a payment that its acquirer hears of."""
        quote = channel.quote_of(self.korea, PRICE)
        return channel.begin_payment(self.korea, channel.order(self.korea, quote, self.listing))

    def payment(self, payment_id: str) -> Json:
        shown: Json = self.korea.get(f"/v1/payments/{payment_id}", self.korea.buyer)
        return shown


def tell_life(booth: Booth, acquirer: FakeAcquirer, order: str) -> tuple[str, str]:
    """One payment, told of in that order: the hash of the acquirer's book of it, and of what the service shows in the end."""
    acquirer.misbehave(["silent"])
    payment_id, payments = booth.begin(), acquirer.core.payments
    until(lambda: payment_id in payments, "The acquirer did not hear of the payment")
    acquirer.do(lambda _, now: life(acquirer.core, payment_id, now))
    expected = hash_of(acquirer.core.payments[payment_id].book())
    acquirer.misbehave(WAYS[order], seed=7)
    return expected, shown_in_the_end(lambda: hash_of(book_shown(booth.payment(payment_id))), expected)
