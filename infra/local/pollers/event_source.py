"""What the sources have in common: a handler, its context, its answer, and where what it could not take is put aside."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from chalice.local import LambdaContext

from chalicelib.shared.settings import settings
from infra.local.resources import ACCOUNT

Handler = Callable[[dict[str, Any], Any], Any]
Tell = Callable[[str], None]

AFTER_FAILURE_SECONDS: Final = 1.0
JOB_SECONDS: Final = 900


def lambda_context() -> Any:
    return LambdaContext("surety-local", memory_size=512, max_runtime_ms=JOB_SECONDS * 1000)


def failed_items(response: Any) -> set[str]:
    """The items of a batch that the handler could not take; none where it answers nothing."""
    return {failure["itemIdentifier"] for failure in (response or {}).get("batchItemFailures", [])}


def put_aside(sqs: Any, queue: str, function: str, tries: int, **fields: Any) -> None:
    """Send to a dead-letter queue what Lambda sends there: who failed and how often, and what the source adds."""
    message = {
        "version": "1.0",
        "timestamp": wire(datetime.now(UTC)),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": _arn_of(function),
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        **fields,
    }
    url = sqs.get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _arn_of(function: str) -> str:
    """As CloudFormation names a function: the stack, what the template calls it, and something of its own."""
    logical = "".join(part.title() for part in function.split("_"))
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:surety-{settings().stage}-{logical}-local"
