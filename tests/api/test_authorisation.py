"""Who may knock where: written down endpoint by endpoint, and tried with every role and every set of duties.

An endpoint that is not in `TABLE` fails this suite, and so does a line without an endpoint: opening one to somebody is a decision that
is read in a review.
"""

from __future__ import annotations

import itertools
import time
from typing import Any, Final, NamedTuple

import jwt
import pytest

from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.shared.access import DUTIES, UndeclaredDuty
from chalicelib.shared.access import MEMBER as MEMBERS
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.http import OFFICER, Endpoint, Routes
from chalicelib.shared.http.endpoints import must_be_admitted
from chalicelib.shared.request import Caller
from chalicelib.shared.settings import settings
from tests.api.api_requests import (
    NOBODY_MEMBER,
    ROLES,
    UNKNOWN_ID,
    ApiRequest,
    ApiUnderTest,
    endpoints,
    must_be_documented,
    name,
    operation,
    token_of,
)
from tests.api.seeds import Seeds
from tests.conftest import TOKEN_KEY
from tests.round_trips import listening
from tests.world import Reply, token


class Who(NamedTuple):
    """Whom a line of the table lets in: these roles, and officers with one of these duties or with `admin`."""

    roles: frozenset[str]
    duties: frozenset[str] = frozenset()

    def lets_in(self, role: str, duties: frozenset[str]) -> bool:
        needed = self.duties | {"admin"} if self.duties else frozenset()
        return role in self.roles and (role != "officer" or not needed or bool(needed & duties))


def officer(*duties: str) -> Who:
    return Who(frozenset({"officer"}), frozenset(duties))


def either(*duties: str) -> Who:
    return Who(frozenset({"member", "officer"}), frozenset(duties))


def owners(*duties: str) -> Who:
    return Who(frozenset({"member", "bank", "officer"}), frozenset(duties))


def bank_or_officer(*duties: str) -> Who:
    return Who(frozenset({"bank", "officer"}), frozenset(duties))


def every_role(*duties: str) -> Who:
    return Who(frozenset(ROLES), frozenset(duties))


def agency_or_officer(*duties: str) -> Who:
    return Who(frozenset({"agency", "officer"}), frozenset(duties))


PUBLIC: Final = Who(frozenset({"public"}))
MEMBER: Final = Who(frozenset({"member"}))
SELLING: Final = Who(frozenset({"agency", "member", "officer"}), frozenset({"channels"}))
"""A supplier, the agency that vouches for it, and officers who moderate."""
SIGNED_IN: Final = every_role()
CASES: Final = ("claims", "deposits", "risk", "payments")

CONCERNED: Final = Who(frozenset({"member", "bank", "officer"}), frozenset(CASES))
"""A firm, its bank, and officers who work on cases."""
AGENCY: Final = Who(frozenset({"agency"}))
IN_CHANNEL: Final = Who(frozenset({"agency", "member", "officer"}), frozenset({*CASES, "channels"}))
"""An agency, its suppliers, and officers."""
IN_GROUP: Final = Who(frozenset({"member", "bank", "officer"}), frozenset({"risk"}))
"""Members of a group, its bank, and officers for risk."""

