"""Looking at suppliers: one, many, and what would raise a limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

import msgspec

from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.shared import fx, pages
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import programme
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED, CoverPosition
from chalicelib.suppliers.rules.penalties import Penalty
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.rules.simulation import Extras, plus
from chalicelib.suppliers.service import countries, evaluation
from chalicelib.suppliers.views import programme as views
from chalicelib.suppliers.views.qualification import QualificationView, SimulationRequest, SimulationView, simulation


def find(member_id: str, query: views.SupplierQuery, request: RequestContext) -> views.SupplierView:
    """A supplier as itself or an officer sees it, with what its qualification would be; a member that never joined has one too."""
    member, supplier, position = _seen(member_id, request.caller)
    supplier = programme.as_of(supplier, evaluation.point_terms(request.now), request.now)
    evaluated = evaluation.evaluate(supplier, *evaluation.day_and_moment(query.as_of, request))
    jurisdiction = countries.shown(member, position, request)
    return _view(supplier, position, member.name, request.caller, request.now, evaluated.view(), jurisdiction)


def listed(query: views.SuppliersQuery, request: RequestContext) -> Page[views.SupplierView]:
    """All that ever joined, or those of one status."""
    of = f"suppliers:{query.status}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None

    def load(names: list[str]) -> dict[str, tuple[Supplier, CoverPosition, str | None]]:
        known = members.readable(names)
        suppliers = records.load_listed(names)
        return {name: (*position, known[name].name if name in known else None) for name, position in suppliers.items()}

    def show(supplier: tuple[Supplier, CoverPosition, str | None]) -> views.SupplierView | None:
        is_wanted = query.status in (None, supplier[1].status)
        return _view(*supplier, request.caller, request.now) if is_wanted else None

    places = ((name, name) for name in records.names(query.status, after))
    return pages.filtered(places, load, show, query, request, of)


def appeals(query: views.AppealsQuery, request: RequestContext) -> Page[views.PenaltyAppealView]:
    """Appeals against penalties: those of a supplier, or all that are open, supplier by supplier in the order of their first deadlines."""
    of = f"appeals:{query.supplier_id}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = (
        _appeals_of(query.supplier_id, after, request.now) if query.supplier_id else _open_appeals(after, request.now)
    )

    @pages.isolated
    def seen(appeal: tuple[Supplier, Penalty]) -> views.PenaltyAppealView | None:
        return views.appeal_view(*appeal, request.caller, request.now)

    return pages.fill(places, seen, query.limit, caller=request.caller, of=of)


def simulate(member_id: str, body: SimulationRequest, request: RequestContext) -> SimulationView:
    """The decision of today, and the same decision with something added."""
    _, supplier, _ = _seen(member_id, request.caller)
    today = business_date(request.now)
    gmv = fx.quote(body.gmv.currency, today).convert(body.gmv.minor(param="gmv.amount")) if body.gmv else 0
    fields = msgspec.structs.asdict(body)
    del fields["gmv"]
    before = evaluation.evaluate(supplier, today, request.now)
    after = before.on(plus(before.decision.inputs, Extras(gmv_minor=gmv, **fields)))
    return simulation(before.view(), after.view(), after.qualification.limit_minor - before.qualification.limit_minor)


def _open_appeals(after: Any, now: datetime) -> Iterator[tuple[Any, tuple[Supplier, Penalty]]]:
    """Supplier by supplier: it goes on with the rest of the one at whose place it stopped, behind one of its penalties."""
    place, last = after or (None, "")
    begun = pages.place_after(place)
    for at in chain([begun] if begun else [], records.with_appeals(begun)):
        for penalty_id, appeal in _appeals_of(at[2], last if at == begun else "", now):
            if appeal[1].decided_by:
                yield (at, penalty_id), appeal


def _appeals_of(supplier_id: str, after: str | None, now: datetime) -> Iterator[tuple[str, tuple[Supplier, Penalty]]]:
    """Those of a supplier, from behind a penalty on."""
    if loaded := records.load(supplier_id):
        supplier = programme.as_of(loaded[0], evaluation.point_terms(now), now)
        appealed = sorted((each for each in supplier.penalties if each.appeal), key=lambda each: each.id)
        yield from ((penalty.id, (supplier, penalty)) for penalty in appealed if penalty.id > (after or ""))


def _seen(member_id: str, caller: Caller) -> tuple[Member, Supplier, CoverPosition]:
    member = members.find(member_id, caller)
    loaded = records.load(member_id)
    if loaded:
        return member, *loaded
    return member, programme.non_member(member_id, member.created_at), CoverPosition(status=NOT_ENROLLED)


def _view(
    supplier: Supplier,
    position: CoverPosition,
    name: str | None,
    caller: Caller,
    now: datetime,
    qualification: QualificationView | None = None,
    jurisdiction: views.JurisdictionView | None = None,
) -> views.SupplierView:
    decided = evaluation.shown_again(supplier.decision).view() if supplier.decision else None
    terms = evaluation.point_terms(now)
    return views.view(
        supplier,
        position,
        terms,
        caller=caller,
        now=now,
        decision=decided,
        name=name,
        qualification=qualification,
        jurisdiction=jurisdiction,
    )
