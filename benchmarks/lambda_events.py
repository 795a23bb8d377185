"""The application as Lambda runs it: API Gateway's events straight into the handler, as somebody already let in."""

from __future__ import annotations

import itertools
import json
import os
import re
from types import SimpleNamespace
from typing import Any, Final

_KEYS = itertools.count(1)


def configure() -> None:
    """The environment of a production stage, before the application is imported: no sandbox, quiet logs."""
    os.environ.update(
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="benchmark",
        AWS_SECRET_ACCESS_KEY="benchmark",
        SURETY_STAGE="bench",
        SURETY_SANDBOX="false",
        POWERTOOLS_METRICS_DISABLED="true",
        POWERTOOLS_LOG_LEVEL="ERROR",
    )


def event(
    method: str,
    resource: str,
    *,
    sub: str,
    role: str = "member",
    body: Any = None,
    key: str | None = None,
    duties: str = "",
    person: str = "",
    **ids: str,
) -> dict[str, Any]:
    """API Gateway's event for one request; `ids` fill the resource's path, `person` is which of a member's people acts."""
    path = resource.format(**ids)
    headers = {"Content-Type": "application/json", "X-Request-Id": "benchmark"}
    if method == "POST":
        headers["Idempotency-Key"] = key or f"bench-{next(_KEYS)}"
    if person:
        headers["Surety-Acting-Person"] = person
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": None,
        "pathParameters": ids or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": path,
            "requestId": "benchmark",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {"principalId": sub, "role": role, "duties": duties, "since": "0", "until": "99999999999"},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


CONTEXT: Final = SimpleNamespace(
    function_name="api_handler",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:api_handler",
    aws_request_id="benchmark",
    get_remaining_time_in_millis=lambda: 29_000,
)


class Application:
    """`call(…)` sends one request and returns `(status, answer)`."""

    def __init__(self) -> None:
        import app

        self._app = app.app

    def answer(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What Lambda hands to API Gateway."""
        answer: dict[str, Any] = self._app(sent, CONTEXT)
        return answer

    def send(self, sent: dict[str, Any]) -> tuple[int, Any]:
        answer = self.answer(sent)
        return answer["statusCode"], json.loads(answer["body"])

    def call(self, method: str, resource: str, *, expect: int, **fields: Any) -> Any:
        status, answer = self.send(event(method, resource, **fields))
        if status != expect:
            raise SystemExit(f"{method} {resource} answered {status}: {answer}")
        return answer


def template(path: str) -> str:
    """A path with its ids as placeholders: `/v1/orders/ord_…/ship` is `/v1/orders/{id}/ship`."""
    return re.sub(r"[a-z]{3}_[0-9A-Z]{26}", "{id}", path)
