"""The keys of this machine's stage: made once, kept in .local/keys.json, put into the parameter store at each start."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from chalicelib.shared import policies

TOKEN_KEY: Final = "sandbox-token-key"
BADGE_KEY: Final = "badge-key"
CURSOR_KEY: Final = "cursor-key"
MARKS_KEY: Final = "marks-key"
PERSONS_KEY: Final = "persons-key"


def kept(file: Path) -> dict[str, str]:
    """Parameters by name, as `chalicelib/shared/secrets.py` reads them; what is missing in the file is made and added."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    new = {name: make() for name, make in _needed().items() if name not in known}
    if new:
        file.parent.mkdir(exist_ok=True)
        whole = file.with_suffix(".new")
        with open(whole, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as kept_file:
            json.dump(known | new, kept_file, indent=1)
        whole.replace(file)
    return known | new


def of_bank(bank_id: str, home: Path) -> str:
    """What this bank and a stage that keeps its keys there sign with; nothing where there is none."""
    file = home / "keys.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    return str(json.loads(known.get(f"banks/{bank_id}", '[""]'))[0])


def public_set(parameters: dict[str, str]) -> str:
    """The JSON Web Key Set that proves tokens signed with the sandbox's key."""
    private = json.loads(parameters[TOKEN_KEY])
    key = serialization.load_pem_private_key(private["pem"].encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the sandbox signs with ES256")
    public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return json.dumps({"keys": [public | {"kid": private["kid"], "alg": "ES256", "use": "sig"}]})


def put(store: Any, stage: str, parameters: dict[str, str]) -> None:
    for name, value in parameters.items():
        store.put_parameter(Name=f"/surety/{stage}/{name}", Value=value, Type="SecureString", Overwrite=True)


def _needed() -> dict[str, Any]:
    banks = [each["id"] for kind in ("partners", "acquirers") for each in policies.versions("banks")[-1].values[kind]]
    return {
        TOKEN_KEY: lambda: json.dumps({"kid": _kid(), "pem": _pem()}),
        BADGE_KEY: lambda: json.dumps({"kid": _kid(), "pem": _pem(), "retired": []}),
        CURSOR_KEY: lambda: secrets.token_urlsafe(32),
        MARKS_KEY: lambda: secrets.token_urlsafe(32),
        PERSONS_KEY: lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
        **{
            f"banks/{bank}": lambda: json.dumps([f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"])
            for bank in banks
        },
    }


def _kid() -> str:
    return f"local-{secrets.token_hex(4)}"


def _pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