TABLE: Final[dict[str, Who]] = {
    # members and trade facts
    "POST /v1/members": officer("feeds"),
    "GET /v1/members": either(*CASES, "feeds"),
    "GET /v1/members/{member_id}": every_role(*CASES, "feeds"),
    "GET /v1/members/{member_id}/day-book": either(*CASES, "feeds"),
    "POST /v1/imports": agency_or_officer("feeds"),
    "GET /v1/imports/{import_id}": agency_or_officer("feeds"),
    "POST /v1/trades": officer("feeds"),
    "POST /v1/activity": officer("feeds"),
    # exports
    "POST /v1/exports": officer("feeds"),
    "GET /v1/exports/{declaration_id}": either(*CASES, "feeds"),
    "POST /v1/exports/{declaration_id}/correct": officer("feeds"),
    "GET /v1/members/{member_id}/exports": either(*CASES, "feeds"),
    "GET /v1/members/{member_id}/subsidies": either(*CASES),
    "GET /v1/members/{member_id}/subsidies/timeline": either(*CASES),
    "POST /v1/members/{member_id}/subsidy-account": MEMBER,
    # suppliers
    "GET /v1/suppliers": officer("risk"),
    "GET /v1/suppliers/{member_id}": either(*CASES),
    "GET /v1/suppliers/{member_id}/coverage": either(*CASES),
    "POST /v1/suppliers/{member_id}/enrolment": either("risk"),
    "POST /v1/suppliers/{member_id}/evaluation": either("risk"),
    "POST /v1/suppliers/{member_id}/withdrawal": either("risk"),
    "POST /v1/suppliers/{member_id}/limit-simulations": either(*CASES),
    "POST /v1/suppliers/{member_id}/penalties": officer("risk"),
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/lift": officer("risk"),
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal": MEMBER,
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/uphold": officer("risk"),
    "POST /v1/suppliers/{member_id}/bank-account": MEMBER,
    "POST /v1/suppliers/{member_id}/payouts": MEMBER,
    "GET /v1/suppliers/{member_id}/balance": either(*CASES),
    "POST /v1/suppliers/{member_id}/suspension": officer("risk"),
    "POST /v1/suppliers/{member_id}/reinstatement": officer("risk"),
    "GET /v1/storefronts/{member_id}": PUBLIC,
    "GET /v1/storefronts/{member_id}/badge": PUBLIC,
    "GET /v1/storefronts/{member_id}/badge.svg": PUBLIC,
    "GET /v1/badge-keys": PUBLIC,  # a badge is checked with them, by anybody
    # firms
    "POST /v1/firms": MEMBER,
    "GET /v1/firms": either("risk"),
    "GET /v1/firms/{member_id}": either("risk"),
    "GET /v1/firms/{member_id}/timeline": either("risk"),
    "GET /v1/firms/{member_id}/sealed": MEMBER,
    "GET /v1/firms/{member_id}/persons": Who(frozenset({"bank"})),
    "POST /v1/firms/{member_id}/change": MEMBER,
    "POST /v1/firms/{member_id}/people": MEMBER,
    "POST /v1/firms/{member_id}/people/{person_id}/change": MEMBER,
    "POST /v1/firms/{member_id}/people/{person_id}/remove": MEMBER,
    "POST /v1/firms/{member_id}/people/{person_id}/erase": either("risk"),
    "POST /v1/firms/{member_id}/settlement-accounts": MEMBER,
    "POST /v1/firms/{member_id}/settlement-accounts/{account_id}/remove": MEMBER,
    "POST /v1/firms/{member_id}/documents": MEMBER,
    "GET /v1/firms/{member_id}/documents/{document_id}": MEMBER,
    "POST /v1/firms/{member_id}/documents/{document_id}/remove": MEMBER,
    "POST /v1/firms/{member_id}/confirm": MEMBER,
    "POST /v1/firms/{member_id}/seek-group": MEMBER,
    "POST /v1/firms/{member_id}/stop-seeking": MEMBER,
    "POST /v1/firms/{member_id}/verify": officer("risk"),
    "POST /v1/firms/{member_id}/return": officer("risk"),
    "POST /v1/firms/{member_id}/note-registers": officer("risk"),
    "POST /v1/firms/{member_id}/disclosures": officer("risk"),
    "GET /v1/firms/{member_id}/disclosures/{disclosure_id}": officer("risk"),
    # credit
    "GET /v1/credit-products": PUBLIC,
    "GET /v1/members/{member_id}/credit-limit": either(*CASES),
    "GET /v1/members/{member_id}/score": either("risk"),
    "GET /v1/scores": either("risk"),
    "GET /v1/scores/{score_id}": either("risk"),
    "GET /v1/scores/{score_id}/timeline": either("risk"),
    "POST /v1/scores/{score_id}/review": officer("risk"),
    "GET /v1/members/{member_id}/debts": either("risk"),
    "POST /v1/members/{member_id}/debts": either("risk"),
    "POST /v1/credit-limit-simulations": either(*CASES),
    "POST /v1/credit-applications": MEMBER,
    "GET /v1/credit-applications": CONCERNED,
    "GET /v1/credit-applications/{application_id}": CONCERNED,
    "GET /v1/credit-applications/{application_id}/timeline": CONCERNED,
    "GET /v1/credit-applications/{application_id}/decisions": CONCERNED,
    "GET /v1/credit-applications/{application_id}/data-pack": CONCERNED,
    "POST /v1/credit-applications/{application_id}/documents": MEMBER,
    "GET /v1/credit-applications/{application_id}/documents/{document_id}": owners("risk"),
    "POST /v1/credit-applications/{application_id}/submit": MEMBER,
    "POST /v1/credit-applications/{application_id}/screen": officer("risk"),
    "POST /v1/credit-applications/{application_id}/withdraw": MEMBER,
    "POST /v1/credit-applications/{application_id}/supply-information": MEMBER,
    "GET /v1/credit-offers": CONCERNED,
    "GET /v1/credit-offers/{credit_offer_id}": CONCERNED,
    "POST /v1/credit-offers/{credit_offer_id}/accept": MEMBER,
    "POST /v1/credit-offers/{credit_offer_id}/decline": MEMBER,
    "POST /v1/offer-comparisons": either(*CASES),
    "GET /v1/agreements/{agreement_id}": CONCERNED,
    "GET /v1/agreements/{agreement_id}/timeline": CONCERNED,
    "GET /v1/agreements/{agreement_id}/clauses": CONCERNED,
    "POST /v1/agreements/{agreement_id}/sign": either("risk"),
    "GET /v1/credit-lines": CONCERNED,
    "GET /v1/credit-lines/{line_id}": CONCERNED,
    "GET /v1/credit-lines/{line_id}/timeline": CONCERNED,
    "POST /v1/credit-lines/{line_id}/freeze": officer("risk"),
    "POST /v1/credit-lines/{line_id}/renew": MEMBER,
    "GET /v1/credit-lines/{line_id}/data-pack": CONCERNED,
    "GET /v1/credit-lines/{line_id}/statement": CONCERNED,
    "POST /v1/credit-lines/{line_id}/release": officer("risk"),
    "POST /v1/credit-lines/{line_id}/close": either("risk"),
    "POST /v1/consents": MEMBER,
    "GET /v1/consents": either("risk"),
    "GET /v1/consents/{consent_id}": either("risk"),
    "POST /v1/consents/{consent_id}/withdraw": MEMBER,
    "GET /v1/pre-offers": either("risk"),
    "GET /v1/pre-offers/{pre_offer_id}": either("risk"),
    "POST /v1/pre-offers/{pre_offer_id}/decline": MEMBER,
    # differences to banks' books
    "GET /v1/reconciliation-items": bank_or_officer(*CASES),
    "GET /v1/reconciliation-items/{item_id}": bank_or_officer(*CASES),
    "GET /v1/reconciliation-items/{item_id}/timeline": bank_or_officer(*CASES),
    "POST /v1/reconciliation-items/{item_id}/resolve": officer("payments"),
    # groups of guarantors
    "POST /v1/guarantee-groups": MEMBER,
    "GET /v1/guarantee-groups": IN_GROUP,
    "GET /v1/guarantee-groups/{group_id}": IN_GROUP,
    "GET /v1/guarantee-groups/{group_id}/matches": MEMBER,
    "GET /v1/guarantee-groups/{group_id}/timeline": IN_GROUP,
    "POST /v1/guarantee-groups/{group_id}/invitations": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/invitations/{invitation_id}/accept": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/invitations/{invitation_id}/decline": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/freeze-list": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/attestations": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/leave": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/replacements": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/wind-down": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/proposals/{proposal_id}/consent": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/proposals/{proposal_id}/object": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/suspend": officer("risk"),
    "POST /v1/guarantee-groups/{group_id}/resume": officer("risk"),
    "POST /v1/guarantee-groups/{group_id}/rule-sheets": MEMBER,
    "GET /v1/guarantee-groups/{group_id}/rule-sheets": IN_GROUP,
    "GET /v1/guarantee-groups/{group_id}/rule-sheets/{version}": IN_GROUP,
    "GET /v1/guarantee-groups/{group_id}/rule-sheets/{version}/diff": IN_GROUP,
    "POST /v1/guarantee-groups/{group_id}/rule-sheets/{version}/sign": MEMBER,
    "GET /v1/guarantee-groups/{group_id}/exposure": IN_GROUP,
    "GET /v1/guarantee-groups/{group_id}/briefing": MEMBER,
    "POST /v1/guarantee-groups/{group_id}/briefing": MEMBER,
    # loans
    "GET /v1/introduction-fees": Who(frozenset({"bank", "officer"}), frozenset({"risk"})),
    "GET /v1/portfolio": Who(frozenset({"bank", "officer"}), frozenset({"risk"})),
    "POST /v1/credit-lines/{line_id}/draws": MEMBER,
    "POST /v1/loans/{loan_id}/cancel": MEMBER,
    "GET /v1/loans": CONCERNED,
    "GET /v1/loans/{loan_id}": CONCERNED,
    "GET /v1/loans/{loan_id}/timeline": CONCERNED,
    "GET /v1/loans/{loan_id}/statement": CONCERNED,
    "POST /v1/loans/{loan_id}/payoff-quotes": CONCERNED,
    "POST /v1/repayment-simulations": CONCERNED,
    "POST /v1/loans/{loan_id}/hardship-requests": MEMBER,
    "POST /v1/loans/{loan_id}/restructurings": either("risk"),
    "POST /v1/loans/{loan_id}/restructurings/sign": MEMBER,
    "GET /v1/loans/{loan_id}/restructurings": MEMBER,
    "POST /v1/loans/{loan_id}/restructurings/consent": MEMBER,
    "POST /v1/guarantee-call-simulations": CONCERNED,
    "GET /v1/contagion": bank_or_officer("risk"),
    # deposits
    "POST /v1/deposits/{seller_id}": either("deposits"),
    "GET /v1/deposits/{seller_id}": either(*CASES),
    "GET /v1/deposits/{seller_id}/statements": either(*CASES),
    "GET /v1/deposits/{seller_id}/simulation": either(*CASES),
    "GET /v1/deposits/{seller_id}/release-checks": either(*CASES),
    "POST /v1/deposits/{seller_id}/payments": either("deposits"),
    "POST /v1/deposits/{seller_id}/releases": either("deposits"),
    "POST /v1/deposits/{seller_id}/risks": officer("deposits"),
    "POST /v1/deposits/{seller_id}/risks/{risk_id}/close": officer("deposits"),
    "POST /v1/deposits/{seller_id}/specials": officer("deposits"),
    "POST /v1/deposits/{seller_id}/specials/{special}/leave": officer("deposits"),
    "POST /v1/deposits/{seller_id}/substitutes": officer("deposits"),
    "POST /v1/deposits/{seller_id}/substitutes/{insurance_id}/receipts": officer("deposits"),
    "POST /v1/deposits/{seller_id}/holds": officer("deposits"),
    "POST /v1/deposits/{seller_id}/holds/{hold_id}/lift": officer("deposits"),
    "POST /v1/deposits/{seller_id}/deductions": officer("deposits"),
    "POST /v1/deposits/{seller_id}/corrections": officer("deposits"),
    "POST /v1/deposits/{seller_id}/corrections/{correction_id}/approve": officer("deposits"),
    "POST /v1/deposits/{seller_id}/corrections/{correction_id}/reject": officer("deposits"),
    "POST /v1/deposits/{seller_id}/close": either("deposits"),
    "POST /v1/deposits/{seller_id}/reopen": either("deposits"),
    "GET /v1/deposits/{seller_id}/adjustments/{period}": either(*CASES),
    # rulebooks of deposits
    "GET /v1/deposit-rulebooks": PUBLIC,
    "POST /v1/deposit-rulebooks": officer("deposits"),
    "POST /v1/deposit-rulebook-checks": officer("deposits"),
    "GET /v1/deposit-rulebooks/{book_id}": PUBLIC,
    "GET /v1/deposit-rulebooks/{book_id}/diff": PUBLIC,
    "POST /v1/deposit-rulebooks/{book_id}/preview": officer("deposits"),
    "GET /v1/deposit-rulebooks/{book_id}/previews": officer("deposits"),
    # recoveries
    "GET /v1/recoveries": either(*CASES),
    "GET /v1/recoveries/{recovery_id}": either(*CASES),
    "GET /v1/recoveries/{recovery_id}/timeline": either(*CASES),
    "POST /v1/recoveries/{recovery_id}/instalments": MEMBER,
    "POST /v1/recoveries/{recovery_id}/accept-instalments": officer("claims"),
    "POST /v1/recoveries/{recovery_id}/receipts": officer("claims"),
    "POST /v1/recoveries/{recovery_id}/write-off": officer("claims"),
    # claims between members, pools
    "POST /v1/loans/{loan_id}/rescues": MEMBER,
    "GET /v1/guarantee-calls": CONCERNED,
    "GET /v1/guarantee-calls/{call_id}": CONCERNED,
    "GET /v1/guarantee-calls/{call_id}/timeline": CONCERNED,
    "GET /v1/guarantee-calls/{call_id}/statement": CONCERNED,
    "GET /v1/guarantee-calls/{call_id}/cascade": CONCERNED,
    "POST /v1/guarantee-calls/{call_id}/notice": officer("risk"),
    "POST /v1/guarantee-calls/{call_id}/shares/{seat}/objections": MEMBER,
    "POST /v1/guarantee-calls/{call_id}/objections/{objection_id}/decide": officer("risk"),
    "POST /v1/guarantee-calls/{call_id}/shares/{seat}/fail": officer("risk"),
    "GET /v1/members/{member_id}/obligations": either(*CASES),
    "GET /v1/member-claims": either(*CASES),
    "GET /v1/member-claims/{member_claim_id}": either(*CASES),
    "GET /v1/member-claims/{member_claim_id}/timeline": either(*CASES),
    "POST /v1/member-claims/{member_claim_id}/waive": MEMBER,
    "POST /v1/member-claims/{member_claim_id}/withdraw": MEMBER,
    "POST /v1/member-claims/{member_claim_id}/dispute": MEMBER,
    "POST /v1/member-claims/{member_claim_id}/decide-dispute": officer("risk"),
    "POST /v1/risk-pools": officer("risk"),
    "GET /v1/risk-pools": bank_or_officer(*CASES),
    "GET /v1/risk-pools/{pool_id}": bank_or_officer(*CASES),
    "GET /v1/risk-pools/{pool_id}/timeline": bank_or_officer(*CASES),
    "POST /v1/risk-pools/{pool_id}/close": officer("risk"),
    # cards and wallets
    "POST /v1/webhooks/acquirers/{acquirer_id}": PUBLIC,
    "POST /v1/orders/{order_id}/payments": MEMBER,
    "GET /v1/orders/{order_id}/payments": either(*CASES),
    "GET /v1/payments/{payment_id}": either(*CASES),
    "GET /v1/payments/{payment_id}/timeline": either(*CASES),
    "POST /v1/payments/{payment_id}/cancel": MEMBER,
    "POST /v1/payments/{payment_id}/refund": either("payments"),
    "GET /v1/settlements": either(*CASES),
    "GET /v1/settlements/{settlement_id}": either(*CASES),
    # quotes and ways to pay
    "POST /v1/quotes": MEMBER,
    "GET /v1/quotes/{quote_id}": either(*CASES),
    "GET /v1/payment-methods": either(*CASES),
    # listings
    "POST /v1/listings": MEMBER,
    "GET /v1/listings": SELLING,
    "GET /v1/listings/{listing_id}": SELLING,
    "GET /v1/listings/{listing_id}/timeline": SELLING,
    "GET /v1/listings/{listing_id}/stock": SELLING,
    "POST /v1/listings/{listing_id}/edit": MEMBER,
    "POST /v1/listings/{listing_id}/submit": MEMBER,
    "POST /v1/listings/{listing_id}/publish": officer("channels"),
    "POST /v1/listings/{listing_id}/reject": officer("channels"),
    "POST /v1/listings/{listing_id}/suspend": officer("channels"),
    "POST /v1/listings/{listing_id}/withdraw": MEMBER,
    "POST /v1/listings/{listing_id}/renew": MEMBER,
    "POST /v1/listings/{listing_id}/count-stock": MEMBER,
    "POST /v1/listings/{listing_id}/pictures": MEMBER,
    "GET /v1/listings/{listing_id}/pictures/{document_id}": PUBLIC,
    "GET /v1/listings/{listing_id}/documents/{document_id}": SELLING,
    "POST /v1/listings/{listing_id}/pictures/{document_id}/remove": MEMBER,
    "GET /v1/channels/{channel_id}/listings": PUBLIC,
    "GET /v1/channels/{channel_id}/listings/{listing_id}": PUBLIC,
    "POST /v1/channels/{channel_id}/orders": MEMBER,
    "POST /v1/orders/{order_id}/carrier-events": officer("feeds"),
    "POST /v1/orders/{order_id}/take-back": MEMBER,
    # country channels
    "POST /v1/channels": officer("channels"),
    "GET /v1/channels": PUBLIC,
    "GET /v1/channels/{channel_id}": PUBLIC,
    "GET /v1/channels/{channel_id}/timeline": agency_or_officer(*CASES, "channels"),
    "GET /v1/channels/{channel_id}/figures": agency_or_officer(*CASES, "channels"),
    "GET /v1/channels/{channel_id}/figures.csv": agency_or_officer(*CASES, "channels"),
    "GET /v1/channels/{channel_id}/figures.svg": agency_or_officer(*CASES, "channels"),
    "POST /v1/channels/{channel_id}/open": officer("channels"),
    "POST /v1/channels/{channel_id}/pause": officer("channels"),
    "POST /v1/channels/{channel_id}/close": officer("channels"),
    "POST /v1/channels/{channel_id}/amend": officer("channels"),
    "POST /v1/channels/{channel_id}/nominations": AGENCY,
    "GET /v1/nominations": IN_CHANNEL,
    "GET /v1/nominations/{nomination_id}": IN_CHANNEL,
    "GET /v1/nominations/{nomination_id}/timeline": IN_CHANNEL,
    "POST /v1/nominations/{nomination_id}/edit": AGENCY,
    "POST /v1/nominations/{nomination_id}/documents": AGENCY,
    "GET /v1/nominations/{nomination_id}/documents/{document_id}": agency_or_officer(*CASES, "channels"),
    "POST /v1/nominations/{nomination_id}/submit": AGENCY,
    "POST /v1/nominations/{nomination_id}/check": officer("channels"),
    "POST /v1/nominations/{nomination_id}/return": officer("channels"),
    "POST /v1/nominations/{nomination_id}/withdraw": AGENCY,
    "POST /v1/nominations/{nomination_id}/accept": MEMBER,
    "POST /v1/nominations/{nomination_id}/decline": MEMBER,
    "GET /v1/channel-memberships": IN_CHANNEL,
    "GET /v1/channel-memberships/{membership_id}": IN_CHANNEL,
    "GET /v1/channel-memberships/{membership_id}/timeline": IN_CHANNEL,
    "POST /v1/channel-memberships/{membership_id}/renew": AGENCY,
    "POST /v1/channel-memberships/{membership_id}/suspend": agency_or_officer("channels"),
    "POST /v1/channel-memberships/{membership_id}/reinstate": agency_or_officer("channels"),
    "POST /v1/channel-memberships/{membership_id}/revoke": agency_or_officer("channels"),
    "POST /v1/channel-memberships/{membership_id}/appeal": MEMBER,
    "POST /v1/channel-memberships/{membership_id}/decide-appeal": officer("channels"),
    "GET /v1/storefronts/{member_id}/channel-badge": PUBLIC,
    "GET /v1/storefronts/{member_id}/channel-badge.svg": PUBLIC,
    # receivables
    "POST /v1/receivables": MEMBER,
    "GET /v1/receivables": either(*CASES),
    "GET /v1/receivables/{receivable_id}": either(*CASES),
    "GET /v1/receivables/{receivable_id}/timeline": either(*CASES),
    "POST /v1/receivables/{receivable_id}/confirm": MEMBER,
    "POST /v1/receivables/{receivable_id}/decline": MEMBER,
    "POST /v1/receivables/{receivable_id}/withdraw": MEMBER,
    # alerts
    "GET /v1/alerts": CONCERNED,
    "GET /v1/alerts/{alert_id}": CONCERNED,
    "GET /v1/alerts/{alert_id}/figures": CONCERNED,
    "GET /v1/alerts/{alert_id}/timeline": either(*CASES),
    "POST /v1/alerts/{alert_id}/acknowledge": officer("risk"),
    "POST /v1/alerts/{alert_id}/explain": MEMBER,
    "POST /v1/alerts/{alert_id}/resolve": officer("risk"),
    "POST /v1/alerts/{alert_id}/escalate": officer("risk"),
    "POST /v1/alerts/{alert_id}/silence": officer("risk"),
    "POST /v1/alerts/{alert_id}/hold": officer("risk"),
    "POST /v1/alerts/{alert_id}/release": officer("risk"),
    "POST /v1/monitoring-shadows": officer("risk"),
    "GET /v1/monitoring-shadows/{shadow_id}": officer("risk"),
    "GET /v1/members/{member_id}/baseline": CONCERNED,
    "GET /v1/monitoring-digests": bank_or_officer(*CASES),
    # sanctions
    "POST /v1/sanctions": officer("risk"),
    "GET /v1/sanctions": either(*CASES, "legal"),
    "GET /v1/sanctions/{sanction_id}": either(*CASES, "legal"),
    "GET /v1/sanctions/{sanction_id}/timeline": either(*CASES, "legal"),
    "POST /v1/sanctions/{sanction_id}/approve": officer("risk", "legal"),
    "POST /v1/sanctions/{sanction_id}/withdraw": officer("risk"),
    "POST /v1/sanctions/{sanction_id}/appeal": MEMBER,
    "POST /v1/sanctions/{sanction_id}/decide-appeal": officer("risk", "legal"),
    "POST /v1/sanctions/{sanction_id}/lift": officer("risk"),
    "POST /v1/members/{member_id}/flag-inquiries": Who(frozenset({"bank"})),
    "GET /v1/storefronts/{member_id}/notes": PUBLIC,
    "GET /v1/conduct-reports": officer("risk", "legal"),
    # trainings
    "POST /v1/trainings": officer("risk"),
    "GET /v1/trainings": either(*CASES),
    "GET /v1/trainings/{training_id}": either(*CASES),
    "GET /v1/trainings/{training_id}/places": officer("risk"),
    "GET /v1/trainings/{training_id}/timeline": officer("risk"),
    "POST /v1/trainings/{training_id}/register": MEMBER,
    "POST /v1/trainings/{training_id}/unregister": MEMBER,
    "POST /v1/trainings/{training_id}/cancel": officer("risk"),
    "POST /v1/trainings/{training_id}/record": officer("risk"),
    "GET /v1/members/{member_id}/trainings": either(*CASES),
    # peer reports
    "POST /v1/peer-reports": MEMBER,
    "GET /v1/peer-reports": either("risk", "legal"),
    "GET /v1/peer-reports/{report_id}": either("risk", "legal"),
    "GET /v1/peer-reports/{report_id}/timeline": either("risk", "legal"),
    "POST /v1/peer-reports/{report_id}/documents": MEMBER,
    "GET /v1/peer-reports/{report_id}/documents/{document_id}": either("risk", "legal"),
    "POST /v1/peer-reports/{report_id}/acknowledge": officer("risk"),
    "POST /v1/peer-reports/{report_id}/triage": officer("risk"),
    "POST /v1/peer-reports/{report_id}/answer": MEMBER,
    "POST /v1/peer-reports/{report_id}/find": officer("risk"),
    "POST /v1/peer-reports/{report_id}/unseal": officer("risk", "legal"),
    "POST /v1/peer-reports/{report_id}/decide-unsealing": officer("risk", "legal"),
    "POST /v1/peer-reports/{report_id}/reporter-inquiries": officer("risk", "legal"),
    # the integrity index
    "GET /v1/members/{member_id}/integrity": CONCERNED,
    "GET /v1/members/{member_id}/integrity/statement": CONCERNED,
    "GET /v1/members/{member_id}/incentives": either(*CASES),
    "GET /v1/incentives/{incentive_id}": either(*CASES),
    "GET /v1/incentives/{incentive_id}/timeline": either(*CASES),
    "POST /v1/incentives/{incentive_id}/reverse": officer("risk"),
    "POST /v1/incentives/{incentive_id}/restore": officer("risk"),
    "GET /v1/storefronts/{member_id}/integrity": PUBLIC,
    # cases
    "POST /v1/cases": either(*CASES),
    "GET /v1/cases": CONCERNED,
    "GET /v1/cases/{case_id}": CONCERNED,
    "GET /v1/cases/{case_id}/timeline": CONCERNED,
    "POST /v1/cases/{case_id}/reply": CONCERNED,
    "POST /v1/cases/{case_id}/assign": officer(*CASES),
    "POST /v1/cases/{case_id}/escalate": either(*CASES),
    "POST /v1/cases/{case_id}/resolve": officer(*CASES),
    "POST /v1/cases/{case_id}/reopen": either(*CASES),
    # orders
    "POST /v1/orders": MEMBER,
    "GET /v1/orders": either(*CASES, "feeds"),
    "GET /v1/orders/{order_id}": either(*CASES, "feeds"),
    "GET /v1/orders/{order_id}/timeline": either(*CASES),
    "GET /v1/orders/{order_id}/money": either(*CASES),
    "POST /v1/orders/{order_id}/propose": MEMBER,
    "POST /v1/orders/{order_id}/amend": MEMBER,
    "POST /v1/orders/{order_id}/accept": MEMBER,
    "POST /v1/orders/{order_id}/cancel": MEMBER,
    "POST /v1/orders/{order_id}/accept-short-payment": MEMBER,
    "POST /v1/orders/{order_id}/ship": MEMBER,
    "POST /v1/orders/{order_id}/deliver": MEMBER,
    "POST /v1/orders/{order_id}/extend-receipt": MEMBER,
    "POST /v1/orders/{order_id}/receive": MEMBER,
    "POST /v1/orders/{order_id}/early-payout": MEMBER,
    "POST /v1/cover-quotes": either(*CASES),
    # claims
    "POST /v1/orders/{order_id}/claims": MEMBER,
    "POST /v1/claim-simulations": either(*CASES),
    "GET /v1/claims": either("claims"),
    "GET /v1/claims/{claim_id}": either(*CASES),
    "GET /v1/claims/{claim_id}/timeline": either(*CASES),
    "GET /v1/claims/{claim_id}/decisions": either(*CASES),
    "GET /v1/claims/{claim_id}/draft": officer("claims"),
    "POST /v1/claims/{claim_id}/edit": MEMBER,
    "POST /v1/claims/{claim_id}/offers": MEMBER,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/accept": MEMBER,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/decline": MEMBER,
    "POST /v1/claims/{claim_id}/settle": MEMBER,
    "POST /v1/claims/{claim_id}/escalate": MEMBER,
    "POST /v1/claims/{claim_id}/withdraw": MEMBER,
    "POST /v1/claims/{claim_id}/agree-to-shipment": MEMBER,
    "POST /v1/claims/{claim_id}/evidence": MEMBER,
    "GET /v1/claims/{claim_id}/evidence/{evidence_id}": either(*CASES),
    "POST /v1/claims/{claim_id}/evidence/{evidence_id}/submit": MEMBER,
    "POST /v1/claims/{claim_id}/evidence/{evidence_id}/remove": MEMBER,
    "POST /v1/claims/{claim_id}/complete-evidence": MEMBER,
    "POST /v1/claims/{claim_id}/ship-return": MEMBER,
    "POST /v1/claims/{claim_id}/acknowledge-return": MEMBER,
    "POST /v1/claims/{claim_id}/confirm-remedy": MEMBER,
    "POST /v1/claims/{claim_id}/appeal": MEMBER,
    "POST /v1/claims/{claim_id}/assign": officer("claims"),
    "POST /v1/claims/{claim_id}/recuse": officer("claims"),
    "POST /v1/claims/{claim_id}/open-evidence": officer("claims"),
    "POST /v1/claims/{claim_id}/inspection": officer("claims"),
    "POST /v1/claims/{claim_id}/inspection-report": officer("claims"),
    "POST /v1/claims/{claim_id}/determine": officer("claims"),
    "POST /v1/claims/{claim_id}/decide-appeal": officer("claims"),
    # banks
    "POST /v1/webhooks/banks/{bank_id}": PUBLIC,  # the signature is the credential
    "GET /v1/bank-events": bank_or_officer(*CASES),
    "GET /v1/bank-events/{event_id}": bank_or_officer(*CASES),
    "POST /v1/bank-events/{event_id}/allocate": officer("payments"),
    "POST /v1/bank-events/{event_id}/return": officer("payments"),
    "POST /v1/bank-events/{event_id}/retry": officer("payments"),
    "POST /v1/bank-events/{event_id}/reverse": officer("payments"),
    "GET /v1/bank-instructions": officer(*CASES),
    "GET /v1/bank-instructions/{instruction_id}": either(*CASES),
    "POST /v1/bank-instructions/{instruction_id}/account": MEMBER,
    "POST /v1/bank-instructions/{instruction_id}/retry": officer("payments"),
    "POST /v1/bank-instructions/{instruction_id}/settle-by-hand": officer("payments"),
    # webhooks
    "POST /v1/webhook-endpoints": owners("admin"),
    "GET /v1/webhook-endpoints": owners("admin"),
    "GET /v1/webhook-endpoints/{endpoint_id}": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate-secret": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/enable": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/disable": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/delete": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/ping": owners("admin"),
    "POST /v1/webhook-endpoints/{endpoint_id}/replay": owners("admin"),
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": owners("admin"),
    # books and jobs
    "GET /v1/ledger/accounts/{account}": either(*CASES),
    "GET /v1/ledger/trial-balance": officer("payments"),
    "GET /v1/ledger/verification": officer("payments"),
    "POST /v1/ledger/chains/{aggregate_id}/lift": officer("admin"),
    "GET /v1/runs": officer(*CASES, "feeds"),
    "GET /v1/runs/{run_id}": officer(*CASES, "feeds"),
    "POST /v1/runs/{run_id}/redrive": officer(*CASES, "feeds"),
    "GET /v1/imports": agency_or_officer("feeds"),
    "GET /v1/penalty-appeals": officer("risk"),
    "GET /v1/deposits": officer(*CASES),
    "GET /v1/members/{member_id}/overview": officer(*CASES, "feeds"),
    "GET /v1/reports": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/reports/{report}": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/reports/{report}/rows.csv": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/reports/{report}/chart.svg": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/event-types": every_role(),
    "GET /v1/work": officer(*CASES, "channels", "feeds", "legal"),
    "POST /v1/work/{work_id}/assignment": officer(*CASES, "channels", "feeds", "legal"),
    "POST /v1/work/{work_id}/completion": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/search": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/bank-events/{event_id}/suggestions": officer("payments"),
    "GET /v1/entries": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/entries/{entry_id}": officer(*CASES, "channels", "feeds", "legal"),
    "GET /v1/dead-letters": officer(*CASES, "feeds"),
    "POST /v1/redrives": officer("admin"),
    # sandbox: these endpoints exist only where the stage says so
    "POST /v1/sandbox/tokens": PUBLIC,  # how else would one get the first
    "GET /v1/sandbox/clock": SIGNED_IN,
    "POST /v1/sandbox/clock": SIGNED_IN,
    "POST /v1/sandbox/jobs/{job}": SIGNED_IN,
    "POST /v1/sandbox/banks/{bank_id}/events": SIGNED_IN,
    "POST /v1/sandbox/banks/{bank_id}/behaviour": SIGNED_IN,
    # reference
    "GET /v1/health": PUBLIC,
    "GET /v1/policies": PUBLIC,
    "GET /v1/policies/{name}": PUBLIC,
    "GET /v1/policies/{name}/diff": SIGNED_IN,
    "GET /v1/vocabulary": PUBLIC,
    "GET /v1/openapi.json": PUBLIC,
    "GET /v1/postman.json": PUBLIC,
    "GET /docs": PUBLIC,
    "GET /docs/{section}": PUBLIC,
    "GET /docs/{section}/{page}": PUBLIC,
    # pages for whoever buys
    "GET /s/verify_badge.py": PUBLIC,
    "GET /s/{member_id}": PUBLIC,
    "GET /c/{channel_id}": PUBLIC,
    # console: what the browser runs; it asks with the token of who has signed in
    "GET /console": PUBLIC,
    "GET /console/routes": PUBLIC,
    "GET /console/forms/{operation}": PUBLIC,
    "GET /console/texts/{language}": PUBLIC,
    "GET /console/{release}/{file}": PUBLIC,
    "GET /console/{release}/console.css": PUBLIC,
    "GET /console/{release}/vendor/{module}": PUBLIC,
}

