"""What a month must come to for a seller, worked out a second time from the announcement, and from nothing of ours.

A seller is told in plain values; the rulebook is the file as it is published. The text followed is the design's section 1 (algorithm), section 3
(defaults) and section 4 (edge cases): no clamp but that of 2023, no window but thirty days.
"""

from __future__ import annotations

from typing import Any, NamedTuple

THIRTY_DAYS = 30


class Seller(NamedTuple):
    """A deposit in plain values. Money in fen, days by their ordinals, instants in seconds of any epoch.

    `days`: (day, [(category, orders, amount)]). `risks`: (class, amount, from, until or None). `insured`: (amount, what of it
    has been used, from, until).
    """

    status: str
    awaiting_first_trade: bool
    base: int
    available: int
    frozen: int
    days: list[tuple[int, list[tuple[str, int, int]]]]
    risks: list[tuple[str, int, int, int | None]]
    specials: list[int]
    insured: list[tuple[int, int, int, int]]


class Expected(NamedTuple):
    skipped: str
    orders: int
    category: str
    raw: int
    base: int
    in_debt: bool
    clause: str
    awaits_first_trade_again: bool
    arrears: int
    releasable: int


def expected(seller: Seller, book: dict[str, Any], day_of_cut_off: int, cut_off: int) -> Expected:
    rest = _risk(seller, book, cut_off) + sum(seller.specials)
    insured = sum(minor - used for minor, used, begins, ends in seller.insured if begins <= cut_off < ends)
    held = seller.available + seller.frozen
    need_before = seller.base + rest - min(insured, seller.base)
    if seller.status != "open" or seller.awaiting_first_trade:
        why = "awaiting_first_trade" if seller.status == "open" else "closed"
        arrears, free = max(0, need_before - held), max(0, held - need_before)
        return Expected(why, 0, "", 0, seller.base, arrears > 0, "", False, arrears, min(seller.available, free))
    in_debt = need_before > held
    sold = _window(seller, day_of_cut_off)
    orders = sum(count for count, _ in sold.values())
    category = _higher(sold, orders, book)
    raw = _amount(book, category, orders)
    base = max(raw, seller.base) if in_debt else min(raw, seller.base)
    clause = "none" if base == raw else "floor" if in_debt else "ceiling"
    need = base + rest - min(insured, base)
    return Expected(
        "",
        orders,
        category,
        raw,
        base,
        in_debt,
        clause,
        orders == 0 and base == 0,
        max(0, need - held),
        min(seller.available, max(0, held - need)),
    )


def _window(seller: Seller, end: int) -> dict[str, tuple[int, int]]:
    sold: dict[str, tuple[int, int]] = {}
    for day, categories in seller.days:
        if end - THIRTY_DAYS <= day < end:
            for category, orders, amount in categories:
                before = sold.get(category, (0, 0))
                sold[category] = (before[0] + orders, before[1] + amount)
    return sold


def _higher(sold: dict[str, tuple[int, int]], orders: int, book: dict[str, Any]) -> str:
    """The largest amount; then the most orders; then the lower deposit; then the name."""
    best = ""
    for category, (count, amount) in sold.items():
        if count <= 0:
            continue
        rank = (-amount, -count, _amount(book, category, orders), category)
        if not best or rank < (-sold[best][1], -sold[best][0], _amount(book, best, orders), best):
            best = category
    return best


def _amount(book: dict[str, Any], category: str, orders: int) -> int:
    if orders <= 0:
        return 0
    group = book["groups"][book["categories"].get(category, book["default_group"])]
    for tier, amount in zip(book["tiers"], group["amounts_minor"], strict=True):
        if tier["from"] <= orders and (tier["to"] is None or orders <= tier["to"]):
            return int(amount)
    raise ValueError(f"no tier holds {orders} orders")


def _risk(seller: Seller, book: dict[str, Any], cut_off: int) -> int:
    """Of each class the highest, the classes added, never more than the cap."""
    highest: dict[str, int] = {}
    for name, minor, begins, ends in seller.risks:
        if begins <= cut_off and (ends is None or cut_off < ends):
            highest[name] = max(minor, highest.get(name, 0))
    return min(int(book["risk_cap_minor"]), sum(highest.values()))
