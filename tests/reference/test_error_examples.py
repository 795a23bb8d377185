"""Every error that a client can get has an example, which the test that it names shows whenever it runs (`tests/provoked.py`)."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

import chalicelib
from chalicelib.reference import error_examples, problems

ROOT: Final = Path(__file__).parents[2]
AT_THE_GATEWAY: Final = "said by the gateway before the application is asked; `tests/infra/test_gateway.py` shows it"
A_BASE: Final = "a base of others, which have codes of their own"
UNASKED: Final = "met by what jobs and consumers do, not by a request"
BY_CHANCE: Final = "takes two at once, or a store that says no; `tests/races` and `tests/shared` show it"
FULL: Final = "takes a list that is full in a state the small world has not; `tests/registry/test_full_lists.py` and the slice show its rule"
BY_A_BANK: Final = "a bank's event is refused by it; tests of the rule show it"
BY_A_RULE: Final = "takes a state that tests build as values; tests of the rule show it"
NONE: Final[dict[str, str]] = {
    "headers_too_large": AT_THE_GATEWAY,
    "method_not_allowed": AT_THE_GATEWAY,
    "timed_out": AT_THE_GATEWAY,
    "too_many_requests": AT_THE_GATEWAY,
    "unsupported_media_type": AT_THE_GATEWAY,
    "conflict": A_BASE,
    "invalid_transition": A_BASE,
    "no_room": A_BASE,
    "bank_books_not_in_this_status": UNASKED,
    "bank_event_told_before": UNASKED,
    "bank_event_too_early": UNASKED,
    "cut_off_ahead": UNASKED,
    "data_pack_not_in_this_status": UNASKED,
    "deposit_not_in_this_state": UNASKED,
    "evidence_differs": UNASKED,
    "first_trades_missing": UNASKED,
    "later_month_decided": UNASKED,
    "no_effective_rate": UNASKED,
    "quote_not_in_this_status": UNASKED,
    "settlement_not_in_this_status": UNASKED,
    "group_changed": BY_CHANCE,
    "not_storable": BY_CHANCE,
    "race_lost": BY_CHANCE,
    "data_pack_too_large": FULL,
    "day_is_full": FULL,
    "group_full": FULL,
    "rulebook_too_large": FULL,
    "too_many_attempts": FULL,
    "too_many_claims": FULL,
    "too_many_explanations": FULL,
    "too_many_files": FULL,
    "too_many_listings": FULL,
    "too_many_objections": FULL,
    "too_many_of_a_firm": FULL,
    "too_many_of_that_kind": FULL,
    "too_many_offers_of_a_rescue": FULL,
    "too_many_payment_attempts": FULL,
    "too_many_penalties": FULL,
    "too_many_readers": FULL,
    "too_many_recused": FULL,
    "too_many_seats": FULL,
    "training_full": FULL,
    "agreement_revised_beyond_offer": BY_A_BANK,
    "disbursed_otherwise": BY_A_BANK,
    "loan_in_another_currency": BY_A_BANK,
    "more_than_requested_of_the_pool": BY_A_BANK,
    "more_than_the_pool_paid": BY_A_BANK,
    "no_such_pause": BY_A_BANK,
    "not_the_pools_currency": BY_A_BANK,
    "schedule_version_not_next": BY_A_BANK,
    "too_many_agreement_versions": BY_A_BANK,
    "too_many_captures": BY_A_BANK,
    "too_many_credit_offers": BY_A_BANK,
    "too_many_disputes": BY_A_BANK,
    "too_many_draws_on_a_pool": BY_A_BANK,
    "too_many_facts_of_a_loan": BY_A_BANK,
    "too_many_information_requests": BY_A_BANK,
    "too_many_open_calls": BY_A_BANK,
    "too_many_payments": BY_A_BANK,
    "too_many_payments_of_a_claim": BY_A_BANK,
    "value_date_ahead": BY_A_BANK,
    "value_date_too_far_back": BY_A_BANK,
    "already_attested": BY_A_RULE,
    "already_in_group": BY_A_RULE,
    "beyond_the_calendar": BY_A_RULE,
    "inspection_fee_differs": BY_A_RULE,
    "liability_mode_not_lent": BY_A_RULE,
    "listing_channel_closed": BY_A_RULE,
    "listing_not_in_this_status": BY_A_RULE,
    "money_not_of_the_instruction": BY_A_RULE,
    "no_consent_asked": BY_A_RULE,
    "no_restructuring_proposed": BY_A_RULE,
    "nomination_not_in_this_status": BY_A_RULE,
    "not_that_much_free": BY_A_RULE,
    "not_to_attest": BY_A_RULE,
    "nothing_received": BY_A_RULE,
    "objection_not_found": BY_A_RULE,
    "offer_not_open": BY_A_RULE,
    "one_currency": BY_A_RULE,
    "one_supplier": BY_A_RULE,
    "penalty_expired": BY_A_RULE,
    "pool_not_in_this_status": BY_A_RULE,
    "quote_expired": BY_A_RULE,
    "refund_window_over": BY_A_RULE,
    "share_not_overdue": BY_A_RULE,
    "signer_not_verified": BY_A_RULE,
    "too_late_to_object": BY_A_RULE,
    "unknown_line": BY_A_RULE,
    "another_call_runs": BY_A_BANK,
    "call_not_paid": BY_A_BANK,
    "calls_paused": BY_A_BANK,
    "guarantee_period_over": BY_A_BANK,
    "line_has_no_card": BY_A_BANK,
    "loan_not_guaranteed": BY_A_BANK,
    "repayment_not_known": BY_A_BANK,
    "report_currency_twice": BY_A_BANK,
    "reversed_too_much": BY_A_BANK,
    "seat_is_no_guarantor": BY_A_BANK,
    "split_exceeds_the_amount": BY_A_BANK,
    "nothing_certified": UNASKED,
}
"""Codes that nothing in the suite provokes over the API, and why."""


def test_every_error_has_an_example_or_a_reason_for_having_none() -> None:
    for module in walk_packages(chalicelib.__path__, "chalicelib."):
        import_module(module.name)
    codes = {error.code for error in problems.every()}
    assert codes - error_examples.every().keys() == NONE.keys()
    assert error_examples.every().keys() <= codes


def test_an_example_answers_with_its_code_and_names_a_test_that_is_there() -> None:
    for code, example in error_examples.every().items():
        assert code in (example["answer"].get("code"), example["answer"].get("reason"))
        file, _, test = example["shown_by"].partition("[")[0].partition("::")
        assert test.rpartition("::")[2] in _tests_of(file), (
            f"{code}: {example['shown_by']} is gone: make error-examples"
        )


def test_no_example_holds_a_token() -> None:
    assert '"authorization"' not in error_examples.FILE.read_text().lower()


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