NOBODYS: Final = frozenset(
    {
        *(
            f"{method} /v1/trainings/{{training_id}}{rest}"
            for method, rest in (("GET", ""), ("POST", "/register"), ("POST", "/unregister"))
        ),
        "POST /v1/channels/{channel_id}/orders",
        "GET /v1/policies/{name}/diff",
        "POST /v1/members/{member_id}/flag-inquiries",
        "POST /v1/sandbox/banks/{bank_id}/behaviour",
        "POST /v1/sandbox/banks/{bank_id}/events",
        "POST /v1/sandbox/jobs/{job}",
    }
)
"""Endpoints whose path names nothing that belongs to anybody, or that every bank may ask of every member, for a reason."""
SIGNERS: Final = {error.code for error in SIGNER_ERRORS}
"""How a member is refused of whom a person with a power has to be named: it got in."""
OTHER_ID: Final = UNKNOWN_ID[:-1] + "8"
DUTY_SETS: Final = [
    frozenset(chosen) for size in range(len(DUTIES) + 1) for chosen in itertools.combinations(sorted(DUTIES), size)
]


def enters(endpoint: Endpoint, caller: Caller) -> bool:
    try:
        must_be_admitted(endpoint, caller)
    except NotAllowed:
        return False
    return True


def test_every_door_is_in_the_table_and_every_line_is_a_door() -> None:
    assert {name(endpoint) for endpoint in endpoints()} == set(TABLE)


