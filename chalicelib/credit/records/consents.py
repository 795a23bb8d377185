"""The consents' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.credit.rules.consent import Consent
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class ByFirm(GlobalSecondaryIndex["ConsentRow"]):
    class Meta:
        index_name = "by_firm"
        projection = KeysOnlyProjection()

    firm_id = UnicodeAttribute(hash_key=True)
    consent_id = UnicodeAttribute(range_key=True)


class Live(GlobalSecondaryIndex["ConsentRow"]):
    """Sparse: only consents that have not ended are in it."""

    class Meta:
        index_name = "live"
        projection = KeysOnlyProjection()

    live_of = UnicodeAttribute(hash_key=True)
    consent_id = UnicodeAttribute(range_key=True)


class ConsentRow(AggregateRow):
    class Meta:
        table_name = table_name("consents")

    consent_id = UnicodeAttribute(hash_key=True)
    firm_id = UnicodeAttribute()
    live_of = UnicodeAttribute(null=True)
    body = Packed(Consent)

    by_firm = ByFirm()
    live = Live()
    due = DueIndex()


REPOSITORY: Final = Repository[Consent](
    ConsentRow,
    lambda consent: {
        "firm_id": consent.firm_id,
        "live_of": consent.firm_id if consent.status == "live" else None,
    },
)


def ids(firm_id: str, after: str | None) -> Iterator[str]:
    """A firm's consents, oldest first."""
    return REPOSITORY.ids(ConsentRow.by_firm, firm_id, after=after)


def live_ids(firm_id: str) -> list[str]:
    """Those of them that have not ended, as the index has it: what ended a moment ago may be among them."""
    return list(REPOSITORY.ids(ConsentRow.live, firm_id))
