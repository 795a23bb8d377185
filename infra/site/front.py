"""The way in: what this is, how to start, and where everything stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from chalicelib.reference.conventions import CONVENTIONS, SUMMARY
from infra.site import endpoints, errors, events, states
from infra.site.guides import FOLDER as GUIDES
from infra.site.guides import Guide
from infra.site.html import Page, anchor, block, heading, link, prose

PATH: Final = "docs"
CONVENTIONS_PATH: Final = "docs/conventions"


def page(version: str, base_url: str, guides: Sequence[Guide], groups: Iterable[str], *, has_sandbox: bool) -> Page:
    content = (
        f'<h1>Surety</h1><p class="lead">{prose(SUMMARY)}</p>{_start(base_url, guides, has_sandbox=has_sandbox)}'
        f"{_guides(guides)}{_reference(groups)}"
        f'<p class="faint">Version {escape(version)}. For machines: {link("v1/openapi.json", "openapi.json")}.</p>'
    )
    return Page(PATH, "Documentation", content)


def conventions() -> Page:
    topics = "".join(f"{heading(2, escape(topic), anchor(topic))}{_rule(rule)}" for topic, rule in CONVENTIONS)
    lead = "<p>What holds at every endpoint.</p>"
    return Page(CONVENTIONS_PATH, "Conventions", f"<h1>Conventions</h1>{lead}{topics}")


def _rule(rule: str) -> str:
    """What is listed in it, point by point as in the document, is a list here too."""
    lead, *points = rule.split("\n  - ")
    items = "".join(f"<li>{prose(point)}</li>" for point in points)
    return f"<p>{prose(lead)}</p>" + (f"<ul>{items}</ul>" if items else "")


def _start(base_url: str, guides: Sequence[Guide], *, has_sandbox: bool) -> str:
    token = (
        "TOKEN=$(curl -sS -X POST \"$SURETY/v1/sandbox/tokens\" -H 'Content-Type: application/json' \\\n"
        '  -d \'{"role": "officer", "sub": "me", "duties": ["admin"]}\' | sed \'s/.*"token":"\\([^"]*\\)".*/\\1/\')'
        if has_sandbox
        else "TOKEN=…   # a token of your identity provider"
    )
    lines = f'SURETY={base_url}\n{token}\ncurl -sS "$SURETY/v1/members" -H "Authorization: Bearer $TOKEN"'
    return f"{heading(2, 'Your first request', 'first-request')}{block(lines, 'sh')}{''.join(map(_steps, guides[:1]))}"


def _steps(guide: Guide) -> str:
    """The steps of a guide: its numbered headings."""
    numbered = [part for part in guide.parts if part.words[:1].isdigit()]
    steps = (f"<li>{link(f'{guide.path}#{part.name}', escape(part.words.partition(' ')[2]))}</li>" for part in numbered)
    return f"{heading(2, escape(guide.title), 'start')}<ol>{''.join(steps)}</ol>"


def _guides(guides: Sequence[Guide]) -> str:
    if not guides:
        return ""
    cards = (f"<li>{link(guide.path, escape(guide.title))}<p>{escape(guide.lead)}</p></li>" for guide in guides)
    return f'{heading(2, link(GUIDES, "Guides"), "guides")}<ul class="cards">{"".join(cards)}</ul>'


def _reference(groups: Iterable[str]) -> str:
    pages = "".join(f"<li>{link(endpoints.page_of(group), escape(group))}</li>" for group in groups)
    lists = (
        (CONVENTIONS_PATH, "Conventions", "What holds at every endpoint: identity, money, time, lists, writing twice."),
        (states.FOLDER, "States", "How everything that has a status moves, drawn from the code, with its deadlines."),
        (
            events.FOLDER,
            "Events",
            "What you are told by webhooks, and what banks and we tell each other, field by field.",
        ),
        (errors.FOLDER, "Errors", "Every problem code: what it means, what to do, and a request that brings it."),
        ("docs/changes", "Changes", "What changed, release by release, and as a feed."),
    )
    cards = "".join(f"<li>{link(path, escape(title))}<p>{escape(words)}</p></li>" for path, title, words in lists)
    return (
        f'{heading(2, "Reference", "reference")}<ul class="cards">{cards}</ul>'
        f'{heading(3, link(endpoints.FOLDER, "Endpoints"), "endpoints")}<ul class="columns">{pages}</ul>'
    )
