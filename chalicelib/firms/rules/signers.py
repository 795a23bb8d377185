"""Whether a person may bind a firm. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.firms.rules.firm import Firm, Power
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say, term


class SignerNotNamed(NotAllowed):
    code = "signer_not_named"
    title = "This binds a firm, and no person of it is named."
    fix = "Name the person who acts in the header Surety-Acting-Person: see GET /v1/firms/{member_id}."


class NotASigner(NotAllowed):
    code = "not_a_signer"
    title = "That person does not sign for the firm."
    fix = "Register the firm and its signers: POST /v1/firms, POST /v1/firms/{member_id}/people."


class SignerNotVerified(NotAllowed):
    code = "signer_not_verified"
    title = "Nobody has verified that this person signs for the firm."
    fix = (
        "Wait until an officer has verified the firm's profile, or hand it in anew: POST /v1/firms/{member_id}/confirm."
    )


class PowerLacking(NotAllowed):
    code = "power_lacking"
    title = "That signer has no power to do this."
    fix = "Let a signer act who has the power, or change this one's: POST /v1/firms/{member_id}/people/{person_id}/change."


SIGNER_ERRORS: Final = (SignerNotNamed, NotASigner, SignerNotVerified, PowerLacking)
"""What an endpoint that needs a signer refuses with: for `errors=` of its declaration."""


class Signer(msgspec.Struct, frozen=True):
    """A person who may do what was asked, what else that person may, and the profile of the firm that says so."""

    person_id: str
    powers: tuple[Power, ...]
    profile: Firm


def signer(firm: Firm | None, person_id: str, power: Power, now: datetime) -> Signer:
    """The person as a signer with this power now; NotAllowed by the name of what is lacking."""
    if firm is None or not any(person.powers for person in firm.people):
        raise NotASigner("The firm has registered no signers.")
    if not person_id:
        raise SignerNotNamed(say("It takes a signer with the power {power!r}.", power=power), power=power)
    person = firm.person(person_id)
    if person is None or not person.powers:
        raise NotASigner(say("{person_id!r:.60} is no signer of the firm.", person_id=person_id))
    if firm.status not in ("verified", "changed") or person.verified_at is None:
        raise SignerNotVerified(
            say(
                "{person_id} waits for an officer; the profile is {status}.",
                person_id=person_id,
                status=term("status", firm.status),
            ),
            firm_status=firm.status,
        )
    if not person.may(power, business_date(now)):
        raise PowerLacking(
            say("{person_id} has no power {power!r} today.", person_id=person_id, power=power),
            power=power,
            powers=list(person.powers),
        )
    return Signer(person.id, person.powers, firm)
