"""Several calls of one group under random debtors, guarantors, officers and banks: facts that are lost for a while, come twice, late, out of order.

After every round in which all that is known was taken in: what is due, paid and short adds up to what is owed; nobody is asked above its cap
over all calls; nothing is collected twice; every call waits for somebody, until a time; and in the end every call ends.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

import pytest

from chalicelib.groups.rules.joint_liability import LiabilityMode, recompute_all
from chalicelib.guarantees.rules.call import ENDS
from chalicelib.guarantees.rules.call_timers import MACHINE
from chalicelib.shared.errors import DomainError
from tests.guarantees.calling import NOW, SEATS, Calling
from tests.size import at_size

LETTERS: Final = "CDEF"
OFFICERS: Final = ("ann", "bob", "cid", "dan")
MODES: Final[tuple[LiabilityMode, ...]] = ("joint_capped", "joint_capped", "joint_cascade", "several")


class Group:
    """A and B are debtors, C to F stand for both; each may default or fail, object, pay too little, too much, or what the bank takes back."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.mode = chance.choice(MODES)
        self.limits = {letter: chance.choice((0, 1, 50_000, 100_000, 300_000)) for letter in LETTERS}
        self.caps = {letter: chance.randint(0, 200_000) for letter in LETTERS if chance.random() < 0.5}
        self.now: datetime = NOW
        self.calls: list[Calling] = []
        self.open()

    def open(self) -> None:
        earlier = tuple(each.call.takes for each in self.calls)
        number = len(self.calls) + 1
        self.calls.append(
            Calling(
                self.chance.choice((1, 2, 999, 100_001, 400_000)),
                self.limits,
                self.caps,
                mode=self.mode,
                number=number,
                now=self.now,
                earlier=earlier,
            )
        )

    def step(self) -> None:
        """Something happens to one of the calls, and whoever follows may hear of it or not."""
        calling = self.chance.choice(self.calls)
        calling.now = self.now
        happens = self.chance.choice(
            (self._pay, self._pay, self._take_back, self._debtor, self._default, self._people, self._people, self._bank)
        )
        try:
            happens(calling)
        except DomainError:
            return
        if self.chance.random() < 0.5:
            calling.recompute()

    def pass_time(self) -> None:
        self.now += timedelta(days=self.chance.choice((0, 0, 1, 3, 8, 20)), hours=self.chance.randint(0, 23))
        for calling in self.calls:
            calling.run(self.now)

    def settle(self) -> None:
        """Everybody hears of everything, in any order and more than once, until nothing changes."""
        for _ in range(4 + len(self.calls)):
            for place in self.chance.sample(range(len(self.calls)), len(self.calls)):
                calling = self.calls[place]
                calling.earlier = tuple(each.call.takes for each in self.calls[:place])
                calling.later = tuple(each.call.paid for each in self.calls[place + 1 :])
                calling.now = self.now
                calling.recompute()

    def _pay(self, calling: Calling) -> None:
        letter = self.chance.choice(LETTERS)
        due = calling.share(letter).due_minor
        minor = self.chance.choice((due, due // 2, due + 7, self.chance.randint(1, 300_000)))
        calling.paid[letter] = calling.paid.get(letter, 0) + max(1, minor)

    def _take_back(self, calling: Calling) -> None:
        letter = self.chance.choice(LETTERS)
        paid, refund = calling.paid.get(letter, 0), calling.share(letter).refund_minor
        calling.paid[letter] = paid - min(paid, refund or self.chance.choice((0, 0, paid)))

    def _debtor(self, calling: Calling) -> None:
        calling.owed += self.chance.choice((-150_000, -1, -60_000, 300, 1_001))

    def _default(self, calling: Calling) -> None:
        if self.chance.random() < 0.2:
            letter = self.chance.choice(LETTERS)
            for each in self.calls:
                each.in_default = each.in_default ^ {letter}

    def _people(self, calling: Calling) -> None:
        officer, letter = self.chance.choice(OFFICERS), self.chance.choice(LETTERS)
        objection = calling.share(letter).open_objection
        match self.chance.randint(0, 4):
            case 0 if calling.call.status == "opened":
                calling.notice(*self.chance.sample(OFFICERS, 2))
            case 1 if calling.call.status in ("noticed", "partly_paid"):
                calling.object_to(letter)
            case 2 if objection and calling.call.status in ("noticed", "partly_paid"):
                calling.decide(objection.id, self.chance.choice(("upheld", "dismissed")), officer)
            case 3 if calling.share(letter).status == "overdue":
                calling.fail_now(letter, officer)
            case _:
                self.pass_time()

    def _bank(self, calling: Calling) -> None:
        match self.chance.randint(0, 9):
            case 0 if len(self.calls) < 3:
                self.open()
            case 1:
                calling.recompute(is_withdrawn=True)
                del calling.flags["is_withdrawn"]
            case 2 if calling.call.status == "paid":
                calling.flags["is_confirmed"] = True


@pytest.mark.parametrize("seed", range(at_size(300, 60)))
def test_after_each_round_everything_adds_up_and_in_the_end_every_call_ends(seed: int) -> None:
    group = Group(seed)
    for _ in range(group.chance.randint(3, 25)):
        for _ in range(group.chance.randint(1, 4)):
            group.step()
        group.settle()
        assert_everything_holds(group)
    for _ in range(60):
        group.now += timedelta(days=25)
        for calling in group.calls:
            calling.run(group.now)
        group.settle()
        assert_everything_holds(group)
    assert {calling.call.status for calling in group.calls} == ENDS


def assert_everything_holds(group: Group) -> None:
    of_all = recompute_all([calling.call.engine for calling in group.calls], caps_of(group))
    for calling, shares in zip(group.calls, of_all, strict=True):
        call = calling.call
        net, paid = call.net_minor, call.paid_minor
        assert call.due_minor + call.shortfall_minor + min(paid, net) == net
        assert call.refund_minor == max(0, paid - net)
        assert {share.seat: share.due_minor for share in call.shares if share.due_minor} == shares.bank_due
        assert call.shortfall_minor == shares.shortfall
        for share in call.shares:
            assert share.due_minor >= 0
            assert share.refund_minor <= share.paid_minor
            if call.noticed_at:
                assert max(0, share.noticed_minor - share.paid_minor) == share.due_minor
            if share.due_minor and share.room_minor is not None and group.mode != "joint_cascade":
                assert share.paid_minor + share.due_minor <= share.room_minor
        version = call.version
        assert calling.recompute().version == version
        waiting = MACHINE.deadlines(call, calling.context)
        assert call.status in ENDS or any(each.by_clock and each.owner for each in waiting)


def caps_of(group: Group) -> dict[int, int]:
    return {SEATS[letter]: cap for letter, cap in group.caps.items()}
