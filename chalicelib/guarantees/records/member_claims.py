"""The table of claims between members."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.guarantees.rules.member_claim import MemberClaim
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class MemberClaimRow(AggregateRow):
    Meta = table("member-claims")
    member_claim_id = UnicodeAttribute(hash_key=True)
    debtor_id = UnicodeAttribute()
    creditor_id = UnicodeAttribute()
    loan_id = UnicodeAttribute()
    body = Packed(MemberClaim)

    by_debtor = index(debtor_id, member_claim_id)
    by_creditor = index(creditor_id, member_claim_id)
    by_loan = index(loan_id, member_claim_id)


REPOSITORY: Final = Repository[MemberClaim](
    MemberClaimRow,
    lambda claim: {
        "debtor_id": claim.debtor.member_id,
        "creditor_id": claim.creditor.member_id,
        "loan_id": claim.loan_id,
    },
)


ids = REPOSITORY.ids
"""Claims by whom owes them, is owed them, or the loan they come of: the name of an index."""
