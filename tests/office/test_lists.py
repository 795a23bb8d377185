"""Lists of officers' work: of orders, claims, appeals against penalties and imports."""

from __future__ import annotations

from typing import Final

from tests.dispute import Dispute
from tests.due import Planter
from tests.office.test_work import machine
from tests.trade import Trade
from tests.world import Api, token

ADMIN: Final = token("officer", "officer-1", "admin")


def test_officers_list_the_orders_of_a_member_and_all_that_wait(api: Api, trade: Trade) -> None:
    order = trade.propose()["id"]
    for path in (
        "/v1/orders",
        f"/v1/orders?member_id={trade.buyer_id}",
        f"/v1/orders?as=supplier&member_id={trade.supplier_id}",
    ):
        assert [each["id"] for each in api.get(path, ADMIN)["items"]] == [order]
    assert api.get(f"/v1/orders?as=supplier&member_id={trade.buyer_id}", ADMIN)["items"] == []
    assert api.get(f"/v1/orders?member_id={trade.supplier_id}", trade.buyer)["items"] == [], "another's are not there"


def test_officers_list_claims_of_a_status_closed_ones_too_of_a_member_and_of_a_reviewer(dispute: Dispute) -> None:
    api, trade = dispute.trade.api, dispute.trade
    claim = dispute.claim(dispute.late())
    assert api.post(f"/v1/claims/{claim}/withdraw", {}, trade.buyer).status == 200
    assert [each["id"] for each in api.get("/v1/claims?status=withdrawn", ADMIN)["items"]] == [claim]
    assert api.get("/v1/claims", ADMIN)["items"] == [], "nothing is open"
    assert [each["id"] for each in api.get(f"/v1/claims?member_id={trade.buyer_id}", ADMIN)["items"]] == [claim]
    assert api.get("/v1/claims?status=withdrawn&reviewer=officer-9", ADMIN)["items"] == []


def test_appeals_against_penalties_are_listed_while_open_and_of_a_supplier_for_ever(api: Api, planter: Planter) -> None:
    suppliers = [planter(machine("appeals")), planter(machine("appeals"))]
    items = api.get("/v1/penalty-appeals", ADMIN)["items"]
    assert [each["supplier_id"] for each in items] == sorted(suppliers, key=lambda one: (items[0]["due_at"], one))
    first = items[0]
    path = f"/v1/suppliers/{first['supplier_id']}/penalties/{first['id']}/uphold"
    assert "uphold" in first["allowed_actions"]
    assert api.post(path, {"reason": "It stands."}, ADMIN).status == 200
    assert [each["id"] for each in api.get("/v1/penalty-appeals", ADMIN)["items"]] == [items[1]["id"]]
    [decided] = api.get(f"/v1/penalty-appeals?supplier_id={first['supplier_id']}", ADMIN)["items"]
    assert decided["status"] == "upheld"


def test_imports_are_listed_by_kind_and_status(api: Api) -> None:
    opened = api.post("/v1/imports", {"kind": "trade_history"}, ADMIN)["id"]
    assert [each["id"] for each in api.get("/v1/imports?kind=trade_history", ADMIN)["items"]] == [opened]
    assert api.get("/v1/imports?kind=trade_history&status=done", ADMIN)["items"] == []
    assert api.get("/v1/imports?kind=trade_history&has_rejected_rows=true", ADMIN)["items"] == []
