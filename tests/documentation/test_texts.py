"""Markdown as pages: names to link to, code in tabs, nothing that the page would run; and the changelog as a feed."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from chalicelib.shared.periods import instant
from infra.site import changes, snippets
from infra.site.endpoints import Operation
from infra.site.guides import Guide
from infra.site.linking import Places
from infra.site.site import GUIDES_IN_ORDER, Site
from infra.site.snippets import FRESH, Request

ATOM = "{http://www.w3.org/2005/Atom}"
GUIDE = """# Start in five steps

What you need is a token.

## A token

```sh
curl "$SURETY/v1/health"
```

```python
print("well")
```

The answer:

```json
{"status": "ok"}
```

## A token

See [claims](claims.md#evidence) and [errors](/docs/errors). <script>alert(1)</script>
"""


def test_code_in_several_languages_becomes_tabs_and_other_code_stays_alone() -> None:
    content = Guide("start", GUIDE).content
    assert content.count('<div class="tabs">') == 1
    assert content.index('data-language="curl"') < content.index('data-language="Python"') < content.index("The answer")
    assert "{&quot;status&quot;: &quot;ok&quot;}" in content.partition("The answer")[2]


def test_headings_have_names_of_their_own() -> None:
    guide = Guide("start", GUIDE)
    assert (guide.title, guide.lead) == ("Start in five steps", "What you need is a token.")
    assert [part.name for part in guide.parts] == ["start-in-five-steps", "a-token", "a-token-2"]


def test_files_of_the_folder_are_linked_as_pages_and_nothing_is_run() -> None:
    content = Guide("start", GUIDE).content
    assert 'href="/docs/guides/claims#evidence"' in content
    assert "<script>" not in content


def test_the_feed_has_an_entry_for_each_release_and_the_place_of_each_on_the_page() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    feed = ElementTree.fromstring(changes.feed(changelog, "https://api.surety.example"))
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        each.version for each in changes.releases(changelog)
    ]
    assert entries
    page = changes.page(changelog).content
    for entry in entries:
        assert instant(entry.findtext(f"{ATOM}updated") or "")
        assert f'id="{(entry.findtext(f"{ATOM}id") or "").partition("#")[2]}"' in page


def test_each_part_of_a_release_lies_folded_below_its_heading() -> None:
    changelog = "# Changelog\n\n## 1.0.0 - 2026-01-02\n\n### Claims\n\n- One.\n- Two.\n\n### Words\n\n- Three.\n\n## 0.9.0 - 2026-01-01\n\nThe first.\n"
    page = changes.page(changelog).content
    claims, words = re.findall(r"</h3><details><summary>(.*?)</summary>(.*?)</details>", page, re.DOTALL)
    assert (claims[0], words[0]) == ("2 changes", "1 change")
    assert "Two." in claims[1]
    assert page.index("</details>", page.index("Three.")) < page.index("The first.")


def test_one_request_is_said_alike_in_three_languages() -> None:
    request = Request(
        "POST",
        "/v1/orders/$ORDER_ID/copy",
        "BUYER",
        (("Idempotency-Key", FRESH), ("Surety-Acting-Person", "$PERSON_ID")),
        {"note": "it's new", "of": "$ORDER_ID", "draft": True},
    )
    curl, python, javascript = snippets.in_all(request).values()
    assert curl == (
        'curl -sS -X POST "$SURETY/v1/orders/$ORDER_ID/copy" \\\n  -H "Authorization: Bearer $BUYER" \\\n'
        '  -H "Idempotency-Key: $(date +%s)-$RANDOM" \\\n  -H "Surety-Acting-Person: $PERSON_ID" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        '  -d \'{\n  "note": "it\'\\\'\'s new",\n  "of": "\'$ORDER_ID\'",\n  "draft": true\n}\''
    )
    assert "httpx.post(\n    f\"{env['SURETY']}/v1/orders/{env['ORDER_ID']}/copy\"," in python
    assert "json={'note': \"it's new\", 'of': env[\"ORDER_ID\"], 'draft': True}" in python
    assert '"Idempotency-Key": str(uuid4()), "Surety-Acting-Person": env["PERSON_ID"]' in python
    assert "const { SURETY, BUYER, ORDER_ID, PERSON_ID } = process.env;" in javascript
    assert '"Idempotency-Key": crypto.randomUUID(), "Surety-Acting-Person": PERSON_ID' in javascript


def test_names_of_endpoints_and_codes_become_links_and_code_to_copy_does_not() -> None:
    operation = Operation("POST", "/v1/orders/{order_id}/ship", {"operationId": "orders_ship", "tags": ["Orders"]})
    places = Places([operation], ["order_not_found"])
    said = "<p>First POST /v1/orders/{id}/ship; <code>order_not_found</code> or <code>order_id</code>.</p><pre>POST /v1/orders/{id}/ship</pre>"
    assert places.linked(said) == (
        '<p>First <a href="/docs/api/orders#orders_ship"><code>POST /v1/orders/{id}/ship</code></a>; '
        '<a href="/docs/errors/order_not_found"><code>order_not_found</code></a> or <code>order_id</code>.</p>'
        "<pre>POST /v1/orders/{id}/ship</pre>"
    )


def test_every_guide_that_is_given_a_place_is_there() -> None:
    assert {guide.name for guide in Site().guides} >= set(GUIDES_IN_ORDER)
