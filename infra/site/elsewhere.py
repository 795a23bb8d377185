"""Problem codes that no endpoint answers with, by where one meets them instead. A test holds that no endpoint declares them and no request shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GATEWAY: Final = "The gateway answers with it by itself, before the request reaches an endpoint."
BANK: Final = (
    "No request is answered with it. What a bank or an acquirer tells is taken in first, with 202, and looked at then. Officers read the code as "
    "`reason` of `GET /v1/bank-events/{event_id}`; the bank hears `event.refused`."
)
JOB: Final = (
    "No request is answered with it. A job or a consumer meets it, which tries again by itself; what stays behind officers find by "
    "`GET /v1/work`: in the run of the job, or among the dead letters, with this code."
)
FAMILY: Final = "No request is answered with it: it is what other codes have in common."
FILE: Final = "No request is answered with it. It is the `why` of a file of evidence that arrived and was refused: `GET /v1/claims/{claim_id}`."

MET: Final[Mapping[str, frozenset[str]]] = {
    FAMILY: frozenset({"conflict", "invalid_transition", "no_room"}),
    FILE: frozenset({"evidence_differs"}),
    JOB: frozenset(
        {
            "bank_books_not_in_this_status",
            "data_pack_not_in_this_status",
            "deposit_not_in_this_state",
            "quote_not_in_this_status",
            "settlement_not_in_this_status",
        }
    ),
    BANK: frozenset(
        {
            "agreement_revised_beyond_offer",
            "another_call_runs",
            "bank_event_told_before",
            "bank_event_too_early",
            "call_not_paid",
            "calls_paused",
            "credit_offer_ref_used",
            "disbursed_otherwise",
            "guarantee_period_over",
            "line_has_no_card",
            "loan_in_another_currency",
            "loan_not_guaranteed",
            "more_than_requested_of_the_pool",
            "more_than_the_pool_paid",
            "more_than_the_pool_pays_back",
            "no_such_pause",
            "not_the_pools_currency",
            "nothing_certified",
            "repayment_not_known",
            "report_currency_twice",
            "reversed_too_much",
            "schedule_version_not_next",
            "seat_is_no_guarantor",
            "split_exceeds_the_amount",
            "too_many_agreement_versions",
            "too_many_captures",
            "too_many_credit_offers",
            "too_many_disputes",
            "too_many_draws_on_a_pool",
            "too_many_facts_of_a_loan",
            "too_many_information_requests",
            "too_many_open_calls",
            "too_many_payments",
            "too_many_payments_of_a_claim",
            "value_date_ahead",
            "value_date_too_far_back",
        }
    ),
}


def place_of(code: str) -> str | None:
    """Where a code is met that no endpoint answers with."""
    return next((place for place, codes in MET.items() if code in codes), None)