@pytest.mark.parametrize("endpoint", endpoints(), ids=name)
def test_a_door_is_declared_as_the_table_says(endpoint: Endpoint) -> None:
    declared = PUBLIC if endpoint.public else Who(endpoint.by.roles, endpoint.by.duties or frozenset())
    assert declared == TABLE[name(endpoint)]


@pytest.mark.parametrize("endpoint", endpoints(), ids=name)
def test_every_role_with_every_set_of_duties_meets_what_the_table_says(endpoint: Endpoint) -> None:
    """More than a hundred thousand cases, decided where the application decides them: at the gate, on the token alone."""
    asked = TABLE[name(endpoint)]
    for role, duties in itertools.product((*ROLES, "public", "clock", ""), DUTY_SETS):
        expected = endpoint.public or asked.lets_in(role, duties)
        assert enters(endpoint, Caller(sub="x", role=role, duties=tuple(sorted(duties)))) == expected, (role, duties)
    for_a_member = Caller(sub=NOBODY_MEMBER, role="member", actor="marketplace")
    assert enters(endpoint, for_a_member) == (endpoint.public or "member" in asked.roles)


def test_the_matrix_is_large_enough_to_mean_something() -> None:
    assert len(endpoints()) * (len(ROLES) + 3) * len(DUTY_SETS) >= 10_000


