"""The tables of applications and of what they come to at each bank: reviews, offers, agreements."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.agreement import Agreement
from chalicelib.credit.rules.application import Application, application_id_of
from chalicelib.credit.rules.offer import Offer
from chalicelib.credit.rules.review import Review
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import find_together, index, table


class ApplicationRow(AggregateRow):
    Meta = table("applications")
    application_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Application)

    by_member = index(member_id, application_id)
    by_status = index(status, application_id)


class ReviewRow(AggregateRow):
    Meta = table("reviews")
    review_id = UnicodeAttribute(hash_key=True)
    bank_id = UnicodeAttribute()
    body = Packed(Review)

    by_bank = index(bank_id, review_id)


class OfferRow(AggregateRow):
    Meta = table("offers")
    offer_id = UnicodeAttribute(hash_key=True)
    body = Packed(Offer)


class AgreementRow(AggregateRow):
    Meta = table("agreements")
    agreement_id = UnicodeAttribute(hash_key=True)
    body = Packed(Agreement)


APPLICATIONS: Final = Repository[Application](
    ApplicationRow, lambda application: {"member_id": application.member_id, "status": application.status}
)
REVIEWS: Final = Repository[Review](ReviewRow, lambda review: {"bank_id": review.bank_id})
OFFERS: Final = Repository[Offer](OfferRow)
AGREEMENTS: Final = Repository[Agreement](AgreementRow)


def load_beside(table: type[AggregateRow], name: str) -> tuple[Any, Application | None]:
    """A review or an agreement, and its application: one round trip for both."""
    beside, row = find_together((table, name), (ApplicationRow, application_id_of(name)))
    return beside, row.body if row else None


ids_of_member = partial(APPLICATIONS.ids, ApplicationRow.by_member)
"""Ids of a firm's applications."""
ids_in_status = partial(APPLICATIONS.ids, ApplicationRow.by_status)
review_ids_of_bank = partial(REVIEWS.ids, ReviewRow.by_bank)
"""Ids of a bank's reviews, in the order of their applications."""
