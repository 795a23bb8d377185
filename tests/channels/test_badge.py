"""The national badge: five statuses, signed, told at once and in the reader's language; anybody verifies it offline."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from chalicelib.channels.examples import REVOKE, SUSPEND
from chalicelib.channels.rules import badge as rules
from chalicelib.suppliers.service import signing
from chalicelib.suppliers.service.signing import KeyUnreadable
from docs import verify_badge
from tests.channels.country import OFFICER, Country, korea
from tests.channels.members import NOW, issued, with_status
from tests.world import Reply

__all__ = ["korea"]

SCRIPT = Path(verify_badge.__file__)


@pytest.fixture
def supplier_id(korea: Country) -> str:
    return korea.firm()


@pytest.fixture
def membership_id(korea: Country, supplier_id: str) -> str:
    return korea.joined(supplier_id, legal_name="한빛의류", romanised_name="Hanbit & Co.")


def see(korea: Country, member_id: str, query: str = "", **headers: str) -> Reply:
    return korea.api.get(f"/v1/storefronts/{member_id}/channel-badge{query}", **headers)


def keys(korea: Country) -> dict[str, Any]:
    document: dict[str, Any] = korea.api.get("/v1/badge-keys").body
    return document


def verified(korea: Country, badge: Reply) -> verify_badge.Verdict:
    return verify_badge.verify(badge["statement"], keys(korea), at=datetime.now(UTC).timestamp())


def in_status(korea: Country, membership_id: str, status: str) -> None:
    if status == "SUSPENDED":
        korea.measure(membership_id, "suspend", SUSPEND)
    elif status == "REVOKED":
        korea.measure(membership_id, "revoke", REVOKE)
    elif status == "EXPIRED":
        korea.time.advance(days=366)


@pytest.mark.parametrize("status", ["VALID", "SUSPENDED", "REVOKED", "EXPIRED"])
def test_it_says_how_the_membership_stands_and_verifies_offline(
    korea: Country, supplier_id: str, membership_id: str, status: str
) -> None:
    in_status(korea, membership_id, status)
    badge = see(korea, supplier_id)
    assert (badge.status, badge["status"], badge["name"]) == (200, status, "한빛의류")
    verdict = verified(korea, badge)
    assert (verdict.status, verdict.is_valid) == (status, status == "VALID")
    assert verdict.claims["sub"] == supplier_id
    assert {name: verdict.claims[name] for name in ("country", "agency_id", "channel_id")} == {
        "country": "KR",
        "agency_id": "kotra",
        "channel_id": korea.channel_id,
    }
    assert see(korea, supplier_id, f"?channel_id={korea.channel_id}")["status"] == status


def test_who_is_in_no_channel_is_unknown_and_that_is_signed_too(korea: Country) -> None:
    badge = see(korea, korea.firm())
    assert (badge["status"], badge["channel_id"]) == ("UNKNOWN", None)
    verdict = verified(korea, badge)
    assert (verdict.status, verdict.is_valid) == ("UNKNOWN", False)
    assert see(korea, "mem_0000000000000000000000000Z").status == 404


def test_what_cannot_be_signed_is_unknown_without_a_statement(
    korea: Country, supplier_id: str, membership_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise KeyUnreadable("away")

    monkeypatch.setattr(signing, "key", away)
    badge = see(korea, supplier_id)
    assert (badge.status, badge["status"], badge["statement"], badge["expires"]) == (200, "UNKNOWN", None, None)


def test_a_revocation_is_told_at_once_and_nothing_keeps_an_older_answer(
    korea: Country, supplier_id: str, membership_id: str
) -> None:
    """K5."""
    assert see(korea, supplier_id)["status"] == "VALID"
    korea.measure(membership_id, "revoke", REVOKE, OFFICER)
    badge = see(korea, supplier_id)
    assert (badge["status"], badge.headers["Cache-Control"]) == ("REVOKED", "no-cache")


@pytest.mark.parametrize(
    ("language", "told", "text"),
    [
        ("ko", "ko", "한국 채널 회원"),
        ("zh-Hans", "zh-Hans", "韩国频道会员"),
        ("fr", "en", "Member of the Korea channel"),
        ("", "en", "Member of the Korea channel"),
    ],
)
def test_it_follows_the_readers_language(
    korea: Country, supplier_id: str, membership_id: str, language: str, told: str, text: str
) -> None:
    for form in ("", ".svg"):
        badge = korea.api.get(f"/v1/storefronts/{supplier_id}/channel-badge{form}", Accept_Language=language)
        assert (badge.headers["Content-Language"], badge.headers["Vary"]) == (told, "Accept-Language")
        assert text in badge.raw.decode()


def test_the_picture_bears_the_channels_colour_only_while_it_is_valid(
    korea: Country, supplier_id: str, membership_id: str
) -> None:
    path = f"/v1/storefronts/{supplier_id}/channel-badge.svg"
    picture = korea.api.get(path)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "#0b3d91" in picture.raw.decode()
    assert "Hanbit &amp; Co." in picture.raw.decode()
    korea.measure(membership_id, "suspend", SUSPEND)
    suspended = korea.api.get(path, Accept_Language="ko").raw.decode()
    assert "회원 자격 정지" in suspended
    assert "#0b3d91" not in suspended


# --- the rules --------------------------------------------------------------------------------------------------------


def test_a_statement_is_good_for_an_hour_and_no_longer_than_the_membership() -> None:
    member = issued()
    end = member.expires_at
    for as_of, lasts in ((NOW, 3600), (end - timedelta(minutes=10), 600)):
        claims = rules.claims("urn:us", "mem_1", member, as_of=as_of, signed_at=NOW, minutes=60)
        assert claims["exp"] - claims["iat"] == lasts
    assert rules.badge_of(member, end) == "EXPIRED"
    assert rules.badge_of(with_status("appealed"), NOW) == "REVOKED"


# --- docs/verify_badge.py ---------------------------------------------------------------------------------------------


def test_the_script_needs_nothing_but_the_standard_library(
    korea: Country, supplier_id: str, membership_id: str, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(keys(korea)))
    valid = see(korea, supplier_id)["statement"]
    korea.measure(membership_id, "suspend", SUSPEND)
    for statement, code, status in ((valid, 0, "VALID"), (see(korea, supplier_id)["statement"], 1, "SUSPENDED")):
        ran = subprocess.run(
            [sys.executable, "-I", "-S", SCRIPT, tmp_path / "keys.json"],
            input=statement,
            capture_output=True,
            text=True,
        )
        assert (ran.returncode, ran.stdout.splitlines()[0]) == (code, status), ran.stderr


def test_whatever_is_not_signed_by_us_for_this_or_is_over_is_unknown(
    korea: Country, supplier_id: str, membership_id: str
) -> None:
    statement, known = see(korea, supplier_id)["statement"], keys(korea)
    now = datetime.now(UTC).timestamp()
    header, claims, signature = statement.split(".")
    flipped = signature[:-6] + ("A" if signature[-6] != "A" else "B") + signature[-5:]
    protection = korea.api.get(f"/v1/storefronts/{supplier_id}/badge")["statement"]
    none = jwt.encode({"status": "VALID", "exp": now + 60}, "", algorithm="none", headers={"typ": rules.TYPE})
    wrong = [
        f"{header}.{claims}.{flipped}",
        f"{header}.{see(korea, korea.firm())['statement'].split('.')[1]}.{signature}",
        f"{header}.{claims}.{'A' * 86}",
        protection,
        none,
        "no statement",
        "",
    ]
    for each in wrong:
        assert verify_badge.verify(each, known, at=now).status == "UNKNOWN", each
    assert verify_badge.verify(statement, {"keys": []}, at=now).status == "UNKNOWN"
    assert verify_badge.verify(statement, known, at=now + 3601).status == "UNKNOWN"
    assert verify_badge.verify(statement, known, at=now).is_valid


def test_signatures_are_those_of_the_curve() -> None:
    """RFC 6979, A.2.5: P-256 with SHA-256."""
    x = 0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6
    y = 0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299
    r = 0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
    s = 0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
    assert verify_badge.is_signed_by((x, y), b"sample", r, s)
    assert not verify_badge.is_signed_by((x, y), b"samples", r, s)
    assert not verify_badge.is_signed_by((x, y + 1), b"sample", r, s)
    assert not verify_badge.is_signed_by((x, y), b"sample", 0, s)
