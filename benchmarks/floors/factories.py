"""What the generated requests say: terms, words of buyers, suppliers and officers, files, facts of trades."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any, Final


def terms(chance: Random, *, least_lines: int = 1, most_lines: int = 3, **more: Any) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [
        {
            "name": chance.choice(_GOODS),
            "quantity": chance.randrange(1, 5000),
            "unit": "piece",
            "unit_price": usd(chance.randrange(1, 30_000)),
        }
        for _ in range(chance.randrange(least_lines, most_lines + 1))
    ]
    total = sum(line["quantity"] * cents(line["unit_price"]) for line in lines)
    deposit = total * chance.choice([30, 50, 100]) // 100 or total
    parts = [("deposit", deposit), ("balance", total - deposit)] if deposit < total else [("all", total)]
    return {
        "currency": "USD",
        "items": lines,
        "instalments": [{"name": name, "money": usd(minor)} for name, minor in parts],
        "ship_by": {"kind": "after_payment", "days": chance.randrange(10, 60), "payment": "full"},
        "cover": chance.choice(["deposit", "total"]),
        "transport": chance.choice(["air", "sea"]),
        "specification": chance.choice(_SPECIFICATIONS),
        "category": "furniture_decor",
        **more,
    }


def trade(supplier: str, number: int, ordered: datetime) -> dict[str, Any]:
    instants = {
        "ordered_at": ordered,
        "paid_at": ordered,
        "ship_by": ordered + timedelta(days=5),
        "shipped_at": ordered + timedelta(days=4),
        "delivered_at": ordered + timedelta(days=9),
    }
    return {
        "trade_id": f"bench-{number}",
        "supplier_ref": supplier,
        "buyer_ref": f"buyer-{number}",
        "supplier_country": "CN",
        "buyer_country": "US",
        "category": "furniture_decor",
        "currency": "USD",
        "amount": f"{80 + number}.00",
        "status": "completed",
        **{name: instant.isoformat() for name, instant in instants.items()},
    }


def words(chance: Random) -> str:
    """Nothing, or up to three sentences as people write them."""
    return " ".join(chance.sample(_SENTENCES, chance.randrange(0, 4)))


def file(chance: Random, code: str, content: bytes, sha256: str) -> dict[str, Any]:
    media = "application/pdf" if code in _DOCUMENTS else "image/jpeg"
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}[media]
    name = f"{chance.choice(_NAMES)}-{chance.randrange(10_000)}.{ending}"
    return {"code": code, "name": name, "media_type": media, "size": len(content), "sha256": sha256}


def usd(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "USD"}


def cents(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))


def shipment(chance: Random) -> dict[str, Any]:
    return {
        "carrier": "COSCO",
        "tracking_number": f"COSU{chance.randrange(10**10)}",
        "documents": [{"kind": "bill_of_lading", "reference": "B/L 1"}],
    }


_GOODS: Final = (
    "Oak chair, natural oil",
    "Linen curtain 140 x 260 cm",
    "LED desk lamp, 4000 K",
    "Steel shelf bracket 300 mm",
    "Cotton towel 500 g/m2",
)
_SPECIFICATIONS: Final = (
    "",
    "As sample 14 of 2 February.",
    "Moisture of the oak at most 10 %; seat height 45 cm, give or take 5 mm; AQL 2.5 on a sample of 80.",
)
_SENTENCES: Final = (
    "Thirty of the chairs have cracked legs; the others are in order.",
    "The goods left twelve days after the agreed day.",
    "We have lost our place at the spring fair because of it.",
    "The cartons are labelled 240 pieces and hold 200.",
    "Half of it at once, and the rest of the matter is closed.",
    "We shipped what the approved sample showed, see the photo of 4 February.",
    "The vessel was late, not we; the carrier has confirmed it in writing.",
    "Please look at the packing list: line 2 is short by a third.",
    "Our customer has sent everything back, and asks for his money.",
    "The laboratory found 14 % of moisture where the contract says 10 %.",
)
_NAMES: Final = ("IMG", "carton", "packing-list", "photo-hall-3", "bill-of-lading", "report", "chat")
_DOCUMENTS: Final = frozenset(
    {
        "measurable_term",
        "inspection_report",
        "packing_list",
        "expert_statement",
        "declaration",
        "missing_list",
        "correspondence",
        "transport_document",
        "test_report",
        "purchase_chain",
        "proof_of_delivery",
        "documents",
    }
)
