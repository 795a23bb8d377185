"""Joint guarantee: five firms meet and three seal; one is rescued, one defaults; a call down to the last fen, with a bank that runs beside the service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from infra.local import keys
from infra.local.borrower import FIRM, SIGNER, Borrower
from infra.local.client import Refused, Speaks
from infra.local.demo.stage import Stage, amount, day, money, say, scene, words
from infra.local.fake_bank.counter import Counter
from infra.local.fake_bank.server import FakeBank, rules_of

BANK: Final = "ccb"
RATE_BP: Final = 1_080
LIMIT: Final = "300000.00"
CAP: Final = "150000.00"
PAID_BEYOND: Final = 3_710_00
"""What a member pays at once beyond its share."""
POOL_PAYS_IN: Final = 80_000_00
CONTRIBUTOR: Final = "Chamber of commerce of Ningbo"
SOLD: Final = {"haiyue-lamps": "2000000.00", "beilun-pans": "650000.00", "cixi-kettles": "1500000.00"}
"""What each firm sold in the last twelve months, in yuan."""
SVG: Final = "{http://www.w3.org/2000/svg}"


@dataclass
class Member(Borrower):
    """A firm on its way into the group, and its seat there."""

    name: str = field(kw_only=True)
    seat: int = 0


@dataclass
class Group:
    """The members who stand together, and where the group is found."""

    client: Speaks
    officer: str
    bank: Counter
    id: str = ""
    pool_id: str = ""
    members: list[Member] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/guarantee-groups/{self.id}"

    def others(self, member: Member) -> list[Member]:
        return [each for each in self.members if each is not member]

    def see(self) -> Any:
        return self.client.get(self.path, self.officer)


@dataclass
class Staged(Group):
    """The group on the demo's stage."""

    stage: Stage = field(kw_only=True)


def play(stage: Stage, home: Path) -> None:
    rules = rules_of()
    rules["offers"]["rate_bp"] = RATE_BP
    rules["guarantees"] = {"guarantors": {"*": "never"}}
    with FakeBank(BANK, stage.client.url, keys.of_bank(BANK, home), rules=rules) as bank:
        group = Staged(stage.client, stage.officer, bank, stage=stage)
        meet(group)
        agree(group)
        expose(group)
        borrow(group)
        draw_in_order(group)
        rescue(group)
        loan_id = group.members[0].loans[0]
        call_id = default(group, loan_id)
        object_to_it(group, call_id)
        cascade(group, loan_id, call_id)
        explain(group, call_id)
        settle(group, loan_id)
        reconcile(group)


def meet(group: Group) -> None:
    scene("Five firms meet", "one is related to another, one declines, three stay")
    founder, pans, kettles, glass, plugs = (
        _register(group, ref, name, number)
        for number, (ref, name) in enumerate(
            (
                ("haiyue-lamps", "Ningbo Haiyue Lamps"),
                ("beilun-pans", "Beilun Pans"),
                ("cixi-kettles", "Cixi Kettles"),
                ("haiyue-glass", "Haiyue Glass"),
                ("yuyao-plugs", "Yuyao Plugs"),
            )
        )
    )
    founded = founder.post("/v1/guarantee-groups", {"product_id": f"{BANK}-joint", "name": "Makers of Ningbo"})
    group.id, founder.seat = founded["id"], 1
    for number, firm in enumerate((pans, kettles, glass, plugs), 2):
        invited = founder.post(f"{group.path}/invitations", {"member_id": firm.id})
        invitation = f"{group.path}/invitations/{invited['seats'][-1]['invitation_id']}"
        firm.seat = number
        if firm is plugs:
            firm.post(f"{invitation}/decline")
            say.print(f"  {firm.name} declines")
            continue
        try:
            firm.post(f"{invitation}/accept")
            say.print(f"  {firm.name} accepts seat {number}")
        except Refused as refused:
            say.print(f"  {firm.name} cannot: {refused.problem['title']} What they share is told to nobody.")
            firm.post(f"{invitation}/decline")
    group.members = [founder, pans, kettles]
    frozen = founder.post(f"{group.path}/freeze-list")
    for by in group.members:
        for of in group.others(by):
            seen = {"seat": of.seat, "answer": "vouches", "looked_at": ["premises", "books", "trade_history"]}
            frozen = by.post(f"{group.path}/attestations", seen)
    say.print(f"  the list is frozen; {len(frozen['attestations'])} attestations, each of each")


