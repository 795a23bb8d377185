"""Sending a message to an address somebody else chose, by `shared/https.py`. `use` puts another sender in place: tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from chalicelib.shared import clock, https
from chalicelib.shared.addresses import BadAddress, Ways, may_reach, place
from chalicelib.shared.settings import settings
from chalicelib.webhooks.rules.delivery import Outcome

Sender = Callable[[str, Mapping[str, str], bytes], Outcome]


def post(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a message and say what became of it. Never raises for what a receiver does."""
    return _sender(url, headers, body)


def use(sender: Sender | None) -> None:
    """Send by other means, or, with None, by HTTPS again."""
    global _sender
    _sender = sender or over_https


def ways() -> Ways:
    """What this stage may do: a sandbox sends to any port and, where it is told so, to its own machine."""
    sandbox = settings().sandbox
    return Ways(loopback=sandbox and settings().loopback_callbacks, any_port=sandbox)


def over_https(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    allowed = ways()
    try:
        response = https.post(place(url, allowed), headers, body, may_reach=partial(may_reach, ways=allowed))
    except BadAddress:
        return Outcome(why="address_not_allowed")
    except https.NoResponse as failure:
        return Outcome(why=failure.why)
    return Outcome(code=response.status, why=_why(response.status), wait_seconds=response.wait_seconds(clock.real()))


def _why(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return "redirected" if 300 <= status < 400 else "refused"


_sender: Sender = over_https
