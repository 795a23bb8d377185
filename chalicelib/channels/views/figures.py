"""A channel's figures by day: as a document, as a file and as a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import Final

import msgspec

from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.figures import Counts, Day
from chalicelib.channels.views.channel import TargetsView
from chalicelib.shared import csv_files
from chalicelib.shared.money import Money, divide
from chalicelib.shared.periods import wire
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.texts import Text, in_language, say
from chalicelib.shared.views import view_of

COLUMNS: Final = ("day", "suppliers", "listings", "orders", "paid", "refunded", "claims", "currency", "as_of")
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 10, 200, 40


class FiguresQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A window of Shanghai dates: from the first up to but not including the last, at most 366 days."""

    start: BookDay = msgspec.field(name="from")
    end: BookDay = msgspec.field(name="to")


class DayView(msgspec.Struct, frozen=True, kw_only=True):
    """A day: suppliers with a valid badge and published listings as it ended; what was ordered, paid, refunded and claimed on it.

    `of_target_bp` is what was paid of the day's target, in hundredths of a percent. `changed_at` is when a figure of the day last changed;
    null where nothing was ever counted.
    """

    day: date
    suppliers: int
    listings: int
    orders: int
    paid: Money
    refunded: Money
    claims: int
    of_target_bp: int | None
    changed_at: datetime | None


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel comes to, by Shanghai day, beside its targets. Late facts change the day they belong to: `as_of` says how it stands when."""

    channel_id: str
    name: str
    as_of: datetime
    targets: TargetsView
    days: list[DayView]
    orders: int
    paid: Money
    refunded: Money
    claims: int


def view(channel: Channel, days: Iterable[Day], now: datetime) -> FiguresView:
    currency, targets = channel.terms.band.currency, channel.terms.targets
    shown = list(days)
    total = sum((each.counts for each in shown), Counts())
    return FiguresView(
        channel_id=channel.id,
        name=channel.name,
        as_of=now,
        targets=view_of(TargetsView, targets, currency),
        days=[_day(each, currency, targets.paid_a_day_minor) for each in shown],
        orders=total.orders,
        paid=Money.of(total.paid_minor, currency),
        refunded=Money.of(total.refunded_minor, currency),
        claims=total.claims,
    )


def _day(each: Day, currency: str, target_minor: int) -> DayView:
    paid = each.counts.paid_minor
    return view_of(
        DayView,
        each.counts,
        currency,
        day=each.day,
        of_target_bp=divide(paid * 10_000, target_minor) if target_minor else None,
        changed_at=each.changed_at,
    )


def as_csv(figures: FiguresView) -> bytes:
    rows = (
        (
            str(each.day),
            each.suppliers,
            each.listings,
            each.orders,
            each.paid.amount,
            each.refunded.amount,
            each.claims,
            each.paid.currency,
            wire(figures.as_of),
        )
        for each in figures.days
    )
    return csv_files.written([COLUMNS, *rows])


def draw(figures: FiguresView, language: str) -> str:
    """A bar for what was paid each day, and a line at the target. No script, no link, no outside request; a reader hears title and description."""
    heights = [each.of_target_bp or 0 for each in figures.days]
    top = max([10_000, *heights])
    target = _y(10_000, top)
    first, last = figures.days[-1].suppliers, figures.days[-1].listings
    days = say(
        "{name}: paid a day, {since} to {until}",
        name=figures.name,
        since=figures.days[0].day,
        until=figures.days[-1].day,
    )
    title = _shown(days, language)
    sums = say(
        "{amount} {currency} paid, {orders} orders, {claims} claims; {suppliers} of {suppliers_wanted} suppliers, "
        "{listings} of {listings_wanted} listings; as of {as_of}",
        amount=figures.paid.grouped,
        currency=figures.paid.currency,
        orders=figures.orders,
        claims=figures.claims,
        suppliers=first,
        suppliers_wanted=figures.targets.suppliers,
        listings=last,
        listings_wanted=figures.targets.listings,
        as_of=wire(figures.as_of),
    )
    figures_text, goal = _shown(sums, language), figures.targets.paid_a_day
    wanted = _shown(say("{amount} {currency} a day", amount=goal.grouped, currency=goal.currency), language)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="figures-title figures-text">'
        f'<title id="figures-title">{title}</title><desc id="figures-text">{figures_text}</desc>'
        f'<g font-family="system-ui, sans-serif" fill="#1a202c"><text x="{LEFT}" y="20" font-size="13" font-weight="700">{title}</text>'
        f"{_bars(heights, top)}"
        f'<path d="M{LEFT} {target}H{WIDTH - LEFT}" stroke="#9b1c1c" stroke-dasharray="4 3"/>'
        f'<text x="{LEFT}" y="{target - 4}" font-size="10" fill="#9b1c1c">{wanted}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 14}" font-size="10">{figures_text}</text></g></svg>'
    )


def _shown(text: Text, language: str) -> str:
    return escape(in_language(text, language))


def _bars(heights: Sequence[int], top: int) -> str:
    step = (WIDTH - 2 * LEFT) / len(heights)
    return "".join(
        f'<rect x="{LEFT + number * step:.1f}" y="{_y(height, top)}" width="{max(step - 1, 0.5):.1f}" height="{BOTTOM - _y(height, top)}" fill="#1b6e3c"/>'
        for number, height in enumerate(heights)
        if height
    )


def _y(height: int, top: int) -> int:
    return BOTTOM - height * (BOTTOM - TOP) // top
