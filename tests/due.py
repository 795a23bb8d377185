"""For tests that hold for every state machine: real items that wait for a moment, one maker for each machine of the registry."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import pytest

from chalicelib.cases.examples import OPEN
from chalicelib.channels.examples import PLAN, TERMS
from chalicelib.credit.service import pre_offers
from chalicelib.deposits.examples import RISK
from chalicelib.firms.examples import FIRM
from chalicelib.receivables.examples import PRESENT
from chalicelib.registry import MACHINES
from chalicelib.shared import ids
from chalicelib.shared.machines import Machine
from chalicelib.shared.tables import engine
from chalicelib.trainings.examples import ANNOUNCE
from tests.acquiring.planting import plant_payment, plant_settlement
from tests.bank_events.conftest import Bank, bank
from tests.banks.conftest import Outbox, outbox
from tests.channels.country import opened
from tests.channels.planting import plant as plant_channel_member
from tests.conduct.earning import plant as plant_incentive
from tests.conduct.reporting import plant as plant_report
from tests.conduct.sanctioning import plant as plant_sanction
from tests.credit.applying import Credit
from tests.credit.borrowing import Borrower, register
from tests.credit.lining import plant as plant_line
from tests.credit.scoring import plant as plant_score
from tests.credit.seeking import AS_OF, grown, seeking
from tests.deposits.account.shop import OFFICER as DEPOSITS
from tests.deposits.account.shop import Shop, shop
from tests.dispute import Dispute
from tests.groups.joining import Circle
from tests.guarantees.planting import plant_call
from tests.guarantees.pooling import plant_draw
from tests.guarantees.rescuing import between, plant_claim
from tests.listings.selling import Booth
from tests.loans.lending import plant_loan
from tests.machine import Snapshot
from tests.machine import machine as embedded
from tests.monitoring.alerting import plant as plant_alert
from tests.quotes.quoting import plant as plant_quote
from tests.reconciliation.differing import plant_item
from tests.recoveries.owing import Debt, debt
from tests.trade import Trade, enrol
from tests.webhooks.conftest import Desk, desk, receiver
from tests.world import Api, token

__all__ = [
    "EVERY_MACHINE",
    "EVERY_MARKED_MACHINE",
    "Planter",
    "bank",
    "debt",
    "desk",
    "failures_of",
    "key",
    "outbox",
    "planter",
    "raw",
    "receiver",
    "shop",
]

EVERY_MACHINE: Final = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
EVERY_MARKED_MACHINE: Final = pytest.mark.parametrize(
    "machine", [machine for machine in MACHINES if machine.may_be_quarantined], ids=lambda machine: machine.name
)
_numbers: Iterator[int] = itertools.count(1)


class Stock(NamedTuple):
    """Items of a machine in a world that holds nothing else, and the time there."""

    names: list[str]
    at: datetime
    world: Snapshot


_stocks: Final[dict[tuple[str, int], Stock]] = {}


class Planter:
    """Makes items that wait for a moment, as users and banks make them. Everything a machine needs is a fixture of this module."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def __call__(self, machine: Machine) -> str:
        """The id of a new item of that machine, which waits for a moment."""
        name = PLANTS[machine.name](self._request)
        assert machine.due_at(name, self._given("time").at) is not None, f"{name} waits for nothing"
        return name

    def stock(self, machine: Machine, number: int) -> list[str]:
        """The ids of so many new items, and nothing else in the world. They are made once in a process and put back from then on."""
        self._given("aws")
        time = self._given("time")
        if (machine.name, number) not in _stocks:
            names = [self(machine) for _ in range(number)]
            _stocks[machine.name, number] = Stock(names, time.at, embedded().snapshot(lasting=True))
        kept = _stocks[machine.name, number]
        embedded().restore(kept.world)
        time.at = kept.at
        return list(kept.names)

    def due(self, machine: Machine) -> str:
        """The same of one item whose moment has come."""
        (name,), time = self.stock(machine, 1), self._given("time")
        time.at = machine.due_at(name, time.at) or time.at
        return name

    def _given(self, name: str) -> Any:
        return self._request.getfixturevalue(name)


@pytest.fixture
def planter(request: pytest.FixtureRequest) -> Planter:
    return Planter(request)


def raw(machine: Machine, name: str) -> dict[str, Any]:
    """An item as the engine has it."""
    client: Any = engine().client
    item: dict[str, Any] = client.get_item(TableName=machine.row.Meta.table_name, Key=key(machine, name))["Item"]
    return item


def failures_of(machine: Machine, name: str) -> int:
    """How often an item was looked at in vain since something last happened to it."""
    return int(raw(machine, name).get("due_failures", {"N": "0"})["N"])


