"""Tokens for anybody: the sandbox stands in for the marketplace's identity provider."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.sandbox.views import TokenRequest, TokenView
from chalicelib.shared import access, ids, secrets
from chalicelib.shared.errors import Malformed
from chalicelib.shared.settings import settings

LIVES: Final = timedelta(hours=24)


class _Key(msgspec.Struct):
    kid: str
    pem: str


def sign(body: TokenRequest, now: datetime) -> TokenView:
    """A token that the stage's key set knows, good for a day of the wall's clock."""
    import jwt

    if body.role == "member" and not ids.is_id(body.sub, ids.MEMBER):
        raise Malformed("A member's token names the member: sub is its id, `mem_…`.", param="sub")
    if body.duties and body.role != "officer":
        raise Malformed("Only an officer has duties.", param="duties")
    if not access.fit_together(body.duties):
        raise Malformed(
            "Whoever acts for members decides nothing about them: `act` stands alone or beside `feeds`.", param="duties"
        )
    key = msgspec.json.decode(secrets.required("sandbox-token-key"), type=_Key)
    expires_at = (now + LIVES).replace(microsecond=0)
    claims = {
        "iss": settings().issuer,
        "aud": settings().audience,
        settings().sub_claim: body.sub,
        settings().role_claim: body.role,
        "nbf": int(now.timestamp()) - 60,
        "exp": int(expires_at.timestamp()),
    }
    duties = {settings().duties_claim: list(body.duties)} if body.role == "officer" else {}
    token = jwt.encode(claims | duties, key.pem, algorithm="ES256", headers={"kid": key.kid})
    return TokenView(token=token, expires_at=expires_at)
