"""A firm that is reported: taken, asked about, answered and found unproven; the seal opened; a file announced."""

from __future__ import annotations

from benchmarks.floors.stage import Stage
from chalicelib.conduct import examples


def play(stage: Stage) -> None:
    stage.time.begin()
    subject, reporter = stage.register("reported-firm"), stage.register("reporting-firm")
    body = examples.REPORT | {"subject_id": subject}
    name = stage.call("/v1/peer-reports", reporter, body, expect=201, command="report a firm")["id"]
    about = f"/v1/peer-reports/{name}"
    stage.time.advance(minutes=1)
    stage.call(f"{about}/documents", reporter, examples.REPORT_FILE, expect=201, command="announce a file of a report")
    stage.call(f"{about}/acknowledge", "officer-1", command="take a report")
    stage.call(f"{about}/triage", "officer-1", examples.TRIAGE, command="ask a firm about a report")
    stage.call(f"{about}/answer", subject, examples.ANSWER_REPORT, command="answer a report")
    wanted = stage.call(f"{about}/unseal", "officer-1", examples.UNSEAL, command="ask for the seal of a report")
    stage.call(
        f"{about}/decide-unsealing", "officer-2", examples.DECIDE_UNSEALING, command="decide on the seal of a report"
    )
    reading = {"unsealing_id": wanted["unsealings"][0]["id"]}
    stage.call(f"{about}/reporter-inquiries", "officer-1", reading, command="read who reported")
    verified = examples.FIND | {"finding": "verified"}
    stage.call(f"{about}/find", "officer-1", verified, command="find a report verified")
    stage.leave()
