"""Looking at suppliers: one, many, and what would raise a limit."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.members import service as members
from chalicelib.shared import fx, pages
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, Request
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import programme
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED, Standing
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.rules.simulation import Extras, plus
from chalicelib.suppliers.service import evaluation
from chalicelib.suppliers.views.programme import SupplierQuery, SuppliersQuery, SupplierView, view
from chalicelib.suppliers.views.qualification import QualificationView, SimulationAsked, SimulationView, simulation


def find(member_id: str, query: SupplierQuery, request: Request) -> SupplierView:
    """A supplier as itself or an officer sees it, with what its qualification would be; a member that never joined has one too."""
    supplier, standing = _seen(member_id, request.caller)
    supplier = programme.as_of(supplier, evaluation.point_terms(request.now), request.now)
    made = evaluation.evaluate(supplier, *evaluation.day_and_moment(query.as_of, request))
    return _view(supplier, standing, request.caller, request.now, made.view())


def listed(query: SuppliersQuery, request: Request) -> Page[SupplierView]:
    """All that ever joined, or those of one status."""
    of = f"suppliers:{query.status}"
    after = pages.unseal(query.cursor, request.caller, of) if query.cursor else None
    kept = records.in_status(query.status, after) if query.status else records.every(after)

    @pages.isolated
    def seen(told: tuple[Supplier, Standing]) -> SupplierView | None:
        return _view(*told, request.caller, request.now)

    found = (shown for told in kept if (shown := seen(told)))
    return pages.page(found, query.limit, position=lambda shown: shown.id, caller=request.caller, of=of)


def simulate(member_id: str, asked: SimulationAsked, request: Request) -> SimulationView:
    """The decision of today, and the same decision with something added."""
    supplier, _ = _seen(member_id, request.caller)
    today = business_date(request.now)
    gmv = fx.quote(asked.gmv.currency, today).convert(asked.gmv.minor(param="gmv.amount")) if asked.gmv else 0
    told = msgspec.structs.asdict(asked)
    del told["gmv"]
    before = evaluation.evaluate(supplier, today, request.now)
    after = before.on(plus(before.decision.inputs, Extras(gmv_minor=gmv, **told)))
    return simulation(before.view(), after.view(), after.made.limit_minor - before.made.limit_minor)


def _seen(member_id: str, caller: Caller) -> tuple[Supplier, Standing]:
    member = members.find(member_id, caller)
    return records.load(member_id) or (
        programme.outsider(member_id, member.created_at),
        Standing(status=NOT_ENROLLED),
    )


def _view(
    supplier: Supplier,
    standing: Standing,
    caller: Caller,
    now: datetime,
    qualification: QualificationView | None = None,
) -> SupplierView:
    decided = evaluation.shown_again(supplier.decision).view() if supplier.decision else None
    terms = evaluation.point_terms(now)
    return view(supplier, standing, terms, caller=caller, now=now, decision=decided, qualification=qualification)
