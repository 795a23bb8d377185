"""What is on sale, as cards of a public page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from chalicelib.listings.views.listing import CardView
from chalicelib.shared.texts import say, say_count
from chalicelib.showcase import words
from chalicelib.showcase.markup import Element, tag


def cards(listings: Sequence[CardView], language: str, *, with_supplier: bool = False) -> Element:
    return tag("ul", [_card(each, language, with_supplier) for each in listings], class_="cards")


def _card(card: CardView, language: str, with_supplier: bool) -> Element:
    """Its title in the reader's language, else in the first that it has, which says so."""
    spoken = language if language in card.titles else next(iter(card.titles))
    cheapest = min(card.steps, key=lambda step: int(step.price.amount.replace(".", "")))
    price = words.amount(cheapest.price)
    at_once = say("from {price}", price=price) if len(card.steps) > 1 else price
    least = say("at least {quantity}", quantity=words.quantity(card.minimum_quantity, card.unit))
    return tag(
        "li",
        tag("h3", card.titles[spoken], lang=spoken),
        tag("p", at_once, class_="value"),
        tag("p", words.category(card.category), " · ", words.country(card.origin)),
        tag(
            "p",
            tag("small", least, " · ", say_count("ships in {n} day", "ships in {n} days", n=card.lead_days)),
        ),
        tag("p", tag("a", say("Its supplier"), href=f"../s/{card.supplier_id}?{urlencode({'lang': language})}"))
        if with_supplier
        else None,
        class_="card",
    )
