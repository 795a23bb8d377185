"""Watching loans: a firm that falls silent, an account that changes, a slow decline, a group that stops and goes on; then what conduct earns and costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from infra.local import keys
from infra.local.borrower import FIRM, SIGNER
from infra.local.client import Refused, move_clock, until
from infra.local.demo import guarantee
from infra.local.demo.guarantee import BANK, RATE_BP, Group, Member, Staged
from infra.local.demo.stage import Stage, day, money, quietly, say, scene, words
from infra.local.fake_bank.core import CHINA
from infra.local.fake_bank.server import FakeBank, rules_of

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
BASELINE_DAYS: Final = 90
CLASSES: Final = ("profile", "exports", "activity", "integrity", "score")
WEEKLY: Final = 160_000
"""What the firm that declines sold in a week, in yuan; afterwards a twentieth less each week."""
MOST_WEEKS: Final = 9
SOON: Final = 3
"""Days after its draw on which the other firm changes its account."""


@dataclass
class Watch:
    """Two firms that owe, officers, and what feeds tell of each day."""

    stage: Stage
    bank: FakeBank
    group: Group
    plugs: Member
    quiet_since: dict[str, date] = field(default_factory=dict)
    sold: dict[date, int] = field(default_factory=dict)
    risk: str = ""
    second: str = ""

    def __post_init__(self) -> None:
        self.risk, self.second = (self.stage.client.token("officer", name, "risk") for name in ("ann", "bob"))

    @property
    def lamps(self) -> Member:
        return self.group.members[0]

    def today(self) -> date:
        return self.plugs.today()

    def logs_in(self, firm: Member, day: date) -> bool:
        """Every second day the one, each day the other; until the one is silent."""
        is_silent = day >= self.quiet_since.get(firm.ref, date.max)
        return not is_silent and (firm is self.plugs or day.toordinal() % 2 == 0)

    def tell(self, first: date, last: date) -> None:
        """What the marketplace's feeds say of these days, and that this is all of them."""
        days = [first + number * DAY for number in range((last - first).days + 1)]
        logins = [
            {"kind": "login", "activity_id": f"L-{firm.ref}-{day}", "member_ref": firm.ref, "at": _at(day, 9)}
            for day in days
            for firm in (self.lamps, self.plugs)
            if self.logs_in(firm, day)
        ]
        trades = [self._trade(day, sold) for day, sold in self.sold.items() if first <= day <= last]
        officer, until_ = self.stage.officer, {"told_until": last.isoformat()}
        self.stage.client.post("/v1/activity", {"items": logins} | until_, officer)
        self.stage.client.post("/v1/trades", {"items": trades} | until_, officer)

    def night(self) -> date:
        """Let a day end, its feeds come, and the run of 02:00 decide it; the day."""
        day = self.today()
        self._clock(day + DAY, 1)
        self.tell(day, day)
        self._clock(day + DAY, 3)
        return day

    def week(self) -> None:
        """The same of seven days at once: what comes late is decided anew."""
        day = self.today()
        self._clock(day + WEEK, 1)
        self.tell(day, day + WEEK - DAY)
        self._clock(day + WEEK, 3)

    def nights_until(self, firm: Member, rule: str, level: str, most: int) -> tuple[Any, int]:
        """The alert of a rule on a firm's loan once it has that level, and how many nights that took."""
        for number in range(1, most + 1):
            self.night()
            for alert in self.alerts(firm.id):
                if (alert["rule"], alert["level"]) == (rule, level) and alert["status"] != "closed":
                    return alert, number
        raise TimeoutError(f"No {rule} became {level} in {most} nights")

    def alerts(self, member_id: str) -> list[Any]:
        items: list[Any] = self.stage.client.get(f"/v1/alerts?member_id={member_id}&limit=100", self.risk)["items"]
        return items

    def act(self, alert: Any, action: str, body: Any, by: str = "") -> Any:
        return self.stage.client.post(f"/v1/alerts/{alert['id']}/{action}", body, by or self.risk)

    def heard(self, kind: str, key: str, value: str) -> Any:
        """What the bank has heard of a kind about something, once it has."""
        return until(
            lambda: [data for name, data in self.bank.core.heard if name == kind and data.get(key) == value],
            f"The bank heard no {kind}",
        )[-1]

    def _clock(self, day: date, hour: int) -> None:
        to = datetime.combine(day, time(hour), CHINA).astimezone(UTC)
        move_clock(to, lambda path, body: self.stage.client.post(path, body, self.stage.officer))

    def _trade(self, day: date, sold: int) -> dict[str, Any]:
        return {
            "trade_id": f"T-{self.plugs.ref}-{day}",
            "supplier_ref": self.plugs.ref,
            "buyer_ref": "hansa-gmbh",
            "supplier_country": "CN",
            "buyer_country": "DE",
            "category": "kitchen",
            "currency": "CNY",
            "amount": f"{sold}.00",
            "ordered_at": _at(day, 10),
            "paid_at": _at(day, 11),
            "ship_by": _at(day + WEEK, 12),
            "shipped_at": _at(day, 12),
            "delivered_at": _at(day, 13),
            "status": "completed",
        }


