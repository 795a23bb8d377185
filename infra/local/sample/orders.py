"""Orders in many states under the cover of one large supplier, and claims in every hand: the parties', an officer's, an appeal's."""

from __future__ import annotations

from typing import Any, Final

from infra.local.pictures import paper, plank
from infra.local.sample.deal import Deal
from infra.local.sample.world import BANK, World, usd
from infra.local.trades import trade

OAK: Final = "beilun-oak"
BUYERS: Final = (
    ("hansa-moebel", "Hansa Möbel GmbH", "DE"),
    ("nordlys", "Nordlys ApS", "DK"),
    ("marwick", "Marwick & Daughters Ltd", "GB"),
)
TRADES: Final = 20
ACCOUNT: Final = {"bank_id": BANK, "account": "6222021001116245702", "currency": "USD"}


def prepare(world: World) -> None:
    """The supplier qualifies on its record, joins and says where it is paid; the buyers register."""
    world.member(OAK, "Beilun Oak Furniture Co., Ltd.", "CN")
    for ref, name, country in BUYERS:
        world.member(ref, name, country)
    trades = [
        trade(OAK, number, world.began)
        | {"amount": f"{2_400 + 50 * number}.00", "category": "furniture", "supplier_country": "CN"}
        for number in range(TRADES)
    ]
    world.post("/v1/trades", {"items": trades})
    path = f"/v1/suppliers/{world.ids[OAK]}"
    world.post(f"{path}/enrolment", {}, world.of(OAK))
    world.post(f"{path}/bank-account", ACCOUNT, world.of(OAK))


def agree(world: World) -> dict[str, str]:
    """An order for each state that one may be in. Those that claims follow, by what becomes of the claim."""
    _deal(world, "hansa-moebel", "Oak stool", 400)
    _deal(world, "nordlys", "Oak shelf", 900).pays("150.00")
    _deal(world, "marwick", "Oak bench", 700).pays("700.00")
    _deal(world, "marwick", "Oak coat stand", 350).pays("350.00").ships()
    _deal(world, "hansa-moebel", "Oak crib", 800).pays("800.00").ships().delivers()
    _deal(world, "nordlys", "Oak table", 1_200).pays("1200.00").ships().receives()
    _deal(world, "hansa-moebel", "Oak frame", 150).cancels()
    advanced = _deal(world, "hansa-moebel", "Oak chair, lot advanced", 600).pays("600.00").has_paid_out()
    _pay_out(world, "600.00")
    orders = {"advanced": advanced.ships().receives().id}
    for name in ("negotiated", "settled", "reviewed", "appealed"):
        deal = _deal(world, "hansa-moebel", f"Oak chair, lot {name}", 600)
        orders[name] = deal.pays("600.00").ships().receives().id
    return orders


def claim(world: World, orders: dict[str, str]) -> dict[str, str]:
    """Claims on the goods as they came, by what becomes of them; one is settled at once."""
    body = {
        "advanced": "150.00",
        "settled": "120.00",
        "negotiated": "250.00",
        "reviewed": "300.00",
        "appealed": "200.00",
    }
    claims = {name: _file(world, orders[name], amount) for name, amount in body.items()}
    _offer(world, claims["negotiated"], OAK, "60.00")
    _offer(world, claims["negotiated"], "hansa-moebel", "220.00")
    settle(world, claims["advanced"])
    return claims


def settle(world: World, claim_id: str) -> None:
    """The buyer takes what the supplier offers."""
    [offer] = _offer(world, claim_id, OAK, "80.00")["offers"]
    world.post(f"/v1/claims/{claim_id}/offers/{offer['id']}/accept", None, world.of("hansa-moebel"))


def dispute(world: World, claims: dict[str, str]) -> None:
    """Days later: one claim is settled, one waits for an officer's determination, one was determined and is appealed with a new paper."""
    settle(world, claims["settled"])
    for name in ("reviewed", "appealed"):
        _bring_before_an_officer(world, claims[name])
    path = f"/v1/claims/{claims['appealed']}"
    drafted = world.get(f"{path}/draft")["draft"]
    ruling = {name: drafted[name] for name in ("outcome", "approved", "supplier_fault_percent")}
    world.post(f"{path}/determine", ruling, world.token("officer", "mei", "claims"))
    _hand_in(world, path, OAK, "test_report", "application/pdf", paper("Test report", "Moisture at loading: 9 %."))
    grounds = {"grounds": "The moisture was within the agreed limit when the chairs left."}
    world.post(f"{path}/appeal", grounds, world.of(OAK))


def _bring_before_an_officer(world: World, claim_id: str) -> None:
    """Called by the buyer, with a picture and a measurement; both sides have said all they want to say."""
    path, buyer = f"/v1/claims/{claim_id}", "hansa-moebel"
    world.post(f"{path}/escalate", None, world.of(buyer))
    world.post(f"{path}/open-evidence", None, world.token("officer", "mei", "claims"))
    _hand_in(world, path, buyer, "photos", "image/png", plank())
    _hand_in(world, path, buyer, "measurable_term", "text/plain", b"Moisture: 10 % agreed, 14 % measured.")
    for by in (buyer, OAK):
        world.post(f"{path}/complete-evidence", None, world.of(by))


def _hand_in(world: World, path: str, by: str, code: str, media: str, content: bytes) -> None:
    body = {"code": code, "name": code, "media_type": media}
    evidence_id = world.hand_in(f"{path}/evidence", body, content, world.of(by))["evidence_id"]

    def arrived() -> bool:
        files = world.get(path, world.of(by))["evidence"]
        return any(file["id"] == evidence_id and file["status"] != "awaited" for file in files)

    world.until(arrived, "The evidence did not arrive")
    world.post(f"{path}/evidence/{evidence_id}/submit", None, world.of(by))


def _deal(world: World, buyer: str, goods: str, price: int) -> Deal:
    return Deal(world, buyer, OAK, goods, price)


def _pay_out(world: World, amount: str) -> None:
    """The supplier has what it was given early paid out: it is not there to be refunded from."""
    path = f"/v1/suppliers/{world.ids[OAK]}"

    def there() -> bool:
        balances = world.get(f"{path}/balance")["balances"]
        return bool(balances and balances[0]["released"] == usd(amount))

    world.until(there, "The balance did not arrive")
    world.post(f"{path}/payouts", {"money": usd(amount)}, world.of(OAK))


def _file(world: World, order_id: str, amount: str) -> str:
    body = {"reason": "quality_mismatch", "amount": usd(amount), "statement": "Three of ten chairs are warped."}
    claim_id: str = world.post(f"/v1/orders/{order_id}/claims", body, world.of("hansa-moebel"))["id"]
    return claim_id


def _offer(world: World, claim_id: str, by: str, amount: str) -> Any:
    return world.post(f"/v1/claims/{claim_id}/offers", {"kind": "partial", "amount": usd(amount)}, world.of(by))
