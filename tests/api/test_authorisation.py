"""Who may knock where: written down door by door, and tried with every role.

A door that is not in `TABLE` fails this suite, and so does a line without a door: opening one to somebody is a decision that
is read in a review.
"""

from __future__ import annotations

import time
from typing import Final

import jwt
import pytest

from chalicelib.shared.http import Door
from chalicelib.shared.settings import settings
from tests.api.knocking import ROLES, UNKNOWN_ID, House, Knock, doors, must_be_documented, name, token_of
from tests.api.seeds import Seeds
from tests.conftest import TOKEN_KEY
from tests.world import Reply

PUBLIC: Final = frozenset({"public"})
MEMBER: Final = frozenset({"member"})
OFFICER: Final = frozenset({"officer"})
BOTH: Final = MEMBER | OFFICER
SIGNED_IN: Final = frozenset(ROLES)

TABLE: Final[dict[str, frozenset[str]]] = {
    # members and trade facts
    "POST /v1/members": OFFICER,
    "GET /v1/members": BOTH,
    "GET /v1/members/{member_id}": SIGNED_IN,
    "GET /v1/members/{member_id}/day-book": BOTH,
    "POST /v1/imports": OFFICER,
    "GET /v1/imports/{import_id}": OFFICER,
    "POST /v1/trades": OFFICER,
    "POST /v1/activity": OFFICER,
    # suppliers
    "GET /v1/suppliers": OFFICER,
    "GET /v1/suppliers/{member_id}": BOTH,
    "GET /v1/suppliers/{member_id}/coverage": BOTH,
    "POST /v1/suppliers/{member_id}/enrolment": BOTH,
    "POST /v1/suppliers/{member_id}/withdrawal": BOTH,
    "POST /v1/suppliers/{member_id}/limit-simulations": BOTH,
    "POST /v1/suppliers/{member_id}/penalties": OFFICER,
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/lift": OFFICER,
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal": MEMBER,
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/uphold": OFFICER,
    "POST /v1/suppliers/{member_id}/bank-account": MEMBER,
    "POST /v1/suppliers/{member_id}/payouts": MEMBER,
    "GET /v1/suppliers/{member_id}/balance": BOTH,
    "POST /v1/suppliers/{member_id}/suspension": OFFICER,
    "POST /v1/suppliers/{member_id}/reinstatement": OFFICER,
    "GET /v1/storefronts/{member_id}": PUBLIC,
    "GET /v1/storefronts/{member_id}/badge": PUBLIC,
    "GET /v1/storefronts/{member_id}/badge.svg": PUBLIC,
    "GET /v1/badge-keys": PUBLIC,  # a badge is checked with them, by anybody
    # deposits
    "POST /v1/deposits/{seller_id}": BOTH,
    "GET /v1/deposits/{seller_id}": BOTH,
    "GET /v1/deposits/{seller_id}/statements": BOTH,
    "GET /v1/deposits/{seller_id}/simulation": BOTH,
    "GET /v1/deposits/{seller_id}/release-checks": BOTH,
    "POST /v1/deposits/{seller_id}/payments": BOTH,
    "POST /v1/deposits/{seller_id}/releases": BOTH,
    "POST /v1/deposits/{seller_id}/risks": OFFICER,
    "POST /v1/deposits/{seller_id}/risks/{risk_id}/close": OFFICER,
    "POST /v1/deposits/{seller_id}/specials": OFFICER,
    "POST /v1/deposits/{seller_id}/specials/{special}/leave": OFFICER,
    "POST /v1/deposits/{seller_id}/substitutes": OFFICER,
    "POST /v1/deposits/{seller_id}/substitutes/{substitute_id}/receipts": OFFICER,
    "POST /v1/deposits/{seller_id}/holds": OFFICER,
    "POST /v1/deposits/{seller_id}/holds/{hold_id}/lift": OFFICER,
    "POST /v1/deposits/{seller_id}/deductions": OFFICER,
    "POST /v1/deposits/{seller_id}/corrections": OFFICER,
    "POST /v1/deposits/{seller_id}/corrections/{correction_id}/approve": OFFICER,
    "POST /v1/deposits/{seller_id}/corrections/{correction_id}/reject": OFFICER,
    "POST /v1/deposits/{seller_id}/close": BOTH,
    "POST /v1/deposits/{seller_id}/reopen": BOTH,
    "GET /v1/deposits/{seller_id}/adjustments/{period}": BOTH,
    # rulebooks of deposits
    "GET /v1/deposit-rulebooks": PUBLIC,
    "POST /v1/deposit-rulebooks": OFFICER,
    "GET /v1/deposit-rulebooks/{book_id}": PUBLIC,
    "GET /v1/deposit-rulebooks/{book_id}/diff": PUBLIC,
    "POST /v1/deposit-rulebooks/{book_id}/preview": OFFICER,
    "GET /v1/deposit-rulebooks/{book_id}/previews": OFFICER,
    # recoveries
    "GET /v1/recoveries": BOTH,
    "GET /v1/recoveries/{recovery_id}": BOTH,
    "GET /v1/recoveries/{recovery_id}/timeline": BOTH,
    "POST /v1/recoveries/{recovery_id}/instalments": MEMBER,
    "POST /v1/recoveries/{recovery_id}/accept-instalments": OFFICER,
    "POST /v1/recoveries/{recovery_id}/receipts": OFFICER,
    "POST /v1/recoveries/{recovery_id}/write-off": OFFICER,
    # orders
    "POST /v1/orders": MEMBER,
    "GET /v1/orders": MEMBER,
    "GET /v1/orders/{order_id}": BOTH,
    "GET /v1/orders/{order_id}/timeline": BOTH,
    "GET /v1/orders/{order_id}/money": BOTH,
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
    "POST /v1/cover-quotes": BOTH,
    # claims
    "POST /v1/orders/{order_id}/claims": MEMBER,
    "POST /v1/claim-simulations": BOTH,
    "GET /v1/claims": BOTH,
    "GET /v1/claims/{claim_id}": BOTH,
    "GET /v1/claims/{claim_id}/timeline": BOTH,
    "GET /v1/claims/{claim_id}/decisions": BOTH,
    "GET /v1/claims/{claim_id}/draft": OFFICER,
    "POST /v1/claims/{claim_id}/edit": MEMBER,
    "POST /v1/claims/{claim_id}/offers": MEMBER,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/accept": MEMBER,
    "POST /v1/claims/{claim_id}/offers/{offer_id}/decline": MEMBER,
    "POST /v1/claims/{claim_id}/settle": MEMBER,
    "POST /v1/claims/{claim_id}/escalate": MEMBER,
    "POST /v1/claims/{claim_id}/withdraw": MEMBER,
    "POST /v1/claims/{claim_id}/evidence": MEMBER,
    "GET /v1/claims/{claim_id}/evidence/{evidence_id}": BOTH,
    "POST /v1/claims/{claim_id}/evidence/{evidence_id}/submit": MEMBER,
    "POST /v1/claims/{claim_id}/evidence/{evidence_id}/remove": MEMBER,
    "POST /v1/claims/{claim_id}/complete-evidence": MEMBER,
    "POST /v1/claims/{claim_id}/ship-return": MEMBER,
    "POST /v1/claims/{claim_id}/acknowledge-return": MEMBER,
    "POST /v1/claims/{claim_id}/confirm-remedy": MEMBER,
    "POST /v1/claims/{claim_id}/appeal": MEMBER,
    "POST /v1/claims/{claim_id}/assign": OFFICER,
    "POST /v1/claims/{claim_id}/recuse": OFFICER,
    "POST /v1/claims/{claim_id}/open-evidence": OFFICER,
    "POST /v1/claims/{claim_id}/inspection": OFFICER,
    "POST /v1/claims/{claim_id}/inspection-report": OFFICER,
    "POST /v1/claims/{claim_id}/determine": OFFICER,
    "POST /v1/claims/{claim_id}/decide-appeal": OFFICER,
    # banks
    "POST /v1/webhooks/banks/{bank_id}": PUBLIC,  # the signature is the credential
    "GET /v1/bank-events": OFFICER,
    "GET /v1/bank-events/{event_id}": OFFICER,
    "POST /v1/bank-events/{event_id}/allocate": OFFICER,
    "POST /v1/bank-events/{event_id}/return": OFFICER,
    "GET /v1/bank-instructions": OFFICER,
    "GET /v1/bank-instructions/{instruction_id}": BOTH,
    "POST /v1/bank-instructions/{instruction_id}/account": MEMBER,
    "POST /v1/bank-instructions/{instruction_id}/retry": OFFICER,
    "POST /v1/bank-instructions/{instruction_id}/settle-by-hand": OFFICER,
    # webhooks
    "POST /v1/webhook-endpoints": BOTH,
    "GET /v1/webhook-endpoints": BOTH,
    "GET /v1/webhook-endpoints/{endpoint_id}": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate-secret": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/enable": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/disable": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/delete": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/ping": BOTH,
    "POST /v1/webhook-endpoints/{endpoint_id}/replay": BOTH,
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": BOTH,
    # books and jobs
    "GET /v1/ledger/accounts/{account}": BOTH,
    "GET /v1/ledger/trial-balance": OFFICER,
    "GET /v1/ledger/verification": OFFICER,
    "POST /v1/ledger/chains/{thing}/lift": OFFICER,
    "GET /v1/runs": OFFICER,
    "GET /v1/runs/{run_id}": OFFICER,
    "POST /v1/runs/{run_id}/redrive": OFFICER,
    "GET /v1/dead-letters": OFFICER,
    "POST /v1/redrives": OFFICER,
    # sandbox: these doors exist only where the stage says so
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
    "GET /v1/openapi.json": PUBLIC,
    "GET /docs": PUBLIC,
}