def play(stage: Stage, home: Path) -> None:
    rules = rules_of()
    rules["offers"]["rate_bp"] = RATE_BP
    with FakeBank(BANK, stage.client.url, keys.of_bank(BANK, home), rules=rules) as bank:
        watch = begin(stage, bank)
        falls_silent(watch)
        changes_its_account(watch)
        declines(watch)
        scored(watch)
        sanctioned(watch)
        group_stops(watch)
        over_on = earns(watch)
        reported(watch)
        expires(watch, over_on)


def begin(stage: Stage, bank: FakeBank) -> Watch:
    scene(
        "Two firms that owe", "one in a group of three that stand for each other, one alone; both were watched before"
    )
    group = Staged(stage.client, stage.officer, bank, stage=stage)
    with quietly():
        guarantee.meet(group)
        guarantee.agree(group)
        guarantee.expose(group)
        guarantee.borrow(group)
    plugs = _alone(group)
    watch = Watch(stage, bank, group, plugs)
    today = watch.today()
    first = today - BASELINE_DAYS * DAY
    for number in range(12):
        watch.sold[today - WEEK * (12 - number) + 2 * DAY] = WEEKLY
    for number in range(MOST_WEEKS + 1):
        watch.sold[today + WEEK * number + 2 * DAY] = int(WEEKLY * 0.95**number)
    for month in range(3):
        begun = first + month * 30 * DAY
        watch.tell(begun, min(begun + 29 * DAY, today - DAY))
    with quietly():
        guarantee.lend(group, watch.lamps, "250000.00")
    watch.quiet_since[watch.lamps.ref] = today + DAY
    say.print(f"  {watch.lamps.name} has drawn, and logged in every second day before; {plugs.name} logs in each day")
    return watch


def falls_silent(watch: Watch) -> None:
    scene("One falls silent", "amber, then red; the bank hears at once, draws are held; the firm answers in one call")
    lamps = watch.lamps
    alert, _ = watch.nights_until(lamps, "login_silence", "amber", 8)
    _tell(watch, alert)
    say.print(f"  the bank has not heard of it: an amber one is a number in its digest; {_owner(alert)}")
    alert, nights = watch.nights_until(lamps, "login_silence", "red", 8)
    _tell(watch, alert)
    event = watch.heard("alert.escalated", "alert_id", alert["id"])
    say.print(f"  {nights} nights later; {BANK} hears {words(event['rule'])}, {event['level']}, at once")
    _answered(watch, alert)


def _answered(watch: Watch, alert: Any) -> None:
    lamps = watch.lamps
    _refused_draw(lamps)
    alert = watch.act(alert, "explain", {"text": "All is well: we are taking stock."}, lamps.token)
    say.print(f"  {lamps.name}: {alert['explanations'][-1]['text']}")
    supervisor, note = watch.stage.officer, "The warehouse confirms it."
    watch.act(alert, "acknowledge", None, supervisor)
    done = watch.act(alert, "resolve", {"outcome": "explained", "note": note}, supervisor)
    watch.heard("alert.resolved", "alert_id", alert["id"])
    say.print(f"  {words(done['status'])}, {words(done['outcome'])}; {BANK} hears it; draws are held no more")
    del watch.quiet_since[lamps.ref]
    watch.tell(watch.today() - DAY, watch.today() - DAY)


