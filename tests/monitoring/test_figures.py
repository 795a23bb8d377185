"""The figures of a rule say on every day of invented firms what the rule finds: a picture shows what is judged, and the timeline what was written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.monitoring.rules.figures import Figure, figures_of
from chalicelib.monitoring.rules.finding import OF_LOANS, Level
from chalicelib.monitoring.rules.history import History, freeze
from chalicelib.monitoring.rules.judging import judge
from tests.monitoring import inventing, oracle
from tests.monitoring.watched import DAY, Watched, bank, lender, watched
from tests.monitoring.watching import POLICY, baseline, day, facts
from tests.world import token

__all__ = ["bank", "lender", "watched"]

DRAWN = date(2025, 8, 20)
LAST = DRAWN + timedelta(days=120)


def reaches(figure: Figure, limit: int | None) -> bool:
    return limit is not None and (figure.value >= limit if figure.worse == "higher" else figure.value <= limit)


def level_of(figures: tuple[Figure, ...]) -> Level | None:
    """What a rule finds by its figures. Of the slow decline both have to signal for red: the second one is amber by nothing."""
    if figures and figures[0].name == "ewma_milli":
        ewma, cusum = figures
        return ("red" if reaches(cusum, cusum.red) else "amber") if reaches(ewma, ewma.amber) else None
    if any(reaches(figure, figure.red) for figure in figures):
        return "red"
    return "amber" if any(reaches(figure, figure.amber) for figure in figures) else None


def is_close(figures: tuple[Figure, ...]) -> bool:
    """Whether what is rounded to thousandths may fall on either side."""
    return any(
        figure.name.endswith("_milli") and limit is not None and abs(figure.value - limit) <= 1
        for figure in figures
        for limit in (figure.amber, figure.red)
    )


@pytest.mark.parametrize("seed", range(12))
def test_figures_reach_their_limits_on_the_days_on_which_their_rule_finds_something(seed: int) -> None:
    firm = inventing.firm(seed, DRAWN, LAST)
    almanac, history = inventing.almanac(firm, LAST), History(inventing.figures(firm), inventing.lacking(firm))
    usual = freeze(history, almanac.day(DRAWN - timedelta(days=1)), firm.known_from, POLICY, uses_api=firm.uses_api)
    for on in oracle.span(DRAWN, LAST):
        known, today = inventing.facts(firm, history, almanac, on), almanac.day(on)
        judgement = judge(known, usual, POLICY, today)
        findings = {finding.rule: finding.level for finding in judgement.findings}
        for rule in OF_LOANS:
            if rule not in judgement.not_judged:
                figures = figures_of(rule, known, usual, POLICY, today)
                assert level_of(figures) == findings.get(rule) or is_close(figures), (rule, on, figures)


def test_a_silence_is_red_from_the_day_on_which_it_is_too_rare() -> None:
    [figure] = figures_of("login_silence", facts(), baseline(7), POLICY, day())
    assert (figure.usual, figure.amber, figure.red) == (7, 14, 21), "three intervals come before the thirty of 1 %"
    [figure] = figures_of("login_silence", facts(), baseline(2), POLICY, day())
    assert (figure.amber, figure.red) == (4, 6), "seven would be 1 %"


def test_the_days_of_an_alert_are_shown_with_what_was_usual_and_from_when_on_it_is_one(watched: Watched) -> None:
    """M1: a login every second day, none since the draw. A day that the feed has not told of is no point."""
    for number in range(7):
        watched.night(watched.watch.drawn_on + number * DAY, is_complete=number != 6)
    [alert] = [each for each in watched.alerts() if each.rule == "login_silence"]
    path = f"/v1/alerts/{alert.id}/figures"
    officer = watched.lender.bank.officer
    shown = watched.api.get(path, officer)
    assert (shown.status, shown["rule"], shown["from"]) == (200, "login_silence", str(watched.watch.drawn_on))
    [series] = shown["series"]
    values = [(point["value"], point["usual"], point["amber"], point["red"]) for point in series["points"]]
    assert (series["name"], values[-2:]) == ("silent_days", [(4, 2, 4, 6), (5, 2, 4, 6)])
    assert shown["not_judged"] == [{"on": str(watched.watch.drawn_on + 6 * DAY), "why": "data_lack"}]
    assert watched.api.get(path, token("bank", "cmb")).status == 404
    assert watched.api.get(path, token("member", "mem_00000000000000000000000000")).status == 404
    watched.logs_in(*(watched.watch.drawn_on + number * DAY for number in range(7, 30)))
    watched.night(watched.watch.drawn_on + 20 * DAY, at_once=True)
    closed = watched.api.get(path, officer)
    assert closed["series"][0]["points"][: len(values)] == series["points"]
    assert (closed["to"], closed["series"][0]["points"][-1]["value"]) == (str(watched.watch.drawn_on + 9 * DAY), 0)


def test_what_is_due_and_not_written_yet_has_no_entry_in_a_timeline(watched: Watched) -> None:
    """The alert is a supervisor's by now, which nobody has written: its only entry stands in the timeline once."""
    for number in range(5):
        watched.night(watched.watch.drawn_on + number * DAY)
    [alert] = watched.alerts()
    watched.time.at += 10 * DAY
    officer = watched.lender.bank.officer
    assert watched.api.get(f"/v1/alerts/{alert.id}", officer)["status"] == "escalated"
    timeline = watched.api.get(f"/v1/alerts/{alert.id}/timeline", officer)
    assert ([entry["kind"] for entry in timeline["items"]], timeline["next_cursor"]) == (["alert.raised"], None)


def test_groups_and_feeds_have_no_figures_of_days() -> None:
    assert figures_of("group", facts(), baseline(), POLICY, day()) == ()
