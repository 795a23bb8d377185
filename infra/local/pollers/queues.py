"""A queue, offered message by message or in batches to the handler that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, Final

import boto3

from infra.local.pollers.event_source import Handler, Tell, failed_items, lambda_context
from infra.local.resources import ACCOUNT

AGAIN_AFTER_SECONDS: Final = 2


class Queue:
    """One queue: what the handler took is deleted, the rest comes again in a moment, five times in all."""

    def __init__(self, handler: Handler, queue: str, batch: int, tell: Tell) -> None:
        session: Any = boto3.Session()
        self._sqs: Any = session.client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        self._handler, self._queue, self._batch, self._tell = handler, queue, min(batch, 10), tell

    def most_pause(self) -> float:
        return inf

    def turn(self) -> bool:
        response = self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=self._batch, AttributeNames=["All"]
        )
        messages = response.get("Messages", [])
        failed = self._failed(messages) if messages else set()
        for message in messages:
            self._settle(message, message["MessageId"] in failed)
        return bool(messages)

    def _failed(self, messages: Sequence[dict[str, Any]]) -> set[str]:
        records = [_message_as_lambda_tells(message, self._queue) for message in messages]
        try:
            return failed_items(self._handler({"Records": records}, lambda_context()))
        except Exception as failure:
            self._tell(f"{self._queue}: a message failed: {failure!r}")
            return {message["MessageId"] for message in messages}

    def _settle(self, message: dict[str, Any], failed: bool) -> None:
        which = {"QueueUrl": self._url, "ReceiptHandle": message["ReceiptHandle"]}
        if failed:
            self._sqs.change_message_visibility(**which, VisibilityTimeout=AGAIN_AFTER_SECONDS)
        else:
            self._sqs.delete_message(**which)


def _message_as_lambda_tells(message: dict[str, Any], queue: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue}",
        "awsRegion": "us-east-1",
    }
