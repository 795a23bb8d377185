"""Every endpoint of a claim, called in every state by everybody: what is not drawn is a 409 that says what is, or a 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import pytest

from chalicelib.claims import examples
from chalicelib.claims.rules.claim import ENDS, Status
from chalicelib.claims.rules.transitions import TABLE, NotInThisState
from tests.claims.refunds import Refunds, usd
from tests.dispute import Dispute

ENDPOINTS: Final[dict[str, tuple[str, Any]]] = {
    "edit": ("edit", examples.EDIT),
    "offer": ("offers", examples.OFFER),
    "accept-offer": ("offers/off_0/accept", None),
    "decline-offer": ("offers/off_0/decline", None),
    "escalate": ("escalate", None),
    "withdraw": ("withdraw", None),
    "agree-to-shipment": ("agree-to-shipment", examples.SHIPMENT),
    "settle": ("settle", examples.SETTLEMENT),
    "add-evidence": ("evidence", examples.EVIDENCE),
    "complete-evidence": ("complete-evidence", None),
    "ship-return": ("ship-return", examples.RETURN),
    "acknowledge-return": ("acknowledge-return", examples.RETURNED),
    "confirm-remedy": ("confirm-remedy", None),
    "appeal": ("appeal", examples.APPEAL),
    "assign": ("assign", examples.ASSIGNMENT),
    "recuse": ("recuse", None),
    "open-evidence": ("open-evidence", None),
    "inspection": ("inspection", examples.INSPECTION),
    "inspection-report": ("inspection-report", examples.REPORT),
    "determine": ("determine", examples.RULING),
    "decide-appeal": ("decide-appeal", examples.RULING),
}
"""The path and a fitting body, by action."""

ACTIONS: Final = {name: actors for each in TABLE.transitions if (actors := TABLE.actors(name := each.name))}
"""Who may ever take it, by action."""


def test_every_action_has_an_endpoint() -> None:
    assert set(ENDPOINTS) == set(ACTIONS)


@pytest.mark.parametrize("status", get_args(Status))
def test_what_is_not_drawn_is_refused_with_what_is(refunds: Refunds, status: Status) -> None:
    dispute = refunds.dispute
    claim_id = CLAIMS[status](refunds)
    for who in ("buyer", "supplier", "officer-c"):
        before = dispute.see(claim_id, who)
        assert before["status"] == status
        assert bool(before["deadlines"]) == (status not in ENDS)
        for action, actors in ACTIONS.items():
            if action in before["allowed_actions"]:
                continue
            path, body = ENDPOINTS[action]
            refused = dispute.act(claim_id, path, who, body)
            if ("officer" if who == "officer-c" else who) not in actors:
                assert refused.status == 403, (action, who, refused.body)
                continue
            assert (refused.status, refused["code"]) == (409, NotInThisState.code), (action, who, refused.body)
            assert refused["allowed_actions"] == before["allowed_actions"]
            assert refused["version"] == before["version"]
        assert dispute.see(claim_id, who).body == before.body


def _filed(refunds: Refunds) -> str:
    return refunds.dispute.claim(refunds.dispute.received(), "wrong_item")


def _escalated(refunds: Refunds) -> str:
    claim_id = _filed(refunds)
    refunds.dispute.do(claim_id, "offers", "supplier", {"kind": "none"})
    refunds.dispute.do(claim_id, "escalate", "buyer")
    return claim_id


def _evidence(refunds: Refunds) -> str:
    claim_id = _escalated(refunds)
    refunds.dispute.do(claim_id, "open-evidence", "officer-a")
    return claim_id


def _inspection(refunds: Refunds) -> str:
    claim_id = _evidence(refunds)
    refunds.dispute.do(claim_id, "inspection", "officer-a", examples.INSPECTION)
    return claim_id


def _review(refunds: Refunds) -> str:
    claim_id = _evidence(refunds)
    refunds.dispute.submitted(claim_id, "buyer", "photos")
    for side in ("supplier", "buyer"):
        refunds.dispute.do(claim_id, "complete-evidence", side)
    return claim_id


def _determined(refunds: Refunds, **ruling: Any) -> str:
    claim_id = _review(refunds)
    decided = refunds.dispute.rule(claim_id, **ruling)
    assert decided.status == 200, decided.body
    return claim_id


def _appealed(refunds: Refunds) -> str:
    claim_id = _determined(refunds)
    refunds.dispute.submitted(claim_id, "supplier", "purchase_chain")
    refunds.dispute.do(claim_id, "appeal", "supplier", examples.APPEAL)
    return claim_id


def _agreed(refunds: Refunds) -> str:
    claim_id = _filed(refunds)
    refunds.agree(claim_id, "1000.00", "return_and_refund")
    return claim_id


def _payable(refunds: Refunds) -> str:
    return refunds.owed()[0]


def _paid(refunds: Refunds) -> str:
    claim_id, order_id = refunds.owed()
    refunds.settle(order_id)
    return claim_id


def _rejected(refunds: Refunds) -> str:
    nothing = {"outcome": "none", "approved": usd("0.00"), "supplier_fault_percent": 0, "reasoning": "As ordered."}
    claim_id = _determined(refunds, **nothing)
    return _after(refunds.dispute, claim_id, days=7)


def _withdrawn(refunds: Refunds) -> str:
    claim_id = _filed(refunds)
    refunds.dispute.do(claim_id, "withdraw", "buyer")
    return claim_id


def _after(dispute: Dispute, claim_id: str, **by: float) -> str:
    dispute.trade.time.advance(**by)
    return claim_id


CLAIMS: Final[dict[Status, Callable[[Refunds], str]]] = {
    "negotiating": _filed,
    "agreed": _agreed,
    "escalated": _escalated,
    "evidence": _evidence,
    "inspection": _inspection,
    "review": _review,
    "determined": _determined,
    "appealed": _appealed,
    "payable": _payable,
    "paid": _paid,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "lapsed": lambda refunds: _after(refunds.dispute, _evidence(refunds), hours=120),
    "closed_no_payment": lambda refunds: _after(refunds.dispute, _agreed(refunds), days=10),
}
"""How a claim comes into each state, through the endpoints."""


AMOUNTS: Final[dict[str, tuple[Status, str, str]]] = {
    "edit": ("negotiating", "buyer", "amount"),
    "inspection": ("evidence", "officer-a", "fee"),
    "determine": ("review", "officer-a", "approved"),
    "appeal": ("determined", "supplier", "concedes"),
    "decide-appeal": ("appealed", "officer-c", "approved"),
}
"""Actions with an amount: a status in which somebody may take them, who, and the field."""


@pytest.mark.parametrize("action", AMOUNTS)
def test_an_amount_in_a_currency_that_is_not_the_claims_is_refused_by_its_field(refunds: Refunds, action: str) -> None:
    status, who, field = AMOUNTS[action]
    dispute, claim_id = refunds.dispute, CLAIMS[status](refunds)
    assert action in dispute.see(claim_id, who)["allowed_actions"]
    path, body = ENDPOINTS[action]
    refused = dispute.act(claim_id, path, who, body | {field: {"amount": "1.00", "currency": "BRL"}})
    assert (refused.status, refused["code"]) == (422, "other_currency"), refused.body
    assert refused["param"] == f"{field}.currency"
