"""The authorizer: one small function API Gateway asks about every token, and caches for a minute.

It only says who is calling, from when and until when: an answer is kept for a minute, in which a token may begin or end, and so both are looked
at with each request. What is refused here would be refused for ever, and may be kept too. What a role may do is said where an endpoint is declared, and whose thing it is by the use-case.
Lambda imports this module alone, without the application.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from chalice.app import AuthRequest, AuthResponse, Blueprint

identity = Blueprint(__name__)


@identity.authorizer(ttl_seconds=60)
def signed_in(auth_request: AuthRequest) -> Any:
    # The API declares this function and never calls it: it need not load the cryptography.
    from chalicelib.identity import tokens

    scheme, _, token = (auth_request.token or "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise tokens.BadToken("no bearer token")
        proven = tokens.read(token.strip())
    except tokens.BadToken as wrong:
        sys.stdout.write(json.dumps({"level": "INFO", "message": "token refused", "reason": str(wrong)}) + "\n")
        return _deny(auth_request.method_arn)
    times = {"since": str(proven.since), "until": str(proven.until)}
    context = {"role": proven.role, "duties": " ".join(proven.duties)} | times
    return AuthResponse(routes=["*"], principal_id=proven.sub, context=context)


def _deny(method_arn: str) -> dict[str, Any]:
    """An explicit Deny: an empty list of allowed routes has been reported to let requests through."""
    statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [method_arn.split("/")[0] + "/*"]}
    return {
        "principalId": "nobody",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {},
    }