def changes_its_account(watch: Watch) -> None:
    scene(
        "The other changes its settlement account three days after its draw",
        "red, and draws are held until a person has looked",
    )
    plugs = watch.plugs
    with quietly():
        guarantee.lend(watch.group, plugs, "100000.00")
    for _ in range(SOON):
        watch.night()
    path = f"/v1/firms/{plugs.id}/settlement-accounts"
    profile = plugs.post(path, {"bank_name": "Bank of Ningbo", "currency": "CNY", "number": "6228480402564890"})
    plugs.post(f"{path}/{profile['settlement_accounts'][0]['id']}/remove")
    alert, _ = watch.nights_until(plugs, "profile_change", "red", 3)
    _tell(watch, alert)
    watch.heard("alert.raised", "alert_id", alert["id"])
    _refused_draw(plugs)
    watch.stage.client.post(f"/v1/firms/{plugs.id}/verify", None, watch.stage.officer)
    watch.act(alert, "acknowledge", None)
    done = watch.act(alert, "resolve", {"outcome": "handled", "note": "The new account is the firm's own."})
    say.print(f"  {words(done['status'])}: {done['note']} It draws again")


def declines(watch: Watch) -> None:
    scene("Its trade declines", "a twentieth less each week: seen long before four weeks are half of what they were")
    plugs, alerts = watch.plugs, list[Any]()
    for _ in range(MOST_WEEKS):
        watch.week()
        lasting = (each for each in watch.alerts(plugs.id) if each["status"] != "closed")
        alerts = [each for each in lasting if each["rule"] == "slow_decline"]
        if alerts:
            break
    _tell(watch, alerts[0])
    last = alerts[0]["evidence"][-1]
    others = {each["rule"] for each in watch.alerts(plugs.id)} - {"slow_decline", "profile_change", "login_silence"}
    say.print(
        f"  {last['numbers']['weeks']} weeks after its draw; the rule for a drop by half {'too' if 'trade_drop' in others else 'sees nothing yet'}"
    )


def scored(watch: Watch) -> None:
    scene("A score with its reasons", "points of whole numbers, what lost most, what would change it")
    seen = watch.plugs.get(f"/v1/members/{watch.plugs.id}/score")
    say.print(f"  {watch.plugs.name}: {seen['points']} of {seen['most']} points, band {seen['band']}")
    for reason in seen["reasons"]:
        say.print(f"    {words(reason['name'])} lost {reason['lost']}: {reason['why']} {reason['change']}")
    say.print(f"  not known, and so neutral: {', '.join(words(each) for each in seen['missing']) or 'nothing'}")


def sanctioned(watch: Watch) -> None:
    scene("A sanction is wrong", "proposed, approved by somebody else, appealed, overturned by somebody new")
    lamps, client = watch.lamps, watch.stage.client
    [loan_id] = lamps.loans
    _late(watch, loan_id, 8)
    body = {
        "loan_id": loan_id,
        "measure": "no_draws",
        "ground": "dpd",
        "reason": "The first instalment is more than a week past due.",
        "evidence_ids": [loan_id],
    }
    path = f"/v1/sanctions/{client.post('/v1/sanctions', body, watch.risk)['id']}"
    try:
        client.post(f"{path}/approve", None, watch.risk)
    except Refused as refused:
        say.print(f"  who proposed it cannot approve it: {refused.problem['title']}")
    client.post(f"{path}/approve", None, watch.second)

    def in_force() -> Any:
        seen = client.get(path, watch.risk)
        return seen if seen["status"] == "in_force" else None

    say.print(f"  {lamps.name} has notice of it a day before it holds")
    watch.night()
    watch.night()
    seen = until(in_force, "The sanction did not come in force")
    watch.heard("sanction.in_force", "sanction_id", seen["id"])
    say.print(f"  {words(seen['measure'])}, {words(seen['status'])}; {BANK} was told")
    lamps.post(f"{path}/appeal", {"text": "We paid on the day; the bank booked it on another loan."})
    third = client.token("officer", "cid", "risk")
    over = client.post(f"{path}/decide-appeal", {"outcome": "overturned", "note": "The bank confirms it."}, third)
    event = watch.heard("sanction.lifted", "sanction_id", seen["id"])
    say.print(
        f"  {words(over['status'])}; {BANK}, who was told, is told so{', with an apology' if event['apologises'] else ''}"
    )


