"""The way to a bank: instructions out, questions after them. Over HTTPS (`shared/https.py`), or whatever `use` puts in its place.

Nothing here decides anything: whatever goes wrong is `Indeterminate`, and is asked about before it is tried again.
"""

from __future__ import annotations

from typing import Final, Protocol

from chalicelib.banks.rules import bank_api
from chalicelib.banks.rules.instruction import Attempt, Instruction
from chalicelib.banks.rules.outbox import NO_LINE
from chalicelib.banks.service import inbox
from chalicelib.shared import clock, https, observe
from chalicelib.shared.addresses import Ways, place
from chalicelib.shared.money import Money
from chalicelib.shared.webhooks import sign

PARTNERS: Final = Ways(any_port=True)
"""Partners' addresses are ours: they stand in the policy, and may lead to a line that is not public."""


class Transport(Protocol):
    """Tells a bank what to do, and asks what became of it. Neither raises for what a bank or the network does."""

    def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult: ...

    def inquire(self, instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult: ...


class Https:
    """The partner's address in the policy `banks`, signed with its own key. It follows no redirects."""

    def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
        address = _address(instruction)
        if not address:
            return bank_api.Refused(NO_LINE)
        answer = _post(address, instruction, attempt, "instruct")
        return bank_api.read_send_result(*answer) if answer else bank_api.Indeterminate()

    def inquire(self, instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult:
        address = _address(instruction)
        answer = _post(f"{address}/{attempt.id}", instruction, attempt, "ask") if address else None
        money = Money.of(attempt.amount_minor, instruction.currency)
        return bank_api.read_inquiry_result(*answer, money) if answer else bank_api.Indeterminate()


def use(other: Transport) -> None:
    """The sandbox and tests: speak to this one instead."""
    global _transport
    _transport = other


def send(instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
    return _transport.send(instruction, attempt)


def inquire(instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult:
    return _transport.inquire(instruction, attempt)


_transport: Transport = Https()


def _address(instruction: Instruction) -> str:
    partner = inbox.sender(instruction.bank_id, instruction.updated_at)
    return partner.address.rstrip("/") if partner and partner.address.startswith("https://") else ""


def _post(address: str, instruction: Instruction, attempt: Attempt, kind: str) -> tuple[int, bytes] | None:
    """Status and body of the bank's answer, or None where there was none to be had."""
    keys = inbox.keys(instruction.bank_id, instruction.updated_at)[:1]
    if not keys:
        return None
    now = clock.real()
    body = bank_api.message(instruction, attempt, kind, now)
    headers = sign(keys, attempt.id, now, body)
    headers |= {"Content-Type": "application/json", "Idempotency-Key": attempt.id}
    try:
        response = https.post(place(address, PARTNERS), headers, body, may_reach=lambda _: True)
    except https.NoResponse as failure:
        about = {"bank_id": instruction.bank_id, "attempt_id": attempt.id, "failure": failure.why}
        observe.logger.warning("a bank does not answer", extra=about)
        return None
    return response.status, response.body
