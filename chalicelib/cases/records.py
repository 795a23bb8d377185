"""The cases' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.cases.rules.case import Case
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class ByCustomer(GlobalSecondaryIndex["CaseRow"]):
    class Meta:
        index_name = "by_customer"
        projection = KeysOnlyProjection()

    customer_id = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)


class ByOwner(GlobalSecondaryIndex["CaseRow"]):
    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)


class ByBank(GlobalSecondaryIndex["CaseRow"]):
    """Sparse: only what is routed to a bank is in it."""

    class Meta:
        index_name = "by_bank"
        projection = KeysOnlyProjection()

    bank_id = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)


class BySubject(GlobalSecondaryIndex["CaseRow"]):
    class Meta:
        index_name = "by_subject"
        projection = KeysOnlyProjection()

    subject_id = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)


class ByStatus(GlobalSecondaryIndex["CaseRow"]):
    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    status = UnicodeAttribute(hash_key=True)
    case_id = UnicodeAttribute(range_key=True)


class CaseRow(AggregateRow):
    class Meta:
        table_name = table_name("cases")

    case_id = UnicodeAttribute(hash_key=True)
    customer_id = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    bank_id = UnicodeAttribute(null=True)
    subject_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Case)

    by_customer = ByCustomer()
    by_owner = ByOwner()
    by_bank = ByBank()
    by_subject = BySubject()
    by_status = ByStatus()
    due = DueIndex()


REPOSITORY: Final = Repository[Case](
    CaseRow,
    lambda case: {
        "customer_id": case.customer_id or None,
        "owner": case.owner or None,
        "bank_id": case.bank_id or None,
        "subject_id": case.about.id,
        "status": case.status,
    },
)


def ids(status: str, owner: str, customer_id: str, bank_id: str, subject_id: str, after: str | None) -> Iterator[str]:
    """Ids, oldest first, through the narrowest index: of a subject, else of a bank, a customer, an owner or a status."""
    if subject_id:
        return REPOSITORY.ids(CaseRow.by_subject, subject_id, after=after)
    if bank_id:
        return REPOSITORY.ids(CaseRow.by_bank, bank_id, after=after)
    if customer_id:
        return REPOSITORY.ids(CaseRow.by_customer, customer_id, after=after)
    index, value = (CaseRow.by_owner, owner) if owner else (CaseRow.by_status, status)
    return REPOSITORY.ids(index, value, after=after)