def agree(group: Group) -> None:
    scene("One rule sheet", "limits, caps, who draws after whom; a pool pays half of what nobody else can")
    pool = {"name": "Makers of Ningbo", "bank_id": BANK, "currency": "CNY", "share_bp": 5_000}
    client, officer = group.client, group.officer
    group.pool_id = client.post("/v1/risk-pools", pool | {"contributors": [CONTRIBUTOR]}, officer)["id"]
    paid_in: dict[str, Any] = {
        "pool_id": group.pool_id,
        "currency": "CNY",
        "amount": POOL_PAYS_IN,
        "contributor": CONTRIBUTOR,
    }
    group.bank.do(lambda core, now: [core.event("pool.replenished", group.pool_id, now, core.day(now), **paid_in)])
    terms = [{"seat": each.seat, "limit": _cny(LIMIT), "cap": _cny(CAP)} for each in group.members]
    sheet = {
        "mode": "joint_capped",
        "seats": terms,
        "draw_order": [each.seat for each in group.members],
        "repayment_days": [2],
        "punctual_payments": 1,
        "pool_id": group.pool_id,
    }
    group.members[0].post(f"{group.path}/rule-sheets", sheet)
    say.print(f"  each may owe {amount(_cny(LIMIT))} and answers for {amount(_cny(CAP))} at most, over all calls")


def expose(group: Group) -> None:
    scene("Before anybody signs", "what each may come to bear, and five questions about it")
    for member in group.members:
        exposure = member.get(f"{group.path}/exposure")
        [own] = exposure["seats"]
        singles, worst = own["singles"], own["all_others"]
        cases = [*(f"{_seats(each)}: {_case(each)}" for each in singles), f"all others: {_case(worst)}"]
        say.print(f"  {member.name}, seat {member.seat}: {'; '.join(cases)}; {words(own['level'])}")
        briefing = member.get(f"{group.path}/briefing")
        answers = [_answer(group, member, own, question) for question in briefing["questions"]]
        digest = {"document_sha256": briefing["document_sha256"]}
        passed = member.post(f"{group.path}/briefing", digest | {"answers": answers})
        right = sum(question["is_right"] for question in passed["questions"])
        version = briefing["sheet_version"]
        signed = member.post(f"{group.path}/rule-sheets/{version}/sign", digest)
        say.print(f"    {right} of {len(answers)} answers are right; signed")
    say.print(f"  the group is {words(signed['status'])}")


def borrow(group: Group) -> None:
    scene("Two lines", "the bank decides; all who answer sign with the borrower")
    for member in group.members[:2]:
        member.consent()
        application_id, [decided] = member.apply(_cny(LIMIT), "joint", {"group_id": group.id})
        agreement_id, _ = member.choose(application_id)
        line = member.sign(agreement_id, group.others(member))
        say.print(f"  {member.name}: {words(decided['status'])}; a line of {money(line['limit'])}, signed by five")


def draw_in_order(group: Staged) -> None:
    scene("Draws in order", "the second seat waits for a punctual payment of the first")
    first, second, _ = group.members
    loan_id = lend(group, first, LIMIT)
    try:
        second.draw("120000.00")
    except Refused as refused:
        say.print(f"  {second.name} asks too early: {refused.problem['title']}")
    group.stage.advance(31 * 24)
    _pay(group, first, loan_id, _minor(first.loan(loan_id)["standing"]["schedule"][0]["unpaid"]))
    lend(group, second, "120000.00")


