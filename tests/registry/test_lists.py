"""What must hold of every list and every single read: a record that cannot be read breaks nothing but itself, and a page costs what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest

from chalicelib.orders.views.order import order_view
from chalicelib.registry import MACHINES
from chalicelib.shared import observe
from chalicelib.shared.machines import Machine
from chalicelib.shared.pages import MOST_LOOKED_AT
from chalicelib.shared.tables import engine
from tests.due import Planter, key, raw
from tests.size import at_size
from tests.stopping import counted
from tests.trade import Trade
from tests.world import Api, token

OFFICER = token("officer", "officer-1", "admin", "claims", "deposits", "risk")
CROWD = at_size(1_000, 120)
LIMIT = 5
Given = Callable[[str], Any]


class Listed(NamedTuple):
    """A machine's list, as one who may see it asks for it; and a single item of it."""

    machine: str
    path: str
    by: Callable[[Given], str]
    one: str = ""


def officer(_: Given) -> str:
    return OFFICER


def side(name: str) -> Callable[[Given], str]:
    return lambda given: str(getattr(given("trade"), name))


def owner_of_deposit(given: Given) -> str:
    return str(given("shop").seller)


def firm(given: Given) -> str:
    return str(given("borrower").token)


KOTRA: Final = token("agency", "kotra")
LISTS: Final = (
    Listed("orders", "/v1/orders?as=buyer", side("buyer"), "/v1/orders/{id}"),
    Listed("orders", "/v1/orders?as=supplier", side("supplier")),
    Listed("orders", "/v1/orders?as=buyer&status=proposed", side("buyer")),
    Listed("claims", "/v1/claims?as=buyer", side("buyer"), "/v1/claims/{id}"),
    Listed("claims", "/v1/claims?as=supplier&status=negotiating", side("supplier")),
    Listed("claims", "/v1/claims?status=negotiating", officer),
    Listed("appeals", "/v1/suppliers", officer, "/v1/suppliers/{id}"),
    Listed("appeals", "/v1/suppliers?status=applied", officer),
    Listed(
        "applications", "/v1/credit-applications", lambda given: given("credit").firm, "/v1/credit-applications/{id}"
    ),
    Listed("credit-lines", "/v1/credit-lines", officer, "/v1/credit-lines/{id}"),
    Listed("credit-lines", "/v1/credit-lines", side("supplier")),
    Listed("loans", "/v1/loans", officer, "/v1/loans/{id}"),
    Listed("loans", "/v1/loans?status=current", side("supplier")),
    Listed("recoveries", "/v1/recoveries", officer, "/v1/recoveries/{id}"),
    Listed("recoveries", "/v1/recoveries?status=demanded", officer),
    Listed("recoveries", "/v1/recoveries", side("supplier")),
    Listed("cases", "/v1/cases", officer, "/v1/cases/{id}"),
    Listed("cases", "/v1/cases?status=open", officer),
    Listed("cases", "/v1/cases", side("buyer")),
    Listed("firms", "/v1/firms", officer, "/v1/firms/{id}"),
    Listed("firms", "/v1/firms?status=registered", officer),
    Listed("groups", "/v1/guarantee-groups", officer, "/v1/guarantee-groups/{id}"),
    Listed("groups", "/v1/guarantee-groups?status=forming", officer),
    Listed("receivables", "/v1/receivables", side("supplier"), "/v1/receivables/{id}"),
    Listed("receivables", "/v1/receivables?as=buyer&status=presented", side("buyer")),
    Listed("listings", "/v1/listings", side("supplier"), "/v1/listings/{id}"),
    Listed("listings", "/v1/listings?status=draft", officer),
    Listed("guarantee-calls", "/v1/guarantee-calls", officer, "/v1/guarantee-calls/{id}"),
    Listed("guarantee-calls", "/v1/guarantee-calls?status=opened", side("buyer")),
    Listed("member-claims", "/v1/member-claims", side("buyer"), "/v1/member-claims/{id}"),
    Listed("member-claims", "/v1/member-claims?as=debtor&status=payable", side("supplier")),
    Listed("risk-pools", "/v1/risk-pools", officer, "/v1/risk-pools/{id}"),
    Listed("risk-pools", "/v1/risk-pools?bank_id=boc&status=open", officer),
    Listed("settlements", "/v1/settlements", officer, "/v1/settlements/{id}"),
    Listed("settlements", "/v1/settlements?status=due", officer),
    Listed("settlements", "/v1/settlements", side("supplier")),
    Listed("channels", "/v1/channels", officer, "/v1/channels/{id}"),
    Listed("channels", "/v1/channels?status=planned", officer),
    Listed("nominations", "/v1/nominations", officer, "/v1/nominations/{id}"),
    Listed("nominations", "/v1/nominations?status=draft", lambda given: KOTRA),
    Listed("channel-memberships", "/v1/channel-memberships", side("supplier"), "/v1/channel-memberships/{id}"),
    Listed("channel-memberships", "/v1/channel-memberships?status=active", lambda given: KOTRA),
    Listed("sanctions", "/v1/sanctions", officer, "/v1/sanctions/{id}"),
    Listed("sanctions", "/v1/sanctions?status=noticed", officer),
    Listed("peer-reports", "/v1/peer-reports", officer, "/v1/peer-reports/{id}"),
    Listed("peer-reports", "/v1/peer-reports?as=subject&status=asked", side("supplier")),
    Listed("trainings", "/v1/trainings", officer, "/v1/trainings/{id}"),
    Listed("trainings", "/v1/trainings?status=announced", side("buyer")),
    Listed("alerts", "/v1/alerts", officer, "/v1/alerts/{id}"),
    Listed("alerts", "/v1/alerts?status=open", officer),
    Listed("alerts", "/v1/alerts", side("supplier")),
    Listed("consents", "/v1/consents", firm, "/v1/consents/{id}"),
    Listed("consents", "/v1/consents?status=live", firm),
    Listed("pre-offers", "/v1/pre-offers", firm, "/v1/pre-offers/{id}"),
    Listed("scores", "/v1/scores", officer, "/v1/scores/{id}"),
    Listed("scores", "/v1/scores?status=to_review", side("supplier")),
    Listed("bank-instructions", "/v1/bank-instructions?status=unknown", officer, "/v1/bank-instructions/{id}"),
    Listed("bank-events", "/v1/bank-events?status=suspense", officer, "/v1/bank-events/{id}"),
    Listed("runs", "/v1/runs?job=trade_history", officer, "/v1/runs/{id}"),
)
SINGLE: Final = (
    *(told for told in LISTS if told.one),
    Listed("deposits", "", owner_of_deposit, "/v1/deposits/{id}"),
    Listed("acquirer-payments", "", officer, "/v1/payments/{id}"),
    Listed("quotes", "", officer, "/v1/quotes/{id}"),
    Listed("incentives", "", officer, "/v1/incentives/{id}"),
)
NAMES: Final = [f"{told.machine} {told.path.partition('?')[2]}" for told in LISTS]


