"""The rules that an offer is checked against before a person looks at it: each has an id, and says what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

import msgspec

from chalicelib.channels.rules.channel import Terms
from chalicelib.listings.rules.listing import Listing, Offer, Policy, Step
from chalicelib.quotes.rules.amounts import amounts
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.text import compared
from chalicelib.shared.texts import Text, say

RuleId = Literal[
    "category_not_eligible",
    "hs_code_missing",
    "currency_not_allowed",
    "duplicate_step",
    "price_rises",
    "minimum_above_band",
    "language_missing",
    "prohibited_words",
    "picture_missing",
    "not_as_described",
    "rights_of_others",
    "not_lawful",
]
"""The last three are a person's to find."""


class BrokenRule(NamedTuple):
    """A rule that an offer breaks: its id, what is wrong in words, and what would be allowed."""

    rule: RuleId
    words: Text
    allowed: tuple[str, ...]


class NotFit(RuleViolation):
    code = "listing_breaks_rules"
    title = "The listing breaks rules of its channel."
    fix = "Change what each of `rules` says, and submit it again."

    def __init__(self, broken: list[BrokenRule]) -> None:
        names = ", ".join(each.rule for each in broken)
        super().__init__(say("It breaks: {rules}.", rules=names), rules=[each._asdict() for each in broken])


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An offer, and what it is measured by. `rate` is what buyers who pay in the band's currency get for that of its prices, if it may have it."""

    listing: Listing
    offer: Offer
    terms: Terms
    policy: Policy
    rate: str


def _category(case: Case) -> Text | None:
    category = case.offer.category
    known = category in case.terms.categories
    return None if known else say("{category} is not sold in this channel.", category=category)


def _hs_code(case: Case) -> Text | None:
    category = case.offer.category
    needed = category in case.terms.hs_categories and not case.offer.hs_code
    return say("Goods of the category {category} need their HS code.", category=category) if needed else None


def _currency(case: Case) -> Text | None:
    currency = case.offer.currency
    allowed = currency in case.terms.price_currencies
    return None if allowed else say("Prices in {currency} are not allowed in this channel.", currency=currency)


def _duplicate_step(case: Case) -> Text | None:
    twice = [one.quantity for one, next_ in pairwise(case.offer.steps) if one.quantity == next_.quantity]
    return say("Two steps of the ladder begin at {quantity}.", quantity=twice[0]) if twice else None


def _rising_price(case: Case) -> Text | None:
    rising = [next_.quantity for one, next_ in pairwise(case.offer.steps) if next_.price_minor > one.price_minor]
    return say("From {quantity} on, each costs more than below.", quantity=rising[0]) if rising else None


def _minimum(case: Case) -> Text | None:
    """The least that can be ordered is no more than the band allows. What is below the band can be ordered together with more."""
    if not case.rate:
        return None
    offer, terms, band = case.offer, case.terms, case.terms.band
    quantity = max(offer.minimum_quantity, offer.steps[0].quantity)
    price = next(step.price_minor for step in reversed(offer.steps) if step.quantity <= quantity)
    pays = amounts(
        quantity * price, offer.currency, band.currency, offer.currency, case.rate, terms.spread_bp, terms.fee_bp
    )
    if pays.buyer_minor <= band.most_minor:
        return None
    worth, most = (Money.of(minor, band.currency).amount for minor in (pays.buyer_minor, band.most_minor))
    return say(
        "The least order comes to {worth} {currency}; the channel takes orders up to {most}.",
        worth=worth,
        currency=band.currency,
        most=most,
    )


def _language(case: Case) -> Text | None:
    missing = [
        tag for tag in case.terms.required_languages if not (case.offer.titles.get(tag) and case.offer.texts.get(tag))
    ]
    return say("Title and text are missing in: {languages}.", languages=", ".join(missing)) if missing else None


def _words(case: Case) -> Text | None:
    """Words of a script with blanks are looked for whole, others anywhere."""
    written = compared(" ".join([*case.offer.titles.values(), *case.offer.texts.values()]))
    bad = [word for word in case.policy.prohibited_words if _has(written, compared(word))]
    return say("Take out: {words}.", words=", ".join(bad)) if bad else None


def _picture(case: Case) -> Text | None:
    shown = [each for each in case.offer.pictures if case.listing.kept_picture(each)]
    if shown and len(shown) == len(case.offer.pictures):
        return None
    return say("A listing shows at least one picture, and all that it shows have arrived.")


_RULES: Final[Mapping[RuleId, tuple[Callable[[Case], Text | None], Callable[[Terms], tuple[str, ...]]]]] = {
    "category_not_eligible": (_category, lambda terms: terms.categories),
    "hs_code_missing": (_hs_code, lambda terms: ()),
    "currency_not_allowed": (_currency, lambda terms: terms.price_currencies),
    "duplicate_step": (_duplicate_step, lambda terms: ()),
    "price_rises": (_rising_price, lambda terms: ()),
    "minimum_above_band": (_minimum, lambda terms: ()),
    "language_missing": (_language, lambda terms: terms.required_languages),
    "prohibited_words": (_words, lambda terms: ()),
    "picture_missing": (_picture, lambda terms: ()),
}


def broken_by(case: Case) -> Iterator[BrokenRule]:
    """Every rule that the offer breaks, in the order of the rules."""
    for rule, (wrong, allowed) in _RULES.items():
        if words := wrong(case):
            yield BrokenRule(rule, words, allowed(case.terms))


def must_be_fit(case: Case) -> None:
    """NotFit with every rule that the offer breaks."""
    if broken := list(broken_by(case)):
        raise NotFit(broken)


def moves_at_once(was: Offer, offer: Offer, approved: tuple[Step, ...], price_change_bp: int) -> bool:
    """Whether an edit changes prices alone, and each by no more than `price_change_bp` of what a person approved."""
    if _without_prices(was) != _without_prices(offer):
        return False
    steps = zip(approved, offer.steps, strict=False)
    return len(approved) == len(offer.steps) and all(
        one.quantity == new.quantity
        and abs(new.price_minor - one.price_minor) * 10_000 <= one.price_minor * price_change_bp
        for one, new in steps
    )


def _without_prices(offer: Offer) -> dict[str, Any]:
    return msgspec.structs.asdict(offer) | {"number": 0, "steps": tuple(step.quantity for step in offer.steps)}


def _has(written: str, word: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word)}\b", written)) if word.isascii() else word in written
