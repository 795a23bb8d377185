"""The table of officers' work: an item for each thing that ever waited for an officer, in the indexes while it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import Index

from chalicelib.office.rules.task import Task, Work
from chalicelib.office.rules.things import Thing
from chalicelib.shared import due
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.commit import Update, retry_on_conflict
from chalicelib.shared.due import Place
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.tables import AT_ONCE, Row, guarded, index, table

MOST_COUNTED: Final = 1_000
"""A count ends here: it costs what it counts, and nobody works through more."""
_OF_A_TASK: Final = (
    "waiting_in",
    "due_at",
    "since",
    "deadline",
    "owner",
    "has_deadline",
    "assignee",
    "status",
    "kind",
    "about",
)


class WorkRow(Row):
    """`work_id` is the thing's id, or its chain's name; `record` is what it is read by, where that is another. `version` is the thing's, and stays when the work is over: nothing older is written
    over it. `due_at` is when it was first seen to wait where it has no deadline. `about` is a name, or a member's id. All other columns are there while there is work.
    """

    Meta = table("office-work")
    work_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    record = UnicodeAttribute()
    kind = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    deadline = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    waiting_in = UnicodeAttribute(null=True)
    has_deadline = WholeNumber(null=True)
    since = Instant(null=True)
    due_at = Instant(null=True)
    assignee = UnicodeAttribute(null=True)
    about = UnicodeAttribute(null=True)

    by_queue = index(waiting_in, due_at)
    by_kind = index(kind, due_at, has_deadline)
    by_assignee = index(assignee, due_at)

    def work(self) -> Work | None:
        """What is to be done; None where it is over."""
        if not self.waiting_in:
            return None
        return Work(
            id=self.work_id,
            record=self.record,
            version=self.version,
            status=self.status,
            deadline=self.deadline,
            owner=self.owner,
            since=self.since,
            due_at=self.due_at if self.has_deadline else None,
            assignee=self.assignee or "",
            about=self.about or "",
        )


def load(work_id: str) -> Work | None:
    row = WorkRow.find(work_id)
    return row.work() if row else None


def load_many(work_ids: Iterable[str]) -> dict[str, Work]:
    """For lists: those of these that can be read and still are work."""
    rows = ((row.work_id, row.work()) for row in WorkRow.listed(work_ids))
    return {name: work for name, work in rows if work is not None}


@retry_on_conflict
def keep(work_id: str, record: str, version: int, thing: Thing, task: Task | None, at: datetime) -> bool:
    """Write what is to be done about a thing in a version of it, or that nothing is. False where that is known, or something newer."""
    if task is None and version <= 1:
        return False  # a first version that waits for nobody cannot have waited before
    row = WorkRow.find(work_id)
    was = row.work() if row else None
    if (row.version > version if row else task is None) or _says(was, task):
        return False
    actions: list[Action] = [WorkRow.version.set(version), WorkRow.record.set(record)]
    actions += _of_task(was, thing, task, at) if task else _no_task()
    unchanged = WorkRow.version == row.version if row else WorkRow.work_id.does_not_exist()
    if not guarded(lambda: WorkRow(work_id).update(actions=actions, condition=unchanged)):
        raise WriteConflict("Another version of it was written meanwhile.")
    return True


def assign(was: Work, officer: str) -> Update:
    """For a commit: that an officer sees to it, or nobody where there is none, as long as it is work."""
    action = WorkRow.assignee.set(officer) if officer else WorkRow.assignee.remove()
    return Update(WorkRow(was.id), [action], guard=_as_it_was(was))


def end(was: Work) -> Update:
    """For a commit: that it is work no more."""
    return Update(WorkRow(was.id), _no_task(), guard=_as_it_was(was))


def places(index: Index[Any], value: str, after: Place | None, before: datetime | None) -> Iterator[Place]:
    """The places of work under a value of an index, from behind a place on and before a moment."""
    return due.placed(WorkRow, index, value, after, before=before, page_size=AT_ONCE + 1)


def counts(kind: str, now: datetime) -> tuple[int, int]:
    """How many of a kind wait, and how many of those are overdue: at most MOST_COUNTED. One query tells both of a few."""
    waiting = list(WorkRow.by_kind.query(kind, limit=AT_ONCE))
    if len(waiting) < AT_ONCE:
        return len(waiting), sum(bool(row.has_deadline) and row.due_at <= now for row in waiting)
    return _count(kind), _count(kind, WorkRow.due_at <= now, WorkRow.has_deadline == 1)


def _count(kind: str, due: Condition | None = None, those: Condition | None = None) -> int:
    return min(WorkRow.by_kind.count(kind, due, those, limit=MOST_COUNTED), MOST_COUNTED)


def _as_it_was(was: Work) -> Condition:
    same: Condition = WorkRow.assignee == was.assignee if was.assignee else WorkRow.assignee.does_not_exist()
    same &= WorkRow.waiting_in.exists() & (WorkRow.version == was.version)
    return same


def _says(was: Work | None, task: Task | None) -> bool:
    if was is None or task is None:
        return was is None and task is None
    same_officer = task.reviewer is None or was.assignee == task.reviewer
    known = (was.status, was.deadline, was.owner, was.due_at, was.about)
    return known == (task.status, task.deadline, task.owner, task.due_at, task.about) and same_officer


def _of_task(was: Work | None, thing: Thing, task: Task, at: datetime) -> list[Action]:
    since = was.since if was and was.deadline == task.deadline else at
    return [
        WorkRow.kind.set(thing.kind),
        WorkRow.status.set(task.status),
        WorkRow.deadline.set(task.deadline),
        WorkRow.owner.set(task.owner),
        WorkRow.waiting_in.set(thing.queue),
        WorkRow.has_deadline.set(1 if task.due_at else 0),
        WorkRow.since.set(since),
        WorkRow.due_at.set(task.due_at or since),
        WorkRow.about.set(task.about) if task.about else WorkRow.about.remove(),
        *_of_officer(was is not None, task),
    ]


def _of_officer(goes_on: bool, task: Task) -> list[Action]:
    """Who has it stays who was assigned, as long as it is work, unless the thing itself names somebody."""
    if task.reviewer:
        return [WorkRow.assignee.set(task.reviewer)]
    return [] if goes_on and task.reviewer is None else [WorkRow.assignee.remove()]


def _no_task() -> list[Action]:
    return [getattr(WorkRow, column).remove() for column in _OF_A_TASK]
