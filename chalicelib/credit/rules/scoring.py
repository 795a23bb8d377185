"""From what is known of a firm to the figures of its scorecard: credit.md 8. Pure.

What a firm sells is what it was paid for by trades; of a firm without a trade in the day-book, what it exported. A quotient of which the lower number is
zero is not known, and neither is what nobody ever told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from chalicelib.credit.rules import history
from chalicelib.credit.rules.history import Past
from chalicelib.credit.rules.peers import NO_RANKS, PeerFigures, Ranks
from chalicelib.credit.rules.scorecard import Figures
from chalicelib.daybook.rules.days import DayRow
from chalicelib.exports.rules.days import ExportDay
from chalicelib.firms.rules.firm import TAX_GRADES, Firm
from chalicelib.shared.periods import business_date, months_before

WHOLE: Final = 10_000
YEAR_MONTHS: Final = 12
HALF_MONTHS: Final = 6
LOGIN_WEEKS: Final = 26
REGISTER_MONTHS: Final = 15
"""So old may be what an officer has seen in a yearly register: a year, and the time in which the next one comes."""
MOST_GROWTH: Final = 1_000_000


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a firm for a date, which is not among the days.

    `days` are those of twelve months, `exports` those of twelve. `has_traded`: trades are known, of whenever. `used_minor` is drawn of active lines'
    `lines_minor`; `capital` is what it has paid in, in whole yuan.
    """

    on: date
    firm: Firm | None = None
    capital: int | None = None
    days: Sequence[DayRow] = ()
    exports: Sequence[ExportDay] = ()
    has_traded: bool = False
    lines_minor: int = 0
    used_minor: int = 0
    pasts: Sequence[Past] = ()
    ranks: Ranks = NO_RANKS


def figures(known: Known) -> Figures:
    """The figures of a scorecard."""
    on, half = known.on, months_before(known.on, HALF_MONTHS)
    sold = _sold(known)
    recent, before = (
        sum(usd for day, usd in sold.items() if (day >= half) is is_recent) for is_recent in (True, False)
    )
    return Figures(
        **_of_firm(known.firm, on),
        paid_in_capital=known.capital,
        growth=min(MOST_GROWTH, (recent - before) * WHOLE // before) if before > 0 else None,
        active_months=_active_months(sold, on) if sold or known.has_traded else None,
        buyer_concentration=_concentration(day for day in known.exports if day.on >= half),
        dispute_rate=peer_figures(known).disputes,
        login_weeks=_login_weeks(known.days, on),
        on_time_shipping=_share(sum(day.on_time for day in known.days), sum(day.due for day in known.days)),
        loans_repaid=history.kept_share(known.pasts, "loan"),
        calls_honoured=history.kept_share(known.pasts, "share", months_before(on, history.MONTHS)),
        worst_dpd=history.worst_dpd(known.pasts, on),
        line_use=_share(known.used_minor, known.lines_minor),
        sales_rank=known.ranks.sales,
        dispute_rank=known.ranks.disputes,
    )


def peer_figures(known: Known) -> PeerFigures:
    """What of the firm is compared with its peers."""
    sold = _sold(known)
    orders = sum(count for day in known.days for count, *_ in day.orders.values())
    claims = sum(day.claims_filed for day in known.days)
    return PeerFigures(
        sales=sum(sold.values()) if sold or known.has_traded else None,
        disputes=min(WHOLE, claims * WHOLE // orders) if orders else None,
    )


def _of_firm(firm: Firm | None, on: date) -> dict[str, int | None]:
    if firm is None:
        return {}
    registers, until = firm.registers, firm.verified_until
    signers = [each for each in firm.people if each.powers and (each.powers_until is None or on <= each.powers_until)]
    since = [business_date(each.verified_at) for each in signers if each.verified_at]
    is_known = registers is not None and months_before(on, REGISTER_MONTHS) <= registers.seen_on <= on
    on_list = registers.on_court_list if registers and is_known else None
    return {
        "years_registered": max(0, on.year - firm.founded_year),
        "verification": int(firm.verified_at is not None and until is not None and on <= business_date(until)),
        "tax_grade": TAX_GRADES.index(registers.tax_grade) if registers and registers.tax_grade and is_known else None,
        "court_list": None if on_list is None else int(not on_list),
        "signer_months": _whole_months(min(since), on) if since else None,
    }


def _sold(known: Known) -> dict[date, int]:
    """US cents by day."""
    if known.has_traded:
        by_trades = {day.day: sum(usd for _, usd, _ in day.orders.values()) for day in known.days}
        return {day: usd for day, usd in by_trades.items() if usd}
    return {day.on: usd for day in known.exports if (usd := day.platform_usd_minor)}


def _active_months(sold: Iterable[date], on: date) -> int:
    """Months back from the date in which something was sold."""
    return len({_whole_months(day + timedelta(days=1), on) for day in sold})


def _concentration(days: Iterable[ExportDay]) -> int | None:
    """The sum of the squares of the buyers' shares, in ten-thousandths."""
    buyers: defaultdict[str, int] = defaultdict(int)
    for day in days:
        for line in day.lines:
            buyers[line.buyer_ref] += line.usd_minor
    bought = [usd for usd in buyers.values() if usd > 0]
    whole = sum(bought)
    return sum(usd * usd for usd in bought) * WHOLE // (whole * whole) if whole else None


def _login_weeks(days: Iterable[DayRow], on: date) -> int | None:
    """Weeks back from the date with a login. None where there is none: the firm may work by machine, or nobody told of its logins."""
    weeks = {((on - day.day).days - 1) // 7 for day in days if day.logins}
    return len([week for week in weeks if week < LOGIN_WEEKS]) or None


def _share(part: int, whole: int) -> int | None:
    return part * WHOLE // whole if whole > 0 else None


def _whole_months(since: date, on: date) -> int:
    """Whole months that have passed; none where the date lies ahead."""
    months = (on.year - since.year) * 12 + on.month - since.month
    return max(0, months if months_before(on, max(0, months)) >= since else months - 1)
