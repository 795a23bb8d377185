"""What is watched of a firm that has drawn: what feeds tell of its days, alerts in amber and red, and a sanction that waits for a second officer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from infra.local.borrower import Borrower
from infra.local.fake_bank.core import CHINA
from infra.local.sample.world import World

DAY: Final = timedelta(days=1)
DAYS_BEFORE: Final = 126
"""So long feeds have told of the firm: its baseline is of the ninety days before its first draw."""
WEEKLY: Final = (158, 164, 161, 155, 166, 160, 162, 157, 165, 159, 163, 161, 158, 164, 160, 162, 159, 161)
"""What it sold in each of those weeks, in thousands of yuan."""


def tell(world: World, firm: Borrower) -> None:
    """It logs in every second day and sells every week, until all this begins."""
    first, last = world.today() - DAYS_BEFORE * DAY, world.today() - DAY
    logins = [_login(firm, first + DAY * number) for number in range(0, DAYS_BEFORE, 2)]
    sold = [_sold(firm, first + DAY * (7 * week + 2), amount) for week, amount in enumerate(WEEKLY)]
    _feed(world, logins, sold, last)


def change_account(firm: Borrower) -> None:
    """It has drawn, and is paid elsewhere from now on."""
    path = f"/v1/firms/{firm.id}/settlement-accounts"
    profile = firm.post(path, {"bank_name": "Bank of Ningbo", "currency": "CNY", "number": "6228480402564890"})
    firm.post(f"{path}/{profile['settlement_accounts'][0]['id']}/remove")


def fall_silent(world: World, firm: Borrower) -> None:
    """Days later nobody has logged in since. A night decides, and an officer asks for a sanction."""
    yesterday = world.later - DAY
    _feed(world, [], [], yesterday)
    world.post("/v1/sandbox/jobs/monitoring-daily", {"as_of": yesterday.isoformat()})
    alert = world.until(lambda: _red(world, firm), "Nothing became red")
    body = {
        "loan_id": firm.loans[0],
        "measure": "no_draws",
        "ground": "red_alert",
        "reason": "Its account changed soon after its draw, and nobody answers.",
        "evidence_ids": [alert["id"]],
    }
    world.post("/v1/sanctions", body, world.token("officer", "ann", "risk"))


def _red(world: World, firm: Borrower) -> Any:
    items = world.get(f"/v1/alerts?member_id={firm.id}&limit=100")["items"]
    wanted = (firm.loans[0], "profile_change", "red")
    return next((each for each in items if (each["about"]["id"], each["rule"], each["level"]) == wanted), None)


def _feed(world: World, logins: list[Any], sold: list[Any], last: date) -> None:
    """What feeds say, and that this is all until the `last` day."""
    until = {"told_until": last.isoformat()}
    world.post("/v1/activity", {"items": logins} | until)
    world.post("/v1/trades", {"items": sold} | until)


def _login(firm: Borrower, day: date) -> dict[str, str]:
    return {"kind": "login", "activity_id": f"L-{firm.ref}-{day}", "member_ref": firm.ref, "at": _at(day, 9)}


def _sold(firm: Borrower, day: date, thousands: int) -> dict[str, Any]:
    return {
        "trade_id": f"T-{firm.ref}-{day}",
        "supplier_ref": firm.ref,
        "buyer_ref": "hansa-moebel",
        "supplier_country": "CN",
        "buyer_country": "DE",
        "category": "lighting",
        "currency": "CNY",
        "amount": f"{thousands}000.00",
        "ordered_at": _at(day, 10),
        "paid_at": _at(day, 11),
        "ship_by": _at(day + 7 * DAY, 12),
        "shipped_at": _at(day, 12),
        "delivered_at": _at(day, 13),
        "status": "completed",
    }


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), CHINA).isoformat()
