"""Work is called by what is to be done: a sentence in every language for every deadline that may be an officer's, and for all that waits without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from chalicelib.office.rules.task import APPEAL, NEXT_TRY, OFFICERS, REDRIVE, REJECTED_ROWS, waiting_names
from chalicelib.office.rules.things import THINGS, WORK
from chalicelib.office.rules.titles import TITLES, title_of
from chalicelib.registry import MACHINES
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.texts import in_language

WITHOUT_A_MACHINE = {
    ("supplier", APPEAL),
    ("run", REDRIVE),
    ("import", REDRIVE),
    ("import", REJECTED_ROWS),
    ("dead_letter", NEXT_TRY),
}


def awaited() -> Iterator[tuple[str, str]]:
    """Every deadline of a kind of work that is an officer's, or may be; and every action that waits for one."""
    for machine in MACHINES:
        rules = machine.rules
        for timer in rules.timers if rules else ():
            if rules and rules.table.kind in WORK and (callable(timer.owner) or timer.owner in OFFICERS):
                yield rules.table.kind, timer.name
    yield from ((thing.kind, name) for thing in THINGS.values() for name in thing.awaits)


def test_everything_that_may_wait_for_an_officer_has_a_title_and_nothing_else_has() -> None:
    assert TITLES.keys() == {*awaited()} | WITHOUT_A_MACHINE
    assert {name for _, name in TITLES} >= waiting_names()


@pytest.mark.parametrize("of", sorted(TITLES), ids=":".join)
def test_a_title_is_a_sentence_of_people_in_every_language(of: tuple[str, str]) -> None:
    said = [in_language(title_of(*of), language) for language in OFFERED]
    assert len(set(said)) == len(OFFERED)
    assert not [each for each in said if re.search("[:_{}`]", each)]
    assert all(
        re.search("[가-힣]" if language == "ko" else "[一-鿿]", text)
        for language, text in zip(OFFERED[1:], said[1:], strict=True)
    )


def test_no_two_kinds_of_work_are_called_alike() -> None:
    for language in OFFERED:
        assert len({in_language(title, language) for title in TITLES.values()}) == len(TITLES)


def test_the_deadline_of_a_seat_is_called_as_that_of_the_others_and_one_that_is_none_any_more_by_both_words() -> None:
    assert title_of("guarantee_call", "decision_3") == TITLES["guarantee_call", "decision"]
    assert str(title_of("claim", "answer_to_all")) == "claim: answer to all"
