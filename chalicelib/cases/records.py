"""The cases' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.cases.rules.case import Case
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class CaseRow(AggregateRow):
    Meta = table("cases")
    case_id = UnicodeAttribute(hash_key=True)
    customer_id = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    bank_id = UnicodeAttribute(null=True)
    subject_id = UnicodeAttribute()
    dispute = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    body = Packed(Case)

    by_customer = index(customer_id, case_id)
    by_owner = index(owner, case_id)
    by_bank = index(bank_id, case_id)
    """Sparse: only what is routed to a bank is in it."""
    by_subject = index(subject_id, case_id)
    disputing = index(dispute, case_id)
    """Sparse: only complaints and hardships that are not resolved are in it, by whose they are and what they are about."""
    by_status = index(status, case_id)


REPOSITORY: Final = Repository[Case](
    CaseRow,
    lambda case: {
        "customer_id": case.customer_id or None,
        "owner": case.owner or None,
        "bank_id": case.bank_id or None,
        "subject_id": case.about.id,
        "dispute": case.dispute or None,
        "status": case.status,
    },
)


def ids(status: str, owner: str, customer_id: str, bank_id: str, subject_id: str, after: str | None) -> Iterator[str]:
    """Ids, oldest first, through the narrowest index: of a subject, else of a bank, a customer, an owner or a status."""
    indexes = CaseRow.by_subject, CaseRow.by_bank, CaseRow.by_customer, CaseRow.by_owner
    named = zip(indexes, (subject_id, bank_id, customer_id, owner), strict=True)
    index, value = next((each for each in named if each[1]), (CaseRow.by_status, status))
    return REPOSITORY.ids(index, value, after=after)
