"""Retired words of the glossary are found where they stand, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import scripts
from infra.words import (
    Retired,
    found_in_code,
    found_in_script,
    found_in_text,
    retired_in,
    say_nothing_in,
    say_nothing_in_script,
)

GLOSSARY = """
# Glossary

| word | means |
|---|---|
| `Kept` | stays |

## Retired

| retired | say |
|---|---|
| `Door` `*Asked` "this house" | Endpoint |
| "may not use" | "is not allowed to" |

## Names that say nothing

No variable is called `told` or `found`.
"""
RETIRED = Retired(GLOSSARY)


@pytest.mark.parametrize(
    "code",
    [
        "class Door: ...\n",
        "x = ShipAsked()\n",
        "# in this house\n",
        '"""Spread over this\n    house."""\n',
        'f"{1} may not use {2}"\n',
    ],
)
def test_a_retired_word_is_found_in_code(code: str) -> None:
    assert [today for _, _, today in found_in_code(code, RETIRED)] != []


@pytest.mark.parametrize(
    "code",
    ["Doors = 1\n", "outdoor = Kept\n", "asked_at = 1\n", "# this households\n", "x = 'Door'\n", "# May not be used\n"],
)
def test_what_only_looks_like_one_is_left_alone(code: str) -> None:
    assert list(found_in_code(code, RETIRED)) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("told = read()\n", ["told"]),
        ("def send(found: int) -> None: ...\n", ["found"]),
        ("rows = [told for told in page]\n", ["told"]),
        ("if found := look(): ...\n", ["found"]),
        ("response = bank.told\n", []),
        ("def found() -> None: ...\n", []),
        ("founders = 1\n", []),
    ],
)
def test_a_variable_or_parameter_says_what_it_is(code: str, names: list[str]) -> None:
    assert [name for _, name in say_nothing_in(code, RETIRED)] == names


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("const told = await get(path);", ["told"]),
        ("function send(found, { told: body }) {}", ["found", "told"]),
        ("const { rows: found = [] } = page;", ["found"]),
        ("problem.told = rows.map((found) => found.id);", ["told", "found", "found"]),
        ("class Page { #told = 0; look() { return this.#told; } }", ["told", "told"]),
        ("html`<p class=${told}>${rows.map((row) => { return html`<b>${{ of: found }}</b>`; })}</p> told`", ["told", "found"]),
        ("const half = told / 2 + found / 3;", ["told", "found"]),
        ('const told: Told = JSON.parse(text) as Record<string, "found">;', ["told"]),
    ],
)  # fmt: skip
def test_a_name_in_a_script_says_what_it_is(script: str, names: list[str]) -> None:
    assert [name for _, name in say_nothing_in_script(script, RETIRED)] == names


@pytest.mark.parametrize(
    "script",
    [
        "const founders = isTold(Found);",
        "// what was told\n/* and what\nwas found */",
        """const [one, other] = ["told", 'it\\'s found'];""",
        """t("Nothing is found.") + `told ${count} \\` found`;""",
        """html`<p class="told">${rows.map((row) => { return html`<b>found ${{ of: row }} found</b>`; })} told</p>`""",
        "text.replace(/told[/`]found/g, name); return /found/.exec(text)",
    ],
)
def test_comments_strings_templates_and_patterns_of_a_script_are_no_names(script: str) -> None:
    assert list(say_nothing_in_script(script, RETIRED)) == []
    assert list(found_in_script(script.replace("told", "Door"), RETIRED)) == []


def test_names_of_a_script_are_told_with_their_lines() -> None:
    assert list(scripts.names("let a = `\n${b}\n`;\n/* c\n */ #d.e")) == [
        (1, "let"),
        (1, "a"),
        (2, "b"),
        (5, "d"),
        (5, "e"),
    ]


def test_a_document_may_not_name_what_is_gone() -> None:
    text = "A Door is a door.\n\nSee `http.Door`, not `/v1/Door`, of\nthis house.\n"
    assert sorted((line, word) for line, word, _ in found_in_text(text, RETIRED)) == [(3, "Door"), (4, "this house")]


def test_the_line_and_what_to_say_are_named(tmp_path: Path) -> None:
    for folder in ("docs", "infra", "chalicelib/console/app", "clients/typescript/src"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs/glossary.md").write_text(GLOSSARY)
    (tmp_path / "CHANGELOG.md").write_text("The doors of this house.\n")
    (tmp_path / "README.md").write_text("This API.\n")
    (tmp_path / "infra/gate.py").write_text('"""A gate."""\n\n\nclass Door: ...\n\n\ntold = 1\n')
    (tmp_path / "chalicelib/console/app/gate.js").write_text("// told\nlet told = new Door();\n")
    (tmp_path / "clients/typescript/src/schema.d.ts").write_text("told: string;\n")
    assert retired_in(tmp_path) == [
        "infra/gate.py:4: 'Door' is retired: Endpoint",
        "infra/gate.py:7: 'told' says nothing of the value: name it",
        "chalicelib/console/app/gate.js:2: 'Door' is retired: Endpoint",
        "chalicelib/console/app/gate.js:2: 'told' says nothing of the value: name it",
    ]


def test_nothing_here_is_called_by_a_retired_word() -> None:
    assert retired_in() == []
