"""The slices that have routes, in the order in which the document lists them.

`app.py` knows their routes from `route_table.py` without importing them; the document and the tests import all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from chalicelib.shared.http import Routes
from chalicelib.shared.settings import settings

MODULES: Final = (
    "chalicelib.members.routes",
    "chalicelib.daybook.routes",
    "chalicelib.firms.routes",
    "chalicelib.exports.routes",
    "chalicelib.trainings.routes",
    "chalicelib.runs.routes",
    "chalicelib.suppliers.routes",
    "chalicelib.deposits.rulebooks.routes",
    "chalicelib.deposits.routes",
    "chalicelib.deposits.monthly.routes",
    "chalicelib.channels.routes.channels",
    "chalicelib.channels.routes.nominations",
    "chalicelib.channels.routes.memberships",
    "chalicelib.channels.routes.figures",
    "chalicelib.recoveries.routes",
    "chalicelib.loans.routes",
    "chalicelib.listings.routes",
    "chalicelib.quotes.routes",
    "chalicelib.orders.routes",
    "chalicelib.orders.placing_routes",
    "chalicelib.orders.payout_routes",
    "chalicelib.claims.routes",
    "chalicelib.acquiring.routes",
    "chalicelib.receivables.routes",
    "chalicelib.groups.routes.groups",
    "chalicelib.groups.routes.sheets",
    "chalicelib.credit.routes.products",
    "chalicelib.credit.routes.applications",
    "chalicelib.credit.routes.offers",
    "chalicelib.credit.routes.limits",
    "chalicelib.credit.routes.debts",
    "chalicelib.credit.routes.lines",
    "chalicelib.credit.routes.consents",
    "chalicelib.credit.routes.persons",
    "chalicelib.credit.routes.pre_offers",
    "chalicelib.credit.routes.scores",
    "chalicelib.conduct.routes.integrity",
    "chalicelib.conduct.routes.sanctions",
    "chalicelib.conduct.routes.peer_reports",
    "chalicelib.monitoring.routes.alerts",
    "chalicelib.monitoring.routes.shadows",
    "chalicelib.guarantees.routes.calls",
    "chalicelib.guarantees.routes.member_claims",
    "chalicelib.guarantees.routes.pools",
    "chalicelib.guarantees.routes.simulations",
    "chalicelib.guarantees.routes.contagion",
    "chalicelib.cases.routes",
    "chalicelib.reconciliation.routes",
    "chalicelib.banks.routes",
    "chalicelib.bank_events.routes",
    "chalicelib.webhooks.routes",
    "chalicelib.ledger.routes",
    "chalicelib.dead_letters.routes",
    "chalicelib.office.routes.work",
    "chalicelib.office.routes.search",
    "chalicelib.office.routes.suggestions",
    "chalicelib.office.routes.entries",
    "chalicelib.showcase.routes",
    "chalicelib.office.routes.overview",
    "chalicelib.office.routes.reports",
    "chalicelib.office.routes.event_types",
    "chalicelib.reference.routes",
    "chalicelib.documentation.routes",
    "chalicelib.console.routes",
)
SANDBOX: Final = ("chalicelib.sandbox.routes", "chalicelib.sandbox.bank_routes")
"""Elsewhere their endpoints are not there at all."""


def load(module: str) -> Routes:
    """The routes of a slice. The first request for one of them imports it."""
    return cast(Routes, import_module(module).routes)


def every() -> list[Routes]:
    """The routes of all slices of this stage, imported."""
    return [load(module) for module in (*MODULES, *(SANDBOX if settings().sandbox else ()))]
