"""The keys of a machine: made once, kept for its owner only, enough for every bank of the policy."""

from __future__ import annotations

import json
from pathlib import Path

from chalicelib.identity import signatures
from chalicelib.shared import policies
from infra.local import keys


def test_keys_are_made_once_and_what_is_new_is_added(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys_made = keys.kept(file)
    assert keys.kept(file) == keys_made
    less = {name: value for name, value in keys_made.items() if name != keys.CURSOR_KEY}
    file.write_text(json.dumps(less))
    again = keys.kept(file)
    assert again | {keys.CURSOR_KEY: ""} == keys_made | {keys.CURSOR_KEY: ""}
    assert again[keys.CURSOR_KEY] not in ("", keys_made[keys.CURSOR_KEY])


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    keys.kept(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_every_bank_has_a_secret_and_the_public_set_proves_the_sandbox(tmp_path: Path) -> None:
    keys_made = keys.kept(tmp_path / "keys.json")
    for partner in policies.versions("banks")[-1].values["partners"]:
        [secret] = json.loads(keys_made[f"banks/{partner['id']}"])
        assert secret.startswith("whsec_")
    kid = json.loads(keys_made[keys.TOKEN_KEY])["kid"]
    assert list(signatures.checks(keys.public_set(keys_made))) == [(kid, "ES256")]
    assert '"d"' not in keys.public_set(keys_made)
