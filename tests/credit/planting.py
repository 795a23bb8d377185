"""An application with what comes of it, straight into the tables: for tests that only look at one."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.credit.records import applications as records
from chalicelib.credit.records import packs
from chalicelib.credit.rules.pack import canonical
from chalicelib.credit.views.packs import ConsentPart, Document
from tests.credit import deciding as values


def plant(member_id: str) -> dict[str, str]:
    """With banks, one of which offers; and an agreement to sign. Their ids, as paths name them."""
    offer = values.offer()
    states: list[tuple[Any, Any]] = [
        (packs.REPOSITORY, replace(values.PACK, firm_id=member_id, document=_document(member_id))),
        (records.APPLICATIONS, replace(values.with_banks(), member_id=member_id)),
        (records.REVIEWS, replace(values.offered(), member_id=member_id, offer_ids=(offer.id,))),
        (records.OFFERS, replace(offer, member_id=member_id)),
        (records.AGREEMENTS, replace(values.agreement(), member_id=member_id)),
    ]
    for repository, state in states:
        repository.put(replace(state, version=1), None).row.save()
    application, agreement = states[1][1], states[4][1]
    return {"application_id": application.id, "credit_offer_id": offer.id, "agreement_id": agreement.id}


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
            absent={},
        )
    )
