"""Work of officers that no other story meets: given to somebody, and looked at."""

from __future__ import annotations

from benchmarks.floors.stage import Stage
from chalicelib.office.examples import MINE
from chalicelib.office.records import work as records
from chalicelib.office.rules.task import REJECTED_ROWS, Task
from chalicelib.office.rules.things import THINGS
from chalicelib.shared import ids

OFFICER = "officer-1"


def play(stage: Stage) -> None:
    stage.time.begin()
    name = ids.new_id("imp", stage.time.at)
    task = Task(status="done", deadline=REJECTED_ROWS)
    stage.measured(
        "stream: something waits for officers",
        lambda: records.keep(name, name, 2, THINGS["imp"], task, stage.time.at),
        "office.work",
    )
    stage.call(f"/v1/work/{name}/assignment", OFFICER, MINE, command="give work to an officer")
    stage.call(f"/v1/work/{name}/completion", OFFICER, command="work is looked at")
    stage.leave()