def machine_of(listed: Listed) -> Machine:
    return next(machine for machine in MACHINES if machine.name == listed.machine)


def copies(
    machine: Machine, name: str, count: int, *, readable: bool = False, columns: dict[str, str] | None = None
) -> list[str]:
    """So many items beside a real one, in the same indexes."""
    client: Any = engine().client
    item, prefix = raw(machine, name), name[:-6]
    named = [f"{prefix}{number:06d}"[-len(name) :] for number in range(count)]
    for each in named:
        body = {} if readable else {"body": {"B": b"\xffrubbish"}}
        changed = {column: {"S": value} for column, value in (columns or {}).items()}
        client.put_item(TableName=machine.row.Meta.table_name, Item=item | key(machine, each) | body | changed)
    return named


def ids_in(api: Api, listed: Listed, by: str) -> list[str]:
    """All pages of a list."""
    names: list[str] = []
    first, joined = listed.path, "&" if "?" in listed.path else "?"
    path = first
    while True:
        page = api.get(path, by)
        assert page.status == 200, page.body
        names += [item["id"] for item in page["items"]]
        if not page["next_cursor"]:
            return names
        path = f"{first}{joined}cursor={page['next_cursor']}"


@pytest.mark.parametrize("told", LISTS, ids=NAMES)
def test_a_record_that_cannot_be_read_is_left_out_and_counted(
    told: Listed, planter: Planter, api: Api, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = machine_of(told)
    name = planter(machine)
    by = told.by(request.getfixturevalue)
    before = ids_in(api, told, by)
    assert name in before
    signals = Counter[str]()
    monkeypatch.setattr(observe, "count", lambda signal, value=1: signals.update({signal: value}))
    bad = copies(machine, name, 3)
    assert ids_in(api, told, by) == before
    assert signals["RecordUnreadable"] + signals["LeftOutOfList"] >= len(bad)


@pytest.mark.parametrize("told", SINGLE, ids=[told.machine for told in SINGLE])
def test_a_single_read_of_such_a_record_is_refused_by_name(
    told: Listed, planter: Planter, api: Api, request: pytest.FixtureRequest
) -> None:
    machine = machine_of(told)
    name = planter(machine)
    by = told.by(request.getfixturevalue)
    path = told.one.format(id=name)
    assert api.get(path, by).status == 200
    client: Any = engine().client
    client.put_item(TableName=machine.row.Meta.table_name, Item=raw(machine, name) | {"body": {"B": b"\xffrubbish"}})
    refused = api.get(path, by)
    assert (refused.status, refused["code"]) == (503, "record_unreadable")


@pytest.mark.parametrize(
    ("told", "other"),
    [
        (Listed("appeals", "/v1/suppliers?status=applied", officer), {"status": "active"}),
        (Listed("recoveries", "/v1/recoveries?status=demanded", officer), {"status": "settled"}),
        (Listed("cases", "/v1/cases?status=open", officer), {"status": "closed"}),
        (Listed("bank-events", "/v1/bank-events?status=suspense", officer), {"shown_as": "refused"}),
        (Listed("bank-instructions", "/v1/bank-instructions?status=unknown", officer), {"shown_as": "manual"}),
        (Listed("runs", "/v1/runs?job=trade_history", officer), {"job": "books-close"}),
    ],
    ids=lambda told: told.machine if isinstance(told, Listed) else "",
)
def test_a_list_of_one_status_reads_nothing_of_the_others(
    told: Listed, other: dict[str, str], planter: Planter, api: Api
) -> None:
    machine = machine_of(told)
    name = planter(machine)

    def page() -> list[str]:
        with counted() as calls:
            assert name in [item["id"] for item in api.get(f"{told.path}&limit={LIMIT}", OFFICER)["items"]]
        return calls

    alone = page()
    copies(machine, name, CROWD, columns=other)
    assert page() == alone


@pytest.mark.parametrize(
    "told",
    [
        Listed("orders", "/v1/orders?as=buyer&status=completed", side("buyer")),
        Listed("claims", "/v1/claims?as=buyer&status=withdrawn", side("buyer")),
        Listed("recoveries", "/v1/recoveries?status=written_off", side("supplier")),
        Listed("cases", "/v1/cases?status=closed", side("buyer")),
        Listed("receivables", "/v1/receivables?status=lapsed", side("supplier")),
        Listed("member-claims", "/v1/member-claims?status=waived", side("buyer")),
        Listed("consents", "/v1/consents?status=expired", firm),
        Listed("pre-offers", "/v1/pre-offers?status=declined", firm),
    ],
    ids=lambda told: told.machine,
)
def test_a_page_through_a_filter_looks_at_so_many_and_gives_a_cursor(
    told: Listed, planter: Planter, api: Api, request: pytest.FixtureRequest
) -> None:
    machine = machine_of(told)
    name = planter(machine)
    by = told.by(request.getfixturevalue)
    copies(machine, name, CROWD, readable=True)
    with counted() as calls:
        page = api.get(f"{told.path}&limit={LIMIT}", by)
    assert (page["items"], page["next_cursor"] is not None) == ([], True)
    assert len(calls) <= 3 * MOST_LOOKED_AT + 5


def test_what_cannot_be_shown_is_left_out_too(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, bad = trade.propose()["id"], trade.propose()["id"]

    def fails(order: Any, *rest: Any) -> Any:
        if order.id == bad:
            raise ZeroDivisionError
        return order_view(order, *rest)

    monkeypatch.setattr("chalicelib.orders.aggregate.order_view", fails)
    page = trade.api.get("/v1/orders?as=buyer", trade.buyer)
    assert [item["id"] for item in page["items"]] == [sound]


def test_suppliers_of_all_statuses_and_members_are_walked_past_what_cannot_be_read(trade: Trade) -> None:
    for path, table, own in (("/v1/members", "members", "member_id"), ("/v1/suppliers", "suppliers", "member_id")):
        before = {item["id"] for item in trade.api.get(path, OFFICER)["items"]}
        client: Any = engine().client
        bad = {own: {"S": "mem_00000000000000000000000000"}, "version": {"N": "1"}, "body": {"B": b"\xff"}}
        client.put_item(TableName=f"surety-test-{table}", Item=bad)
        after = trade.api.get(f"{path}?limit=1", OFFICER)
        seen = {item["id"] for item in after["items"]}
        while after["next_cursor"]:
            after = trade.api.get(f"{path}?limit=1&cursor={after['next_cursor']}", OFFICER)
            seen |= {item["id"] for item in after["items"]}
        assert seen == before
