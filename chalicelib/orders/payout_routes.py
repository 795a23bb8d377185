"""Payouts of a supplier's balance, apart from the endpoints of orders: who accepts an order starts without the books and the day-book."""

from __future__ import annotations

from chalicelib.orders.service import payouts
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import MEMBER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules.balance import BalanceShort, NoBankAccount, PayoutHeld
from chalicelib.suppliers.rules.exposure import ExposureOpen
from chalicelib.suppliers.views.money import PayoutRequest, PayoutView

routes = Routes(group="Orders")


@routes.command(
    "/v1/suppliers/{member_id}/payouts",
    response=PayoutView,
    by=MEMBER,
    status=201,
    errors=[BalanceShort, NoBankAccount, PayoutHeld, ExposureOpen, UnknownCurrency],
)
def pay_out(member_id: str, body: PayoutRequest, request: RequestContext) -> StoredResponse:
    """Draw on the balance: the bank is told to pay it to the registered account. Who is not in good standing leaves what is at risk."""
    return payouts.pay_out(member_id, body, request)
