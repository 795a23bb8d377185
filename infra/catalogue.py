"""The catalogues of `chalicelib/locale/`: what public texts are called in other languages.

    python -m infra.catalogue            add what the code says now, remove what it says no more, compile: `make catalogues`
    python -m infra.catalogue --check    whether every text has its translation, and whether each can be trusted: `make check`

A language has a file for each slice, `locale/ko/orders.po`, so that two people can translate at once; they are compiled into the one
that is read when the product runs. What is asked of a translation beside being there: the values of the text, all of them and no other;
what stands between backticks, for it is typed as it is; what is counted, in the one form that Chinese and Korean have; no Korean particle behind a value, because which one depends on its sound.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final, NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import chalicelib
from chalicelib.console import rules
from chalicelib.console import service as forms
from chalicelib.console import texts as console
from chalicelib.console.views import FormView
from chalicelib.credit.rules import reasons
from chalicelib.credit.rules.scorecard import Card
from chalicelib.reference import vocabulary
from chalicelib.route_table import ROUTES
from chalicelib.shared import policies
from chalicelib.shared.errors import DomainError
from chalicelib.shared.http import Endpoint
from chalicelib.shared.languages import ENGLISH, OFFERED
from chalicelib.shared.texts import DOMAIN, LOCALE, Text

ROOT: Final = Path(__file__).parent.parent
LANGUAGES: Final = tuple(language.replace("-", "_") for language in OFFERED if language != ENGLISH)
SAYS: Final = {"say": 1, "say_count": 2}
"""Functions of `shared/texts.py`, and how many of their arguments are texts."""
PARTICLE: Final = re.compile(
    r"\}[\"'’”`]?(?:이\(가\)|은\(는\)|을\(를\)|와\(과\)|\(으\)로|(?:이|가|은|는|을|를|과|와|으로|로|이나|나|이라|라)(?![가-힣]))"
)
"""Those whose form depends on the sound before them."""
CODE: Final = re.compile(r"`[^`]*`")
BEGAN: Final = datetime(2026, 11, 29, tzinfo=UTC)
VOCABULARY: Final = "vocabulary"
"""The file of words for codes, which no slice has for itself."""


class Key(NamedTuple):
    """A text; its form for one thing, where it has one; and whose word it is (a status, say), where it is one."""

    text: str
    one: str = ""
    context: str = ""


def main() -> None:
    if "--check" in sys.argv:
        faults = [fault for language in LANGUAGES for fault in check(language)]
        sys.exit(
            "\n".join([*faults, f"{len(faults)} faults in the catalogues: see infra/catalogue.py"]) if faults else 0
        )
    for language in LANGUAGES:
        write(language)


def write(language: str) -> None:
    """Bring the files of a language up to what the code says."""
    known = {_key(message): message for message in _translated(language)}
    for file in files(language):
        file.unlink()
    for slice_name, keys in texts().items():
        catalogue = _empty(language)
        for key in keys:
            was = known.get(key)
            catalogue.add(_id(key), was.string if was else None, context=key.context or None)
        file = LOCALE / language / f"{slice_name}.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_po(stream, catalogue, width=120, omit_header=False, sort_output=False)
    (LOCALE / language / "LC_MESSAGES").mkdir(exist_ok=True)
    compiled_file(language).write_bytes(compiled(language))


def check(language: str) -> Iterator[str]:
    """What is wrong with a language, each in a line."""
    wanted = {key for keys in texts().values() for key in keys}
    known = {_key(message): message for message in _translated(language)}
    yield from (f"{language}: not translated: {key.text!r}" for key in sorted(wanted - known.keys()))
    yield from (f"{language}: said no more: {key.text!r}" for key in sorted(known.keys() - wanted))
    for key, message in known.items():
        yield from (f"{language}: {key.text!r}: {fault}" for fault in faults(key.text, message))
    if compiled_file(language).read_bytes() != compiled(language):
        yield f"{language}: is not compiled: make catalogues"


def faults(text: str, message: Message) -> Iterator[str]:
    """What is wrong with the translation of a text."""
    if message.fuzzy:
        yield "is a guess"
    forms = tuple(map(str, message.string if isinstance(message.string, list | tuple) else (message.string,)))
    if len(forms) != 1:
        yield "has more than one form"
    for form in forms:
        if values_of(form) != values_of(text):
            yield f"does not hold the same values: {form!r}"
        if sorted(CODE.findall(form)) != sorted(CODE.findall(text)):
            yield f"does not hold the same codes: {form!r}"
        if PARTICLE.search(form):
            yield f"a value is followed by a particle that depends on it: {form!r}"


def values_of(text: str) -> list[tuple[str, str | None, str | None]]:
    """The values in a text, with how they are shown. A text without any is not formatted: its braces are its own."""
    return sorted((name, spec, conversion) for _, name, spec, conversion in _parsed(text) if name is not None)


def _parsed(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return [
            (plain, name, spec or None, conversion) for plain, name, spec, conversion in string.Formatter().parse(text)
        ]
    except ValueError:
        return [("", f"not to be read: {text}", None, None)]


def texts() -> dict[str, list[Key]]:
    """What the code says, by the slice that says it: in `shared` what several say."""
    places: dict[Key, set[str]] = {}
    said_by = (_of_refusals, _of_sources, _of_policies, _of_console, _of_declarations, _of_vocabulary)
    for slice_name, key in (each for source in said_by for each in source()):
        places.setdefault(key, set()).add(slice_name)
    home: dict[str, list[Key]] = {}
    for key, slices in places.items():
        home.setdefault(next(iter(slices)) if len(slices) == 1 else "shared", []).append(key)
    return {name: sorted(home[name]) for name in sorted(home)}


def _of_refusals() -> Iterator[tuple[str, Key]]:
    """The titles of every refusal, and what to do about it."""
    for module in walk_packages(chalicelib.__path__, "chalicelib."):
        import_module(module.name)
    for error in _below(DomainError):
        if error.__module__.startswith("chalicelib."):
            for text in (error.title, error.fix):
                yield _slice_of(error.__module__.replace(".", "/")), Key(text)


def _of_policies() -> Iterator[tuple[str, Key]]:
    """Sentences that are data: of every version of these policies, for a thing may be under an old one."""
    for card in (policy.read_as(Card) for policy in policies.versions("scorecard")):
        for attribute in card.attributes:
            for text in (attribute.title, attribute.advice, *(each.word for each in attribute.bins if each.word)):
                yield "credit", Key(text)
    yield from (("credit", Key(texts.en)) for texts in reasons.every_text())


def _of_console() -> Iterator[tuple[str, Key]]:
    """What the console says in the browser."""
    yield from (("console", Key(text)) for text in console.sentences())


def _of_declarations() -> Iterator[tuple[str, Key]]:
    """What the console says of a list, and of a command with each of its fields: it stands where they are declared."""
    for endpoint in opened_in_the_console():
        slice_name = _slice_of(endpoint.view.__module__.replace(".", "/"))
        yield from ((slice_name, Key(text)) for text in sentences_of(forms.form(endpoint.name)))


def opened_in_the_console() -> Iterator[Endpoint]:
    """The lists that officers find there, and the commands about a thing that they find on its page."""
    read = {path for method, path, *_ in ROUTES if method == "GET"}
    things = {path.partition("/{")[0] for _, path, *_ in ROUTES if "{" in path}
    for each in vocabulary.of_officers():
        is_list = each.method == "GET" and each.path in things
        is_command = each.method == "POST" and "officer" in each.by.roles and rules.thing_of(each.path) in read
        if each.path.startswith("/v1/") and (is_list or is_command):
            yield each


def sentences_of(form: FormView) -> Iterator[str]:
    """What is shown of it: of a list its sentence alone, for a filter has its name."""
    yield from _sentences_in([form.says] if form.method == "GET" else [form.says, form.body, form.definitions])


def _sentences_in(value: Any) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.template
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        yield from _sentences_in(inner)


def _of_vocabulary() -> Iterator[tuple[str, Key]]:
    """The words for codes, for names of fields, and for what is said in English alone. The titles of refusals are their slices'."""
    elsewhere = {key for _, key in _of_policies()}
    for context, words in vocabulary.words().items():
        keys = {
            Key(word.template, context=word.context) for word in words.values() if word.context or context == "sentence"
        }
        yield from ((VOCABULARY, key) for key in sorted(keys - elsewhere))


