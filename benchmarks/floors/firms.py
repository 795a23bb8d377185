"""A firm's profile, from its registration to the erasure of a person. Calls of KMS are not among its round trips: keys are a parameter here."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from benchmarks.floors.stage import Stage
from chalicelib.firms import jobs as firms_jobs
from chalicelib.firms.examples import ACCOUNT, DISCLOSE, ERASE, FIRM, HOLDER, LICENCE, REGISTERS, RETURN, SIGNER
from chalicelib.shared import documents
from chalicelib.shared.periods import business_date

OFFICER: Final = "officer-1"


def play(stage: Stage) -> None:
    stage.time.begin()
    firm_id = stage.register("firms-firm")
    about = f"/v1/firms/{firm_id}"

    def do(
        action: str, body: Any = None, *, command: str, by: str = firm_id, expect: int = 200, person: str = ""
    ) -> Any:
        stage.time.advance(minutes=1)
        return stage.call(f"{about}/{action}", by, body, command=command, expect=expect, person=person)

    stage.call("/v1/firms", firm_id, FIRM, command="register a firm", expect=201)
    person_id = do("people", SIGNER, command="add a person", expect=201)["people"][0]["id"]
    account = do("settlement-accounts", ACCOUNT, command="add a settlement account", expect=201)
    document_id = do("documents", LICENCE, command="announce a document", expect=201)["document_id"]
    do("disclosures", DISCLOSE, command="disclose to an officer", by=OFFICER, expect=201)
    do("return", RETURN, command="return a profile", by=OFFICER)
    do("confirm", command="confirm a profile")
    do("verify", command="verify a profile", by=OFFICER)
    do(
        "note-registers",
        REGISTERS | {"seen_on": business_date(stage.time.at).isoformat()},
        command="note what registers say of a firm",
        by=OFFICER,
    )
    do("seek-group", command="look for a group", person=person_id)
    do("stop-seeking", command="look for no group any more")
    do("change", FIRM | {"size": "medium"}, command="change a verified profile")
    do(f"people/{person_id}/change", SIGNER, command="change a person")
    do("people", HOLDER, command="add a person", expect=201)
    do(f"settlement-accounts/{account['settlement_accounts'][0]['id']}/remove", command="remove a settlement account")
    do(f"documents/{document_id}/remove", command="remove a document")
    do(f"people/{person_id}/remove", command="remove a person")
    do(f"people/{person_id}/erase", ERASE, command="erase a person")
    for entry in stage.heard:
        if documents.gone(entry.event.payload):
            stage.measured("stream: firms.follow", partial(firms_jobs.follow, entry), "firms.follow")
    stage.leave()
