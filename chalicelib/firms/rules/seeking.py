"""A firm that looks for a group of guarantors, and lets founders of groups find it. Pure.

That is a consent of its own: a signer gives it, it ends by itself, and what it lets out is the firm's name, industry, region and size.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.firms.rules.firm import Context, Firm
from chalicelib.firms.rules.transitions import TABLE, FirmChange


def seek(was: Firm, context: Context, signer: str, now: datetime) -> FirmChange:
    """Be found from now on, or for longer."""
    until = now + timedelta(days=context.policy.seek_days)
    payload = {"signer": signer, "until": until}
    return TABLE.change(was, "seek_group", now, event="seeks_group", seeks_until=until, payload=payload)


def stop(was: Firm, context: Context, at: datetime) -> FirmChange:
    """Be found no more."""
    return TABLE.change(was, "stop_seeking", at, event="seeks_no_group", seeks_until=None)


def is_seeking(firm: Firm) -> bool:
    """Whether founders may be shown the firm: it says so, and an officer has verified it."""
    return firm.seeks_until is not None and firm.status in ("verified", "changed")


def division(firm: Firm) -> str:
    """The branch in which firms are alike: the first two digits of the code of the industry."""
    return firm.industry.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
