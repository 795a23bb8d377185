"""Figures of channels: counted from the journal as it is told, and shown against the targets."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.records import figures as records
from chalicelib.channels.rules import figures as rules
from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.service import reading
from chalicelib.channels.views.figures import FiguresQuery, FiguresView, view
from chalicelib.shared import fx
from chalicelib.shared.errors import Malformed, NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import month_of
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

MOST_DAYS = 366


class BadFiguresWindow(Malformed):
    code = "bad_figures_window"
    title = "That is not a window of figures."
    fix = "Ask from one date up to a later one, at most 366 days; ask again for more."


def follow(entry: Entry, now: datetime) -> None:
    """Count an entry on its day. Once, whenever and however often it is told."""
    fact = rules.fact_of(entry)
    if fact is None:
        return
    number = fact.number
    if fact.currency and (channel := reading.load(fact.channel_id, now)):
        number = _converted(number, fact.currency, channel.terms.band.currency, fact.day)
    records.add(entry.entry_id, fact, number, now)


def figures(channel_id: str, query: FiguresQuery, request: RequestContext) -> FiguresView:
    """Day by day, for officers and the channel's agencies. BadFiguresWindow."""
    channel = _seen(channel_id, request)
    if not 1 <= (query.end - query.start).days <= MOST_DAYS:
        raise BadFiguresWindow(
            say("A question covers 1 to {most_days} days.", most_days=MOST_DAYS), param="to", maximum=MOST_DAYS
        )
    before = records.levels_before(channel_id, month_of(query.start))
    days = records.between(channel_id, query.start.replace(day=1), query.end)
    return view(channel, rules.through(before, days, query.start, query.end), request.now)


def _seen(channel_id: str, request: RequestContext) -> Channel:
    loaded, actor = CHANNELS.read(channel_id, request)
    if actor == "public":
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=channel_id))
    return loaded.state


def _converted(minor: int, of: str, to: str, day: date) -> int:
    """At the table rates of the day's month, rounded once."""
    return minor if of == to else fx.across(minor, fx.quote(of, day), fx.quote(to, day))
