"""What can be called: the API's calls by collection and name, as they were when this client was generated."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote


class Call(NamedTuple):
    collection: str
    name: str
    method: str
    path: str
    summary: str
    query: list[dict[str, Any]]
    body: Any
    """An example of a body; None where the call takes none."""
    prefix: str | None
    """How ids begin of what the call shows."""

    @property
    def places(self) -> list[str]:
        """What stands in the path, and then the query that must be given."""
        return [
            *re.findall(r"\{(\w+)\}", self.path),
            *(parameter["name"] for parameter in self.query if parameter["required"]),
        ]

    @property
    def words(self) -> str:
        """How it is typed."""
        places = " ".join(place.upper() for place in self.places)
        return " ".join(filter(None, (typed(self.collection), typed(self.name), places)))

    def url(self, given: dict[str, str]) -> str:
        return re.sub(r"\{(\w+)\}", lambda place: quote(given[place[1]], safe=""), self.path)


@lru_cache(maxsize=1)
def calls() -> dict[str, dict[str, Call]]:
    """By collection and name, each as it is typed."""
    by_collection: dict[str, dict[str, Call]] = {}
    for each in json.loads((files("surety_client") / "generated" / "calls.json").read_text(encoding="utf-8")):
        call = Call(**each)
        by_collection.setdefault(typed(call.collection), {})[typed(call.name)] = call
    return by_collection


def showing(thing_id: str) -> Call | None:
    """The call that shows a thing with such an id. A member has several faces: the member's own is shown."""
    prefix = thing_id.partition("_")[0]
    every = (call for named in calls().values() for call in named.values())
    return next((call for call in every if call.prefix and call.prefix == prefix), None)


def typed(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
