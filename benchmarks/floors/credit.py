"""A firm that borrows: what it consents to."""

from __future__ import annotations

from benchmarks.floors.stage import Stage
from chalicelib.credit.examples import CONSENT


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("credit-firm")
    signer = stage.signer(firm)
    given = stage.call("/v1/consents", firm, CONSENT, command="give consent", expect=201, person=signer)
    stage.time.advance(minutes=1)
    stage.call(f"/v1/consents/{given['id']}/withdraw", firm, command="withdraw consent", person=signer)
    stage.heard.clear()
