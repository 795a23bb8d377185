"""The state machine of claims, row by row: what each side may do in each state, what comes of it, and what nobody may."""

from __future__ import annotations

from itertools import product
from typing import Final, get_args

import pytest

from chalicelib.claims.rules import cases
from chalicelib.claims.rules.appealing import NewEvidenceNeeded
from chalicelib.claims.rules.claim import ENDS, Status
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import TABLE, Actor, NotInThisState
from tests.claims.playing import ACTS, KEPT_BACK, STAGES

ACTORS: Final[tuple[Actor, ...]] = get_args(Actor)
ACTIONS: Final = tuple(dict.fromkeys(each.name for each in TABLE.transitions if each.actors & set(ACTORS)))
PARTIES: Final = ("buyer", "supplier")

DESK: Final = {"assign", "recuse"}
TALKS: Final = {"offer", "settle", "add-evidence"}
MAY: Final[dict[str, dict[str, set[str]]]] = {
    "negotiating": {"buyer": TALKS | {"edit", "withdraw"}, "supplier": TALKS},
    "negotiating, with offers": {
        "buyer": TALKS | {"accept-offer", "decline-offer", "withdraw"},
        "supplier": TALKS | {"accept-offer", "decline-offer"},
    },
    "negotiating, on day 4": {"buyer": TALKS | {"edit", "escalate", "withdraw"}, "supplier": TALKS | {"escalate"}},
    "agreed on a return": {"buyer": {"ship-return"}},
    "agreed, goods under way": {"supplier": {"acknowledge-return"}},
    "agreed on a replacement": {"buyer": {"escalate", "confirm-remedy"}, "supplier": {"confirm-remedy"}},
    "escalated": {
        "buyer": {"withdraw", "settle", "add-evidence"},
        "supplier": {"settle", "add-evidence"},
        "officer": DESK | {"open-evidence"},
    },
    "evidence": {
        "buyer": {"withdraw", "settle", "add-evidence", "complete-evidence"},
        "supplier": {"settle", "add-evidence", "complete-evidence"},
        "officer": DESK | {"inspection"},
    },
    "inspection": {
        "buyer": {"withdraw", "settle", "add-evidence"},
        "supplier": {"settle", "add-evidence"},
        "officer": DESK,
    },
    "inspection, paid": {
        "buyer": {"withdraw", "settle", "add-evidence"},
        "supplier": {"settle", "add-evidence"},
        "officer": DESK | {"inspection-report"},
    },
    "inspection, overdue": {
        "buyer": {"withdraw", "settle"},
        "supplier": {"settle"},
        "officer": DESK | {"inspection"},
    },
    "review": {"buyer": {"withdraw", "settle"}, "supplier": {"settle"}, "officer": DESK | {"determine"}},
    "determined": {"buyer": {"add-evidence", "appeal"}, "supplier": {"add-evidence", "appeal"}},
    "determined, with new evidence": {"buyer": {"add-evidence", "appeal"}, "supplier": {"add-evidence", "appeal"}},
    "appealed by the supplier": {"buyer": {"add-evidence", "appeal"}, "officer": DESK | {"decide-appeal"}},
    "appealed by the supplier, conceding a part": {
        "buyer": {"add-evidence", "appeal"},
        "officer": DESK | {"decide-appeal"},
    },
    "appealed by the buyer alone, undisputed": {"officer": DESK | {"decide-appeal"}},
    "appealed by the buyer": {"supplier": {"add-evidence", "appeal"}, "officer": DESK | {"decide-appeal"}},
}
for status in KEPT_BACK:
    base = MAY["agreed on a return" if status == "agreed" else status]
    MAY[f"{status}, goods kept back"] = base | {"buyer": base["buyer"] | {"agree-to-shipment"}}
"""By stage and actor; what is not here is not drawn."""

TO: Final[dict[tuple[str, str], Status]] = {
    ("accept-offer", "negotiating"): "payable",
    ("escalate", "negotiating"): "escalated",
    ("escalate", "agreed"): "escalated",
    ("acknowledge-return", "agreed"): "payable",
    ("appeal", "determined"): "appealed",
    ("open-evidence", "escalated"): "evidence",
    ("inspection", "evidence"): "inspection",
    ("inspection-report", "inspection"): "review",
    ("determine", "review"): "determined",
    ("decide-appeal", "appealed"): "payable",
    **{
        ("withdraw", source): "withdrawn" for source in ("negotiating", "escalated", "evidence", "inspection", "review")
    },
}
"""Where a move leads from a state; the others stay there."""

