"""The table of claims between members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.guarantees.rules.member_claim import MemberClaim
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class ByDebtor(GlobalSecondaryIndex["MemberClaimRow"]):
    class Meta:
        index_name = "by_debtor"
        projection = KeysOnlyProjection()

    debtor_id = UnicodeAttribute(hash_key=True)
    member_claim_id = UnicodeAttribute(range_key=True)


class ByCreditor(GlobalSecondaryIndex["MemberClaimRow"]):
    class Meta:
        index_name = "by_creditor"
        projection = KeysOnlyProjection()

    creditor_id = UnicodeAttribute(hash_key=True)
    member_claim_id = UnicodeAttribute(range_key=True)


class ByLoan(GlobalSecondaryIndex["MemberClaimRow"]):
    class Meta:
        index_name = "by_loan"
        projection = KeysOnlyProjection()

    loan_id = UnicodeAttribute(hash_key=True)
    member_claim_id = UnicodeAttribute(range_key=True)


class MemberClaimRow(AggregateRow):
    class Meta:
        table_name = table_name("member-claims")

    member_claim_id = UnicodeAttribute(hash_key=True)
    debtor_id = UnicodeAttribute()
    creditor_id = UnicodeAttribute()
    loan_id = UnicodeAttribute()
    body = Packed(MemberClaim)

    by_debtor = ByDebtor()
    by_creditor = ByCreditor()
    by_loan = ByLoan()
    due = DueIndex()


REPOSITORY: Final = Repository[MemberClaim](
    MemberClaimRow,
    lambda claim: {
        "debtor_id": claim.debtor.member_id,
        "creditor_id": claim.creditor.member_id,
        "loan_id": claim.loan_id,
    },
)


def ids(index: str, value: str, after: str | None) -> Iterator[str]:
    """Claims by whom owes them, is owed them, or the loan they come of: the name of an index."""
    return REPOSITORY.ids(getattr(MemberClaimRow, index), value, after=after)
