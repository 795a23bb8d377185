"""Consents as an aggregate."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.records.consents import REPOSITORY
from chalicelib.credit.rules.consent import MACHINE, Actor, Consent, Context
from chalicelib.credit.views.consents import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(consent: Consent, caller: Caller) -> Actor | None:
    """A firm's consents are its own and officers'. Banks see what is consented to, not the consent."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(consent.firm_id) else None


CONSENTS: Final = Aggregate[Consent, Context, Actor](
    name="consents",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda consents, now: [() for _ in consents],
    actor_of=actor_of,
    view=view,
)
