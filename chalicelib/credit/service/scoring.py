"""A firm's score: what is known of it is read, and the card of a day says what that comes to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.credit.records import histories, peers
from chalicelib.credit.rules import peers as peer_rules
from chalicelib.credit.rules import scorecard, scoring
from chalicelib.credit.rules.peers import NO_RANKS, Compared, PeerFigures, Ranks
from chalicelib.credit.rules.scorecard import Card, Figures, Score
from chalicelib.credit.rules.scoring import YEAR_MONTHS, Known
from chalicelib.credit.service import exposure
from chalicelib.daybook.service import recording
from chalicelib.exports.service import reading as exports_reading
from chalicelib.firms.rules.firm import Firm
from chalicelib.firms.rules.seeking import division
from chalicelib.firms.service import reading as firms_reading
from chalicelib.shared import fx, policies
from chalicelib.shared.periods import month_of, months_before
from chalicelib.shared.policies import Policy

POLICY: Final = "scorecard"


def score(member_id: str, on: date) -> tuple[Score, Policy]:
    """The score of a firm on a date, and the card that was in force on it."""
    figures, in_force = measure(member_id, on)
    return scorecard.score(figures, in_force.read_as(Card)), in_force


def measure(member_id: str, on: date) -> tuple[Figures, Policy]:
    """The figures of a firm by what is known now of the days before a date, and the card that was in force on it."""
    in_force = policies.in_force(POLICY, on)
    return scoring.figures(_known(member_id, on, in_force.read_as(Card))), in_force


def compare(member_id: str, period: str, on: date) -> bool:
    """Keep what of a firm is compared with its peers in a month. False where it has no profile, or nothing to compare."""
    firm = firms_reading.profile(member_id)
    if firm is None:
        return False
    figures = scoring.peer_figures(_traded(member_id, on))
    peers.keep(period, member_id, Compared(figures=figures, groups=_groups(firm)))
    return figures != PeerFigures()


def group(period: str) -> int:
    """What the groups of a month come to, when every firm is compared. Returns how many there are."""
    groups = peer_rules.counted(peers.compared(period))
    peers.keep_groups(period, groups)
    return len(groups)


def _known(member_id: str, on: date, card: Card) -> Known:
    firm, traded = firms_reading.profile(member_id), _traded(member_id, on)
    lines = exposure.active_lines(member_id)
    return replace(
        traded,
        firm=firm,
        capital=_capital(firm, on) if firm else None,
        lines_minor=sum(line.position.limit_minor for line in lines),
        used_minor=sum(line.position.used_minor for line in lines),
        pasts=histories.of_member(member_id),
        ranks=_ranks(firm, scoring.peer_figures(traded), on, card.least_peers) if firm else NO_RANKS,
    )


def _traded(member_id: str, on: date) -> Known:
    """Twelve months of days: of trades where any is known, and of exports."""
    since, half = months_before(on, YEAR_MONTHS), months_before(on, YEAR_MONTHS // 2)
    return Known(
        on=on,
        days=recording.rows(member_id, since, on),
        exports=(*exports_reading.days(member_id, since, half), *exports_reading.days(member_id, half, on)),
        has_traded=recording.has_history(member_id),
    )


def _ranks(firm: Firm, now: PeerFigures, on: date, least: int) -> Ranks:
    """By the groups of the date's month, or of the month before where those are not there yet."""
    periods = (month_of(on), month_of(on.replace(day=1) - timedelta(days=1)))
    own, groups = peers.load(periods, firm.id, _groups(firm))
    return peer_rules.ranks(own.figures if own else now, own is not None, groups, least)


def _groups(firm: Firm) -> tuple[str, ...]:
    return peer_rules.groups_of(firm.industry, division(firm), firm.region, firm.size)


def _capital(firm: Firm, on: date) -> int | None:
    """Paid-in capital in whole yuan at the table rate of the day; None where there is none."""
    try:
        mine, yuan = fx.quote(firm.currency, on), fx.quote(fx.DEPOSIT_CURRENCY, on)
    except fx.NoRate:
        return None
    return fx.across(firm.paid_in_capital_minor, mine, yuan) // 100
