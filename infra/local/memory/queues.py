"""Queues that nobody counts needlessly.

moto looks at everything it can say of a queue, three counts of its messages among it, to find out with each message that is sent that a
queue is none of those that leave out repeated messages; and it asks for the time anew at each message of a queue. A queue whose
messages nobody takes makes every further one dearer. Here what is said of a queue is found out when it is asked for, and the time once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message, Queue

_attributes: Final[Callable[..., dict[str, Any]]] = vars(Queue)["attributes"].fget


class Attributes(Mapping[str, Any]):
    """What moto says of a queue."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def __getitem__(self, name: str) -> Any:
        if name in Queue.FIFO_ATTRIBUTES and not self._queue.fifo_queue:
            raise KeyError(name)
        return _attributes(self._queue)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_attributes(self._queue))

    def __len__(self) -> int:
        return len(_attributes(self._queue))


def _visible(queue: Any) -> list[Message]:
    now = unix_time_millis()
    return [message for message in queue._messages if message.visible_at < now and message.delayed_until <= now]


PATCHES: Final = (
    (Queue, "attributes", property(Attributes)),
    (Queue, "messages", property(_visible)),
)
