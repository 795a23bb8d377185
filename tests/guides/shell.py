"""As much of a shell as guides need: variables, curl, jq. What it does not know it refuses, so that a guide stays as simple as this.

TOKEN=$(curl -s $SURETY/v1/sandbox/tokens --json '{"role": "officer", "sub": "me"}' | jq -r .token)
curl -s $SURETY/v1/orders/$ORDER -H "Authorization: Bearer $BUYER" | jq '{status, deadlines}'
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

MOST_IN_A_LINE: Final = 100
_QUOTED: Final = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|[^'\"]+")
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")
_ASSIGNED: Final = re.compile(r"(\w+)=(.*)", re.DOTALL)
_CAUGHT: Final = re.compile(r"\$\((.*)\)", re.DOTALL)
_FUNCTION: Final = re.compile(r"^\w+\(\) \{\n.*?^\}\n", re.DOTALL | re.MULTILINE)
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


class NotUnderstood(Exception):
    """A command that this shell does not know."""


@dataclass(frozen=True)
class Sent:
    """One request, as curl would send it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Shown:
    """What a command answers: the status, and the whole body or what `jq` took of it."""

    status: int
    answer: Any


Send = Callable[[Sent], tuple[int, Any]]


@dataclass
class Shell:
    """`upload` puts a file where a presigned form says: it stands for the function of that name in the prelude, as does what `advance` does here."""

    send: Send
    upload: Callable[[dict[str, Any], bytes], None]
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, script: str) -> Shown | None:
        """Run a block; what its last command answered."""
        shown: Shown | None = None
        for command in commands(script):
            shown = self._run(command)
        return shown

    def _run(self, command: str) -> Shown | None:
        if command.startswith(". "):
            return self.run(Path(command.removeprefix(". ")).read_text())
        if command.startswith("upload "):
            form, file = shlex.split(self._filled(command))[1:]
            self.upload(json.loads(form), Path(file).read_bytes())
            return None
        if command.startswith("advance "):
            body = json.dumps({"advance_hours": int(command.removeprefix("advance "))}).encode()
            headers = {
                "content-type": "application/json",
                "authorization": f"Bearer {self.variables['OFFICER']}",
                "idempotency-key": command.replace(" ", "-"),
            }
            status, told = self.send(Sent("POST", f"{self.variables['SURETY']}/v1/sandbox/clock", headers, body))
            assert (status, told["arrived"]) == (200, True), told
            return None
        assigned = _ASSIGNED.fullmatch(command)
        if assigned is None:
            return self._ask(command)
        name, value = assigned[1], assigned[2]
        caught = _CAUGHT.fullmatch(value)
        if caught is None:
            self.variables[name] = shlex.split(self._filled(value))[0]
            return None
        shown = self._ask(caught[1])
        if not isinstance(shown.answer, str | dict):
            raise AssertionError(f"{name} is {shown.answer!r} after: {command}")
        self.variables[name] = shown.answer if isinstance(shown.answer, str) else json.dumps(shown.answer)
        return None

    def _ask(self, command: str) -> Shown:
        words = shlex.split(self._filled(command))
        asked, _, filtered = _cut(words, "|")
        status, answer = self.send(_sent(asked))
        return Shown(status, _taken(answer, filtered))

    def _filled(self, text: str) -> str:
        """The text with its variables, but for what stands in single quotes."""
        parts = _QUOTED.findall(text)
        return "".join(part if part.startswith("'") else self._filled_part(part) for part in parts)

    def _filled_part(self, part: str) -> str:
        """In double quotes, a value's own quotes stay what they are."""
        value = self._value if not part.startswith('"') else lambda match: self._value(match).replace('"', '\\"')
        return _VARIABLE.sub(value, part)

    def _value(self, match: re.Match[str]) -> str:
        name = match[1] or match[3]
        value = self.variables.get(name, match[2])
        if value is None:
            raise NotUnderstood(f"${name} has no value")
        return value


def commands(script: str) -> Iterator[str]:
    """The commands of a script, each with the lines it goes on in, without comments and functions."""
    waiting = ""
    for line in _FUNCTION.sub("", script).splitlines():
        if not waiting and (not line.strip() or line.startswith("#")):
            continue
        waiting += line
        if waiting.endswith("\\"):
            waiting = waiting[:-1]
        elif waiting.count("'") % 2 or waiting.count("$(") > waiting.count(")"):
            waiting += "\n"
        else:
            yield waiting
            waiting = ""
    if waiting:
        raise NotUnderstood(f"it does not end: {waiting}")


def _cut(words: list[str], at: str) -> tuple[list[str], str, list[str]]:
    place = words.index(at) if at in words else len(words)
    return words[:place], at, words[place + 1 :]


def _sent(words: list[str]) -> Sent:
    if words[:2] != ["curl", "-s"]:
        raise NotUnderstood(f"only curl -s … is known: {words}")
    method, url, headers, body = "", "", {}, b""
    left = iter(words[2:])
    for word in left:
        match word:
            case "-X":
                method = next(left)
            case "-H":
                name, _, value = next(left).partition(": ")
                headers[name.lower()] = value
            case "--json":
                body = next(left).encode()
                headers["content-type"] = "application/json"
            case _ if word.startswith("-") or url:
                raise NotUnderstood(f"curl {word}")
            case _:
                url = word
    return Sent(method or ("POST" if body else "GET"), url, headers, body)


def _taken(answer: Any, words: list[str]) -> Any:
    """What `jq` would print, of the two things it is asked for here: one value, or some fields of an object."""
    if not words:
        return answer
    wanted = words[-1]
    if words[:-1] not in (["jq"], ["jq", "-r"]):
        raise NotUnderstood(" ".join(words))
    path, _, fields = wanted.partition("{")
    match = _at(answer, path.strip().removesuffix("|").strip())
    if not fields:
        return match
    names = [name.strip() for name in fields.removesuffix("}").split(",")]
    if missing := [name for name in names if name not in match]:
        raise NotUnderstood(f"no {missing} in {sorted(match)}")
    return {name: match[name] for name in names}


def _at(value: Any, path: str) -> Any:
    if path in ("", "."):
        return value
    if _STEP.sub("", path):
        raise NotUnderstood(f"jq {path}")
    for name, number in _STEP.findall(path):
        if name and name not in value:
            raise NotUnderstood(f"no {name} in {sorted(value)}")
        value = value[name] if name else value[int(number)]
    return value


def printed(answer: Any, indent: str = "") -> str:
    """As a guide shows it: what is small stands in one line."""
    whole = json.dumps(answer, ensure_ascii=False)
    if not isinstance(answer, dict | list) or (len(whole) <= MOST_IN_A_LINE and not _has_objects(answer)):
        return whole
    deeper = indent + "  "
    if isinstance(answer, dict):
        parts = [f"{json.dumps(name)}: {printed(value, deeper)}" for name, value in answer.items()]
        return "{\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + printed(value, deeper) for value in answer) + f"\n{indent}]"


def _has_objects(answer: Any) -> bool:
    return any(isinstance(value, dict | list) for value in (answer.values() if isinstance(answer, dict) else answer))
