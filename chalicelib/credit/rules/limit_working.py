"""The arithmetic of a limit as a person would write it down: what is checked with a calculator. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from chalicelib.credit.rules.limit import Limit, Reason
from chalicelib.credit.rules.products import LimitTerms
from chalicelib.shared.money import grouped
from chalicelib.shared.texts import Text, listed, say

_WHY: Final[Mapping[Reason, Text]] = {
    "EXPORT_BELOW_MIN": say("too little exported through the platform"),
    "TOO_FEW_DEALS": say("too few orders"),
}


def working(limit: Limit, terms: LimitTerms) -> Iterator[Text]:
    """A line for each step, in the order in which they are taken."""
    yield say("window = {first} to {last}", first=limit.since, last=limit.as_of - timedelta(days=1))
    yield say(
        "counted = {platform} USD through the platform - {related} related - {one_buyer} of one buyer - {disputed} disputed = {counted}",
        platform=_shown(limit.platform_usd_minor),
        related=_shown(limit.deductions.related_usd_minor),
        one_buyer=_shown(limit.deductions.one_buyer_usd_minor),
        disputed=_shown(limit.deductions.disputes_usd_minor),
        counted=_shown(limit.usd_6m_minor),
    )
    counted, least = _shown(limit.usd_6m_minor), _shown(terms.least_usd_minor)
    if limit.missing_usd_minor:
        yield say("{counted} USD is below {least}", counted=counted, least=least)
    else:
        yield say("{counted} USD is not below {least}", counted=counted, least=least)
    if terms.min_deals:
        yield say("{deals} orders; {needed} are needed", deals=limit.deals, needed=terms.min_deals)
    yield say(
        "raw limit = ({counted} + {elsewhere} verified elsewhere × {part}) × {per_usd} = {raw}",
        counted=counted,
        elsewhere=_shown(limit.elsewhere_usd_minor),
        part=terms.elsewhere,
        per_usd=terms.per_usd,
        raw=_shown(limit.raw_minor),
    )
    capped = _shown(limit.capped_minor)
    yield say(
        "{raw}, at most {most} = {capped}", raw=_shown(limit.raw_minor), most=_shown(terms.most_minor), capped=capped
    )
    if limit.reasons:
        yield say("limit = 0.00, because of: {reasons}", reasons=listed(_WHY[each] for each in limit.reasons))
    else:
        step, whole = _shown(terms.step_minor), _shown(limit.limit_minor)
        yield say("limit = {capped} down to whole {step} = {limit}", capped=capped, step=step, limit=whole)


def _shown(minor: int) -> str:
    return grouped(minor, "USD")
