"""What terms would be covered for, before anybody agrees to them."""

from parties import SUPPLIER_ID, buyer

TERMS = {
    "currency": "USD",
    "items": [{"name": "Paper lantern, 20 cm", "quantity": 10, "unit_price": {"amount": "2.00", "currency": "USD"}}],
    "instalments": [{"name": "whole", "money": {"amount": "20.00", "currency": "USD"}}],
    "ship_by": {"kind": "after_payment", "days": 10, "payment": "full"},
    "cover": "total",
}

if __name__ == "__main__":
    quote = buyer.cover_quotes.create({"supplier_id": SUPPLIER_ID, "terms": TERMS})
    print(f"covered for {quote.cap.amount} {quote.cap.currency}" if quote.covered else f"not covered: {quote.why}")