def rescue(group: Staged) -> None:
    scene("One is late, and rescued", "the group hears the band of days and no amount; a member lends the instalment")
    _, late, helper = group.members
    [loan_id] = late.loans
    group.stage.advance(34 * 24)
    late.until_is(loan_id, "in_arrears")
    _tell(late, loan_id)
    overdue = late.loan(loan_id)["standing"]["overdue"]
    claim = helper.post(f"/v1/loans/{loan_id}/rescues", {"money": overdue})
    say.print(f"  {helper.name} offers {money(overdue)}: {words(claim['status'])}, instalment {claim['instalment']}")
    _pay(group, late, loan_id, _minor(overdue), seat=helper.seat)
    late.until_is(loan_id, "current")
    _repay(group, helper, "rescue", _minor(overdue))


def default(group: Group, loan_id: str) -> str:
    scene("Another defaults", "the bank declares it and calls; two officers check and give notice")
    debtor = group.members[0]
    group.bank.act("/defaults", {"loan_id": loan_id})
    debtor.until_is(loan_id, "defaulted")
    group.bank.act("/calls", {"loan_id": loan_id})
    debtor.until_is(loan_id, "called")
    client, path = group.client, "/v1/guarantee-calls"
    [call] = group.client.until(lambda: client.get(path, group.officer)["items"], "The call was not opened")
    for officer in ("first-officer", "second-officer"):
        call = client.post(f"{path}/{call['id']}/notice", None, client.token("officer", officer, "risk"))
    certified = call["certified"]
    parts = " + ".join(amount(certified[part]) for part in ("principal", "interest", "penalty"))
    say.print(f"  certified as of {certified['cut_off']}: {parts} = {money(call['net'])}")
    _tell_shares(group, call)
    return str(call["id"])


def object_to_it(group: Group, call_id: str) -> None:
    scene("One share is objected to", "its days stand still, the others' run on; a third officer decides")
    _, pans, kettles = group.members
    path = f"/v1/guarantee-calls/{call_id}"
    share = {"reason": "We told the others in May that we want to leave."}
    seen = pans.post(f"{path}/shares/{pans.seat}/objections", share)
    [objection] = seen["shares"][0]["objections"]
    _pay_share(group, call_id, kettles, beyond=PAID_BEYOND)
    [claim] = group.client.until(lambda: _claims(kettles, "contribution"), "No contribution is owed")
    say.print(
        f"  {pans.name} owes {kettles.name} {money(claim['owed'])} of that: a contribution, {claim['status']} until the bank has its money"
    )
    third = group.client.token("officer", "third-officer", "risk")
    decided = {
        "decision": "dismissed",
        "answer": "Who wants to leave answers for what was drawn before (rule sheet, version 1).",
    }
    group.client.post(f"{path}/objections/{objection['id']}/decide", decided, third)
    say.print(f"  {pans.name}: {words(decided['decision'])}")


def cascade(group: Staged, loan_id: str, call_id: str) -> None:
    scene("One fails, the last member fronts up to its cap", "then the pool; the rest is the bank's to enforce")
    debtor, pans, kettles = group.members
    client, officer = group.client, group.officer
    path = f"/v1/guarantee-calls/{call_id}"

    def overdue() -> bool:
        shares = {share["seat"]: share["status"] for share in client.get(path, officer)["shares"]}
        return bool(shares[pans.seat] == "overdue")

    for _ in range(6):
        if overdue():
            break
        group.stage.advance(7 * 24)
    client.post(f"{path}/shares/{pans.seat}/fail", None, client.token("officer", "third-officer", "risk"))
    _tell_shares(group, client.get(path, officer))
    _pay_share(group, call_id, kettles)
    debtor.until_is(loan_id, "in_recovery")
    group.client.until(lambda: _minor(client.get(path, officer)["pool_paid"]), "The pool did not pay")
    call = client.get(path, officer)
    say.print(
        f"  call {words(call['status'])}: {money(call['paid'])} from members, {money(call['pool_paid'])} from the pool; "
        f"{amount(client.get(f'/v1/loans/{loan_id}', officer)['standing']['principal'])} of principal are left"
    )


