"""Events that tests bring about, kept as examples: every name there is, what its payload holds, and who is told.

    make event-examples                     add what the whole suite shows to `chalicelib/webhooks/event_examples.json`
    make event-examples ARGS=tests/orders   the same of some tests

What tests commit has to be known from that file, by the event's name and by the names of its payload's fields, and a field of which the file
says that it is always there has to be: else the test that brings it about fails. What a test puts into the journal by itself, to begin in the
middle, is neither recorded nor compared.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.banks.rules.feed import PREFIX as FEED
from chalicelib.office.service.event_types import families
from chalicelib.shared import journal, payloads
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.webhooks import event_examples
from chalicelib.webhooks.rules.message import Audience, message
from chalicelib.webhooks.service import parties
from tests import recording
from tests.permits import unwatched

RECORDS: Final = "SURETY_RECORDS_EVENTS"
"""Where the environment says so, every event goes into the files it names and is compared with nothing."""
PLATFORM: Final = "platform"
HINT: Final = "make event-examples ARGS=<this test>"
_TESTS: Final = str(Path(__file__).parent) + os.sep
_SHARED: Final = os.sep + os.path.join("chalicelib", "shared") + os.sep
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ID: Final = re.compile(r"([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}(_[0-9]{2,3})?")
_PERSON: Final = re.compile(r"\bper_[0-9A-HJKMNP-TV-Z]{26}\b")
NOBODY: Final = "per_00000000000000000000000001"
_NAME: Final = re.compile(r"(?!guarantor_\d|[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26})[a-z]\w*")
"""What is no name: the id of a thing, the number of a seat, what a firm calls its own categories."""
ANY: Final = "{…}"
_MOST_DEEP: Final = 3

_strange: set[str] = set()
_waiting: list[Entry] = []
_recorded: dict[str, dict[str, Any]] = {}


def _noted(entry: Entry) -> JournalRow:
    """An entry on its way into the journal. Who is told of the one before can be seen now: it is there, and nothing has changed since."""
    if RECORDS in os.environ:
        _see()
        if not _is_planted():
            _waiting.append(_as_stored(entry))
    elif (
        _can_be_heard(entry)
        and (found := strange(entry.event.kind, names_of(entry.event.payload)))
        and not _is_planted()
    ):
        _strange.add(found)
    return _row_of(entry)


_row_of: Final = JournalRow.of
JournalRow.of = _noted  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def events_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """What this test brings about is as it is recorded."""
    yield
    if RECORDS in os.environ:
        _see()
        _record(request.node.nodeid)
    elif _strange:
        found = "; ".join(sorted(_strange))
        _strange.clear()
        pytest.fail(f"{found}: {HINT}", pytrace=False)


def _as_stored(entry: Entry) -> Entry:
    """With the facts as they will be read again."""
    facts = msgspec.json.decode(msgspec.json.encode(entry.event.payload))
    return replace(entry, event=replace(entry.event, payload=facts))


def names_of(facts: Mapping[str, Any]) -> frozenset[str]:
    """The names of facts that somebody is told, with those that one side keeps to itself: they are recorded as the platform is told them."""
    return frozenset(facts).union(*facts.get("own", {}).values()) - payloads.NOT_TOLD


@cache
def strange(kind: str, names: frozenset[str]) -> str:
    """In what an event with these facts differs from what is recorded; empty where it does not."""
    seen = event_examples.every().get(kind)
    if seen is None:
        return f"{kind} is not recorded"
    recorded = {re.split(r"[.\[]", path)[0] for path in seen["fields"]}
    told = names | {_as_told(name) for name in names}
    found = [f"{name} is not recorded" for name in sorted(names) if not {name, _as_told(name)} & recorded]
    found += [f"{name} is recorded as always there" for name in sorted(recorded.difference(seen["sometimes"], told))]
    return f"{kind}: {', '.join(found)}" if found else ""


def _as_told(name: str) -> str:
    """`amount_minor` is told as `amount`, where its currency is known; what is no name stands for all its like."""
    return name.removesuffix("_minor") if _NAME.fullmatch(name) else ANY


def _can_be_heard(entry: Entry) -> bool:
    """Whether it is of a thing that can be subscribed to. What is told to banks stands where the events of banks do."""
    return entry.event.kind.partition(".")[0] in families() and not entry.aggregate_id.startswith(f"{FEED}_")


def _is_planted() -> bool:
    """Whether a test makes the entry itself, and not the product because of it."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and _SHARED in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_TESTS)


