"""The tables of trainings, and of which member has, or had, a place at which."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.commit import Put
from chalicelib.shared.tables import Row, index, table
from chalicelib.trainings.rules.training import Training


class TrainingRow(AggregateRow):
    Meta = table("trainings")
    training_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    body = Packed(Training)

    by_status = index(status, training_id)


class TrainingPlaceRow(Row):
    """A member has, or had, a place at a training."""

    Meta = table("training-places")
    member_id = UnicodeAttribute(hash_key=True)
    training_id = UnicodeAttribute(range_key=True)


REPOSITORY: Final = Repository[Training](TrainingRow, lambda training: {"status": training.status})


def placed(member_id: str, training_id: str) -> Put:
    """For a commit: the member finds the training among its own from now on. Once or many times."""
    unplaced = TrainingPlaceRow.training_id.does_not_exist()
    return Put(TrainingPlaceRow(member_id, training_id), guard=unplaced | (TrainingPlaceRow.training_id == training_id))


def ids_of(member_id: str, after: str | None) -> Iterator[str]:
    """The trainings of a member, oldest first."""
    beyond = TrainingPlaceRow.training_id > after if after else None
    rows = TrainingPlaceRow.query(member_id, beyond, consistent_read=True, page_size=100)
    return (row.training_id for row in rows)


def newest_ids_of(member_id: str, most: int) -> list[str]:
    """So many of the trainings of a member that were announced last."""
    return [row.training_id for row in TrainingPlaceRow.query(member_id, scan_index_forward=False, limit=most)]


ids = partial(REPOSITORY.ids, TrainingRow.by_status)
"""Ids of trainings in a status, oldest first."""
