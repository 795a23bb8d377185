"""What a case may be about: each kind is read as its own slice shows it, so whoever cannot see it opens no case about it; and which bank hears of a hardship."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, SETTLEMENTS
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import operations as banks_operations
from chalicelib.cases.aggregate import CASES
from chalicelib.cases.rules.case import Kind, Subject, SubjectKind
from chalicelib.claims.service import reading as claims_reading
from chalicelib.credit.aggregate.applications import APPLICATIONS
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.deposits.service import reading as deposits_reading
from chalicelib.exports.service import reading as exports_reading
from chalicelib.firms.service import reading as firms_reading
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.service import reading as groups_reading
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS
from chalicelib.loans.aggregate import LOANS
from chalicelib.members import service as members
from chalicelib.monitoring.aggregate import ALERTS
from chalicelib.orders.service import reading as orders_reading
from chalicelib.recoveries.service import reading as recoveries_reading
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.suppliers.service import reading as suppliers_reading
from chalicelib.suppliers.views.programme import SupplierQuery


@cache
def _of_above(home: str, kind: str) -> Aggregate[Any, Any, Any]:
    """What reads things of a slice that knows this one. It is imported with the first case about one of them, and so in no circle."""
    machines = import_module(f"chalicelib.{home}.declared").MACHINES
    aggregate: Aggregate[Any, Any, Any] = next(
        each.aggregate for each in machines if each.rules and each.rules.table.kind == kind
    )
    return aggregate


READERS: Final[Mapping[SubjectKind, Callable[[str, RequestContext], object]]] = {
    "order": orders_reading.order,
    "claim": claims_reading.claim,
    "recovery": recoveries_reading.recovery,
    "deposit": deposits_reading.deposit,
    "supplier": lambda member_id, request: suppliers_reading.find(member_id, SupplierQuery(), request),
    "member": lambda member_id, request: members.find(member_id, request.caller),
    "firm": firms_reading.firm,
    "declaration": exports_reading.show,
    "bank_instruction": banks_operations.instruction,
    "bank_event": banks_inbox.shown,
    "credit_application": APPLICATIONS.read,
    "credit_line": LINES.read,
    "guarantee_group": GROUPS.read,
    "guarantee_call": CALLS.read,
    "member_claim": MEMBER_CLAIMS.read,
    "guarantee_seat": groups_reading.seat,
    "loan": LOANS.read,
    "alert": ALERTS.read,
    "payment": ACQUIRER_PAYMENTS.read,
    "settlement": SETTLEMENTS.read,
    "sanction": lambda sanction_id, request: _of_above("conduct", "sanction").read(sanction_id, request),
    "reconciliation_item": lambda item_id, request: _of_above("reconciliation", "reconciliation_item").read(
        item_id, request
    ),
    "case": CASES.read,
}


LENT: Final[Mapping[SubjectKind, Aggregate[Any, Any, Any]]] = {
    "credit_line": LINES,
    "loan": LOANS,
    "guarantee_call": CALLS,
    "alert": ALERTS,
}
"""What a bank has lent, or asks for: a hardship about it is routed to that bank."""


def require_visible(about: Subject, customer_id: str, request: RequestContext) -> None:
    """NotFound where the customer, or officers where there is none, cannot see it."""
    seen_by = replace(request, caller=Caller(sub=customer_id, role="member")) if customer_id else request
    READERS[about.kind](about.id, seen_by)


def lender_of(kind: Kind, about: Subject) -> str:
    """The bank that a case is routed to; empty where none is."""
    aggregate = LENT.get(about.kind) if kind == "hardship" else None
    state = aggregate.repository.load(about.id) if aggregate else None
    return state.bank_id if state else ""
