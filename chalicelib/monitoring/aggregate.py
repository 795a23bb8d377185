"""Alerts as an aggregate: what ties their machine to their table, their view, the firm's consent and its credit, and who is what to an alert."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.credit.rules.consent import DataClass
from chalicelib.credit.service import consents, exposure
from chalicelib.monitoring.records.alerts import REPOSITORY
from chalicelib.monitoring.rules.alert import Actor, Alert, Context, Policy
from chalicelib.monitoring.rules.alert_timers import MACHINE
from chalicelib.monitoring.views.alert import view
from chalicelib.shared.access import ADMIN
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.request import Caller

CLASS: Final[DataClass] = "activity"
"""The class of data that rules look at which take a consent."""


def may_hear(firm_id: str, bank_id: str, now: datetime) -> bool:
    """Whether a bank may know of a firm's activity now. Two round trips."""
    return consents.live(firm_id, bank_id, CLASS, now) is not None


def is_shared(alert: Alert, now: datetime) -> bool:
    """Whether its bank may know of it now."""
    return not alert.takes_consent or may_hear(alert.member_id, alert.bank_id, now)


def gathered(alert: Alert, context: Context, at: datetime) -> Context:
    """With whether the bank may hear of it at this moment."""
    return replace(context, is_shared=is_shared(alert, at))


def actor_of(alert: Alert, caller: Caller) -> Actor | None:
    """Its firm's, its bank's and officers'. Whether the bank may see it now, the firm's consent says besides."""
    if caller.is_officer:
        return "supervisor" if caller.has_duty(ADMIN) else "officer"
    if caller.role == "bank":
        return "bank" if caller.bank_id == alert.bank_id else None
    return "firm" if caller.is_member(alert.member_id) else None


ALERTS: Final = Aggregate[Alert, Context, Actor](
    name="alerts",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("alerts", Policy, Context),
    actor_of=actor_of,
    view=view,
    duty="risk",
    effects=exposure.HOLDS,
    gather=gathered,
    after=ringing("no supervisor sees to an alert", "alert_id", metric="AlertUnattended", on=("alert.unattended",)),
)
