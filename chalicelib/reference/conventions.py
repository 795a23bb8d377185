"""What holds at every endpoint, said once: the head of the API document and of its site."""

from __future__ import annotations

from typing import Final

from chalicelib.daybook.rules.reasons import REASONS

SUMMARY: Final = (
    "Surety makes trade between strangers safe: suppliers' cover, protected orders, bank payments and the books behind "
    "them. Times are RFC 3339 in UTC, bodies are JSON, and every refusal is a problem with a stable code."
)

CONVENTIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "Identity",
        "Send `Authorization: Bearer <JWT>`, signed with ES256 or RS256. The token's role opens endpoints, an officer's with the duty "
        "named there; being a party opens things. `exp` is required; `nbf` and `iat` may be left out, and may lie as far ahead as two clocks differ "
        "(60 seconds unless the stage says otherwise). A token that begins later is good from then on.",
    ),
    (
        "Acting for a member",
        "A marketplace's backend sends a token with the role officer and the duty `act`, and the header `Surety-Acting-For: mem_…`. The "
        "request is then that member's in everything: what it may see and do, what is not found, its cursors. Both names stand in the journal, and timelines tell "
        "`actor`. Idempotency-Keys are the backend's own for each member: they never meet those the member uses itself. What the other side or "
        "an officer has to do stays theirs: `act` goes with no duty that decides, and in a claim one identity speaks for one side only.",
    ),
    (
        "Signers of a firm",
        "What binds a firm (a consent, an application, a signature, a draw) takes a person with the power for it. The firm registers its people "
        "with `POST /v1/firms/{member_id}/people`, an officer verifies them, and the request that binds it names one of them in the header "
        "`Surety-Acting-Person: per_…`, beside the member's own token or `Surety-Acting-For`. Who has proven the person's identity is whoever sends the header: the member's "
        "client, or the marketplace's backend. The person's id stands in the journal, never the name. Elsewhere the header changes nothing.",
    ),
    (
        "Not yours",
        "What is not yours answers exactly like what does not exist: 404, the same but for the id and the request id.",
    ),
    (
        "Money",
        '`{"amount": "1500.00", "currency": "USD"}`: a decimal string with exactly the currency\'s digits '
        '(`"1500"` for KRW). Numbers, exponents, signs, missing or extra digits are refused.',
    ),
    (
        "Languages",
        "Codes, not sentences, are what a client acts on. Where a person has to understand a text before signing (the briefing of a group), it is in the language that "
        "`Accept-Language` likes best of `zh-CN`, `en` and `ko`; the answer says which.",
    ),
    ("Time", "Instants go out in UTC and may come in with any offset. Contract dates are dates with an IANA zone."),
    (
        "Writing twice",
        "A POST that changes state takes an `Idempotency-Key` of 1 to 255 visible ASCII characters. The same key and body "
        "from the same caller give the first answer again, byte for byte, with `Idempotent-Replayed: true`; only a form to "
        "upload with is signed anew, and null once its file has come. What moved money keeps its answer for ever; others are removed "
        "after some hundred days, and the same request then gives the present state with `Idempotent-Replayed: expired`. No request is ever served twice. A key belongs to the role as well as to the `sub`.",
    ),
    (
        "Strict bodies",
        "Unknown fields, duplicate keys, NaN, wrong types, nesting deeper than 16, bad UTF-8 and more than 256 KB are "
        "refused with 400, and `param` names the field. So are unknown and repeated query parameters.",
    ),
    (
        "Text",
        "Text that people read is folded: NFC, blanks of every kind become one plain blank, none at the ends; lines are kept where there may be several. "
        "Lengths are those of the folded text. Characters nobody can see (controls, directions, blanks of no width) are refused with 400 "
        "`text_unreadable`; the joiners that scripts and emoji are written with are kept.",
    ),
    (
        "Concurrency",
        'Every resource has a `version`, also as ETag. `If-Match: "3"` is honoured; a lost race is 409 `race_lost` '
        "and may be repeated with the same Idempotency-Key.",
    ),
    (
        "Answers",
        "Every resource carries `id`, `version`, `status`, `created_at`, `updated_at`, `allowed_actions` (what this caller "
        "may do now) and `deadlines` (`name`, `due_at`, `owner`, `default_outcome`). New fields may be added to answers.",
    ),
    (
        "Lists",
        "`?limit=` is 1 to 100, 20 if not given; `?cursor=` is `next_cursor` of the page before. Cursors belong to the "
        "caller and the list they were given out for. A page may hold fewer, or none, and there is more as long as there is a "
        "`next_cursor`: it ends at a megabyte, and a timeline's before an entry that the books do not have yet, for seconds.",
    ),
    (
        "Errors",
        "RFC 9457 `application/problem+json` with `code`, `param`, `request_id`, `doc_url`, `fix` and, where a rule was "
        "broken, the numbers involved.",
    ),
    (
        "Reasons of refused rows",
        "A row of an imported file and a fact of a feed are refused one by one, with the column at fault and one of these:"
        + "".join(f"\n  - `{reason}`: {words}." for reason, words in REASONS.items()),
    ),
    (
        "Status codes",
        "400 malformed, 401 authentication required, 403 your role may never, 404 not there or not yours, 409 not in this state or race "
        "lost, 422 understood and against a rule, 429 and 503 with `Retry-After`.",
    ),
    (
        "Tracing",
        "`X-Request-Id` comes in (letters, digits and `._:-`, at most 100) or is made; it goes out, and into every log line and journal entry.",
    ),
)
