"""A country channel: from an agency's nomination to an exporter that is paid in its own currency, with what may go wrong on the way."""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote as in_url

from chalicelib.shared.periods import business_date
from infra.local.client import Refused, Speaks
from infra.local.demo.stage import Stage, day, money, say, scene, words
from infra.local.pictures import paper, ring, shirt
from infra.local.trades import trade

ACQUIRER: Final = "alipay"
FIRMS: Final = (
    ("한빛의류 주식회사", "Hanbit Apparel Co., Ltd.", "120-81-00001", "clothing"),
    (unicodedata.normalize("NFD", "김철수공방"), "Kim Cheol-su Studio", "120-81-00002", "jewellery"),
    ("늦은배 무역", "Late Boat Trading", "120-81-00003", "cosmetics"),
)
"""Legal name, its romanised form, registration number, category. The second is typed letter by letter, as some keyboards do."""
LANGUAGES: Final = ("en", "zh-Hans", "ko")
PDF, PNG = "application/pdf", "image/png"
GOODS: Final = {"clothing": ("610510", shirt), "jewellery": ("711311", ring)}
"""The HS code of what is sold of a category here, and a picture of it."""


@dataclass
class Korea:
    """The channel, with its agency, exporters and buyer."""

    client: Speaks
    officer: str
    agency: str = field(init=False)
    channel_id: str = ""
    firms: list[str] = field(default_factory=list)
    memberships: list[str] = field(default_factory=list)
    buyer: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _seqs: dict[str, Iterator[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agency = self.client.token("agency", "kotra")

    def get(self, path: str, by: str = "") -> Any:
        return self.client.get(path, by or self.officer)

    def post(self, path: str, body: Any = None, by: str = "") -> Any:
        return self.client.post(path, body, by or self.officer)

    def enter_buyer(self, ref: str) -> None:
        buyer = {"external_ref": ref, "name": "Wang Lei Boutique", "country": "CN", "zone": "Asia/Shanghai"}
        self.buyer = self.client.token("member", self.post("/v1/members", buyer)["id"])

    def exporter(self, number: int) -> str:
        return self.client.token("member", self.firms[number])

    def hand_in(self, path: str, content: bytes, media: str, by: str, **more: str) -> str:
        """A file by its presigned form. Returns its id once it has arrived."""
        description = {"media_type": media, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        announced = self.post(path, description | more, by)
        self.client.upload(announced["upload"], content)
        document_id: str = announced["document_id"]
        return document_id

    def acquirer_says(self, kind: str, payment_id: str, amount: str, **other: Any) -> None:
        """A signed event of the acquirer's, under the payment's next number."""
        seqs = self._seqs.setdefault(payment_id, itertools.count(1))
        now = self.client.now()
        data = {
            "payment_id": payment_id,
            "bank_ref": f"A-{payment_id[-6:]}-{next(self._numbers)}",
            "seq": next(seqs),
            "occurred_at": now.isoformat(),
            "business_date": now.date().isoformat(),
            "money": cny(amount),
        }
        event = {"type": kind, "data": data | other}
        self.post(f"/v1/sandbox/banks/{ACQUIRER}/events", event)

    def until_payment(self, payment_id: str, status: str) -> Any:
        return self.client.until(
            lambda: self._in(f"/v1/payments/{payment_id}", self.buyer, status), f"The payment was not {status}"
        )

    def until_order(self, order_id: str, status: str) -> Any:
        return self.client.until(
            lambda: self._in(f"/v1/orders/{order_id}", self.buyer, status), f"The order was not {status}"
        )

    def _in(self, path: str, by: str, status: str) -> Any:
        seen = self.get(path, by)
        return seen if seen["status"] == status else None


@dataclass
class Staged(Korea):
    """The same on the demo's stage."""

    stage: Stage = field(kw_only=True)


def play(stage: Stage) -> None:
    korea = Staged(stage.client, stage.officer, stage=stage)
    plan(korea)
    nominate(korea)
    join(korea)
    shirt = list_goods(korea)
    order_id, payment_id = buy(korea, shirt)
    deliver(korea, order_id)
    settle(korea, order_id)
    claim(korea, shirt)
    charge_back(korea, payment_id)
    revoke(korea, shirt)
    figures(korea)
    three_languages(korea)


def plan(korea: Korea) -> None:
    scene("A country channel is data", "its agency, categories, band, fee and targets are a policy's")
    opened = korea.post("/v1/channels", {"country": "KR"})
    korea.channel_id = opened["id"]
    opened = korea.post(f"/v1/channels/{korea.channel_id}/open")
    terms = opened["terms"]
    band, targets = terms["band"], terms["targets"]
    say.print(
        f"  Korea: {opened['status']}; {', '.join(terms['categories'])}; orders of {money(band['least'])} to {money(band['most'])}; fee {terms['fee_bp'] / 100:g} %"
    )
    say.print(
        f"  targets: {targets['suppliers']:,} suppliers, {targets['listings']:,} listings, {money(targets['paid_a_day'])} a day"
    )


def nominate(korea: Korea) -> None:
    scene("The agency nominates three firms", "one of them in decomposed Hangul; an officer checks each")
    for number, (name, romanised, registration, category) in enumerate(FIRMS):
        member = {"external_ref": f"kr-{number}", "name": romanised, "country": "KR", "zone": "Asia/Seoul"}
        korea.firms.append(korea.post("/v1/members", member)["id"])
        path = nominate_firm(korea, name, romanised, registration, category)
        if number == 2:
            answered = korea.post(f"{path}/return", {"reason": "The registration is of another firm."})
        else:
            korea.post(f"{path}/check", {"member_id": korea.firms[number]})
            answered = korea.post(f"{path}/accept", None, korea.exporter(number))
            korea.memberships.append(answered["membership_id"])
        say.print(f"  {romanised}: {words(answered['status'])}")
    composed = unicodedata.normalize("NFC", FIRMS[1][0])
    nominations = korea.get(f"/v1/nominations?channel_id={korea.channel_id}&name={in_url(composed)}", korea.agency)[
        "items"
    ]
    say.print(f"  looked for as {composed}: {len(nominations)} found")
    try:
        stranger = korea.client.token("agency", "jetro")
        korea.get(f"/v1/nominations/{nominations[0]['id']}", stranger)
    except Refused as refused:
        say.print(f"  to the agency of another country: {refused.status} {refused.problem['code']}")


def nominate_firm(korea: Korea, name: str, romanised: str, registration: str, category: str) -> str:
    """Named, vouched for and handed in with its register, for an officer to check. Returns its path."""
    body = {
        "legal_name": name,
        "romanised_name": romanised,
        "registration_number": registration,
        "categories": [category],
        "office": {"mailbox": f"export@firm-{registration[-1]}.example", "telephone": "+82 2 555 0100"},
        "vouching": "Visited by our post in Hangzhou.",
    }
    path = f"/v1/nominations/{korea.post(f'/v1/channels/{korea.channel_id}/nominations', body, korea.agency)['id']}"
    register = paper("Business registration", registration)
    korea.hand_in(f"{path}/documents", register, PDF, korea.agency, kind="business_registration")
    _await_documents(korea, path, korea.agency)
    korea.post(f"{path}/submit", None, korea.agency)
    return path


def join(korea: Korea) -> None:
    scene(
        "Both exporters join trade protection",
        "on their record, with their licence on file; the limit in won, dates in Seoul's",
    )
    began = korea.client.now()
    of_korea = {"supplier_country": "KR", "buyer_country": "CN", "category": "clothing"}
    trades = [
        trade(f"kr-{firm}", number, began) | of_korea | {"amount": f"{300 + 5 * number}.00"}
        for firm in range(2)
        for number in range(16)
    ]
    korea.post("/v1/trades", {"items": trades})
    for number, member_id in enumerate(korea.firms[:2]):
        file_licence(korea, number, FIRMS[number])
        joined = korea.post(f"/v1/suppliers/{member_id}/enrolment", {}, korea.exporter(number))
        rules = korea.get(f"/v1/suppliers/{member_id}", korea.exporter(number))["jurisdiction"]
        say.print(
            f"  {FIRMS[number][1]}: {joined['status']}, {money(joined['limit'])}, in its own currency {money(rules['limit'])}"
        )
    korea.enter_buyer("cn-buyer")
    badge = korea.client.get(f"/v1/storefronts/{korea.firms[0]}/channel-badge")
    say.print(f"  the national badge: {badge['status']}, signed; docs/verify_badge.py verifies it offline")


def file_licence(korea: Korea, number: int, firm: tuple[str, str, str, str]) -> None:
    """What Korea's policy asks for at enrolment, from its second version on: a profile of the firm with its licence, which an officer verifies."""
    name, _, registration, category = firm
    profile = {
        "name": name,
        "registration_no": registration,
        "industry": {"clothing": "C14", "jewellery": "C33"}[category],
        "region": "KR-11",
        "size": "small",
        "paid_in_capital": {"amount": "300000000", "currency": "KRW"},
        "founded_year": 2003,
    }
    by = korea.exporter(number)
    korea.post("/v1/firms", profile, by)
    path = f"/v1/firms/{korea.firms[number]}"
    korea.hand_in(f"{path}/documents", paper("Business licence", registration), PDF, by, kind="business_licence")
    _await_documents(korea, path, by)
    korea.post(f"{path}/verify")


def list_goods(korea: Korea) -> str:
    scene("Listings", "rules first, then a person; one breaks a rule")
    try:
        hand_in_listing(korea, 1, "은반지", "银戒指", "Silver ring", "jewellery", "90.00", currency="USD")
    except Refused as refused:
        problem = refused.problem
        say.print(f"  priced in dollars: {problem['code']}, {', '.join(rule['rule'] for rule in problem['rules'])}")
    listing_id = hand_in_listing(
        korea, 0, "자수 린넨 셔츠", "刺绣亚麻衬衫", "Embroidered linen shirt", "clothing", "129000"
    )
    listing = korea.post(f"/v1/listings/{listing_id}/publish")
    shown = korea.client.get(f"/v1/channels/{korea.channel_id}/listings?category=clothing")["items"]
    say.print(
        f"  {words(listing['status'])}; {len(shown)} in the catalogue, {_stock(korea, listing_id)} pieces available"
    )
    return listing_id


def buy(korea: Korea, listing_id: str) -> tuple[str, str]:
    scene("A quote, an order, a payment by wallet", "what the buyer pays and what the exporter gets are fixed together")
    quote = quote_of(korea, "129000")
    say.print(
        f"  {money(quote['price'])}: the buyer pays {money(quote['pays'])}, the exporter gets {money(quote['gets'])}"
    )
    order_id = order(korea, quote, listing_id)
    payment_id = _pay(korea, order_id, quote["pays"]["amount"])
    say.print(f"  paid by wallet: the order is {words(korea.get(f'/v1/orders/{order_id}', korea.buyer)['status'])}")
    return order_id, payment_id


def deliver(korea: Korea, order_id: str) -> None:
    scene("Shipped and delivered", "the carrier tells of the parcel")
    _ship(korea, order_id)
    for event in ("accepted", "exported", "cleared", "delivered"):
        korea.post(f"/v1/orders/{order_id}/carrier-events", _carrier(korea, order_id, event))
    view = korea.get(f"/v1/orders/{order_id}", korea.buyer)
    say.print(f"  the order is {words(view['status'])}")


def settle(korea: Staged, order_id: str) -> None:
    scene("The exporter is settled", "four business days of both countries later, over the new year of both")
    due = korea.get("/v1/settlements", korea.exporter(0))["items"][0]
    captured, on = (business_date(each) for each in (korea.client.now(), datetime.fromisoformat(due["due_at"])))
    say.print(f"  captured on {captured:%d %B}, due on {day(on.isoformat())}")
    korea.stage.advance(_hours_to(korea, due["due_at"]) + 24)

    def settled() -> Any:
        seen = korea.get(f"/v1/settlements/{due['id']}", korea.exporter(0))
        return seen if seen["status"] == "settled" else None

    settlement = korea.client.until(settled, "The settlement was not paid")
    say.print(f"  {settlement['status']}: {money(settlement['money'])}, without an account in China")


def claim(korea: Staged, listing_id: str) -> None:
    scene("A claim on another order", "a partial refund, in the buyer's currency and the way it came")
    quote = quote_of(korea, "129000")
    order_id = order(korea, quote, listing_id)
    payment_id = _pay(korea, order_id, quote["pays"]["amount"])
    _ship(korea, order_id)
    korea.post(f"/v1/orders/{order_id}/receive", None, korea.buyer)
    body = {"reason": "quality_mismatch", "amount": cny("200.00"), "statement": "A seam is open."}
    filed = korea.post(f"/v1/orders/{order_id}/claims", body, korea.buyer)
    agreed = cny("150.00")
    offer = {"kind": "partial", "amount": agreed}
    answered = korea.post(f"/v1/claims/{filed['id']}/offers", offer, korea.exporter(0))
    [open_offer] = [each for each in answered["offers"] if each["status"] == "open"]
    korea.post(f"/v1/claims/{filed['id']}/offers/{open_offer['id']}/accept", None, korea.buyer)
    korea.stage.advance(24)

    def refunded() -> Any:
        seen = korea.get(f"/v1/payments/{payment_id}", korea.buyer)
        return seen if seen["status"] == "partly_refunded" else None

    answered = korea.client.until(refunded, "The refund did not go back")
    say.print(f"  agreed on {money(agreed)}; the payment is {words(answered['status'])}")


def charge_back(korea: Korea, payment_id: str) -> None:
    scene("A chargeback", "the buyer's bank disputes the first payment, and the exporter loses")
    seen = korea.get(f"/v1/payments/{payment_id}", korea.buyer)
    amount = seen["captured"]["amount"]
    korea.acquirer_says("chargeback.opened", payment_id, amount, chargeback_ref="CB-1", reason="not_as_described")
    korea.acquirer_says("chargeback.lost", payment_id, amount, chargeback_ref="CB-1")

    def lost() -> Any:
        recoveries = korea.get("/v1/recoveries", korea.exporter(0))["items"]
        return recoveries[0] if recoveries else None

    recovery = korea.client.until(lost, "The chargeback had no effect")
    say.print(f"  lost: {money(cny(amount))} went back; the exporter owes {money(recovery['remaining'])}")


def revoke(korea: Korea, listing_id: str) -> None:
    scene("A membership is revoked with an order open", "no new order; the open one goes on as it was")
    quote = quote_of(korea, "129000")
    order_id = order(korea, quote, listing_id)
    _pay(korea, order_id, quote["pays"]["amount"])
    reason = {"reason": "law", "text": "The goods were recalled by the ministry."}
    korea.post(f"/v1/channel-memberships/{korea.memberships[0]}/revoke", reason, korea.agency)
    badge = korea.client.get(f"/v1/storefronts/{korea.firms[0]}/channel-badge")["status"]
    try:
        order(korea, quote_of(korea, "129000"), listing_id)
    except Refused as refused:
        say.print(f"  badge {badge}; a new order is refused: {refused.problem['code']}")
    _ship(korea, order_id)
    received = korea.post(f"/v1/orders/{order_id}/receive", None, korea.buyer)
    say.print(f"  the open order: {words(received['status'])}, {money(received['cover']['active'])} covered")


def figures(korea: Korea) -> None:
    scene("Figures of the channel against its targets")
    until = korea.client.now().date()
    path = f"/v1/channels/{korea.channel_id}/figures?from={until - timedelta(days=30)}&to={until}"
    view = korea.get(path, korea.agency)
    for each in view["days"]:
        if any(each[name] for name in ("orders", "claims")):
            say.print(
                f"  {each['day']}: {each['suppliers']} suppliers, {each['listings']} listings, {each['orders']} orders, {money(each['paid'])} paid, {money(each['refunded'])} refunded, {each['claims']} claims"
            )


def three_languages(korea: Staged) -> None:
    scene("One problem, three readers")
    for language in LANGUAGES:
        problem = korea.stage.client.problem("/v1/orders/ord_01KJP3ZQ4GT5H2W8N6VXRD0BCE", korea.buyer, language)
        say.print(f"  {language}: {problem['detail']} {problem['fix']}")


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def hand_in_listing(
    korea: Korea, firm: int, korean: str, chinese: str, english: str, category: str, price: str, currency: str = "KRW"
) -> str:
    """Handed in with its picture, for an officer to look at."""
    hs_code, drawn = GOODS[category]
    titles = dict(zip(("ko", "zh-Hans", "en"), (korean, chinese, english), strict=True))
    offer = {
        "titles": titles,
        "texts": titles,
        "category": category,
        "hs_code": hs_code,
        "origin": "KR",
        "steps": [{"quantity": 1, "price": {"amount": price, "currency": currency}}],
        "minimum_quantity": 1,
        "lead_days": 5,
    }
    by = korea.exporter(firm)
    drafted = korea.post("/v1/listings", {"channel_id": korea.channel_id, "offer": offer, "on_hand": 10}, by)
    path = f"/v1/listings/{drafted['id']}"
    picture = korea.hand_in(f"{path}/pictures", drawn(), PNG, by)
    _await_documents(korea, path, by)
    korea.post(f"{path}/edit", {"offer": offer | {"pictures": [picture]}}, by)
    korea.post(f"{path}/submit", None, by)
    listing_id: str = drafted["id"]
    return listing_id


def _await_documents(korea: Korea, path: str, by: str) -> None:
    def arrived() -> bool:
        return all(document["status"] == "kept" for document in korea.get(path, by)["documents"])

    korea.client.until(arrived, "The file did not arrive")


def _stock(korea: Korea, listing_id: str) -> int:
    available: int = korea.get(f"/v1/listings/{listing_id}/stock", korea.exporter(0))["available"]
    return available


def quote_of(korea: Korea, price: str) -> Any:
    body = {"channel_id": korea.channel_id, "price": {"amount": price, "currency": "KRW"}, "currency": "CNY"}
    return korea.post("/v1/quotes", body, korea.buyer)


def order(korea: Korea, quote: Any, listing_id: str) -> str:
    body = {"quote_id": quote["id"], "lines": [{"listing_id": listing_id, "quantity": 1}]}
    order_id: str = korea.post(f"/v1/channels/{korea.channel_id}/orders", body, korea.buyer)["id"]
    return order_id


def begin_payment(korea: Korea, order_id: str) -> str:
    """By wallet: its acquirer hears of it."""
    payment_id: str = korea.post(f"/v1/orders/{order_id}/payments", {"method": "wallet"}, korea.buyer)["id"]
    return payment_id


def _pay(korea: Korea, order_id: str, amount: str) -> str:
    payment_id = begin_payment(korea, order_id)
    korea.acquirer_says("payment.authorised", payment_id, amount)
    korea.acquirer_says("payment.captured", payment_id, amount)
    korea.until_order(order_id, "funded")
    return payment_id


def _ship(korea: Korea, order_id: str) -> None:
    goods = {
        "carrier": "EMS",
        "tracking_number": f"EE{order_id[-9:]}KR",
        "customs_number": f"KR-{order_id[-6:]}",
        "documents": [{"kind": "air_waybill", "reference": f"AWB-{order_id[-6:]}"}],
    }
    korea.post(f"/v1/orders/{order_id}/ship", goods, korea.exporter(0))


def _carrier(korea: Korea, order_id: str, event: str) -> dict[str, str]:
    return {"tracking_number": f"EE{order_id[-9:]}KR", "step": event, "reference": f"EMS-{event}"}


def _hours_to(korea: Korea, instant: str) -> int:
    return int((datetime.fromisoformat(instant) - korea.client.now()).total_seconds() // 3600)