NOBODYS: Final = frozenset(
    {
        "GET /v1/policies/{name}/diff",
        "POST /v1/sandbox/banks/{bank_id}/behaviour",
        "POST /v1/sandbox/banks/{bank_id}/events",
        "POST /v1/sandbox/jobs/{job}",
    }
)
"""Doors whose path names nothing that belongs to anybody."""
OTHER_ID: Final = UNKNOWN_ID[:-1] + "8"


def test_every_door_is_in_the_table_and_every_line_is_a_door() -> None:
    assert {name(door) for door in doors()} == set(TABLE)


@pytest.mark.parametrize("door", doors(), ids=name)
def test_a_door_is_declared_as_the_table_says(door: Door) -> None:
    assert (PUBLIC if door.public else door.by) == TABLE[name(door)]


@pytest.mark.parametrize("door", doors(), ids=name)
def test_only_the_roles_in_the_table_get_in(house: House, door: Door) -> None:
    allowed = TABLE[name(door)]
    for role in ROLES:
        told = house.answer(Knock(door, by=token_of(role)))
        must_be_documented(door, told)
        if allowed == PUBLIC or role in allowed:
            assert told.status != 403, told.body
            assert (told.status != 401) or door.public, told.body
        else:
            assert (told.status, told["code"]) == (403, "not_allowed"), (role, told.body)