def _see() -> None:
    """Put down what those are told of who may hear of the entries that wait."""
    while _waiting:
        entry = _waiting.pop(0)
        with unwatched():
            if _can_be_heard(entry) and journal.read(entry.entry_id):
                _add(entry, *parties.audiences([entry]))


def _add(entry: Entry, audience: Audience) -> None:
    own = entry.event.payload.get("own", {})
    owners = sorted(audience.sides, key=lambda name: (audience.sides[name] not in own, audience.sides[name]))
    reader = next(iter(owners), PLATFORM)
    whole = json.loads(message(entry, audience, PLATFORM))["data"]["payload"]
    fields: dict[str, list[str]] = {}
    for path, form in forms(whole):
        fields[path] = sorted({*fields.get(path, ()), form})
    seen = {
        "sides": sorted({_side(each) for each in audience.sides.values()}),
        "told_to": _side(audience.sides.get(reader, PLATFORM)),
        "message": json.loads(message(entry, audience, reader)),
        "fields": dict(sorted(fields.items())),
        "sometimes": [],
    }
    was = _recorded.get(entry.event.kind)
    _recorded[entry.event.kind] = both(was, seen) if was else seen


def _side(name: str) -> str:
    """Without the number of its seat: `guarantor_2` is a guarantor."""
    return re.sub(r"_\d+$", "", name)


def _record(test: str) -> None:
    file = test.partition("::")[0]
    recording.note(RECORDS, [{"type": kind, **each, "shown_by": file} for kind, each in _recorded.items()])
    _recorded.clear()


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What two tests saw of an event. The message of the first stays, unless the other's says more, or the same in fewer words."""
    best = max(one, other, key=_how_telling)
    fields = {
        path: sorted({*one["fields"].get(path, ()), *other["fields"].get(path, ())})
        for path in sorted({*one["fields"], *other["fields"]})
    }
    missing = one["fields"].keys() ^ other["fields"].keys()
    return {
        "sides": sorted({*one["sides"], *other["sides"]}),
        **{name: best[name] for name in ("told_to", "message")},
        "fields": fields,
        "sometimes": sorted({*one["sometimes"], *other["sometimes"], *missing}),
        **{name: best[name] for name in ("shown_by",) if name in best},
    }


def _how_telling(seen: Mapping[str, Any]) -> tuple[int, int]:
    payload = seen["message"]["data"]["payload"]
    return len({path for path, _ in forms(payload)}), -len(json.dumps(payload, ensure_ascii=False))


def forms(payload: Mapping[str, Any], within: str = "", deep: int = 1) -> Iterator[tuple[str, str]]:
    for name, value in payload.items():
        path = f"{within}{name if _NAME.fullmatch(name) else ANY}"
        form, inner = _form(value)
        yield path, form
        mark = "[]" if isinstance(value, list) else ""
        for each in inner if deep < _MOST_DEEP else ():
            yield from forms(each, f"{path}{mark}.", deep + 1)


def _form(value: Any) -> tuple[str, list[dict[str, Any]]]:
    """The form of a value, and the objects in it that have fields of their own."""
    if isinstance(value, dict):
        return ("money", []) if value.keys() == {"amount", "currency"} else ("object", [value])
    if isinstance(value, list):
        forms = sorted({_form(each)[0] for each in value})
        return f"list of {' or '.join(forms)}" if forms else "list", [each for part in value for each in _form(part)[1]]
    return _plain(value), []


def _plain(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    if _INSTANT.fullmatch(value):
        return "instant"
    return "date" if _DATE.fullmatch(value) else "id" if _ID.fullmatch(value) else "string"


def merged(known: Mapping[str, Any], lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The examples there are with what was seen now."""
    found = {kind: dict(each) for kind, each in known.items()}
    for line in lines:
        kind = line.pop("type")
        found[kind] = both(found[kind], line) if kind in found else line
    return found


def main(arguments: list[str]) -> None:
    """Run tests, and add what they brought about."""
    lines, ended = recording.run(RECORDS, "events.jsonl", arguments or ["-n", "2"])
    write(merged(event_examples.every(), lines))
    sys.exit(ended)


def write(found: Mapping[str, Any]) -> None:
    """What everybody may read names nobody: a person of a test may be one of another's."""
    rows = (f"{json.dumps(kind)}: {json.dumps(found[kind], ensure_ascii=False)}" for kind in sorted(found))
    event_examples.FILE.write_text(_PERSON.sub(NOBODY, "{\n" + ",\n".join(rows) + "\n}\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
