"""Every deadline of a payment, whose it is, and what comes of it when it passes. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.acquiring.rules import handling
from chalicelib.acquiring.rules.payment import AcquirerPayment, Context
from chalicelib.acquiring.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_expires_at = kept("expires_at")


MACHINE: Final = StateMachine[AcquirerPayment, Context](
    table=TABLE,
    timers=(
        Timer("authorisation", frozenset({"requested"}), _expires_at, "buyer", "expired", handling.expire),
        Timer("capture", frozenset({"authorised"}), _expires_at, "acquirer", "expired", handling.expire),
    ),
)
