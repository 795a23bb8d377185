"""No machine is left out of the tests that show, for each of its ends, that the reason given is the one that acted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import pytest
from msgspec import Struct

from chalicelib.acquiring.rules import settlement as settlements
from chalicelib.acquiring.rules import transitions as acquirer_payments
from chalicelib.banks.rules import event_transitions as bank_events
from chalicelib.banks.rules import transitions as bank_instructions
from chalicelib.cases.rules import transitions as cases
from chalicelib.channels.rules import channel_machine, membership_machine, nomination_machine
from chalicelib.claims.rules import transitions as claims
from chalicelib.conduct.rules import incentive as incentives
from chalicelib.conduct.rules import peer_report_transitions as peer_reports
from chalicelib.conduct.rules import sanction_transitions as sanctions
from chalicelib.credit.rules import agreement_handling, application_transitions, offer_handling, review_transitions
from chalicelib.credit.rules import consent as consents
from chalicelib.credit.rules import line_transitions as credit_lines
from chalicelib.credit.rules import pre_offer as pre_offers
from chalicelib.credit.rules import score_run as scores
from chalicelib.deposits.rules import deposit as deposits
from chalicelib.firms.rules import transitions as firms
from chalicelib.groups.rules import transitions as groups
from chalicelib.guarantees.rules import call_transitions as calls
from chalicelib.guarantees.rules import member_claim_transitions as member_claims
from chalicelib.guarantees.rules import pool_handling as pools
from chalicelib.listings.rules import transitions as listings
from chalicelib.loans.rules import transitions as loans
from chalicelib.monitoring.rules import alert_transitions as alerts
from chalicelib.orders.rules import transitions as orders
from chalicelib.quotes.rules import quote as quotes
from chalicelib.receivables.rules import transitions as receivables
from chalicelib.reconciliation.rules import item as reconciliation
from chalicelib.recoveries.rules import transitions as recoveries
from chalicelib.registry import MACHINES
from chalicelib.runs import rules as runs
from chalicelib.suppliers.rules import penalties
from chalicelib.trainings.rules import transitions as trainings
from chalicelib.webhooks.rules import delivery as webhooks
from tests.acquiring import test_payment_rules as payments_shown
from tests.acquiring import test_settlements as settlements_shown
from tests.bank_events import test_why_it_ended as bank_events_shown
from tests.banks import test_why_it_ended as bank_instructions_shown
from tests.cases import test_why_it_ended as cases_shown
from tests.channels import test_why_it_ended as channels_shown
from tests.claims.rules import test_ends as claims_shown
from tests.conduct import test_incentive_rules as incentives_shown
from tests.conduct import test_peer_report_rules as peer_reports_shown
from tests.conduct import test_sanction_rules as sanctions_shown
from tests.credit import test_why_a_consent_ended as consents_shown
from tests.credit import test_why_a_line_ended as credit_lines_shown
from tests.credit import test_why_a_pre_offer_ended as pre_offers_shown
from tests.credit import test_why_a_score_ended as scores_shown
from tests.credit import test_why_credit_ended as credit_shown
from tests.deposits.account import test_why_it_ended as deposits_shown
from tests.firms import test_why_it_ended as firms_shown
from tests.groups import test_why_it_ended as groups_shown
from tests.guarantees import test_pool as pools_shown
from tests.guarantees import test_why_a_call_ended as calls_shown
from tests.guarantees import test_why_a_member_claim_ended as member_claims_shown
from tests.listings import test_why_it_ended as listings_shown
from tests.loans import test_why_it_ended as loans_shown
from tests.monitoring import test_alert_rules as alerts_shown
from tests.orders import test_why_it_ended as orders_shown
from tests.quotes import test_quote as quotes_shown
from tests.receivables import test_why_it_ended as receivables_shown
from tests.reconciliation import test_why_it_ended as reconciliation_shown
from tests.recoveries import test_why_it_ended as recoveries_shown
from tests.runs import test_why_it_ended as runs_shown
from tests.suppliers import test_why_an_appeal_ended as appeals_shown
from tests.trainings import test_trainings_rules as trainings_shown
from tests.webhooks import test_why_it_ended as webhooks_shown


class Ends(Struct, frozen=True):
    """A machine's ends, and those that a module shows with what was told of them."""

    ends: frozenset[str]
    shown: frozenset[str]


def of(ends: Iterable[str], shown: Iterable[str]) -> Ends:
    return Ends(frozenset(ends), frozenset(shown))


