"""Sweeps of state machines: what one of them cannot do in its time goes on at the queue of work, a part of the index at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.runs import messages
from chalicelib.shared.due import PARTS
from chalicelib.shared.machines import Machine


def sweep(machine: Machine, now: datetime) -> int:
    """Carry out what has fallen due. Returns how many items were looked at; what is left is asked for, all parts side by side."""
    swept = machine.sweep(now)
    if swept.left:
        messages.send_parts(machine.name, PARTS)
    return swept.looked_at


def go_on(part: messages.Part, machines: Sequence[Machine], now: datetime) -> None:
    """Go on with one part. What is left after that the next schedule finds: so no more parts wait than one schedule asks for."""
    machine = next(each for each in machines if each.name == part.machine)
    machine.sweep(now, parts=(part.part,))
