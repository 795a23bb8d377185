"""What waits for officers, worked out from a thing as it is now and kept in the table of work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.office.records import work
from chalicelib.office.rules import task
from chalicelib.office.rules.task import Task
from chalicelib.office.rules.things import THINGS
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run
from chalicelib.shared.aggregates import Aggregate
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service import changing


def of_aggregate(prefix: str, name: str, work_id: str, aggregate: Aggregate[Any, Any, Any], now: datetime) -> None:
    """Keep what is to be done about an aggregate, which is kept under `name`."""
    loaded = aggregate.load(name, now)
    if loaded is not None:
        thing = THINGS[prefix]
        open_task = task.task_of(aggregate.machine, loaded.state, loaded.context, thing, now)
        work.keep(work_id, name, loaded.state.version, thing, open_task, now)


def of_supplier(member_id: str, work_id: str, now: datetime) -> None:
    """The first open appeal against a penalty: it succeeds when nobody decides in time."""
    kept = changing.kept(member_id)
    if kept is not None:
        supplier, due_at = kept
        appeal = _appeal(supplier, due_at) if due_at else None
        work.keep(work_id, member_id, supplier.version, THINGS["supplier"], appeal, now)


def _appeal(supplier: Supplier, due_at: datetime) -> Task:
    return Task(status=supplier.status, deadline=task.APPEAL, due_at=due_at, about=supplier.id)


def of_run(prefix: str, run_id: str, now: datetime) -> None:
    """A run that has failed or set items aside, an import with rejected rows: somebody has to look."""
    run, _, results = runs.whole(run_id)
    work.keep(run_id, run_id, run.version, THINGS[prefix], _to_look_at(run, results), now)


def _to_look_at(run: Run, results: Any) -> Task | None:
    if not run.is_over:
        return None
    if run.about.get("rejected"):
        return Task(status=run.status, deadline=task.REJECTED_ROWS)
    has_failures = any(result.failures for result in results.values())
    return Task(status=run.status, deadline=task.REDRIVE) if run.status == "failed" or has_failures else None
