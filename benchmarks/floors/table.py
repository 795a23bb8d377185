"""The floors, and why each is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Floor:
    """Reads and writes are round trips; `units` write units, those of index entries included: what must change, and why.

    `above` is what a command is known to take on top of that, in reads and in units, and `because` says for what. It is printed with it.
    """

    reads: int
    writes: int
    units: int
    why: str
    above: tuple[int, int] = (0, 0)
    because: str = ""


MOVED: Final = "moves among those of a status: 2"
STATUS: Final = f"the supplier {MOVED}, where its points or its figures give it another status"
ORDERS: Final[dict[str, Floor]] = {
    "propose an order": Floor(
        1, 1, 7, "order, entry, its place in the lists of both sides and among the due; looks at buyer and supplier"
    ),
    "accept, reserving cover": Floor(1, 1, 8, "order, entry, supplier; its due moment moves"),
    "bank: payment received": Floor(1, 1, 8, "order, entry, the bank's reference; its due moment moves"),
    "bank: the same again": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "ship": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "deliver": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "extend receipt": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "receive": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "complete, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "cancel, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "amend the terms": Floor(2, 1, 6, "order, entry; its due moment moves; whether the supplier is in the programme"),
    "ask for another day": Floor(1, 1, 4, "order, entry"),
    "ask for other terms": Floor(1, 1, 4, "order, entry"),
    "accept other terms": Floor(1, 1, 8, "order, entry, supplier; its due moment moves"),
    "early payout": Floor(2, 1, 4, "order, entry; looks at the supplier's standing; the books put it to its balance"),
    "replay of a finished request": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "register a member": Floor(0, 1, 4, "member, entry"),
    "bank event into the inbox": Floor(0, 1, 1, "the event"),
    "bank event takes effect": Floor(
        2, 1, 8, "order, entry, the bank's reference; its due moment moves; looks for parked followers"
    ),
    "one trade fact": Floor(
        7, 5, 13, "the fact, up to three months of its days, each once more as told; in a last commit the feed's entry"
    ),
    "join the programme": Floor(
        3, 1, 5, "supplier, its place among those of its status, entry; looks at the member and the day-book"
    ),
    "penalty": Floor(2, 1, 4, "supplier, entry; looks at the day-book", (0, 2), STATUS),
    "suspension": Floor(2, 1, 6, f"supplier, entry: 4; {MOVED}; looks at the day-book"),
    "reinstatement": Floor(2, 1, 6, f"supplier, entry: 4; {MOVED}; looks at the day-book"),
    "leave the programme": Floor(2, 1, 6, f"supplier, entry: 4; {MOVED}; looks at the day-book"),
    "open an import": Floor(0, 1, 6, "the import, its place among the runs of its job and among what waits, entry"),
}

WORDS: Final = (
    "the entry keeps the whole answer: with three or four offers and the words to them it is above a kilobyte"
)
FILES: Final = (
    "a file is 90 bytes that nothing makes smaller (name, SHA-256), a step 20, a decision 400: with about four files"
    " or a decision a claim is above a kilobyte, with two decisions above two, and so is the answer its entry keeps"
)
CLAIMS: Final[dict[str, Floor]] = {
    "open a claim": Floor(
        1, 1, 10, "claim, order, entry: 6; the lists of both sides, among the due: 3; its order waits for nothing: 1"
    ),
    "edit a claim": Floor(1, 1, 6, "claim, order, entry"),
    "offer": Floor(1, 1, 6, "claim, entry; its due moment moves with the supplier's first answer"),
    "decline an offer": Floor(1, 1, 6, "claim, entry; its due moment moves with the supplier's first answer"),
    "accept an offer: refund": Floor(
        1, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2", (0, 2), WORDS
    ),
    "accept an offer: refund, advanced": Floor(
        5,
        1,
        10,
        "the same, after a look at what else pays: balance, its draws, the deposit and the books of both",
        (0, 2),
        WORDS,
    ),
    "accept an offer: goods or remedy first": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "sign a settlement": Floor(1, 1, 6, "claim, entry; its due moment moves with the supplier's first answer"),
    "sign it too: refund": Floor(1, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2", (0, 2), WORDS),
    "escalate": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "withdraw": Floor(
        1, 1, 9, "claim, order, entry: 6; due no more: 1; among those that ended: 1; its order is due again: 1"
    ),
    "ship a return": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "acknowledge a return: refund": Floor(
        1, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2", (0, 2), WORDS
    ),
    "acknowledge a return: officer": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "confirm a remedy": Floor(1, 1, 4, "claim, entry"),
    "confirm it too: the claim ends": Floor(
        1, 1, 9, "claim, order, entry: 6; due no more: 1; among those that ended: 1; its order is due again: 1"
    ),
    "open evidence": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "assign an officer": Floor(1, 1, 4, "claim, entry"),
    "recuse": Floor(1, 1, 4, "claim, entry"),
    "evidence: announce": Floor(1, 1, 4, "claim, entry", (0, 6), FILES),
    "evidence: a file arrives": Floor(1, 1, 4, "claim, entry; one question to the bucket besides", (0, 4), FILES),
    "evidence: submit": Floor(
        1, 1, 6, "claim, entry; its due moment moves with the supplier's first answer", (0, 4), FILES
    ),
    "evidence: remove": Floor(1, 1, 4, "claim, entry", (0, 6), FILES),
    "complete evidence": Floor(1, 1, 6, "claim, entry; its due moment moves with the second one", (0, 6), FILES),
    "order an inspection": Floor(1, 1, 6, "claim, entry; its due moment moves", (0, 4), FILES),
    "bank: inspection fee paid": Floor(
        1, 1, 8, "claim, entry, the bank's reference; its due moment moves", (0, 2), FILES
    ),
    "inspection report": Floor(1, 1, 6, "claim, entry; its due moment moves", (0, 4), FILES),
    "determine": Floor(1, 1, 6, "claim, entry; its due moment moves", (0, 6), FILES),
    "appeal": Floor(1, 1, 6, "claim, entry; its due moment moves", (0, 8), FILES),
    "appeal, conceding a part: refund": Floor(
        1, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2", (0, 6), FILES
    ),
    "clock: the supplier does not appeal: refund": Floor(
        2,
        1,
        10,
        "claim, order, supplier, entry: 8; its due moment moves: 2; read again, as its order changed too",
        (0, 4),
        FILES,
    ),
    "clock: nobody decides on the appeal": Floor(
        2,
        1,
        10,
        "claim, order, supplier, entry: 8; its due moment moves: 2; read again, as its order changed too",
        (0, 4),
        FILES,
    ),
    "decide an appeal": Floor(1, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2", (0, 6), FILES),
    "clock: the supplier is silent": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: escalated": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: evidence is opened": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: evidence is due": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: the review is overdue": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: the rules decide": Floor(1, 1, 6, "claim, entry; its due moment moves"),
    "clock: no appeal, the decision is carried out": Floor(
        2,
        1,
        10,
        "claim, order, supplier, entry: 8; its due moment moves: 2; read again, as its order changed too",
        (0, 2),
        FILES,
    ),
    "clock: a return counts as received": Floor(
        2, 1, 10, "claim, order, supplier, entry: 8; its due moment moves: 2; read again, as its order changed too"
    ),
    "clock: the refund is overdue": Floor(1, 1, 6, "claim, entry; its due moment moves", (0, 2), FILES),
    "stream: points for silence": Floor(
        3, 1, 4, "supplier, entry; looks at the claim, the supplier and the day-book", (0, 2), STATUS
    ),
    "stream: refund settled, the claim is paid": Floor(
        1, 1, 9, "claim, order, entry: 6; due no more; among those that ended; its order is due again", (0, 4), FILES
    ),
    "stream: refund failed, the claim says so": Floor(1, 1, 4, "claim, entry"),
}

_CREATED: Final = (
    "instruction, entry: 4; in its order's list, among the open and the due: 3; looks for what holds it back"
)
_SENT: Final = "instruction, entry, the attempt's name: 6; moves among the open and the due: 4"
APPEALS: Final = "the entry keeps the whole answer, with the words of every appeal"
MONEY: Final[dict[str, Floor]] = {
    "stream: claim payable, banks are instructed": Floor(2, 1, 7, _CREATED),
    "stream: claim payable, banks are instructed (2)": Floor(4, 2, 14, f"twice: {_CREATED}"),
    "stream: claim payable, banks are instructed (3)": Floor(6, 3, 21, f"three times: {_CREATED}"),
    "stream: payout, the bank is instructed": Floor(2, 1, 7, _CREATED),
    "stream: debit, the bank is instructed": Floor(2, 1, 7, _CREATED),
    "stream: an instruction is sent": Floor(3, 1, 10, f"{_SENT}; looks for what holds a refund back"),
    "stream: an instruction is sent and refused": Floor(
        4, 2, 18, f"{_SENT}; then what the bank said: instruction, entry, moves among the open and the due"
    ),
    "bank: refund settled": Floor(
        2, 1, 8, "instruction, entry, the bank's reference: 6; no more among the open and the due: 2; whose attempt"
    ),
    "bank: payout settled": Floor(
        2, 1, 8, "instruction, entry, the bank's reference: 6; no more among the open and the due: 2; whose attempt"
    ),
    "bank: debit settled": Floor(
        2, 1, 8, "instruction, entry, the bank's reference: 6; no more among the open and the due: 2; whose attempt"
    ),
    "bank: refund failed": Floor(2, 1, 8, "instruction, entry: 4; moves among the open and the due: 4; whose attempt"),
    "name another account": Floor(1, 1, 8, "instruction, entry: 4; moves among the open and the due: 4"),
    "retry an instruction": Floor(1, 1, 8, "instruction, entry: 4; moves among the open and the due: 4"),
    "settle an instruction by hand": Floor(
        1, 1, 8, "instruction, entry, the bank's reference: 6; no more among the open and the due: 2"
    ),
    "register a bank account": Floor(1, 1, 4, "supplier, entry"),
    "pay out a balance": Floor(2, 1, 4, "supplier, entry; looks at the books"),
    "appeal a penalty": Floor(
        1,
        1,
        5,
        "supplier, entry; among the due",
        (0, 2),
        APPEALS,
    ),
    "uphold a penalty": Floor(1, 1, 5, "supplier, entry; among the due no more", (0, 2), APPEALS),
    "lift a penalty": Floor(
        2,
        1,
        5,
        "supplier, entry; among the due no more; looks at the day-book",
        (0, 2),
        APPEALS,
    ),
    "stream: an advance, its recovery opens and demands": Floor(
        5, 2, 15, "recovery, entry, its three lists: 7; again, moved in two of them: 8; looks at account and balance"
    ),
    "stream: an advance, its recovery opens and demands (2)": Floor(
        5, 2, 15, "the same, where two payments are refunded"
    ),
    "stream: debit settled, the recovery ends": Floor(
        1, 1, 9, "recovery, supplier, entry: 6; its status moves; due no more"
    ),
    "record a receipt": Floor(
        1, 1, 11, "recovery, supplier, entry, the bank's reference: 8; its status moves; due no more"
    ),
    "propose instalments": Floor(1, 1, 6, "recovery, entry; its due moment moves"),
    "accept instalments": Floor(1, 1, 8, "recovery, entry: 4; its status and its due moment move: 4"),
    "write off": Floor(1, 1, 6, "recovery, entry: 4; its status moves: 2"),
    "clock: an instalment is called for": Floor(1, 1, 6, "recovery, entry; its due moment moves"),
    "clock: the debit is late": Floor(1, 1, 8, "recovery, entry: 4; its status and its due moment move: 4"),
    "clock: the recovery is overdue": Floor(
        4,
        2,
        13,
        f"recovery, entry, status, due no more: 7; in a second commit the suspended supplier, entry: 4; it {MOVED}",
    ),
    "daily: the balance is set off": Floor(3, 1, 6, "recovery, supplier, entry; looks at the balance"),
}

WEBHOOKS: Final[dict[str, Floor]] = {
    "register an endpoint": Floor(
        3, 1, 4, "the owner's endpoint set, entry; whether it was asked before; the secret is shown once"
    ),
    "endpoint: rotate-secret": Floor(
        3, 1, 4, "the owner's endpoint set, entry; whether it was asked before; the secret is shown once"
    ),
    "endpoint: disable": Floor(1, 1, 4, "the owner's endpoint set, entry"),
    "endpoint: enable": Floor(1, 1, 4, "the owner's endpoint set, entry"),
    "endpoint: ping": Floor(1, 1, 4, "the owner's endpoint set, entry"),
    "endpoint: delete": Floor(1, 1, 4, "the owner's endpoint set, entry"),
    "endpoint: replay": Floor(
        3, 2, 8, "the owner's endpoint set, entry: 4; outside it each message: 1, and among the due"
    ),
    "stream: a message is kept": Floor(
        2, 1, 3, "message: 1; in its endpoint's list and among the due: 2; whose claim, who listens"
    ),
    "a message is sent": Floor(2, 1, 2, "message: 1; among the due no more: 1; to which address"),
}

INBOX: Final[dict[str, Floor]] = {
    "bank event into suspense": Floor(
        2, 1, 10, "event, order, entry, the bank's reference: 8; among the suspended and the due: 2; looks at both"
    ),
    "bank event into suspense, its reference was used": Floor(
        4, 2, 10, "the same, once the first try has met the reference and looked at what used it"
    ),
    "suspended money: allocate": Floor(
        4, 1, 11, "event, order, entry, the bank's reference: 8; suspended and due no more: 2; the order waits no more"
    ),
    "suspended money: return": Floor(1, 1, 7, "event, entry: 4; suspended and due no more: 2; among those returned: 1"),
    "suspended money: reverse": Floor(
        1, 1, 7, "event, entry: 4; suspended and due no more: 2; among those reversed: 1"
    ),
}

_WORKING: Final = "the entry keeps the whole answer, with the working of the requirement"
_LONG_LIVED: Final = "a deposit with violations, markets, insurance and corrections is above a kilobyte"
DEPOSITS: Final[dict[str, Floor]] = {
    "deposit: open": Floor(4, 1, 4, "deposit, entry; looks at the seller, its trades and days, and the rulebooks"),
    "deposit: ask to pay": Floor(1, 1, 4, "deposit, entry"),
    "deposit: have it debited": Floor(2, 1, 4, "deposit, entry; looks at the account"),
    "deposit: propose a correction": Floor(1, 1, 4, "deposit, entry"),
    "deposit: refuse a correction": Floor(1, 1, 4, "deposit, entry"),
    "deposit: agree to a correction": Floor(
        2, 1, 5, "deposit, entry; among the due; looks which month was decided last"
    ),
    "bank: deposit received": Floor(1, 1, 7, "deposit, entry, the bank's reference: 6; due no more"),
    "deposit: a violation": Floor(1, 1, 4, "deposit, entry"),
    "deposit: a violation is over": Floor(1, 1, 5, "deposit, entry; among the due"),
    "deposit: enter a market": Floor(1, 1, 6, "deposit, entry; its due moment moves"),
    "deposit: leave a market": Floor(1, 1, 6, "deposit, entry; its due moment moves"),
    "deposit: hold": Floor(1, 1, 4, "deposit, entry"),
    "deposit: lift a hold": Floor(1, 1, 4, "deposit, entry"),
    "deposit: deduct": Floor(2, 1, 6, "deposit, entry, the cause's name; looks at the payee", (0, 2), _WORKING),
    "deposit: insure": Floor(1, 1, 4, "deposit, entry", (0, 2), _WORKING),
    "deposit: deduct from insurance": Floor(
        2, 1, 6, "deposit, entry, the cause's name; looks at the payee", (0, 4), _WORKING
    ),
    "deposit: the insurer pays": Floor(1, 1, 6, "deposit, entry, the bank's reference", (0, 4), _WORKING),
    "deposit: release": Floor(
        6,
        2,
        10,
        "deposit, entry: 4, after what fell due: deposit, entry, its due moment moves; looks at what stands against it",
        (0, 6),
        _LONG_LIVED,
    ),
    "deposit: close": Floor(1, 1, 4, "deposit, entry", (0, 4), _LONG_LIVED),
    "deposit: reopen": Floor(1, 1, 4, "deposit, entry", (0, 4), _LONG_LIVED),
    "announce a rulebook": Floor(
        1, 1, 4, "rulebook, entry", (0, 8), "a book with its rows is two kilobytes, and the answer tells them"
    ),
    "try a rulebook out": Floor(
        3,
        1,
        4,
        "rulebook, entry; looks whether a trial runs",
        (0, 4),
        "a book with its rows is two kilobytes",
    ),
}

_LONG: Final = "sixty lines of goods are above a kilobyte, and so is the answer that the entry keeps: up to 2.6"
REST: Final[dict[str, Floor]] = {
    "long terms: propose": Floor(1, 1, 7, "as with short terms", (0, 4), _LONG),
    "long terms: accept": Floor(1, 1, 8, "as with short terms", (0, 4), _LONG),
    "long terms: bank: payment received": Floor(1, 1, 8, "as with short terms", (0, 4), _LONG),
    "long terms: ship": Floor(1, 1, 6, "as with short terms", (0, 6), _LONG),
    "keep a draft": Floor(1, 1, 7, "order, entry, its place in the lists of both sides and among the due"),
    "propose a draft": Floor(1, 1, 6, "order, entry; its due moment moves where time has passed"),
    "accept a short payment": Floor(1, 1, 8, "order, entry, supplier; its due moment moves"),
    "agree to shipment": Floor(
        1, 1, 9, "claim, order, entry: 6; due no more: 1; among those that ended: 1; its order is due again: 1"
    ),
    "one inquiry": Floor(4, 2, 8, "the thread, its day; in a second commit the feed's entry"),
    "evaluate a supplier": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "stream: something waits for officers": Floor(1, 1, 3, "the work, its places by queue and by kind"),
    "give work to an officer": Floor(1, 1, 5, "the work, entry: 4; its place among the officer's"),
    "work is looked at": Floor(1, 1, 7, "the work, entry: 4; it leaves its three lists"),
    "redrive dead letters": Floor(2, 1, 6, "run, its place among the runs of its job and among what waits, entry"),
    "try rules of monitoring out": Floor(
        2, 1, 6, "run, its place among the runs of its job and among what waits, entry; looks whether it has begun"
    ),
    "redrive a run": Floor(1, 1, 6, "run, entry; its due moment moves"),
    "lift a mark": Floor(2, 1, 5, "supplier, entry: 4; quarantined no more: 1; follows the chain"),
}
CASES: Final[dict[str, Floor]] = {
    "first bank event of a sequence takes effect": Floor(
        4, 2, 10, "the aggregate, twice around its making: 4; aggregate, entry and second key: 6"
    ),
    "bank event in a sequence takes effect": Floor(
        2, 1, 6, "aggregate, entry, second key: 6; what waited for it is asked"
    ),
    "bank event is refused": Floor(1, 1, 5, "event, entry: 4; its status: 1"),
    "retry a refused bank event": Floor(1, 1, 8, "event, entry: 4; its status moves: 2; what waits, its due moment: 2"),
    "a difference becomes an item": Floor(4, 1, 6, "item, entry: 4; its status, its due moment: 2"),
    "resolve a difference": Floor(1, 1, 7, "item, entry: 4; its status: 2; its due moment goes: 1"),
    "open a case": Floor(
        1,
        1,
        9,
        "case, entry: 4; its place in the lists of its customer, its subject and its status, and among the due: 4; among disputes: 1",
    ),
    "assign a case": Floor(1, 1, 5, "case, entry, its place in its owner's list"),
    "reply in a case": Floor(1, 1, 8, "case, entry: 4; its status: 2; its due moment moves: 2"),
    "escalate a case": Floor(
        1, 1, 9, "case, entry: 4; its status: 2; its due moment moves: 2; it leaves its owner's list: 1"
    ),
    "resolve a case": Floor(1, 1, 9, "case, entry: 4; its status: 2; its due moment moves: 2; no dispute any more: 1"),
    "reopen a case": Floor(1, 1, 9, "case, entry: 4; its status: 2; its due moment moves: 2; a dispute again: 1"),
}
CREDIT: Final[dict[str, Floor]] = {
    "give consent": Floor(
        2,
        1,
        7,
        "consent, entry, its place among those of its firm, those that are live and the due; looks at the signer and how many there are",
    ),
    "withdraw consent": Floor(
        2, 1, 6, "consent, entry: 4; it is neither live nor due any more: 2; looks at the signer"
    ),
    "report debts elsewhere": Floor(
        5, 1, 4, "exposure, entry; looks at the member, the signer, the consents that are live, and the exposure"
    ),
    "stream: a consent ends, debts count no longer": Floor(2, 1, 4, "exposure, entry; looks whether consents are live"),
    "monthly: a pre-offer is made": Floor(
        7,
        1,
        6,
        "pre-offer, entry, its place among those of its firm and the due; looks at the consent, the month, the last one, exports now and a year ago, lines, exposure",
    ),
    "monthly: a score is kept": Floor(
        12,
        1,
        7,
        "score, entry: 4; in the lists of its firm and its status, and among the due: 3; looks at the consents, the month, the profile, days and whether there are trades, exports twice, lines, loans, calls, peers",
    ),
    "look at a score in band D": Floor(
        1,
        1,
        7,
        "score, entry: 4; it moves among the statuses: 2, and is due no more: 1",
        (0, 2),
        "the answer that is kept says every attribute in words",
    ),
    "stream: a loan tells what it has come to": Floor(1, 1, 1, "its line of the firm's history"),
    "stream: an incentive is earned": Floor(
        0, 1, 7, "incentive, entry: 4; the firm's, those that count, and among the due: 3"
    ),
    "run: an alert is raised": Floor(
        2,
        1,
        10,
        "alert, entry: 4; the firm's, the bank's, its digest's, those of its status, its loan's and among the due: 6; looks at what is known of the loan, twice",
    ),
    "acknowledge an alert": Floor(1, 1, 8, "alert, entry: 4; it moves among the statuses and the due: 4"),
    "silence an alert": Floor(1, 1, 8, "alert, entry: 4; it moves among the statuses and the due: 4"),
    "explain an alert": Floor(1, 1, 4, "alert, entry"),
    "escalate an alert": Floor(
        3,
        1,
        10,
        "alert, entry, exposure: 6; it moves among the statuses and the due: 4; looks whether the bank may hear",
    ),
    "hold draws for an alert": Floor(1, 1, 6, "alert, entry, exposure; it is due when it was"),
    "release the draws that an alert holds": Floor(1, 1, 6, "alert, entry, exposure; it is due when it was"),
    "resolve an alert": Floor(
        3,
        1,
        10,
        "alert, entry, exposure: 6; it moves among the statuses and the due: 4; looks whether the bank may hear",
    ),
    "propose a sanction": Floor(
        7,
        1,
        12,
        "sanction, entry, the month's count: 6; the firm's, those of its status, those open and due: 4; the measure's name of the loan: 2; looks at the loan, twice, its disputes, the name, the firm's sanctions of that measure and those that are open, and the evidence",
    ),
    "withdraw a sanction": Floor(
        3,
        1,
        10,
        "sanction, entry, the month's count: 6; it moves among the statuses: 2, is open and due no more: 2; looks at the loan and the firm's cases",
    ),
    "approve a sanction": Floor(3, 1, 10, "the same 6; it moves among the statuses and the due: 4; looks at the same"),
    "appeal against a sanction": Floor(3, 1, 8, "the same 6; it moves among the statuses: 2; it is due when it was"),
    "decide an appeal against a sanction": Floor(
        3, 1, 12, "the same 6, the exposure: 2; it moves among the statuses and the due: 4"
    ),
    "lift a sanction": Floor(3, 1, 12, "the same 8; it moves among the statuses: 2, is open and due no more: 2"),
    "announce a training": Floor(0, 1, 6, "training, entry: 4; those of its status, and among the due: 2"),
    "register for a training": Floor(2, 1, 6, "training, entry, the firm's own list: 6; looks at the firm's profile"),
    "give a place at a training back": Floor(1, 1, 4, "training, entry: 4"),
    "cancel a training": Floor(1, 1, 7, f"the same 4; {MOVED}; it is due no more: 1"),
    "record who attended a training": Floor(1, 1, 4, "training, entry: 4"),
    "report a firm": Floor(
        3,
        1,
        11,
        "report, entry, its key: 6; the firm's, the reporter's, those of its status, and among the due: 4; among those that count for the reporter: 1; looks at the firm, its loans and the reporter's reports",
    ),
    "announce a file of a report": Floor(1, 1, 6, "report, entry: 4; it moves among the due: 2"),
    "take a report": Floor(1, 1, 6, f"the same 4; {MOVED}"),
    "ask a firm about a report": Floor(1, 1, 6, f"the same 4; {MOVED}"),
    "answer a report": Floor(1, 1, 6, f"the same 4; {MOVED}"),
    "ask for the seal of a report": Floor(
        1, 1, 4, "report, entry: 4", (0, 2), "the answer, which the entry keeps, shows the whole report: above 1 KB"
    ),
    "decide on the seal of a report": Floor(
        1, 1, 4, "report, entry: 4", (0, 2), "the answer, which the entry keeps, shows the whole report: above 1 KB"
    ),
    "read who reported": Floor(3, 1, 4, "report, entry: 4; it is read again, and its key"),
    "find a report verified": Floor(
        2, 1, 9, f"the same 4; {MOVED}; it moves among the due: 2; it counts no more: 1; looks at the firm's loans"
    ),
    "reverse an incentive": Floor(1, 1, 5, "incentive, entry: 4; it counts no more: 1"),
    "restore an incentive": Floor(1, 1, 5, "incentive, entry: 4; it counts again: 1"),
    "a bank reads a data pack": Floor(
        4,
        1,
        6,
        "pack of two kilobytes: 4, entry: 2; looks at the consents that are live, the pack, and the pack again where it is written",
    ),
    "decline a pre-offer": Floor(1, 1, 5, "pre-offer, entry: 4; it is due no more: 1"),
}

_SEALED: Final = (
    "what is sealed does not pack: with people in it a profile, and an entry that tells of one, are above a kilobyte"
)
_MOVES: Final = "profile, entry: 4; its status: 2; its due moment moves: 2"
EXPORTS: Final[dict[str, Floor]] = {
    "one declaration": Floor(4, 2, 6, "the declaration, its day; in a second commit the feed's entry"),
    "name a subsidy account": Floor(2, 1, 4, "the exporter's subsidies, entry; looks at the member"),
    "stream: a subsidy is booked": Floor(
        3, 1, 7, "the exporter's subsidies, the line, its place by tax refund, entry; looks at the declaration"
    ),
    "stream: the same declaration again": Floor(3, 0, 0, "nothing"),
    "correct a declaration": Floor(3, 1, 6, "the declaration, its day, entry; looks at the exporter"),
    "stream: a subsidy is reversed": Floor(3, 1, 6, "the exporter's subsidies, the line, entry"),
    "daily: a firm's limit changes": Floor(2, 1, 4, "the exposure, entry; looks at six months of days"),
    "daily: a firm's limit stays": Floor(2, 0, 0, "nothing; looks at six months of days"),
}
FIRMS: Final[dict[str, Floor]] = {
    "register a firm": Floor(
        1, 1, 8, "profile, its key, entry, its place among those of its status and the due; looks at the member"
    ),
    "add a person": Floor(1, 1, 6, "profile, the person's key, entry", (0, 4), _SEALED),
    "change a person": Floor(2, 1, 4, "profile, entry; reads the person's key", (0, 4), _SEALED),
    "remove a person": Floor(1, 1, 4, "profile, entry"),
    "erase a person": Floor(1, 1, 6, "profile, the person's key, entry"),
    "add a settlement account": Floor(2, 1, 4, "profile, entry; reads the firm's key"),
    "remove a settlement account": Floor(1, 1, 4, "profile, entry", (0, 4), _SEALED),
    "announce a document": Floor(1, 1, 6, "profile, entry: 4; its due moment moves: 2", (0, 4), _SEALED),
    "remove a document": Floor(1, 1, 6, "profile, entry: 4; its due moment moves: 2", (0, 4), _SEALED),
    "disclose to an officer": Floor(1, 1, 4, "profile, entry", (0, 2), _SEALED),
    "return a profile": Floor(1, 1, 8, _MOVES, (0, 2), _SEALED),
    "confirm a profile": Floor(1, 1, 8, _MOVES, (0, 2), _SEALED),
    "verify a profile": Floor(1, 1, 8, _MOVES, (0, 2), _SEALED),
    "note what registers say of a firm": Floor(1, 1, 4, "profile, entry", (0, 4), _SEALED),
    "change a verified profile": Floor(1, 1, 8, _MOVES, (0, 2), _SEALED),
    "look for a group": Floor(
        1, 1, 6, "profile, entry: 4; in the lists of its region and its branch: 2", (0, 4), _SEALED
    ),
    "look for no group any more": Floor(
        1, 1, 6, "profile, entry: 4; out of the lists of its region and its branch: 2", (0, 4), _SEALED
    ),
}
_SEATED: Final = (
    "with seats and attestations the group is above a kilobyte, and so is the entry, which keeps the answer"
)
GROUPS: Final[dict[str, Floor]] = {
    "found a group": Floor(
        2,
        1,
        11,
        "group, entry, the firm's one place, its seat: 8; among those of its bank, its status and the due: 3; looks at the signer",
    ),
    "invite a firm": Floor(2, 1, 8, "group, entry, the firm's seat: 6; its due moment moves: 2; looks at the member"),
    "accept an invitation": Floor(
        4,
        1,
        8,
        "group, entry, the firm's one place: 6; its due moment moves: 2; looks at the signer and at whether the firms are related",
    ),
    "decline an invitation": Floor(1, 1, 6, "group, entry: 4; its due moment moves: 2", (0, 2), _SEATED),
    "freeze the list": Floor(
        2, 1, 8, f"group, entry: 4; its due moment moves: 2; {MOVED}; looks at whether the firms are related"
    ),
    "attest a member": Floor(2, 1, 4, "group, entry; looks at the signer"),
    "refuse a member": Floor(2, 1, 8, f"group, entry: 4; its due moment moves: 2; {MOVED}; looks at the signer"),
    "leave before the seal": Floor(3, 1, 4, "group, entry; looks at the signer and at what is drawn"),
    "propose to leave": Floor(
        4,
        1,
        7,
        "group, entry, under what there are draws: 6; among the due: 1; looks at the signer and at what is drawn",
    ),
    "object to a change": Floor(
        3, 1, 7, "group, entry, under what there are draws: 6; it is due no more: 1; looks at the signer"
    ),
    "propose a replacement": Floor(
        5,
        1,
        9,
        "group, entry, the firm's seat, under what there are draws: 8; among the due: 1; looks at the signer, the member and at what is drawn",
    ),
    "consent to a change": Floor(2, 1, 4, "group, entry; looks at the signer", (0, 2), _SEATED),
    "propose to wind down": Floor(2, 1, 5, "group, entry: 4; among the due: 1; looks at the signer"),
    "suspend a group": Floor(2, 1, 8, f"group, entry, under what there are draws: 6; {MOVED}", (0, 2), _SEATED),
    "resume a group": Floor(2, 1, 8, f"group, entry, under what there are draws: 6; {MOVED}"),
}

LENDING: Final[dict[str, Floor]] = {
    "draw on a line": Floor(
        4,
        1,
        11,
        "loan, entry, line, exposure: 8; its place in the lists of its firm and its bank, and among the due; looks at the line, the signer and the consents",
    ),
    "cancel a draw": Floor(2, 1, 9, "loan, entry, line, exposure: 8; it is due no more: 1; looks at the signer"),
    "draw against an invoice": Floor(
        6, 1, 13, "the same and the receivable: 2; looks at it, as it stands and as it is kept"
    ),
    "present an invoice": Floor(
        1, 1, 7, "receivable, entry, its place in the lists of both sides and among the due; looks at the buyer"
    ),
    "confirm an invoice": Floor(1, 1, 5, "receivable, entry; it is due no more"),
    "decline an invoice": Floor(1, 1, 5, "receivable, entry; it is due no more"),
    "withdraw an invoice": Floor(1, 1, 5, "receivable, entry; it is due no more"),
}
_ANSWER: Final = "the entry keeps the whole answer, which with a schedule that is proposed is above a kilobyte"
SERVICING: Final[dict[str, Floor]] = {
    "bank: a draw is disbursed": Floor(
        2,
        1,
        12,
        "loan, entry, line, exposure, the bank's reference: 10; its due moment moves: 2; looks for parked followers",
    ),
    "bank: a repayment": Floor(
        2, 1, 10, "loan, entry, line, exposure, the bank's reference; looks for parked followers"
    ),
    "bank: a repayment is reversed": Floor(
        2, 1, 10, "loan, entry, line, exposure, the bank's reference; looks for parked followers"
    ),
    "ask for a pause": Floor(1, 1, 6, "loan, entry: 4; its due moment moves: 2"),
    "propose another schedule": Floor(1, 1, 4, "loan, entry", (0, 2), _ANSWER),
    "sign another schedule": Floor(2, 1, 4, "loan, entry; looks at the signer", (0, 2), _ANSWER),
}
GROUPED: Final[dict[str, Floor]] = {
    "draw in a group": Floor(
        7,
        1,
        13,
        "as a draw on a line, and the group's position: 2; looks at the group, its sheet and the position besides",
    ),
    "bank: a draw in a group is disbursed": Floor(
        3, 1, 14, "as a draw that is disbursed, and the group's position: 2; looks at that besides"
    ),
    "consent to another schedule": Floor(2, 1, 4, "loan, entry; looks at the signer"),
}
_SHARES: Final = "the entry keeps the whole answer beside what each share came to; with the words of an objection and of its answer the call is above a kilobyte too"
_FACTS: Final = "looks at the loan, the group and which other calls the group has"
CALLING: Final[dict[str, Floor]] = {
    "bank: a default is declared": Floor(
        2, 1, 8, "loan, entry, the bank's reference: 6; its due moment moves: 2; looks for parked followers"
    ),
    "bank: a call is requested": Floor(
        2, 1, 7, "loan, entry, the bank's reference: 6; it is due no more: 1; looks for parked followers"
    ),
    "stream: a call is opened": Floor(
        11,
        1,
        7,
        f"call, entry: 4; its place in the lists of its group and its bank, and among the due: 3; {_FACTS}, and once it is there at all of that again, lest it changed meanwhile",
    ),
    "check a call": Floor(4, 1, 4, f"call, entry; {_FACTS}", (0, 2), _SHARES),
    "give notice of a call": Floor(4, 1, 6, f"call, entry: 4; its due moment moves: 2; {_FACTS}", (0, 2), _SHARES),
    "object to a share": Floor(1, 1, 6, "call, entry: 4; its due moment moves: 2", (0, 2), _SHARES),
    "decide an objection": Floor(4, 1, 6, f"call, entry: 4; its due moment moves: 2; {_FACTS}", (0, 4), _SHARES),
    "clock: a share is overdue": Floor(4, 1, 6, f"call, entry: 4; its due moment moves: 2; {_FACTS}"),
    "confirm that a guarantor has failed": Floor(4, 1, 4, f"call, entry; {_FACTS}", (0, 4), _SHARES),
}
SETTLING: Final[dict[str, Floor]] = {
    "dispute a claim between members": Floor(1, 1, 6, "claim, entry: 4; its due moment moves: 2"),
    "decide such a dispute": Floor(1, 1, 6, "claim, entry: 4; its due moment moves: 2"),
    "waive a claim between members": Floor(1, 1, 5, "claim, entry: 4; it is due no more: 1"),
    "bank: a claim between members is paid": Floor(
        1, 1, 7, "claim, entry, the bank's reference: 6; it is due no more: 1"
    ),
    "offer a rescue": Floor(
        2,
        1,
        8,
        "claim, entry: 4; its place in the lists of both sides and of its loan, and among the due: 4; looks at the loan and at earlier offers",
    ),
    "withdraw a rescue": Floor(1, 1, 5, "claim, entry: 4; it is due no more: 1"),
    "open a pool": Floor(0, 1, 5, "pool, entry: 4; its place in the list of its bank"),
    "close a pool": Floor(1, 1, 4, "pool, entry"),
    "bank: a pool is replenished": Floor(2, 1, 6, "pool, entry, the bank's reference; looks for parked followers"),
}
SEALING: Final[dict[str, Floor]] = {
    "propose a rule sheet": Floor(1, 1, 6, "group, entry, sheet", (0, 2), _SEATED),
    "answer the briefing of a rule sheet": Floor(
        2, 1, 4, "group, entry; looks at the sheet", (0, 2), "the entry keeps the whole answer: five questions in words"
    ),
    "sign a rule sheet": Floor(4, 1, 4, "group, entry; looks at the signer, the sheet and the member's sales"),
    "sign a rule sheet as the last: the group is sealed": Floor(
        6,
        1,
        12,
        "group, entry, sheet, position: 8; its status: 2; its due moment moves: 2; looks at the marks of all and the position too",
        (0, 2),
        _SEATED,
    ),
}
_PACK: Final = "a data pack is signed text of 1.8 kilobytes, which nothing makes smaller"
_DOCUMENT: Final = "the entry keeps the whole answer, and in it the document that is signed, word for word"
_REPORTED: Final = "looks for parked followers; the application comes with it"
APPLICATIONS: Final[dict[str, Floor]] = {
    "open an application": Floor(
        1,
        1,
        7,
        "application, entry, its place in the lists of its firm and its status, and among the due; looks at the member",
    ),
    "submit an application": Floor(
        10,
        1,
        12,
        "application, entry, pack, the firm's exposure: 8; its status moves: 2; its due moment moves: 2; looks at the profile, consents, days of export, deposit, standing",
        (0, 2),
        _PACK,
    ),
    "withdraw an application": Floor(
        2, 1, 7, "application, entry: 4; its status moves: 2; it is due no more: 1; looks at the signer"
    ),
    "screen an application": Floor(
        1, 1, 7, "application, entry: 4; its status moves: 2; it is due no more, its reviews are: 1"
    ),
    "announce a document of an application": Floor(
        2, 1, 5, "application, entry: 4; it is due when the file has not come: 1; looks at the signer"
    ),
    "a document of an application arrives": Floor(
        2,
        1,
        6,
        "application, entry: 4; its due moment moves: 2; looks whether it is kept; one question to the bucket besides",
    ),
    "a bank reads a document": Floor(
        4,
        1,
        4,
        "application, entry; looks at the consents that are live, and at the application again where it is written",
    ),
    "supply information": Floor(
        5,
        1,
        6,
        "review, entry: 4; its due moment moves: 2; looks at the application to find the review, at the signer, and at the consents that are live",
    ),
    "decline a bank's offer": Floor(
        4,
        1,
        9,
        "offer, review, application, entry: 8; it is due no more: 1; looks at review, application and signer",
    ),
    "accept a bank's offer": Floor(
        4,
        1,
        14,
        "offer, review, application, agreement, entry: 10; the application's status moves: 2; the agreement is due, the offer no more: 2; looks at review, application and signer",
    ),
    "sign an agreement": Floor(2, 1, 4, "agreement, entry; looks at the signer", (0, 2), _DOCUMENT),
    "sign an agreement for the platform": Floor(1, 1, 4, "agreement, entry", (0, 2), _DOCUMENT),
    "freeze a line": Floor(1, 1, 4, "line, entry"),
    "release a line": Floor(1, 1, 4, "line, entry"),
    "clock: a renewal is offered": Floor(1, 1, 6, "line, entry: 4; its due moment moves: 2"),
    "ask for a renewal": Floor(
        9,
        1,
        6,
        "line, pack, entry; looks at the profile, consents, days of export, deposit, standing",
        (0, 2),
        _PACK,
    ),
    "close a line": Floor(1, 1, 5, "line, entry: 4; it is due no more: 1"),
    "stream: an application, its firm has a limit": Floor(
        3, 1, 4, "exposure, entry; looks at six months of days, and whether the data pack has a score"
    ),
    "stream: an application is sent, two banks are asked": Floor(
        7,
        2,
        12,
        "of each bank: review, entry: 4; in the bank's list and among the due: 2; looks at the application, and whether each bank may hear of it",
    ),
    "bank: a review begins": Floor(
        2, 1, 8, f"review, entry, the bank's reference: 6; its due moment moves: 2; {_REPORTED}"
    ),
    "bank: information is asked for": Floor(
        2, 1, 8, f"review, entry, the bank's reference: 6; its due moment moves: 2; {_REPORTED}"
    ),
    "bank: a credit is approved": Floor(
        2, 1, 10, f"review, application, entry, the bank's reference: 8; its due moment moves: 2; {_REPORTED}"
    ),
    "bank: an offer is made": Floor(
        2,
        1,
        10,
        f"review, offer, entry, the bank's reference: 8; the offer is due, the review no more: 2; {_REPORTED}",
    ),
    "bank: an agreement is signed, a line opens": Floor(
        2,
        1,
        16,
        f"agreement, line, application, entry, the bank's reference: 10; the application's status moves: 2; it is due no more: 1; the line in the lists of its firm and its bank, and among the due: 3; {_REPORTED}",
    ),
    "bank: a line is active": Floor(
        2, 1, 8, "line, entry, the bank's reference: 6; its due moment moves: 2; looks for parked followers"
    ),
}
CHANNELS: Final[dict[str, Floor]] = {
    "plan a channel": Floor(0, 1, 5, "channel, entry: 4; its place among those of its status: 1"),
    "open a channel": Floor(1, 1, 6, f"channel, entry: 4; {MOVED}"),
    "amend a channel": Floor(1, 1, 4, "channel, entry"),
    "pause a channel": Floor(1, 1, 6, f"channel, entry: 4; {MOVED}"),
    "close a channel": Floor(1, 1, 6, f"channel, entry: 4; {MOVED}"),
    "nominate a supplier": Floor(
        2,
        1,
        11,
        "nomination, entry, its registration number: 6; its place among those of its agency, status, both names and the due: 5; looks at channel and number",
    ),
    "edit a nomination": Floor(2, 1, 4, "nomination, entry; looks at the channel"),
    "announce a document of a nomination": Floor(1, 1, 6, "nomination, entry: 4; its due moment moves: 2"),
    "a document of a nomination arrives": Floor(
        2,
        1,
        6,
        "nomination, entry: 4; its due moment moves: 2; looks whether it is kept; one question to the bucket besides",
    ),
    "submit a nomination": Floor(
        2, 1, 8, f"nomination, entry: 4; {MOVED}; its due moment moves: 2; looks at the channel"
    ),
    "return a nomination": Floor(1, 1, 8, f"nomination, entry: 4; {MOVED}; its due moment moves: 2"),
    "withdraw a nomination": Floor(1, 1, 7, f"nomination, entry: 4; {MOVED}; it is due no more: 1"),
    "check a nomination, inviting its supplier": Floor(
        3,
        1,
        9,
        f"nomination, entry: 4; {MOVED}; its due moment moves: 2; among its supplier's: 1; looks at the member and its membership",
    ),
    "decline an invitation": Floor(1, 1, 8, f"nomination, entry: 4; {MOVED}; its due moment moves: 2"),
    "join a channel": Floor(
        3,
        1,
        14,
        f"nomination, membership, entry: 6; {MOVED}; its due moment moves: 2; the membership's places: 4; looks at channel and membership",
    ),
    "suspend a membership of a channel": Floor(1, 1, 4, "membership, entry"),
    "reinstate a membership of a channel": Floor(1, 1, 4, "membership, entry"),
    "revoke a membership of a channel": Floor(1, 1, 5, "membership, entry: 4; it is due no more: 1"),
    "appeal against a revocation": Floor(1, 1, 5, "membership, entry: 4; among the due: 1"),
    "decide an appeal against a revocation": Floor(1, 1, 6, "membership, entry: 4; its due moment moves: 2"),
    "renew a membership of a channel": Floor(1, 1, 6, "membership, entry: 4; its due moment moves: 2"),
}
LISTINGS: Final[dict[str, Floor]] = {
    "draft a listing": Floor(
        2,
        1,
        9,
        "listing, stock, entry: 6; its supplier's, those of its status, the due: 3; looks at channel and membership",
    ),
    "announce a picture of a listing": Floor(1, 1, 6, "listing, entry: 4; its due moment moves: 2"),
    "a picture of a listing arrives": Floor(
        2, 1, 4, "listing, entry; looks whether it is kept; one question to the bucket besides"
    ),
    "remove a picture of a listing": Floor(
        1, 1, 8, "listing of more than a kilobyte, entry: 6; its due moment moves: 2"
    ),
    "edit a draft of a listing": Floor(1, 1, 8, "listing of more than a kilobyte, entry: 6; its due moment moves: 2"),
    "submit a listing": Floor(
        3, 1, 10, f"listing, entry: 6; {MOVED}; its due moment moves: 2; looks at membership and channel"
    ),
    "reject a listing": Floor(1, 1, 10, f"listing, entry: 6; {MOVED}; its due moment moves: 2"),
    "publish a listing": Floor(
        3,
        1,
        19,
        f"listing, stock, entry: 8; {MOVED}; its due moment moves: 2; five shelves of the catalogue, cards of a kilobyte: 7; looks at membership and channel",
    ),
    "move a listing's prices": Floor(
        2, 1, 14, "listing, stock, entry: 8; on three shelves: 3; on those by price it moves; looks at the channel"
    ),
    "reword a listing on sale": Floor(
        2,
        1,
        10,
        "listing, entry: 6; its due moment moves: 2; the version on its cards; looks at the channel",
        (0, 2),
        "the answer that the entry keeps has both versions, and is longer than the unit",
    ),
    "suspend a listing": Floor(1, 1, 17, f"listing, stock, entry: 8; {MOVED}; it leaves the catalogue's five shelves"),
    "count a listing's stock": Floor(
        2, 1, 10, "listing, stock, entry: 8; looks at the stock; the version on its cards"
    ),
    "renew a listing": Floor(
        3, 1, 10, "listing, entry: 6; its due moment moves: 2; the end on its cards; looks at membership and channel"
    ),
    "withdraw a listing": Floor(
        1, 1, 17, f"listing, stock, entry: 8; {MOVED}; it leaves five shelves, its due moment moves"
    ),
    "order in a channel": Floor(
        3,
        1,
        14,
        "order, stock, supplier, quote, entry: 10; in the lists of both sides, among the due: 3; the quote is due no more: 1; looks at channel, quote and listings together, at the membership, at supplier and buyer together",
    ),
    "ship goods of a channel": Floor(1, 1, 8, "order, stock, entry: 6; its due moment moves: 2"),
    "a carrier's step": Floor(1, 1, 4, "order, entry"),
    "a carrier delivers": Floor(1, 1, 4, "order, entry"),
    "take shipped goods back": Floor(1, 1, 6, "order, stock, entry"),
}
CARDS: Final[dict[str, Floor]] = {
    "ask for a quote": Floor(1, 1, 5, "quote, entry: 4; among the due: 1; looks at the channel"),
    "begin a card or wallet payment": Floor(
        4,
        1,
        6,
        "payment, entry: 4; among those of its order and the due: 2; looks at the order, its payments, the channel, the buyer",
    ),
    "acquirer: payment.authorised": Floor(
        2,
        1,
        12,
        "payment, order, entry, what happened: 8; both their due moments move: 4; looks for parked followers",
    ),
    "acquirer: payment.captured": Floor(
        2,
        1,
        18,
        "payment, order, settlement, entry, reference, what happened: 12; the settlement in its lists and among the due: 3; the payment is due no more: 1; the order's due moment moves: 2; looks for parked followers",
    ),
    "refund a part of a payment": Floor(1, 1, 6, "payment, order, entry"),
    "acquirer: chargeback.opened": Floor(
        2, 1, 10, "payment, order, entry, what happened: 8; the order's due moment moves: 2; looks for parked followers"
    ),
    "acquirer: chargeback.won": Floor(
        2, 1, 10, "payment, order, entry, what happened: 8; the order's due moment moves: 2; looks for parked followers"
    ),
    "sweep: a settlement is instructed": Floor(
        5,
        1,
        9,
        "settlement, order, entry: 6; moves among those of a status: 2; it is due no more: 1; looks at settlement and order before and after, and whether the membership freezes payouts",
    ),
    "acquirer: settlement.paid": Floor(
        2, 1, 8, "instruction, entry, the reference: 6; no more among the open and the due: 2; whose attempt"
    ),
    "cancel a card or wallet payment": Floor(1, 1, 5, "payment, entry: 4; it is due no more: 1"),
}
_STORED: Final = (
    "a deposit is kept as it is read by millions, as plain JSON: with its rules and days it is above a kilobyte"
)
CONSUMERS: Final[dict[str, Floor]] = {
    "stream: ledger.books": Floor(
        1,
        6,
        32,
        "the entry's place in its chain: 1, twice that where it moves money; a line of each account and month, its totals and codes, twice as dear where they share a transaction: a settlement moves most",
    ),
    "stream: orders.day-book": Floor(
        4, 1, 6, "the trade, a month's page of two months: 6; looks at order, facts, trade and pages"
    ),
    "stream: claims.follow": Floor(
        3, 1, 4, "the claim in the day-book, a month's page: 4; looks at both and at the order"
    ),
    "stream: acquiring.follow": Floor(
        8,
        1,
        7,
        "settlement, entry: 4; moves among those of a status: 2; it is due no more: 1; looks at order, payments and reference, and at each again to write it",
    ),
    "stream: deposits.follow": Floor(1, 1, 6, "deposit, entry: 4; its due moment moves: 2"),
    "stream: channels.follow": Floor(1, 1, 6, "who is told of the entry, the days of the channel and of one in it"),
    "stream: firms.follow": Floor(0, 0, 0, "nothing: the file goes from the bucket"),
    "stream: groups.follow": Floor(
        4, 1, 4, "group, entry; looks at its place, the group, its firms, and again to write"
    ),
    "stream: listings.follow": Floor(
        3,
        1,
        15,
        "listing of more than a kilobyte, entry: 6; moves among those of a status: 2; its cards leave the catalogue's shelves or come back: 7; looks at membership and listing",
    ),
    "stream: loans.follow": Floor(1, 1, 4, "what the loan's group hears of it, entry; or what the loan has come to: 1"),
    "stream: guarantees.follow": Floor(
        13,
        3,
        8,
        "group, position, entry: 6; what two firms have come to: 2; looks at the loan, the group and its firms",
    ),
    "stream: monitoring.follow": Floor(
        18,
        2,
        4,
        "the baseline: 1; the watch, its places among those of its firm and of its part: 3; of a loan's first: looks at its firm's profile, consents and days, and at what was heard of every day since",
    ),
    "stream: conduct.follow": Floor(
        3, 1, 7, "incentive, entry: 4; the firm's, standing and due: 3; looks at the loan and what was earned"
    ),
    "stream: banks.instruct": Floor(2, 1, 7, _CREATED),
    "stream: reconciliation.follow": Floor(
        12,
        6,
        34,
        "of each of six differences: item, entry: 4; its status: 1, or its due moment: 2; looks at each loan and item",
    ),
    "stream: banks.tell": Floor(3, 3, 12, "of each of three banks: its feed, entry: 4"),
    "stream: office.work": Floor(
        2, 1, 3, "the work: 1; in the list of its duty, among the due: 2; looks at the thing and the work"
    ),
    "stream: office.search": Floor(2, 1, 9, "nine terms of a listing in three languages; looks at the thing"),
    "stream: office.entries": Floor(
        0, 1, 3, "who acted: 1; by which request: 1; the thing it is about, which few are: 1"
    ),
    "stream: office.reports": Floor(0, 1, 8, "the mark of the entry, three counters: 8"),
    "stream: office.bank-events": Floor(3, 2, 6, "two terms: 2; the mark of the event, a counter: 4"),
    "stream: deposits.days": Floor(2, 1, 1, "the deposit; looks at its days", (0, 1), _STORED),
    "stream: monitoring.days": Floor(5, 1, 1, "the watch; looks at it, its loan and a quarter of days"),
}
FLOORS: Final[dict[str, Floor]] = (
    ORDERS
    | CLAIMS
    | MONEY
    | WEBHOOKS
    | INBOX
    | DEPOSITS
    | REST
    | CASES
    | CREDIT
    | FIRMS
    | GROUPS
    | EXPORTS
    | CHANNELS
    | LISTINGS
    | CARDS
    | LENDING
    | SERVICING
    | GROUPED
    | CALLING
    | SETTLING
    | SEALING
    | APPLICATIONS
    | CONSUMERS
)

_FILED: Final = ("open a claim", "offer")
_PAID: Final = (
    "stream: claim payable, banks are instructed",
    "stream: an instruction is sent",
    "bank: refund settled",
    "stream: refund settled, the claim is paid",
)
_FILE: Final = ("evidence: announce", "evidence: a file arrives", "evidence: submit")
STORIES: Final[dict[str, tuple[str, ...]]] = {
    "a happy order with one payment": (
        "propose an order",
        "accept, reserving cover",
        "bank: payment received",
        "ship",
        "deliver",
        "receive",
        "complete, releasing cover",
    ),
    "a claim settled by the parties": (*_FILED, "offer", "accept an offer: refund", *_PAID),
    "a claim decided, with two files": (
        *_FILED,
        "escalate",
        "open evidence",
        *_FILE,
        *_FILE,
        "complete evidence",
        "complete evidence",
        "determine",
        "clock: no appeal, the decision is carried out",
        *_PAID,
    ),
}
"""Whole stories, of which the worst request of each command is counted together."""
WHOLE: Final[dict[str, int]] = {
    "one order by itself": 133,
    "14 orders at a time": 102,
    "one order by wallet by itself": 286,
    "14 orders by wallet at a time": 228,
}
"""Write units of an order with everything it causes, by how orders go: see decision 0182."""