WITHOUT_NEW_EVIDENCE: Final = ("determined", "appeal")
"""Drawn, and refused for another reason: the next stage has the evidence."""


def status_of(stage: str) -> str:
    return stage.split()[0].rstrip(",")


@pytest.mark.parametrize(("stage", "who"), list(product(STAGES, ACTORS)))
def test_each_may_do_what_is_drawn_and_nothing_else(stage: str, who: Actor) -> None:
    play, may = STAGES[stage](), MAY.get(stage, {}).get(who, set())
    assert play.claim.status == status_of(stage)
    assert set(TABLE.allowed(play.claim, who, play.context, play.now)) == may
    for action in set(ACTIONS) - may:
        with pytest.raises(NotInThisState) as raised:
            TABLE.require(action, play.claim, who, play.context, play.now)
        assert set(raised.value.numbers["allowed_actions"]) == may
        assert raised.value.numbers["claim_status"] == play.claim.status


DRAWN: Final = [(stage, who, action) for stage, by in MAY.items() for who, may in by.items() for action in sorted(may)]


@pytest.mark.parametrize(
    ("stage", "who", "action"), [drawn for drawn in DRAWN if (drawn[0], drawn[2]) != WITHOUT_NEW_EVIDENCE]
)
def test_what_is_drawn_leads_where_it_is_drawn_to(stage: str, who: Actor, action: str) -> None:
    play = STAGES[stage]()
    was = play.claim
    change = ACTS[action](play, who)
    assert change.state.status == TO.get((action, was.status), was.status)
    assert change.state.version == was.version + 1
    assert change.event.payload["from"] == was.status
    assert change.event.payload["to"] == change.state.status


def test_an_appeal_without_new_evidence_is_refused_by_its_own_name() -> None:
    with pytest.raises(NewEvidenceNeeded):
        ACTS["appeal"](STAGES["determined"](), "buyer")


@pytest.mark.parametrize("action", ACTIONS)
def test_every_row_is_drawn_from_each_of_its_states_for_each_of_its_actors(action: str) -> None:
    drawn = {(status_of(stage), who) for stage, who, name in DRAWN if name == action}
    rows = [each for each in TABLE.transitions if each.name == action]
    assert drawn == {(source, who) for row in rows for source in row.sources for who in row.actors & set(ACTORS)}


def test_a_supplier_that_agrees_has_answered() -> None:
    """Its goods come back damaged, and an officer is called: nobody was silent."""
    play = STAGES["negotiating"]()
    play.act("offer", "buyer", kind="return_and_refund", minor=100_000)
    play.act("accept-offer", "supplier")
    play.act("ship-return", "buyer")
    play.act("acknowledge-return", "supplier", condition="damaged")
    assert play.claim.status == "escalated"
    assert not cases.case_of(play.claim, play.context).supplier_silent


def test_every_state_has_a_stage_here() -> None:
    assert {status_of(stage) for stage in STAGES} == set(get_args(Status))


@pytest.mark.parametrize("stage", STAGES)
def test_every_state_that_is_no_end_has_a_deadline_with_owner_and_default(stage: str) -> None:
    play = STAGES[stage]()
    running = MACHINE.deadlines(play.claim, play.context)
    if play.claim.status in ENDS:
        assert (running, play.due_at(play.claim.id), play.order.holds) == ([], None, 0)
        return
    assert all(deadline.owner in (*PARTIES, "both", "officer", "inspector", "bank") for deadline in running)
    assert all(deadline.default_outcome and deadline.due_at > play.now for deadline in running)
    due = next(deadline for deadline in running if deadline.by_clock)
    assert play.due_at(play.claim.id) == due.due_at
    change = play.due_step(due.due_at)
    assert change is not None
    assert change.at == due.due_at


@pytest.mark.parametrize("stage", STAGES)
def test_left_alone_every_claim_comes_to_an_end_or_waits_for_a_bank(stage: str) -> None:
    play = STAGES[stage]()
    play.later(days=365)
    assert play.claim.status in ENDS | {"payable"}
    at = [change.at for change in play.changes]
    assert at == sorted(at)
