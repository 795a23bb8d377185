"""What applied on a day, and how versions differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from chalicelib.reference import rules
from chalicelib.reference.rules import Difference
from chalicelib.shared import policies
from tests.world import Api, token

MEMBER = "mem_00000000000000000000000000"


@pytest.fixture
def tolls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A policy with three versions: one past, one in force from April, one not announced before May."""
    versions = {
        "2025.1": ("2025-01-01", "2025-02-01", {"rate": 5, "bands": [1, 2], "a/b": "kept"}),
        "2026.1": ("2026-02-01", "2026-04-01", {"rate": 6, "bands": [1, 3, 9], "a/b": "kept", "new": None}),
        "2026.2": ("2026-05-01", "2026-06-01", {"rate": 7}),
    }
    (tmp_path / "tolls").mkdir()
    for version, (announced, effective, values) in versions.items():
        data = {"announced_on": announced, "effective_on": effective, "values": values}
        (tmp_path / "tolls" / f"{version}.json").write_text(json.dumps(data))
    monkeypatch.setattr(policies, "FOLDER", tmp_path)
    policies.versions.cache_clear()
    yield
    policies.versions.cache_clear()


def test_differences_name_each_value_that_was_added_dropped_or_changed() -> None:
    before = {"rate": 5, "deep": {"x": 1, "y": 2}, "list": [1, 2], "gone": True, "same": "s"}
    after = {"rate": 6, "deep": {"x": 1, "y": 3}, "list": [1], "same": "s", "new": None}
    assert rules.differences(before, after) == [
        Difference("/deep/y", 2, 3),
        Difference("/gone", True, None),
        Difference("/list/1", 2, None),
        Difference("/new", None, None),
        Difference("/rate", 5, 6),
    ]


def test_a_path_with_a_slash_or_a_tilde_is_a_json_pointer() -> None:
    assert rules.differences({"a/b~c": 1}, {"a/b~c": 2}) == [Difference("/a~1b~0c", 1, 2)]


def test_equal_versions_do_not_differ() -> None:
    assert rules.differences({"x": [], "y": {}}, {"x": [], "y": {}}) == []


@pytest.mark.usefixtures("tolls")
def test_the_policy_of_a_day_is_the_latest_that_had_taken_effect(api: Api) -> None:
    assert api.get("/v1/policies/tolls")["version"] == "2025.1"
    assert api.get("/v1/policies/tolls?on=2026-03-31")["version"] == "2025.1"
    assert api.get("/v1/policies/tolls?on=2026-04-01")["version"] == "2026.1"
    assert api.get("/v1/policies/tolls?on=2020-01-01")["version"] == "2025.1"


@pytest.mark.usefixtures("tolls")
def test_what_is_not_announced_yet_is_not_told(api: Api) -> None:
    assert api.get("/v1/policies/tolls?on=2028-01-01")["version"] == "2026.1"
    listed = api.get("/v1/policies")["items"]
    assert [(policy["name"], policy["in_force"]) for policy in listed] == [("tolls", "2025.1")]
    assert [version["version"] for version in listed[0]["versions"]] == ["2025.1", "2026.1"]
    refused = api.get("/v1/policies/tolls/diff?from=2025.1&to=2026.2", token("member", MEMBER))
    assert (refused.status, refused["param"]) == (404, "to")


@pytest.mark.usefixtures("tolls")
def test_a_version_that_would_take_effect_unannounced_is_no_version() -> None:
    early = {"announced_on": "2026-06-02", "effective_on": "2026-06-01", "values": {"rate": 8}}
    (policies.FOLDER / "tolls" / "2026.3.json").write_text(json.dumps(early))
    with pytest.raises(msgspec.ValidationError, match="announced"):
        policies.versions("tolls")


@pytest.mark.usefixtures("tolls")
def test_two_versions_are_compared_value_by_value(api: Api) -> None:
    reply = api.get("/v1/policies/tolls/diff?from=2025.1&to=2026.1", token("member", MEMBER))
    assert [(found["path"], found["before"], found["after"]) for found in reply["differences"]] == [
        ("/bands/1", 2, 3),
        ("/bands/2", None, 9),
        ("/new", None, None),
        ("/rate", 5, 6),
    ]
    assert (reply["before"]["version"], reply["after"]["version"]) == ("2025.1", "2026.1")


def test_the_real_policies_are_listed_and_readable(api: Api) -> None:
    for policy in api.get("/v1/policies")["items"]:
        reply = api.get(f"/v1/policies/{policy['name']}")
        assert (reply.status, reply["version"]) == (200, policy["in_force"])
        assert reply["hash"] in [version["hash"] for version in policy["versions"]]


@pytest.mark.parametrize("name", ["nothing", "__pycache__", "..", "a" * 128, "%2e%2e", "%00", "a%2Fb"])
def test_a_policy_that_is_not_there_is_not_found(api: Api, name: str) -> None:
    reply = api.get(f"/v1/policies/{name}")
    assert (reply.status, reply["code"]) == (404, "not_found")


def test_a_day_is_a_date(api: Api) -> None:
    refused = api.get("/v1/policies/fx?on=yesterday")
    assert (refused.status, refused["param"]) == (400, "on")