def test_a_route_open_to_officers_that_names_no_duty_does_not_start() -> None:
    routes = Routes(group="Tests")
    for declare in (
        routes.command("/v1/x", response=str, by=OFFICER),
        routes.query("/v1/x", by=MEMBERS | OFFICER),
        routes.read("/v1/x", response=str, by=OFFICER | MEMBERS),
        routes.raw("/v1/x", method="POST", response=str, status=200, by=OFFICER),
    ):
        with pytest.raises(UndeclaredDuty):
            declare(lambda request: None)
    with pytest.raises(ValueError, match="no duty"):
        OFFICER.with_duty("clams")


def test_the_document_says_which_duty_an_officer_needs() -> None:
    for endpoint in endpoints():
        described = operation(endpoint)
        assert described.get("x-duties", []) == sorted(TABLE[name(endpoint)].duties)
        for duty in TABLE[name(endpoint)].duties:
            assert f"`{duty}`" in described["description"]


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in endpoints() if "officer" in endpoint.by.roles], ids=name)
def test_an_officer_without_the_duty_is_refused_before_anything_is_read(
    under_test: ApiUnderTest, endpoint: Endpoint
) -> None:
    """Whatever else is wrong with the request, and whatever is there: the engine is not asked."""
    expected = TABLE[name(endpoint)]
    calls = list[Any]()
    with listening("before-send", lambda **sent: calls.append(sent)):
        for duty in (None, *sorted(DUTIES)):
            duties = frozenset({duty} if duty else ())
            if expected.lets_in("officer", duties):
                continue
            by = token("officer", "officer-1", *duties)
            reply = under_test.send(
                ApiRequest(endpoint, by=by, body=b"nonsense", query="a=1&a=2", without=("idempotency-key",))
            )
            must_be_documented(endpoint, reply)
            answered = (reply.status, reply["code"], reply["duties"])
            assert answered == (403, "not_allowed", sorted(expected.duties)), reply.body
    assert not calls


