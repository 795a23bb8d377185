"""What rings: every signal of the application, every dead-letter queue, every consumer of a stream."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.banks.rules.transitions import ALARMS as INSTRUCTIONS
from chalicelib.shared import observe
from chalicelib.shared.settings import settings
from infra import templates

ROOT = Path(__file__).parents[2]
ALARMS: dict[str, Any] = templates.read(ROOT / "infra" / "alarms.yaml")["Resources"]
TABLES: dict[str, Any] = templates.read(ROOT / "infra" / "tables.yaml")
NO_ALARM = {"JobRan", "Served", "Refused", "BankEventReceived", "NoticeDelivered", "NoticeNotTaken"}
"""Counters of what is as it should be; JobRan rings when it is not counted."""


def each_of(loop: str) -> set[str]:
    return set(ALARMS[f"Fn::ForEach::{loop}"][1])


def test_everything_the_application_counts_as_wrong_rings() -> None:
    sources = "\n".join(file.read_text() for file in (ROOT / "chalicelib").rglob("*.py"))
    counted = set(re.findall(r'(?:count\(\s*|metric=)"([A-Z]\w+)"', sources)) - NO_ALARM | INSTRUCTIONS
    assert counted == each_of("Signals")


def test_every_alarm_has_its_heading_in_the_runbook_and_every_heading_its_alarm() -> None:
    rings = (ROOT / "docs" / "runbook.md").read_text().partition("\n## What rings\n")[2].partition("\n## ")[0]
    headings = re.findall(r"(?m)^### (\w+)$", rings)
    loops = {name: told for name, told in ALARMS.items() if name.startswith("Fn::ForEach::")}
    alone = {name for name in ALARMS if name not in loops}
    by_subject = {next(iter(told[2])).partition("$")[0] for name, told in loops.items() if not name.endswith("Signals")}
    assert sorted(headings) == sorted(alone | by_subject | each_of("Signals"))


def _alarms() -> list[dict[str, Any]]:
    loops = (next(iter(told[2].values())) for name, told in ALARMS.items() if name.startswith("Fn::ForEach::"))
    return [*loops, *(told for name, told in ALARMS.items() if not name.startswith("Fn::ForEach::"))]


def test_every_alarm_is_about_one_stage_and_reaches_somebody() -> None:
    for alarm in _alarms():
        told = alarm["Properties"]
        assert "Stage" in str(told["Dimensions"]), told["AlarmDescription"]
        assert told["AlarmActions"] == [{"Ref": "Topic"}]


def test_what_the_application_counts_bears_the_stage_that_alarms_ask_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
    observe.count("JobFailed")
    observe.flush()
    content = json.loads(capsys.readouterr().out)
    [directive] = content["_aws"]["CloudWatchMetrics"]
    asked = {each["Name"] for each in _signal()["Properties"]["Dimensions"]}
    assert set(directive["Dimensions"][0]) == asked == {"service", "stage"}
    assert (directive["Namespace"], content["stage"]) == (_signal()["Properties"]["Namespace"], settings().stage)


def _signal() -> dict[str, Any]:
    found: dict[str, Any] = next(iter(ALARMS["Fn::ForEach::Signals"][2].values()))
    return found


def test_every_dead_letter_queue_rings() -> None:
    names = {
        told["Properties"]["QueueName"]["Fn::Sub"]
        for told in TABLES["Resources"].values()
        if told["Type"] == "AWS::SQS::Queue"
    }
    assert {f"surety-${{Stage}}-{queue}-dead" for queue in each_of("DeadLetters")} == {
        name for name in names if name.endswith("-dead")
    }


def test_every_consumer_of_a_stream_rings_when_it_is_late(template: dict[str, Any]) -> None:
    consumers = {
        name
        for name, told in template["Resources"].items()
        for source in told.get("Properties", {}).get("Events", {}).values()
        if source["Type"] == "DynamoDB"
    }
    assert each_of("Lags") == consumers
    exported = {told["Export"]["Name"]["Fn::Sub"] for told in template["Outputs"].values() if "Export" in told}
    assert {f"surety-${{Stage}}-{name}-name" for name in consumers} <= exported


def test_alarms_name_tables_that_export_their_names() -> None:
    exported = {told["Export"]["Name"]["Fn::Sub"] for told in TABLES["Outputs"].values()}
    assert {f"surety-${{Stage}}-{table}-name" for table in each_of("Throttles")} <= exported
