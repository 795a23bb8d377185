"""The buyer asks money back for faulty goods; the supplier offers part of it, and the buyer takes it or goes on."""

from parties import buyer, supplier
from ship import received
from surety_client.generated.models import ClaimView


def filed() -> ClaimView:
    demand = {
        "reason": "quality_mismatch",
        "amount": {"amount": "8.00", "currency": "USD"},
        "statement": "Four of the lanterns are torn.",
    }
    return buyer.orders.claims(received().id, demand)


if __name__ == "__main__":
    claim = filed()
    offer = {"kind": "partial", "amount": {"amount": "5.00", "currency": "USD"}}
    offered = supplier.claims.offers(claim.id, offer).offers[-1]
    settled = buyer.claims.offers_accept(claim.id, offered.id)
    assert settled.settlement is not None
    print(f"claim {settled.status}, settled at {settled.settlement.amount.amount}")
