"""What can go wrong with a request, as exceptions.

SuretyError
  Unreachable      nobody answered, however often the request was sent
  Problem          the API said no: `code`, `status`, `title`, `detail`, `fix`, `param`, `request_id`, and the numbers involved
    OrderNotFound, CapacityExceeded, …    one class for each code, in `surety_client.generated.problems`
"""

from __future__ import annotations

from typing import Any, Final

import httpx

_KNOWN: Final = frozenset(
    {"type", "title", "status", "detail", "instance", "code", "request_id", "doc_url", "fix", "param"}
)
_MOST_CHARACTERS: Final = 300


class SuretyError(Exception):
    """All that this package raises of a request."""


class Unreachable(SuretyError):
    """Nobody answered, however often the request was sent. Whether it was carried out is not known: send it again under the same key."""


class Problem(SuretyError):
    """The API said no. `numbers` holds what a broken rule tells beside the usual fields: `shortfall`, `maximum`, `due_at`."""

    code: str = ""

    def __init__(self, document: dict[str, Any], *, retry_after: float | None = None) -> None:
        self.status: int = document.get("status", 0)
        self.title: str = document.get("title", "")
        self.detail: str = document.get("detail", "")
        self.fix: str = document.get("fix", "")
        self.param: str | None = document.get("param")
        self.request_id: str | None = document.get("request_id")
        self.doc_url: str | None = document.get("doc_url")
        self.code = document.get("code", "")
        self.numbers: dict[str, Any] = {name: value for name, value in document.items() if name not in _KNOWN}
        self.retry_after = retry_after
        super().__init__(" ".join(filter(None, (f"{self.status} {self.code}:", self.detail or self.title, self.fix))))


def problem_of(response: httpx.Response) -> Problem:
    """The exception for an answer that says no, by its code; one that no problem came with is a plain `Problem`."""
    from surety_client.generated.problems import BY_CODE  # hundreds of classes, which most programs never need

    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict) or "code" not in document:
        document = {
            "status": response.status_code,
            "title": response.reason_phrase,
            "detail": response.text[:_MOST_CHARACTERS],
        }
    return BY_CODE.get(document.get("code", ""), Problem)(document, retry_after=seconds_to_wait(response))


def seconds_to_wait(response: httpx.Response) -> float | None:
    """What `Retry-After` says, where it says a number."""
    header = response.headers.get("Retry-After", "")
    return float(header) if header.isdigit() else None