def explain(group: Staged, call_id: str) -> None:
    scene("Every share, line by line", "the statement of the call, which is also drawn as a picture")
    client, officer = group.stage.client, group.officer
    names = {member.seat: member.name for member in group.members}
    shares = None
    for line in client.get(f"/v1/guarantee-calls/{call_id}/statement?limit=100", officer)["items"]:
        if line["shares"] == shares:
            continue
        shares = line["shares"]
        step = words(line["event"].rpartition(".")[2])
        sums = f"net {amount(line['net'])} = due {amount(line['due'])} + paid {amount(line['paid'])}"
        say.print(f"  {day(line['at'])}, {step}: {sums} + shortfall {amount(line['shortfall'])}")
        for share in line["shares"]:
            owed = f"due {amount(share['due'])}, paid {amount(share['paid'])}"
            say.print(f"    {names[share['seat']]}: {words(share['status'])}, {owed}")
    drawn = client.text(f"/v1/guarantee-calls/{call_id}/cascade", officer)
    picture = ElementTree.fromstring(drawn)
    columns = len(picture.findall(f"{SVG}g"))
    say.print(
        f"  the picture has {columns} columns; it is titled: {picture.findtext(f'{SVG}title', '').partition(' on')[0]}"
    )


def settle(group: Staged, loan_id: str) -> None:
    scene(
        "The debtor still pays, and members among themselves",
        "the bank comes first; then each is paid back, once, by whichever way",
    )
    debtor, pans, kettles = group.members
    owed = group.bank.core.loans[loan_id].owed(debtor.today())
    _pay(group, debtor, loan_id, owed)
    fronted = _minor(_cny(CAP))
    _repay(group, kettles, "recourse", fronted // 2)
    _repay(group, kettles, "debtor_recourse", fronted // 2)
    say.print("  each has borne half, so what the debtor pays one of them is for both")
    _repay(group, pans, "contribution", fronted // 4)
    for creditor in (kettles, pans):
        _repay(group, creditor, "debtor_recourse", fronted // 4)
    group.stage.advance(24)
    for creditor in (kettles, pans):
        _tell_paid_on(group, creditor)


def reconcile(group: Staged) -> None:
    scene("The bank's books beside ours", "a snapshot of all its loans; how the next failure would spread")
    client, officer = group.client, group.officer
    group.bank.act("/snapshots", {})
    group.client.until(lambda: group.bank.is_idle, "The bank did not say all")
    items = client.get("/v1/reconciliation-items?status=open", officer)["items"]
    say.print(f"  {len(items) or 'no'} difference{'' if len(items) == 1 else 's'}")
    group.stage.finished(client.post("/v1/sandbox/jobs/contagion-nightly", {}, officer))
    for stressed in client.get("/v1/contagion", officer)["items"]:
        for failures in stressed["failures"]:
            seats = _seats(failures)
            falling = f", seat {', '.join(map(str, failures['falling']))} falls" if failures["falling"] else ""
            say.print(f"  {seats} at once{falling}: {money(failures['uncovered'])} uncovered")


# What happens more than once


def _register(group: Group, ref: str, name: str, number: int) -> Member:
    """A firm with a signer of its own; the fourth has the signer of the first."""
    own = number % 3
    firm = FIRM | {"name": f"{name} Co., Ltd.", "registration_no": f"91330200MA2AAAA{number}1A"}
    signer = SIGNER | {
        "name": ("Chen Yulan", "Wu Guang", "Lin Bei", "", "Zhao Min")[number] or SIGNER["name"],
        "id_number": f"33020019750101000{own if number == 3 else number}",
        "phone": f"+86 574 5555 010{own if number == 3 else number}",
        "email": f"office@{ref}.example",
    }
    member = Member(group.client, group.officer, ref, {BANK: group.bank}, name=name)
    member.register(firm, signer, f"622202020011223{number}")
    member.export()
    if sold := SOLD.get(ref):
        _sell(member, sold)
    return member


def _sell(member: Member, sold: str) -> None:
    """A trade that was paid for a month ago."""
    paid = member.today() - timedelta(days=28)
    trade = {
        "trade_id": f"T-{member.ref}",
        "supplier_ref": member.ref,
        "buyer_ref": "hansa-gmbh",
        "supplier_country": "CN",
        "buyer_country": "DE",
        "category": "kitchen",
        "currency": "CNY",
        "amount": sold,
        "ordered_at": f"{paid - timedelta(days=1)}T09:30:00+08:00",
        "paid_at": f"{paid}T11:00:00+08:00",
        "ship_by": f"{paid + timedelta(days=60)}T23:59:59+08:00",
        "status": "paid",
    }
    member.client.post("/v1/trades", {"items": [trade]}, member.officer)


def _answer(group: Group, member: Member, own: Any, question: Any) -> str:
    """The option that says what the exposure says; of a member that fails as well, what a simulation does."""
    singles, pairs = (max(own[name], key=lambda case: _minor(case["money"])) for name in ("singles", "pairs"))
    right: dict[str, Callable[[], Any]] = {
        "single": lambda: singles["money"]["amount"],
        "pair": lambda: pairs["money"]["amount"],
        "all_others": lambda: own["all_others"]["money"]["amount"],
        "cascade": lambda: _simulated(group, member, singles["defaulting"][0]),
        "period": lambda: member.get(f"{group.path}/rule-sheets/1")["guarantee_months"],
    }
    digits = re.sub(r"\D", "", str(right[question["topic"]]()))
    return str(next(each["answer"] for each in question["options"] if re.sub(r"\D", "", each["text"]) == digits))


def _simulated(group: Group, member: Member, debtor: int) -> str:
    """What the member has to front when one member defaults and the other guarantor fails."""
    [fails] = [each.seat for each in group.others(member) if each.seat != debtor]
    today = member.today().isoformat()
    body = {
        "members": [{"seat": each.seat, "weight": _minor(_cny(LIMIT)), "cap": _cny(CAP)} for each in group.members],
        "calls": [{"on": today, "debtor_seat": debtor, "owed": _cny(LIMIT)}],
        "events": [{"kind": "guarantor_failed", "on": today, "seat": fails}],
    }
    [call] = member.post("/v1/guarantee-call-simulations", body)["steps"][-1]["calls"]
    return str(next(share["to_front"]["amount"] for share in call["shares"] if share["seat"] == member.seat))


def lend(group: Group, member: Member, wanted: str) -> str:
    loan_id = member.draw(wanted)
    member.until_is(loan_id, "current")
    _tell(member, loan_id)
    return loan_id


def _pay(group: Group, member: Member, loan_id: str, minor: int, **who: Any) -> None:
    """At the bank's counter, which tells of it; until our books follow."""
    group.bank.act("/payments", {"loan_id": loan_id, "amount": minor} | who)
    group.client.until(lambda: group.bank.is_idle, "The bank did not say all")
    left = group.bank.core.loans[loan_id].balance(member.today())["principal"]
    group.client.until(
        lambda: _minor(member.loan(loan_id)["standing"]["principal"]) == left, "What the bank said had no effect"
    )
    _tell(member, loan_id)


def _pay_share(group: Group, call_id: str, member: Member, beyond: int = 0) -> None:
    """A guarantor pays what its share asks for, or more."""
    path = f"/v1/guarantee-calls/{call_id}"
    [share] = member.get(path)["shares"]
    loan_id = member.get(path)["loan_id"]
    minor = _minor(share["due"]) + beyond
    group.bank.act("/payments", {"loan_id": loan_id, "amount": minor, "seat": member.seat})
    [paid] = group.client.until(lambda: list(_paid_more(member.get(path), share)), "The payment was not taken")
    say.print(f"  {member.name} pays {minor / 100:,.2f} CNY; {money(paid['paid'])} in all, {words(paid['status'])}")


def _paid_more(call: Any, before: Any) -> Iterator[Any]:
    return (share for share in call["shares"] if _minor(share["paid"]) > _minor(before["paid"]))


def _repay(group: Staged, creditor: Member, kind: str, minor: int) -> None:
    """The claim of a kind, once so much of it is payable, is paid by a transfer that names it."""
    names = {member.id: member.name for member in group.members}

    def payable() -> Any:
        return [
            each
            for each in _claims(creditor, kind)
            if each["status"] in ("payable", "overdue") and _minor(each["remaining"]) == minor
        ]

    [claim] = group.client.until(payable, f"No {kind} of {minor} became payable")
    transfer = {
        "member_claim_id": claim["reference"],
        "bank_ref": f"R-{claim['id'][-8:]}-{len(claim['receipts']) + 1}",
        "account": "TA-CNY-01",
        "value_date": creditor.today().isoformat(),
        "money": claim["remaining"],
    }
    group.stage.bank_says("member_claim.received", transfer)
    group.client.until(lambda: not payable(), "The transfer was not taken")
    say.print(
        f"  {names[claim['debtor']['member_id']]} pays {creditor.name} {money(claim['remaining'])}: {words(kind)}"
    )


def _tell_paid_on(group: Group, creditor: Member) -> None:
    """What the bank has paid on to a member, once that is all which came for it and nothing more is owed to it."""
    path = f"/v1/bank-instructions?aggregate_id={creditor.id}&limit=100"

    def paid_on() -> Any:
        claims = creditor.get("/v1/member-claims?limit=100")["items"]
        received = sum(_minor(claim["paid"]) for claim in claims)
        paid = sum(_minor(each["paid"]) for each in group.client.get(path, group.officer)["items"])
        return paid if paid == received and not any(_minor(claim["remaining"]) for claim in claims) else None

    minor = group.client.until(paid_on, "What came was not paid on")
    say.print(f"  the bank has paid on {minor / 100:,.2f} CNY to {creditor.name}; nobody owes it anything any more")


def _claims(creditor: Member, kind: str) -> list[Any]:
    return [each for each in creditor.get("/v1/member-claims?limit=100")["items"] if each["kind"] == kind]


def _tell(member: Member, loan_id: str) -> None:
    loan = member.loan(loan_id)
    standing = loan["standing"]
    late = f", {standing['dpd']} days past due" if standing["dpd"] else ""
    say.print(
        f"  {member.name}, loan of {money(loan['amount'])}: {words(loan['status'])}, {amount(standing['principal'])} of principal{late}"
    )


def _tell_shares(group: Group, call: Any) -> None:
    names = {member.seat: member.name for member in group.members}
    for share in call["shares"]:
        room = f", at most {amount(share['room'])}" if share["room"] else ""
        fair = f"bears {amount(share['fair'])} in the end"
        say.print(
            f"  {names[share['seat']]}: {words(share['status'])}, {amount(share['due'])} to pay now{room}; {fair}"
        )


def _seats(case: Any) -> str:
    return f"seat {' and '.join(map(str, case['defaulting']))}"


def _case(case: Any) -> str:
    return f"{amount(case['money'])} ({case['sales_bp'] / 100:.1f} % of its sales)"


def _cny(text: str) -> dict[str, str]:
    return {"amount": text, "currency": "CNY"}


def _minor(view: Any) -> int:
    return int(view["amount"].replace(".", ""))
