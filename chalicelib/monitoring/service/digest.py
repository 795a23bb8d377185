"""A bank's daily digest: what was raised since the one before, in numbers. Red alerts it has heard of at once.

Whenever it is read or sent, it counts what firms consent to then: what a consent no longer lets be told is in no number (credit.md 17).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from chalicelib.banks.service import feeds
from chalicelib.loans.service import portfolios
from chalicelib.monitoring.aggregate import may_hear
from chalicelib.monitoring.bank_messages import DIGEST
from chalicelib.monitoring.records import alerts as records
from chalicelib.monitoring.rules.finding import NEEDS_CONSENT, Rule
from chalicelib.monitoring.views.digest import DigestQuery, DigestsView, DigestView
from chalicelib.shared.request import RequestContext


def send(day: date, now: datetime) -> int:
    """Tell each bank with an alert in a business day's digest how many are: how many banks those are. Once or many times.

    What is raised for an earlier day when its digest was sent is in the next (`Alert.digest_on`): no alert is in two, and none is in no digest.
    """
    sent = 0
    for bank_id in portfolios.banks(now):
        digest = of_bank(bank_id, day, now)
        if digest.amber or digest.red:
            data = {"day": day, "amber": digest.amber, "red": digest.red}
            feeds.tell(bank_id, DIGEST, data, of=f"digest:{day}", at=now, now=now)
            sent += 1
    return sent


def of_bank(bank_id: str, day: date, now: datetime) -> DigestView:
    may_know = cache(lambda firm_id: may_hear(firm_id, bank_id, now))
    counted = [
        each
        for each in records.in_digest(bank_id, day)
        if each.rule not in NEEDS_CONSENT or (each.member_id and may_know(each.member_id))
    ]
    amber, red = (
        dict(sorted(Counter(each.rule for each in counted if each.level == level).items()))
        for level in ("amber", "red")
    )
    return DigestView(bank_id=bank_id, amber=amber, red=red)


def may_be_told(bank_id: str, day: date, by_rule: Mapping[Rule, int], now: datetime) -> bool:
    """Whether a digest, with so many alerts of each rule, says no more than the bank may hear now. An alert that is red meanwhile is still one."""
    known = of_bank(bank_id, day, now)
    may_count = Counter(known.amber) + Counter(known.red)
    return all(count <= may_count[rule] for rule, count in by_rule.items())


def show(query: DigestQuery, request: RequestContext) -> DigestsView:
    """A bank's own; for officers those of one bank or of all."""
    wanted = request.caller.bank_id or query.bank_id
    is_own = query.bank_id in (None, wanted)
    banks = [bank_id for bank_id in portfolios.banks(request.now) if is_own and wanted in (None, bank_id)]
    return DigestsView(day=query.day, digests=[of_bank(bank_id, query.day, request.now) for bank_id in banks])
