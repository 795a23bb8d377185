"""Who binds a firm: each way to be refused by its name, and the one way not to be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.firms.rules.firm import POWERS, Firm
from chalicelib.firms.rules.signers import (
    SIGNER_ERRORS,
    NotASigner,
    PowerLacking,
    SignerNotNamed,
    SignerNotVerified,
    signer,
)
from chalicelib.firms.service.signers import require_signer
from chalicelib.shared.errors import NotFound
from chalicelib.shared.ids import derived_id
from chalicelib.shared.request import Caller, RequestContext
from tests.firms.factories import firm as firm_of
from tests.firms.factories import sign_for
from tests.firms.factories import signer as signer_of

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
FIRM_ID: Final = derived_id("mem", "a firm")
CHEN, LIU = derived_id("per", "chen"), derived_id("per", "liu")
SIGNER: Final = signer_of(CHEN, "apply", "sign")
HOLDER: Final = signer_of(LIU, share_bp=4_000)
FIRM: Final = firm_of(FIRM_ID, SIGNER, HOLDER)


def with_signer(**fields: Any) -> Firm:
    return replace(FIRM, people=(replace(SIGNER, **fields), HOLDER))


@pytest.mark.parametrize("status", ["verified", "changed"])
def test_a_verified_signer_does_what_it_has_the_power_for(status: Any) -> None:
    """Also while something else of the profile waits for an officer."""
    chen = signer(replace(FIRM, status=status), CHEN, "sign", NOW)
    assert (chen.person_id, chen.powers) == (CHEN, ("apply", "sign"))


@pytest.mark.parametrize(
    ("firm", "person_id", "error"),
    [
        (None, CHEN, NotASigner),
        (replace(FIRM, people=(HOLDER,)), LIU, NotASigner),
        (FIRM, "", SignerNotNamed),
        (FIRM, derived_id("per", "nobody"), NotASigner),
        (FIRM, LIU, NotASigner),
        (with_signer(verified_at=None), CHEN, SignerNotVerified),
        (replace(FIRM, status="registered"), CHEN, SignerNotVerified),
        (replace(FIRM, status="returned"), CHEN, SignerNotVerified),
        (replace(FIRM, status="expired"), CHEN, SignerNotVerified),
        (with_signer(powers=("apply",)), CHEN, PowerLacking),
    ],
)
def test_whoever_may_not_is_refused_by_name(firm: Firm | None, person_id: str, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        signer(firm, person_id, "sign", NOW)
    assert refused.type in SIGNER_ERRORS


def test_a_power_ends_with_its_last_day_in_shanghai() -> None:
    firm = with_signer(powers_until=date(2026, 3, 2))
    end = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert signer(firm, CHEN, "sign", end - timedelta(milliseconds=1)).person_id == CHEN
    with pytest.raises(PowerLacking):
        signer(firm, CHEN, "sign", end)


def test_only_the_firm_itself_is_asked_for_its_signers(aws: None) -> None:
    with pytest.raises(NotASigner):
        require_signer(FIRM_ID, request_of(FIRM_ID, CHEN), "sign")
    person_id = sign_for(FIRM_ID)
    assert require_signer(FIRM_ID, request_of(FIRM_ID, person_id), "sign").powers == POWERS
    with pytest.raises(NotFound):
        require_signer(FIRM_ID, request_of(derived_id("mem", "another"), person_id), "sign")


@pytest.mark.parametrize("power", POWERS)
def test_a_signer_has_the_powers_it_was_given_and_no_other(power: Any) -> None:
    firm = with_signer(powers=(power,))
    for other in POWERS:
        if other == power:
            assert signer(firm, CHEN, other, NOW).powers == (power,)
        else:
            with pytest.raises(PowerLacking):
                signer(firm, CHEN, other, NOW)


def request_of(member_id: str, person_id: str) -> RequestContext:
    caller = Caller(sub=member_id, role="member", person=person_id)
    return RequestContext(caller=caller, now=NOW, request_id="r")