def _of_sources() -> Iterator[tuple[str, Key]]:
    """what `say` and `say_count` are called with, and the details of refusals that hold no value."""
    refusals = {error.__name__ for error in _below(DomainError) if error.__init__ is DomainError.__init__}
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                for key in _of_call(node, name, refusals):
                    yield _slice_of(file.relative_to(ROOT).as_posix()), key


def sentences() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `say` and `say_count`, with where it is."""
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS:
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def _of_call(call: ast.Call, name: str, refusals: set[str]) -> Iterator[Key]:
    if name in SAYS and isinstance(call.func, ast.Name):
        sentences = [text for argument in call.args[: SAYS[name]] for text in constants(argument)]
        yield from [Key(sentences[1], sentences[0])] if name == "say_count" else map(Key, sentences)
    elif name in refusals:
        arguments = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "fix")]
        yield from (Key(text) for argument in arguments for text in constants(argument))


def constants(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from constants(argument.body)
        yield from constants(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value


def _slice_of(path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    return parts[1]


def _below(error: type[DomainError]) -> Iterator[type[DomainError]]:
    yield error
    for child in error.__subclasses__():
        yield from _below(child)


def files(language: str) -> list[Path]:
    return sorted((LOCALE / language).glob("*.po"))


def compiled_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def compiled(language: str) -> bytes:
    """All files of a language as the one that is read when the product runs. Guesses are left out."""
    whole = _empty(language)
    for message in _translated(language):
        if not message.fuzzy:
            whole.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def _translated(language: str) -> list[Message]:
    """Every message of a language that has a translation."""
    messages = []
    for file in files(language):
        with file.open("rb") as stream:
            messages += [
                message for message in read_po(stream, locale=language) if message.id and _is_translated(message)
            ]
    return messages


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _key(message: Message) -> Key:
    one, many = message.id if isinstance(message.id, list | tuple) else ("", message.id)
    return Key(str(many), str(one), message.context or "")


def _id(key: Key) -> str | tuple[str, str]:
    return (key.one, key.text) if key.one else key.text


def _empty(language: str) -> Catalog:
    """A catalogue that says nothing of when or by whom it was written, so that the same texts are the same bytes."""
    return Catalog(
        locale=language,
        domain=DOMAIN,
        header_comment=f"# What Surety says, in {Locale.parse(language).english_name}.",
        project="Surety",
        version="1",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team=" ",
        creation_date=BEGAN,
        revision_date=BEGAN,
        fuzzy=False,
    )


if __name__ == "__main__":
    main()
