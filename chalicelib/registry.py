"""What the slices declare, together."""

from __future__ import annotations

from typing import Final

from chalicelib.acquiring.declared import MACHINES as ACQUIRING
from chalicelib.bank_events.declared import MACHINES as BANK_EVENTS
from chalicelib.banks.declared import MACHINES as BANKS
from chalicelib.cases.declared import MACHINES as CASES
from chalicelib.channels.declared import MACHINES as CHANNELS
from chalicelib.claims.declared import MACHINES as CLAIMS
from chalicelib.conduct.declared import MACHINES as CONDUCT
from chalicelib.credit.declared import MACHINES as CREDIT
from chalicelib.deposits.declared import MACHINES as DEPOSITS
from chalicelib.firms.declared import MACHINES as FIRMS
from chalicelib.groups.declared import MACHINES as GROUPS
from chalicelib.guarantees.declared import MACHINES as GUARANTEES
from chalicelib.listings.declared import MACHINES as LISTINGS
from chalicelib.loans.declared import MACHINES as LOANS
from chalicelib.monitoring.declared import MACHINES as MONITORING
from chalicelib.orders.declared import MACHINES as ORDERS
from chalicelib.quotes.declared import MACHINES as QUOTES
from chalicelib.receivables.declared import MACHINES as RECEIVABLES
from chalicelib.reconciliation.declared import MACHINES as RECONCILIATION
from chalicelib.recoveries.declared import MACHINES as RECOVERIES
from chalicelib.runs.declared import MACHINES as RUNS
from chalicelib.shared.machines import Machine
from chalicelib.suppliers.declared import MACHINES as SUPPLIERS
from chalicelib.trainings.declared import MACHINES as TRAININGS
from chalicelib.webhooks.declared import MACHINES as DELIVERIES

MACHINES: Final[tuple[Machine, ...]] = (
    *ORDERS,
    *LISTINGS,
    *QUOTES,
    *CLAIMS,
    *ACQUIRING,
    *SUPPLIERS,
    *CHANNELS,
    *RECOVERIES,
    *RECEIVABLES,
    *GROUPS,
    *CREDIT,
    *LOANS,
    *CONDUCT,
    *GUARANTEES,
    *MONITORING,
    *RECONCILIATION,
    *CASES,
    *TRAININGS,
    *FIRMS,
    *DEPOSITS,
    *BANKS,
    *BANK_EVENTS,
    *DELIVERIES,
    *RUNS,
)
"""Every state machine whose items wait for a moment."""