@pytest.mark.parametrize("door", [door for door in doors() if not door.public], ids=name)
def test_without_a_good_token_nobody_gets_in(house: House, door: Door) -> None:
    for by in (None, "", "nonsense", _token(exp=int(time.time()) - 60), _token(role="clock"), _token(aud="else")):
        told = house.answer(Knock(door, by=by))
        must_be_documented(door, told)
        assert (told.status, told["code"]) == (401, "unauthenticated"), told.body
        assert told.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("door", [door for door in doors() if "{" in door.path and not door.public], ids=name)
def test_what_is_not_there_is_not_found_by_anybody(house: House, door: Door) -> None:
    for role in sorted(door.by):
        told = house.answer(Knock(door, by=token_of(role)))
        assert told.status == 404, (role, told.status, told.body)
        assert _but_for(told, UNKNOWN_ID) == _but_for(_knock_with(house, door, role, OTHER_ID), OTHER_ID)


@pytest.mark.parametrize(
    "door", [door for door in doors() if "{" in door.path and door.by and name(door) not in NOBODYS], ids=name
)
def test_what_is_somebody_elses_answers_like_what_is_not_there(house: House, seeds: Seeds, door: Door) -> None:
    """The same bytes but for the id: nobody learns from a refusal that something exists."""
    for role in sorted(door.by - {"officer"}):
        foreign = house.answer(Knock(door, by=token_of(role), ids=seeds.ids))
        unknown = house.answer(Knock(door, by=token_of(role), ids={**seeds.ids, **_unknown(door)}))
        assert foreign.status == 404, (role, foreign.body)
        first = _ids(door)[0]
        assert _but_for(foreign, seeds.ids[first]) == _but_for(unknown, _unknown(door)[first])


def _knock_with(house: House, door: Door, role: str, text: str) -> Reply:
    return house.answer(Knock(door, by=token_of(role), ids=dict.fromkeys(_ids(door), text)))


def _unknown(door: Door) -> dict[str, str]:
    """Ids of the right kind of things that are not there."""
    return {
        part: "cover_granted:mem_99999999999999999999999999" if part == "account" else UNKNOWN_ID
        for part in _ids(door)[:1]
    }


def _but_for(told: Reply, text: str) -> bytes:
    return told.raw.replace(text.encode(), b"")


def _ids(door: Door) -> list[str]:
    return [part[1:-1] for part in door.path.split("/") if part.startswith("{")]


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
