"""The page of a storefront: what its badges say, its figures and how they are counted, what it sells, and how to check all of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlencode

from chalicelib.channels.views.badge import NationalBadgeView
from chalicelib.conduct.rules.incentive import Level
from chalicelib.listings.views.listing import CardView
from chalicelib.shared.texts import Text, say, say_count
from chalicelib.showcase import words
from chalicelib.showcase.catalogue import cards
from chalicelib.showcase.frame import Sheet
from chalicelib.showcase.markup import Element, Node, tag
from chalicelib.suppliers.rules.badge import Badge
from chalicelib.suppliers.rules.qualification import Terms
from chalicelib.suppliers.views.badge import WORDS
from chalicelib.suppliers.views.figures import FiguresView
from chalicelib.suppliers.views.storefront import Protection, StorefrontView

PATH: Final = "/s/"
TONES: Final[dict[str, str]] = {"VALID": "good", "SUSPENDED": "warn", "REVOKED": "bad"}
MEANINGS: Final[dict[Badge, Text]] = {
    "VALID": say(
        "Its orders can be placed under protection: where the contract is broken, the platform refunds the buyer."
    ),
    "SUSPENDED": say("No new order is protected at present. Orders that were protected stay so."),
    "REVOKED": say("It has left the programme for a grave breach. Orders that were protected stay so."),
    "NOT_ENROLLED": say("Its orders are not protected by the platform."),
    "UNKNOWN": say("What it is could not be read. Unknown is never valid."),
}
LEVELS: Final[dict[Level, Text]] = {
    "bronze": say("Keeps its credit agreements: bronze"),
    "silver": say("Keeps its credit agreements: silver"),
    "gold": say("Keeps its credit agreements: gold"),
}
COVERED: Final[dict[Protection, Text]] = {
    "on_time_shipment": say("Shipment on time"),
    "quality_before_shipment": say("Quality, inspected before shipment"),
    "quality_after_delivery": say("Quality, after delivery"),
}


def sheet(
    shown: StorefrontView,
    national: NationalBadgeView,
    level: Level | None,
    on_sale: Sequence[CardView],
    qualification: Terms,
    base_url: str,
    language: str,
) -> Sheet:
    return Sheet(
        base_url=base_url,
        path=f"{PATH}{shown.id}",
        title=shown.name,
        summary=_summary(shown),
        body=list(_body(shown, national, level, on_sale, qualification, base_url, language)),
    )


def _summary(shown: StorefrontView) -> Text:
    traded, on_time = shown.figures.transactions_12m, shown.figures.on_time_rate
    return say(
        "{badge}. Protected orders in 12 months: {count}, {value}. Shipped on time: {rate}.",
        badge=WORDS[shown.badge],
        count=traded.count,
        value=words.amount(traded.value),
        rate=words.rate(on_time.rate_bp),
    )


def _body(
    shown: StorefrontView,
    national: NationalBadgeView,
    level: Level | None,
    on_sale: Sequence[CardView],
    qualification: Terms,
    base_url: str,
    language: str,
) -> Iterator[Node]:
    yield tag("h1", shown.name)
    yield tag("p", words.country(shown.country), class_="lead")
    yield tag(
        "section", tag("h2", say("Badges"), id="badges"), _badges(shown, national, level), aria_labelledby="badges"
    )
    yield tag(
        "section",
        tag("h2", say("Figures"), id="figures"),
        tag("p", _newest(shown)),
        tag("ul", [_figure(*each) for each in _figures(shown.figures)], class_="cards"),
        aria_labelledby="figures",
    )
    if on_sale and national.channel_id:
        more = f"/c/{national.channel_id}?{urlencode({'supplier': shown.id, 'lang': language})}"
        yield tag(
            "section",
            tag("h2", say("On sale"), id="sale"),
            cards(on_sale, language),
            tag("p", tag("a", say("Everything of this supplier on sale"), href=f"{base_url}{more}")),
            aria_labelledby="sale",
        )
    yield tag(
        "section", tag("h2", say("Who qualifies"), id="who"), _qualification(qualification), aria_labelledby="who"
    )
    yield tag(
        "section",
        tag("h2", say("Check it yourself"), id="check"),
        list(_verification(shown.id, base_url)),
        aria_labelledby="check",
    )


def _badges(shown: StorefrontView, national: NationalBadgeView, level: Level | None) -> Element:
    covers = [tag("li", COVERED[each]) for each in shown.protections]
    protection = tag(
        "div",
        tag("h3", WORDS[shown.badge]),
        tag("p", MEANINGS[shown.badge]),
        [tag("p", say("A buyer can agree on:")), tag("ul", covers)] if covers else None,
        tag("p", tag("small", say("As of"), " ", words.moment(shown.as_of))),
        class_=f"card {TONES.get(shown.badge, '')}".strip(),
    )
    return tag("div", protection, _national(national), _integrity(level), class_="badges")


def _integrity(level: Level | None) -> Element | None:
    """Who does not borrow, or shows nothing of it, has no such card: it says nothing against anybody."""
    if level is None:
        return None
    return tag(
        "div",
        tag("h3", LEVELS[level]),
        tag(
            "p",
            say("It has kept what it agreed with banks about loans, as they report. Of its goods that says nothing."),
        ),
        class_="card good",
    )


def _national(national: NationalBadgeView) -> Element | None:
    """Who is in no channel has no second card."""
    if national.channel_id is None or national.member_until is None:
        return None
    tone = TONES.get(national.status, "")
    return tag(
        "div",
        tag("h3", national.text),
        tag("p", _nomination(national)),
        tag("p", say("Until"), " ", words.day(national.member_until)),
        tag(
            "p",
            tag("a", say("The channel"), href=f"../c/{national.channel_id}?{urlencode({'lang': national.language})}"),
        ),
        tag("p", tag("small", say("As of"), " ", words.moment(national.as_of))),
        class_=f"card {tone}".strip(),
    )


def _nomination(national: NationalBadgeView) -> Text:
    return say(
        "{name} ({romanised}), nominated by {agency}.",
        name=national.name or national.id,
        romanised=national.romanised_name or national.id,
        agency=(national.agency_id or "").upper(),
    )


def _newest(shown: StorefrontView) -> Text:
    if shown.newest_fact_on is None:
        return say("Nothing is known of its trade yet.")
    return say("The newest fact in them is of {day}.", day=shown.newest_fact_on.isoformat())


def _figures(figures: FiguresView) -> Iterator[tuple[Text, Text | str, Text, Text]]:
    """Name, value, what it rests on, how it is counted."""
    traded = figures.transactions_12m
    count = say_count("{n} order", "{n} orders", n=traded.count)
    yield (
        say("Protected orders in 12 months"),
        say("{count}, {value}", count=count, value=words.amount(traded.value)),
        _orders(traded.sample),
        traded.formula,
    )
    yield (
        say("Inquiries answered in a day"),
        words.rate(figures.response_rate.rate_bp),
        _inquiries(figures),
        figures.response_rate.formula,
    )
    yield (
        say("Time to the first answer"),
        words.hours(figures.response_time.median_hours),
        _inquiries(figures),
        figures.response_time.formula,
    )
    shipped = figures.on_time_rate
    yield (
        say("Shipped on time"),
        words.rate(shipped.rate_bp),
        say_count("of {n} trade that was due", "of {n} trades that were due", n=shipped.sample),
        shipped.formula,
    )
    for name, figure in ((say("Claims filed"), figures.claim_rate), (say("Claims lost"), figures.loss_rate)):
        yield (
            name,
            words.rate(figure.rate_bp),
            say("{claims} on {sample} protected orders", claims=figure.claims, sample=figure.sample),
            figure.formula,
        )
    closed = figures.median_close_time
    yield (
        say("Until a claim is closed"),
        words.hours(closed.median_hours),
        say_count("of {n} claim that was closed", "of {n} claims that were closed", n=closed.sample),
        closed.formula,
    )
    waiting = figures.open_claims
    yield (
        say("Open claims"),
        str(waiting.count),
        say_count("of {n} claim that was filed", "of {n} claims that were filed", n=waiting.sample),
        waiting.formula,
    )


def _orders(sample: int) -> Text:
    return say_count("of {n} order that was completed", "of {n} orders that were completed", n=sample)


def _inquiries(figures: FiguresView) -> Text:
    sample = figures.response_rate.sample
    return say_count("of {n} buyer who asked", "of {n} buyers who asked", n=sample)


def _figure(name: Text, value: Text | str, sample: Text, formula: Text) -> Element:
    return tag(
        "li",
        tag("h3", name),
        tag("p", value, class_="value none" if value is words.UNKNOWN else "value"),
        tag("p", tag("small", sample)),
        tag("details", tag("summary", say("How it is counted")), tag("p", formula)),
        class_="card",
    )


def _qualification(terms: Terms) -> Element:
    """The numbers of the policy in force."""
    return tag(
        "p",
        say(
            "A supplier is protected whose trade of the last {days} days has at least {completed} completed orders, {on_time} or more "
            "of them shipped on time, and claims decided against it on {lost} of its protected orders at most. It is looked at again "
            "every month, and penalty points lower what is covered.",
            days=terms.window_days,
            completed=terms.least_completed,
            on_time=words.rate(terms.least_on_time_bp),
            lost=words.rate(terms.most_claim_loss_bp),
        ),
    )


def _verification(member_id: str, base_url: str) -> Iterator[Node]:
    """The statements, the keys, and the script that needs nothing but Python."""
    base = f"{base_url}/v1"
    yield tag(
        "p",
        say(
            "Each badge is a statement that the platform signs anew when it is asked for. Whoever shows one to you cannot make one up: "
            "check the signature with the platform's public keys, without asking anybody else."
        ),
    )
    yield tag(
        "ul",
        tag("li", tag("a", say("The statement of protection"), href=f"{base}/storefronts/{member_id}/badge")),
        tag("li", tag("a", say("The statement of membership"), href=f"{base}/storefronts/{member_id}/channel-badge")),
        tag("li", tag("a", say("The statement of integrity"), href=f"{base}/storefronts/{member_id}/integrity")),
        tag("li", tag("a", say("The platform's public keys"), href=f"{base}/badge-keys")),
        tag("li", tag("a", say("The script that checks them"), href=f"{base_url}{PATH}verify_badge.py")),
    )
    yield tag("p", say("With Python, offline but for the three files:"))
    yield tag(
        "pre",
        tag(
            "code",
            f"curl -s {base}/badge-keys > keys.json\n"
            f"curl -s {base_url}{PATH}verify_badge.py > verify_badge.py\n"
            f"curl -s {base}/storefronts/{member_id}/channel-badge > badge.json\n"
            "python3 verify_badge.py keys.json < badge.json\n"
            f"curl -s {base}/storefronts/{member_id}/badge | python3 verify_badge.py keys.json protection\n"
            f"curl -s {base}/storefronts/{member_id}/integrity | python3 verify_badge.py keys.json integrity",
        ),
        tabindex="0",
    )
    yield tag(
        "p", say("The first line it prints is the status. Only VALID vouches for anything, and only until it expires.")
    )