def group_stops(watch: Watch) -> None:
    scene("More than a month late", "the group draws nothing until that is over")
    lamps, group = watch.lamps, watch.group
    [loan_id] = lamps.loans
    _late(watch, loan_id, 31)
    until(lambda: group.see()["status"] == "suspended", "The group was not suspended")
    say.print(f"  {lamps.name} is {lamps.loan(loan_id)['standing']['dpd']} days past due: the group is suspended")
    overdue = lamps.loan(loan_id)["standing"]["overdue"]
    with quietly():
        guarantee._pay(group, lamps, loan_id, guarantee._minor(overdue))
    reason = {"reason": "What was overdue is paid."}
    resumed = watch.stage.client.post(f"{group.path}/resume", reason, watch.risk)
    say.print(f"  it pays {money(overdue)}, and an officer lets the group go on: {words(resumed['status'])} again")


def earns(watch: Watch) -> date:
    """The day on which the points for the loan are over."""
    scene("What conduct earns", "points that are given, and taken back where they were not earned")
    plugs, client = watch.plugs, watch.stage.client
    path = f"/v1/members/{plugs.id}"
    _points(watch, "for an approval and a loan")
    items = client.get(f"{path}/incentives?limit=100", watch.risk)["items"]
    approved = next(each for each in items if each["kind"] == "approved")
    why = {"why": "false_data", "note": "The accounts that it was approved by were another firm's."}
    client.post(f"/v1/incentives/{approved['id']}/reverse", why, watch.risk)
    _points(watch, "after an officer took the approval's back")
    granted = next(each for each in items if each["kind"] == "granted")
    over_at: str = granted["deadlines"][0]["due_at"]
    say.print(f"  those for the loan are over on {day(over_at)}")
    return datetime.fromisoformat(over_at).astimezone(CHINA).date()


def reported(watch: Watch) -> None:
    scene("A member reports another", "in secret; the seal takes two officers; malice costs points")
    client, lamps, plugs = watch.stage.client, watch.lamps, watch.plugs
    body = {
        "subject_id": plugs.id,
        "category": "false_data",
        "facts": "Its accounts are copied from its neighbour's.",
    }
    path = f"/v1/peer-reports/{client.post('/v1/peer-reports', body, lamps.token)['id']}"
    client.post(f"{path}/acknowledge", None, watch.risk)
    client.post(f"{path}/triage", {"outcome": "ask", "text": "Who keeps your accounts?"}, watch.risk)
    seen = client.get(path, plugs.token)
    say.print(f"  {plugs.name} is asked, and reads nothing of the report but: {seen['question']}")
    client.post(f"{path}/answer", {"text": "Our own office, as for ten years; the books are open to you."}, plugs.token)
    wanted = client.post(f"{path}/unseal", {"reason": "The firm names a rival that threatened it."}, watch.risk)
    [unsealing] = wanted["unsealings"]
    client.post(f"{path}/decide-unsealing", {"decision": "granted", "note": "Needed to judge it."}, watch.second)
    reporter = client.post(f"{path}/reporter-inquiries", {"unsealing_id": unsealing["id"]}, watch.risk)
    is_it = reporter["member_id"] == lamps.id
    finding = client.post(f"{path}/find", {"finding": "malicious", "note": "The threat was in writing."}, watch.risk)
    say.print(
        f"  two officers know who it was{'' if is_it else ', wrongly'}; {words(finding['status'])}: {finding['note']}"
    )
    items = client.get(f"/v1/members/{lamps.id}/incentives?status=reversed", lamps.token)["items"]
    for each in items:
        say.print(
            f"  {lamps.name} loses {each['points']} points, earned as {words(each['kind'])}: {words(each['why'])}"
        )


