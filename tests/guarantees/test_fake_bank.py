"""The fake bank calls on guarantors: its events have an effect here in every order, and its books are ours, seat by seat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
import pytest

from chalicelib.bank_events.inbound import INBOUND
from chalicelib.guarantees.bank_messages import OUTBOUND
from chalicelib.shared.journal import JournalRow
from infra.local.bank_kit import service
from infra.local.bank_kit.platform import ORDERS
from infra.local.fake_bank import guarantees, mischief
from infra.local.fake_bank.core import Core, Event
from infra.local.fake_bank.guarantees import Bank
from infra.local.fake_bank.server import rules_of
from tests.bank_events.conftest import Bank as Told
from tests.credit.lining import plant as plant_line
from tests.guarantees.calling import NOW
from tests.guarantees.standing import Standing, bank, stand
from tests.loans.lending import Lender, plant_draw
from tests.world import StandingClock

__all__ = ["bank"]
LENT = 60_000_00
LIMIT = 100_000_00


class Story:
    """A loan that the fake bank lends to A, with B and C in seats 2 and 3 standing for it; it is not paid when it falls due."""

    def __init__(self, standing: Standing) -> None:
        self.standing, self.core = standing, Bank("boc", rules_of())
        firm = standing.members["A"]
        self.lender = Lender(standing.bank, standing.time, firm, plant_line(firm, LENT, limit_of_firm=10**12))
        guarantee = standing.guarantee("A", {"B": LIMIT, "C": LIMIT})
        self.loan_id = plant_draw(self.lender.line_id, firm, LENT, months=1, guarantee=guarantee)
        body = {"loan_id": self.loan_id, "amount_minor": LENT, "months": 1, "method": "bullet"}
        self.tell(self.core.hear("draw.requested", body, self.now), "ordered")
        standing.time.advance(days=45)
        self.lender.sweep()

    @property
    def now(self) -> datetime:
        return self.standing.time.at

    def tell(self, events: list[Event], order: str) -> None:
        for name, event in mischief.order(events, service.WAYS[order], seed=7):
            self.standing.bank.tell(event.type, event.data, webhook_id=name)
            self.standing.bank.streams(tables=["bank-events"])
        self.standing.streams()
        assert self.standing.bank.listed("parked") == self.standing.bank.listed("refused") == []

    def hear(self, name: str) -> None:
        """Let the bank hear of what the journal has for it under that name, and take in what it does about that."""
        outbound = next(each for each in OUTBOUND if each.name == name)
        entries = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == outbound.kind]
        for entry in entries:
            self.tell(self.core.hear(name, dict(outbound.data(entry)), self.now), "ordered")

    def are_books_the_same(self) -> bool:
        (call,) = self.standing.listed()
        shown = service.hash_shown(self.lender.see(self.loan_id).body, self.standing.see(call["id"]).body)
        return shown == service.hash_expected(self.core, self.loan_id, self.core.day(self.now))


@pytest.fixture
def story(bank: Told, time: StandingClock) -> Story:
    return Story(stand(bank, time, "ABC"))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("life", "loan", "call"),
    [
        (service.guaranteed_life, "settled_by_guarantors", "paid"),
        (service.withdrawn_life, "defaulted", "withdrawn"),
    ],
)
def test_a_call_comes_to_the_same_in_every_order(
    story: Story, order: str, life: Callable[[Core, str, datetime], list[Event]], loan: str, call: str
) -> None:
    story.tell(life(story.core, story.loan_id, story.now), order)
    assert story.lender.see(story.loan_id)["status"] == loan
    (listed,) = story.standing.listed()
    assert listed["status"] == call
    assert story.are_books_the_same()


@pytest.mark.parametrize(
    ("rules", "status", "paid"),
    [
        ({"*": "pays"}, "paid", {"2", "3"}),
        ({"*": "pays", "3": "unnamed"}, "paid", {"2", "3"}),
        ({"*": "half"}, "partly_paid", {"2", "3"}),
        ({"*": "never", "2": "pays"}, "partly_paid", {"2"}),
    ],
)
def test_the_banks_guarantors_do_as_its_rules_say_when_they_are_noticed(
    story: Story, rules: dict[str, str], status: str, paid: set[str]
) -> None:
    story.core.rules["guarantees"]["guarantors"] = rules
    story.tell(list(guarantees.declare_default(story.core, story.loan_id, story.now)), "ordered")
    story.tell(list(guarantees.call(story.core, story.loan_id, story.now)), "ordered")
    (listed,) = story.standing.listed()
    story.standing.notice(listed["id"])
    story.hear("call.noticed")
    seen = story.standing.see(listed["id"])
    assert seen["status"] == status
    assert story.core.loans[story.loan_id].book(story.core.day(story.now))["guarantors"].keys() == paid
    assert story.are_books_the_same()


def test_what_guarantors_paid_too_much_goes_back_when_the_bank_is_told(story: Story) -> None:
    story.tell(list(guarantees.declare_default(story.core, story.loan_id, story.now)), "ordered")
    story.tell(list(guarantees.call(story.core, story.loan_id, story.now)), "ordered")
    (listed,) = story.standing.listed()
    story.standing.notice(listed["id"])
    loan, today = story.core.loans[story.loan_id], story.core.day(story.now)
    owed = loan.owed(today)
    story.tell(list(guarantees.pay(story.core, story.loan_id, 3, owed // 2, today, story.now)), "ordered")
    story.tell(list(guarantees.pay(story.core, story.loan_id, 2, owed, today, story.now)), "ordered")
    assert story.standing.share(listed["id"], "B")["refund"]["amount"] != "0.00"
    story.hear("call.refund_due")
    assert story.standing.share(listed["id"], "B")["refund"]["amount"] == "0.00"
    assert story.are_books_the_same()


def test_the_bank_pays_from_a_pool_and_answers_changes_of_a_group_by_its_rules() -> None:
    core = Bank("boc", rules_of())
    body = {"pool_id": "pol_1", "call_id": "gcl_1", "loan_id": "lon_1", "currency": "CNY", "amount_minor": 5_000_00}
    (drawn,) = core.hear("pool.draw_requested", body, NOW)
    assert (drawn.type, drawn.data["amount"], drawn.data["pool_id"]) == ("pool.draw_confirmed", 5_000_00, "pol_1")
    core.rules["guarantees"]["pool_pays"] = 0
    assert core.hear("pool.draw_requested", body, NOW) == []
    change = {"group_id": "grp_1", "proposal_id": "prp_1"}
    (approved,) = core.hear("group.change_requested", change, NOW)
    core.rules["guarantees"]["refuses"] = "One member less bears too much."
    (refused,) = core.hear("group.change_requested", change, NOW)
    assert (approved.type, refused.type) == ("group.change_approved", "group.change_refused")
    for event in (drawn, approved, refused):
        msgspec.json.decode(msgspec.json.encode(event.data), type=INBOUND[event.type].type.form)