@pytest.mark.parametrize("endpoint", endpoints(), ids=name)
def test_only_the_roles_in_the_table_get_in(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    allowed = TABLE[name(endpoint)]
    for role in ROLES:
        reply = under_test.send(ApiRequest(endpoint, by=token_of(role)))
        must_be_documented(endpoint, reply)
        if allowed == PUBLIC or role in allowed.roles:
            assert reply.status != 403 or reply["code"] in SIGNERS, reply.body
            assert (reply.status != 401) or endpoint.public, reply.body
        else:
            assert (reply.status, reply["code"]) == (403, "not_allowed"), (role, reply.body)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in endpoints() if not endpoint.public], ids=name)
def test_without_a_good_token_nobody_gets_in(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    for by in (None, "", "nonsense", _token(exp=int(time.time()) - 60), _token(role="clock"), _token(aud="else")):
        reply = under_test.send(ApiRequest(endpoint, by=by))
        must_be_documented(endpoint, reply)
        assert (reply.status, reply["code"]) == (401, "unauthenticated"), reply.body
        assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "endpoint", [endpoint for endpoint in endpoints() if "{" in endpoint.path and not endpoint.public], ids=name
)
def test_what_is_not_there_is_not_found_by_anybody(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    for role in sorted(endpoint.by.roles):
        reply = under_test.send(ApiRequest(endpoint, by=token_of(role)))
        assert reply.status == 404, (role, reply.status, reply.body)
        assert _but_for(reply, UNKNOWN_ID) == _but_for(_knock_with(under_test, endpoint, role, OTHER_ID), OTHER_ID)


@pytest.mark.parametrize(
    "endpoint",
    [
        endpoint
        for endpoint in endpoints()
        if "{" in endpoint.path and endpoint.by.roles and name(endpoint) not in NOBODYS
    ],
    ids=name,
)
def test_what_is_somebody_elses_answers_like_what_is_not_there(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    """The same bytes but for the id: nobody learns from a refusal that something exists."""
    for role in sorted(endpoint.by.roles - {"officer"}):
        foreign = under_test.send(ApiRequest(endpoint, by=token_of(role), ids=seeds.ids))
        unknown = under_test.send(ApiRequest(endpoint, by=token_of(role), ids={**seeds.ids, **_unknown(endpoint)}))
        assert foreign.status == 404, (role, foreign.body)
        first = _ids(endpoint)[0]
        assert _but_for(foreign, seeds.ids[first]) == _but_for(unknown, _unknown(endpoint)[first])


@pytest.mark.parametrize("duty", CASES)
def test_an_officer_is_told_only_of_actions_its_duty_opens(under_test: ApiUnderTest, seeds: Seeds, duty: str) -> None:
    by, commands = (
        token("officer", "officer-1", duty),
        {endpoint.path: endpoint for endpoint in endpoints() if endpoint.method == "POST"},
    )
    for endpoint in endpoints():
        if endpoint.method != "GET" or not enters(endpoint, Caller(sub="x", role="officer", duties=(duty,))):
            continue
        answer = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids)).body
        for action in answer.get("allowed_actions", []) if isinstance(answer, dict) else []:
            command = commands.get(f"{endpoint.path}/{action}")
            if command is not None:
                assert TABLE[name(command)].lets_in("officer", frozenset({duty})), (name(endpoint), action)


def _knock_with(under_test: ApiUnderTest, endpoint: Endpoint, role: str, text: str) -> Reply:
    return under_test.send(ApiRequest(endpoint, by=token_of(role), ids=dict.fromkeys(_ids(endpoint), text)))


def _unknown(endpoint: Endpoint) -> dict[str, str]:
    """Ids of the right kind of things that are not there."""
    return {
        part: "cover_granted:mem_99999999999999999999999999" if part == "account" else UNKNOWN_ID
        for part in _ids(endpoint)[:1]
    }


def _but_for(reply: Reply, text: str) -> bytes:
    return reply.raw.replace(text.encode(), b"")


def _ids(endpoint: Endpoint) -> list[str]:
    return [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]


def _token(**other: object) -> str:
    now = int(time.time())
    claims = {
        "iss": settings().issuer,
        "aud": settings().audience,
        "sub": "mem_00000000000000000000000001",
        "role": "officer",
        "nbf": now - 120,
        "exp": now + 3600,
    }
    return jwt.encode({**claims, **other}, TOKEN_KEY, algorithm="ES256", headers={"kid": "test-1"})
