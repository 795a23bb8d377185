"""A country channel: planned, opened, amended, paused and closed; suppliers that its agency nominates, and what becomes of their memberships."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from benchmarks.floors.stage import Stage
from chalicelib.channels.examples import (
    AMEND,
    APPEAL,
    CHECK,
    CLOSE,
    DECIDE,
    DECLINE,
    EDIT,
    NOMINATE,
    PAUSE,
    PLAN,
    REGISTRATION,
    REINSTATE,
    RETURN,
    REVOKE,
    SUSPEND,
    WITHDRAW,
)
from chalicelib.channels.service.nominations import FILES
from chalicelib.shared import files
from chalicelib.shared.files import Arrived

AGENCY: Final = "kotra"
CONTENT: Final = b"registered"
OFFICER: Final = "officer-1"


def play(stage: Stage) -> None:
    stage.time.begin()
    supplier = stage.register("channel-supplier", country="KR")
    channel = stage.call("/v1/channels", OFFICER, PLAN, command="plan a channel", expect=201)["id"]
    stage.time.advance(minutes=1)
    stage.call(f"/v1/channels/{channel}/open", OFFICER, command="open a channel")
    stage.call(f"/v1/channels/{channel}/amend", OFFICER, AMEND, command="amend a channel")
    membership = _nominations(stage, channel, supplier)
    _membership(stage, f"/v1/channel-memberships/{membership}", supplier)
    stage.call(f"/v1/channels/{channel}/pause", OFFICER, PAUSE, command="pause a channel")
    stage.call(f"/v1/channels/{channel}/close", OFFICER, CLOSE, command="close a channel")
    stage.leave()


def _nominations(stage: Stage, channel: str, supplier: str) -> str:
    """One is withdrawn, one returned and then accepted, one declined; the membership."""
    withdrawn = _nominate(stage, channel, "1")
    stage.call(f"{withdrawn}/withdraw", AGENCY, WITHDRAW, command="withdraw a nomination")
    accepted, declined = (_nominate(stage, channel, number) for number in ("2", "3"))
    checked = CHECK | {"member_id": supplier}
    for each, number in ((declined, "3"), (accepted, "2")):
        _hand_in(stage, each)
        stage.call(f"{each}/submit", AGENCY, command="submit a nomination")
        stage.call(f"{each}/return", OFFICER, RETURN, command="return a nomination")
        edited = EDIT | {"registration_number": number}
        stage.call(f"{each}/edit", AGENCY, edited, command="edit a nomination")
        stage.call(f"{each}/submit", AGENCY)
        stage.call(f"{each}/check", OFFICER, checked, command="check a nomination, inviting its supplier")
    stage.call(f"{declined}/decline", supplier, DECLINE, command="decline an invitation")
    joined = stage.call(f"{accepted}/accept", supplier, command="join a channel")
    return str(joined["membership_id"])


def _nominate(stage: Stage, channel: str, number: str) -> str:
    body: dict[str, Any] = NOMINATE | {"registration_number": number}
    path = f"/v1/channels/{channel}/nominations"
    return f"/v1/nominations/{stage.call(path, AGENCY, body, command='nominate a supplier', expect=201)['id']}"


def _hand_in(stage: Stage, path: str) -> None:
    body = REGISTRATION | {"size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    announced = stage.call(f"{path}/documents", AGENCY, body, command="announce a document of a nomination", expect=201)
    key = announced["upload"]["fields"]["key"]
    files.put(key, CONTENT, body["media_type"])
    arrived = Arrived(key, len(CONTENT), hashlib.md5(CONTENT, usedforsecurity=False).hexdigest())
    stage.measured("a document of a nomination arrives", lambda: FILES.file_arrived(arrived))


def _membership(stage: Stage, path: str, supplier: str) -> None:
    """Suspended and reinstated, renewed late in its year, revoked and given back."""
    stage.call(f"{path}/suspend", AGENCY, SUSPEND, command="suspend a membership of a channel")
    stage.call(f"{path}/reinstate", AGENCY, REINSTATE, command="reinstate a membership of a channel")
    stage.call(f"{path}/revoke", AGENCY, REVOKE, command="revoke a membership of a channel")
    stage.call(f"{path}/appeal", supplier, APPEAL, command="appeal against a revocation")
    stage.call(f"{path}/decide-appeal", OFFICER, DECIDE, command="decide an appeal against a revocation")
    stage.time.advance(days=320)
    stage.call(f"{path}/renew", AGENCY, command="renew a membership of a channel")
