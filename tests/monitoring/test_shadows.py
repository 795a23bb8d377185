"""Rules tried out over the past through the API: a run, its report and its files, and nobody alarmed by it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.service import shadow_runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.shared import files
from chalicelib.shared.periods import start_of
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, watched
from tests.stopping import try_every_stop
from tests.world import Reply, token

__all__ = ["bank", "lender", "watched"]
OFFICER = token("officer", "off_1", "risk")
LAST = DRAWN + 19 * DAY
LATER = {"silence": {"amber_intervals": 5, "red_intervals": 50, "red_p_ppm": 0}}


def try_out(world: Watched, changed: dict[str, object] | None = None, key: str | None = None) -> Reply:
    body = {"from": "2026-03-02", "until": LAST.isoformat(), "changes": LATER} | (changed or {})
    return world.lender.api.post("/v1/monitoring-shadows", body, OFFICER, key=key)


@pytest.fixture
def silent(watched: Watched) -> Watched:
    """Logs in on the day of the draw and on the twelfth day after it: silent for eleven days in between, with a usual gap of two."""
    watched.logs_in(DRAWN, DRAWN + 12 * DAY, DRAWN + 14 * DAY, DRAWN + 16 * DAY, DRAWN + 18 * DAY)
    watched.told(LAST)
    watched.time.at = start_of(LAST + DAY) + timedelta(hours=3)
    return watched


def test_what_another_version_would_have_found_stands_beside_what_is_found(silent: Watched) -> None:
    begun = try_out(silent)
    assert begun.status == 201
    assert (begun["status"], begun["report"], begun["rules"]["silence"]["amber_intervals"]) == ("running", None, 5)
    silent.pump()
    shown = silent.lender.api.get(f"/v1/monitoring-shadows/{begun['id']}", OFFICER)
    assert (shown["status"], shown["shards_done"], shown["report"]["loans"]) == ("done", shadow_runs.SHARDS, 1)
    [silence] = [rule for rule in shown["report"]["rules"] if rule["rule"] == "login_silence"]
    assert (silence["in_force"]["amber"], silence["in_force"]["red"]) == (0, 1)
    assert (silence["shadow"]["amber"], silence["shadow"]["red"]) == (1, 0)
    march = {"alarms": 1, "right": 0, "wrong": 0, "open": 1, "precision_bp": None}
    assert silence["shadow"]["months"] == {"2026-03": march}
    [difference] = shown["report"]["differences"]
    assert (difference["loan_id"], difference["member_id"]) == (silent.loan, silent.firm)
    first = DRAWN + 4 * DAY, DRAWN + 10 * DAY
    assert (difference["first_in_force"], difference["first_in_shadow"]) == tuple(day.isoformat() for day in first)
    assert silent.alerts() == [], "nobody hears of it"


def test_a_run_leaves_its_rates_loans_and_plots_in_files(silent: Watched) -> None:
    shadow_id = try_out(silent)["id"]
    silent.pump()
    shown = silent.lender.api.get(f"/v1/monitoring-shadows/{shadow_id}", OFFICER)
    assert [link["name"] for link in shown["files"]] == ["rules.csv", "loans.csv", "alarms.svg"]
    rates, loans = (
        list(csv.DictReader(io.StringIO(files.read(f"runs/{shadow_id}/{name}.csv").decode())))
        for name in ("rules", "loans")
    )
    of_silence = [(row["version"], row["month"], row["alarms"]) for row in rates if row["rule"] == "login_silence"]
    months = ("", "2026-03")
    assert of_silence == [(version, month, "1") for version in ("in_force", "shadow") for month in months]
    assert [(row["loan_id"], row["rule"], row["shadow"]) for row in loans] == [(silent.loan, "login_silence", "1")]
    picture = ElementTree.fromstring(files.read(f"runs/{shadow_id}/alarms.svg"))
    assert "login silence, in force: 1 alarms (2026-03 1); shadow: 1 alarms (2026-03 1)." in "".join(picture.itertext())


def test_it_is_asked_for_twice_and_run_once(silent: Watched) -> None:
    first, again = try_out(silent, key="s"), try_out(silent, key="s")
    assert (again.body, again.status) == (first.body, 201)


def test_a_version_that_was_announced_is_tried_out_as_it_is(silent: Watched) -> None:
    shadow_id = try_out(silent, {"version": "2026.1", "changes": {}})["id"]
    silent.pump()
    report = silent.lender.api.get(f"/v1/monitoring-shadows/{shadow_id}", OFFICER)["report"]
    assert (report["loans"], report["changed"]) == (1, 0)
    assert all(rule["in_force"] == rule["shadow"] for rule in report["rules"])


def test_a_part_that_dies_anywhere_comes_to_the_same_report(silent: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_runs, "SHARDS", 1)
    whole, dying = try_out(silent, key="whole")["id"], try_out(silent, key="dies")["id"]
    work_on(Shard(whole, 1), consumers.JOBS)
    try_every_stop("shadow", lambda: work_on(Shard(dying, 1), consumers.JOBS), silent.time)
    reports = [silent.lender.api.get(f"/v1/monitoring-shadows/{each}", OFFICER)["report"] for each in (whole, dying)]
    assert reports[0] == reports[1]
    assert (reports[0]["loans"], reports[0]["changed"]) == (1, 1)


def test_who_consents_no_more_is_left_out(silent: Watched) -> None:
    watch = silent.watch
    assert watches.save(replace(watch, consents=False, version=watch.version + 1))
    shadow_id = try_out(silent)["id"]
    silent.pump()
    shown = silent.lender.api.get(f"/v1/monitoring-shadows/{shadow_id}", OFFICER)
    assert (shown["report"]["loans"], shown["report"]["differences"]) == (0, [])


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"until": "2026-03-22"}, "bad_shadow_window", "until"),
        ({"from": "2026-03-22"}, "bad_shadow_window", "until"),
        ({"from": "2025-03-01"}, "bad_shadow_window", "until"),
        ({"changes": {"silence": {"amber_interval": 3}}}, "rules_incomplete", "changes.silence.amber_interval"),
        ({"changes": {"silence": None}}, "rules_incomplete", "changes.silence"),
        ({"changes": {"trade": {"amber_bp": 10_001}}}, "rules_incomplete", "changes.trade.amber_bp"),
        ({"version": "2099.1"}, "rules_incomplete", "version"),
        ({"changes": {"calendar": "DE"}}, "rules_incomplete", "changes.calendar"),
    ],
)
def test_only_rules_over_days_that_are_over_are_tried_out(
    silent: Watched, changed: dict[str, object], code: str, param: str
) -> None:
    reply = try_out(silent, changed)
    assert (reply.status, reply["code"], reply["param"]) == (422, code, param)


def test_another_run_is_no_shadow(silent: Watched) -> None:
    run = silent.night(LAST)
    assert silent.lender.api.get(f"/v1/monitoring-shadows/{run.id}", OFFICER).status == 404
    assert silent.lender.api.get("/v1/monitoring-shadows/run_1", OFFICER).status == 404
