"""Every way this system says no.

DomainError
  Malformed        what you sent cannot be read (400)
  Unauthenticated  authentication required (401)
  NotAllowed       your role may never (403)
  NotFound         not found (404)
  Conflict         true a moment ago, not any more (409)
    WriteConflict  somebody else changed the thing in between; deciding again may well succeed
  RuleViolation    understood, and against a rule (422)
  Unavailable      ask again in a moment (503)
  Unreadable       a record cannot be read; others can (503)

A broken rule is a subclass with a stable `code`, a `title` and a `fix`; what differs from case to case is the
`detail`, the offending `param` and the numbers involved. HTTP status codes live in `shared/http/responses.py`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from chalicelib.shared.texts import Text


class DomainError(Exception):
    """A named no. `numbers` are JSON-ready values a client can act on (`shortfall`, `maximum`, `due_at`)."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused."
    fix: ClassVar[str] = "Read the detail and change the request."

    def __init__(
        self, detail: Text | str, *, param: str | None = None, fix: Text | str | None = None, **numbers: Any
    ) -> None:
        super().__init__(str(detail))
        self.said = detail if isinstance(detail, Text) else Text(detail, {})
        self.param = param
        self.mend = fix or self.fix
        self.numbers = numbers

    @property
    def detail(self) -> str:
        """What was wrong this time, in English."""
        return str(self.said)


class Malformed(DomainError):
    code = "malformed"
    title = "The request cannot be read."
    fix = "Correct the named field and send the request again."


class Unauthenticated(DomainError):
    code = "unauthenticated"
    title = "The caller is not known."
    fix = "Send Authorization: Bearer and a valid token."


class NotAllowed(DomainError):
    code = "not_allowed"
    title = "Your role may never do this."
    fix = "Ask somebody whose role may call this endpoint."


class NotFound(DomainError):
    code = "not_found"
    title = "Not found."
    fix = "Check the id; things you are not a party to answer as if they did not exist."


class Conflict(DomainError):
    code = "conflict"
    title = "Not in this state."
    fix = "Read the thing again and choose one of its allowed actions."


class AnotherOfficerNeeded(Conflict):
    code = "another_officer_needed"
    title = "Another officer has to do that."
    fix = "Let an officer do it who has not acted on this before."


class WriteConflict(Conflict):
    code = "race_lost"
    title = "Somebody else changed this at the same moment."
    fix = "Read the thing again and repeat the request with the same Idempotency-Key."


class RuleViolation(DomainError):
    code = "unfit"
    title = "Understood, and against a rule."
    fix = "Change what the detail names."


class Unreadable(DomainError):
    code = "record_unreadable"
    title = "A record that this needs cannot be read."
    fix = "Tell us the request_id: the record has to be repaired. Nothing was changed, and everything else goes on."


class Unavailable(DomainError):
    code = "busy"
    title = "Too much at once."
    fix = "Wait for Retry-After seconds and repeat the request with the same Idempotency-Key."
