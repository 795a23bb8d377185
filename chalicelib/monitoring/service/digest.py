"""A bank's daily digest: what began on a business day, in numbers. Red alerts it has heard of at once."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.banks.service import feeds
from chalicelib.loans.service import portfolios
from chalicelib.monitoring.bank_messages import DIGEST
from chalicelib.monitoring.records import alerts as records
from chalicelib.monitoring.views.digest import DigestQuery, DigestsView, DigestView
from chalicelib.shared.request import RequestContext


def send(day: date, now: datetime) -> int:
    """Tell each bank of which an alert began on a business day how many did: how many banks those are. Once or many times."""
    sent = 0
    for bank_id in portfolios.banks(now):
        digest = of_bank(bank_id, day)
        if digest.amber or digest.red:
            data = {"day": day, "amber": digest.amber, "red": digest.red}
            feeds.tell(bank_id, DIGEST, data, of=f"digest:{day}", at=now, now=now)
            sent += 1
    return sent


def of_bank(bank_id: str, day: date) -> DigestView:
    began = sorted(records.began(bank_id, day).items())
    amber, red = ({rule: number for (level, rule), number in began if level == wanted} for wanted in ("amber", "red"))
    return DigestView(bank_id=bank_id, amber=amber, red=red)


def show(query: DigestQuery, request: RequestContext) -> DigestsView:
    """A bank's own; for officers those of one bank or of all."""
    wanted = request.caller.bank_id or query.bank_id
    is_own = query.bank_id in (None, wanted)
    banks = [bank_id for bank_id in portfolios.banks(request.now) if is_own and wanted in (None, bank_id)]
    return DigestsView(day=query.day, digests=[of_bank(bank_id, query.day) for bank_id in banks])