def expires(watch: Watch, over_on: date) -> None:
    scene("Two years on", "both have paid off their loans; what was earned for them has its end")
    for firm in (watch.lamps, watch.plugs):
        with quietly():
            for loan_id in firm.loans:
                owed = watch.bank.core.loans[loan_id].owed(watch.today())
                guarantee._pay(watch.group, firm, loan_id, owed)
    _points(watch, "once its loan is paid")
    watch._clock(over_on + DAY, 1)
    watch.stage.client.until(lambda: _expired(watch), "No points expired")
    for each in _expired(watch):
        if each["why"] is None:  # those that were taken back ended with it
            say.print(f"  {each['points']} points, earned as {words(each['kind'])}, are over: {words(each['status'])}")
    _points(watch, f"on {over_on + DAY}")


# What happens more than once


def _alone(group: Group) -> Member:
    """A firm that borrows by itself."""
    firm = FIRM | {"name": "Fenghua Sockets Co., Ltd.", "registration_no": "91330200MA2AAAA91A"}
    signer = SIGNER | {"name": "Zhou Lan", "id_number": "330200197501010009", "phone": "+86 574 5555 0109"}
    member = Member(group.client, group.officer, "fenghua-sockets", {BANK: group.bank}, name="Fenghua Sockets")
    member.register(firm, signer, "6222020200112299")
    member.export()
    for each in (group.members[0], member):
        each.consent(*CLASSES)
    application_id, _ = member.apply({"amount": "300000.00", "currency": "CNY"})
    agreement_id, _ = member.choose(application_id)
    member.sign(agreement_id)
    return member


def _late(watch: Watch, loan_id: str, days: int) -> None:
    """Week by week, until the loan is so many days past due."""
    for _ in range(12):
        if watch.lamps.loan(loan_id)["standing"]["dpd"] >= days:
            return
        watch.week()
    raise TimeoutError(f"{loan_id} is not {days} days late")


def _refused_draw(firm: Member) -> None:
    try:
        firm.draw("10000.00")
        say.print(f"  {firm.name} draws")
    except Refused as refused:
        say.print(f"  {firm.name} asks for another draw: {refused.problem['title']}")


def _tell(watch: Watch, alert: Any) -> None:
    last = alert["evidence"][-1]
    numbers = ", ".join(f"{words(name)} {value:,}" for name, value in last["numbers"].items())
    usual = ", ".join(f"{words(name)} {value:,}" for name, value in last["baseline"].items())
    chance = f"; by chance {last['p_ppm'] / 10_000:g} %" if last["p_ppm"] is not None else ""
    names = {watch.lamps.id: watch.lamps.name, watch.plugs.id: watch.plugs.name}
    compared = f", beside {usual}" if usual else ""
    say.print(
        f"  {last['on']}: {names[alert['member_id']]}, {words(alert['rule'])} is {alert['level']}: {numbers}{compared}{chance}"
    )


def _owner(alert: Any) -> str:
    due = alert["deadlines"][0]
    return f"{words(due['name'])} is an {due['owner']}'s, by {due['due_at'][:10]}"


def _points(watch: Watch, when: str) -> None:
    plugs = watch.plugs
    seen = plugs.get(f"/v1/members/{plugs.id}/integrity")
    say.print(f"  {plugs.name}: {seen['points']} points {when}{', ' + seen['level'] if seen['level'] else ''}")


def _expired(watch: Watch) -> list[Any]:
    path = f"/v1/members/{watch.plugs.id}/incentives?status=expired"
    items: list[Any] = watch.stage.client.get(path, watch.plugs.token)["items"]
    return items


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), CHINA).isoformat()
