"""The way to a bank: instructions out, questions after them. Over HTTPS (`shared/https.py`), or whatever `use` puts in its place.

Nothing here decides anything: whatever goes wrong is `Unclear`, and is asked about before it is tried again.
"""

from __future__ import annotations

from typing import Final, Protocol

from chalicelib.banks.rules import line
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

    def send(self, instruction: Instruction, attempt: Attempt) -> line.Sent: ...

    def ask(self, instruction: Instruction, attempt: Attempt) -> line.Told: ...


class Https:
    """The partner's address in the policy `banks`, signed with its own key. It follows no redirects."""

    def send(self, instruction: Instruction, attempt: Attempt) -> line.Sent:
        address = _address(instruction)
        if not address:
            return line.Refused(NO_LINE)
        answer = _post(address, instruction, attempt, "instruct")
        return line.sent(*answer) if answer else line.Unclear()

    def ask(self, instruction: Instruction, attempt: Attempt) -> line.Told:
        address = _address(instruction)
        answer = _post(f"{address}/{attempt.id}", instruction, attempt, "ask") if address else None
        asked = Money.of(attempt.amount_minor, instruction.currency)
        return line.told(*answer, asked) if answer else line.Unclear()


def use(other: Transport) -> None:
    """The sandbox and tests: speak to this one instead."""
    global _transport
    _transport = other


def send(instruction: Instruction, attempt: Attempt) -> line.Sent:
    return _transport.send(instruction, attempt)


def ask(instruction: Instruction, attempt: Attempt) -> line.Told:
    return _transport.ask(instruction, attempt)


_transport: Transport = Https()


def _address(instruction: Instruction) -> str:
    partner = inbox.partner(instruction.bank_id, instruction.updated_at)
    return partner.address.rstrip("/") if partner and partner.address.startswith("https://") else ""


def _post(address: str, instruction: Instruction, attempt: Attempt, kind: str) -> tuple[int, bytes] | None:
    """Status and body of the bank's answer, or None where there was none to be had."""
    keys = inbox.keys(instruction.bank_id, instruction.updated_at)[:1]
    if not keys:
        return None
    now = clock.real()
    body = line.message(instruction, attempt, kind, now)
    headers = sign(keys, attempt.id, now, body)
    headers |= {"Content-Type": "application/json", "Idempotency-Key": attempt.id}
    try:
        answer = https.post(place(address, PARTNERS), headers, body, may_reach=lambda _: True)
    except https.NoAnswer as failure:
        about = {"bank_id": instruction.bank_id, "attempt_id": attempt.id, "failure": failure.why}
        observe.logger.warning("a bank does not answer", extra=about)
        return None
    return answer.status, answer.body
