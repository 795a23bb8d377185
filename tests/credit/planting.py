"""An application with what comes of it, straight into the tables: for tests that only look at one."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.credit.aggregate.applications import AGREEMENTS, APPLICATIONS, OFFERS, REVIEWS
from chalicelib.credit.records import packs
from chalicelib.credit.rules.agreement_handling import agreement_id
from chalicelib.credit.rules.pack import canonical
from chalicelib.credit.views.packs import ConsentPart, Document
from chalicelib.shared import clock
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Change
from tests.credit import deciding as values
from tests.credit.lining import asked


def plant(member_id: str, document_id: str) -> dict[str, str]:
    """With banks, one of which offers, and a document; and an agreement to sign, of another one. Their ids, as paths name them."""
    offer = values.offer()
    packs.REPOSITORY.put(replace(values.PACK, firm_id=member_id, document=_document(member_id)), None).row.save()
    handed_in = replace(values.with_banks(), member_id=member_id, documents=(values.handed_in(document_id),))
    application = _create(APPLICATIONS, handed_in)
    _create(REVIEWS, replace(values.offered(), member_id=member_id, offer_ids=(offer.id,)))
    _create(OFFERS, replace(offer, member_id=member_id))
    accepted = replace(values.accepted_application(), id="app_00000000000000000000000002", member_id=member_id)
    _create(APPLICATIONS, accepted)
    agreement = _create(
        AGREEMENTS,
        replace(values.agreement(), id=agreement_id(accepted.id), member_id=member_id, application_id=accepted.id),
    )
    return {"application_id": application, "credit_offer_id": offer.id, "agreement_id": agreement}


def _create(aggregate: Aggregate[Any, Any, Any], state: Any) -> str:
    """As its first version, with the entry that made it."""
    now = clock.now()
    fields = {"version": 1} | ({"seq": 1} if "seq" in state.__struct_fields__ else {})
    state = replace(state, **fields)
    happened = Event(f"{aggregate.machine.table.kind}.planted", {"member_id": state.member_id}, policy=state.policy)
    [context] = aggregate.context([state], now)
    aggregate.create(Change(state=state, event=happened, at=now), context, asked())
    return str(state.id)


def _document(member_id: str) -> str:
    """A pack of a firm of which nothing is known."""
    pack = values.PACK
    return canonical(
        Document(
            pack_id=pack.id,
            firm_id=member_id,
            made_at=pack.created_at,
            as_of=pack.as_of,
            consent=ConsentPart(id=pack.consent_id, data_classes=["exports"], until=pack.as_of),
            firm=None,
            exports=None,
            limits=None,
            deposit=None,
            programme=None,
            score=None,
            absent={},
        )
    )