def key(machine: Machine, name: str) -> dict[str, Any]:
    own: dict[str, Any] = {machine.row._hash_keyname or "": {"S": name}}
    return own | ({machine.row._range_keyname or "": {"N": machine.range_key}} if machine.range_key else {})


def _order(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return str(trade.propose()["id"])


def _claim(given: pytest.FixtureRequest) -> str:
    dispute: Dispute = given.getfixturevalue("dispute")
    return dispute.claim(dispute.late())


def _appeal(given: pytest.FixtureRequest) -> str:
    api: Api = given.getfixturevalue("api")
    body = {"external_ref": f"appeals-{next(_numbers)}", "name": "Appeals", "country": "CN"}
    member_id = str(api.post("/v1/members", body, token("officer", "officer-1", "admin"))["id"])
    enrol(member_id, 10_000_000, given.getfixturevalue("time"))
    about = f"/v1/suppliers/{member_id}/penalties"
    given_to = api.post(about, {"reason": "failed_delivery", "note": "late"}, token("officer", "officer-1", "risk"))
    penalty_id = given_to["points"]["penalties"][0]["id"]
    reply = api.post(f"{about}/{penalty_id}/appeal", {"text": "It was not."}, token("member", member_id))
    assert reply.status == 200, reply.body
    return member_id


def _recovery(given: pytest.FixtureRequest) -> str:
    owing: Debt = given.getfixturevalue("debt")
    return owing.advance(1_000, claim=f"{next(_numbers)}")


def _deposit(given: pytest.FixtureRequest) -> str:
    seller: Shop = given.getfixturevalue("shop")
    seller.open()
    reply = seller.act("risks", RISK, DEPOSITS)
    assert reply.status == 200, reply.body
    return seller.seller_id


def _case(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    reply = trade.api.post("/v1/cases", OPEN | {"about": {"kind": "member", "id": trade.buyer_id}}, trade.buyer)
    assert reply.status == 201, reply.body
    return str(reply["id"])


def _firm(given: pytest.FixtureRequest) -> str:
    api: Api = given.getfixturevalue("api")
    member = {"external_ref": f"firms-{next(_numbers)}", "name": "Firm", "country": "CN"}
    member_id = str(api.post("/v1/members", member, token("officer", "officer-1", "admin"))["id"])
    reply = api.post("/v1/firms", FIRM, token("member", member_id))
    assert reply.status == 201, reply.body
    return member_id


def _channel(given: pytest.FixtureRequest) -> str:
    """One that closes by its date."""
    api: Api = given.getfixturevalue("api")
    by = token("officer", "officer-1", "admin")
    reply = api.post("/v1/channels", PLAN | {"terms": TERMS | {"closes_on": "2026-12-31"}}, by)
    assert reply.status == 201, reply.body
    return str(reply["id"])


def _nomination(given: pytest.FixtureRequest) -> str:
    country = opened(*(given.getfixturevalue(name) for name in ("api", "time", "streams", "pump")))
    return country.draft()


def _channel_membership(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_channel_member(trade.supplier_id)["membership_id"]


def _sanction(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_sanction(plant_loan(trade.supplier_id), trade.supplier_id)


def _report(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_report(trade.supplier_id, trade.buyer_id)


def _training(given: pytest.FixtureRequest) -> str:
    reply = given.getfixturevalue("api").post("/v1/trainings", ANNOUNCE, token("officer", "officer-1", "admin"))
    assert reply.status == 201, reply.body
    return str(reply["id"])


def _alert(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_alert(plant_loan(trade.supplier_id))


def _incentive(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_incentive(trade.supplier_id, f"lon_{next(_numbers)}")


def _group(given: pytest.FixtureRequest) -> str:
    return Circle(given.getfixturevalue("api"), given.getfixturevalue("time")).found()


def _listing(given: pytest.FixtureRequest) -> str:
    """A draft that waits for its supplier."""
    booth: Booth = given.getfixturevalue("booth")
    return str(booth.draft()["id"])


def _acquirer_payment(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_payment(trade.buyer_id, trade.supplier_id)


def _settlement(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_settlement(trade.buyer_id, trade.supplier_id)


def _quote(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_quote(trade.buyer_id)


def _receivable(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    body = PRESENT | {"buyer_id": trade.buyer_id, "number": f"INV-{next(_numbers)}"}
    reply = trade.api.post("/v1/receivables", body, trade.supplier)
    assert reply.status == 201, reply.body
    return str(reply["id"])


def _application(given: pytest.FixtureRequest) -> str:
    credit: Credit = given.getfixturevalue("credit")
    return credit.draft("boc")


def _review(given: pytest.FixtureRequest) -> str:
    credit: Credit = given.getfixturevalue("credit")
    return str(credit.review(credit.apply("boc"))["id"])


def _offer(given: pytest.FixtureRequest) -> str:
    credit: Credit = given.getfixturevalue("credit")
    return credit.offered(credit.apply("boc"))


def _agreement(given: pytest.FixtureRequest) -> str:
    credit: Credit = given.getfixturevalue("credit")
    return credit.agree(credit.apply("boc"))


def _credit_line(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_line(trade.supplier_id, 100, is_active=False)


def _consent(given: pytest.FixtureRequest) -> str:
    borrower: Borrower = given.getfixturevalue("borrower")
    return borrower.consent("boc")


def _pre_offer(given: pytest.FixtureRequest) -> str:
    borrower: Borrower = given.getfixturevalue("borrower")
    if borrower.get("/v1/pre-offers")["items"]:
        borrower = register(borrower.api, borrower.time, f"seeking-{next(_numbers)}")
    grown(borrower.member_id)
    pre_offers.look(seeking(borrower), AS_OF, borrower.time.at)
    return str(borrower.get("/v1/pre-offers")["items"][0]["id"])


def _score(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_score(trade.supplier_id, f"month {next(_numbers)}")


def _loan(given: pytest.FixtureRequest) -> str:
    trade: Trade = given.getfixturevalue("trade")
    return plant_loan(trade.supplier_id)


def _instruction(given: pytest.FixtureRequest) -> str:
    told: Outbox = given.getfixturevalue("outbox")
    told.bank({"does": "fall_silent", "then": "wait"})
    return told.refund()


def _bank_event(given: pytest.FixtureRequest) -> str:
    speaking: Bank = given.getfixturevalue("bank")
    number = next(_numbers)
    event_id = speaking.tell(
        "payment.received",
        {
            "bank_ref": f"R-{number}",
            "seq": 1,
            "order_id": ids.derived_id("ord", f"nobody's {number}"),
            "account": "TA-USD-01",
            "value_date": "2026-03-02",
            "money": {"amount": "10.00", "currency": "USD"},
            "remitter": "ACME GmbH",
        },
        webhook_id=f"due_{number}",
    )
    speaking.streams()
    return event_id


def _notice(given: pytest.FixtureRequest) -> str:
    listening: Desk = given.getfixturevalue("desk")
    by = listening.trade.buyer
    url = f"https://receiver.example/{next(_numbers)}"
    endpoint_id = listening.register(by, "order.*", url=url)["id"]
    listening.trade.propose()
    listening.streams()
    return str(listening.log(endpoint_id, by)[0]["id"])


def _run(given: pytest.FixtureRequest) -> str:
    api: Api = given.getfixturevalue("api")
    reply = api.post("/v1/imports", {"kind": "trade_history"}, token("officer", "officer-1", "admin"))
    assert reply.status == 201, reply.body
    return str(reply["id"])


def _call(given: pytest.FixtureRequest) -> str:
    """The supplier has defaulted, and the buyer stands for it."""
    trade: Trade = given.getfixturevalue("trade")
    return plant_call(trade.supplier_id, trade.buyer_id)


def _member_claim(given: pytest.FixtureRequest) -> str:
    """What the buyer is owed by the supplier."""
    trade: Trade = given.getfixturevalue("trade")
    return plant_claim(between(trade.supplier_id, trade.buyer_id, next(_numbers)))


PLANTS: Final[dict[str, Callable[[pytest.FixtureRequest], str]]] = {
    "orders": _order,
    "claims": _claim,
    "appeals": _appeal,
    "recoveries": _recovery,
    "deposits": _deposit,
    "consents": _consent,
    "pre-offers": _pre_offer,
    "scores": _score,
    "cases": _case,
    "channels": _channel,
    "nominations": _nomination,
    "channel-memberships": _channel_membership,
    "firms": _firm,
    "incentives": _incentive,
    "trainings": _training,
    "peer-reports": _report,
    "sanctions": _sanction,
    "alerts": _alert,
    "groups": _group,
    "listings": _listing,
    "acquirer-payments": _acquirer_payment,
    "settlements": _settlement,
    "quotes": _quote,
    "receivables": _receivable,
    "applications": _application,
    "reviews": _review,
    "offers": _offer,
    "agreements": _agreement,
    "credit-lines": _credit_line,
    "loans": _loan,
    "guarantee-calls": _call,
    "member-claims": _member_claim,
    "risk-pools": lambda given: plant_draw(),
    "reconciliation-items": lambda given: plant_item(),
    "bank-instructions": _instruction,
    "bank-events": _bank_event,
    "webhooks": _notice,
    "runs": _run,
}
