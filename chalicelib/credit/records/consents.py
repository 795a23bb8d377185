"""The consents' table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.consent import Consent
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.due import SHARDS, shard_of
from chalicelib.shared.tables import index, table


class ConsentRow(AggregateRow):
    Meta = table("consents")
    consent_id = UnicodeAttribute(hash_key=True)
    firm_id = UnicodeAttribute()
    live_of = UnicodeAttribute(null=True)
    seeking_part = WholeNumber(null=True)
    body = Packed(Consent)

    by_firm = index(firm_id, consent_id)
    live = index(live_of, consent_id)
    """Sparse: only consents that have not ended are in it."""
    seeking = index(seeking_part, consent_id)
    """Sparse: only live consents to pre-offers are in it, in so many parts."""


PARTS: Final = SHARDS
"""In so many parts the consents to pre-offers are cut for the run that looks at them."""


def _columns(consent: Consent) -> dict[str, object]:
    is_live = consent.status == "live"
    seeks = is_live and consent.purpose == "pre_offers"
    return {
        "firm_id": consent.firm_id,
        "live_of": consent.firm_id if is_live else None,
        "seeking_part": shard_of(consent.firm_id) if seeks else None,
    }


REPOSITORY: Final = Repository[Consent](ConsentRow, _columns)


ids = partial(REPOSITORY.ids, ConsentRow.by_firm)
"""A firm's consents, oldest first."""


def live_ids(firm_id: str) -> list[str]:
    """Those of them that have not ended, as the index has it: what ended a moment ago may be among them."""
    return list(REPOSITORY.ids(ConsentRow.live, firm_id))


def seeking(part: int, after: str | None) -> Iterator[str]:
    """Consents to pre-offers that have not ended, of one part, by id."""
    return (row.consent_id for row in ConsentRow.seeking.query(part, ConsentRow.consent_id > after if after else None))