def all_but(statuses: Any, *going_on: str) -> set[str]:
    return set(get_args(statuses)) - set(going_on)


SHOWN = {
    "orders": of(orders.TABLE.ends, (status for _, status, _ in orders_shown.ENDED)),
    "claims": of(claims.TABLE.ends, claims_shown.WHY),
    "appeals": of(all_but(penalties.Outcome, "open"), (outcome for _, _, outcome, _, _ in appeals_shown.ENDED)),
    "recoveries": of(recoveries.TABLE.ends, (ended.status for ended in recoveries_shown.ENDED.values())),
    "listings": of(listings.TABLE.ends, (status for _, status in listings_shown.ENDED)),
    "acquirer-payments": of(acquirer_payments.TABLE.ends, payments_shown.ENDED),
    "settlements": of(settlements.TABLE.ends, settlements_shown.ENDED),
    "quotes": of(quotes.TABLE.ends, quotes_shown.ENDED),
    **{
        name: of(table.ends, channels_shown.ENDED[name])
        for name, table in (
            ("channels", channel_machine.TABLE),
            ("nominations", nomination_machine.TABLE),
            ("channel-memberships", membership_machine.TABLE),
        )
    },
    "receivables": of(receivables.TABLE.ends, (status for _, status in receivables_shown.ENDED)),
    "guarantee-calls": of(calls.TABLE.ends, (status for _, status in calls_shown.ENDED)),
    "member-claims": of(member_claims.TABLE.ends, (status for _, status in member_claims_shown.ENDED)),
    "risk-pools": of(pools.TABLE.ends, (status for _, status in pools_shown.ENDED)),
    "loans": of(loans.TABLE.ends, (status for _, status in loans_shown.ENDED)),
    "reconciliation-items": of(all_but(reconciliation.Outcome), (outcome for _, outcome in reconciliation_shown.ENDED)),
    "cases": of(cases.TABLE.ends, (status for _, status in cases_shown.ENDED)),
    "alerts": of(alerts.TABLE.ends, (status for _, status in alerts_shown.ENDED)),
    "sanctions": of(sanctions.TABLE.ends, (status for _, status in sanctions_shown.ENDED)),
    "trainings": of(trainings.TABLE.ends, (status for _, status in trainings_shown.ENDED)),
    "peer-reports": of(peer_reports.TABLE.ends, (status for _, status in peer_reports_shown.ENDED)),
    "incentives": of(incentives.TABLE.ends, (status for _, status in incentives_shown.ENDED)),
    "firms": of(firms.TABLE.ends, (status for _, status in firms_shown.ENDED)),
    "groups": of(groups.TABLE.ends, (status for _, status in groups_shown.ENDED)),
    **{
        name: of(table.ends, credit_shown.ENDED[name])
        for name, table in (
            ("applications", application_transitions.TABLE),
            ("reviews", review_transitions.TABLE),
            ("offers", offer_handling.TABLE),
            ("agreements", agreement_handling.TABLE),
        )
    },
    "credit-lines": of(credit_lines.TABLE.ends, (status for _, status in credit_lines_shown.ENDED)),
    "consents": of(consents.TABLE.ends, (status for _, status in consents_shown.ENDED)),
    "scores": of(scores.TABLE.ends, (scores_shown.AT_ONCE, *(status for _, status in scores_shown.ENDED))),
    "pre-offers": of(pre_offers.TABLE.ends, (status for _, status in pre_offers_shown.ENDED)),
    "deposits": of(all_but(deposits.Status, "open"), (kind for _, kind, _, _, _ in deposits_shown.ENDS)),
    "bank-instructions": of(
        bank_instructions.TABLE.ends, (status for _, _, status, _, _ in bank_instructions_shown.ENDED)
    ),
    "bank-events": of(bank_events.TABLE.ends, (status for _, _, status, _, _ in bank_events_shown.ENDED)),
    "webhooks": of(all_but(webhooks.Status, "queued"), (status for _, status, _ in webhooks_shown.ENDED)),
    "runs": of(
        all_but(runs.RunStatus, "waiting", "preparing", "running"), (status for _, status, _, _ in runs_shown.ENDED)
    ),
}


def test_no_machine_is_left_out() -> None:
    assert set(SHOWN) == {machine.name for machine in MACHINES}


@pytest.mark.parametrize("machine", SHOWN)
def test_every_end_of_a_machine_is_shown_with_what_was_told_of_it(machine: str) -> None:
    assert SHOWN[machine].ends
    assert SHOWN[machine].ends <= SHOWN[machine].shown
